// Reads a message to Teams with Microsoft's library of Adaptive Cards, which says what it does not understand.
// Prints the lines and the addresses of the buttons.
import { createRequire } from "node:module";

const require = createRequire(new URL("../console/browser/package.json", import.meta.url));
const { AdaptiveCard, SerializationContext } = require("adaptivecards/dist/adaptivecards.js");

const message = JSON.parse(process.argv[2]);
const [attachment, ...others] = message.attachments;
if (message.type !== "message" || others.length > 0) throw new Error("not one attachment of a message");
if (attachment.contentType !== "application/vnd.microsoft.card.adaptive") throw new Error(attachment.contentType);

const card = new AdaptiveCard();
const context = new SerializationContext();
card.parse(attachment.content, context);
const complaints = [
  ...Array.from({ length: context.eventCount }, (_, place) => context.getEventAt(place)),
  ...card.validateProperties().validationEvents,
].map((event) => event.message);
if (complaints.length > 0) throw new Error(complaints.join("\n"));

const items = Array.from({ length: card.getItemCount() }, (_, place) => card.getItemAt(place));
const runs = (block) =>
  Array.from({ length: block.getInlineCount() }, (_, place) => block.getInlineAt(place).text).join("");
const actions = Array.from({ length: card.getActionCount() }, (_, place) => card.getActionAt(place));
console.log(JSON.stringify({ lines: items.map(runs), links: actions.map((action) => action.url) }));

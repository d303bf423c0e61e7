// A reviewer proposes a new wording; a content owner sees what it would change, and approves it.
import { assert, heading, logIn, story, world } from "./browser.mjs";

await story(async (visitor) => {
  const author = await visitor({ javaScriptEnabled: false });
  await logIn(author);
  await author.getByRole("link", { name: "Textes" }).click();
  await author.getByRole("link", { name: "La durée de la suspension" }).first().click();
  await author.getByRole("link", { name: "Proposer une version" }).click();
  const text = author.getByLabel("Texte de la lettre");
  assert.match(await text.inputValue(), /conclusions/, "it begins with what stands");
  await text.fill("La suspension prend fin bientôt.");
  await author.getByLabel(/Formulations de la question/).fill("Le dégel des perroquets mécaniques, c’est pour quand ?");
  await author.getByRole("button", { name: "Proposer" }).click();
  assert.match(await heading(author), /^Proposition \d+$/);
  assert.equal(await author.getByRole("button", { name: "Approuver ce texte" }).count(), 0, "not by its author");

  const owner = await visitor();
  await logIn(owner, world.owner, world.ownerPassword);
  await owner.getByRole("link", { name: "Textes" }).click();
  await owner.getByRole("link", { name: "Propositions" }).click();
  await owner.getByRole("link", { name: "fr/duree-suspension" }).click();
  await owner.locator(".diff ins", { hasText: "prend fin bientôt" }).waitFor();
  await owner.getByRole("heading", { name: "Sur les 500 dernières questions" }).waitFor();
  await owner.getByRole("button", { name: "Approuver ce texte" }).click();
  await owner.getByText(/Approuvé par Lou Gagnon le .* version 2/).waitFor();
  await owner.getByRole("link", { name: "Textes" }).click();
  await owner.getByRole("link", { name: "La durée de la suspension" }).first().click();
  await owner.locator(".letter", { hasText: "prend fin bientôt" }).waitFor();
});

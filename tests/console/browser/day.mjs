// A reviewer's day, by mouse, by keys alone, without JavaScript, or on a phone.
import { assert, heading, logIn, story, world } from "./browser.mjs";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
const options = { mouse: {}, keys: {}, plain: { javaScriptEnabled: false }, phone }[world.way];
const keys = world.way === "keys";

await story(async (visitor) => {
  const page = await visitor(options);
  if (keys) {
    await page.goto(world.url);
    await page.keyboard.type(world.name);
    await page.keyboard.press("Tab");
    await page.keyboard.type(world.password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "à réviser" }).waitFor();
  } else {
    await logIn(page);
  }
  const act = async (key, button) => {
    if (keys) return page.keyboard.press(key);
    return world.way === "phone" ? button.tap() : button.click();
  };

  // The oldest question is sure: it is read, and approved.
  assert.equal(await page.locator("[data-row]").count(), 3);
  if (keys) {
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
  } else {
    await act("", page.locator("[data-row]").first());
  }
  await page.getByRole("heading", { name: "Brouillon" }).waitFor();
  assert.match(await heading(page), /^1 /);
  assert.ok((await page.locator(".message mark").allInnerTexts()).length > 0, "the words that decided are marked");
  assert.match(await page.locator(".asks .answered").innerText(), /Jusqu’à quand/);
  await act("Control+Enter", page.getByRole("button", { name: "Approuver" }));

  // The next one opens; the approval is taken back within its hold.
  await page.getByText("Fil 1 approuvé.").waitFor();
  assert.match(await heading(page), /^2 /);
  await act("z", page.getByRole("button", { name: /Reprendre l’approbation/ }));
  await page.getByText("Approbation du fil 1 reprise").waitFor();
  assert.match(await heading(page), /^1 /);
  await act("Control+Enter", page.getByRole("button", { name: "Approuver" }));
  await page.getByText("Fil 1 approuvé.").waitFor();

  // No entry answers the second: it cannot be approved before a text is written.
  assert.ok(await page.getByRole("button", { name: "Approuver" }).isDisabled());
  await act("e", page.getByRole("link", { name: "Modifier" }));
  const text = page.getByLabel("Texte de la lettre");
  await text.waitFor();
  await text.fill("Bonjour,\n\nNous vous revenons *bientôt*.\n\nCordialement");
  await act("Control+Enter", page.getByRole("button", { name: "Enregistrer" }));
  await page.getByText("Texte du fil 2 enregistré.").waitFor();
  assert.equal(await page.locator(".letter em").innerText(), "bientôt");
  assert.match(await page.locator(".diff ins").first().innerText(), /bientôt|revenons/);
  await act("Control+Enter", page.getByRole("button", { name: "Approuver" }));
  await page.getByText("Fil 2 approuvé.").waitFor();

  // The third is closed with a reason.
  assert.match(await heading(page), /^3 /);
  await page.getByText("Autres décisions").click();
  await page.getByLabel("Raison de fermer sans réponse").fill("Répondu de vive voix");
  await page.getByRole("button", { name: "Fermer sans réponse" }).click();
  await page.getByText("Fil 3 fermé sans réponse.").waitFor();
  assert.equal(await heading(page), "À réviser");
  assert.equal(await page.locator("[data-row]").count(), 0);
});

// The search: by its key from any page, by its form without JavaScript, with hits in their context.
import { assert, deliver, heading, logIn, open, story, world } from "./browser.mjs";

await story(async (visitor) => {
  // By keys.
  const page = await visitor();
  await logIn(page);
  await page.keyboard.press("/");
  await page.keyboard.type("« à quand la suspensions »");
  await page.keyboard.press("Enter");
  const found = page.locator(".hits li");
  await found.first().waitFor();
  assert.equal(await found.count(), 2);
  assert.match(await found.first().locator(".extract").innerText(), /Jusqu’à quand la suspension/);
  assert.deepEqual(await found.first().locator("mark").allInnerTexts(), ["quand", "suspension"]);
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Brouillon" }).waitFor();

  // What happens is found a moment later, and a mail's markup is text.
  deliver("hostile", world.hostile);
  const until = Date.now() + 30_000;
  do {
    assert.ok(Date.now() < until, "the mail is not found");
    await page.goto(`${world.url}recherche?q=marionnette`);
  } while ((await found.count()) === 0);
  assert.equal(await found.locator("mark", { hasText: "Marionnettes" }).count(), 1);
  assert.match(await found.innerText(), /<img src=x onerror=alert\(1\)>/);
  assert.equal(await found.locator("img").count(), 0);

  // Without JavaScript, by the form: filters, and the way back to everything.
  const plain = await visitor({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  await logIn(plain);
  await plain.getByLabel("Chercher dans l’historique").fill("bonjour");
  await plain.getByRole("button", { name: "Chercher" }).click();
  const hits = plain.locator(".hits li");
  assert.equal(await hits.count(), 4);
  await plain.getByLabel("Organisme", { exact: true }).fill("Musée");
  await plain.getByRole("button", { name: "Chercher" }).click();
  assert.equal(await hits.count(), 1);
  assert.equal(await plain.getByLabel("Mots").inputValue(), "bonjour");
  await plain.locator("select[name=etat]").selectOption("closed");
  await plain.getByRole("button", { name: "Chercher" }).click();
  assert.equal(await hits.count(), 0);
  await plain.getByText("Aucun fil ne correspond.").waitFor();
  await plain.goto(`${world.url}recherche?q=bonjour&du=hier`);
  await plain.getByText("« hier » n’est pas une date.").waitFor();
  assert.equal(await hits.count(), 4);
  await hits.first().getByRole("link").click();
  assert.match(await heading(plain), /^\d+ /);
  await open(plain, 1);
});

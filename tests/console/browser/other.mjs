// What does not begin with a mail, a flood, and the library of texts.
import { assert, heading, logIn, open, story, world } from "./browser.mjs";

await story(async (visitor) => {
  for (const javaScriptEnabled of [true, false]) {
    const page = await visitor({ javaScriptEnabled });
    await logIn(page);

    // A question by telephone becomes a thread with a draft.
    await page.getByRole("link", { name: "Consigner ou écrire" }).click();
    const call = page.getByRole("region", { name: "Consigner une question reçue autrement" });
    await call.getByLabel("Nom du demandeur").fill("Jeanne Simard");
    await call.getByLabel("Son courriel").fill(`jeanne${javaScriptEnabled}@port.example`);
    await call.getByLabel("Objet").fill("Appel");
    await call.getByLabel("Question").fill("Jusqu’à quand la suspension s’appliquera-t-elle ?");
    await call.getByRole("button", { name: "Consigner" }).click();
    await page.getByRole("heading", { name: "Appel", level: 1 }).waitFor();
    assert.match(await page.locator(".message").innerText(), /Jeanne Simard/);

    // A letter that nobody asked for waits for its approval like any other.
    await page.goto(`${world.url}nouveau`);
    const letter = page.getByRole("region", { name: "Écrire en premier" });
    await letter.getByLabel("Destinataire").fill("sans-arobas@");
    await letter.getByLabel("Objet").fill("Rencontre");
    await letter.getByLabel("Texte de la lettre").fill("Bonjour,\n\nVoici l’invitation.\n");
    // The browser's own check is the first; the desk's is the one that counts.
    await page.evaluate(() => document.querySelectorAll("form").forEach((form) => (form.noValidate = true))).catch(() => {});
    if (javaScriptEnabled) {
      await letter.getByRole("button", { name: "Préparer la lettre" }).click();
      await page.getByRole("alert").waitFor();
      assert.match(await letter.getByLabel("Texte de la lettre").inputValue(), /Voici l’invitation/);
    }
    await letter.getByLabel("Destinataire").fill("ugo.roy@hopital.example");
    await letter.getByRole("button", { name: "Préparer la lettre" }).click();
    await page.getByRole("heading", { name: "Rencontre", level: 1 }).waitFor();
    assert.match(await page.locator(".letter").innerText(), /Voici l’invitation/);
  }

  // One that is not sure: the candidate is chosen where its reasons stand.
  const chooser = await visitor();
  await logIn(chooser);
  await open(chooser, 2);
  const first = chooser.locator(".candidates > li").first();
  const title = await first.locator("span").first().innerText();
  await first.getByRole("button", { name: `Choisir\u00a0: ${title}` }).click();
  await chooser.getByText("Fil 2\u00a0: nouveau brouillon préparé.").waitFor();
  assert.ok(await chooser.getByRole("button", { name: "Approuver" }).isEnabled());
  await chooser.context().close();

  // Three threads wait for the same text: two of them are ticked and approved.
  const page = await visitor();
  await logIn(page);
  await page.getByRole("link", { name: "Groupes" }).click();
  const group = page.locator(".group").first();
  const ticks = group.getByRole("checkbox");
  assert.ok((await ticks.count()) >= 3);
  await group.getByRole("button", { name: "Tout cocher" }).click();
  await ticks.first().uncheck();
  const left = (await ticks.first().getAttribute("value")).split(":")[0];
  await group.getByRole("button", { name: "Approuver les fils cochés" }).click();
  await page.getByText(/fils approuvés\./).waitFor();
  // They leave; what is suspended later does not concern them any more.
  await page.goto(`${world.url}fils?etat=answered`);
  await page.locator("[data-row]").nth(1).waitFor();
  await open(page, left);
  assert.ok(await page.getByRole("button", { name: "Approuver" }).isEnabled(), "what was not ticked still waits");

  // A suspended text cannot be sent, and says who suspended it and why.
  await page.getByRole("link", { name: "Textes" }).click();
  await page.getByRole("link", { name: "La durée de la suspension" }).first().click();
  await page.locator("summary", { hasText: "Suspendre ce texte" }).click();
  await page.getByLabel("Raison").fill("Nouvelle date annoncée");
  await page.getByRole("button", { name: "Suspendre ce texte" }).click();
  await page.getByText(/Suspendue par Camille Roy/).first().waitFor();
  await open(page, left);
  await page.getByText(/Nouvelle date annoncée/).waitFor();
  await page.getByRole("link", { name: "Textes" }).click();
  await page.getByRole("link", { name: "La durée de la suspension" }).first().click();
  await page.getByRole("button", { name: "Permettre de nouveau ce texte" }).click();
  assert.equal(await heading(page), "Textes");
  assert.equal(await page.getByText(/Suspendue par/).count(), 0);
});

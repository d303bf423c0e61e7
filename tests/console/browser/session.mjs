// A session that ends while somebody types: the text survives.
import { assert, logIn, story, world } from "./browser.mjs";

await story(async (visitor) => {
  for (const javaScriptEnabled of [true, false]) {
    const page = await visitor({ javaScriptEnabled });
    await logIn(page);
    await page.goto(`${world.url}fils/2?modifier=1`);
    const typed = `Bonjour,\n\nUn texte long de ${javaScriptEnabled}.\n`;
    await page.getByLabel("Texte de la lettre").fill(typed);
    await page.context().clearCookies();
    await page.getByRole("button", { name: "Enregistrer" }).click();
    await page.getByText("Votre session est terminée.").waitFor();
    // A wrong password on the way loses nothing either.
    for (const password of ["faux", world.password]) {
      await page.getByLabel("Nom").fill(world.name);
      await page.getByLabel("Mot de passe").fill(password);
      await page.getByRole("button", { name: "Entrer" }).click();
    }
    assert.equal(await page.getByLabel("Votre texte").inputValue(), typed);
    await page.getByRole("button", { name: "Envoyer de nouveau" }).click();
    await page.getByText("Texte du fil 2 enregistré.").waitFor();
    assert.match(await page.locator(".letter").innerText(), new RegExp(`Un texte long de ${javaScriptEnabled}`));
  }
});

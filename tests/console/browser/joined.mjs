// An account of before, joined to the provider; and no passwords any more.
import { assert, story, world } from "./browser.mjs";
import { listen } from "./provider.mjs";

const people = { camille: { name: world.name, groups: ["greffier-revision"] } };
const callback = `${world.url}connexion/fournisseur/retour`;

await story(async (visitor) => {
  const close = await listen({ issuer: world.issuer, callback, people });
  try {
    const page = await visitor();
    await page.goto(`${world.url}connexion`);
    assert.equal(await page.getByLabel("Mot de passe").count(), 0);
    await page.getByRole("link", { name: "Entrer avec le compte du ministère" }).click();
    await page.getByLabel("Compte").fill("camille");
    await page.getByRole("button", { name: "Confirmer" }).click();
    if (world.disabled) {
      await page.getByText("n’est plus actif").waitFor();
    } else {
      await page.getByRole("heading", { name: "à réviser" }).waitFor();
      await page.getByRole("link", { name: world.name }).click();
      await page.getByRole("heading", { name: "Réglages" }).waitFor();
      assert.equal(await page.getByLabel("Mot de passe actuel").count(), 0);
    }
  } finally {
    await close();
  }
});

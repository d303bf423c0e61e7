// Single sign-on: a real provider, and everything that goes wrong on the way.
import { accessible, assert, heading, logIn, story, world } from "./browser.mjs";
import { listen } from "./provider.mjs";

const people = {
  marie: { name: "Marie Tremblay", groups: ["greffier-revision", "autre"] },
  paul: { name: "Paul Sans-Groupe", groups: ["autre"] },
  camille: { name: world.name, groups: ["greffier-revision"] },
};
const callback = `${world.url}connexion/fournisseur/retour`;
const says = (page, text) => page.getByText(text).waitFor();

async function enter(page, account) {
  await page.getByRole("link", { name: "Entrer avec le compte du ministère" }).click();
  await page.getByLabel("Compte").fill(account);
  await page.getByRole("button", { name: "Confirmer" }).click();
}

/// Begins a log-in in the browser of a page, and stops before the provider: the state that it was given.
async function begun(page) {
  const answer = await page.context().request.get(`${world.url}connexion/fournisseur`, { maxRedirects: 0 });
  return new URL(answer.headers().location).searchParams.get("state");
}

await story(async (visitor) => {
  // Nobody is there: a page that says so, and the password still serves.
  let page = await visitor();
  await page.goto(world.url);
  await page.getByRole("link", { name: "Entrer avec le compte du ministère" }).click();
  await says(page, "ne répond pas");
  assert.equal(await heading(page), "Ce n’est pas possible");
  await logIn(page);
  for (const colorScheme of ["light", "dark"]) {
    page = await visitor({ colorScheme, bypassCSP: true });
    await page.goto(`${world.url}connexion`);
    await accessible(page, `log-in with a provider (${colorScheme})`);
  }

  const close = await listen({ issuer: world.issuer, callback, people });
  try {
    // To the page that was wanted, with what the groups give, with JavaScript and without.
    for (const javaScriptEnabled of [true, false]) {
      page = await visitor({ javaScriptEnabled });
      const returned = [];
      page.on("request", (request) => request.url().startsWith(callback) && returned.push(request.url()));
      await page.goto(`${world.url}fils/1`);
      await enter(page, "marie");
      await page.getByRole("button", { name: "Approuver" }).waitFor();
      assert.equal(new URL(page.url()).pathname, "/fils/1");
      const cookies = await page.context().cookies(world.url);
      assert.equal(cookies.find(({ name }) => name === "greffier-session").sameSite, "Strict");
      assert.ok(!cookies.some(({ name }) => name === "greffier-fournisseur"));
      // The address of the return is good once: not for the same browser, not for another.
      for (const other of [page, await visitor()]) {
        await other.goto(returned[0]);
        await says(other, "Cette connexion est terminée");
      }
      // A new log-in with the code of an old one: the provider says no.
      const again = await visitor();
      const code = new URL(returned[0]).searchParams.get("code");
      await again.goto(`${callback}?state=${await begun(again)}&code=${code}`);
      await says(again, "n’a pas confirmé");
    }
    const marie = page;

    // A state that nobody gave out, one of another browser, and no code at all.
    page = await visitor();
    for (const query of ["state=x&code=y", "code=y", "", "state=&code=y", "error=access_denied"]) {
      await page.goto(`${callback}?${query}`);
      await says(page, "n’a pas commencé dans ce navigateur");
    }
    await begun(page);
    await page.goto(`${callback}?state=${await begun(await visitor())}&code=y`);
    await says(page, "n’a pas commencé dans ce navigateur");

    // In no group; with the name of somebody who is there already.
    for (const [account, said] of [["paul", "aucun groupe"], ["camille", "Un autre compte porte déjà"]]) {
      page = await visitor();
      await page.goto(`${world.url}connexion`);
      await enter(page, account);
      await says(page, said);
      await page.goto(`${world.url}fils`);
      assert.equal(new URL(page.url()).pathname, "/connexion", `${account} is not in`);
    }

    // Another role gives other pages; whoever loses the last group is out, in every browser.
    people.marie.groups = ["greffier-lecture"];
    page = await visitor();
    await page.goto(`${world.url}connexion`);
    await enter(page, "marie");
    await page.getByRole("link", { name: "journal des accès" }).waitFor();
    await marie.goto(`${world.url}fils/1`);
    assert.equal(await marie.getByRole("button", { name: "Approuver" }).count(), 0);
    people.marie.groups = [];
    const last = await visitor();
    await last.goto(`${world.url}connexion`);
    await enter(last, "marie");
    await says(last, "aucun groupe");
    await marie.goto(`${world.url}fils/1`);
    assert.equal(new URL(marie.url()).pathname, "/connexion");

    // A session that ends while somebody types: they come in by another tab, and the text is there.
    people.marie.groups = ["greffier-revision"];
    page = await visitor();
    await page.goto(`${world.url}fils/2?modifier=1`);
    await enter(page, "marie");
    await page.getByLabel("Texte de la lettre").fill("Un texte long.\n");
    await page.context().clearCookies();
    await page.getByRole("button", { name: "Enregistrer" }).click();
    await page.getByRole("button", { name: "reprendre mon texte" }).click();
    await says(page, "Personne n’est encore connecté");
    const [tab] = await Promise.all([
      page.context().waitForEvent("page"),
      page.getByRole("link", { name: "Entrer avec le compte du ministère" }).click(),
    ]);
    await tab.getByLabel("Compte").fill("marie");
    await tab.getByRole("button", { name: "Confirmer" }).click();
    await tab.getByRole("heading", { name: "à réviser" }).waitFor();
    await page.getByRole("button", { name: "reprendre mon texte" }).click();
    assert.equal(await page.getByLabel("Votre texte").inputValue(), "Un texte long.\n");
    await page.getByRole("button", { name: "Envoyer de nouveau" }).click();
    await says(page, "Texte du fil 2 enregistré.");
  } finally {
    await close();
  }
});

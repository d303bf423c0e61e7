// axe-core on every page, in both languages, light and dark: WCAG 2.0 to 2.2, A and AA.
import { accessible, assert, logIn, story, world } from "./browser.mjs";

const pages = ["fils", "fils?etat=answered", "fils?etat=closed", "fils/1", "fils/2", "fils/3", "fils/2?modifier=1", "fils/1/versions",
  "fils/1?fait=approuver&fil=1", "aide", "compte", "compte?fait=reglages", "comptes",
  "comptes/personne?nom=Camille%20Roy", "comptes/personne?nom=Lou", "acces", "groupes", "nouveau", "textes", "textes/fr/contact",
  "delais?provisoire=1", "delais/questions?provisoire=1", "propositions", "propositions/nouvelle?texte=fr/contact",
  "recherche", "recherche?q=duree&du=demain", "recherche?q=introuvable", "rien", "connexion?nom=a"];

await story(async (visitor) => {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1440, 390]) {
      const page = await visitor({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
      await logIn(page);
      for (const language of ["fr", "en"]) {
        if (language === "en") await page.getByRole("button", { name: "English" }).click();
        for (const path of pages) {
          await page.goto(world.url + path);
          assert.equal(await page.locator("html").getAttribute("lang"), language);
          await page.evaluate(() => document.querySelectorAll("details").forEach((part) => (part.open = true)));
          await accessible(page, `${path} (${language}, ${colorScheme}, ${width})`);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          assert.ok(wide <= 0, `${path} scrolls sideways by ${wide} at ${width}`);
        }
      }
      // The language stays with the account: the next browser begins in French.
      await page.goto(world.url + "fils");
      await page.getByRole("button", { name: "Français" }).click();
    }
  }
});

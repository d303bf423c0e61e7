// Every page of the demo at three widths, light and dark, into world.dir.
import { logIn, story, world } from "./browser.mjs";

const pages = { queue: "fils", thread: "fils/2", choose: "fils/5", beyond: "fils/11", edit: "fils/2?modifier=1",
  answered: "fils?etat=answered", groups: "groupes", record: "nouveau", texts: "textes", text: "textes/fr/contact",
  versions: "fils/2/versions", propose: "propositions/nouvelle?texte=fr/contact", proposals: "propositions",
  delays: "delais?provisoire=1", help: "aide", search: "recherche?q=%C2%AB%20la%20suspension%20%C2%BB%20exceptions", "search-form": "recherche",
  account: "compte", accounts: "comptes", access: "acces" };

await story(async (visitor) => {
  for (const [width, height] of [[1440, 900], [1024, 768], [390, 844]]) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await visitor({ viewport: { width, height }, colorScheme });
      const shoot = (name) => page.screenshot({ path: `${world.dir}/${name}-${width}-${colorScheme}.png`, fullPage: true });
      await page.goto(`${world.url}connexion`);
      await shoot("login");
      await logIn(page);
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(world.url + path);
        await shoot(name);
      }
      await page.context().close();
    }
  }
});

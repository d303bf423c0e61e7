// Two people and one mail: who comes second learns what changed, and loses no word.
import { assert, deliver, heading, logIn, open, story, world } from "./browser.mjs";

await story(async (visitor) => {
  const [first, second, plain] = [await visitor(), await visitor(), await visitor({ javaScriptEnabled: false })];
  for (const page of [first, second, plain]) await logIn(page);
  for (const page of [first, second, plain]) await open(page, 1);
  await second.goto(`${world.url}fils/1?modifier=1`);
  await second.getByLabel("Texte de la lettre").fill("Bonjour,\n\nMon texte.\n");
  await first.getByRole("button", { name: "Approuver" }).click();
  await first.getByText("Fil 1 approuvé.").waitFor();

  // The page of whoever was typing says so by itself, and what is typed stays.
  await second.getByText("Ce fil a changé pendant que vous le lisiez.").waitFor();
  await second.getByRole("button", { name: "Enregistrer" }).click();
  await second.getByText("La décision n’a pas été prise").waitFor();
  assert.match(await second.getByRole("alert").innerText(), /Camille Roy/);
  assert.equal(await second.getByLabel("Votre texte").inputValue(), "Bonjour,\n\nMon texte.");

  // Without JavaScript the old button is still there, and does nothing but say why.
  await plain.getByRole("button", { name: "Approuver" }).click();
  await plain.getByText("La décision n’a pas été prise").waitFor();
  await plain.getByRole("link", { name: "Voir le fil tel qu’il est" }).click();
  assert.equal(await plain.getByRole("button", { name: "Approuver" }).count(), 0);

  // A mail that arrives while its thread is being answered: the text can be sent again, knowingly.
  await second.goto(`${world.url}fils/2?modifier=1`);
  await second.getByLabel("Texte de la lettre").fill("Bonjour,\n\nRéponse au premier message.\n");
  deliver("second.eml", world.followUp);
  await second.getByText("Ce fil a changé pendant que vous le lisiez.").waitFor();
  await second.getByRole("button", { name: "Enregistrer" }).click();
  await second.getByRole("button", { name: "Essayer de nouveau avec ce texte" }).click();
  await second.getByText("Texte du fil 2 enregistré.").waitFor();
  assert.match(await second.locator(".letter").innerText(), /Réponse au premier message/);

  // Who else has a thread open is said, and goes on being said.
  const colleague = await visitor();
  await logIn(colleague, world.colleague, world.colleaguePassword);
  await open(first, 3);
  await colleague.goto(`${world.url}fils/3?modifier=1`);
  assert.match(await colleague.locator(".presence").innerText(), /Camille Roy consulte/);
  await first.getByText("Lou Gagnon rédige").waitFor();

  // The queue learns of new mail without a reload.
  await first.goto(world.url);
  const before = await first.locator("[data-row]").count();
  deliver("third.eml", world.other);
  await first.locator("[data-row]").nth(before).waitFor();
  assert.equal(await heading(first), "À réviser");
});

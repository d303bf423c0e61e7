// Everything that is decided on a letter beside its text, and the text itself: as a mouse does it, with and
// without JavaScript.
import { assert, logIn, open, story, world } from "./browser.mjs";

await story(async (visitor) => {
  const first = await visitor();
  await logIn(first);
  await open(first, 1);
  await first.getByRole("button", { name: "Approuver" }).click();
  await first.getByText("Fil 1 approuvé.").waitFor();
  await first.goto(`${world.url}fils?etat=answered`);
  await first.locator("[data-row]").waitFor();

  const page = await visitor({ javaScriptEnabled: false });
  await logIn(page);
  await open(page, 2);
  // The letter that answered the same before stands beside.
  await page.locator("summary", { hasText: /Même entrée \(demarche-structuree\)/ }).click();
  // The other approved wording, with what sets it apart; it asks for a field.
  await page.locator("summary", { hasText: "Autre texte approuvé" }).click();
  assert.ok((await page.locator(".diff ins").count()) > 0);
  await page.getByRole("button", { name: "Prendre ce texte" }).click();
  await page.getByText("nouveau brouillon préparé").waitFor();
  await page.getByRole("button", { name: "Approuver" }).click();
  await page.getByRole("alert").getByText(/numéro du dossier/).waitFor();
  await page.getByRole("link", { name: "Voir le fil tel qu’il est" }).click();
  await page.getByLabel("numéro du dossier").fill("2025-14");
  await page.getByRole("button", { name: "Remplir" }).click();
  await page.getByText("Les champs de la lettre du fil 2 sont remplis.").waitFor();
  // A copy less, then again, then less.
  await page.getByRole("button", { name: "Retirer ti@cegep.example" }).click();
  await page.getByRole("button", { name: "Remettre ti@cegep.example" }).click();
  await page.getByRole("button", { name: "Retirer ti@cegep.example" }).click();
  assert.equal(await page.getByRole("button", { name: /Retirer anne/ }).count(), 0, "whoever asked gets the answer");
  // A file of the library, one's own, one too many.
  await page.locator("summary", { hasText: "Joindre un fichier" }).click();
  await page.getByRole("button", { name: "Joindre gabarit.txt" }).click();
  await page.locator("summary", { hasText: "Joindre un fichier" }).click();
  await page.getByLabel(/Un fichier de votre poste/).setInputFiles(world.file);
  await page.getByRole("button", { name: "Joindre", exact: true }).click();
  await page.getByText("a une pièce jointe de plus").waitFor();
  await page.getByRole("button", { name: "Retirer gabarit.txt" }).waitFor();
  await page.locator("summary", { hasText: "Joindre un fichier" }).click();
  await page.getByLabel(/Un fichier de votre poste/).setInputFiles(
    { name: "lourd.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(10_500_000, 1) });
  await page.getByRole("button", { name: "Joindre", exact: true }).click();
  await page.getByText(/dépassent ensemble 10/).waitFor();

  // The text, as it will be read, before it is saved: on demand without JavaScript, by itself with it.
  await page.goto(`${world.url}fils/2?modifier=1`);
  const body = await page.getByLabel("Texte de la lettre").inputValue();
  await page.getByLabel("Texte de la lettre").fill(`${body}\n**Vu** au CISSS des Collines, voir le point 9 ci-dessous.\n`);
  await page.getByRole("button", { name: "Aperçu" }).click();
  assert.equal(await page.locator(".preview strong").last().innerText(), "Vu");
  assert.match(await page.getByLabel("Texte de la lettre").inputValue(), /\*\*Vu\*\*/);
  await open(page, 2);
  assert.equal(await page.locator(".letter strong", { hasText: "Vu" }).count(), 0, "a preview saves nothing");

  await open(first, 2);
  await first.getByRole("link", { name: "Modifier" }).click();
  await first.getByLabel("Texte de la lettre").fill(`${body}\n**Vu** au point 9 ci-dessous.\n`);
  await first.locator(".preview strong", { hasText: "Vu" }).waitFor();
  await first.getByRole("button", { name: "Enregistrer" }).click();
  await first.locator(".warnings li", { hasText: /point 9 ci-dessous.*ne mène nulle part/ }).waitFor();
  // What differs from the approved text is one key away.
  await first.locator(".diff ins", { hasText: "**Vu**" }).waitFor();
  await first.keyboard.press("d");
  await first.locator(".diff ins", { hasText: "**Vu**" }).waitFor({ state: "hidden" });
  await first.keyboard.press("d");
  await first.locator(".diff ins", { hasText: "**Vu**" }).waitFor();
  await first.getByRole("link", { name: "Les versions de la lettre" }).click();
  assert.ok((await first.locator("section h2").count()) >= 6);
  await first.locator(".diff ins", { hasText: "**Vu**" }).waitFor();
  await first.getByRole("link", { name: "Voir le fil 2" }).click();
  await first.getByRole("button", { name: "Approuver" }).click();
  await first.getByText("Fil 2 approuvé.").waitFor();
});

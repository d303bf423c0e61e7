// A supervisor: from the headline to the questions behind a figure, to the events of one; and on paper.
import { assert, heading, logIn, story, world } from "./browser.mjs";

await story(async (visitor) => {
  for (const javaScriptEnabled of [true, false]) {
    const page = await visitor({ javaScriptEnabled });
    await logIn(page, world.supervisor, world.secret);
    await page.goto(`${world.url}delais?provisoire=1`);
    assert.match(await page.locator(".headline").innerText(), /réponse/);
    await page.getByLabel("Organisme", { exact: true }).fill("cegep.example");
    await page.getByRole("button", { name: "Filtrer" }).click();
    const address = page.url();
    assert.match(address, /organisme=cegep\.example/);
    await page.locator(".figures div", { hasText: "questions reçues" }).getByRole("link").click();
    assert.equal(await page.locator("[data-row]").count(), world.asked);
    await page.locator("[data-row]").first().click();
    await page.getByRole("heading", { name: "Historique" }).waitFor();
    await page.getByText("Message reçu").first().waitFor();
    // The address alone shows the same to somebody else.
    await page.goto(address);
    assert.equal(await page.getByLabel("Organisme", { exact: true }).inputValue(), "cegep.example");

    // On paper: figures, charts and tables, and nothing to click at.
    await page.emulateMedia({ media: "print" });
    for (const gone of [".top", ".states", ".filters", ".actions"]) {
      assert.ok(!(await page.locator(gone).first().isVisible()), `${gone} is printed`);
    }
    for (const stays of [".headline", ".figures", "svg.chart", "table"]) {
      assert.ok(await page.locator(stays).first().isVisible(), `${stays} is not printed`);
    }
    const pdf = await page.pdf({ format: "Letter" });
    assert.ok(pdf.length > 10_000 && pdf.subarray(0, 5).toString() === "%PDF-");
    assert.equal(await heading(page), "Délais de réponse");
  }
});

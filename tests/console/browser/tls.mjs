// The console over TLS: the cookie of the session is for TLS only, and scripts cannot read it.
import { assert, logIn, open, story, world } from "./browser.mjs";

await story(async (visitor) => {
  const page = await visitor({ ignoreHTTPSErrors: true });
  await logIn(page);
  await open(page, 1);
  const [cookie] = (await page.context().cookies()).filter(({ name }) => name === "greffier-session");
  assert.deepEqual([cookie.secure, cookie.httpOnly, cookie.sameSite], [true, true, "Strict"]);
  assert.ok(world.url.startsWith("https:"));
  await page.getByRole("button", { name: "Approuver" }).click();
  await page.getByText("Fil 1 approuvé.").waitFor();
});

// A Chromium for one story. What the story needs comes as JSON in the first argument.
import { chromium } from "playwright-core";
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

export const world = JSON.parse(process.argv[2]);
export { assert };

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/// Runs a story in a browser of its own; a script error on any page fails it.
export async function story(tell) {
  const browser = await chromium.launch({ executablePath: world.chromium, args: FLAGS });
  const errors = [];
  const visitor = async (options = {}) => {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (line) => {
      if (line.type() === "error" && !/status of (401|403|404|409|503)/.test(line.text())) errors.push(line.text());
    });
    return page;
  };
  try {
    await tell(visitor);
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
  }
}

export async function logIn(page, name = world.name, password = world.password) {
  await page.goto(world.url);
  await page.getByLabel("Nom").fill(name);
  await page.getByLabel("Mot de passe").fill(password);
  await page.getByRole("button", { name: "Entrer" }).click();
  await page.getByRole("heading", { name: "à réviser" }).waitFor();
}

export const open = (page, id) => page.goto(`${world.url}fils/${id}`);

export async function heading(page) {
  return (await page.getByRole("heading", { level: 1 }).innerText()).trim();
}

const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/// No violation of WCAG 2.0 to 2.2, A and AA; the page's context must bypass the CSP.
export async function accessible(page, where) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((levels) => window.axe.run({ runOnly: levels }), levels);
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
  assert.deepEqual(found, [], where);
}

/// Delivers a mail, as a mail server does.
export function deliver(name, raw) {
  const beside = path.join(world.mail, "tmp", name);
  fs.writeFileSync(beside, raw.replaceAll("\n", "\r\n"));
  fs.renameSync(beside, path.join(world.mail, "new", name));
}

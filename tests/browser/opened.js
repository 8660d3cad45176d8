// Opens a page as a reader has it, and writes down whatever it should not do.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const WIDE = { width: 1280, height: 800 };
export const PHONE = { width: 360, height: 740 };

// Opens `file`, runs `check` on it, and fails if the page asked for anything, or if its policy stopped anything.
export async function opened(browser, file, { hash = "", ...settings }, check) {
  const context = await browser.newContext({ viewport: WIDE, ...settings });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const wrong = [], address = pathToFileURL(file).href;
  page.on("request", request => {
    if (request.url().split("#")[0] !== address) wrong.push(`asks for ${request.url()}`);
  });
  page.on("console", message => wrong.push(`says ${message.text()}`));
  page.on("pageerror", error => wrong.push(`fails: ${error}`));
  page.on("dialog", dialog => { wrong.push(`opens a dialog: ${dialog.message()}`); dialog.dismiss(); });
  try {
    await page.goto(address + hash);
    await check(page);
    assert.deepEqual(wrong, []);
  } finally {
    await context.close();
  }
}

// Fails if axe finds something that somebody could not read or reach.
export async function accessible(page) {
  // A page's policy does not hold for what a debugger evaluates.
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const where = node => `${node.html} ${node.any.map(one => one.message)}`;
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(where).join("; ")}`), []);
  assert.ok(passes.some(({ id }) => id === "color-contrast"), "axe looked at the contrast");
}

// The sentence of the cell that the reader is at.
export const said = page => page.locator("#say").innerText();

// Rows of the page's document, of whatever table or grid.
export const rows = page => page.locator("tr, [role=row]").count();

export const found = page => page.locator("#found").innerText();

// The cell of an account in the n-th Region, once its row is in the page.
export const cell = (page, account, region) =>
  page.locator(`#grid [role=row]:has([role=rowheader]:text-is("${account}")) [data-column="${region + 1}"]`);

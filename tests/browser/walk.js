// Walks through all pages: `node walk.js CHROMIUM PAGES FIGURES [PICTURES]`. Writes how long a reader waits, and fails with
// what a reader could not do.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import * as checks from "./checks.js";
import { pictures } from "./pictures.js";
import { opened } from "./opened.js";

const [executablePath, folder, figures, shots] = process.argv.slice(2);
const pages = JSON.parse(readFileSync(join(folder, "pages.json"), "utf8"));
const has = name => what => what[name].length > 0;
const isOpen = what => what.memberships.some(([, , , detail]) => detail !== null);
// Each check, and the pages that it is for.
const CHECKS = [
  [checks.renders, has("memberships")],
  [checks.filtersByOutcome, has("memberships")],
  [checks.filtersByText, has("memberships")],
  [checks.restoresAViewFromTheAddress, has("memberships")],
  [checks.saysTheSentenceOfACell, isOpen],
  // Few enough accounts that all of them are in the page at once.
  [checks.saysEverySentence, what => has("memberships")(what) && what.memberships.length < 100],
  [checks.showsTheAccountsOfASentence, isOpen],
  [checks.walksByKeyboardAlone, what => what.memberships.length > 20],
  [checks.keepsFewRowsWhileScrolling, has("memberships")],
  [checks.fitsAPhone, () => true],
  [checks.isAccessible, () => true],
  [checks.turnsThroughRejectedRows, has("rejected")],
  [checks.keepsHostileTextAsText, has("hostile")],
  [checks.needsNoScript, () => true],
];

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const waits = [];
let failed = 0, passed = 0;
for (const what of pages) {
  const file = join(folder, `${what.name}.html`);
  for (const [check] of CHECKS.filter(([, fits]) => fits(what))) {
    try {
      await check(browser, file, what);
      passed++;
    } catch (error) {
      failed++;
      console.error(`${what.name}.html: ${check.name}: ${error.message}\n`);
    }
  }
  // Told, not judged: a busy machine is slow.
  await opened(browser, file, {}, async page => {
    const paint = await page.evaluate(() => new Promise(done => new PerformanceObserver(list => {
      for (const one of list.getEntries()) if (one.name === "first-contentful-paint") done(one.startTime);
    }).observe({ type: "paint", buffered: true })));
    let key = null;
    if (await page.locator("#text").count()) {
      key = await page.locator("#text").evaluate(text => {
        const from = performance.now();
        text.value = "7";
        text.dispatchEvent(new Event("input"));
        document.body.getBoundingClientRect();
        return performance.now() - from;
      });
    }
    waits.push({ page: what.name, bytes: statSync(file).size, paint, key });
  });
}
if (shots) await pictures(browser, folder, pages, shots);
await browser.close();
writeFileSync(figures, JSON.stringify(waits, null, 1) + "\n");
console.log(`${passed} checks passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;

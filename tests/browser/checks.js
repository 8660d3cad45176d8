// What a reader does with a report, and what has to come of it.
import assert from "node:assert/strict";
import { accessible, cell, found, opened, PHONE, rows, said, WIDE } from "./opened.js";

const MOST_ROWS = 100;

const accountsWith = (what, fits) => [...new Set(what.memberships.filter(fits).map(([account]) => account))];
// What would turn the text around is not taken out, but can be seen.
const seen = text => text?.replace(/[\u202e\u200f]/g, "\ufffd");
const regionsOf = what => what.regions;

export async function renders(browser, file, what) {
  await opened(browser, file, {}, async page => {
    assert.match(await page.title(), /\w+: \d+ \w+/);
    const accounts = accountsWith(what, () => true).length;
    assert.match(await found(page), new RegExp(`^\\d+ of \\d+ accounts$`));
    assert.ok(parseInt(await found(page)) >= accounts);
    assert.ok(await page.locator("#grid [role=row]").count() > 1);
  });
}

export async function filtersByOutcome(browser, file, what) {
  await opened(browser, file, {}, async page => {
    for (const button of await page.locator("#outcomes button").all()) {
      const word = await button.getAttribute("data-word");
      await button.click();
      assert.equal(await button.getAttribute("aria-pressed"), "true");
      const expected = accountsWith(what, ([, , outcome]) => outcome === word).length;
      if (word !== "unlisted") assert.equal(parseInt(await found(page)), expected, word);
      assert.match(page.url(), new RegExp(`#o=${word}$`));
      await button.click();
    }
    await page.locator("#text").fill("nobody is called so");
    assert.equal(parseInt(await found(page)), 0);
  });
}

export async function filtersByText(browser, file, what) {
  await opened(browser, file, {}, async page => {
    const [account, region] = what.memberships.at(-1);
    await page.locator("#text").fill(account.slice(0, 11));
    assert.equal(parseInt(await found(page)), accountsWith(what, ([id]) => id.includes(account.slice(0, 11))).length);
    await page.locator("#text").fill(`${account} ${region}`);
    assert.equal(parseInt(await found(page)), 1);
    assert.equal(await page.locator("#grid [role=rowheader]").innerText(), account);
  });
}

export async function restoresAViewFromTheAddress(browser, file, what) {
  const [account, region, outcome] = what.memberships[0];
  const hash = `#q=${account}+${region}&o=${outcome}&order=list`;
  await opened(browser, file, { hash }, async page => {
    assert.equal(parseInt(await found(page)), 1);
    assert.equal(await page.locator("#text").inputValue(), `${account} ${region}`);
    assert.equal(await page.locator("#order").inputValue(), "list");
    assert.equal(await page.locator("#outcomes [aria-pressed=true]").getAttribute("data-word"), outcome);
    await page.evaluate(() => { location.hash = "#q=nobody"; });
    await page.getByText(/^0 of/).waitFor();
  });
}

export async function saysTheSentenceOfACell(browser, file, what) {
  const regions = regionsOf(what);
  const [account, region, outcome, detail] = what.memberships.find(([, , , detail]) => detail !== null);
  await opened(browser, file, { hash: `#q=${account}` }, async page => {
    const at = cell(page, account, regions.indexOf(region));
    const is = async () => {
      const text = await said(page);
      for (const part of [account, region, outcome, detail]) assert.ok(text.includes(part), `${part}: ${text}`);
    };
    await at.hover();
    await is();
    await page.locator("#grid [role=rowheader]").hover();
    await at.focus();
    await is();
    assert.equal(await at.getAttribute("aria-label"), `${outcome}: ${detail}`);
  });
  await opened(browser, file, { hash: `#q=${account}`, viewport: PHONE, hasTouch: true, isMobile: true }, async page => {
    await cell(page, account, regions.indexOf(region)).tap();
    assert.ok((await said(page)).includes(detail));
  });
}

export async function saysEverySentence(browser, file, what) {
  await opened(browser, file, {}, async page => {
    const regions = regionsOf(what);
    for (const [account, region, outcome, detail] of what.memberships) {
      const name = await cell(page, account, regions.indexOf(region)).getAttribute("aria-label");
      assert.equal(name, detail === null ? outcome : `${outcome}: ${seen(detail)}`);
    }
  });
}

export async function showsTheAccountsOfASentence(browser, file) {
  await opened(browser, file, {}, async page => {
    const group = page.locator(".groups > li").first();
    const extent = await group.locator(".extent").innerText();
    if (!await group.locator("details[open]").count()) await group.locator("summary").click();
    await group.getByRole("button", { name: "Show in the grid" }).click();
    assert.equal(parseInt(await found(page)), parseInt(extent));
    await page.locator("#only").click();
    assert.ok(await page.locator("#only").isHidden());
  });
}

export async function walksByKeyboardAlone(browser, file, what) {
  await opened(browser, file, {}, async page => {
    const focused = () => page.evaluate(() => {
      const { dataset, parentNode } = document.activeElement;
      return [Number(parentNode.dataset.row), Number(dataset.column)];
    });
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement.id), "text");
    for (let tabs = 0; tabs < 20 && !(await page.evaluate(() => document.activeElement.dataset.column)); tabs++) {
      await page.keyboard.press("Tab");
    }
    assert.deepEqual(await focused(), [0, 0]);
    const all = parseInt(await found(page)), columns = regionsOf(what).length;
    for (const [key, at] of [
      ["ArrowRight", [0, 1]], ["ArrowUp", [0, 1]], ["ArrowDown", [1, 1]], ["End", [1, columns + 1]], ["Home", [1, 0]],
      ["Control+End", [all - 1, columns + 1]], ["ArrowDown", [all - 1, columns + 1]], ["PageUp", null], ["Control+Home", [0, 0]],
    ]) {
      await page.keyboard.press(key);
      if (at) assert.deepEqual(await focused(), at, key);
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
      assert.equal(outline, "solid", `${key}: the focus can be seen`);
      const inside = await page.evaluate(() => {
        const cell = document.activeElement.getBoundingClientRect(), grid = document.querySelector("#grid").getBoundingClientRect();
        return cell.top >= grid.top && cell.bottom <= grid.bottom + 1;
      });
      assert.ok(inside, `${key}: the cell can be seen`);
    }
    assert.equal(await page.locator("#grid [tabindex='0']").count(), 1);
    await page.keyboard.press("Tab");
    assert.notEqual(await page.evaluate(() => document.activeElement.closest("#grid")?.id), "grid", "the grid is one stop");
  });
}

export async function keepsFewRowsWhileScrolling(browser, file, what) {
  await opened(browser, file, { viewport: { width: 1280, height: 2400 }, hash: "#order=list" }, async page => {
    const accounts = accountsWith(what, () => true), seen = new Set();
    const height = await page.locator("#grid").evaluate(grid => grid.scrollHeight);
    const step = Math.max(400, Math.ceil(height / 60));
    for (let top = 0; top < height + step; top += step) {
      await page.locator("#grid").evaluate((grid, top) => { grid.scrollTop = top; }, top);
      await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
      assert.ok(await rows(page) <= MOST_ROWS, `${await rows(page)} rows at ${top}`);
      for (const id of await page.locator("#grid [role=rowheader]").allInnerTexts()) seen.add(id);
    }
    assert.ok(seen.has(accounts[0]) && seen.has(accounts.at(-1)));
  });
}

export async function fitsAPhone(browser, file) {
  for (const colorScheme of ["light", "dark"]) {
    await opened(browser, file, { viewport: PHONE, colorScheme }, async page => {
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= PHONE.width);
      for (const summary of await page.locator("summary").all()) await summary.click();
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= PHONE.width);
      await accessible(page);
    });
  }
}

export async function isAccessible(browser, file) {
  const backgrounds = new Set();
  for (const colorScheme of ["light", "dark"]) {
    await opened(browser, file, { viewport: WIDE, colorScheme }, async page => {
      backgrounds.add(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
      if (await page.locator("summary").count()) await page.locator("summary").first().click();
      if (await page.locator("#grid").count()) await page.locator("#grid [data-column='1']").first().focus();
      await accessible(page);
    });
  }
  assert.equal(backgrounds.size, 2, "dark is not light");
}

export async function turnsThroughRejectedRows(browser, file, what) {
  await opened(browser, file, {}, async page => {
    const seen = [], cells = page.locator("#rows tbody td:nth-child(2)");
    for (;;) {
      seen.push(...await cells.allInnerTexts());
      const next = page.getByRole("button", { name: "Next" });
      if (!await next.count()) break;
      await next.click();
    }
    assert.deepEqual(seen, what.rejected.map(([, reason]) => reason));
  });
}

export async function keepsHostileTextAsText(browser, file, what) {
  for (const javaScriptEnabled of [true, false]) {
    await opened(browser, file, { javaScriptEnabled }, async page => {
      const text = await page.locator("body").innerText();
      for (const hostile of what.hostile) {
        assert.ok(text.includes(seen(hostile)), hostile);
      }
      assert.equal(await page.locator("img").count(), 0);
      assert.notEqual(await page.title(), "run");
    });
  }
}

export async function needsNoScript(browser, file, what) {
  await opened(browser, file, { javaScriptEnabled: false }, async page => {
    const open = new Set(what.memberships
      .filter(([, , outcome]) => !["enabled", "suspended", "removed"].includes(outcome))
      .map(([account, , outcome, detail]) => `${account} ${outcome} ${seen(detail)}`));
    const table = page.locator("section[aria-labelledby=open]");
    const shown = await table.locator("tbody tr").count();
    assert.equal(shown, Math.min(500, open.size));
    if (open.size > shown) assert.match(await table.innerText(), new RegExp(`${open.size - shown} more rows`));
    for (const line of await table.locator("tbody tr").allInnerTexts()) {
      assert.ok([...open].some(one => line.includes(one.slice(0, 12)) && line.includes(one.split(" ").slice(2).join(" "))), line);
    }
    if (open.size) assert.ok(await page.locator(".groups > li").count() > 0);
    assert.ok(await page.locator("#view").count() === 0 || await page.locator("#view").isHidden());
    assert.equal(await page.locator("section[aria-labelledby=rejected] tbody tr").count(), what.rejected.length);
    await page.locator(".tiles").waitFor();
  });
}

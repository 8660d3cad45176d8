// Takes pictures of all pages, wide and on a phone, light and dark, and without script.
import { join } from "node:path";
import { opened, PHONE, WIDE } from "./opened.js";

export async function pictures(browser, folder, pages, to) {
  for (const { name } of pages) {
    const take = (kind, settings, act = async () => {}) => opened(browser, join(folder, `${name}.html`), settings, async page => {
      await act(page);
      await page.screenshot({ path: join(to, `${name}-${kind}.png`) });
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.setViewportSize({ width: settings.viewport.width, height: Math.min(height, 5000) });
      await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: join(to, `${name}-${kind}-whole.png`) });
    });
    const read = async page => {
      const open = page.locator("#grid .failed, #grid .pending, #grid .planned");
      if (await open.count()) await open.first().hover();
    };
    for (const colorScheme of ["light", "dark"]) {
      await take(colorScheme, { viewport: WIDE, colorScheme }, read);
      await take(`phone-${colorScheme}`, { viewport: PHONE, colorScheme, hasTouch: true, isMobile: true }, read);
    }
    await take("without-script", { viewport: WIDE, javaScriptEnabled: false });
  }
}

import AxeBuilder from "@axe-core/playwright";
import type { BrowserContextOptions, Page } from "@playwright/test";
import { expect, test } from "./support";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** How pages are looked at. */
export const LOOKS: Record<string, BrowserContextOptions> = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  narrow: { colorScheme: "light", viewport: { width: 320, height: 640 } },
};

/** Whether an element is in a strip that is scrolled to see all of it. */
function scrolls(selector: string): boolean {
  for (let around = document.querySelector(selector)?.parentElement; around; around = around.parentElement) {
    if (getComputedStyle(around).overflowX === "auto" && around.scrollWidth > around.clientWidth) return true;
  }
  return false;
}

/** What axe finds on the page that is shown. What is half out of sight in a strip that scrolls is not too small. */
export async function violations(page: Page): Promise<string[]> {
  const found = (await new AxeBuilder({ page }).withTags(RULES).analyze()).violations;
  const told: string[] = [];
  for (const { id, nodes } of found) {
    const left: string[] = [];
    for (const { html, target } of nodes) {
      if (id === "target-size" && (await page.evaluate(scrolls, String(target[0])))) continue;
      left.push(html);
    }
    if (left.length > 0) told.push(`${id}: ${left.join(" ")}`);
  }
  return told;
}

/** Checks the page that is shown, and keeps a picture of it. */
export async function check(page: Page, name: string, look: string): Promise<void> {
  expect.soft(await violations(page), `${name}, ${look}`).toEqual([]);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect.soft(width, `${name} does not scroll sideways`).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
  await page.screenshot({ path: `${test.info().project.outputDir}/screens/${name}-${look}.png`, fullPage: true });
}

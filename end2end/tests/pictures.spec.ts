import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { Demo, languages, reading, signInAs, type Visit, widths } from "./pages";
import { expect, servers, test } from "./support";

const sheets = process.env.SHEETS;
const readme = process.env.README_IMAGES;

test.skip(!servers.binary || !(sheets || readme), "`cargo xtask pictures` takes them");
test.describe.configure({ mode: "parallel" });
test.use({ trace: "off", screenshot: "off" });

const schemes = ["light", "dark"] as const;

/** Higher pages are cut in contact sheets. */
const MOST = 1_600;

let demo: Demo;

test.beforeAll(async () => {
  demo = await Demo.start();
});
test.beforeEach(({ guard }) => {
  guard.trust(demo.server.url);
  guard.allow(/status of (403|404)/);
});
test.afterAll(async () => demo?.server.remove());

/** Pages in the order of who looks at them, so that each signs in once. */
async function visit(page: Page, wanted: Visit[], look: (visit: Visit) => Promise<void>): Promise<void> {
  let signedIn: Visit["by"];
  for (const one of wanted) {
    if (one.by && one.by !== signedIn) {
      await page.context().clearCookies();
      await signInAs(page, demo.server.url, one.by);
      signedIn = one.by;
    }
    await demo.open(page, one);
    await page.waitForLoadState("networkidle", { timeout: 3_000 }).catch(() => {});
    await look(one);
  }
}

/** All pictures beside each other, with their names. */
async function contactSheet(page: Page, title: string, width: number, pictures: [string, Buffer][]): Promise<Buffer> {
  const figures = pictures.map(
    ([name, png]) => `<figure><figcaption>${name}</figcaption><img src="data:image/png;base64,${png.toString("base64")}"></figure>`,
  );
  const thumb = width > 1_000 ? 460 : 230;
  const style = `body{font:14px sans-serif;background:#888;margin:16px}main{columns:${thumb}px;column-gap:12px}
    figure{margin:0 0 12px;break-inside:avoid}img{width:100%}figcaption{background:#222;color:#fff;padding:2px 6px}`;
  await page.setViewportSize({ width: 1_920, height: 1_080 });
  await page.setContent(`<style>${style}</style><h1>${title}</h1><main>${figures.join("")}</main>`);
  return page.screenshot({ fullPage: true });
}

for (const language of languages) {
  for (const width of widths) {
    for (const colorScheme of schemes) {
      test(`contact sheet: ${language}, ${width}, ${colorScheme}`, async ({ open, browser }) => {
        test.skip(!sheets, "SHEETS names the folder for them");
        test.setTimeout(300_000);
        const viewport = { width, height: 800 };
        const page = await open({ ...reading(language), viewport, colorScheme, reducedMotion: "reduce" });
        const pictures: [string, Buffer][] = [];
        await visit(page, demo.visits, async ({ name }) => {
          const height = await page.evaluate(() => document.documentElement.scrollHeight);
          const clip = { x: 0, y: 0, width, height: Math.min(height, MOST) };
          pictures.push([name, await page.screenshot({ fullPage: true, clip })]);
        });
        const title = `${language}, ${width}, ${colorScheme}`;
        const blank = await browser.newPage();
        await mkdir(sheets ?? "", { recursive: true });
        await writeFile(join(sheets ?? "", `${language}-${width}-${colorScheme}.png`), await contactSheet(blank, title, width, pictures));
        await blank.close();
      });
    }
  }
}

for (const colorScheme of schemes) {
  test(`pictures for the README, ${colorScheme}`, async ({ open }) => {
    test.skip(!readme, "README_IMAGES names the folder for them");
    const page = await open({ viewport: { width: 1_280, height: 800 }, colorScheme, reducedMotion: "reduce" });
    const wanted = ["dashboard", "overview"];
    await visit(page, demo.visits.filter(({ name }) => wanted.includes(name)), async ({ name }) => {
      const path = join(readme ?? "", `${name}-${colorScheme}.png`);
      await page.screenshot({ path });
      expect((await readFile(path)).length).toBeGreaterThan(10_000);
    });
  });
}

import type { Page } from "@playwright/test";
import { violations } from "./accessible";
import { Demo, languages, reading, signInAs, widths } from "./pages";
import { expect, servers, test } from "./support";

test.skip(!servers.binary, "PASSALONG_BIN names the server to start");
test.describe.configure({ mode: "parallel" });
test.use({ trace: "off" });

/** Names of things that are called the same in every language. */
const NAMES =
  /\b(API|CSV|E-?mail|Facebook|HTTP|IP|JSON|LinkedIn|OpenAPI|Passalong|PostgreSQL|SQLite|Stripe|Telegram|URL|UTC|WhatsApp|X)\b/g;

/** What people have typed, and what machines read. */
const DATA = [
  /\S+@\S+\.\S+/g, // addresses
  /(https?:\/\/|\/)\S*/g, // links
  /\b\w{2}…/g, // names of friends, who are not told to others
  /\b\d{1,2} \p{Lu}\p{Ll}+( \d{4})?\b/gu, // dates, written as in English there
  /\b[A-Z0-9]{2,}([_-][A-Z0-9]+)*\b/g, // codes and currencies
  /\b\p{Sc}?[A-Z]{2,3}\$/gu,
];

/** The texts of a page that nobody has translated: those with something `wrong`, as any word, outside of ⟦ and ⟧. */
async function untranslated(page: Page, known: string[], wrong = /\p{L}{2}/u): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const skipped = "code, pre, time, script, style, textarea, [translate=no], [lang]:not(html), option[lang]";
    const found: string[] = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.parentElement?.closest(skipped)) found.push(node.textContent ?? "");
    }
    for (const element of document.body.querySelectorAll("[aria-label], [placeholder], [title], [alt]")) {
      if (element.closest(skipped)) continue;
      for (const name of ["aria-label", "placeholder", "title", "alt"]) found.push(element.getAttribute(name) ?? "");
    }
    return found;
  });
  const bare = (text: string) => {
    // A number that changes parts its sentence.
    let rest = text.replace(/⟦[^⟦⟧]*$/, " ").replace(/^[^⟦⟧]*⟧/, " ");
    for (let before = ""; before !== rest; ) {
      before = rest;
      rest = rest.replace(/⟦[^⟦⟧]*⟧/g, " ");
    }
    for (const pattern of DATA) rest = rest.replace(pattern, " ");
    for (const name of known) rest = rest.split(name).join(" ");
    rest = rest.replace(NAMES, " ");
    return wrong.test(rest) ? [text.trim()] : [];
  };
  return [...new Set(texts.flatMap(bare))];
}

/** Texts that have too little room: what is hidden of them cannot be reached. */
async function cut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const hides = (element: Element) => {
      // One can move about in a field.
      if (element.matches("input, textarea")) return false;
      const { overflowX, clip, clipPath } = getComputedStyle(element);
      const onlyRead = clip !== "auto" || clipPath !== "none";
      return (overflowX === "hidden" || overflowX === "clip") && !onlyRead && element.scrollWidth > element.clientWidth + 1;
    };
    const shown = [...document.body.querySelectorAll("*")].filter((element) => element.checkVisibility());
    return shown.filter(hides).map((element) => element.outerHTML.slice(0, 160));
  });
}

/** What is wrong for whoever goes through a page by Tab: stops out of order, out of sight, or without a ring. */
async function unreachable(page: Page): Promise<string[]> {
  const stops = await page.evaluate(() => {
    const fields = ["button", "input:not([type=hidden])", "select", "textarea"].map((field) => `${field}:enabled`);
    const all = [...document.querySelectorAll<HTMLElement>([...fields, "a[href]", "summary", "[tabindex='0']"].join())];
    const picked = (radio: HTMLElement) =>
      !radio.matches("[type=radio]:not(:checked)") || !radio.closest("form, fieldset")?.querySelector("[type=radio]:checked");
    const shown = all.filter((one) => one.tabIndex >= 0 && one.checkVisibility() && picked(one));
    for (const [place, one] of shown.entries()) one.dataset.stop = String(place);
    // Tab goes on from here.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
    return shown.length;
  });
  const found: string[] = [];
  for (let place = 0, presses = 0; place < stops; presses++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const focused = document.activeElement as HTMLElement;
      const { left, top, right, bottom } = focused.getBoundingClientRect();
      const covers = document.elementFromPoint((left + right) / 2, Math.min((top + bottom) / 2, innerHeight - 1));
      const beside = [focused, focused.parentElement, focused.nextElementSibling].filter((one) => one !== null);
      return {
        place: Number(focused.dataset.stop ?? -1),
        html: focused.outerHTML.slice(0, 120),
        hidden: !covers || !(focused.contains(covers) || covers.contains(focused)),
        bare: !beside.some((one) => getComputedStyle(one).outlineStyle !== "none"),
      };
    });
    // A date has a stop for each of its parts.
    if (at.place === place - 1 && presses < stops + 60) continue;
    if (at.place !== place) return [...found, `stop ${place} is ${at.html}`];
    if (at.hidden) found.push(`out of sight: ${at.html}`);
    if (at.bare) found.push(`no ring: ${at.html}`);
    place++;
  }
  return found;
}

/** What every English page has, and no Spanish one. */
const ENGLISH = /\b(the|and|your|you|with|from|this|that|have|has|not|are|is|of|yet|what|by)\b/i;

let demo: Demo;

test.beforeAll(async () => {
  demo = await Demo.start();
});
test.beforeEach(({ guard }) => guard.trust(demo.server.url));
test.afterAll(async () => demo?.server.remove());

/** How axe looks at the pages of a language: contrast does not depend on words, room does. */
const LOOKS: Record<string, { colorScheme: "light" | "dark"; width: number }[]> = {
  en: [
    { colorScheme: "light", width: 1280 },
    { colorScheme: "dark", width: 320 },
  ],
  es: [{ colorScheme: "dark", width: 1280 }],
  qps: [{ colorScheme: "light", width: 320 }],
};

for (const language of languages) {
  for (const by of [undefined, "referrer", "admin"] as const) {
    test(`every page of ${by ?? "a stranger"} in ${language} fits, is accessible and is whole`, async ({ open, guard }) => {
      test.setTimeout(360_000);
      guard.allow(/status of (403|404)/);
      const page = await open({ ...reading(language), reducedMotion: "reduce" });
      if (by) await signInAs(page, demo.server.url, by);
      for (const visit of demo.visits.filter((visit) => visit.by === by)) {
        const { name } = visit;
        await demo.open(page, visit);
        await expect.soft(page.locator("html")).toHaveAttribute("lang", language);
        // The page for developers has a hundred of them.
        const folded = page.locator(name === "api-docs" ? "main > details" : "details");
        await folded.evaluateAll((all) => all.forEach((one) => one.setAttribute("open", "")));
        for (const { colorScheme, width } of LOOKS[language] ?? []) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height: 720 });
          // No reader has the made-up language.
          const found = (await violations(page)).filter((one) => language !== "qps" || !one.startsWith("html-lang-valid"));
          expect.soft(found, `${name}, ${colorScheme}`).toEqual([]);
        }
        if (language === "en") {
          await page.setViewportSize({ width: 1280, height: 720 });
          expect.soft(await unreachable(page), `${name} by keyboard`).toEqual([]);
        }
        for (const width of widths) {
          await page.setViewportSize({ width, height: 720 });
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          expect.soft(wide, `${name} at ${width} scrolls sideways`).toBeLessThanOrEqual(width);
          expect.soft(await cut(page), `${name} at ${width} cuts texts`).toEqual([]);
        }
        if (language === "es") {
          const english = await untranslated(page, demo.written, ENGLISH);
          expect.soft(english, `${name} is Spanish`).toEqual([]);
        }
        if (language === "qps") expect.soft(await untranslated(page, demo.written), `${name} is translated`).toEqual([]);
      }
    });
  }
}

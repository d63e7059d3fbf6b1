import type { Page } from "@playwright/test";
import { awake, expect, linkOf, newPerson, servers, signUp, test } from "./support";

test.skip(!servers.asReleased || !process.env.SPEED, "SPEED=1 asks for it, on what a release sends");

/** Networks as Chromium's developer tools name them: milliseconds until an answer begins, bytes a second down and up. */
const NETWORKS = {
  "no limit": undefined,
  "fast 3G": { latency: 562.5, downloadThroughput: 180_000, uploadThroughput: 84_375 },
  "slow 3G": { latency: 2_000, downloadThroughput: 50_000, uploadThroughput: 50_000 },
};

/** Milliseconds until the largest part of the page was painted, and until its islands were awake. */
interface Times {
  painted: number;
  awake?: number;
}

async function measure(page: Page, address: string, islands: boolean): Promise<Times> {
  await page.addInitScript(() => {
    const times: Times = ((window as unknown as { times: Times }).times = { painted: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) times.painted = entry.startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
    new MutationObserver(() => {
      if (document.documentElement.dataset.awake) times.awake ??= performance.now();
    }).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-awake"] });
  });
  await page.goto(address, { waitUntil: "load", timeout: 60_000 });
  if (islands) await awake(page);
  await page.waitForTimeout(200);
  return page.evaluate(() => (window as unknown as { times: Times }).times);
}

test("pages are painted and awake in the times that are printed", async ({ open }) => {
  test.setTimeout(180_000);
  const referrer = await open();
  await signUp(referrer, newPerson("ann"), "/signup");
  const pages = { "/signup by a link": await linkOf(referrer), "/dashboard": "/dashboard" };
  const lines = ["painted (LCP) / awake, seconds, at a first visit"];
  for (const [name, address] of Object.entries(pages)) {
    const islands = address === "/dashboard";
    const parts: string[] = [];
    for (const [network, limits] of Object.entries(NETWORKS)) {
      const page = await open();
      if (islands) await page.context().addCookies(await referrer.context().cookies());
      if (limits) {
        const wire = await page.context().newCDPSession(page);
        await wire.send("Network.enable");
        await wire.send("Network.emulateNetworkConditions", { offline: false, ...limits });
      }
      const times = await measure(page, address, islands);
      expect(times.painted, `${name}, ${network}`).toBeGreaterThan(0);
      const seconds = (time?: number) => (time === undefined ? "–" : (time / 1_000).toFixed(2));
      parts.push(`${network} ${seconds(times.painted)} / ${seconds(times.awake)}`);
      await page.close();
    }
    lines.push(`  ${name.padEnd(18)} ${parts.join(" · ")}`);
  }
  console.log(lines.join("\n"));
});

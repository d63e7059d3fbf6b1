import type { BrowserContextOptions, Page, Response } from "@playwright/test";
import { pause, Server } from "./server";
import {
  awake,
  codeOf,
  expect,
  expectNumbers,
  fillIn,
  linkOf,
  newPerson,
  newUserAgent,
  servers,
  signUp,
  submit,
  test,
  UNCACHED,
} from "./support";

/** From the server's answer until the number is on the page: 100 ms, and what two busy cores may add. */
const LIVE = 150;

/** Longer than the pace at which further changes are sent. */
const REST = 400;

/** Friends who are timed; the median counts. The first few sign up. */
const FRIENDS = 5;
const JOINING = 3;

type Open = (options?: BrowserContextOptions) => Promise<Page>;

/** Notes in the page when each number first showed each value. */
async function takeTimes(page: Page): Promise<void> {
  await page.evaluate(() => {
    const times: Record<string, number> = {};
    Object.assign(window, { times });
    const note = () => {
      for (const name of ["clicks", "signups", "goal"]) {
        const text = document.querySelector(`[data-testid=${name}]`)?.textContent;
        times[`${name} ${text}`] ??= Date.now();
      }
    };
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

async function timeOf(page: Page, name: string, text: string): Promise<number> {
  await expect(page.getByTestId(name)).toHaveText(text);
  return page.evaluate(
    (what) => (window as unknown as { times: Record<string, number> }).times[what],
    `${name} ${text}`,
  );
}

/** When the answer arrived in the browser that asked, in milliseconds since 1970. */
function arrived(answer: Response): number {
  const { startTime, responseStart } = answer.request().timing();
  expect(responseStart).toBeGreaterThan(0);
  return startTime + responseStart;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function report(where: string, what: string, times: number[]): void {
  const list = times.map((time) => Math.round(time)).join(", ");
  console.log(`live, ${where}: ${what} on the page after ${Math.round(median(times))} ms (each: ${list})`);
}

/** A referrer on `home` copies a link; a friend on `away` follows it. */
async function journey(where: string, home: string, away: string, open: Open): Promise<void> {
  const referrer = newPerson("ann");
  const dashboard = await open({ permissions: ["clipboard-read", "clipboard-write"] });
  await signUp(dashboard, referrer, `${home}/signup`);
  await awake(dashboard);
  await expectNumbers(dashboard, 0, 0);

  const link = await linkOf(dashboard);
  expect(link).toBe(`${home}/r/${codeOf(link)}`);
  await dashboard.getByRole("button", { name: "Copy" }).click();
  await expect(dashboard.getByRole("button", { name: "Copied ✓" })).toBeVisible();
  await expect(dashboard.getByRole("status").filter({ hasText: "Copied" })).toBeVisible();
  expect(await dashboard.evaluate(() => navigator.clipboard.readText())).toBe(link);

  await takeTimes(dashboard);
  await dashboard.evaluate(() => Object.assign(window, { never: "loaded again" }));
  // Whatever is learned by the other instance is learned a moment later.
  await pause(REST);
  const there = `${away}/r/${codeOf(link)}`;

  const clicks: number[] = [];
  const signups: number[] = [];
  for (let n = 1; n <= FRIENDS; n++) {
    const form = await open();
    const followed = form.waitForResponse((answer) => answer.url() === there);
    await form.goto(there);
    await expect(form).toHaveURL(`${away}/signup?ref=${codeOf(link)}`);
    await expect(form.getByRole("heading", { level: 1 })).toHaveText(`${referrer.username} invited you to Passalong`);
    await expect(form.getByLabel("Referral code")).toHaveValue(codeOf(link));
    await expect(form.getByText(`${referrer.username}’s invitation`)).toBeVisible();
    clicks.push((await timeOf(dashboard, "clicks", `${n}`)) - arrived(await followed));
    await pause(REST);
    if (n <= JOINING) {
      const friend = newPerson("bob");
      await fillIn(form, friend);
      const sent = form.waitForResponse((answer) => answer.request().method() === "POST" && answer.status() === 303);
      await submit(form, "Create account").click();
      await expect(form.getByRole("heading", { level: 1 })).toHaveText(`Hello, ${friend.username}`);
      const shown = [await timeOf(dashboard, "signups", `${n}`), await timeOf(dashboard, "goal", `${n} / 10`)];
      signups.push(Math.max(...shown) - arrived(await sent));
      await expectNumbers(dashboard, n, n);
      await expect(dashboard.getByText(`${10 - n} to go`)).toBeVisible();
      expect(await linkOf(form)).not.toBe(link);
      await pause(REST);
    }
    await form.context().close();
  }
  report(where, "a click is", clicks);
  report(where, "a sign-up is", signups);
  expect(median(clicks)).toBeLessThan(LIVE);
  expect(median(signups)).toBeLessThan(LIVE);
  await expectNumbers(dashboard, FRIENDS, JOINING);
  expect(await dashboard.evaluate(() => "never" in window), "the page was not loaded again").toBe(true);
}

test("a friend who follows a copied link is counted on the open dashboard at once", async ({ open }) => {
  await journey("SQLite", servers.sqlite, servers.sqlite, open);
});

test("two instances count together: dashboard on one, friend on the other", async ({ open }) => {
  const [home, away] = servers.postgres;
  test.skip(!home || !away, "BASE_URL_PG_A and BASE_URL_PG_B name two instances on one database");
  await journey("two instances on PostgreSQL", home ?? "", away ?? "", open);
});

test("where pages have no clipboard, as on plain http, the link is copied all the same", async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await signUp(page, newPerson("ann"), "/signup");
  await awake(page);
  const link = await linkOf(page);
  await page.getByRole("button", { name: "Copy" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Copied" })).toBeVisible();
  await page.goto("/profile");
  await page.locator("#current").press("ControlOrMeta+v");
  await expect(page.locator("#current")).toHaveValue(link);
});

test("on a phone the link is shown without its scheme, and whole", async ({ open }) => {
  const page = await open({ viewport: { width: 320, height: 640 } });
  await signUp(page, newPerson("ann"), "/signup");
  const link = page.getByTestId("referral-link");
  await expect(link.getByText("http://")).toHaveCSS("font-size", "0px");
  const cut = await link.evaluate((place) => place.scrollWidth > place.clientWidth);
  expect(cut).toBe(false);
});

test("a device that can share gets a button for it", async ({ page }) => {
  await page.addInitScript(() => {
    const shared: unknown[] = [];
    const share = (what: unknown) => (shared.push(what), Promise.reject(new DOMException("closed", "AbortError")));
    Object.assign(navigator, { share });
    Object.assign(window, { shared });
  });
  await signUp(page, newPerson("ann"), "/signup");
  const link = await linkOf(page);
  await page.getByRole("button", { name: "Share…" }).click();
  const shared = await page.evaluate(() => (window as unknown as { shared: unknown[] }).shared);
  expect(shared).toEqual([{ text: "Join me at Passalong!", url: `${link}?via=share` }]);
  await expect(page.getByRole("list", { name: "Share your link" }).getByRole("link")).toHaveCount(5);
});

/** Somebody new follows the link. */
async function follow(open: Open, link: string): Promise<void> {
  const page = await open();
  await page.goto(link);
  await page.context().close();
}

test("all tabs of a browser share one live connection", async ({ page, context, open }) => {
  let asked = 0;
  context.on("request", (request) => (asked += Number(new URL(request.url()).pathname === "/live")));
  await signUp(page, newPerson("ann"), "/signup");
  await awake(page);
  const link = await linkOf(page);
  const second = await context.newPage();
  await second.goto("/dashboard");
  await awake(second);

  await follow(open, link);
  for (const tab of [page, second]) await expectNumbers(tab, 1, 0);
  expect(asked).toBe(1);

  // The tab that has the connection goes; the other takes over, and nothing is lost in between.
  await page.close();
  await follow(open, link);
  await expectNumbers(second, 2, 0);
  expect(asked).toBe(2);
});

test("a dashboard whose connection is refused or closed comes back and shows the current numbers", async ({
  page,
  open,
  guard,
}) => {
  guard.allow(UNCACHED, /status of 503 .*\/live\?[^)]*\)$/, /^answer: 503 .*\/live\?/);
  const ways: string[] = [];
  await page.route("**/live?*", async (route) => {
    // With this it asks why it was refused.
    if (route.request().method() === "HEAD") return route.fulfill({ status: 503 });
    const turn = ways.length;
    ways.push(["closed", "refused", "refused"][turn] ?? "open");
    if (turn === 0) return route.fulfill({ contentType: "text/event-stream", body: "retry: 100\n\n" });
    if (turn < 3) return route.fulfill({ status: 503, body: "We can’t save anything right now." });
    return route.continue();
  });
  await signUp(page, newPerson("ann"), "/signup");
  await awake(page);
  await expect.poll(() => ways.length).toBeGreaterThan(1);
  await follow(open, await linkOf(page));
  await expect(page.getByTestId("clicks")).toHaveText("1", { timeout: 15_000 });
  expect(ways).toEqual(["closed", "refused", "refused", "open"]);
  await follow(open, await linkOf(page));
  await expectNumbers(page, 2, 0);
});

test("a dashboard outlives the server's restart", async ({ page, open, guard, request }) => {
  test.skip(!servers.binary, "PASSALONG_BIN names the server to start");
  guard.allow(/\/live\?[^)]*\)$/);
  const server = await Server.start({ ADMIN_EMAIL: "admin@example.com", ADMIN_PASSWORD: "correct-horse-battery" });
  guard.trust(server.url);
  try {
    await signUp(page, newPerson("ann"), `${server.url}/signup`);
    await awake(page);
    const link = await linkOf(page);
    await follow(open, link);
    await expectNumbers(page, 1, 0);
    expect((await server.stop()).code).toBe(0);
    await server.start();
    // Not seen by the page, which has not come back yet; it shows it when it has.
    const answer = await request.get(link, { maxRedirects: 0, headers: { "user-agent": newUserAgent() } });
    expect(answer.status()).toBe(303);
    await expect(page.getByTestId("clicks")).toHaveText("2", { timeout: 30_000 });
    await follow(open, link);
    await expectNumbers(page, 3, 0);
  } finally {
    await server.remove(guard);
  }
});

import type { Page } from "@playwright/test";
import { pause } from "./server";
import {
  awake,
  codeOf,
  expect,
  expectNumbers,
  fillIn,
  linkOf,
  newPerson,
  onDashboard,
  signUp,
  submit,
  test,
  UNCACHED,
} from "./support";

test("when the WASM never comes, one signs up, and the dashboard shows its numbers", async ({ page, open, guard }) => {
  guard.allow(UNCACHED, /ERR_FAILED .*\.wasm\)$/, /^console: TypeError: Failed to fetch/);
  let stopped = 0;
  await page.route("**/*.wasm", (route) => {
    stopped++;
    return route.abort();
  });
  const person = newPerson("ann");
  await page.goto("/signup");
  // Here the islands would wake.
  const asked = page.waitForRequest("**/*.wasm");
  await page.getByLabel("Referral code").focus();
  await asked;
  await signUp(page, person);
  await expectNumbers(page, 0, 0);
  await expect.poll(() => stopped).toBeGreaterThan(1);

  const friend = await open();
  await signUp(friend, newPerson("bob"), await linkOf(page));
  await page.reload();
  await expectNumbers(page, 1, 1);
  await expect(page.getByTestId("referral-link")).toBeVisible();
  await page.getByRole("link", { name: "Profile" }).click();
  await expect(page.getByText(person.email)).toBeVisible();
});

/** A browser in which a test may read what was copied. */
const CLIPBOARD = { permissions: ["clipboard-read", "clipboard-write"] };

/** Presses *Copy*: the button says so, and the link is on the clipboard. */
async function expectCopied(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Copy" }).click();
  await expect(page.getByRole("button", { name: "Copied ✓" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await linkOf(page));
}

test("when the WASM never comes, the link is copied, and the dashboard follows", async ({ open, guard }) => {
  guard.allow(UNCACHED, /ERR_FAILED .*\.wasm\)$/, /^console: TypeError: Failed to fetch/);
  const page = await open(CLIPBOARD);
  await page.route("**/*.wasm", (route) => route.abort());
  const live = page.waitForResponse((answer) => answer.url().includes("/live?"));
  await signUp(page, newPerson("ann"), "/signup");
  await live;
  await expectCopied(page);
  await expectNumbers(page, 0, 0);
  await page.evaluate(() => Object.assign(window, { never: "loaded again" }));

  await signUp(await open(), newPerson("bob"), await linkOf(page));
  await expectNumbers(page, 1, 1);
  await expect(page.getByText("9 to go")).toBeVisible();
  await expect(page.getByRole("progressbar")).toHaveAttribute("value", "1");
  await expect(page.getByTestId("latest-friend")).toHaveCount(1);
  expect(await page.evaluate(() => "never" in window), "the page was not loaded again").toBe(true);
});

test("before the islands are awake the link is copied, and nothing moves when they wake", async ({ open, guard }) => {
  guard.allow(UNCACHED);
  const page = await open(CLIPBOARD);
  await page.addInitScript(() => Object.assign(navigator, { share: () => Promise.resolve() }));
  const { letGo } = await holdBack(page, "**/*.wasm");
  await signUp(page, newPerson("ann"), "/signup");
  await expect(page.getByRole("button", { name: "Share…" })).toBeVisible();
  const places = () =>
    page
      .getByRole("main")
      .locator("a, button, section")
      .evaluateAll((parts) =>
        parts.map((part) => {
          const { x, y, width, height } = part.getBoundingClientRect();
          return [x + scrollX, y + scrollY, width, height];
        }),
      );
  const before = await places();
  await expectCopied(page);
  expect(await places(), "the button has room for what it says").toEqual(before);
  await expect(page.locator("html[data-awake]")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Copy" })).toBeVisible();

  letGo();
  await awake(page);
  expect(await places()).toEqual(before);
});

test("when no script comes at all, one signs up, and the dashboard shows its numbers", async ({ page, guard }) => {
  guard.allow(UNCACHED, /ERR_FAILED .*\.(wasm|js)\)$/);
  await page.route(/\.(wasm|js)$/, (route) => route.abort());
  await signUp(page, newPerson("ann"), "/signup");
  await expectNumbers(page, 0, 0);
});

/** Holds back what matches until it is told to let go. */
async function holdBack(page: Page, what: string | RegExp): Promise<{ asked: string[]; letGo: () => void }> {
  const asked: string[] = [];
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(what, async (route) => {
    asked.push(route.request().url());
    await gate;
    // Nobody waits any more for what an earlier page has asked for.
    await route.continue().catch(() => {});
  });
  return { asked, letGo };
}

test("when scripts are late, a form that is sent before them arrives", async ({ page, open, guard }) => {
  guard.allow(UNCACHED);
  const referrer = await open();
  await signUp(referrer, newPerson("ann"), "/signup");
  const link = await linkOf(referrer);

  const { asked, letGo } = await holdBack(page, /\.(wasm|js)$/);
  const person = newPerson("bob");
  await page.goto(link, { waitUntil: "commit" });
  await expect(page.getByLabel("Referral code")).toHaveValue(codeOf(link));
  await fillIn(page, person);
  await page.getByText("Change", { exact: true }).click();
  await page.getByLabel("Referral code").press("End");
  await submit(page, "Create account").click({ noWaitAfter: true });
  await onDashboard(page, person);
  await expectNumbers(page, 0, 0);
  await expectNumbers(referrer, 1, 1);
  expect(asked.some((url) => url.includes("/hydrate."))).toBe(true);
  await expect(page.locator("html[data-awake]")).toHaveCount(0);

  letGo();
  await awake(page);
  await expectNumbers(page, 0, 0);
});

test("when the WASM is seconds late, the dashboard shows its numbers and then goes on live", async ({
  page,
  open,
  guard,
}) => {
  guard.allow(UNCACHED);
  await page.route("**/*.wasm", async (route) => {
    await pause(5_000);
    await route.continue().catch(() => {});
  });
  const begun = Date.now();
  await signUp(page, newPerson("ann"), "/signup");
  await expectNumbers(page, 0, 0);
  const friend = await open();
  await friend.goto(await linkOf(page));
  await awake(page);
  expect(Date.now() - begun).toBeGreaterThan(5_000);
  // This came by the live connection before the islands were awake.
  await expectNumbers(page, 1, 0);
});

test("when the WASM is late, what was typed meanwhile is kept and checked", async ({ page, guard }) => {
  guard.allow(UNCACHED);
  const { asked, letGo } = await holdBack(page, "**/*.wasm");
  await page.goto("/signup");
  await page.getByLabel("Referral code").pressSequentially("nosuchcode");
  await expect.poll(() => asked.length).toBe(1);
  await expect(page.locator("html[data-awake]")).toHaveCount(0);
  letGo();
  await awake(page);
  await expect(page.getByLabel("Referral code")).toHaveValue("nosuchcode");
  await expect(page.getByText("We don’t know this code.")).toBeVisible();
});

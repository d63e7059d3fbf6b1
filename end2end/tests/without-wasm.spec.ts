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

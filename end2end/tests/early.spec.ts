import { pause } from "./server";
import { awake, expect, fillIn, newPerson, onDashboard, signIn, signUp, test, UNCACHED } from "./support";

test("a form that is sent twice on a slow network arrives once", async ({ page, guard }) => {
  guard.allow(UNCACHED);
  let sent = 0;
  await page.route("**/signup", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    sent++;
    await pause(1_500);
    await route.continue().catch(() => {});
  });
  const busy: string[] = [];
  page.on("console", (message) => message.text().startsWith("busy: ") && busy.push(message.text()));
  await page.addInitScript(() => {
    const tell = () => {
      for (const button of document.querySelectorAll("button[aria-disabled=true]")) {
        console.info(`busy: ${button.textContent}`);
      }
    };
    new MutationObserver(tell).observe(document, { subtree: true, childList: true });
  });
  const person = newPerson("ann");
  await page.goto("/signup");
  await fillIn(page, person);
  await page.getByLabel("Username").focus();
  // The page is asked nothing until the next one is there: it tells by itself.
  const presses = [page.keyboard.press("Enter")];
  await pause(800);
  presses.push(page.keyboard.press("Enter"));
  await Promise.allSettled(presses);
  await onDashboard(page, person);
  expect(sent).toBe(1);
  expect(busy).toContain("busy: Sending…");
});

test("a form can be sent again on the way back from the next page", async ({ page }) => {
  await signUp(page, newPerson("ann"), "/signup");
  await page.goto("/profile");
  const form = page.locator("main form[method=post]").first();
  // Whether it would be sent; only the event is made.
  const passes = () =>
    form.evaluate((form) => form.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true })));
  expect([await passes(), await passes()]).toEqual([true, false]);
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  expect(await passes()).toBe(true);
});

test("what was done is not said again by a reload", async ({ page }) => {
  await signUp(page, newPerson("ann"), "/signup");
  await page.goto("/profile?done=password&more=1");
  await expect(page.locator(".toast")).toBeVisible();
  await expect(page).toHaveURL(/\/profile\?more=1$/);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator(".toast")).toHaveCount(0);
});

test("signing out in one tab takes the others along", async ({ page, context, guard }) => {
  // The other tab may ask once more before it hears of it.
  guard.allow(/status of 401 .*\/live\?[^)]*\)$/, /^answer: 401 .*\/live\?/);
  await signUp(page, newPerson("ann"), "/signup");
  const second = await context.newPage();
  await second.goto("/dashboard");
  await awake(second);
  await page.getByRole("banner").getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/signin$/);
  await expect(second).toHaveURL(/\/signin\?next=%2Fdashboard$/);
});

test("a session that is ended in another browser ends in all its tabs", async ({ page, context, open, guard }) => {
  guard.allow(/status of 401 .*\/live\?[^)]*\)$/);
  const person = newPerson("ann");
  await signUp(page, person, "/signup");
  const second = await context.newPage();
  await second.goto("/dashboard?tab=2");
  for (const tab of [page, second]) await awake(tab);
  const elsewhere = await open();
  await signIn(elsewhere, person, "/signin");
  await elsewhere.goto("/profile");
  await elsewhere.getByRole("button", { name: /^Sign out .+ from / }).click();
  // The server looks every five seconds who is still signed in.
  await expect(page).toHaveURL(/\/signin\?next=%2Fdashboard$/, { timeout: 20_000 });
  await expect(second).toHaveURL(/\/signin\?next=%2Fdashboard%3Ftab%3D2$/);
  // Loaded once, and then left alone.
  await page.evaluate(() => Object.assign(window, { marked: true }));
  await pause(1_000);
  expect(await page.evaluate(() => "marked" in window)).toBe(true);
});

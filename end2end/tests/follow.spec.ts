import type { Page } from "@playwright/test";
import { Server } from "./server";
import {
  awake,
  done,
  expect,
  fillIn,
  linkOf,
  makeCode,
  newPerson,
  type Person,
  servers,
  signIn,
  signUp,
  submit,
  test,
} from "./support";

test.skip(!servers.binary, "PASSALONG_BIN names the server to start");

// Other settings load the open pages of a server anew, so this has one of its own.
const owner: Person = { username: "admin", email: "owner@example.com", password: "tr4m-line-9-owner" };
let server: Server;

test.beforeEach(async ({ guard, page }) => {
  server = await Server.start({ ADMIN_EMAIL: owner.email, ADMIN_PASSWORD: owner.password });
  guard.trust(server.url);
  await signIn(page, owner, `${server.url}/signin`);
  await expect(page).toHaveURL(/\/admin$/);
  await page.goto(`${server.url}/dashboard`);
});

test.afterEach(({ guard }) => server.remove(guard));

/** Marks the page, so that a test sees whether it was loaded anew. */
async function mark(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(window, { marked: true }));
}

function isMarked(page: Page): Promise<boolean> {
  return page.evaluate(() => "marked" in window);
}

/** The number that stands under a name. */
function tile(page: Page, section: string, name: string) {
  const tiles = page.getByRole("region", { name: section }).locator(".stat");
  return tiles.filter({ has: page.getByText(name, { exact: true }) }).locator("dd").first();
}

/** Changes settings in a tab of its own. */
async function change(page: Page, how: (settings: Page) => Promise<void>): Promise<void> {
  const settings = await page.context().newPage();
  await settings.goto(`${server.url}/admin/settings`);
  await how(settings);
  // Chromium may forget to close a page that is about to show the next one.
  await Promise.all([done(settings, "saved"), settings.waitForEvent("load"), submit(settings, "Save").click()]);
  await settings.close();
}

/** A number of the overview. */
function metric(page: Page, name: string) {
  const tiles = page.getByRole("list", { name: "Numbers of this period" }).getByRole("listitem");
  return tiles.filter({ has: page.getByText(name, { exact: true }) }).locator(".value");
}

test("the overview moves while one looks at it", async ({ page, open }) => {
  const link = await linkOf(page);
  await page.goto(`${server.url}/admin`);
  await expect(page.getByText("Quiet so far")).toBeVisible();
  await mark(page);

  const friends = await open();
  await friends.goto(link);
  await expect(metric(page, "Clicks")).toHaveText("1");
  await expect(page.getByRole("img", { name: "Clicks, 30 days: 1" })).toBeVisible();
  await page.getByText("Show as a table").click();

  await fillIn(friends, newPerson("bob"));
  await submit(friends, "Create account").click();
  await expect(metric(page, "Sign-ups")).toHaveText("1");
  await expect(metric(page, "Sign-up rate")).toHaveText("100.0%");
  // What was unfolded stays so, with the new numbers.
  await expect(page.getByRole("table", { name: "Clicks, 30 days: 1" })).toBeVisible();
  expect(await isMarked(page), "the page was not loaded anew").toBe(true);

  // What takes long to count is counted once a minute, and says when.
  await expect(page.getByText(/^Lists, new users and rewards: updated /)).toBeVisible();
});

test("a tile chooses the chart, whose values follow the pointer and the arrow keys", async ({ page, open }) => {
  const link = await linkOf(page);
  await (await open()).goto(link);
  await page.goto(`${server.url}/admin?period=7`);
  await page.getByRole("link", { name: /^New users/ }).click();
  await expect(page).toHaveURL(/metric=users/);
  await page.waitForLoadState("load");
  await expect(page.getByRole("link", { name: /^New users/ })).toHaveAttribute("aria-current", "true");
  const values = page.getByRole("slider", { name: /^New users by day/ });
  const tips = page.locator(".tip");
  await expect(tips.filter({ visible: true })).toHaveCount(0);
  await values.focus();
  await expect(tips.last()).toBeVisible();
  await expect(values).toHaveAttribute("aria-valuenow", "7");
  await values.press("ArrowLeft");
  await expect(tips.nth(5)).toBeVisible();
  await expect(tips.last()).toBeHidden();
  await expect(values).toHaveAttribute("aria-valuetext", /New users: 0/);
  await values.press("Home");
  await expect(tips.first()).toBeVisible();
  await page.locator(".point").nth(2).hover();
  await expect(tips.nth(2)).toBeVisible();
  await expect(tips.filter({ visible: true })).toHaveCount(1);
});

test("the place where one is stays in sight in the strip of a phone", async ({ page }) => {
  await linkOf(page);
  await page.setViewportSize({ width: 320, height: 640 });
  for (const [path, name] of [
    ["/admin", "Overview"],
    ["/admin/rewards", "Rewards"],
    ["/admin/system", "System"],
  ] as const) {
    await page.goto(`${server.url}${path}`);
    const place = page.getByRole("navigation", { name: "Admin" }).getByRole("link", { name, exact: true });
    await expect(place).toHaveAttribute("aria-current", "page");
    const box = await place.boundingBox();
    expect(box && box.x >= 0 && box.x + box.width <= 320, `${name} in sight`).toBe(true);
  }
});

test("charts and lists follow the numbers beside them", async ({ page, open }) => {
  const own = await linkOf(page);
  await awake(page);
  await mark(page);
  await (await open()).goto(own);
  await expect(page.getByTestId("clicks")).toHaveText("1");
  await expect(page.getByRole("img", { name: "Clicks, 30 days: 1" })).toBeVisible();
  expect(await isMarked(page), "the dashboard was not loaded anew").toBe(true);

  await makeCode(page, server.url, "SPRING", 1);
  await mark(page);
  await page.getByLabel("Description").fill("Half writ");
  const friend = newPerson("bob");
  const friends = await open();
  await signUp(friends, friend, `${server.url}/r/SPRING`);
  await expect(page.getByRole("table").filter({ hasText: friend.username })).toBeVisible();
  await expect(tile(page, "Numbers of this code", "Sign-ups")).toHaveText("1");
  await expect(page.getByText("Limit reached")).toBeVisible();
  await expect(page.getByLabel("Description")).toHaveValue("Half writ");
  expect(await isMarked(page), "the code’s page was not loaded anew").toBe(true);
});

test("open pages take on other settings", async ({ page, open }) => {
  const dashboard = await open();
  await signUp(dashboard, newPerson("ann"), `${server.url}/signup`);
  const profile = await open();
  await signUp(profile, newPerson("bob"), `${server.url}/signup`);
  const live = profile.waitForResponse((answer) => answer.url().includes("/live?"));
  await profile.goto(`${server.url}/profile`);
  await live;
  await profile.locator("#current").fill("half writ");
  await mark(profile);

  await change(page, (settings) => settings.getByLabel("The program is on").uncheck());
  await expect(dashboard.getByText("The program is paused.")).toBeVisible();
  await change(page, (settings) => settings.getByLabel("The program is on").check());
  await expect(dashboard.getByText("The program is paused.")).toHaveCount(0);
  await change(page, (settings) => settings.getByLabel("Program name").fill("Acme Friends"));
  await expect(dashboard.getByRole("link", { name: "Acme Friends" })).toBeVisible();
  await expect(profile.locator("#current")).toHaveValue("half writ");
  expect(await isMarked(profile), "nobody’s writing is lost").toBe(true);
});

test("pages take on the colour and the logo of the program", async ({ page }) => {
  await page.goto(`${server.url}/admin/settings`);
  const look = async (color: string, logo: string) => {
    await page.locator("#accent_color").fill(color);
    await page.getByLabel("Logo").fill(logo);
    await Promise.all([done(page, "saved"), submit(page, "Save").click()]);
  };
  const button = submit(page, "Save");
  const standard = await button.evaluate((element) => getComputedStyle(element).backgroundColor);
  await look("#8a0038", `${server.url}/favicon.svg`);
  await expect(button).toHaveCSS("background-color", "rgb(138, 0, 56)");
  const logo = page.locator("header img.logo");
  await expect.poll(() => logo.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await look("", "");
  await expect(button).toHaveCSS("background-color", standard);
  await expect(logo).toHaveCount(0);
});

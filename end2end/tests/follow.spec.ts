import type { Page } from "@playwright/test";
import { Server } from "./server";
import {
  awake,
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
  await submit(settings, "Save all settings").click();
  await expect(settings.getByRole("status").filter({ hasText: "Changes saved" })).toBeVisible();
  await settings.close();
}

test("the statistics move while one looks at them", async ({ page, open }) => {
  const link = await linkOf(page);
  await page.goto(`${server.url}/admin`);
  await expect(page.getByText("Quiet so far")).toBeVisible();
  await mark(page);

  const friends = await open();
  await friends.goto(link);
  await expect(tile(page, "Numbers of this period", "Clicks")).toHaveText("1");
  await expect(page.getByRole("img", { name: "30 days: 1 click, 0 sign-ups, 0 conversions" })).toBeVisible();
  await page.getByText("Show as a table").click();

  await fillIn(friends, newPerson("bob"));
  await submit(friends, "Create account").click();
  await expect(tile(page, "Numbers of this period", "Sign-ups")).toHaveText("1");
  await expect(tile(page, "Numbers of this period", "Sign-up rate")).toHaveText("100.0 %");
  // What was unfolded stays so, with the new numbers.
  const table = page.getByRole("table", { name: "30 days: 1 click, 1 sign-up, 0 conversions" });
  await expect(table).toBeVisible();
  expect(await isMarked(page), "the page was not loaded anew").toBe(true);

  // What takes long to count is counted once a minute, and says when.
  await expect(page.getByText(/everything else once a minute; last on /)).toBeVisible();
});

test("charts and lists follow the numbers beside them", async ({ page, open }) => {
  const own = await linkOf(page);
  await awake(page);
  await mark(page);
  await (await open()).goto(own);
  await expect(page.getByTestId("clicks")).toHaveText("1");
  await expect(page.getByRole("img", { name: "30 days: 1 click, 0 sign-ups, 0 conversions" })).toBeVisible();
  expect(await isMarked(page), "the dashboard was not loaded anew").toBe(true);

  await makeCode(page, server.url, "SPRING", 1);
  await mark(page);
  await page.getByLabel("Description").fill("Half writ");
  const friend = newPerson("bob");
  const friends = await open();
  await signUp(friends, friend, `${server.url}/r/SPRING`);
  await expect(page.getByRole("table").filter({ hasText: friend.username })).toBeVisible();
  await expect(tile(page, "Numbers of this code", "Uses")).toHaveText("1");
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
  await profile.getByLabel("Current password").fill("half writ");
  await mark(profile);

  await change(page, (settings) => settings.getByLabel("The program runs").uncheck());
  await expect(dashboard.getByText("The program is paused.")).toBeVisible();
  await change(page, (settings) => settings.getByLabel("The program runs").check());
  await expect(dashboard.getByText("The program is paused.")).toHaveCount(0);
  await change(page, (settings) => settings.getByLabel("Name of the program").fill("Acme Friends"));
  await expect(dashboard.getByRole("link", { name: "Acme Friends" })).toBeVisible();
  await expect(profile.getByLabel("Current password")).toHaveValue("half writ");
  expect(await isMarked(profile), "nobody’s writing is lost").toBe(true);
});

test("pages take on the colour and the logo of the program", async ({ page }) => {
  await page.goto(`${server.url}/admin/settings`);
  const look = async (color: string, logo: string) => {
    await page.getByLabel("Colour of buttons and links").fill(color);
    await page.getByLabel("Address of your logo").fill(logo);
    await submit(page, "Save all settings").click();
    await expect(page.getByRole("status").filter({ hasText: "Changes saved" })).toBeVisible();
  };
  const button = submit(page, "Save all settings");
  const standard = await button.evaluate((element) => getComputedStyle(element).backgroundColor);
  await look("#8a0038", `${server.url}/favicon.svg`);
  await expect(button).toHaveCSS("background-color", "rgb(138, 0, 56)");
  const logo = page.locator("header img.logo");
  await expect.poll(() => logo.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await look("", "");
  await expect(button).toHaveCSS("background-color", standard);
  await expect(logo).toHaveCount(0);
});

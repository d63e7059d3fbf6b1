import { Server } from "./server";
import { done, expect, type Person, signIn, submit, test } from "./support";

// Other settings load the open pages of a server anew, so this has one of its own.
const owner: Person = { username: "admin", email: "owner@example.com", password: "tr4m-line-9-owner" };
let server: Server;

test.beforeEach(async ({ guard, page }) => {
  server = await Server.start({ ADMIN_EMAIL: owner.email, ADMIN_PASSWORD: owner.password });
  guard.trust(server.url);
  await signIn(page, owner, `${server.url}/signin`);
  await expect(page.getByRole("link", { name: "Settings" }).or(page.getByRole("link", { name: "Admin" })).first()).toBeVisible();
});

test.afterEach(({ guard }) => server.remove(guard));

test("the settings say how much is not saved, and warn before it is lost", async ({ page, guard }) => {
  await page.goto(`${server.url}/admin/settings`);
  const status = page.locator(".save").getByRole("status");
  await expect(status).toBeEmpty();
  await page.getByLabel("Program name").fill("Acme Friends");
  await expect(status).toHaveText("1 unsaved change");
  await page.getByLabel("Default goal").fill("0");
  await expect(status).toHaveText("2 unsaved changes");
  await page.getByLabel("Default goal").fill("10");
  await expect(status).toHaveText("1 unsaved change");

  guard.allow(/^dialog: $/);
  const asked = page.waitForEvent("dialog");
  await page.getByRole("link", { name: "API keys" }).first().click();
  expect((await asked).type()).toBe("beforeunload");
  await expect(page).toHaveURL(/\/admin\/settings$/);

  // A refused form is not saved either.
  await page.getByLabel("Default goal").fill("0");
  await submit(page, "Save").click();
  await expect(page.locator(".problems")).toBeFocused();
  await expect(status).toHaveText("2 unsaved changes");
  await page.getByRole("link", { name: /^Default goal/ }).click();
  await expect(page.getByLabel("Default goal")).toBeInViewport();
  await page.getByLabel("Default goal").fill("12");
  await submit(page, "Save").click();
  await expect(page.locator(".problems")).toHaveCount(0);
  await expect(page.getByLabel("Default goal")).toHaveValue("12");
  await expect(status).toBeEmpty();

  // A text keeps its lines.
  await page.getByLabel("Welcome text").fill("Hello\n\nShare your link");
  await expect(status).toHaveText("1 unsaved change");
  await Promise.all([done(page, "saved"), submit(page, "Save").click()]);
  await expect(page.getByLabel("Welcome text")).toHaveValue("Hello\n\nShare your link");
  await expect(status).toBeEmpty();
});

test("the colour is picked and seen before it is saved", async ({ page }) => {
  await page.goto(`${server.url}/admin/settings`);
  const field = page.locator("#accent_color");
  const picker = page.getByLabel("Pick a brand colour");
  const button = page.locator("[data-preview-of] .button");
  await picker.fill("#8a0038");
  await expect(field).toHaveValue("#8a0038");
  await expect(button).toHaveCSS("background-color", "rgb(138, 0, 56)");
  await field.fill("#17693C");
  await expect(picker).toHaveValue("#17693c");
  await expect(button).toHaveCSS("background-color", "rgb(23, 105, 60)");
  await field.fill("");
  await expect(picker).toHaveValue("#3550c4");
  await expect(button).toHaveCSS("background-color", "rgb(53, 80, 196)");
});

test("without scripts the settings are saved all the same", async ({ page, open }) => {
  const plain = await open({ javaScriptEnabled: false, storageState: await page.context().storageState() });
  await plain.goto(`${server.url}/admin/settings`);
  await expect(plain.getByLabel("Pick a brand colour")).toBeHidden();
  await plain.getByLabel("Program name").fill("Acme Friends");
  await submit(plain, "Save").click();
  await expect(plain).toHaveURL(/done=saved/);
  await expect(plain.getByLabel("Program name")).toHaveValue("Acme Friends");
});

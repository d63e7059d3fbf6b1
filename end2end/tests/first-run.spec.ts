import { Server } from "./server";
import { awake, expect, newPerson, onDashboard, servers, submit, test } from "./support";

test.skip(!servers.binary, "PASSALONG_BIN names the server to start");

let server: Server;

test.beforeEach(async ({ guard }) => {
  server = await Server.start();
  guard.trust(server.url);
});

test.afterEach(({ guard }) => server.remove(guard));

test("whoever has the token from the log sets up the program and is its admin", async ({ page }) => {
  const admin = newPerson("owner");
  const token = await server.token();

  await page.goto(server.url);
  await page.getByRole("link", { name: "Set up the program" }).click();
  await expect(page).toHaveURL(`${server.url}/setup`);
  await expect(page.getByLabel("Start the referral program now")).toBeChecked();

  await page.getByLabel("Set-up token").fill("0".repeat(32));
  await page.getByLabel("Your e-mail address").fill(admin.email);
  await page.getByLabel("Username").fill(admin.username);
  await page.getByLabel("Password").fill(admin.password);
  await submit(page, "Set up").click();
  await expect(page.getByRole("alert")).toHaveText("This isn’t the token from the server’s log.");
  await expect(page.getByLabel("Your e-mail address")).toHaveValue(admin.email);
  await expect(page.getByLabel("Username")).toHaveValue(admin.username);
  await expect(page.getByLabel("Password")).toHaveValue("");
  await expect(page.getByLabel("Start the referral program now")).toBeChecked();

  await page.getByLabel("Set-up token").fill(token);
  await page.getByLabel("Program name").fill("Acme Friends");
  await page.getByLabel("Password").fill(admin.password);
  await submit(page, "Set up").click();
  await expect(page).toHaveURL(`${server.url}/admin`);
  await expect(page.getByRole("link", { name: "Acme Friends" })).toBeVisible();
  await page.goto(`${server.url}/dashboard`);
  await onDashboard(page, admin);
  await awake(page);
  await expect(page.getByText("The program is paused.")).toHaveCount(0);

  const answer = await page.goto(`${server.url}/setup`);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Page not found");
  await page.goto(server.url);
  await expect(page.getByRole("link", { name: "Set up the program" })).toHaveCount(0);
});

test("without the tick the program stays paused, and the pages say so", async ({ page }) => {
  const admin = newPerson("owner");
  await page.goto(`${server.url}/setup?token=${await server.token()}`);
  await page.getByLabel("Your e-mail address").fill(admin.email);
  await page.getByLabel("Username").fill(admin.username);
  await page.getByLabel("Password").fill(admin.password);
  await page.getByLabel("Start the referral program now").uncheck();
  await submit(page, "Set up").click();
  await expect(page).toHaveURL(`${server.url}/admin`);
  await page.goto(`${server.url}/dashboard`);
  await expect(page.getByText("The program is paused.")).toBeVisible();
  await page.goto(server.url);
  await expect(page.getByText("The program is paused.")).toBeVisible();
});

test("the server stops within five seconds though somebody is watching", async ({ page, guard }) => {
  // The open stream ends, and the browser asks for a new one, or for the numbers that have changed.
  guard.allow(/\/live\?[^)]*\)$/, /\/admin\)$/);
  const admin = newPerson("owner");
  const live = page.waitForResponse((answer) => answer.url().includes("/live?"));
  await page.goto(`${server.url}/setup?token=${await server.token()}`);
  await page.getByLabel("Your e-mail address").fill(admin.email);
  await page.getByLabel("Username").fill(admin.username);
  await page.getByLabel("Password").fill(admin.password);
  await submit(page, "Set up").click();
  await expect(page).toHaveURL(`${server.url}/admin`);
  expect((await live).status()).toBe(200);

  const end = await server.stop();
  expect(end.code).toBe(0);
  expect(end.took).toBeLessThan(5_000);
});

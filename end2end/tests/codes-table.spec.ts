import { awake, expect, newPerson, servers, signIn, signUp, test, type Person } from "./support";

const admin: Person = {
  username: "admin",
  email: process.env.ADMIN_EMAIL ?? "admin@example.com",
  password: process.env.ADMIN_PASSWORD ?? "correct-horse-battery",
};

/** A code that no other test makes. */
function newCode(): string {
  return newPerson("code").username.toUpperCase();
}

test("the numbers of an open table move, wherever the visits come in", async ({ page, open }) => {
  const [here = servers.sqlite, there = servers.sqlite] = servers.postgres;
  const code = newCode();
  await signIn(page, admin, `${here}/signin`);
  await expect(page).toHaveURL(/\/dashboard$/);
  await page.goto(`${here}/admin/codes/new`);
  await page.getByLabel("Code", { exact: false }).first().fill(code);
  await page.getByLabel("Description").fill("Live");
  await page.getByLabel("Most uses").fill("1");
  await page.getByRole("button", { name: "Make the code" }).click();
  await page.goto(`${here}/admin/codes?q=${code}`);
  await awake(page);
  const row = page.getByTestId("code-row");
  await expect(row).toHaveCount(1);
  const friend = await open();
  await friend.goto(`${there}/r/${code}`);
  await expect(row.locator("[data-label=Clicks]")).toHaveText("1");
  await signUp(friend, newPerson("bob"), `${there}/signup?ref=${code}`);
  await expect(row.locator("[data-label=Uses]")).toHaveText("1 / 1");
  await expect(row).toHaveAttribute("data-status", "limit-reached");
});

test("codes of one beneficiary are chosen by search and shown alone", async ({ page, open }) => {
  const ann = newPerson("ann");
  await signUp(await open(), ann, "/signup");
  const code = newCode();
  await signIn(page, admin, "/signin");
  await expect(page).toHaveURL(/\/dashboard$/);
  await page.goto("/admin/codes/new");
  await page.getByLabel("Code", { exact: false }).first().fill(code);
  await page.getByLabel("Description").fill("Of Ann");
  await page.getByLabel("Beneficiary").fill(ann.email);
  await page.getByRole("button", { name: "Make the code" }).click();
  await page.goto("/admin/codes");
  await awake(page);
  const field = page.getByRole("combobox", { name: "Beneficiary" });
  await field.fill(ann.username);
  await expect(page.locator(`datalist option[value="${ann.email}"]`)).toBeAttached();
  await field.fill(ann.email);
  const chip = page.getByRole("link", { name: `No longer only codes of ${ann.email}` });
  await expect(chip).toBeVisible();
  await expect(page).toHaveURL(/beneficiary=/);
  await expect(page.getByTestId("code-row")).toHaveCount(1);
  await chip.click();
  await expect(page).not.toHaveURL(/beneficiary=/);
  await expect(page.getByRole("combobox", { name: "Beneficiary" })).toHaveValue("");
});

test("an old tab of somebody who has left shows nobody else's numbers", async ({ page, guard }) => {
  guard.allow(/status of 403 .*\/live/, /status of 401 .*\/live/);
  await signUp(page, newPerson("ann"), "/signup");
  await awake(page);
  const other = await page.context().newPage();
  await other.goto("/profile");
  await other.getByRole("button", { name: "Sign out" }).first().click();
  const asked = page.waitForResponse((response) => response.url().includes("/live") && response.status() === 403);
  await signUp(other, newPerson("bob"), "/signup");
  // The stream of the old tab breaks, as it does every few minutes.
  await page.context().setOffline(true);
  await page.context().setOffline(false);
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await asked;
  await page.waitForTimeout(1_500);
  let asks = 0;
  page.on("request", (request) => void (request.url().includes("/live") && asks++));
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await page.waitForTimeout(3_000);
  expect(asks, "the old tab asks no more").toBe(0);
});

test("half a date is told before it is sent as none", async ({ page }) => {
  await signIn(page, admin, "/signin");
  await expect(page).toHaveURL(/\/dashboard$/);
  await page.goto("/admin/codes/new");
  await page.getByLabel("Description").fill("Half");
  const end = page.getByLabel("Expires");
  await end.evaluate((input: HTMLInputElement) => (input.value = ""));
  await end.focus();
  await page.keyboard.type("12");
  await page.getByRole("button", { name: "Make the code" }).click();
  await expect(page).toHaveURL(/\/admin\/codes\/new$/);
  expect(await end.evaluate((input: HTMLInputElement) => input.validity.badInput)).toBe(true);
});

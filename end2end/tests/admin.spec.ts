import type { Locator, Page } from "@playwright/test";
import { pause } from "./server";
import {
  admin,
  asAdmin,
  awake,
  done,
  expect,
  makeCode,
  newCode,
  newPerson,
  onDashboard,
  servers,
  signUp,
  submit,
  test,
} from "./support";

/** The row of a code in the table. */
function rowOf(page: Page, code: string): Locator {
  return page.locator(`[data-testid=code-row][data-code="${code}"]`);
}

/** How a badge of this status looks: no two may look the same. */
async function colour(page: Page, code: string): Promise<string> {
  return rowOf(page, code)
    .locator("td[data-label=Status] :first-child")
    .evaluate((badge) => getComputedStyle(badge).color);
}

test("a code is made, shared, used up, and opened again", async ({ page, open }) => {
  const code = newCode("FAIR");
  await asAdmin(page, "/admin/codes");
  await makeCode(page, servers.sqlite, code, 1);
  const link = await page.getByLabel("Link of this code").inputValue();
  expect(link).toBe(`${servers.sqlite}/r/${code}`);

  await page.goto(`/admin/codes?q=${code}`);
  await awake(page);
  const row = rowOf(page, code);
  await expect(row).toHaveAttribute("data-status", "active");
  await expect(row).toContainText("Active");
  const green = await colour(page, code);

  const friend = newPerson("bob");
  const friends = await open();
  await signUp(friends, friend, link);
  await page.reload();
  await expect(row).toHaveAttribute("data-status", "limit-reached");
  await expect(row).toContainText("Limit reached");
  expect(await colour(page, code)).not.toBe(green);
  await expect(row.locator('td[data-label="Sign-ups"]')).toHaveText("1 / 1");

  // The next one is told so, and may sign up without it.
  const late = await open();
  await late.goto("/signup");
  await late.getByLabel("Referral code").fill(code);
  await expect(late.getByText("This code has been used up.")).toBeVisible();

  await row.getByRole("link", { name: code }).click();
  await expect(page.getByRole("table").filter({ hasText: friend.username })).toBeVisible();
  await page.getByLabel("Usage limit").fill("2");
  await submit(page, "Save changes").click();
  await expect(page.getByText("Changes saved")).toBeVisible();
  await page.goto(`/admin/codes?q=${code}`);
  await expect(row).toHaveAttribute("data-status", "active");
});

const elsewhere: Record<string, [string | undefined, string | undefined]> = {
  "the same server": [servers.sqlite, servers.sqlite],
  "another instance": [servers.postgres[0], servers.postgres[1]],
};
for (const [where, [here, there]] of Object.entries(elsewhere)) {
  test(`a code that is switched off is not credited any more within a second, ${where}`, async ({ page, open }) => {
    test.skip(!here || !there, "there is no such server");
    const code = newCode("OFF");
    await asAdmin(page, "/admin/codes", here);
    await makeCode(page, here ?? "", code);
    await page.goto(`${here}/admin/codes?q=${code}`);
    await awake(page);
    const works = async () => {
      const friend = await open();
      await friend.goto(`${there}/r/${code}`);
      const field = friend.getByLabel("Referral code");
      return (await field.inputValue()) === code;
    };
    expect(await works()).toBe(true);
    const row = rowOf(page, code);
    await row.getByRole("switch").click();
    await expect(row).toHaveAttribute("data-status", "inactive");
    await pause(1_000);
    expect(await works()).toBe(false);
    await row.getByRole("switch").click();
    await expect(row).toHaveAttribute("data-status", "active");
    await pause(1_000);
    expect(await works()).toBe(true);
  });
}

test("what one looks for stands in the address, and is there after a reload and on the way back", async ({ page }) => {
  const [first, second] = [newCode("KEEP"), newCode("GONE")];
  await asAdmin(page, "/admin/codes");
  await makeCode(page, servers.sqlite, first);
  await makeCode(page, servers.sqlite, second);
  await page.goto("/admin/codes");
  await awake(page);
  await page.getByRole("searchbox", { name: "Code", exact: true }).fill(first);
  await expect(page).toHaveURL(new RegExp(`q=${first}`));
  await expect(rowOf(page, first)).toBeVisible();
  await expect(rowOf(page, second)).toHaveCount(0);
  await page.getByLabel("Status").selectOption("active");
  await expect(page).toHaveURL(/status=active/);
  const address = page.url();

  await page.reload();
  await awake(page);
  expect(page.url()).toBe(address);
  await expect(page.getByRole("searchbox", { name: "Code", exact: true })).toHaveValue(first);
  await expect(page.getByLabel("Status")).toHaveValue("active");
  await expect(page.getByTestId("code-row")).toHaveCount(1);

  await rowOf(page, first).getByRole("link", { name: first }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(first);
  await page.goBack();
  await expect(page).toHaveURL(address);
  await expect(page.getByRole("searchbox", { name: "Code", exact: true })).toHaveValue(first);
  await expect(page.getByTestId("code-row")).toHaveCount(1);
});

test("the table of codes is found, filtered and switched with the keyboard alone", async ({ page }) => {
  const code = newCode("KEYS");
  await asAdmin(page, "/admin/codes");
  await makeCode(page, servers.sqlite, code);
  await page.goto("/admin/codes");
  await awake(page);
  const focused = page.locator(":focus");
  const tabTo = async (wanted: Locator) => {
    for (let n = 0; n < 60; n++) {
      await page.keyboard.press("Tab");
      if (await wanted.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`the Tab key does not reach ${wanted}`);
  };
  await tabTo(page.getByRole("searchbox", { name: "Code", exact: true }));
  await page.keyboard.type(code);
  const row = rowOf(page, code);
  await expect(page.getByTestId("code-row")).toHaveCount(1);
  await tabTo(row.getByRole("switch"));
  await page.keyboard.press("Space");
  await expect(row).toHaveAttribute("data-status", "inactive");
  await expect(focused).toHaveRole("switch");
  await page.keyboard.press("Space");
  await expect(row).toHaveAttribute("data-status", "active");
});

test("a refused code form comes back with what was typed", async ({ page }) => {
  await asAdmin(page, "/admin/codes/new");
  await page.getByRole("textbox", { name: /^Code/ }).fill("no spaces please");
  await page.getByLabel("Description").fill("");
  await page.getByLabel("Usage limit").fill("0");
  await page.locator("form").last().evaluate((form: HTMLFormElement) => (form.noValidate = true));
  await submit(page, "Create code").click();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await expect(page.getByRole("textbox", { name: /^Code/ })).toHaveValue("no spaces please");
  await expect(page.getByLabel("Usage limit")).toHaveValue("0");
});

test("who is no admin is sent away", async ({ page }) => {
  const person = newPerson("ann");
  await signUp(page, person, "/signup");
  await onDashboard(page, person);
  for (const path of ["/admin", "/admin/codes", "/admin/users", "/admin/settings", "/admin/audit"]) {
    const answer = await page.request.get(path);
    expect(answer.status(), path).toBe(403);
  }
});

test("the form for a code says what is wrong while it is filled in", async ({ page }) => {
  await asAdmin(page, "/admin/codes/new");
  const code = page.getByRole("textbox", { name: /^Code/ });
  await code.fill("no spaces");
  await expect(page.getByText(/Use 3 to 50 characters: A–Z/)).toBeVisible();
  await expect(code).toHaveAttribute("aria-invalid", "true");
  // Nothing is said about what nobody has touched.
  await expect(page.getByText(/Describe the code/)).toHaveCount(0);
  await code.fill(newCode("FINE"));
  await expect(page.getByText(/Use 3 to 50 characters: A–Z/)).toHaveCount(0);
  await expect(code).not.toHaveAttribute("aria-invalid");
  await page.getByLabel("Usage limit").fill("0");
  await expect(page.getByText("Enter a whole number, 1 or more.")).toBeVisible();
  await page.getByLabel("Beneficiary").fill("nobody@example.org");
  await page.getByLabel("Beneficiary").blur();
  await expect(page.getByText(/^No account has this/)).toBeVisible();
  // A beginning is no mistake while it is typed, and a username is as good as an e-mail address.
  await page.getByLabel("Beneficiary").fill(admin.email.slice(0, 3));
  await page.waitForResponse("**/fn/validate_code");
  await expect(page.getByLabel("Beneficiary")).not.toHaveAttribute("aria-invalid");
  await page.getByLabel("Beneficiary").fill(admin.email);
  await expect(page.getByText(/^No account has this/)).toHaveCount(0);
  await page.getByLabel("Usage limit").fill("5");
  await page.getByLabel("Description").fill("Spring fair");
  await Promise.all([done(page, "created"), submit(page, "Create code").click()]);
});

test("a code is switched off beside what is being typed", async ({ page }) => {
  const code = newCode("BESIDE");
  await asAdmin(page, "/admin/codes");
  await makeCode(page, servers.sqlite, code);
  await awake(page);
  await page.getByLabel("Description").fill("Half a sentence");
  await submit(page, "Switch off").click();
  await expect(submit(page, "Switch on")).toBeVisible();
  await expect(page.getByText("Inactive", { exact: true })).toBeVisible();
  await expect(page.getByLabel("Description")).toHaveValue("Half a sentence");
  await submit(page, "Save changes").click();
  await expect(page.getByText("Inactive", { exact: true })).toBeVisible();
});

test("no limit and no end are one press each", async ({ page }) => {
  await asAdmin(page, "/admin/codes/new");
  await expect(page.getByText(/^Date and time in UTC\. Set to expire in 7 days, on \d+ \w+ \d{4}/)).toBeVisible();
  await page.getByRole("textbox", { name: /^Code/ }).fill(newCode("PRINTED"));
  await page.getByLabel("Description").fill("Printed vouchers");
  await page.getByLabel("No limit").check();
  await page.getByLabel("Never expires").check();
  await expect(page.getByLabel("Usage limit")).toBeHidden();
  await Promise.all([done(page, "created"), submit(page, "Create code").click()]);
  await expect(page.getByRole("region", { name: "Link" })).toContainText("Never");
  await expect(page.getByLabel("No limit")).toBeChecked();
});

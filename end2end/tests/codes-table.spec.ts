import { asAdmin, awake, expect, makeCode, newCode, newPerson, servers, signUp, test } from "./support";

test("the numbers of an open table move, wherever the visits come in", async ({ page, open }) => {
  const [here = servers.sqlite, there = servers.sqlite] = servers.postgres;
  const code = newCode("LIVE");
  await asAdmin(page, "/admin/codes", here);
  await makeCode(page, here, code, 1);
  await page.goto(`${here}/admin/codes?q=${code}`);
  await awake(page);
  const row = page.getByTestId("code-row");
  await expect(row).toHaveCount(1);
  const friend = await open();
  await friend.goto(`${there}/r/${code}`);
  await expect(row.locator("[data-label=Clicks]")).toHaveText("1");
  await signUp(friend, newPerson("bob"), `${there}/signup?ref=${code}`);
  await expect(row.locator('[data-label="Sign-ups"]')).toHaveText("1 / 1");
  await expect(row).toHaveAttribute("data-status", "limit-reached");
});

test("codes of one beneficiary are chosen by search and shown alone", async ({ page, open }) => {
  const ann = newPerson("ann");
  await signUp(await open(), ann, "/signup");
  const code = newCode("ANN");
  await asAdmin(page, "/admin/codes/new");
  await page.getByLabel("Code", { exact: false }).first().fill(code);
  await page.getByLabel("Description").fill("Of Ann");
  await page.getByLabel("Beneficiary").fill(ann.email);
  await page.getByRole("button", { name: "Create code" }).click();
  await page.goto("/admin/codes");
  await awake(page);
  const field = page.getByRole("combobox", { name: "Beneficiary" });
  await field.fill(ann.username);
  await expect(page.locator(`datalist option[value="${ann.email}"]`)).toBeAttached();
  await field.fill(ann.email);
  const chip = page.getByRole("link", { name: `Remove filter: ${ann.email}` });
  await expect(chip).toBeVisible();
  await expect(page).toHaveURL(/beneficiary=/);
  await expect(page.getByTestId("code-row")).toHaveCount(1);
  await chip.click();
  await expect(page).not.toHaveURL(/beneficiary=/);
  await expect(page.getByRole("combobox", { name: "Beneficiary" })).toHaveValue("");
});

test("an old tab of somebody who has left shows nobody else's numbers", async ({ page, guard }) => {
  guard.allow(/status of 403 .*\/live/, /ERR_INTERNET_DISCONNECTED/);
  await signUp(page, newPerson("ann"), "/signup");
  await awake(page);
  const other = await page.context().newPage();
  // Nor when the tab did not hear of it.
  await other.addInitScript(() => Reflect.deleteProperty(window, "BroadcastChannel"));
  await other.goto("/profile");
  const wire = await page.context().newCDPSession(page);
  await wire.send("Network.enable");
  const setOffline = (offline: boolean) =>
    wire.send("Network.emulateNetworkConditions", { offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  // The old tab sees nothing of the moment in which nobody is signed in.
  await setOffline(true);
  await other.getByRole("button", { name: "Sign out" }).first().click();
  await signUp(other, newPerson("bob"), "/signup");
  const asked = page.waitForResponse((response) => response.url().includes("/live") && response.status() === 403);
  await setOffline(false);
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
  await asAdmin(page, "/admin/codes/new");
  await page.getByLabel("Description").fill("Half");
  const end = page.getByLabel(/^Expires/);
  await end.evaluate((input: HTMLInputElement) => (input.value = ""));
  await end.focus();
  await page.keyboard.type("12");
  await page.getByRole("button", { name: "Create code" }).click();
  await expect(page).toHaveURL(/\/admin\/codes\/new$/);
  expect(await end.evaluate((input: HTMLInputElement) => input.validity.badInput)).toBe(true);
});

test("what is on its way to the server is not taken back by news in between", async ({ page, open }) => {
  const name = newCode("NEWS");
  const [switched, visited] = [`${name}A`, `${name}B`];
  await asAdmin(page, "/admin/codes");
  await makeCode(page, servers.sqlite, switched);
  await makeCode(page, servers.sqlite, visited);
  await page.goto(`/admin/codes?q=${name}`);
  await awake(page);
  let asked = 0;
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/fn/set_code_active", async (route) => {
    asked++;
    await held;
    await route.continue();
  });
  const row = page.locator(`[data-code="${switched}"]`);
  await row.getByRole("switch").click();
  await expect(row).toHaveAttribute("data-status", "inactive");
  await (await open()).goto(`/r/${visited}`);
  await expect(page.locator(`[data-code="${visited}"] [data-label=Clicks]`)).toHaveText("1");
  await expect(row).toHaveAttribute("data-status", "inactive");
  const answered = page.waitForResponse("**/fn/set_code_active");
  release();
  await answered;
  await page.reload();
  await expect(row).toHaveAttribute("data-status", "inactive");
  expect(asked).toBe(1);
});

test("a switch that is refused goes back and says so", async ({ page, guard }) => {
  guard.allow(/500.*set_code_active/);
  const code = newCode("BACK");
  await asAdmin(page, "/admin/codes");
  await makeCode(page, servers.sqlite, code);
  await page.goto(`/admin/codes?q=${code}`);
  await awake(page);
  await page.route("**/fn/set_code_active", (route) => route.fulfill({ status: 500, body: "" }));
  const row = page.locator(`[data-code="${code}"]`);
  await row.getByRole("switch").click();
  await expect(page.getByRole("alert")).toContainText(`${code} could not be switched.`);
  await expect(row).toHaveAttribute("data-status", "active");
  await page.unroute("**/fn/set_code_active");
  await row.getByRole("switch").click();
  await expect(row).toHaveAttribute("data-status", "inactive");
  await expect(page.getByRole("alert")).toHaveCount(0);
});

import AxeBuilder from "@axe-core/playwright";
import { readFile } from "node:fs/promises";
import { asAdmin, awake, expect, servers, submit, test } from "./support";

const addresses = { sqlite: servers.sqlite, postgres: servers.postgres[0] };

for (const [name, address] of Object.entries(addresses)) {
  test(`ten thousand codes are made while one looks on, ${name}`, async ({ page, open }) => {
    test.skip(!address, "there is no such server");
    await asAdmin(page, "/admin/codes", address);
    await page.getByRole("link", { name: "Bulk create" }).click();

    // Refused first: the input is kept.
    const prefix = `T${Date.now().toString(36).toUpperCase()}-`;
    await page.getByLabel("How many").fill("10000");
    await page.getByLabel("Prefix").fill(prefix);
    await page.getByLabel("Random characters").fill("2");
    await page.getByLabel("Description").fill("Tickets of the fair");
    await submit(page, "Create codes").click();
    await expect(page.getByRole("alert")).toHaveText("10,000 different codes need at least 4 random characters.");
    await expect(page.getByLabel("Prefix")).toHaveValue(prefix);
    await page.getByLabel("Random characters").fill("6");
    await submit(page, "Create codes").click();

    await expect(page).toHaveURL(/\/admin\/codes\/bulk\/\d+$/);
    await awake(page);
    const bulk = page.getByTestId("bulk");
    await expect(bulk.getByRole("progressbar")).toHaveAttribute("max", "10000");
    await expect(bulk.getByRole("status")).toHaveText("10,000 codes ready", { timeout: 30_000 });
    await expect(bulk.getByRole("progressbar")).toHaveAttribute("value", "10000");
    const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);

    // It is all there after coming back, too.
    const here = page.url();
    await page.goto(`${address}/admin/codes/bulk`);
    await page.getByRole("link", { name: "Tickets of the fair" }).first().click();
    await expect(page).toHaveURL(here);
    const saving = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download CSV" }).click();
    const file = await (await saving).path();
    const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
    expect(lines).toHaveLength(10_001);
    const code = lines[1].split(",")[1];
    expect(code).toMatch(new RegExp(`^${prefix}[A-Z2-9]{6}$`));

    const friend = await open();
    await friend.goto(`${address}/r/${code}`);
    await expect(friend.getByLabel("Referral code")).toHaveValue(code);
  });
}

test("the bar moves while the codes are made", async ({ page }) => {
  await asAdmin(page, "/admin/codes/bulk");
  // The first order keeps the server busy until the page of the second one is awake.
  for (const description of ["First letters", "Second letters"]) {
    await page.goto("/admin/codes/bulk");
    await page.getByLabel("How many").fill("100000");
    await page.getByLabel("Description").fill(description);
    await submit(page, "Create codes").click();
  }
  await awake(page);
  const bar = page.getByTestId("bulk").getByRole("progressbar");
  await expect(bar).toHaveAttribute("max", "100000");
  const seen = new Set<number>();
  await expect(async () => {
    seen.add(Number(await bar.getAttribute("value")));
    expect(await page.getByTestId("bulk").getAttribute("data-state")).toBe("done");
  }).toPass({ intervals: [50], timeout: 45_000 });
  expect(seen.size, [...seen].join(" ")).toBeGreaterThan(2);
  const values = [...seen];
  expect(values).toEqual([...values].sort((a, b) => a - b));
});

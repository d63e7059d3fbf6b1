import type { Locator, Page } from "@playwright/test";
import { Host, owner, type User } from "./host";
import { expect, servers, signIn, test } from "./support";

test.skip(!servers.binary, "PASSALONG_BIN names the server to start");

/** A part of the page by its heading. */
function part(page: Page, name: string): Locator {
  return page.getByRole("region", { name, exact: true });
}

/** The rows of the list. */
function rows(page: Page): Locator {
  return page.getByTestId("reward-row");
}

/** Selects rows by the box of each. */
async function select(...selected: Locator[]): Promise<void> {
  for (const row of selected) await row.getByRole("checkbox").check();
}

// A server of its own: rules are the program's, and other tests count rewards too.
let host: Host;

test.beforeAll(async () => {
  host = await Host.start({});
  const rules = await host.api<{ data: { id: number }[] }>("GET", "/rules?limit=100", 200);
  for (const { id } of rules.data) await host.api("PATCH", `/rules/${id}`, 200, { active: false });
  await host.api("POST", "/rules", 201, {
    trigger: "signup",
    recipient: "referrer",
    kind: "extra_messages",
    amount: 10,
    description: "10 extra messages",
    approval: "manual",
    hold_days: 0,
  });
  await host.api("POST", "/rules", 201, {
    trigger: "first_conversion",
    recipient: "referrer",
    kind: "account_credit",
    amount: 1000,
    currency: "USD",
    description: "$10 credit",
    hold_days: 0,
  });
});

test.beforeEach(({ guard }) => guard.trust(host.server.url));

test.afterAll(async () => {
  await host.server.run("verify").finally(() => host.end());
});

/** The list of the rewards of somebody. */
async function list(page: Page, { external_id }: User): Promise<void> {
  await signIn(page, owner, `${host.server.url}/signin`);
  await page.goto(`${host.server.url}/admin/rewards?person=${external_id}`);
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with scripts" : "without scripts";

  test(`an admin approves, filters and voids with a reason, ${how}`, async ({ open }) => {
    const referrer = await host.join();
    for (let friends = 0; friends < 3; friends++) await host.join(referrer);
    const page = await open({ javaScriptEnabled });
    await list(page, referrer);
    await expect(rows(page)).toHaveCount(3);
    await expect(rows(page).first()).toHaveText(/10\smessages.*10 extra messages.*Pending.*Needs approval/s);

    // The buttons come with the first row that is selected.
    const approve = page.getByRole("button", { name: "Approve", exact: true });
    await expect(approve).toBeHidden();
    await select(rows(page).nth(0), rows(page).nth(1));
    await approve.click();
    await expect(page.getByRole("status")).toHaveText("Approved");
    await expect(page.getByLabel("E-mail, username or external ID")).toHaveValue(referrer.external_id);
    await page.getByLabel("State").selectOption("Needs approval");
    await page.getByRole("button", { name: "Search" }).click();
    await expect(rows(page)).toHaveCount(1);

    // All or nothing: what was selected stays selected.
    await page.getByLabel("State").selectOption("All");
    await page.getByRole("button", { name: "Search" }).click();
    await select(rows(page).nth(0), rows(page).nth(2));
    await approve.click();
    await expect(page.getByRole("alert")).toHaveText(/^Nothing was changed\. Reward \d+: /);
    await expect(rows(page).nth(2).getByRole("checkbox")).toBeChecked();
    await expect(rows(page).nth(2)).toHaveAttribute("data-state", "pending");

    // Voiding asks why; the Enter key alone does nothing.
    await page.getByText("Void…").click();
    const reason = page.getByLabel("Reason");
    await reason.fill("A test account");
    await reason.press("Enter");
    await expect(reason).toHaveValue("A test account");
    await reason.fill("");
    await page.getByRole("button", { name: "Void", exact: true }).click();
    await expect(page.getByRole("alert")).toHaveText(/^Enter a reason/);
    await expect(reason).toBeFocused();
    await reason.fill("A <b>test</b> account");
    await page.getByRole("button", { name: "Void", exact: true }).click();
    await expect(page.getByRole("status")).toHaveText("Voided");
    await expect(rows(page).nth(0)).toHaveAttribute("data-state", "reversed");
    await expect(rows(page).nth(1)).toHaveAttribute("data-state", "active");
    await expect(rows(page).nth(2)).toHaveAttribute("data-state", "voided");

    await rows(page).nth(2).getByRole("link", { name: "10 messages" }).click();
    await expect(page.getByTestId("step").last()).toContainText("Cancelled by admin: A <b>test</b> account");
    await page.getByRole("main").getByRole("link", { name: "Rewards", exact: true }).first().click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Rewards");
  });

  test(`an admin writes off what is owed, ${how}`, async ({ open }) => {
    const referrer = await host.join();
    const friend = await host.join(referrer);
    const { external_id } = friend;
    const paid = { external_id, source_id: external_id, amount: 5_000, currency: "USD" };
    const { id } = await host.api<{ id: number }>("POST", "/conversions", 201, paid);
    const use = { amount: 400, source_id: `use-${external_id}` };
    await host.api("POST", `/users/${referrer.id}/balances/account_credit/use`, 201, use);
    await host.api("POST", `/conversions/${id}/refunds`, 201, { source_id: `r-${external_id}`, amount: 5_000 });

    const page = await open({ javaScriptEnabled });
    await list(page, referrer);
    await page.getByLabel("State").selectOption("Owed");
    await page.getByRole("button", { name: "Search" }).click();
    await expect(rows(page)).toHaveText(/Reversed.*Owes \$4\.00/s);
    await rows(page).getByRole("link", { name: "$0.00 of $10.00" }).click();
    await expect(page.getByTestId("step")).toHaveText([
      /\$10\.00 granted by rule \d+, version 1, for the payment of /,
      /Activated$/,
      /\$4\.00 used: use-/,
      /\$10\.00 of \$10\.00 taken back: Refund of \$50\.00$/,
    ]);
    await part(page, "Decide").getByRole("button", { name: "Write off" }).click();
    await expect(page.getByRole("status")).toHaveText("Written off");
    await expect(page.getByTestId("step").last()).toContainText("$4.00 written off by admin");
    await expect(page.getByTestId("owed")).toHaveText("–");
    await expect(part(page, "Decide").getByRole("button", { name: "Write off" })).toBeHidden();
  });
}

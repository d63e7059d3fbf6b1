import type { Page } from "@playwright/test";
import { databases, Host, owner } from "./host";
import { awake, expect, servers, signIn, submit, test } from "./support";

test.skip(!servers.binary, "PASSALONG_BIN names the server to start");

/** A rule as the API has it, in parts. */
interface Rule {
  id: number;
  version: number;
  active: boolean;
  amount: number | null;
  basis_points: number | null;
  name: string;
}

for (const [database, settings] of Object.entries(databases)) {
  test.describe(`on ${database}`, () => {
    test.skip(!settings, "there is no such database");
    let host: Host;

    test.beforeAll(async () => {
      host = await Host.start(settings ?? {});
    });

    test.beforeEach(({ guard }) => guard.trust(host.server.url));

    test.afterAll(async () => {
      await host.server.run("verify").finally(() => host.end());
    });

    /** The rule of this name, by the API. */
    async function rule(name: string): Promise<Rule | undefined> {
      const { data } = await host.api<{ data: Rule[] }>("GET", "/rules?limit=100", 200);
      return data.find((rule) => rule.name === name);
    }

    /** The row of the rule of this name. */
    function row(page: Page, name: string) {
      return page.getByTestId("rule-row").filter({ hasText: name });
    }

    for (const javaScriptEnabled of [true, false]) {
      const how = javaScriptEnabled ? "with scripts" : "without scripts";

      test(`an admin makes a rule, changes it, switches it and deletes it, ${how}`, async ({ open }) => {
        const name = `Credit ${database} ${how}`;
        const page = await open({ javaScriptEnabled });
        const sentence = page.getByTestId("rule-sentence");
        await signIn(page, owner, `${host.server.url}/signin`);
        await page.goto(`${host.server.url}/admin/rules`);
        await page.getByRole("link", { name: "Create rule" }).click();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("New rule");
        await expect(sentence).toHaveText("When a friend signs up, the referrer gets … after 7 days.");
        if (javaScriptEnabled) await awake(page);

        // What was typed comes back with what is wrong.
        await page.getByLabel("When", { exact: true }).selectOption("A friend pays for the first time");
        await page.locator("#amount").fill("10,000");
        await page.getByLabel("Rewards per referrer").fill("often");
        await page.locator("#name").fill(name);
        await submit(page, "Create rule").click();
        await expect(page.getByRole("alert")).toHaveText([
          "Enter an amount like 49.90. USD has up to 2 digits after the point.",
          "Enter a whole number from 1 to 1,000,000.",
        ]);
        const amount = page.locator("#amount");
        await expect(amount).toHaveValue("10,000");
        await expect(amount).toBeFocused();
        await expect(page.locator("#per-referrer")).toHaveValue("often");
        await expect(page.getByLabel("When", { exact: true })).toHaveValue("first_conversion");

        // The sentence follows the form, also what came back with it.
        if (javaScriptEnabled) {
          await awake(page);
          const first = "When a friend pays for the first time, the referrer gets";
          await expect(sentence).toHaveText(`${first} … after 30 days.`);
          await amount.fill("10.00");
          await expect(sentence).toHaveText(`${first} $10.00 after 30 days.`);
          await page.getByLabel("Hold (days)").fill("0");
          await expect(sentence).toHaveText(`${first} $10.00.`);
          await page.getByLabel("Approval").selectOption("An admin approves each reward");
          await expect(sentence).toHaveText(`${first} $10.00 once you approve it.`);
        } else {
          await amount.fill("10.00");
          await page.getByLabel("Hold (days)").fill("0");
          await page.getByLabel("Approval").selectOption("An admin approves each reward");
        }
        await page.locator("#per-referrer").fill("5");
        await page.getByLabel("Period").selectOption("Per month");
        await submit(page, "Create rule").click();
        await expect(page.getByRole("status").filter({ hasText: "Rule created" })).toBeVisible();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
        const made =
          "When a friend pays for the first time, the referrer gets $10.00 once you approve it, 5 times a month at most.";
        await expect(sentence).toHaveText(made);
        await expect(page.getByText("Version 1")).toBeVisible();
        expect(await rule(name)).toMatchObject({ version: 1, active: true, amount: 1_000 });

        // A change is a version of its own.
        await expect(amount).toHaveValue("10.00");
        await amount.fill("");
        await page.getByLabel("Or a percentage of the payment").fill("11.5");
        const changed = made.replace("$10.00", "11.5% of the payment");
        if (javaScriptEnabled) {
          await awake(page);
          await expect(sentence).toHaveText(changed);
        }
        await submit(page, "Save rule").click();
        await expect(page.getByRole("status").filter({ hasText: "Rule saved." })).toBeVisible();
        await expect(sentence).toHaveText(changed);
        await expect(page.getByText("Version 2")).toBeVisible();
        expect(await rule(name)).toMatchObject({ version: 2, amount: null, basis_points: 1_150 });

        // Its switch stands in the list.
        await page.getByRole("navigation", { name: "Admin" }).getByRole("link", { name: "Rules" }).click();
        await expect(row(page, name).getByRole("link")).toHaveText(changed);
        await expect(row(page, name)).toContainText("No rewards this month");
        const on = row(page, name).getByRole("switch");
        await expect(on).toBeChecked();
        await on.click();
        await expect(on).not.toBeChecked();
        expect(await rule(name)).toMatchObject({ version: 3, active: false });
        await on.click();
        await expect(on).toBeChecked();

        // Deleting hides it.
        await row(page, name).getByRole("link").click();
        await page.getByText("Delete…").click();
        await page.getByRole("button", { name: "Delete rule" }).click();
        await expect(page.getByRole("status")).toHaveText("Rule deleted");
        await expect(row(page, name)).toHaveCount(0);
        expect(await rule(name)).toBeUndefined();
      });
    }

    test("the rules of a group stand together as a choice", async ({ open }) => {
      const page = await open();
      await signIn(page, owner, `${host.server.url}/signin`);
      await page.goto(`${host.server.url}/admin/rules`);
      const group = page.getByTestId("rule-group").first();
      await expect(group).toContainText("When a friend pays for the first time, the referrer can choose:");
      await expect(group).toContainText("$10.00 · a month of Pro · 50 messages and 25 requests");
      await expect(group.getByTestId("rule-row")).toHaveCount(4);
    });
  });
}

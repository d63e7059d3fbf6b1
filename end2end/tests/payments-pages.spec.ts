import type { Locator, Page } from "@playwright/test";
import { databases, endpoints, Host, owner, payment } from "./host";
import { awake, expect, linkOf, newPerson, servers, signIn, signUp, submit, test } from "./support";

test.skip(!servers.binary, "PASSALONG_BIN names the server to start");

const stripe = endpoints.after;
const { messages } = stripe;
const usd = (amount: number) => [{ amount, currency: "USD" }];

/** A part of the page by its heading. */
function part(page: Page, name: string): Locator {
  return page.getByRole("region", { name, exact: true });
}

/** What the page of a payment says under a name. */
function fact(page: Page, name: string): Locator {
  return part(page, "Details").getByText(name, { exact: true }).locator("xpath=following-sibling::dd[1]");
}

/** Sees what was done, and what the payment is now. */
async function expectPayment(page: Page, done: string, title: string, facts: Record<string, string>): Promise<void> {
  await expect(page.getByRole("status")).toHaveText(done);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  for (const [name, text] of Object.entries(facts)) await expect(fact(page, name), name).toHaveText(text);
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

    test("the open dashboard counts a friend who pays, and no longer one who gets it all back", async ({ open }) => {
      const [ann, bob] = [newPerson("ann"), newPerson("bob")];
      const [dashboard, theirs] = [await open(), await open()];
      await signUp(dashboard, ann, `${host.server.url}/signup`);
      await awake(dashboard);
      await dashboard.evaluate(() => Object.assign(window, { marked: true }));
      await signUp(theirs, bob, await linkOf(dashboard));
      await expect(dashboard.getByTestId("signups")).toHaveText("1");
      await expect(dashboard.getByTestId("conversions")).toHaveText("0");

      const paid = payment({ external_id: bob.username, email: bob.email }, { user: null });
      await host.deliver(stripe, messages.checkout(paid), messages.paid(paid), messages.joined(paid));
      await expect(dashboard.getByTestId("conversions")).toHaveText("1");
      const friends = await dashboard.context().newPage();
      await friends.goto(`${host.server.url}/referrals`);
      await expect(friends.getByTestId("friend")).toContainText("Customer");

      await host.deliver(stripe, messages.refunded(paid, 4_900));
      await expect(dashboard.getByTestId("conversions")).toHaveText("0");
      await friends.reload();
      await expect(friends.getByTestId("friend")).toContainText("Joined");
      await expect(friends.getByTestId("friend")).not.toContainText("Customer");
      // Other tests share the PostgreSQL database and change its settings, which open pages are loaded anew for.
      const marked = database !== "sqlite" || (await dashboard.evaluate(() => "marked" in window));
      expect(marked, "the page was not loaded anew").toBe(true);
    });

    for (const javaScriptEnabled of [true, false]) {
      const how = javaScriptEnabled ? "with scripts" : "without scripts";

      test(`an admin adds a payment, refunds a part and corrects it, ${how}`, async ({ open }) => {
        const referrer = await host.join();
        const friend = await host.join(referrer);
        const page = await open({ javaScriptEnabled });
        await signIn(page, owner, `${host.server.url}/signin`);
        await page.goto(`${host.server.url}/admin/conversions`);
        await page.getByRole("link", { name: "Add payment" }).click();

        // What was typed comes back with what is wrong.
        await page.getByLabel("Customer").fill("nobody@elsewhere.example");
        await page.getByLabel("Amount").fill("49,900");
        await page.getByLabel("Currency").fill("usd");
        await page.getByLabel("Product").fill("<b>pro</b>");
        await submit(page, "Add payment").click();
        await expect(page.getByRole("alert")).toHaveText([
          "No account has this e-mail address, username or external ID.",
          "Enter an amount like 49.90. USD has up to 2 digits after the point.",
        ]);
        await expect(page.getByLabel("Customer")).toHaveValue("nobody@elsewhere.example");
        await expect(page.getByLabel("Customer")).toBeFocused();
        await expect(page.getByLabel("Amount")).toHaveValue("49,900");
        await expect(page.getByLabel("Product")).toHaveValue("<b>pro</b>");
        await page.getByLabel("Customer").fill(friend.external_id);
        await page.getByLabel("Amount").fill("49.90");
        await submit(page, "Add payment").click();
        await expectPayment(page, "Payment added", "Payment of $49.90", {
          Amount: "$49.90",
          Refunded: "–",
          "Counted revenue": "$49.90",
          "Credited code": referrer.code,
          Source: "By hand",
          Product: "<b>pro</b>",
        });
        await expect(fact(page, "Customer").getByRole("link")).toHaveAttribute("href", `/admin/users/${friend.id}`);
        expect(await host.brought(referrer)).toEqual({ conversions: 1, revenue: usd(4_990) });

        const refund = part(page, "Refund");
        await expect(refund.getByLabel("Amount to refund")).toHaveValue("49.90");
        await refund.getByLabel("Amount to refund").fill("50");
        await refund.getByLabel("Reference").fill("cash-7");
        await refund.getByRole("button", { name: "Record refund" }).click();
        await expect(page.getByRole("alert")).toHaveText(
          "This is more than what’s left to refund: $49.90.",
        );
        await expect(refund.getByLabel("Amount to refund")).toHaveValue("50");
        await expect(refund.getByLabel("Reference")).toHaveValue("cash-7");
        await refund.getByLabel("Amount to refund").fill("20");
        await refund.getByRole("button", { name: "Record refund" }).click();
        await expectPayment(page, "Refund recorded", "Payment of $49.90", {
          Refunded: "$20.00",
          "Counted revenue": "$29.90",
        });
        await expect(page.getByTestId("event")).toHaveText([/Payment of \$49\.90 · By hand$/, /Refund of \$20\.00$/]);
        await expect(refund.getByText("Up to $29.90")).toBeVisible();

        const correct = part(page, "Correct amount");
        await correct.getByLabel("Amount paid").fill("39.90");
        await correct.getByRole("button", { name: "Save correction" }).click();
        await expect(page.getByRole("alert")).toHaveText(/^Enter a reason/);
        await expect(correct.getByLabel("Amount paid")).toHaveValue("39.90");
        await correct.getByLabel("Reason").fill("A typing mistake");
        await correct.getByRole("button", { name: "Save correction" }).click();
        await expectPayment(page, "Amount corrected", "Payment of $39.90", {
          Amount: "$39.90",
          "Counted revenue": "$19.90",
        });
        await expect(page.getByTestId("event").last()).toContainText("Amount corrected to $39.90: A typing mistake");
        expect(await host.brought(referrer)).toEqual({ conversions: 1, revenue: usd(1_990) });

        await page.getByRole("main").getByRole("link", { name: "Conversions" }).first().click();
        await page.getByLabel("E-mail, username or external ID").fill(friend.email);
        await page.getByRole("button", { name: "Search" }).click();
        await expect(page.getByTestId("payment-row")).toHaveText(/\$39\.90.*\$20\.00.*By hand.*Counted/s);
      });

      test(`an admin links a payment that nobody could place, ${how}`, async ({ open }) => {
        const referrer = await host.join();
        const friend = await host.join(referrer);
        const { id } = await host.paidByStranger(stripe);
        const page = await open({ javaScriptEnabled });
        await signIn(page, owner, `${host.server.url}/signin`);
        await page.goto(`${host.server.url}/admin/conversions`);
        await page.getByLabel("State").selectOption("Not counted");
        await page.getByRole("button", { name: "Search" }).click();
        const row = page.getByTestId("payment-row").filter({ has: page.locator(`a[href="/admin/conversions/${id}"]`) });
        await expect(row).toHaveText(/Unknown.*\$49\.00.*Stripe.*Not counted.*We don’t know who paid/s);
        await row.getByRole("link").click();
        await expect(fact(page, "Counted revenue")).toHaveText("–");

        const link = part(page, "Link customer");
        // It is the first thing to do.
        await expect(page.getByRole("main").locator("form").first()).toContainText("Link payment");
        await link.getByLabel("E-mail, username or external ID").fill("nobody@elsewhere.example");
        await link.getByRole("button", { name: "Link payment" }).click();
        await expect(page.getByRole("alert")).toHaveText("No account has this e-mail address, username or external ID.");
        await expect(link.getByLabel("E-mail, username or external ID")).toHaveValue("nobody@elsewhere.example");
        expect(await host.brought(referrer)).toEqual({ conversions: 0, revenue: [] });
        await link.getByLabel("E-mail, username or external ID").fill(friend.email);
        await link.getByRole("button", { name: "Link payment" }).click();
        await expectPayment(page, "Payment linked", "Payment of $49.00", {
          "Counted revenue": "$41.18",
          "Credited code": referrer.code,
        });
        await expect(fact(page, "Customer").getByRole("link")).toHaveAttribute("href", `/admin/users/${friend.id}`);
        expect(await host.brought(referrer)).toEqual({ conversions: 1, revenue: usd(4_118) });
        await fact(page, "Referrer").getByRole("link").click();
        await expect(part(page, "Account")).toContainText("$41.18");
      });
    }
  });
}

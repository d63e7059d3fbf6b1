import type { Locator, Page } from "@playwright/test";
import { check } from "./accessible";
import { databases, Host } from "./host";
import { awake, expect, linkOf, newPerson, servers, signUp, test, UNCACHED } from "./support";

test.skip(!servers.binary, "PASSALONG_BIN names the server to start");

const DAY = 24 * 60 * 60 * 1_000;

interface Rule {
  id: number;
  trigger: string;
}

/** The cards of a dashboard in one state. */
function cards(page: Page, state: string): Locator {
  return page.locator(`[data-testid=reward][data-state=${state}]`);
}

/** The card that speaks of something. */
function card(page: Page, text: string | RegExp): Locator {
  return page.getByTestId("reward").filter({ hasText: text });
}

/** Moves the time of the server. */
async function pass(host: Host, milliseconds: number): Promise<void> {
  const answer = await fetch(`${host.server.url}/test/clock`, {
    method: "POST",
    body: JSON.stringify({ advance_ms: milliseconds }),
  });
  expect(answer.status).toBe(200);
}

for (const [database, settings] of Object.entries(databases)) {
  test.describe(`on ${database}`, () => {
    test.skip(!settings, "there is no such database");
    let host: Host;

    test.beforeAll(async () => {
      host = await Host.start({ ...(settings ?? {}), TEST_CLOCK: "on" });
      // Money at once, so that it can be redeemed and taken back on the same day.
      const known = await host.api<{ data: Rule[] }>("GET", "/rules", 200);
      if (known.data.some(({ trigger }) => trigger === "every_conversion")) return;
      await host.api<Rule>("POST", "/rules", 201, {
        trigger: "every_conversion",
        kind: "account_credit",
        amount: 500,
        currency: "USD",
        hold_days: 0,
      });
    });

    test.beforeEach(({ guard }) => guard.trust(host.server.url));

    test.afterAll(async () => {
      await host.server.run("verify").finally(() => host.end());
    });

    for (const javaScriptEnabled of [true, false]) {
      const how = javaScriptEnabled ? "with scripts" : "without scripts";

      test(`both sides watch their rewards, redeem, choose and lose them, ${how}`, async ({ open }) => {
        const [ann, bob] = [newPerson("ann"), newPerson("bob")];
        const [mine, theirs] = [await open({ javaScriptEnabled }), await open({ javaScriptEnabled })];
        const follow = async () => {
          if (!javaScriptEnabled) await mine.reload();
        };
        await signUp(mine, ann, `${host.server.url}/signup`);
        if (javaScriptEnabled) await awake(mine);
        await expect(mine.getByText("No rewards yet")).toBeVisible();

        await theirs.goto(await linkOf(mine));
        await expect(theirs.getByTestId("welcome")).toContainText("7 days of Pro");
        await signUp(theirs, bob);
        await expect(cards(theirs, "active")).toHaveCount(3);
        await expect(theirs.locator("[data-testid=balance][data-kind=extra_messages]")).toContainText("5 messages available");
        await follow();
        await expect(cards(mine, "pending")).toHaveCount(2);
        await expect(card(mine, "10 extra messages")).toContainText("On hold until");

        const friend = await host.api<{ data: { id: number }[] }>("GET", `/users?email=${bob.email}`, 200);
        const paid = await host.api<{ id: number }>("POST", "/conversions", 201, {
          user_id: friend.data[0]?.id,
          source_id: `order-${bob.username}`,
          amount: 5_000,
          currency: "USD",
        });
        await follow();
        await expect(card(mine, "Choose your reward")).toHaveAttribute("data-state", "pending");
        const credit = card(mine, "$5.00");
        await expect(credit).toHaveAttribute("data-state", "active");

        await credit.getByRole("button", { name: /^Redeem/ }).click();
        await expect(credit).toHaveAttribute("data-state", "redeemed");
        await card(mine, "Choose your reward").getByLabel("50 extra messages and 25 extra requests").check();
        await card(mine, "Choose your reward").getByRole("button", { name: "Choose" }).click();
        await expect(card(mine, "50 extra messages")).toHaveAttribute("data-state", "pending");
        await expect(card(mine, "Choose your reward")).toHaveCount(0);

        await host.api("POST", `/conversions/${paid.id}/refunds`, 201, {
          source_id: `refund-${bob.username}`,
          amount: 5_000,
        });
        await follow();
        await expect(credit).toHaveAttribute("data-state", "reversed");
        await expect(credit).toContainText("the payment was refunded");
        await expect(credit).toContainText("You need to pay back $5.00.");
        await expect(card(mine, "50 extra messages")).toHaveAttribute("data-state", "voided");
        if (javaScriptEnabled) await check(mine, `rewards-${database}`, "light");
      });

      test(`a second redemption is refused kindly, ${how}`, async ({ open, guard }) => {
        guard.allow(/status of 409/, /ERR_FAILED/, UNCACHED);
        const [ann, bob] = [newPerson("ann"), newPerson("bob")];
        const mine = await open({ javaScriptEnabled });
        // Nothing tells this page what happens elsewhere.
        await mine.context().route("**/live*", (route) => route.abort());
        await signUp(mine, ann, `${host.server.url}/signup`);
        const theirs = await open();
        await signUp(theirs, bob, await linkOf(mine));
        await pass(host, 8 * DAY);
        await expect(async () => {
          await mine.reload();
          await expect(cards(mine, "active")).toHaveCount(2, { timeout: 500 });
        }).toPass();
        if (javaScriptEnabled) await awake(mine);
        const found = await host.api<{ data: { id: number }[] }>("GET", `/users?email=${ann.email}`, 200);
        const rewards = await host.api<{ data: { id: number; kind: string }[] }>(
          "GET",
          `/users/${found.data[0]?.id}/rewards`,
          200,
        );
        const reward = rewards.data.find(({ kind }) => kind === "extra_requests");
        await host.api("POST", `/rewards/${reward?.id}/redeem`, 200, { source_id: `order-${reward?.id}` });
        const requests = card(mine, "5 extra project requests");
        await requests.getByRole("button", { name: /^Redeem/ }).click();
        await expect(mine.getByRole("alert")).toHaveText("This reward has already been redeemed.");
      });
    }
  });
}

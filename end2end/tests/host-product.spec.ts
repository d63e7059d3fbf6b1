import { Product } from "../product/product";
import { emptyDatabases, endpoints, Host, newName, payment } from "./host";
import { expect, servers, test } from "./support";

test.skip(!servers.binary, "PASSALONG_BIN names the server to start");

for (const [database, settings] of Object.entries(emptyDatabases)) {
  test(`a host product goes from a friend's click to a delivered reward, on ${database}`, async ({ guard, open }) => {
    test.skip(!settings, "there is no such database");
    test.slow();
    const host = await Host.start({ ...settings, WEBHOOK_ALLOW_PRIVATE: "true" });
    const { messages } = endpoints.after;
    const product = new Product({ url: host.server.url, key: host.key }, async ({ id, email }) => {
      const paid = payment({ external_id: id, email });
      await host.deliver(endpoints.after, messages.checkout(paid), messages.paid(paid), messages.joined(paid));
    });
    try {
      const home = await product.start();
      guard.trust(host.server.url);
      guard.trust(home);
      await host.api("PATCH", "/settings", 200, { link_destination: `${home}/join` });
      await host.api("POST", "/rules", 201, {
        name: "Credit for a paying friend",
        trigger: "first_conversion",
        recipient: "referrer",
        kind: "account_credit",
        amount: 1_000,
        currency: "USD",
        hold_days: 0,
      });
      const endpoint = await host.api<{ secret: string }>("POST", "/webhook-endpoints", 201, {
        url: `${home}/hooks/passalong`,
        events: ["reward.activated"],
      });
      product.receive(endpoint.secret);

      const [ann, bob] = [await open(), await open()];
      await ann.goto(`${home}/join`);
      await ann.getByLabel("E-mail").fill(`${newName()}@example.com`);
      await ann.getByRole("button", { name: "Join" }).click();
      await ann.getByRole("button", { name: "Invite friends" }).click();
      await ann.waitForURL(`${host.server.url}/dashboard`);
      const link = (await ann.getByTestId("referral-link").getAttribute("value")) ?? "";

      await bob.goto(link);
      expect(bob.url()).toContain(`${home}/join?ref=`);
      await bob.getByLabel("E-mail").fill(`${newName()}+friend@example.com`);
      await bob.getByRole("button", { name: "Join" }).click();
      await expect(ann.getByTestId("signups")).toHaveText("1");
      await bob.getByRole("button", { name: "Subscribe for $49" }).click();
      await expect(ann.getByTestId("conversions")).toHaveText("1");

      const reward = ann.locator("[data-testid=reward][data-kind=account_credit][data-state=active]");
      await expect(reward).toHaveCount(1);
      const mine = await open();
      await mine.context().addCookies([{ name: "customer", value: "c1", url: home }]);
      await expect(async () => {
        await mine.goto(home);
        await expect(mine.getByText("Credit: $10.00")).toBeVisible({ timeout: 500 });
      }).toPass({ timeout: 10_000 });
      await expect
        .poll(async () => {
          const query = `/rewards?kind=account_credit&delivery=delivered`;
          return (await host.api<{ data: object[] }>("GET", query, 200)).data.length;
        })
        .toBe(1);
      await host.server.run("verify");
    } finally {
      product.stop();
      await host.end();
    }
  });
}

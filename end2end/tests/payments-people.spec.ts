import type { Payment } from "../stripe/payment";
import { type Conversion, databases, endpoints, Host, newName, now, payment, type User } from "./host";
import { expect, servers, test } from "./support";

test.skip(!servers.binary, "PASSALONG_BIN names the server to start");

const DAY = 86_400;
const usd = (amount: number) => [{ amount, currency: "USD" }];

for (const [database, settings] of Object.entries(databases)) {
  test.describe(`on ${database}`, () => {
    test.skip(!settings, "there is no such database");
    let host: Host;

    test.beforeAll(async () => {
      host = await Host.start(settings ?? {});
    });

    test.afterAll(async () => {
      await host.server.run("verify").finally(() => host.end());
    });

    for (const [form, endpoint] of Object.entries(endpoints)) {
      const { messages } = endpoint;

      test(`who pays before signing up counts from then on, ${form}`, async () => {
        const referrer = await host.join();
        for (const clue of ["by the host’s id", "by e-mail"]) {
          const name = newName();
          const typed = ` ${name.toUpperCase()}@Example.com`;
          const named = clue === "by e-mail" ? { user: null, email: typed } : { email: null };
          const paid = payment({ external_id: name, email: "" }, named);
          const renewal = payment({ external_id: name, email: "" }, { user: null, email: null });
          const old = payment({ external_id: name, email: "" }, { user: null, email: null, at: now() - 2 * DAY });
          // The refund before the payment, what the customer paid later before it is known who that is.
          await host.deliver(
            endpoint,
            messages.refunded(paid, 900),
            messages.paid(renewal, { reason: "subscription_cycle" }),
            messages.joined(paid),
            messages.paid(paid),
            messages.paid(old),
            messages.checkout(paid),
          );
          const parked = await host.api<{ data: Conversion[] }>("GET", "/conversions?state=parked", 200);
          expect(parked.data.filter(({ refs }) => refs.includes(`in_${paid.name}`))).toMatchObject([
            { user_id: null, parked_because: "unknown_person", refunded: 900 },
          ]);
          const before = await host.brought(referrer);
          const friend = await host.join(referrer, { name });
          expect(await host.paid(friend, "counted"), clue).toHaveLength(2);
          expect(await host.paid(friend, "parked"), clue).toMatchObject([{ parked_because: "before_sign_up" }]);
          const more = Math.round((4_118 * 4_000) / 4_900) + 4_118;
          expect(await host.brought(referrer), clue).toEqual({
            conversions: before.conversions + 1,
            revenue: usd((before.revenue[0]?.amount ?? 0) + more),
          });
        }
      });

      test(`a trial converts nobody, the first payment after it does, ${form}`, async () => {
        const referrer = await host.join();
        const friend = await host.join(referrer);
        const trial = payment(friend, { amount: 0, net: 0 });
        await host.deliver(endpoint, messages.checkout(trial, "no_payment_required"), messages.paid(trial));
        expect(await host.brought(referrer)).toEqual({ conversions: 0, revenue: [] });
        expect(await host.paid(friend)).toEqual([]);
        // Of what comes later only the customer is known.
        const first = payment(friend, { user: null, email: null });
        await host.deliver(endpoint, messages.charged(first), messages.paid(first, { reason: "subscription_cycle" }));
        expect(await host.brought(referrer)).toEqual({ conversions: 1, revenue: usd(4_118) });
      });

      test(`one-time payments are money when they are paid, ${form}`, async () => {
        const referrer = await host.join();
        const friend = await host.join(referrer);
        const sale = payment(friend, { sale: true });
        await host.deliver(endpoint, messages.checkout(sale, "unpaid"));
        expect(await host.paid(friend)).toEqual([]);
        await host.deliver(endpoint, messages.arrived(sale), messages.intent(sale), messages.charged(sale));
        expect(await host.paid(friend)).toMatchObject([{ state: "counted", amount: 4_900, net_amount: 4_118 }]);
        expect(await host.brought(referrer)).toEqual({ conversions: 1, revenue: usd(4_118) });
      });

      test(`an invoice that was marked as paid waits until something joins it, ${form}`, async () => {
        const referrer = await host.join();
        const friend = await host.join(referrer);
        const paid = payment(friend);
        await host.deliver(endpoint, messages.paid(paid, { reason: "manual", attempts: 0 }));
        expect(await host.paid(friend)).toMatchObject([{ state: "parked", parked_because: "unconfirmed" }]);
        expect(await host.brought(referrer)).toEqual({ conversions: 0, revenue: [] });
        await host.deliver(endpoint, messages.charged(paid), messages.joined(paid));
        expect(await host.paid(friend)).toMatchObject([{ state: "counted" }]);
      });

      test(`the strongest word says who pays, ${form}`, async () => {
        const referrer = await host.join();
        const people: User[] = [];
        for (const _ of ["metadata", "reference", "customer", "e-mail"]) people.push(await host.join(referrer));
        const [byMetadata, byReference, byCustomer, byEmail] = people;
        const customer = `cus_${byCustomer.external_id}`;
        await host.deliver(endpoint, messages.checkout(payment(byCustomer)));
        const told: [User, Partial<Payment>][] = [
          [byMetadata, { tag: byMetadata.external_id, user: byReference.external_id, customer: `cus_${newName()}` }],
          [byMetadata, { tag: String(byMetadata.id), user: null, customer: `cus_${newName()}` }],
          [byReference, { user: byReference.external_id, customer: `cus_${newName()}` }],
          [byReference, { user: String(byReference.id), customer: `cus_${newName()}` }],
          [byCustomer, { user: null, customer }],
          [byEmail, { user: null, customer: `cus_${newName()}` }],
        ];
        for (const [person, words] of told) {
          const paid = payment(byEmail, words);
          await host.deliver(endpoint, messages.checkout(paid), messages.paid(paid));
          const found = (await host.paid(person)).filter(({ refs }) => refs.includes(`in_${paid.name}`));
          expect(found, JSON.stringify(words)).toMatchObject([{ state: "counted" }]);
        }
        expect(await host.brought(referrer)).toEqual({ conversions: 4, revenue: usd(6 * 4_118) });
      });

      test(`events of test mode count where the setting says so, and are marked, ${form}`, async () => {
        const referrer = await host.join();
        const friend = await host.join(referrer);
        const pay = async (livemode: boolean) => {
          const paid = payment(friend, { livemode });
          await host.deliver(endpoint, messages.checkout(paid), messages.paid(paid), messages.charged(paid));
        };
        await pay(false);
        expect(await host.paid(friend)).toEqual([]);
        await host.api("PATCH", "/settings", 200, { stripe_test_events: true });
        await pay(false);
        expect(await host.paid(friend)).toMatchObject([{ state: "counted", livemode: false }]);
        await host.api("PATCH", "/settings", 200, { stripe_test_events: false });
        await pay(false);
        await pay(true);
        expect((await host.paid(friend)).map(({ livemode }) => livemode)).toEqual([true, false]);
        expect(await host.brought(referrer)).toEqual({ conversions: 1, revenue: usd(2 * 4_118) });
      });

      test(`the host and Stripe may tell of the same payment, ${form}`, async () => {
        const referrer = await host.join();
        const friend = await host.join(referrer);
        const tell = (paid: Payment, status: number, more: object = {}) =>
          host.api<Conversion>("POST", "/conversions", status, {
            external_id: friend.external_id,
            source_id: `order-${paid.name}`,
            amount: 4_900,
            net_amount: 4_118,
            currency: "USD",
            provider_refs: [`pi_${paid.name}`],
            ...more,
          });
        const all = (paid: Payment) => [messages.charged(paid), messages.paid(paid), messages.joined(paid)];

        const hostFirst = payment(friend);
        const told = await tell(hostFirst, 201);
        await host.deliver(endpoint, ...all(hostFirst));
        const stripeFirst = payment(friend);
        await host.deliver(endpoint, ...all(stripeFirst));
        await tell(stripeFirst, 200);
        await tell(stripeFirst, 409, { amount: 5_000 });
        expect(await host.brought(referrer)).toEqual({ conversions: 1, revenue: usd(2 * 4_118) });

        // Both tell of the same refund: the greater sum counts, not both.
        await host.api("POST", `/conversions/${told.id}/refunds`, 201, { source_id: "r-1", amount: 1_000 });
        await host.deliver(endpoint, messages.refunded(hostFirst, 1_500));
        expect(await host.api("GET", `/conversions/${told.id}`, 200)).toMatchObject({
          refunded: 1_500,
          state: "counted",
        });

        // Stripe knows better how much it was.
        const dearer = payment(friend);
        const { id } = await tell(dearer, 201, { amount: 9_900, net_amount: 9_900 });
        await host.deliver(endpoint, ...all(dearer));
        expect(await host.api("GET", `/conversions/${id}`, 200)).toMatchObject({ amount: 4_900, net_amount: 4_118 });

        // Nobody knew that the two are one: then the older one stays.
        const apart = payment(friend);
        const older = await tell(apart, 201, { provider_refs: [] });
        await host.deliver(endpoint, ...all(apart));
        expect(await host.paid(friend, "counted")).toHaveLength(5);
        expect((await tell(apart, 200)).id).toBe(older.id);
        expect(await host.paid(friend, "counted")).toHaveLength(4);
        const duplicates = await host.paid(friend, "duplicate");
        expect(duplicates.filter(({ duplicate_of }) => duplicate_of === older.id)).toHaveLength(1);
        const revenue = Math.round((4_118 * 3_400) / 4_900) + 3 * 4_118;
        expect(await host.brought(referrer)).toEqual({ conversions: 1, revenue: usd(revenue) });

        // Payments of two people are never one.
        const other = await host.join(referrer);
        const [mine, theirs] = [payment(friend), payment(other)];
        await tell(mine, 201, { provider_refs: [] });
        await host.deliver(endpoint, messages.checkout(theirs), messages.paid(theirs));
        await tell(mine, 409, { provider_refs: [`in_${theirs.name}`] });
        expect(await host.paid(other)).toMatchObject([{ state: "counted" }]);
      });

      test(`amounts have the units of ISO 4217, ${form}`, async () => {
        const referrer = await host.join();
        const friend = await host.join(referrer);
        for (const [currency, sent, amount] of AMOUNTS) {
          const paid = payment(friend, { currency, amount: sent, net: sent });
          await host.deliver(endpoint, messages.checkout(paid), messages.paid(paid), messages.joined(paid));
          // A tenth of each was refunded.
          await host.deliver(endpoint, messages.refunded(paid, sent / 10));
          const [found] = await host.paid(friend);
          expect(found).toMatchObject({ currency: currency.toUpperCase(), amount, refunded: amount / 10 });
        }
        const revenue = AMOUNTS.map(([currency, , amount]) => ({
          amount: (amount * 9) / 10,
          currency: currency.toUpperCase(),
        }));
        expect(await host.brought(referrer)).toEqual({ conversions: 1, revenue });
      });
    }
  });
}

/** What Stripe sends of a currency, by its documentation, and what that is in the smallest units. */
const AMOUNTS: [string, number, number][] = [
  ["bhd", 1_250, 1_250],
  ["eur", 500, 500],
  ["huf", 50_000, 50_000],
  ["isk", 199_000, 1_990],
  ["jpy", 500, 500],
  ["krw", 500, 500],
  ["kwd", 1_250, 1_250],
  ["mga", 500, 50_000],
  ["twd", 50_000, 50_000],
  ["ugx", 500_000, 5_000],
  ["vnd", 500, 500],
  ["xaf", 500, 500],
];

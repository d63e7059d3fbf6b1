import type { Event, Messages, Payment, Refund } from "../stripe/payment";
import {
  databases,
  each,
  type Endpoint,
  endpoints,
  Host,
  payment,
  random,
  revenueOf,
  shuffled,
  type User,
} from "./host";
import { expect, servers, test } from "./support";

test.skip(!servers.binary, "PASSALONG_BIN names the server to start");

/** An event on its way by an endpoint. */
interface Delivery {
  endpoint: Endpoint;
  event: Event;
}

/** How a payment is told of: before a change of the API's version, after it, or by one endpoint of each. */
const FORMS = ["before", "after", "both"] as const;
type Form = (typeof FORMS)[number];

/** What may happen to a payment, and how much of it is given back in the end. */
const STORIES: { refunded: number; state?: string; tell: (messages: Messages, paid: Payment) => Event[] }[] = [
  { refunded: 0, tell: () => [] },
  {
    refunded: 1_900,
    tell: (messages, paid) => [
      messages.refund("refund.created", paid, refund(paid, 1_000, "pending")),
      messages.refund("charge.refund.updated", paid, refund(paid, 1_000, "succeeded")),
      messages.refund("refund.created", paid, refund(paid, 900, "succeeded")),
      messages.refunded(paid, 1_900),
    ],
  },
  {
    refunded: 4_900,
    state: "refunded",
    tell: (messages, paid) => [
      messages.refund("refund.created", paid, refund(paid, 4_900, "succeeded")),
      messages.refunded(paid, 4_900),
    ],
  },
  {
    refunded: 4_900,
    state: "refunded",
    tell: (messages, paid) => [
      messages.dispute("charge.dispute.created", paid, "needs_response"),
      messages.dispute("charge.dispute.closed", paid, "lost"),
    ],
  },
  {
    refunded: 0,
    tell: (messages, paid) => [
      messages.refund("refund.created", paid, refund(paid, 1_000, "pending")),
      messages.refunded(paid, 1_000),
      messages.refund("refund.failed", paid, refund(paid, 1_000, "failed")),
    ],
  },
  {
    refunded: 0,
    tell: (messages, paid) => [
      messages.dispute("charge.dispute.created", paid, "needs_response"),
      messages.dispute("charge.dispute.closed", paid, "won"),
    ],
  },
  {
    refunded: 0,
    state: "disputed",
    tell: (messages, paid) => [messages.dispute("charge.dispute.created", paid, "under_review")],
  },
];

for (const [database, settings] of Object.entries(databases)) {
  test.describe(`on ${database}`, () => {
    test.skip(!settings, "there is no such database");
    let host: Host;

    test.beforeAll(async () => {
      host = await Host.start(settings ?? {});
    });

    test.afterAll(async () => {
      // What was counted step by step is what is there.
      await host.server.run("verify").finally(() => host.end());
    });

    test("the messages of a payment may come in any order, and twice", async () => {
      const referrer = await host.join();
      // 20 of the 720 orders, as far apart as they can be, and others on the other database.
      const turn = database === "sqlite" ? 0 : 18;
      const orders = permutations([0, 1, 2, 3, 4, 5]).filter((_, index) => index % 36 === turn);
      await each(orders, 8, async (order, index) => {
        const [form, chance] = [FORMS[index % FORMS.length], random(index)];
        const friend = await host.join(referrer);
        const paid = payment(friend);
        const messages = sixMessages(paid, form).map((both) => shuffled(both, chance));
        for (const message of twice(order, chance)) await send(host, messages[message].shift());
        expect(await host.paid(friend), `${form}, in the order ${order}`).toMatchObject([
          {
            state: "counted",
            amount: 4_900,
            net_amount: 4_118,
            currency: "USD",
            refunded: 1_000,
            refs: [`ch_${paid.name}`, `cs_${paid.name}`, `in_${paid.name}`, `pi_${paid.name}`],
            livemode: true,
            product: "prod_pro",
          },
        ]);
      });
      // 4118 × 3900 ÷ 4900 is 3278.
      const revenue = [{ amount: 20 * 3_278, currency: "USD" }];
      expect(await host.brought(referrer)).toEqual({ conversions: 20, revenue });
    });

    test("50 payments are 50 payments, though each is told of 20 times, ten at a time", async () => {
      const chance = random(50);
      const referrer = await host.join();
      const friends: User[] = [];
      await each(Array.from({ length: 25 }), 5, async () => void friends.push(await host.join(referrer)));
      const payments = Array.from({ length: 50 }, (_, index) => {
        const friend = friends[index >> 1];
        const [form, story] = [FORMS[index % FORMS.length], STORIES[index % STORIES.length]];
        // Of a renewal only the customer is known.
        const isRenewal = index % 2 === 1;
        const paid = payment(friend, isRenewal ? { user: null, email: null } : {});
        const reason = isRenewal ? "subscription_cycle" : "subscription_create";
        const tell = (messages: Messages) => [
          ...(isRenewal ? [] : [messages.checkout(paid)]),
          messages.paid(paid, { reason }),
          messages.paid(paid, { reason, kind: "invoice.payment_succeeded" }),
          messages.joined(paid),
          messages.intent(paid),
          messages.charged(paid),
          ...story.tell(messages, paid),
        ];
        const told = tellings(form, tell).flat();
        const again = Array.from({ length: 20 - told.length }, () => told[Math.floor(chance() * told.length)]);
        return { friend, paid, story, deliveries: [...told, ...again] };
      });
      const deliveries = shuffled(
        payments.flatMap((one) => one.deliveries),
        chance,
      );
      expect(deliveries).toHaveLength(1_000);

      const took: number[] = [];
      await each(deliveries, 10, async (delivery) => {
        const begun = performance.now();
        await send(host, delivery);
        took.push(performance.now() - begun);
      });
      const slowest = `${Math.max(...took).toFixed(0)} ms`;
      test.info().annotations.push({ type: "slowest of 1000 answers", description: slowest });
      console.log(`slowest of 1000 answers on ${database}: ${slowest}`);

      for (const { friend, paid, story } of payments) {
        const found = (await host.paid(friend)).filter(({ refs }) => refs.includes(`in_${paid.name}`));
        expect(found, paid.name).toMatchObject([{ state: story.state ?? "counted", refunded: story.refunded }]);
      }
      for (const friend of friends) expect(await host.paid(friend)).toHaveLength(2);
      const converted = payments.filter(({ story }) => story.refunded < 4_900).map(({ friend }) => friend);
      const amount = payments.reduce((sum, { paid, story }) => sum + revenueOf(paid, story.refunded), 0);
      expect(await host.brought(referrer)).toEqual({
        conversions: new Set(converted).size,
        revenue: [{ amount, currency: "USD" }],
      });
    });
  });
}

async function send(host: Host, delivery?: Delivery): Promise<void> {
  if (!delivery) throw new Error("there is nothing to send");
  await host.deliver(delivery.endpoint, delivery.event);
}

/** The messages of a payment of which 1000 were refunded, each as it is sent twice. */
function sixMessages(paid: Payment, form: Form): Delivery[][] {
  return tellings(form, (messages) => [
    messages.checkout(paid),
    messages.paid(paid),
    messages.joined(paid),
    messages.charged(paid),
    messages.refunded(paid, 1_000),
    messages.refund("refund.created", paid, refund(paid, 1_000, "succeeded")),
  ]).map((told) => (told.length === 2 ? told : [...told, ...told]));
}

/** What the endpoints send of each event: one of them, or both, in their own forms. */
function tellings(form: Form, tell: (messages: Messages) => Event[]): Delivery[][] {
  const by = (endpoint: Endpoint) => tell(endpoint.messages).map((event) => ({ endpoint, event }));
  if (form !== "both") return by(endpoints[form]).map((delivery) => [delivery]);
  const newer = by(endpoints.after);
  return by(endpoints.before).map((older, index) => [older, newer[index]]);
}

/** The refund of an amount: two of one payment are of different amounts. */
function refund(paid: Payment, amount: number, status: Refund["status"]): Refund {
  return { name: `${paid.name}_${amount}`, amount, status };
}

function permutations<T>(items: T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}

/** Each item a second time, somewhere after its first. */
function twice<T>(items: T[], chance: () => number): T[] {
  const all = [...items];
  for (const item of items) {
    const first = all.indexOf(item);
    all.splice(first + 1 + Math.floor(chance() * (all.length - first)), 0, item);
  }
  return all;
}

import type { Page } from "@playwright/test";
import type { Event, Payment } from "../stripe/payment";
import { check, LOOKS } from "./accessible";
import { type Conversion, endpoints, Host, owner, payment, type User } from "./host";
import { expect, servers, signIn, submit, test } from "./support";

test.skip(!servers.binary, "PASSALONG_BIN names the server to start");

// The pictures that are kept show enough.
test.use({ trace: "off" });

const stripe = endpoints.after;
const { messages } = stripe;

let host: Host;
/** The pages of payments, by how they stand. */
const pages: Record<string, string> = {};

test.beforeAll(async () => {
  host = await Host.start({});
  const referrer = await host.join();
  const friend = await host.join(referrer);
  for (const [name, { more, then }] of Object.entries(STATES)) {
    const paid = payment(friend, more);
    await host.deliver(stripe, messages.charged(paid), messages.paid(paid), messages.joined(paid), ...then(paid));
    const { id } = (await host.paid(friend)).find(({ refs }) => refs.includes(`in_${paid.name}`))!;
    pages[name] = `/admin/conversions/${id}`;
  }
  const told = { external_id: friend.external_id, source_id: "order-1", amount: 4_900, currency: "EUR" };
  pages.told = `/admin/conversions/${(await host.api<Conversion>("POST", "/conversions", 201, told)).id}`;
  pages.merged = `/admin/conversions/${await paidTwice(host, friend)}`;
  pages.duplicate = `/admin/conversions/${(await host.paid(friend, "duplicate"))[0].id}`;
  pages.parked = `/admin/conversions/${(await host.paidByStranger(stripe)).id}`;
  pages["all-parked"] = "/admin/conversions?state=parked";
  pages.all = "/admin/conversions";
  pages.statistics = "/admin";
  pages.referrer = `/admin/users/${referrer.id}`;
  await failJob(host);
  pages.system = "/admin/system";
});

test.beforeEach(({ guard }) => guard.trust(host.server.url));
test.afterAll(() => host.end());

for (const [look, options] of Object.entries(LOOKS)) {
  test(`pages with payments are accessible, ${look}`, async ({ open }) => {
    test.slow();
    const page = await open({ ...options, reducedMotion: "reduce" });
    await signIn(page, owner, `${host.server.url}/signin`);
    await expect(page).toHaveURL(/\/admin$/);
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(host.server.url + path);
      await page.locator("details").evaluateAll((all) => all.forEach((one) => one.setAttribute("open", "")));
      await check(page, `payments-${name}`, look);
      if (look === "narrow" && /^(all|system)/.test(name)) await expectBlocks(page);
    }
    await page.goto(`${host.server.url}/admin/conversions/new`);
    await submit(page, "Add payment").click();
    await expect(page.getByRole("alert")).toHaveCount(2);
    await check(page, "payments-new-refused", look);
  });
}

/** Payments as Stripe tells of them. */
const STATES: Record<string, { more?: Partial<Payment>; then: (paid: Payment) => Event[] }> = {
  counted: { then: () => [] },
  yen: { more: { currency: "jpy" }, then: () => [] },
  dinars: { more: { currency: "kwd" }, then: () => [] },
  partly: { then: (paid) => [messages.refunded(paid, 1_900)] },
  refunded: { then: (paid) => [messages.refunded(paid, 4_900)] },
  disputed: { then: (paid) => [messages.dispute("charge.dispute.created", paid, "needs_response")] },
};

/** The host and Stripe tell of one payment, and only later that it is the same. The page of which stays. */
async function paidTwice(host: Host, { external_id, email }: User): Promise<number> {
  const paid = payment({ external_id, email });
  const told = { external_id, source_id: `order-${paid.name}`, amount: 4_900, currency: "USD" };
  const { id } = await host.api<Conversion>("POST", "/conversions", 201, told);
  await host.deliver(stripe, messages.charged(paid), messages.paid(paid), messages.joined(paid));
  await host.api("POST", "/conversions", 200, { ...told, provider_refs: [`pi_${paid.name}`] });
  return id;
}

/** Asks for 33 codes where 32 are possible, each by a job of its own, until one has failed. */
async function failJob(host: Host): Promise<void> {
  const codes = { count: 1, length: 1, prefix: "FAIR-", description: "Tickets of the fair" };
  const ask = () => host.api<{ id: number }>("POST", "/codes/bulk", 202, codes);
  const jobs = await Promise.all(Array.from({ length: 33 }, ask));
  const state = async (id: number) => (await host.api<{ state: string }>("GET", `/codes/bulk/${id}`, 200)).state;
  await expect.poll(() => Promise.all(jobs.map(({ id }) => state(id)))).toContain("failed");
}

/** Each row of the tables is a block that fits, with its values named. */
async function expectBlocks(page: Page): Promise<void> {
  const tables = page.getByRole("main").locator(".table");
  const widths = await tables.evaluateAll((all) => all.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
  expect.soft(widths.filter((beyond) => beyond > 0), `${page.url()} has no table that scrolls`).toEqual([]);
  await expect.soft(tables.first().locator("td[data-label]").first()).toBeVisible();
}

// The messages that are kept as files, for tests that read them without these libraries.

import { after, thin } from "./after";
import { before } from "./before";
import type { Messages, Payment } from "./payment";

/** Bob pays a subscription for the first time. */
const FIRST: Payment = {
  name: "1",
  customer: "cus_1",
  user: "bob",
  email: "bob@example.com",
  amount: 4_900,
  net: 4_118,
  currency: "usd",
  at: 1_794_656_000,
  livemode: true,
  sale: false,
};

const TRIAL: Payment = { ...FIRST, name: "trial", amount: 0, net: 0 };
const MANUAL: Payment = { ...FIRST, name: "manual" };
const SALE: Payment = { ...FIRST, name: "sale", sale: true };
const LATE: Payment = { ...FIRST, name: "late", sale: true };
const TEST_MODE: Payment = { ...FIRST, name: "test", livemode: false };

function messages(of: Messages): Record<string, object> {
  const inCurrency = (currency: string, amount: number) =>
    of.paid({ ...FIRST, name: currency, currency, amount, net: amount });
  const refund = { name: "1", amount: 1_000 };
  return {
    "checkout.session.completed": of.checkout(FIRST),
    "invoice.paid": of.paid(FIRST),
    [of.joined(FIRST).type]: of.joined(FIRST),
    "payment_intent.succeeded": of.intent(FIRST),
    "charge.succeeded": of.charged(FIRST),
    "charge.refunded": of.refunded(FIRST, refund.amount),
    "refund.created": of.refund("refund.created", FIRST, { ...refund, status: "succeeded" }),
    "refund.failed": of.refund("refund.failed", FIRST, { ...refund, status: "failed" }),
    "charge.dispute.created": of.dispute("charge.dispute.created", FIRST, "needs_response"),
    "charge.dispute.closed.won": of.dispute("charge.dispute.closed", FIRST, "won"),
    "charge.dispute.closed.lost": of.dispute("charge.dispute.closed", FIRST, "lost"),
    "trial.checkout.session.completed": of.checkout(TRIAL, "no_payment_required"),
    "trial.invoice.paid": of.paid(TRIAL),
    "manual.invoice.paid": of.paid(MANUAL, { reason: "manual", attempts: 0 }),
    "manual.charge.succeeded": of.charged(MANUAL),
    "sale.checkout.session.completed": of.checkout(SALE),
    "late.checkout.session.completed": of.checkout(LATE, "unpaid"),
    "late.checkout.session.async_payment_succeeded": of.arrived(LATE),
    "test_mode.invoice.paid": of.paid(TEST_MODE),
    // 500 yen, 1.250 dinar, 1990 krónur.
    "jpy.invoice.paid": inCurrency("jpy", 500),
    "kwd.invoice.paid": inCurrency("kwd", 1_250),
    "isk.invoice.paid": inCurrency("isk", 199_000),
  };
}

/** Every file below `tests/fixtures/stripe`, by its path without `.json`. */
export const fixtures: Record<string, object> = Object.fromEntries([
  ...Object.entries(messages(before)).map(([name, event]) => [`before/${name}`, event]),
  ...Object.entries({ ...messages(after), "thin.invoice.paid": thin(FIRST) }).map(([name, event]) => [
    `after/${name}`,
    event,
  ]),
]);

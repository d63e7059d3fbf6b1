// Objects that are the same in both versions of Stripe's API: the compiler holds them against both libraries.

import type Stripe from "stripe";
import type { Billing, CheckoutStatus, DisputeStatus, Event, Messages, Part, Payment, Refund } from "./payment";

const MONTH = 30 * 86_400;

/** What an event of a type is about. */
type ObjectOf<Type extends Stripe.Event.Type> = Part<Extract<Stripe.Event, { type: Type }>["data"]["object"]> & object;

/** Makes the events of one version of the API; `key` tells those of one type apart. */
export function eventsOf(version: Stripe.LatestApiVersion) {
  return <Type extends Stripe.Event.Type>(type: Type, key: string, of: Payment, object: ObjectOf<Type>): Event => {
    const event = {
      id: `evt_${type.replaceAll(".", "_")}_${key}`,
      object: "event",
      api_version: version,
      created: of.at,
      livemode: of.livemode,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      type,
      data: { object },
    } satisfies Stripe.EventBase;
    return event;
  };
}

/** The messages whose objects are the same in both. */
export function sameIn(
  version: Stripe.LatestApiVersion,
): Pick<Messages, "checkout" | "arrived" | "refund" | "dispute"> {
  const event = eventsOf(version);
  return {
    checkout: (of, status = "paid") => event("checkout.session.completed", of.name, of, checkoutSession(of, status)),
    arrived: (of) => event("checkout.session.async_payment_succeeded", of.name, of, checkoutSession(of, "paid")),
    refund: (kind, of, refund) => event(kind, `${refund.name}_${refund.status}`, of, refundOf(of, refund)),
    dispute: (kind, of, status) => event(kind, `${of.name}_${status}`, of, disputeOf(of, status)),
  };
}

/** What anything in the JSON of a payment begins with. */
function stamp({ at, currency, livemode }: Payment) {
  return { created: at, currency, livemode };
}

/** Who pays, in the words of the host product. */
export function metadata({ tag }: Payment): Record<string, string> {
  return tag === undefined ? {} : { passalong_user: tag };
}

function checkoutSession(of: Payment, status: CheckoutStatus) {
  return {
    id: `cs_${of.name}`,
    object: "checkout.session",
    ...stamp(of),
    amount_subtotal: of.amount,
    amount_total: of.amount,
    client_reference_id: of.user,
    customer: of.customer,
    customer_details: { email: of.email, name: null, phone: null, address: null, tax_exempt: "none", tax_ids: [] },
    customer_email: null,
    invoice: of.sale ? null : `in_${of.name}`,
    metadata: metadata(of),
    mode: of.sale ? "payment" : "subscription",
    payment_intent: of.sale ? `pi_${of.name}` : null,
    payment_method_types: ["card"],
    payment_status: status,
    status: "complete",
    subscription: of.sale ? null : `sub_${of.customer}`,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: of.amount - of.net },
  } satisfies Part<Stripe.Checkout.Session>;
}

export function invoice(of: Payment, { reason = "subscription_create", attempts = 1 }: Billing) {
  return {
    id: `in_${of.name}`,
    object: "invoice",
    ...stamp(of),
    amount_due: of.amount,
    amount_paid: of.amount,
    amount_remaining: 0,
    attempt_count: attempts,
    attempted: true,
    billing_reason: reason,
    collection_method: reason === "manual" ? "send_invoice" : "charge_automatically",
    customer: of.customer,
    customer_email: of.email,
    metadata: {},
    period_end: of.at,
    period_start: of.at,
    status: "paid",
    status_transitions: { finalized_at: of.at, marked_uncollectible_at: null, paid_at: of.at, voided_at: null },
    subtotal: of.amount,
    subtotal_excluding_tax: of.net,
    total: of.amount,
    total_excluding_tax: of.net,
  } satisfies Part<Stripe.Invoice>;
}

export function invoiceLine(of: Payment) {
  return {
    id: `il_${of.name}`,
    object: "line_item",
    amount: of.amount,
    currency: of.currency,
    description: "1 × Pro (monthly)",
    livemode: of.livemode,
    metadata: {},
    period: { start: of.at, end: of.at + MONTH },
    quantity: 1,
  } satisfies Part<Stripe.InvoiceLineItem>;
}

export function paymentIntent(of: Payment) {
  return {
    id: `pi_${of.name}`,
    object: "payment_intent",
    ...stamp(of),
    amount: of.amount,
    amount_received: of.amount,
    customer: of.customer,
    latest_charge: `ch_${of.name}`,
    metadata: {},
    receipt_email: null,
    status: "succeeded",
  } satisfies Part<Stripe.PaymentIntent>;
}

export function charge(of: Payment, refunded: number) {
  return {
    id: `ch_${of.name}`,
    object: "charge",
    ...stamp(of),
    amount: of.amount,
    amount_captured: of.amount,
    amount_refunded: refunded,
    billing_details: { address: null, email: of.email, name: null, phone: null },
    captured: true,
    customer: of.customer,
    disputed: false,
    metadata: {},
    paid: true,
    payment_intent: `pi_${of.name}`,
    receipt_email: null,
    refunded: refunded === of.amount,
    status: "succeeded",
  } satisfies Part<Stripe.Charge>;
}

function refundOf(of: Payment, { name, amount, status }: Refund) {
  return {
    id: `re_${name}`,
    object: "refund",
    amount,
    charge: `ch_${of.name}`,
    created: of.at,
    currency: of.currency,
    metadata: {},
    payment_intent: `pi_${of.name}`,
    reason: "requested_by_customer",
    status,
    ...(status === "failed" ? { failure_reason: "expired_or_canceled_card" } : {}),
  } satisfies Part<Stripe.Refund>;
}

function disputeOf(of: Payment, status: DisputeStatus) {
  return {
    id: `dp_${of.name}`,
    object: "dispute",
    ...stamp(of),
    amount: of.amount,
    charge: `ch_${of.name}`,
    is_charge_refundable: false,
    metadata: {},
    payment_intent: `pi_${of.name}`,
    reason: "fraudulent",
    status,
  } satisfies Part<Stripe.Dispute>;
}

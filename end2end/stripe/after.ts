// Stripe's events from API version 2025-03-31 on: invoices and payment intents are joined by invoice payments alone.

import type Stripe from "stripe";
import { charge, eventsOf, invoice, invoiceLine, metadata, paymentIntent, sameIn } from "./common";
import type { Messages, Part, Payment } from "./payment";

const VERSION: Stripe.LatestApiVersion = "2026-10-28.endive";

const event = eventsOf(VERSION);

/** What an invoice is for. */
function ofSubscription(of: Payment) {
  return {
    type: "subscription_details",
    quote_details: null,
    subscription_details: { metadata: metadata(of), subscription: `sub_${of.customer}` },
  } satisfies Part<Stripe.Invoice.Parent>;
}

/** The same of its line. */
function ofItem(of: Payment) {
  return {
    type: "subscription_item_details",
    invoice_item_details: null,
    subscription_item_details: { subscription: `sub_${of.customer}`, subscription_item: `si_${of.customer}` },
  } satisfies Part<Stripe.InvoiceLineItem.Parent>;
}

export const after: Messages = {
  ...sameIn(VERSION),
  paid: (of, how = {}) =>
    event(how.kind ?? "invoice.paid", of.name, of, {
      ...invoice(of, how),
      ...({
        parent: how.reason === "manual" ? null : ofSubscription(of),
        total_taxes: [{ amount: of.amount - of.net, tax_behavior: "inclusive", type: "tax_rate_details" }],
        lines: {
          object: "list",
          data: [
            {
              ...invoiceLine(of),
              parent: how.reason === "manual" ? null : ofItem(of),
              pricing: { type: "price_details", price_details: { price: "price_pro", product: "prod_pro" } },
            },
          ],
          has_more: false,
        },
      } satisfies Part<Stripe.Invoice>),
    }),
  joined: (of) =>
    event("invoice_payment.paid", of.name, of, {
      id: `inpay_${of.name}`,
      object: "invoice_payment",
      amount_paid: of.amount,
      amount_requested: of.amount,
      created: of.at,
      currency: of.currency,
      invoice: `in_${of.name}`,
      is_default: true,
      livemode: of.livemode,
      payment: { type: "payment_intent", payment_intent: `pi_${of.name}` },
      status: "paid",
      status_transitions: { canceled_at: null, paid_at: of.at },
    }),
  intent: (of) => event("payment_intent.succeeded", of.name, of, paymentIntent(of)),
  charged: (of) => event("charge.succeeded", of.name, of, charge(of, 0)),
  refunded: (of, total) => event("charge.refunded", `${of.name}_${total}`, of, charge(of, total)),
};

/** A thin event of the new kind, which names its object and does not bring it. */
export function thin(of: Payment) {
  return {
    id: `evt_thin_${of.name}`,
    object: "v2.core.event",
    created: new Date(of.at * 1_000).toISOString(),
    livemode: of.livemode,
    related_object: { id: `in_${of.name}`, type: "invoice", url: `/v1/invoices/in_${of.name}` },
    type: "v1.invoice.paid",
  } satisfies Part<Stripe.V2.Core.EventNotification>;
}

// Stripe's events before API version 2025-03-31: an invoice names its payment intent and charge, and they name it.

import type Stripe from "stripe";
import { charge, eventsOf, invoice, invoiceLine, metadata, paymentIntent, sameIn } from "./common";
import type { Messages, Part, Payment } from "./payment";

const VERSION: Stripe.LatestApiVersion = "2025-02-24.acacia";

const event = eventsOf(VERSION);

/** The field in which a payment intent or charge names its invoice. */
function ofInvoice(of: Payment) {
  return {
    invoice: of.sale ? null : `in_${of.name}`,
  } satisfies Part<Stripe.Charge> satisfies Part<Stripe.PaymentIntent>;
}

const intent: Messages["intent"] = (of) =>
  event("payment_intent.succeeded", of.name, of, { ...paymentIntent(of), ...ofInvoice(of) });

export const before: Messages = {
  ...sameIn(VERSION),
  paid: (of, how = {}) =>
    event(how.kind ?? "invoice.paid", of.name, of, {
      ...invoice(of, how),
      ...({
        charge: of.amount === 0 || how.attempts === 0 ? null : `ch_${of.name}`,
        paid: true,
        paid_out_of_band: how.attempts === 0,
        payment_intent: of.amount === 0 ? null : `pi_${of.name}`,
        subscription: how.reason === "manual" ? null : `sub_${of.customer}`,
        subscription_details: { metadata: metadata(of) },
        tax: of.amount - of.net,
        lines: {
          object: "list",
          data: [
            {
              ...invoiceLine(of),
              amount_excluding_tax: of.net,
              price: { id: "price_pro", object: "price", product: "prod_pro" },
              type: how.reason === "manual" ? "invoiceitem" : "subscription",
            },
          ],
          has_more: false,
        },
      } satisfies Part<Stripe.Invoice>),
    }),
  joined: intent,
  intent,
  charged: (of) => event("charge.succeeded", of.name, of, { ...charge(of, 0), ...ofInvoice(of) }),
  refunded: (of, total) =>
    event("charge.refunded", `${of.name}_${total}`, of, { ...charge(of, total), ...ofInvoice(of) }),
};

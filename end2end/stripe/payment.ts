/** A payment, by which Stripe's objects are made. */
export interface Payment {
  /** What the ids end with: `in_NAME`, `pi_NAME`, `ch_NAME`, `cs_NAME`. */
  name: string;
  customer: string;
  /** The host product's id of the person, as the checkout names it. */
  user: string | null;
  email: string | null;
  /** The metadata `passalong_user` of the checkout and the subscription. */
  tag?: string;
  /** In the units that Stripe uses. */
  amount: number;
  /** The same without tax. */
  net: number;
  /** Three small letters. */
  currency: string;
  /** Unix seconds. */
  at: number;
  livemode: boolean;
  /** Whether it was paid once, without an invoice, and not for a subscription. */
  sale: boolean;
}

/** A refund of a payment. */
export interface Refund {
  /** `re_NAME` */
  name: string;
  amount: number;
  status: "pending" | "succeeded" | "failed" | "canceled";
}

/** `charge.refund.updated` is the older name of `refund.updated`. */
export type RefundKind = "refund.created" | "refund.updated" | "refund.failed" | "charge.refund.updated";

export type DisputeStatus =
  "needs_response" | "under_review" | "warning_needs_response" | "warning_closed" | "won" | "lost";

/** An event as it is sent, whatever it is about. */
export interface Event {
  id: string;
  object: "event";
  type: string;
  livemode: boolean;
  data: { object: object };
}

/** The messages of a payment in one version of Stripe's API. Each function makes the same event every time. */
export interface Messages {
  /** `checkout.session.completed` */
  checkout(of: Payment, status?: CheckoutStatus): Event;
  /** `checkout.session.async_payment_succeeded`: what was unpaid then has arrived. */
  arrived(of: Payment): Event;
  /** `invoice.paid`, or by its older name. */
  paid(of: Payment, how?: Billing): Event;
  /** What joins the invoice with its payment: `invoice_payment.paid`, or `payment_intent.succeeded` before it existed. */
  joined(of: Payment): Event;
  /** `payment_intent.succeeded` */
  intent(of: Payment): Event;
  /** `charge.succeeded` */
  charged(of: Payment): Event;
  /** `charge.refunded`, with all that was refunded so far. */
  refunded(of: Payment, total: number): Event;
  refund(kind: RefundKind, of: Payment, refund: Refund): Event;
  dispute(kind: "charge.dispute.created" | "charge.dispute.closed", of: Payment, status: DisputeStatus): Event;
}

export type CheckoutStatus = "paid" | "unpaid" | "no_payment_required";

/** How an invoice came to be paid. */
export interface Billing {
  kind?: "invoice.paid" | "invoice.payment_succeeded";
  reason?: "subscription_create" | "subscription_cycle" | "manual";
  attempts?: number;
}

/** Any part of an object of Stripe's: what it has not, the compiler refuses. */
export type Part<T> = T extends (...args: never) => unknown
  ? T
  : T extends (infer Item)[]
    ? Part<Item>[]
    : T extends object
      ? { [Key in keyof T]?: Part<T[Key]> }
      : T;

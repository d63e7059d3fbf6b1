import Stripe from "stripe";
import Stripe17 from "stripe-17";
import { after } from "../stripe/after";
import { before } from "../stripe/before";
import type { Event, Messages, Payment } from "../stripe/payment";
import { Server } from "./server";
import { expect, type Guard, type Person } from "./support";

/** Where Stripe sends events: of one version of its API, signed with a secret of the endpoint's own. */
export interface Endpoint {
  messages: Messages;
  secret: string;
  stripe: Stripe | Stripe17;
}

export const endpoints = {
  before: { messages: before, secret: "whsec_before", stripe: new Stripe17("sk_test_unused") },
  after: { messages: after, secret: "whsec_after", stripe: new Stripe("sk_test_unused") },
} satisfies Record<string, Endpoint>;

/** The databases that a host's program is tested on, by name; all its tests share the one on PostgreSQL. */
export const databases = databasesOf(process.env.PAYMENTS_DATABASE_URL);

/** A database that a test has for itself, by name. */
export const emptyDatabases = databasesOf(process.env.REVIEWS_DATABASE_URL);

/** The databases that mails are tested on, by name. */
export const mailDatabases = databasesOf(process.env.MAILS_DATABASE_URL);
/** The databases of servers that send webhooks: no other server may take what is sent. */
export const hookDatabases = databasesOf(process.env.WEBHOOKS_DATABASE_URL);

/** The databases of host products that say where links lead. */
export const hostDatabases = databasesOf(process.env.HOSTS_DATABASE_URL);

function databasesOf(postgres?: string): Record<string, Record<string, string> | undefined> {
  return { sqlite: {}, postgres: postgres ? { DATABASE_URL: postgres } : undefined };
}

/** Money as the API has it. */
export interface Money {
  amount: number;
  currency: string;
}

/** A payment as the API has it, in parts. */
export interface Conversion {
  id: number;
  user_id: number | null;
  amount: number;
  net_amount: number;
  currency: string;
  refunded: number;
  state: string;
  parked_because: string | null;
  duplicate_of: number | null;
  refs: string[];
  livemode: boolean;
  product: string | null;
}

export interface User {
  id: number;
  external_id: string;
  email: string;
  code: string;
}

let made = 0;

/** A name that no other test and no other run uses. */
export function newName(): string {
  return `${(Date.now() % 1e9).toString(36)}${process.pid.toString(36)}${(made++).toString(36)}`;
}

/** Unix seconds. */
export function now(): number {
  return Math.floor(Date.now() / 1_000);
}

/** The admin of a host's server. */
export const owner: Person = { username: "admin", email: "owner@example.com", password: "tr4m-line-9-owner" };

/** A host product with people and payments, its server, and Stripe. */
export class Host {
  private constructor(
    readonly server: Server,
    /** Opens everything. */
    readonly key: string,
  ) {}

  static async start(settings: Record<string, string>): Promise<Host> {
    const server = await Server.start({
      ADMIN_EMAIL: owner.email,
      ADMIN_PASSWORD: owner.password,
      STRIPE_WEBHOOK_SECRET: Object.values(endpoints)
        .map(({ secret }) => secret)
        .join(","),
      ...settings,
    });
    const key = await server.run("api-key", "create", "--name", "host", "--scopes", "read,write,admin");
    return new Host(server, key.trim());
  }

  /** Ends its server; open pages notice, which `guard` need not tell. */
  async end(guard?: Guard): Promise<void> {
    await this.server.remove(guard);
  }

  /** Asks the API, which must answer with this status. */
  async api<T>(method: string, path: string, status: number, body?: object): Promise<T> {
    const answer = await fetch(`${this.server.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.key}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    expect(answer.status, `${method} ${path} ${JSON.stringify(body)}: ${text}`).toBe(status);
    return JSON.parse(text) as T;
  }

  /** Somebody joins, referred by another. */
  async join(referrer?: User, person: { name?: string; email?: string } = {}): Promise<User> {
    const name = person.name ?? newName();
    const email = person.email ?? `${name}@example.com`;
    return this.api("POST", "/users", 201, { external_id: name, email, code: referrer?.code });
  }

  /** What somebody has brought. */
  async brought({ id }: User): Promise<{ conversions: number; revenue: Money[] }> {
    const stats = await this.api<{ conversions: number; revenue: Money[] }>("GET", `/users/${id}/stats`, 200);
    return { conversions: stats.conversions, revenue: stats.revenue };
  }

  /** What somebody has paid, the latest first. */
  async paid({ id }: User, state?: string): Promise<Conversion[]> {
    const query = `user_id=${id}${state ? `&state=${state}` : ""}`;
    return (await this.api<{ data: Conversion[] }>("GET", `/conversions?${query}`, 200)).data;
  }

  /** Somebody of whom nothing is known pays: a payment that is parked. */
  async paidByStranger(endpoint: Endpoint): Promise<Conversion> {
    const name = newName();
    const paid = payment({ external_id: name, email: `${name}@elsewhere.example` }, { user: null });
    const { messages } = endpoint;
    await this.deliver(endpoint, messages.checkout(paid), messages.paid(paid), messages.joined(paid));
    const parked = await this.api<{ data: Conversion[] }>("GET", "/conversions?state=parked", 200);
    const found = parked.data.find(({ refs }) => refs.includes(`in_${paid.name}`));
    if (!found) throw new Error("the payment is not parked");
    return found;
  }

  /** Posts a body as it is. */
  async post(body: string, signature?: string): Promise<{ status: number; text: string }> {
    const answer = await fetch(`${this.server.url}/webhooks/stripe`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(signature ? { "stripe-signature": signature } : {}) },
      body,
    });
    return { status: answer.status, text: await answer.text() };
  }

  /** Delivers events one after the other, each of which the server must take. */
  async deliver(endpoint: Endpoint, ...events: Event[]): Promise<void> {
    for (const event of events) {
      const body = JSON.stringify(event);
      const { status, text } = await this.post(body, sign(endpoint, body));
      expect(status, `${text} ${body}`).toBe(200);
    }
  }
}

/** The header of a body that was sent just now, or at another time in Unix seconds. */
export function sign({ stripe, secret }: Endpoint, payload: string, timestamp = now()): string {
  return stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
}

/** A payment of a subscription by somebody whom the checkout names. */
export function payment(by: Pick<User, "external_id" | "email">, more: Partial<Payment> = {}): Payment {
  const name = newName();
  return {
    name,
    customer: `cus_${by.external_id}`,
    user: by.external_id,
    email: by.email,
    amount: 4_900,
    net: 4_118,
    currency: "usd",
    at: now(),
    livemode: true,
    sale: false,
    ...more,
  };
}

/** What a payment adds to the revenue: in proportion to what was not refunded, halves up. */
export function revenueOf({ amount, net }: Payment, refunded: number): number {
  return Math.round((net * (amount - refunded)) / amount);
}

/** Numbers that look random and are the same in each run: from 0 to below 1. */
export function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shuffled<T>(items: T[], chance: () => number): T[] {
  const drawn = items.map((item) => ({ item, at: chance() }));
  return drawn.sort((one, other) => one.at - other.at).map(({ item }) => item);
}

/** Does something with each item, some at once. */
export async function each<T>(items: T[], atOnce: number, what: (item: T, index: number) => Promise<void>) {
  const rest = items.entries();
  const workers = Array.from({ length: atOnce }, async () => {
    for (const [index, item] of rest) await what(item, index);
  });
  await Promise.all(workers);
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";

/** What the product needs to know of Passalong. */
export interface Connection {
  url: string;
  /** An API key with the scope `write`. */
  key: string;
}

/** A customer of the product. */
export interface Customer {
  id: string;
  email: string;
  /** Cents that Passalong's rewards have brought. */
  credit: number;
}

/** A product that sells a subscription and has a referral program at Passalong. Its pages are HTML without scripts. */
export class Product {
  readonly customers = new Map<string, Customer>();
  /** Ids of the messages that were taken: the same one may come again. */
  private readonly taken = new Set<string>();
  private server?: Server;
  private webhook?: Webhook;

  constructor(
    private readonly passalong: Connection,
    /** Takes the money. A real product sends the customer to Stripe's checkout with `client_reference_id`. */
    private readonly charge: (customer: Customer) => Promise<void>,
  ) {}

  /** Starts; gives the product's address. */
  async start(): Promise<string> {
    const server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => {
        console.error(error);
        response.writeHead(500).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.server = server;
    return `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  /** The secret of the endpoint at Passalong that names `/hooks/passalong` here. */
  receive(secret: string): void {
    this.webhook = new Webhook(secret);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const body = await read(request);
    const form = new URLSearchParams(body);
    const customer = this.customers.get(/customer=(\w+)/.exec(request.headers.cookie ?? "")?.[1] ?? "");
    switch (`${request.method} ${pathname}`) {
      case "GET /join":
        return page(response, joinForm(searchParams.get("ref") ?? "", searchParams.get("click_id") ?? ""));
      case "POST /join":
        return this.join(form, response);
      case "POST /hooks/passalong":
        return this.hook(request, body, response);
    }
    if (!customer) return redirect(response, "/join");
    switch (`${request.method} ${pathname}`) {
      case "GET /":
        return page(response, account(customer));
      case "POST /pay":
        await this.charge(customer);
        return redirect(response, "/");
      case "POST /invitations": {
        const { url } = await this.ask<{ url: string }>(`/users/ext:${customer.id}/login-link`, {});
        return redirect(response, url);
      }
      default:
        response.writeHead(404).end();
    }
  }

  private async join(form: URLSearchParams, response: ServerResponse): Promise<void> {
    const customer = { id: `q${this.customers.size + 1}`, email: form.get("email") ?? "", credit: 0 };
    this.customers.set(customer.id, customer);
    await this.ask("/users", {
      external_id: customer.id,
      email: customer.email,
      code: form.get("ref") || undefined,
      click_id: form.get("click_id") || undefined,
      code_source: "link",
    });
    redirect(response, "/", `customer=${customer.id}; Path=/; HttpOnly; SameSite=Lax`);
  }

  private async hook(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    let event: { type: string; data: { object: { user_id: number; kind: string; amount: number } } };
    try {
      event = this.webhook?.verify(body, request.headers as Record<string, string>) as typeof event;
    } catch {
      response.writeHead(400).end();
      return;
    }
    const id = String(request.headers["webhook-id"]);
    const reward = event.data.object;
    if (event.type === "reward.activated" && reward.kind === "account_credit" && !this.taken.has(id)) {
      const { external_id } = await this.ask<{ external_id: string }>(`/users/${reward.user_id}`);
      const customer = this.customers.get(external_id);
      if (customer) customer.credit += reward.amount;
      this.taken.add(id);
    }
    response.writeHead(204).end();
  }

  private async ask<T>(path: string, body?: object): Promise<T> {
    const answer = await fetch(`${this.passalong.url}/api/v1${path}`, {
      method: body ? "POST" : "GET",
      headers: { authorization: `Bearer ${this.passalong.key}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}

async function read(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

function page(response: ServerResponse, inside: string): void {
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Quill</title><link rel="icon" href="data:,">`;
  response.end(`<!doctype html><html lang="en"><head>${head}</head><body><main>${inside}</main></body></html>`);
}

function redirect(response: ServerResponse, location: string, cookie?: string): void {
  response.writeHead(303, { location, ...(cookie ? { "set-cookie": cookie } : {}) }).end();
}

function joinForm(ref: string, clickId: string): string {
  return `<h1>Join Quill</h1><form method="post" action="/join">
    <input type="hidden" name="ref" value="${escape(ref)}"><input type="hidden" name="click_id" value="${escape(clickId)}">
    <label>E-mail <input type="email" name="email" required></label> <button>Join</button></form>`;
}

function account({ email, credit }: Customer): string {
  return `<h1>Your account</h1><p>${escape(email)}</p><p>Credit: $${(credit / 100).toFixed(2)}</p>
    <form method="post" action="/pay"><button>Subscribe for $49</button></form>
    <form method="post" action="/invitations"><button>Invite friends</button></form>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

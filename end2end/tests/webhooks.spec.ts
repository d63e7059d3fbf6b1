import type { Page } from "@playwright/test";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { check, LOOKS } from "./accessible";
import { hookDatabases, Host, newName, owner } from "./host";
import { done, expect, servers, signIn, submit, test } from "./support";

test.skip(!servers.binary, "PASSALONG_BIN names the server to start");

/** An event as it is sent. */
interface Event {
  id: number;
  type: string;
  timestamp: string;
  data: { object: Record<string, unknown> };
}

interface Message {
  headers: IncomingHttpHeaders;
  body: string;
  event: Event;
}

/** A host product that receives webhooks, answers with the statuses it is told, then with 204, and keeps what came. */
class Product {
  readonly messages: Message[] = [];
  readonly answers: number[] = [];
  private constructor(
    private readonly http: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<Product> {
    const http = createServer();
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const product = new Product(http, `http://127.0.0.1:${(http.address() as AddressInfo).port}/${newName()}`);
    http.on("request", async (request, response) => {
      let body = "";
      for await (const part of request) body += part;
      product.messages.push({ headers: request.headers, body, event: JSON.parse(body) });
      response.writeHead(product.answers.shift() ?? 204).end();
    });
    return product;
  }

  async end(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  of(type: string): Message[] {
    return this.messages.filter(({ event }) => event.type === type);
  }

  /** Waits for this many messages of a type. */
  async waitFor(type: string, count: number): Promise<Message[]> {
    await expect(() => expect(this.of(type)).toHaveLength(count)).toPass({ timeout: 20_000 });
    return this.of(type);
  }
}

/** Verifies a message as a host product does; the event in it. */
function verified({ body, headers }: Message, secret: string): Event {
  return new Webhook(secret).verify(body, headers as Record<string, string>) as Event;
}

/** Adds an endpoint on its form, and arrives on its page; the secret. */
async function addEndpoint(page: Page, server: string, url: string, event?: string): Promise<string> {
  await page.goto(`${server}/admin/webhooks`);
  const field = page.locator("#url");
  if (!(await field.isVisible())) await page.locator("summary", { hasText: "Add endpoint" }).click();
  await field.fill(url);
  if (event) {
    await expect(page.getByLabel(event)).toBeHidden();
    await page.getByLabel("Events to send").selectOption("Selected events");
    await page.getByLabel(event).check();
  }
  await submit(page, "Add endpoint").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(url);
  return page.locator("#secret").inputValue();
}

for (const [database, settings] of Object.entries(hookDatabases)) {
  test.describe(`on ${database}`, () => {
    test.skip(!settings, "there is no such database");
    let host: Host;
    let product: Product;

    test.beforeAll(async () => {
      host = await Host.start({ ...settings, WEBHOOK_ALLOW_PRIVATE: "true" });
      product = await Product.start();
    });
    test.beforeEach(({ guard }) => guard.trust(host.server.url));
    test.afterAll(async () => {
      await product.end();
      await host.server.run("verify").finally(() => host.end());
    });

    test("an endpoint is added, hears of a sign-up, is tried again and gets another secret", async ({ page }) => {
      test.slow();
      await signIn(page, owner, `${host.server.url}/signin`);
      await page.goto(`${host.server.url}/admin`);
      await page.getByRole("navigation", { name: "Admin" }).getByRole("link", { name: "Webhooks" }).click();
      await expect(page.getByText("No endpoints yet")).toBeVisible();
      const first = await addEndpoint(page, host.server.url, product.url, "user.created");
      expect(first).toMatch(/^whsec_/);
      await page.getByRole("button", { name: "Copy" }).click();
      await expect(page.getByRole("button", { name: /^(Copied|Please copy)/ })).toBeVisible();
      await page.reload();
      await expect(page.getByText("This secret was already shown")).toBeVisible();

      // What happens arrives signed.
      const ann = await host.join();
      const [told] = await product.waitFor("user.created", 1);
      expect(verified(told, first)).toMatchObject({ type: "user.created", data: { object: { id: ann.id } } });
      expect(() => verified({ ...told, body: told.body.replace(ann.email, "x") }, first)).toThrow();

      // What is not taken comes again, by the same id.
      product.answers.push(500);
      await host.join();
      const [, refused, taken] = await product.waitFor("user.created", 3);
      expect(taken.headers["webhook-id"]).toBe(refused.headers["webhook-id"]);
      expect(taken.headers["webhook-timestamp"]).not.toBe(refused.headers["webhook-timestamp"]);
      expect(taken.body).toBe(refused.body);
      verified(taken, first);

      // For a day both secrets sign.
      const address = page.url().replace(/\?.*/, "");
      await page.goto(address);
      await page.getByText("Rotate the signing secret…").click();
      await submit(page, "Rotate secret").click();
      await expect(page.getByText("Secret rotated")).toBeVisible();
      const second = await page.locator("#secret").inputValue();
      expect(second).not.toBe(first);
      await submit(page, "Send test event").click();
      await expect(page.getByTestId("attempt")).toContainText("HTTP 204");
      const [tested] = await product.waitFor("webhook.test", 1);
      expect(tested.headers["webhook-signature"]).toMatch(/^v1,\S+ v1,\S+$/);
      for (const secret of [first, second]) verified(tested, secret);

      // Once more, by hand.
      await submit(page, "Send again").click();
      await expect(page.getByTestId("attempt")).toHaveCount(2);
      const [, again] = await product.waitFor("webhook.test", 2);
      expect(again.headers["webhook-id"]).toBe(tested.headers["webhook-id"]);
      const delivery = page.url().replace(/\?.*/, "");
      for (const [look, { colorScheme, viewport }] of Object.entries(LOOKS)) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(viewport ?? { width: 1280, height: 720 });
        for (const [name, path] of [
          [`webhook-delivery-${database}`, delivery],
          [`webhook-${database}`, address],
        ]) {
          await page.goto(path);
          await check(page, name, look);
        }
      }
      const tries = page.getByTestId("webhook-delivery").filter({ hasText: "user.created" }).locator("td.number");
      await expect(tries).toHaveText(["2", "1"]);
    });

    test("all of it works without scripts", async ({ open }) => {
      const page = await open({ javaScriptEnabled: false });
      await signIn(page, owner, `${host.server.url}/signin`);
      const url = `${product.url}-plain`;
      await addEndpoint(page, host.server.url, url);
      const before = product.of("webhook.test").length;
      await submit(page, "Send test event").click();
      await expect(page.getByTestId("attempt")).toContainText("HTTP 204");
      await product.waitFor("webhook.test", before + 1);
      await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: url }).click();
      const off = done(page, "webhook-off");
      await submit(page, "Turn off").click();
      await off;
      await expect(page.getByText("Nothing is sent while the endpoint is off.")).toBeVisible();
      await page.getByText("Delete…").click();
      await submit(page, "Delete endpoint").click();
      await expect(page.getByRole("status").filter({ hasText: "Endpoint deleted" })).toBeVisible();
      await expect(page.getByTestId("webhook-row").filter({ hasText: url })).toHaveCount(0);
    });
  });
}

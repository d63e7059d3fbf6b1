import type { Page } from "@playwright/test";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { databases, Host, newName, owner, type User } from "./host";
import { expect, servers, signIn, submit, test } from "./support";

test.skip(!servers.binary, "PASSALONG_BIN names the server to start");

/** A site of somebody else's, with one page. */
async function otherSite(): Promise<{ origin: string; close: () => void }> {
  const server = createServer((request, response) => {
    response.writeHead(request.url === "/" ? 200 : 204, { "content-type": "text/html" });
    response.end(request.url === "/" ? "<!doctype html><html lang=en><title>Shop</title><h1>Shop</h1>" : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() };
}

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** What a script of the page is told; null when the browser does not let it read the answer. */
function ask(page: Page, address: string, key: string, method = "POST", body?: object): Promise<Answer | null> {
  return page.evaluate(
    async ([address, key, method, body]) => {
      const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json", "Idempotency-Key": String(Math.random()) };
      try {
        const answer = await fetch(address, { method, headers, body });
        return { status: answer.status, body: await answer.json() };
      } catch {
        return null;
      }
    },
    [address, key, method, body && JSON.stringify(body)] as const,
  );
}

for (const [database, settings] of Object.entries(databases)) {
  test(`pages of listed origins use a publishable key, on ${database}`, async ({ page, open, guard }) => {
    test.skip(!settings, "PAYMENTS_DATABASE_URL names no database");
    guard.allow(/blocked by CORS policy/, /Failed to load resource/);
    const host = await Host.start({ ...settings });
    const [shop, stranger] = [await otherSite(), await otherSite()];
    try {
      for (const url of [host.server.url, shop.origin, stranger.origin]) guard.trust(url);
      const ann = await host.join();
      const clicks = async () => (await host.api<{ clicks: number }>("GET", `/users/${ann.id}/stats`, 200)).clicks;

      // An admin makes the key, and takes the example for a page.
      const name = newName();
      await signIn(page, owner, `${host.server.url}/signin`);
      await expect(page).toHaveURL(/\/admin$/);
      await page.goto(`${host.server.url}/admin/api-keys`);
      const form = page.getByRole("region", { name: "Create a publishable key" });
      await form.getByLabel("Name").fill(name);
      await form.getByLabel("Allowed origins").fill("shop.example");
      await submit(page, "Create publishable key").click();
      await expect(form.getByRole("alert")).toContainText("“shop.example” isn’t an origin");
      await form.getByLabel("Allowed origins").fill(`${shop.origin}/`);
      await submit(page, "Create publishable key").click();
      await expect(page.getByText("Key created")).toBeVisible();
      const row = page.getByRole("row").filter({ hasText: name });
      const key = (await row.getByText(/^pub_/).textContent())?.trim() ?? "";
      await row.getByText("Code snippet", { exact: true }).click();
      const snippet = (await row.getByRole("region").locator("code").textContent()) ?? "";

      const friend = await open();
      await friend.goto(shop.origin);
      const valid = (code: string) =>
        friend.evaluate(`(async () => { ${snippet.replace("SPRING26", code)} return { valid, reason }; })()`);
      expect(await valid(ann.code)).toEqual({ valid: true });
      expect(await valid("NO-SUCH-CODE")).toEqual({ valid: false, reason: "code_not_found" });

      const api = `${host.server.url}/api/v1`;
      const clicked = await ask(friend, `${api}/clicks`, key, "POST", { code: ann.code, ip: "192.0.2.7" });
      expect(clicked?.status).toBe(201);
      expect(await clicks()).toBe(1);
      const bob = newName();
      const joined = await host.api<User & { attribution: { credited: boolean } }>("POST", "/users", 201, {
        external_id: bob,
        email: `${bob}@example.com`,
        click_id: clicked?.body.click_id,
      });
      expect(joined.attribution.credited).toBe(true);
      // A script can read what is wrong.
      const wrong = await ask(friend, `${api}/clicks`, key, "POST", { code: "NO-SUCH-CODE" });
      expect([wrong?.status, wrong?.body.code]).toEqual([404, "code_not_found"]);
      expect(await ask(friend, `${api}/codes`, key, "GET")).toBeNull();

      const elsewhere = await open();
      await elsewhere.goto(stranger.origin);
      for (const path of ["/clicks", "/codes/validate"]) {
        expect(await ask(elsewhere, `${api}${path}`, key, "POST", { code: ann.code })).toBeNull();
      }
      expect(await clicks()).toBe(1);

      // Listed, the other site may as well.
      await row.getByText("Edit origins", { exact: true }).click();
      await row.getByLabel(`Allowed origins of ${name}`).fill(`${shop.origin} ${stranger.origin}`);
      await row.getByRole("button", { name: "Save origins" }).click();
      await expect(page.getByText("Origins saved")).toBeVisible();
      const checked = await ask(elsewhere, `${api}/codes/validate`, key, "POST", { code: ann.code });
      expect(checked).toEqual({ status: 200, body: { valid: true } });
    } finally {
      shop.close();
      stranger.close();
      await host.server.remove(guard);
    }
  });
}

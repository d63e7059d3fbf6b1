import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { Product } from "../product/product";
import { endpoints, Host, hostDatabases, newName, payment } from "./host";
import { expect, servers, test } from "./support";

test.skip(!servers.binary, "PASSALONG_BIN names the server to start");

const run = promisify(execFile);

/** What the programs in both languages offer, called one after the other as a product would. */
const CALLS = {
  typescript: `
const [id, friend, messages] = process.argv.slice(2);
const { code } = await joined(id, id + "@example.com");
const { attribution } = await joined(friend, friend + "@example.com", code);
const payment = await paid(friend, "invoice-" + friend, 4900);
const [{ secret, body, headers }] = JSON.parse(messages);
let forged = false;
try { received(secret, body + " ", headers); } catch { forged = true; }
const message = received(secret, body, headers);
console.log(JSON.stringify({ attribution, state: payment.state, message, forged, url: await invitations(id) }));
`,
  python: `
import sys
id, friend, messages = sys.argv[1:]
code = joined(id, id + "@example.com")["code"]
attribution = joined(friend, friend + "@example.com", code)["attribution"]
payment = paid(friend, "invoice-" + friend, 4900)
message = json.loads(messages)[0]
forged = False
try:
    received(message["secret"], message["body"] + " ", message["headers"])
except ValueError:
    forged = True
told = received(**message)
print(json.dumps({"attribution": attribution, "state": payment["state"], "message": told, "forged": forged, "url": invitations(id)}))
`,
};

/** The snippets of docs/hosts.md in a language, in their order, as one program. */
async function snippets(language: string): Promise<string> {
  const text = await readFile("../docs/hosts.md", "utf8");
  const found = [...text.matchAll(new RegExp("^```" + language + "\\n(.*?)^```$", "gms"))].map(([, code]) => code);
  expect(found.length, `snippets in ${language}`).toBeGreaterThan(0);
  return found.join("\n");
}

/** Takes one message at `/hooks/passalong`, as it came. */
async function receiver() {
  const messages: { body: string; headers: IncomingMessage["headers"] }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    messages.push({ body, headers: request.headers });
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { messages, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

for (const [database, settings] of Object.entries(hostDatabases)) {
  test(`a host product goes from a friend's click to a delivered reward, on ${database}`, async ({ guard, open }) => {
    test.skip(!settings, "there is no such database");
    test.slow();
    const host = await Host.start({ ...settings, WEBHOOK_ALLOW_PRIVATE: "true" });
    const { messages } = endpoints.after;
    const product = new Product({ url: host.server.url, key: host.key }, async ({ id, email }) => {
      const paid = payment({ external_id: id, email });
      await host.deliver(endpoints.after, messages.checkout(paid), messages.paid(paid), messages.joined(paid));
    });
    try {
      const home = await product.start();
      guard.trust(host.server.url);
      guard.trust(home);
      await host.api("PATCH", "/settings", 200, { link_destination: `${home}/join` });
      await host.api("POST", "/rules", 201, {
        name: "Credit for a paying friend",
        trigger: "first_conversion",
        recipient: "referrer",
        kind: "account_credit",
        amount: 1_000,
        currency: "USD",
        hold_days: 0,
      });
      const endpoint = await host.api<{ secret: string }>("POST", "/webhook-endpoints", 201, {
        url: `${home}/hooks/passalong`,
        events: ["reward.activated"],
      });
      product.receive(endpoint.secret);

      const [ann, bob] = [await open(), await open()];
      await ann.goto(`${home}/join`);
      await ann.getByLabel("E-mail").fill(`${newName()}@example.com`);
      await ann.getByRole("button", { name: "Join" }).click();
      await ann.getByRole("button", { name: "Invite friends" }).click();
      await ann.waitForURL(`${host.server.url}/dashboard`);
      const link = (await ann.getByTestId("referral-link").getAttribute("value")) ?? "";

      await bob.goto(link);
      expect(bob.url()).toContain(`${home}/join?ref=`);
      await bob.getByLabel("E-mail").fill(`${newName()}+friend@example.com`);
      await bob.getByRole("button", { name: "Join" }).click();
      await expect(ann.getByTestId("signups")).toHaveText("1");
      await bob.getByRole("button", { name: "Subscribe for $49" }).click();
      await expect(ann.getByTestId("conversions")).toHaveText("1");

      const reward = ann.locator("[data-testid=reward][data-kind=account_credit][data-state=active]");
      await expect(reward).toHaveCount(1);
      const mine = await open();
      await mine.context().addCookies([{ name: "customer", value: "q1", url: home }]);
      await expect(async () => {
        await mine.goto(home);
        await expect(mine.getByText("Credit: $10.00")).toBeVisible({ timeout: 500 });
      }).toPass({ timeout: 10_000 });
      await expect
        .poll(async () => {
          const query = `/rewards?kind=account_credit&delivery=delivered`;
          return (await host.api<{ data: object[] }>("GET", query, 200)).data.length;
        })
        .toBe(1);
      await host.server.run("verify");
    } finally {
      product.stop();
      await host.end(guard);
    }
  });

  test(`every snippet of docs/hosts.md does what it says, on ${database}`, async () => {
    test.skip(!settings, "there is no such database");
    test.slow();
    const host = await Host.start({ ...settings, WEBHOOK_ALLOW_PRIVATE: "true" });
    const product = await receiver();
    const folder = join("test-results", `hosts-${database}`);
    await mkdir(folder, { recursive: true });
    const env = { ...process.env, PASSALONG: host.server.url, KEY: host.key, PRODUCT: product.url };
    try {
      const { secret } = await host.api<{ secret: string }>("POST", "/webhook-endpoints", 201, {
        url: `${product.url}/hooks/passalong`,
        events: ["user.created"],
      });
      await writeFile(join(folder, "steps.sh"), await snippets("sh"));
      const { stdout } = await run("bash", ["-euo", "pipefail", "steps.sh"], { cwd: folder, env });
      expect(stdout).toContain('"refunded":1000');
      expect(stdout).toContain(`"url":"${host.server.url}/`);
      await expect.poll(() => product.messages.length, { timeout: 10_000 }).toBeGreaterThan(0);
      const messages = JSON.stringify(product.messages.map((message) => ({ secret, ...message })));

      await writeFile(join(folder, "product.ts"), (await snippets("ts")) + CALLS.typescript);
      const options = ["--strict", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler"];
      await run("npx", ["tsc", ...options, "--types", "node", "--outDir", folder, join(folder, "product.ts")]);
      await writeFile(join(folder, "package.json"), '{"type": "module"}');
      await writeFile(join(folder, "product.py"), (await snippets("python")) + CALLS.python);
      for (const command of [
        ["node", "product.js"],
        ["python3", "product.py"],
      ]) {
        const [program, file] = command;
        const people = [newName(), newName()];
        const done = JSON.parse((await run(program, [file, ...people, messages], { cwd: folder, env })).stdout);
        expect(done, program).toMatchObject({
          attribution: { credited: true },
          state: "counted",
          message: { type: "user.created" },
          forged: true,
        });
        expect(done.url).toContain(host.server.url);
      }
      await host.server.run("verify");
    } finally {
      product.server.closeAllConnections();
      product.server.close();
      await host.end();
      await rm(folder, { recursive: true, force: true });
    }
  });
}

import { thin } from "../stripe/after";
import { type Endpoint, endpoints, Host, now, payment, sign, type User } from "./host";
import { Server } from "./server";
import { expect, servers, test } from "./support";

test.skip(!servers.binary, "PASSALONG_BIN names the server to start");

let host: Host;
let referrer: User;
let friend: User;

test.beforeAll(async () => {
  host = await Host.start({});
  referrer = await host.join();
  friend = await host.join(referrer);
});

test.afterAll(() => host.end());

/** What is known of the payments of these people. */
async function known() {
  return [await host.paid(friend), await host.brought(referrer), await host.brought(friend)];
}

for (const [name, endpoint] of Object.entries(endpoints)) {
  test(`what the endpoint “${name}” did not sign just now is refused and leaves nothing behind`, async () => {
    const body = JSON.stringify(endpoint.messages.paid(payment(friend)));
    const good = sign(endpoint, body);
    const [time, signature] = good.split(",v1=");
    const flipped = (Number.parseInt(signature[40], 16) ^ 1).toString(16);
    const secret = (secret: string): Endpoint => ({ ...endpoint, secret });
    const refused: [string, string, string?][] = [
      ["another secret", body, sign(secret("whsec_another"), body)],
      ["an empty secret", body, sign(secret(""), body)],
      ["the secrets as they are in the setting", body, sign(secret("whsec_before,whsec_after"), body)],
      ["301 seconds ago", body, sign(endpoint, body, now() - 301)],
      ["a truncated signature", body, good.slice(0, -2)],
      ["half a byte missing", body, good.slice(0, -1)],
      ["nothing but the time", body, time],
      ["one other bit", body, `${time},v1=${signature.slice(0, 40)}${flipped}${signature.slice(41)}`],
      ["another time with the same signature", body, `t=${now() + 1},v1=${signature}`],
      ["a scheme for tests only", body, good.replace("v1=", "v0=")],
      ["another body", body.replace("4900", "9900"), good],
      ["a space more", `${body} `, good],
      ["no header", body, undefined],
    ];
    const before = await known();
    for (const [what, text, header] of refused) {
      // Stripe's library sees it no other way.
      expect(() => endpoint.stripe.webhooks.constructEvent(text, header ?? "", endpoint.secret), what).toThrow();
      expect(await host.post(text, header), what).toEqual({ status: 400, text: "The signature is not valid." });
    }
    expect(await known()).toEqual(before);

    // What was right all along, also when it took some minutes, and signed with the next secret, too.
    expect(endpoint.stripe.webhooks.constructEvent(body, good, endpoint.secret).id).toBe(JSON.parse(body).id);
    const late = `${sign(endpoint, body, now() - 290)},v1=${"0".repeat(64)}`;
    for (const [header, text] of [
      [late, "recorded"],
      [good, "duplicate"],
    ]) {
      expect(await host.post(body, header)).toEqual({ status: 200, text });
    }
    expect(await host.paid(friend)).toHaveLength((before[0] as unknown[]).length + 1);
  });
}

test("thin events are refused with a word about what to set", async () => {
  const { after } = endpoints;
  const body = JSON.stringify(thin(payment(friend)));
  expect(endpoints.after.stripe.parseEventNotification(body, sign(after, body), after.secret).type).toBe(
    "v1.invoice.paid",
  );
  const { status, text } = await host.post(body, sign(after, body));
  expect(status).toBe(400);
  expect(text).toMatch(/snapshot/);
});

test("events of other kinds are taken and change nothing", async () => {
  const before = await known();
  for (const endpoint of Object.values(endpoints)) {
    const paid = endpoint.messages.paid(payment(friend));
    for (const type of ["customer.created", "invoice.finalized", "a.kind.to.come"]) {
      await host.deliver(endpoint, { ...paid, type, id: `${paid.id}_${type}` });
    }
  }
  expect(await known()).toEqual(before);
});

test("an event has at most 1 MiB", async () => {
  const { after } = endpoints;
  const [first, second] = [after.messages.paid(payment(friend)), after.messages.paid(payment(friend))];
  const long = (body: object, bytes: number) => {
    const text = JSON.stringify(body);
    return text + " ".repeat(bytes - Buffer.byteLength(text));
  };
  const before = await host.paid(friend);
  const largest = long(first, 1_024 * 1_024);
  expect(await host.post(largest, sign(after, largest))).toEqual({ status: 200, text: "recorded" });
  const larger = long(second, 1_024 * 1_024 + 1);
  expect((await host.post(larger, sign(after, larger))).status).toBe(413);
  expect(await host.paid(friend)).toHaveLength(before.length + 1);
});

test("without a secret there is no door", async () => {
  const body = JSON.stringify(endpoints.after.messages.paid(payment(friend)));
  const headers = { "stripe-signature": sign({ ...endpoints.after, secret: "" }, body) };
  const server = await Server.start();
  const answer = fetch(`${server.url}/webhooks/stripe`, { method: "POST", headers, body });
  expect((await answer.finally(() => server.remove())).status).toBe(404);
});

test("an empty secret is an error at the start", async () => {
  for (const secrets of ["", " ", "whsec_one,", ",whsec_one", "whsec_one, ,whsec_two"]) {
    const start = Server.start({ STRIPE_WEBHOOK_SECRET: secrets }).then((server) => server.remove());
    await expect(start, `“${secrets}”`).rejects.toThrow(/STRIPE_WEBHOOK_SECRET|stripe-webhook-secret/i);
  }
});

import type { CDPSession, Page } from "@playwright/test";
import { awake, expect, linkOf, newPerson, servers, signUp, test } from "./support";

test.skip(!servers.asReleased, "PASSALONG_AS_RELEASED is not set: nothing else is worth weighing");

const KINDS = ["HTML", "CSS", "JS", "WASM", "other"] as const;
type Kind = (typeof KINDS)[number];

interface Transfer {
  url: string;
  kind: Kind;
  /** Headers and body as they came over the wire. */
  bytes: number;
}

function kindOf(url: string, mime: string): Kind {
  if (mime === "text/html") return "HTML";
  if (mime === "text/css") return "CSS";
  if (/javascript/.test(mime)) return "JS";
  if (mime === "application/wasm" || url.endsWith(".wasm")) return "WASM";
  return "other";
}

/** Counts every byte that the page receives from now on. */
class Scales {
  private readonly parts = new Map<string, Transfer>();

  static async under(page: Page): Promise<Scales> {
    const scales = new Scales();
    const wire: CDPSession = await page.context().newCDPSession(page);
    await wire.send("Network.enable");
    await wire.send("Network.setCacheDisabled", { cacheDisabled: true });
    wire.on("Network.requestWillBeSent", ({ requestId, request, redirectResponse }) => {
      if (redirectResponse) {
        scales.parts.set(`${requestId} ${redirectResponse.url}`, {
          url: redirectResponse.url,
          kind: "other",
          bytes: redirectResponse.encodedDataLength,
        });
      }
      scales.parts.set(requestId, { url: request.url, kind: "other", bytes: 0 });
    });
    wire.on("Network.responseReceived", ({ requestId, response }) => {
      const part = scales.parts.get(requestId);
      if (!part) return;
      part.kind = kindOf(response.url, response.mimeType);
      part.bytes = response.encodedDataLength;
    });
    // A stream never finishes: what has come counts.
    wire.on("Network.dataReceived", ({ requestId, encodedDataLength }) => {
      const part = scales.parts.get(requestId);
      if (part) part.bytes += encodedDataLength;
    });
    wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      const part = scales.parts.get(requestId);
      if (part) part.bytes = encodedDataLength;
    });
    return scales;
  }

  total(): number {
    return [...this.parts.values()].reduce((sum, part) => sum + part.bytes, 0);
  }

  of(kind: Kind): Transfer[] {
    return [...this.parts.values()].filter((part) => part.kind === kind);
  }

  print(title: string, aim: number, must: number): void {
    const kilobytes = (bytes: number) => (bytes / 1_000).toFixed(1).padStart(7);
    const lines = [`${title}: KB over the wire`];
    for (const kind of KINDS) {
      const parts = this.of(kind);
      const sum = parts.reduce((total, part) => total + part.bytes, 0);
      const paths = parts.map((part) => new URL(part.url).pathname.replace(/\.[0-9a-f]{16}\./, "."));
      lines.push(`  ${kind.padEnd(6)}${kilobytes(sum)}  ${paths.join(" ")}`);
    }
    lines.push(`  total ${kilobytes(this.total())}  aim ${aim}, must ${must}`);
    console.log(lines.join("\n"));
  }
}

test("a friend's first visit by a link is light, up to a form that can be sent", async ({ page, open }) => {
  const referrer = await open();
  await signUp(referrer, newPerson("ann"), "/signup");
  const link = await linkOf(referrer);

  const scales = await Scales.under(page);
  await page.goto(link, { waitUntil: "networkidle" });
  await expect(page.getByLabel("Referral code")).not.toHaveValue("");
  scales.print("A friend's first visit by a link", 25, 60);
  expect(scales.of("HTML").length).toBe(1);
  expect(scales.of("CSS").length, "the style is in the page").toBe(0);
  expect(scales.total()).toBeGreaterThan(3_000);
  expect(scales.total()).toBeLessThanOrEqual(60_000);
});

test("a first visit to the dashboard is light, up to live numbers", async ({ page, open }) => {
  const person = newPerson("ann");
  const elsewhere = await open();
  await signUp(elsewhere, person, "/signup");
  await page.context().addCookies(await elsewhere.context().cookies());

  const scales = await Scales.under(page);
  const live = page.waitForResponse((answer) => answer.url().includes("/live?"));
  await page.goto("/dashboard");
  await awake(page);
  await live;
  await expect.poll(() => scales.of("other").some((part) => part.url.includes("/live?") && part.bytes > 200)).toBe(true);
  scales.print("A first visit to the dashboard", 170, 250);
  expect(scales.of("WASM").length, "the WASM is fetched once").toBe(1);
  expect(scales.of("WASM")[0].bytes).toBeGreaterThan(20_000);
  expect(scales.total()).toBeLessThanOrEqual(250_000);
});

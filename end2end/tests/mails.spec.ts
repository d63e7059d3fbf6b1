import type { Page } from "@playwright/test";
import { check, LOOKS } from "./accessible";
import { mailDatabases } from "./host";
import { MailServer, refusal } from "./mail-server";
import { pause, Server } from "./server";
import { done, expect, type Person, servers, signIn, submit, test } from "./support";

test.skip(!servers.binary, "PASSALONG_BIN names the server to start");

const MINUTE = 60_000;

const owner: Person = { username: "admin", email: "owner+mail@example.com", password: "tr4m-line-owner" };

for (const [database, settings] of Object.entries(mailDatabases)) {
  test.describe(`on ${database}`, () => {
    test.skip(!settings, "there is no such database");
    test.describe.configure({ mode: "serial" });
    let server: Server;
    let mails: MailServer;
    let page: Page;
    /** How far the server is ahead of the real time. */
    let ahead = 0;

    test.beforeAll(async () => {
      mails = await MailServer.start({ user: "mailer@example.com", pass: "p@ss/word" });
      server = await Server.start({
        ...settings,
        ADMIN_EMAIL: owner.email,
        ADMIN_PASSWORD: owner.password,
        SMTP_URL: mails.url,
        SMTP_FROM: "Ácme Friends <hello@example.com>",
        TEST_CLOCK: "on",
      });
    });

    test.afterAll(async () => {
      await server?.remove();
      await mails?.down();
    });

    test.beforeEach(async ({ open, guard }) => {
      guard.trust(server.url);
      mails.mails.length = 0;
      mails.recipient = mails.content = () => {};
      page = await open({ javaScriptEnabled: false });
      await signIn(page, owner, `${server.url}/signin`);
      await expect(page).toHaveURL(/\/admin$/);
    });

    async function advance(milliseconds: number): Promise<void> {
      const body = JSON.stringify({ advance_ms: milliseconds });
      const answer = await fetch(`${server.url}/test/clock`, { method: "POST", body });
      expect(answer.status).toBe(200);
      ahead += milliseconds;
    }

    /** Asks for a mail to the admin: there is one a minute. */
    async function ask(): Promise<void> {
      await advance(MINUTE);
      await page.goto(`${server.url}/admin/system`);
      await Promise.all([done(page, "mail-test"), submit(page, "Send me a test e-mail").click()]);
    }

    /** Waits until the system page says so. */
    async function says(testId: string, text: string | RegExp): Promise<void> {
      await expect(async () => {
        await page.goto(`${server.url}/admin/system`);
        await expect(page.getByTestId(testId)).toHaveText(text, { timeout: 500 });
      }).toPass({ timeout: 10_000 });
    }

    test("a mail arrives as others read it, and looks well in light, dark and narrow", async ({ open }) => {
      await ask();
      const mail = await mails.nth(1);
      expect(mail.subject).toBe("Test e-mail from Passalong");
      expect(mail.from?.value).toEqual([{ name: "Ácme Friends", address: "hello@example.com" }]);
      expect([mail.to].flat().map((to) => to?.text)).toEqual([owner.email]);
      expect(mail.messageId).toMatch(/^<\d+\.\d+@example\.com>$/);
      expect(mail.headers.get("auto-submitted")).toBe("auto-generated");
      expect(mail.text).toContain(`\n${server.url}/admin/system\n`);
      await says("mails-waiting", "0");
      for (const [look, options] of Object.entries(LOOKS)) {
        const reader = await open(options);
        await reader.setContent(mail.html || "");
        await expect(reader.getByRole("link", { name: "View system status" })).toHaveAttribute(
          "href",
          `${server.url}/admin/system`,
        );
        await check(reader, `mail-${database}`, look);
      }
    });

    test("what cannot be sent waits and arrives once: server down, put off, refused", async () => {
      await mails.down();
      await ask();
      await says("mail-problem", /can’t be reached/);
      await mails.up();
      await advance(MINUTE);
      const first = await mails.nth(1);
      await says("mails-waiting", "0");

      let tries = 0;
      mails.recipient = () => {
        if (++tries === 1) throw refusal(451, "4.7.1 Greylisted");
      };
      await ask();
      await says("mail-problem", "Mail server: 451 4.7.1 Greylisted");
      expect(mails.mails.length).toBe(1);
      await advance(MINUTE);
      const second = await mails.nth(2);
      await says("mails-waiting", "0");

      mails.recipient = () => {
        throw refusal(550, "5.1.1 No such user");
      };
      await ask();
      await says("failed-mail", /Mail server: 550 5\.1\.1 No such user/);
      mails.recipient = () => {};
      await Promise.all([done(page, "mail-again"), page.getByTestId("failed-mail").getByRole("button").first().click()]);
      const third = await mails.nth(3);
      await says("mails-waiting", "0");
      await expect(page.getByTestId("failed-mail")).toHaveCount(0);
      expect(new Set([first, second, third].map((mail) => mail.messageId)).size).toBe(3);
    });

    test("what became pointless while it waited is not sent", async () => {
      await mails.down();
      await ask();
      await says("mails-waiting", "1");
      await advance(61 * MINUTE);
      await mails.up();
      await ask();
      await mails.nth(1);
      await says("mails-waiting", "0");
      expect(mails.mails.length).toBe(1);
    });

    test("a server that is killed while it sends loses nothing, and repeats a mail with its id", async ({ guard }) => {
      let killed = () => {};
      const dead = new Promise<void>((resolve) => (killed = resolve));
      mails.content = async () => {
        mails.content = () => {};
        guard.stop();
        await server.kill();
        killed();
      };
      await ask();
      await dead;
      const first = await mails.nth(1);
      await server.start();
      // To the time that it was, and on to when whoever held the mail is taken to be gone.
      const before = ahead;
      ahead = 0;
      await advance(before + 6 * MINUTE);
      const again = await mails.nth(2);
      expect(again.messageId).toBe(first.messageId);
      await pause(2_500);
      expect(mails.mails.length).toBe(2);
    });

    if (database === "sqlite") {
      test("a slow server is waited for: its mail arrives once, and pages and jobs go on", async () => {
        mails.content = () => pause(11_000);
        await ask();
        await says("mails-waiting", "1");
        await expect.poll(() => mails.mails.length, { timeout: 20_000 }).toBe(1);
        await says("mails-waiting", "0");
        await advance(10 * MINUTE);
        await pause(2_500);
        expect(mails.mails.length).toBe(1);
      });
    }
  });
}

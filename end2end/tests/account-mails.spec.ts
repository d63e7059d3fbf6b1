import type { Page } from "@playwright/test";
import type { ParsedMail } from "mailparser";
import { MailServer } from "./mail-server";
import { pause, Server } from "./server";
import { expect, newPerson, onDashboard, type Person, servers, signIn, signUp, submit, test } from "./support";

test.skip(!servers.binary, "PASSALONG_BIN names the server to start");

let mailServer: MailServer;
let server: Server;

test.beforeAll(async () => {
  mailServer = await MailServer.start();
  server = await Server.start({ SMTP_URL: mailServer.url }, ["demo", "--quiet"]);
});
test.beforeEach(({ guard }) => guard.trust(server.url));
test.afterAll(async () => {
  await server?.remove();
  await mailServer?.down();
});

/** The next mail to an address whose subject is like this. */
async function take(to: string, subject: RegExp): Promise<ParsedMail> {
  const { mails } = mailServer;
  const wanted = (mail: ParsedMail) =>
    [mail.to ?? []].flat().some(({ value }) => value.some(({ address }) => address === to)) && subject.test(mail.subject ?? "");
  for (const begun = Date.now(); Date.now() - begun < 20_000; await pause(50)) {
    const place = mails.findIndex(wanted);
    if (place >= 0) return mails.splice(place, 1)[0]!;
  }
  throw new Error(`no such mail to ${to}: ${mails.map((mail) => mail.subject)}`);
}

/** The link of a mail: the same in its text and behind its button. */
function linkOf(mail: ParsedMail, path: string): string {
  const link = new RegExp(`${server.url}${path}\\?token=[\\w-]{43}`).exec(mail.text ?? "")?.[0];
  if (!link) throw new Error(`no link to ${path} in ${mail.text}`);
  expect(mail.html).toContain(`href="${link}"`);
  return link;
}

/** Somebody with a tag in their address. */
function tagged(name: string): Person {
  const person = newPerson(name);
  return { ...person, email: person.email.replace("@", "+tag@") };
}

async function forgot(page: Page, person: Person, password: string): Promise<void> {
  await page.goto(`${server.url}/signin`);
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await page.getByLabel("E-mail address").fill(person.email);
  await submit(page, "Send reset link").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Check your inbox");
  await page.goto(linkOf(await take(person.email, /^Reset your .* password$/), "/reset"));
  await page.getByLabel("New password").fill(password);
  await submit(page, "Save password and sign in").click();
  await expect(page).toHaveURL(/\/dashboard(\?done=password)?$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Hello, ${person.username}`);
}

test("an address is confirmed, changed, and confirmed again", async ({ page }) => {
  const person = tagged("ann");
  await signUp(page, person, `${server.url}/signup`);
  const notice = page.getByText("Confirm your e-mail address");
  await expect(notice).toBeVisible();
  const first = linkOf(await take(person.email, /^Confirm your e-mail/), "/verify");
  await page.getByRole("button", { name: "Send again" }).click();
  await expect(page.locator(".toast")).toHaveText("E-mail sent. Check your inbox.");
  await take(person.email, /^Confirm your e-mail/);
  await page.goto(first);
  await submit(page, "Confirm e-mail").click();
  await expect(page.locator(".toast")).toHaveText("E-mail address confirmed");
  await expect(notice).toHaveCount(0);

  const form = page.getByRole("region", { name: "Change e-mail address" });
  const email = `new-${person.email}`;
  await form.getByLabel("New e-mail address").fill(email);
  await form.getByLabel("Current password").fill(person.password);
  await submit(page, "Send confirmation link").click();
  await page.goto(linkOf(await take(email, /^Confirm your new e-mail/), "/verify"));
  await submit(page, "Change e-mail address").click();
  await expect(page.getByText(email)).toBeVisible();
  expect((await take(person.email, /e-mail was changed$/)).text).toContain(email);
});

test("a forgotten password is set anew, and the link works once", async ({ guard, page, open }) => {
  // The page that is open elsewhere hears that its session is over.
  guard.allow(/401 \(Unauthorized\) .*\/live/);
  const person = tagged("ann");
  await signUp(page, person, `${server.url}/signup`);
  const elsewhere = await open();
  await forgot(elsewhere, person, `${person.password}-2`);
  await take(person.email, /password was changed$/);
  await expect(page, "the page asks to sign in again, by itself").toHaveURL(/\/signin\?next=/, { timeout: 15_000 });
  await signIn(page, person);
  await expect(page.getByRole("alert")).toBeVisible();
});

test("a mailed link signs in, and leads where one wanted to go", async ({ guard, page, open }) => {
  // Nobody had confirmed the address: who has signed up with it may be somebody else, and is signed out.
  guard.allow(/401 \(Unauthorized\) .*\/live/);
  const person = tagged("ann");
  await signUp(page, person, `${server.url}/signup`);
  const elsewhere = await open();
  await elsewhere.goto(`${server.url}/profile`);
  await elsewhere.getByRole("link", { name: "E-mail me a sign-in link" }).click();
  await elsewhere.getByLabel("E-mail address").fill(person.email);
  await submit(elsewhere, "Send sign-in link").click();
  const link = linkOf(await take(person.email, /^Sign in to/), "/signin/link");
  await elsewhere.goto(link);
  await submit(elsewhere, `Sign in as ${person.username}`).click();
  await expect(elsewhere).toHaveURL(/\/profile$/);
  await expect(page, "the page asks to sign in again, by itself").toHaveURL(/\/signin\?next=/, { timeout: 15_000 });
  const late = await open();
  await late.goto(link);
  await expect(late.getByRole("heading", { level: 1 })).toHaveText("This link no longer works");
  await late.getByRole("link", { name: "Send a new link" }).click();
  await expect(late.getByLabel("E-mail address")).toBeVisible();
});

test("a host product's link signs in at once", async ({ page }) => {
  const key = (await server.run("api-key", "create", "--name", "host", "--scopes", "write")).trim();
  const ask = async (path: string, body: object) => {
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    const answer = await fetch(`${server.url}/api/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    expect(answer.status).toBe(201);
    return answer.json();
  };
  const person = newPerson("eva");
  await ask("users", { email: person.email, username: person.username, external_id: person.username });
  const { url } = await ask(`users/ext:${person.username}/login-link`, {});
  // Its page goes on by itself, before it is loaded.
  await page.goto(url, { waitUntil: "commit" });
  await onDashboard(page, person);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("a forgotten password is set anew", async ({ page, open }) => {
    const person = tagged("ann");
    await signUp(await open(), person, `${server.url}/signup`);
    await forgot(page, person, `${person.password}-2`);
    const again = await open();
    await signIn(again, { ...person, password: `${person.password}-2` }, `${server.url}/signin`);
    await onDashboard(again, person);
  });
});

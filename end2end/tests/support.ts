import {
  expect as baseExpect,
  test as base,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
  type Response,
} from "@playwright/test";

/** Settings of this run, as `cargo xtask test` gives them. */
export const servers = {
  sqlite: process.env.BASE_URL ?? "http://127.0.0.1:3000",
  /** Two instances on one PostgreSQL database. */
  postgres: [process.env.BASE_URL_PG_A, process.env.BASE_URL_PG_B],
  binary: process.env.PASSALONG_BIN,
  /** Whether they send the styles and scripts of a release. */
  asReleased: !!process.env.PASSALONG_AS_RELEASED,
};

/** Somebody with an account, or on the way to one. */
export interface Person {
  username: string;
  email: string;
  password: string;
}

/** The admin of these servers. */
export const admin: Person = {
  username: "admin",
  email: process.env.ADMIN_EMAIL ?? "",
  password: process.env.ADMIN_PASSWORD ?? "",
};

let made = 0;

/** A person whom no other test knows. */
export function newPerson(name: string): Person {
  const username = `${name}-${(Date.now() % 1e9).toString(36)}-${process.pid.toString(36)}-${(made++).toString(36)}`;
  return { username, email: `${username}@example.com`.toLowerCase(), password: `tr4m-line-${username}` };
}

/** A user agent of its own: the server takes browsers without cookies for the same visitor when these are the same. */
export function newUserAgent(): string {
  return `Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0 Safari/537.36 Friend/${process.pid}.${made++}`;
}

/** Statuses with which a page answers that is shown all the same: not found, taken, refused. */
const SHOWN = /status of (404|409|410|422) /;

/** Said by Chromium where a page's style sheet was not in its cache, as under `route`, which switches that off. */
export const UNCACHED = /ViewTransition opt-in disabled/;

/** Said by Chromium on a busy machine, where a page was shown before its transition could begin. */
const LATE = /Transition was aborted because of invalid state\. Page already revealed/;

/** Finds what must not happen on any page: errors, refused content, requests that leave the server. */
export class Guard {
  private readonly problems: string[] = [];
  private readonly allowed: RegExp[] = [];
  private readonly origins = new Set<string>();
  private over = false;

  constructor() {
    for (const url of [servers.sqlite, ...servers.postgres]) if (url) this.trust(url);
  }

  /** Pages may ask this server. */
  trust(url: string): void {
    this.origins.add(new URL(url).origin);
  }

  /** What a test brings about on purpose. */
  allow(...expected: RegExp[]): void {
    this.allowed.push(...expected);
  }

  /** What comes from now on is not looked at: the server is taken away while pages are open. */
  stop(): void {
    this.over = true;
  }

  private note(problem: string): void {
    if (!this.over && !LATE.test(problem)) this.problems.push(problem);
  }

  async watch(context: BrowserContext): Promise<void> {
    const documents = new Set<string>();
    context.on("console", (message) => {
      if (message.type() !== "error") return;
      const where = message.location().url;
      if (documents.has(where) && SHOWN.test(message.text())) return;
      this.note(`console: ${message.text()} (${where})`);
    });
    context.on("weberror", (error) => {
      const { name, message, stack } = error.error();
      this.note(`error: ${name}: ${message} ${stack} (${error.page()?.url()})`);
    });
    context.on("page", (page) => {
      page.on("dialog", (dialog) => {
        this.note(`dialog: ${dialog.message()}`);
        void dialog.dismiss().catch(() => {});
      });
    });
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (request.isNavigationRequest()) documents.add(request.url());
      if (/^(https?|wss?):$/.test(url.protocol) && !this.origins.has(url.origin)) {
        this.note(`request to another host: ${url}`);
      }
    });
    context.on("response", (response) => {
      if (response.status() >= 500) this.note(`answer: ${response.status()} ${response.url()}`);
    });
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (report) => {
        console.error(`policy: ${report.effectiveDirective} ${report.blockedURI} ${report.sample}`);
      });
    });
  }

  /** What was found and nobody has allowed. */
  found(): string[] {
    return this.problems.filter((problem) => !this.allowed.some((expected) => expected.test(problem)));
  }
}

/** With patience for a busy machine. */
export const expect = baseExpect.configure({ timeout: 10_000 });

interface Fixtures {
  guard: Guard;
  /** Opens a page in a browser of its own: no cookies, a user agent that nobody else has. */
  open: (options?: BrowserContextOptions) => Promise<Page>;
}

/** Every page of every test is watched: those of `page` and of `open`. */
export const test = base.extend<Fixtures>({
  actionTimeout: 15_000,
  guard: [
    async ({}, use) => {
      const guard = new Guard();
      await use(guard);
      expect(guard.found(), "what must not happen on any page").toEqual([]);
    },
    { auto: true },
  ],
  context: async ({ context, guard }, use) => {
    await guard.watch(context);
    await use(context);
  },
  open: async ({ browser, guard }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (options = {}) => {
      const context = await browser.newContext({ userAgent: newUserAgent(), ...options });
      contexts.push(context);
      await guard.watch(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
});

/** Waits until the islands of the page are awake. */
export async function awake(page: Page): Promise<void> {
  await expect(page.locator("html[data-awake=true]"), "the islands are awake").toBeAttached({ timeout: 20_000 });
}

/** Fills the fields of the sign-up form, the code apart. */
export async function fillIn(page: Page, person: Person): Promise<void> {
  await page.getByLabel("E-mail address").fill(person.email);
  await page.getByLabel("Username").fill(person.username);
  await page.getByLabel("Password").fill(person.password);
}

/** The button of the form on the page. */
export function submit(page: Page, name: string): Locator {
  return page.getByRole("main").getByRole("button", { name, exact: true });
}

/** Signs up on the page's own form or at `address`, and arrives on the dashboard. */
export async function signUp(page: Page, person: Person, address?: string): Promise<void> {
  if (address) await page.goto(address);
  await fillIn(page, person);
  await submit(page, "Create account").click();
  await onDashboard(page, person);
}

export async function signIn(page: Page, person: Person, address?: string): Promise<void> {
  if (address) await page.goto(address);
  await page.getByLabel("E-mail address").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await submit(page, "Sign in").click();
}

/** Signs in as the admin and opens a page of theirs. */
export async function asAdmin(page: Page, path: string, server = servers.sqlite): Promise<void> {
  test.skip(!admin.email, "there is no admin to sign in as");
  await signIn(page, admin, `${server}/signin`);
  await expect(page).toHaveURL(/\/admin$/);
  await page.goto(`${server}${path}`);
}

/** A code that no other test knows. */
export function newCode(name: string): string {
  return `${name}-${(Date.now() % 1e9).toString(36)}${process.pid.toString(36)}${made++}`.toUpperCase();
}

/** Makes a campaign code on the form for it, and arrives on its page. */
export async function makeCode(page: Page, server: string, code: string, mostUses = 100): Promise<void> {
  await page.goto(`${server}/admin/codes/new`);
  await page.getByRole("textbox", { name: /^Code/ }).fill(code);
  await page.getByLabel("Description").fill(`What ${code} is for`);
  await page.getByLabel("Usage limit").fill(String(mostUses));
  await submit(page, "Create code").click();
  await expect(page).toHaveURL(/\/admin\/codes\/\d+(\?done=created)?$/);
}

export async function onDashboard(page: Page, person: Person): Promise<void> {
  await expect(page).toHaveURL(/\/dashboard(\?done=joined)?$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Hello, ${person.username}`);
}

/** Waits until a page says that something was done. The address does not tell: its `?done=` is taken out at once. */
export function done(page: Page, what: string): Promise<Response> {
  return page.waitForResponse((answer) => new URL(answer.url()).searchParams.get("done") === what);
}

/** The link of the dashboard that is shown. */
export async function linkOf(page: Page): Promise<string> {
  const link = (await page.getByTestId("referral-link").textContent()) ?? "";
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/r\/[A-Z2-9]{8,}$/);
  return link;
}

/** The code that a link carries. */
export function codeOf(link: string): string {
  return link.split("/").at(-1) ?? "";
}

/** The numbers that the dashboard shows. */
export async function expectNumbers(page: Page, clicks: number, signups: number): Promise<void> {
  await expect(page.getByTestId("clicks")).toHaveText(String(clicks));
  await expect(page.getByTestId("signups")).toHaveText(String(signups));
  await expect(page.getByTestId("goal")).toHaveText(`${signups} / 10`);
}

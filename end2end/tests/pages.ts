import type { Page } from "@playwright/test";
import { Server } from "./server";
import type { Person } from "./support";
import { expect } from "./support";

/** People of the program that `passalong demo` makes. */
export const people = {
  admin: { username: "admin", email: "admin@demo.example", password: "try-passalong-2026" },
  referrer: { username: "alex", email: "alex@demo.example", password: "try-passalong-2026" },
} satisfies Record<string, Person>;

/** A page, and whoever looks at it. */
export interface Visit {
  name: string;
  path: string;
  by?: keyof typeof people;
  /** What the page answers, if not 200. */
  status?: number;
}

/** Every page, filled by the demo. A page about one of many stands for all. */
const visits: Visit[] = [
  { name: "home", path: "/" },
  { name: "sign-up", path: "/signup" },
  { name: "sign-up-dead-link", path: "/signup?invitation=invalid" },
  { name: "sign-up-by-link", path: "/signup?ref={code}" },
  { name: "sign-in", path: "/signin" },
  { name: "forgot", path: "/forgot" },
  { name: "forgot-sent", path: "/forgot?sent=true" },
  { name: "reset-expired", path: "/reset?token=expired", status: 410 },
  { name: "sign-in-link", path: "/signin/link" },
  { name: "not-found", path: "/nothing/here", status: 404 },
  { name: "api-docs", path: "/api/docs" },
  { name: "dashboard", path: "/dashboard", by: "referrer" },
  { name: "friends", path: "/referrals", by: "referrer" },
  { name: "profile", path: "/profile", by: "referrer" },
  { name: "forbidden", path: "/admin", by: "referrer", status: 403 },
  { name: "sign-up-signed-in", path: "/signup", by: "referrer" },
  { name: "overview", path: "/admin", by: "admin" },
  { name: "codes", path: "/admin/codes", by: "admin" },
  { name: "codes-none", path: "/admin/codes?q=NO-SUCH-CODE", by: "admin" },
  { name: "code", path: "/admin/codes/{campaign}", by: "admin" },
  { name: "new-code", path: "/admin/codes/new", by: "admin" },
  { name: "bulk", path: "/admin/codes/bulk", by: "admin" },
  { name: "users", path: "/admin/users", by: "admin" },
  { name: "user", path: "/admin/users/2", by: "admin" },
  { name: "referrals", path: "/admin/referrals", by: "admin" },
  { name: "referral", path: "/admin/referrals/2", by: "admin" },
  { name: "review", path: "/admin/review", by: "admin" },
  { name: "review-decided", path: "/admin/review?state=closed", by: "admin" },
  { name: "conversions", path: "/admin/conversions", by: "admin" },
  { name: "conversion", path: "/admin/conversions/1", by: "admin" },
  { name: "new-conversion", path: "/admin/conversions/new", by: "admin" },
  { name: "rewards", path: "/admin/rewards", by: "admin" },
  { name: "reward", path: "/admin/rewards/1", by: "admin" },
  { name: "rules", path: "/admin/rules", by: "admin" },
  { name: "rule", path: "/admin/rules/1", by: "admin" },
  { name: "new-rule", path: "/admin/rules/new", by: "admin" },
  { name: "settings", path: "/admin/settings", by: "admin" },
  { name: "api-keys", path: "/admin/api-keys", by: "admin" },
  { name: "webhooks", path: "/admin/webhooks", by: "admin" },
  { name: "webhook", path: "/admin/webhooks/1", by: "admin" },
  { name: "webhook-delivery", path: "/admin/webhooks/deliveries/1", by: "admin" },
  { name: "audit", path: "/admin/audit", by: "admin" },
  { name: "system", path: "/admin/system", by: "admin" },
];

/** A server with the program that the demo makes. */
export class Demo {
  private constructor(
    readonly server: Server,
    readonly visits: Visit[],
    /** What people have written in it: names, descriptions. */
    readonly written: string[],
  ) {}

  static async start(): Promise<Demo> {
    const server = await Server.start({}, ["demo", "--quiet"]);
    const key = (await server.run("api-key", "create", "--name", "reader", "--scopes", "read")).trim();
    const ask = async (path: string) =>
      (await fetch(`${server.url}/api/v1/${path}`, { headers: { Authorization: `Bearer ${key}` } })).json();
    const all = async (path: string) => {
      const rows: Record<string, string>[] = [];
      for (let after: string | null = ""; after !== null; ) {
        const page: { data: typeof rows; next: string | null } = await ask(`${path}?limit=100&after=${after}`);
        rows.push(...page.data);
        after = page.next && encodeURIComponent(page.next);
      }
      return rows;
    };
    const [codes, users] = [await all("codes"), await all("users")];
    const settings = (await ask("settings")) as Record<string, string>;
    const written = [
      ...codes.flatMap(({ description, category }) => [description, category]),
      ...users.map(({ username }) => username),
      ...Object.values(people).map(({ username }) => username),
      settings.program_name,
      settings.welcome_text,
    ].filter(Boolean);
    const names: Record<string, string> = {
      "{code}": (await ask(`users?email=${people.referrer.email}`)).data[0].code,
      "{campaign}": String(codes[0]?.id),
    };
    const fill = (path: string) => path.replace(/\{\w+\}/, (name) => names[name] ?? name);
    const filled = visits.map((visit) => ({ ...visit, path: fill(visit.path) }));
    // Longer ones first: some begin as others do.
    return new Demo(server, filled, written.sort((one, other) => other.length - one.length));
  }

  /** Opens a page, which must be the one that is meant. */
  async open(page: Page, { name, path, status = 200 }: Visit): Promise<void> {
    const answer = await page.goto(`${this.server.url}${path}`);
    expect(answer?.status(), name).toBe(status);
  }
}

/** Languages by their tags: those that readers can choose, and the made-up one in which what is not translated shows. */
export const languages = ["en", "es", "qps"];

/** Widths of screens, in pixels. */
export const widths = [1280, 390, 320];

/** A browser whose reader reads this language. */
export function reading(language: string) {
  return { locale: language };
}

/** Signs in as somebody of the demo, in English or not. */
export async function signInAs(page: Page, server: string, who: keyof typeof people): Promise<void> {
  await page.goto(`${server}/signin`);
  await page.locator("[name=email]").fill(people[who].email);
  await page.locator("[name=password]").fill(people[who].password);
  await page.locator("main form [type=submit]").click();
  await expect(page).toHaveURL(/\/(dashboard|admin)$/);
}

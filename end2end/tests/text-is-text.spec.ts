import type { Page } from "@playwright/test";
import { Server } from "./server";
import {
  awake,
  done,
  expect,
  fillIn,
  linkOf,
  newPerson,
  onDashboard,
  servers,
  signIn,
  signUp,
  submit,
  test,
} from "./support";

test.describe.configure({ mode: "parallel" });

// Hundreds of page loads: recording them would take longer than they do.
test.use({ trace: "off" });

/** Each sets `window.ran` or opens a dialog where it is taken for anything but text. */
const PAYLOADS = [
  `<script>window.ran = 1</script>`,
  `"><script>window.ran = 1</script>`,
  `'><img src=x onerror=window.ran=1>`,
  `"><svg/onload=window.ran=1>`,
  `" autofocus onfocus="window.ran=1`,
  `' onmouseover='window.ran=1' x='`,
  `</title><script>alert(1)</script>`,
  `</textarea></input></form><iframe srcdoc="<script>parent.ran=1</script>">`,
  `javascript:window.ran=1//`,
  `<a href="javascript:window.ran=1">x</a>`,
  `--><!--<img src=x onerror=alert(1)>`,
  `<math><mtext></p><style><img title="</style><img src=x onerror=window.ran=1>">`,
  `\\u003cscript\\u003ewindow.ran=1\\u003c/script\\u003e`,
  `{{constructor.constructor('window.ran=1')()}}\${window.ran=1}`,
  `%3Cscript%3Ewindow.ran=1%3C/script%3E`,
  `<leptos-island data-component="LiveNumber" data-props='"'></leptos-island>`,
  `data:text/html,<script>parent.ran=1</script>`,
];

/** What the payloads would make, and the pages have none of. */
const MADE = [
  ...["img:not([src='/dashboard/qr.svg'])", "iframe", "math", "textarea:not([id])", "body style", `leptos-island[data-props='"']`],
  ...["[onerror]", "[onload]", "[onfocus]", "[onmouseover]", "[href^=javascript]"],
].join();

/** Nothing of it ran, and nothing of it became an element. */
async function expectQuiet(page: Page, what: string): Promise<void> {
  const found = await page.evaluate(
    (made) => ({ ran: "ran" in window, elements: document.querySelectorAll(made).length }),
    MADE,
  );
  expect(found, what).toEqual({ ran: false, elements: 0 });
}

test("what is written into the sign-up form comes back as text", async ({ page }) => {
  await page.goto("/signup");
  for (const payload of PAYLOADS) {
    await page.getByLabel("E-mail address").fill(payload);
    await page.getByLabel("Username").fill(payload);
    await page.getByLabel("Password").fill(payload);
    await page.getByLabel("Referral code").fill(payload);
    await page
      .locator("input[name=linked]")
      .evaluate((input: HTMLInputElement, value) => (input.value = value), payload);
    const [answer] = await Promise.all([
      page.waitForResponse((answer) => answer.request().method() === "POST" && answer.url().endsWith("/signup")),
      submit(page, "Create account").click(),
    ]);
    expect(answer.status(), payload).toBe(422);
    await expect(page.getByRole("alert").first()).toBeVisible();
    await expect(page.getByLabel("E-mail address")).toHaveValue(payload);
    await expect(page.getByLabel("Username")).toHaveValue(payload);
    await expect(page.getByLabel("Password")).toHaveValue("");
    await expect(page.locator("input[name=linked]")).toHaveValue(payload);
    await page.getByLabel("Referral code").focus();
    await awake(page);
    await expect(page.getByLabel("Referral code")).toHaveValue(payload);
    await expectQuiet(page, payload);
  }
});

test("what stands in an address stays text and leads nowhere else", async ({ page, open }) => {
  const person = newPerson("ann");
  const referrer = await open();
  await signUp(referrer, person, "/signup");
  const link = await linkOf(referrer);
  const home = new URL(link).origin;
  for (const payload of PAYLOADS) {
    const text = encodeURIComponent(payload);
    for (const address of [
      `/?done=${text}`,
      `/signup?ref=${text}&via=${text}`,
      `/r/${text}?via=${text}`,
      `${link}?via=${text}`,
      `/${text}?token=${text}&${text}=${text}`,
      `/signin?next=${text}&done=${text}`,
    ]) {
      await page.goto(address);
      expect(new URL(page.url()).origin, address).toBe(home);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectQuiet(page, address);
    }
    await submit(page, "Sign in").click();
    await expect(page.getByRole("alert").first()).toBeVisible();
    await expect(page.locator("main input[name=next]")).toHaveValue(payload);
    await expectQuiet(page, `a refused sign-in, ${payload}`);
  }
});

test("signing in leads to a page of this site, whatever the address asks for", async ({ page, open }) => {
  const person = newPerson("ann");
  await signUp(await open(), person, "/signup");
  for (const next of [
    "//evil.example/",
    "https://evil.example/",
    "/\\evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
  ]) {
    await page.goto(`/signin?next=${encodeURIComponent(next)}`);
    await page.getByLabel("E-mail address").fill(person.email);
    await page.getByLabel("Password").fill(person.password);
    await submit(page, "Sign in").click();
    await onDashboard(page, person);
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page).toHaveURL(/\/signin/);
  }
});

test("what is stored is shown as text", async ({ open }) => {
  const payload = `Mozilla/5.0 <img src=x onerror=window.ran=1> "><script>window.ran=1</script>`;
  const page = await open({ userAgent: payload });
  const person = newPerson("ann");
  // All that an address may hold, and what would become brackets in a page that does not escape it.
  person.email = `x'&lt&#60img=onerror{{7*7}}\${1}@${person.username}.example.com`;
  await page.goto("/signup");
  await fillIn(page, person);
  await submit(page, "Create account").click();
  await onDashboard(page, person);
  await awake(page);
  await expectQuiet(page, "dashboard");
  await page.getByRole("link", { name: "Profile" }).click();
  await expect(page.getByRole("main").getByText(person.email, { exact: true })).toBeVisible();
  await expectQuiet(page, "profile");
});

test("what an admin writes is shown as text on every page", async ({ page, guard }) => {
  test.skip(!servers.binary, "PASSALONG_BIN names the server to start");
  test.setTimeout(600_000);
  const admin = { username: "admin", email: "owner@example.com", password: "tr4m-line-9-owner" };
  const server = await Server.start({ ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password });
  guard.trust(server.url);
  try {
    await signIn(page, admin, `${server.url}/signin`);
    await expect(page).toHaveURL(/\/admin$/);
    for (const [n, payload] of PAYLOADS.entries()) {
      await page.goto(`${server.url}/admin/codes/new`);
      await page.getByRole("textbox", { name: /^Code/ }).fill(payload);
      await page.getByLabel("Description").fill(payload);
      await page.getByLabel("Category").fill(payload);
      await page.getByLabel("Beneficiary").fill(payload);
      await submit(page, "Create code").click();
      await expect(page.getByRole("alert").first()).toBeVisible();
      await expect(page.getByLabel("Description")).toHaveValue(payload);
      await expectQuiet(page, `a refused code, ${payload}`);
      await page.getByRole("textbox", { name: /^Code/ }).fill(`CODE-${n}`);
      await page.getByLabel("Category").fill(payload.slice(0, 50));
      await page.getByLabel("Beneficiary").fill("");
      await Promise.all([done(page, "created"), submit(page, "Create code").click()]);
      await expect(page.getByRole("main").getByText(payload, { exact: true }).first()).toBeVisible();
      await expectQuiet(page, `a code, ${payload}`);

      await page.goto(`${server.url}/admin/settings`);
      await page.getByLabel("Program name").fill(payload.slice(0, 60));
      await page.getByLabel("Welcome text").fill(payload);
      await page.getByLabel("Link destination").fill(payload);
      await page.getByLabel("Link to your terms").fill(payload);
      const form = page.locator("#settings-form");
      await form.evaluate((form: HTMLFormElement) => (form.noValidate = true));
      await submit(page, "Save").click();
      await expect(page.getByRole("alert").first()).toBeVisible();
      await expectQuiet(page, `refused settings, ${payload}`);
      await page.getByLabel("Link destination").fill("");
      await page.getByLabel("Link to your terms").fill("");
      await Promise.all([done(page, "saved"), submit(page, "Save").click()]);

      const text = encodeURIComponent(payload);
      for (const path of [
        ...["/", "/signup", "/dashboard", "/profile", "/admin", "/admin/settings", "/admin/users/1"],
        ...["/admin/codes/bulk", "/admin/referrals", "/admin/api-keys", `/admin/codes/new?done=${text}`],
        `/admin/codes?q=${text}&status=${text}&category=${text}&sort=${text}&beneficiary=${text}&after=${text}`,
        `/admin/codes?category=${text}`,
        `/admin/users?q=${text}&after=${text}`,
        `/admin/audit?action=${text}&after=${text}`,
        `/admin/referrals?q=${text}&state=${text}&rule=${text}&after=${text}`,
        `/admin/conversions?person=${text}&state=${text}&after=${text}`,
        "/admin/audit",
        `/admin/system?after=${text}`,
      ]) {
        await page.goto(`${server.url}${path}`);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await expectQuiet(page, `${path}, ${payload}`);
      }
    }
  } finally {
    await server.remove(guard);
  }
});

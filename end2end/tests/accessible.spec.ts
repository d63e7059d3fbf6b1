import type { Page } from "@playwright/test";
import { check as checkLook, LOOKS } from "./accessible";
import { Server } from "./server";
import {
  asAdmin,
  awake,
  codeOf,
  expect,
  linkOf,
  makeCode,
  newCode,
  newPerson,
  onDashboard,
  servers,
  signIn,
  signUp,
  submit,
  test,
} from "./support";

test.describe.configure({ mode: "parallel" });

// The pictures that are kept show enough.
test.use({ trace: "off" });

// Pages as they are filled are looked at in `every-page.spec.ts`; here is what people bring about on them.
for (const [look, options] of Object.entries(LOOKS)) {
  test.describe(look, () => {
    test.use({ ...options, contextOptions: { reducedMotion: "reduce" } });

    const check = (page: Page, name: string) => checkLook(page, name, look);

    test("a stranger's pages are accessible", async ({ page, open }) => {
      const referrer = await open();
      await signUp(referrer, newPerson("ann"), "/signup");
      const visits: Record<string, string> = {
        "sign-up": "/signup",
        "sign-up-by-link": await linkOf(referrer),
        "sign-up-by-dead-link": "/r/NOSUCHCODE",
        "signed-out": "/signin?done=signed-out",
      };
      for (const [name, path] of Object.entries(visits)) {
        await page.goto(path);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await check(page, name);
      }

      await page.goto("/signup");
      const code = page.getByLabel("Referral code");
      // The invitation of the link above is remembered.
      await page.locator("details.invitation summary").click();
      await code.focus();
      await awake(page);
      await code.fill(codeOf(await linkOf(referrer)));
      await expect(page.getByText("This code works.")).toBeVisible();
      await check(page, "sign-up-good-code");
      await code.fill("NOSUCHCODE");
      await expect(page.getByText("We don’t know this code.")).toBeVisible();
      await check(page, "sign-up-bad-code");
      await submit(page, "Create account").click();
      await expect(page.getByRole("alert")).toHaveCount(4);
      await check(page, "sign-up-refused");
      await signIn(page, newPerson("nobody"), "/signin");
      await expect(page.getByRole("alert")).toHaveCount(1);
      await check(page, "sign-in-refused");
    });

    test("a referrer's pages are accessible", async ({ page, open }) => {
      test.slow();
      const person = newPerson("ann");
      await signUp(page, person, "/signup");
      await awake(page);
      await check(page, "dashboard-new");
      await page.goto("/referrals");
      await check(page, "friends-none");
      await page.goto("/dashboard");
      await awake(page);
      const friend = await open();
      await signUp(friend, newPerson("bob"), await linkOf(page));
      await expect(page.getByTestId("signups")).toHaveText("1");
      await page.reload();
      await awake(page);
      await page.getByRole("button", { name: "Copy" }).click();
      await check(page, "dashboard");
      await page.getByText("Show as a table").click();
      await expect(page.getByRole("table")).toBeVisible();
      await check(page, "dashboard-table");
      await page.goto("/referrals");
      await page.getByText("Why this counts").click();
      await check(page, "friends");

      const elsewhere = await open();
      await signIn(elsewhere, person, "/signin");
      await onDashboard(elsewhere, person);
      await page.goto("/profile");
      await page.getByText("I want to delete my account").click();
      await check(page, "profile");
      await page.getByRole("button", { name: "Change password" }).click();
      await expect(page.getByRole("alert")).toHaveCount(1);
      await check(page, "profile-refused");
      await page.goto("/profile?done=password");
      await expect(page.getByRole("status")).toBeVisible();
      await check(page, "profile-done");
      await page.goto("/signup");
      await check(page, "sign-up-already-in");
    });

    test("an admin's pages are accessible", async ({ page, open }) => {
      test.slow();
      const code = newCode(look);
      await asAdmin(page, "/admin/codes");
      await makeCode(page, servers.sqlite, code);
      const bob = newPerson("bob");
      await signUp(await open(), bob, `/r/${code}`);
      await page.reload();
      await check(page, "admin-code");
      const visits: Record<string, string> = {
        admin: "/admin",
        "admin-codes": "/admin/codes?sort=clicks&descending=true",
        "admin-codes-of-one": "/admin/codes?beneficiary=admin",
        "admin-codes-none": "/admin/codes?q=NO-SUCH-CODE",
        "admin-users": "/admin/users?sort=email",
        "admin-user": "/admin/users/1",
        "admin-referrals": `/admin/referrals?q=${bob.username}`,
        "admin-referrals-none": "/admin/referrals?q=nobody-at-all",
        "admin-conversions": "/admin/conversions",
        "admin-conversions-none": "/admin/conversions?person=nobody-at-all",
        "admin-api-keys": "/admin/api-keys",
      };
      for (const [name, path] of Object.entries(visits)) {
        await page.goto(path);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await check(page, name);
      }
      await page.goto(`/admin/referrals?q=${bob.username}&state=credited`);
      await page.getByTestId("referral-row").getByRole("link").first().click();
      await expect(page.getByTestId("evidence").first()).toBeVisible();
      await check(page, "admin-referral");
      await page.goto("/admin/codes/new");
      await page.getByRole("textbox", { name: /^Code/ }).fill("x");
      await submit(page, "Create code").click();
      await expect(page.getByRole("alert").first()).toBeVisible();
      await check(page, "admin-new-code-refused");
    });

    test("the pages of a first run are accessible", async ({ page, guard }) => {
      test.skip(!servers.binary, "PASSALONG_BIN names the server to start");
      const server = await Server.start();
      guard.trust(server.url);
      try {
        await page.goto(server.url);
        await check(page, "home-before-set-up");
        await page.goto(`${server.url}/setup`);
        await check(page, "set-up");
        await submit(page, "Set up").click();
        await expect(page.getByRole("alert")).toHaveCount(4);
        await check(page, "set-up-refused");
        const admin = newPerson("owner");
        await page.goto(`${server.url}/setup?token=${await server.token()}`);
        await page.getByLabel("Your e-mail address").fill(admin.email);
        await page.getByLabel("Username").fill(admin.username);
        await page.getByLabel("Password").fill(admin.password);
        await page.getByLabel("Start the referral program now").uncheck();
        await submit(page, "Set up").click();
        await expect(page).toHaveURL(`${server.url}/admin`);
        await page.goto(`${server.url}/dashboard`);
        await onDashboard(page, admin);
        await check(page, "dashboard-paused");
        await page.goto(server.url);
        await check(page, "home-paused");
      } finally {
        await server.remove(guard);
      }
    });
  });
}

/** Everything that one can press or type into, as far as it is shown. */
const INTERACTIVE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";

/** Goes through the page with the Tab key: what has the focus shows it, and everything gets it. */
async function walk(page: Page): Promise<void> {
  await page.locator("details").evaluateAll((all) => all.forEach((details) => details.setAttribute("open", "")));
  const wanted = await page.evaluate((selector) => {
    const looks = new Map<Element, string>();
    const look = (element: Element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return outlineStyle === "none" || outlineWidth === "0px" ? boxShadow : `outline ${boxShadow}`;
    };
    const shown = [...document.querySelectorAll(selector)].filter((element) =>
      element.checkVisibility({ visibilityProperty: true }),
    );
    for (const element of shown) looks.set(element, look(element));
    Object.assign(window, { looks, look });
    return shown.length;
  }, INTERACTIVE);
  const names: string[] = [];
  for (let n = 0; n < wanted + 20; n++) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const { looks, look } = window as unknown as { looks: Map<Element, string>; look: (element: Element) => string };
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      // A field for date and time is several stops in one.
      const first = looks.has(element);
      const before = looks.get(element);
      looks.delete(element);
      const box = element.getBoundingClientRect();
      return {
        name: `${element.tagName} ${element.textContent?.trim() || element.getAttribute("name") || element.ariaLabel}`,
        visible: !first || (look(element) !== before && look(element) !== "none"),
        inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
      };
    });
    if (!stop) break;
    expect(stop, stop.name).toMatchObject({ visible: true, inside: true });
    names.push(stop.name);
  }
  const missed = await page.evaluate(() => {
    const { looks } = window as unknown as { looks: Map<Element, string> };
    // An open page follows what other tests do: what has left it meanwhile cannot be reached.
    return [...looks.keys()].filter((element) => element.isConnected).map((element) => element.outerHTML.slice(0, 120));
  });
  expect(missed, "reached by the Tab key").toEqual([]);
  expect(names[0]).toBe("A Skip to content");
}

test("the Tab key reaches everything, beginning with the way past the header", async ({ page, open }) => {
  for (const path of ["/", "/signup", "/signin", "/nothing/here"]) {
    await page.goto(path);
    await walk(page);
  }
  await signUp(page, newPerson("ann"), "/signup");
  const friend = await open();
  await signUp(friend, newPerson("bob"), await linkOf(page));
  await expect(page.getByTestId("signups")).toHaveText("1");
  await page.reload();
  await awake(page);
  await walk(page);
  for (const path of ["/profile", "/signup"]) {
    await page.goto(path);
    await walk(page);
  }
  const admins = await open();
  await asAdmin(admins, "/admin/codes");
  await makeCode(admins, servers.sqlite, newCode("WALK"));
  for (const path of ["/admin", "/admin/codes", "/admin/codes/new", "/admin/users", "/admin/settings", "/admin/audit"]) {
    await admins.goto(path);
    await walk(admins);
  }

  await page.goto("/profile");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("main").locator(":focus")).toHaveCount(1);
});

test("one signs up, copies the link and signs out with the keyboard alone", async ({ open }) => {
  const referrer = await open();
  await signUp(referrer, newPerson("ann"), "/signup");
  const link = await linkOf(referrer);

  const page = await open({ permissions: ["clipboard-read", "clipboard-write"] });
  const focused = page.locator(":focus");
  const tabTo = async (name: string | RegExp) => {
    for (let n = 0; n < 30; n++) {
      await page.keyboard.press("Tab");
      const label = await focused.evaluateAll(([element]) => {
        const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
        return [...labels.map((label) => label.textContent), element?.ariaLabel, element?.textContent].join(" ").trim();
      });
      if (typeof name === "string" ? label === name : name.test(label)) return;
    }
    throw new Error(`the Tab key does not reach ${name}`);
  };
  const person = newPerson("bob");
  await page.goto(link);
  await tabTo("E-mail address");
  await page.keyboard.type("bob at example");
  await tabTo("Username");
  await page.keyboard.type(person.username);
  await tabTo("Password");
  await page.keyboard.type(person.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toHaveText("Enter an e-mail address like name@example.com.");
  await expect(page.getByLabel("E-mail address")).toBeFocused();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(person.email);
  await tabTo("Password");
  await page.keyboard.type(person.password);
  await tabTo(/’s invitation/);
  await tabTo("Create account");
  await page.keyboard.press("Space");
  await onDashboard(page, person);
  await expect(referrer.getByTestId("signups")).toHaveText("1");

  await awake(page);
  await tabTo("Copy");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await linkOf(page));
  await expect(page.getByRole("button", { name: "Copied ✓" })).toBeFocused();
  await page.goto("/profile");
  await tabTo("Sign out");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/signin(\?done=signed-out)?$/);
});

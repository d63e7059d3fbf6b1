import type { Page } from "@playwright/test";
import { check, LOOKS } from "./accessible";
import { emptyDatabases, Host, owner } from "./host";
import { awake, expect, linkOf, newPerson, type Person, servers, signIn, signUp, test } from "./support";

test.skip(!servers.binary, "PASSALONG_BIN names the server to start");

/** Somebody with an address that anybody can have for some minutes. */
function throwaway(name: string): Person {
  const person = newPerson(name);
  return { ...person, email: `${person.username}@mailinator.com` };
}

/** The cases on the list that speak of somebody. */
function cases(page: Page, { username }: Person) {
  return page.getByTestId("case").filter({ hasText: username });
}

for (const [database, settings] of Object.entries(emptyDatabases)) {
  test.describe(`on ${database}`, () => {
    test.skip(!settings, "there is no such database");
    let host: Host;

    test.beforeAll(async () => {
      host = await Host.start(settings ?? {});
    });
    test.beforeEach(({ guard }) => guard.trust(host.server.url));
    test.afterAll(async () => {
      await host.server.run("verify").finally(() => host.end());
    });

    for (const javaScriptEnabled of [true, false]) {
      const how = javaScriptEnabled ? "with scripts" : "without scripts";

      test(`a friend who looks wrong is held, approved, undone and rejected, ${how}`, async ({ open }) => {
        test.slow();
        const [ann, bob, carl] = [newPerson("ann"), throwaway("bob"), throwaway("carl")];
        const [mine, theirs, admin] = [await open({ javaScriptEnabled }), await open(), await open({ javaScriptEnabled })];
        await signUp(mine, ann, `${host.server.url}/signup`);
        if (javaScriptEnabled) await awake(mine);
        const link = await linkOf(mine);
        await theirs.goto(link);
        await signUp(theirs, bob);
        const paused = theirs.getByTestId("reward").filter({ hasText: "Paused while we look into it" });
        await expect(paused).toHaveCount(3);
        const carls = await open();
        await carls.goto(link);
        await signUp(carls, carl);

        await signIn(admin, owner, `${host.server.url}/signin`);
        await admin.goto(`${host.server.url}/admin`);
        await admin.getByRole("navigation", { name: "Admin" }).getByRole("link", { name: /^Review/ }).click();
        await cases(admin, bob).getByRole("link").click();
        await expect(admin.getByTestId("sign")).toHaveText("Disposable e-mail address (mailinator.com)");
        await admin.getByRole("button", { name: "Approve", exact: true }).click();
        await admin.getByRole("button", { name: "Undo" }).click();
        await expect(admin.getByRole("status")).toHaveText("Undone. The referral waits for a decision again.");
        await admin.getByRole("button", { name: "Approve", exact: true }).click();
        await expect(admin.getByRole("status")).toHaveText("Approved. You can undo it for a few seconds.");

        await cases(admin, carl).getByRole("link").click();
        await admin.getByText("Reject…").click();
        await admin.getByRole("button", { name: "Reject", exact: true }).click();
        await expect(admin.getByLabel("Reason")).toHaveAttribute("aria-invalid", "true");
        await admin.getByLabel("Reason").fill("The same person twice");
        await admin.getByRole("button", { name: "Reject", exact: true }).click();
        await expect(admin.getByRole("status")).toHaveText("Rejected. You can undo it for a few seconds.");

        // Both take effect by themselves, and open dashboards hear of it.
        await expect(paused).toHaveCount(0, { timeout: 40_000 });
        await expect(theirs.locator("[data-testid=reward][data-state=active]")).toHaveCount(3);
        await expect(carls.getByText("Cancelled: The same person twice").first()).toBeVisible({ timeout: 40_000 });
        if (!javaScriptEnabled) await mine.reload();
        await expect(mine.getByText("Cancelled: The same person twice").first()).toBeVisible();
        await expect(mine.getByTestId("signups")).toHaveText("1");
        await admin.goto(`${host.server.url}/admin/review`);
        await admin.getByRole("link", { name: "Decided" }).click();
        await expect(cases(admin, bob)).toContainText("Approved");
        await expect(cases(admin, carl)).toContainText("Rejected");
      });
    }

    for (const [look, options] of Object.entries(LOOKS)) {
      test(`the pages of reviews are accessible, ${look}`, async ({ open }) => {
        const page = await open({ ...options, reducedMotion: "reduce" });
        const ann = await host.join();
        await host.join(ann, { email: throwaway("bob").email });
        const { id } = await host.join(ann, { email: throwaway("carl").email });
        await signIn(page, owner, `${host.server.url}/signin`);
        await expect(page).toHaveURL(/\/admin$/);
        await page.goto(`${host.server.url}/admin/review?case=${id}`);
        await expect(page.getByRole("button", { name: /^Approve all \d+ by / })).toBeVisible();
        await page.locator("details").evaluateAll((all) => all.forEach((one) => one.setAttribute("open", "")));
        await check(page, `review-${database}`, look);
        await page.goto(`${host.server.url}/admin/review?state=closed`);
        await check(page, `review-closed-${database}`, look);
      });
    }
  });
}

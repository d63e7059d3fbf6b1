import { awake, expect, expectNumbers, fillIn, linkOf, newPerson, signUp, submit, test, UNCACHED } from "./support";

test("islands of one kind on one page each keep to their own number", async ({ page, open }) => {
  await signUp(page, newPerson("ann"), "/signup");
  await awake(page);
  await expectNumbers(page, 0, 0);
  const link = await linkOf(page);

  // Three people, two of whom follow the link twice within the hour; one joins.
  const friend = await open();
  await friend.goto(link);
  await expect(page.getByTestId("clicks")).toHaveText("1");
  for (const clicks of ["2", "3"]) {
    const visitor = await open();
    await visitor.goto(link);
    await visitor.goto(link);
    await expect(page.getByTestId("clicks")).toHaveText(clicks);
  }
  await expectNumbers(page, 3, 0);
  await fillIn(friend, newPerson("bob"));
  await submit(friend, "Create account").click();

  await expectNumbers(page, 3, 1);
  await expect(page.getByTestId("unique-clicks")).toHaveText("3");
  await expect(page.getByTestId("conversions")).toHaveText("0");
  await expect(page.getByRole("progressbar")).toHaveAttribute("value", "1");
  await expect(page.getByRole("progressbar")).toHaveAttribute("max", "10");
  await page.reload();
  await expectNumbers(page, 3, 1);
  await expect(page.getByTestId("unique-clicks")).toHaveText("3");
  await expect(page.getByTestId("conversions")).toHaveText("0");
});

test("waking changes nothing on the page", async ({ page, open, guard }) => {
  guard.allow(UNCACHED, /ERR_FAILED .*\/live\?[^)]*\)$/);
  await signUp(page, newPerson("ann"), "/signup");
  const friend = await open();
  await signUp(friend, newPerson("bob"), await linkOf(page));
  await page.route("**/live?*", (route) => route.abort());
  await page.reload();
  await awake(page);
  await expectNumbers(page, 1, 1);
  const [sent, shown] = await page.evaluate(async () => {
    const html = await (await fetch(location.href)).text();
    const sent = new DOMParser().parseFromString(html, "text/html");
    return [sent, document].map((page) => page.querySelector("main")?.textContent);
  });
  expect(shown).toContain("9 to go");
  expect(shown).toBe(sent);
});

test("a page without islands asks for no WASM, and that of a stranger for one script", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (
      ["script", "fetch", "xhr", "eventsource"].includes(request.resourceType()) ||
      /\.(js|wasm)$/.test(request.url())
    ) {
      asked.push(`${request.resourceType()} ${request.url()}`);
    }
  });
  const visit = async (path: string, scripts: number) => {
    await page.goto(path, { waitUntil: "networkidle" });
    await expect(page.locator("script[src], link[rel=modulepreload], link[rel=preload]"), path).toHaveCount(scripts);
  };
  for (const path of ["/", "/signin", "/nothing/here"]) await visit(path, 1);
  expect(asked.filter((what) => !what.includes("/pkg/early."))).toEqual([]);

  // The sign-up form asks for none before somebody is in the code field.
  await page.goto("/signup", { waitUntil: "networkidle" });
  expect(asked.filter((what) => !/\/pkg\/(early|hydrate)\./.test(what))).toEqual([]);
  await signUp(page, newPerson("ann"));
  await awake(page);
  asked.length = 0;
  // Whoever is signed in hears the news, by two more small scripts.
  for (const path of ["/", "/profile", "/signup"]) await visit(path, 3);
  expect(asked.filter((what) => !/\/pkg\/(early|partial-refresh|live)\.\w+\.js$|\/live\?for=/.test(what))).toEqual([]);
});

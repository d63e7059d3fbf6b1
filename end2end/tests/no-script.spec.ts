import {
  codeOf,
  expect,
  expectNumbers,
  fillIn,
  linkOf,
  newPerson,
  newUserAgent,
  onDashboard,
  signIn,
  signUp,
  submit,
  test,
} from "./support";

test.use({ javaScriptEnabled: false });

test("share, join and watch the numbers move from load to load", async ({ page, open }) => {
  const [referrer, friend] = [newPerson("ann"), newPerson("bob")];
  await signUp(page, referrer, "/signup");
  await expectNumbers(page, 0, 0);
  await expect(page.getByTestId("conversions")).toHaveText("0");
  await expect(page.getByRole("button", { name: "Copy" })).toBeHidden();
  const link = await linkOf(page);
  await expect(page.getByRole("button", { name: /^Share/ })).toBeHidden();
  await expect(page.getByRole("textbox", { name: "Your link" })).toHaveValue(link);

  const theirs = await open();
  await theirs.goto(link);
  await expect(theirs.getByLabel("Referral code")).toHaveValue(codeOf(link));
  await page.reload();
  await expectNumbers(page, 1, 0);

  // The code survives leaving the page and coming back without it in the address.
  await theirs.goto("/");
  await theirs.getByRole("link", { name: "Get your link" }).click();
  await expect(theirs.getByLabel("Referral code")).toHaveValue(codeOf(link));
  await signUp(theirs, friend);
  await page.reload();
  await expectNumbers(page, 1, 1);
  await expect(page.getByText("9 to go")).toBeVisible();
});

test("a refused sign-up comes back as it was filled in, with what is wrong", async ({ page, open }) => {
  const person = newPerson("ann");
  await page.goto("/signup");
  await page.getByLabel("E-mail address").fill("ann at example");
  await page.getByLabel("Username").fill("<b>ann</b>");
  await page.getByLabel("Password").fill("short");
  await page.getByLabel("Referral code").fill("NO-SUCH-CODE");
  const [refused] = await Promise.all([
    page.waitForResponse((answer) => answer.request().method() === "POST"),
    submit(page, "Create account").click(),
  ]);
  expect(refused.status()).toBe(422);
  await expect(page.getByRole("alert")).toHaveText([
    "Enter an e-mail address like name@example.com.",
    "Use only letters (a–z), digits, “_” and “-”.",
    "Passwords need at least 8 characters.",
    "We don’t know this code. Please check it for typing mistakes.",
  ]);
  await expect(page.getByLabel("E-mail address")).toHaveValue("ann at example");
  await expect(page.getByLabel("E-mail address")).toBeFocused();
  await expect(page.getByLabel("Username")).toHaveValue("<b>ann</b>");
  await expect(page.getByLabel("Password")).toHaveValue("");
  await expect(page.getByLabel("Referral code")).toHaveValue("NO-SUCH-CODE");

  await fillIn(page, person);
  await submit(page, "Create account").click();
  await expect(page.getByRole("alert")).toHaveText("We don’t know this code. Please check it for typing mistakes.");
  await expect(page.getByLabel("Referral code")).toHaveValue("NO-SUCH-CODE");
  await expect(page.getByLabel("E-mail address")).toHaveValue(person.email);
  await page.getByLabel("Referral code").fill("");
  await page.getByLabel("Password").fill(person.password);
  await submit(page, "Create account").click();
  await onDashboard(page, person);

  // Taken, whatever the case.
  const other = await open();
  await other.goto("/signup");
  await fillIn(other, { ...person, email: person.email.toUpperCase(), username: person.username.toUpperCase() });
  const [conflict] = await Promise.all([
    other.waitForResponse((answer) => answer.request().method() === "POST"),
    submit(other, "Create account").click(),
  ]);
  expect(conflict.status()).toBe(409);
  await expect(other.getByRole("alert")).toHaveText([
    "This e-mail address already has an account. Sign in instead.",
    "This username is taken.",
  ]);
});

test("signing out ends the session, and signing in leads where one wanted to go", async ({ page }) => {
  const person = newPerson("ann");
  await signUp(page, person, "/signup");
  const session = (await page.context().cookies()).find(({ name }) => name === "passalong_session");
  expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/signin\?done=signed-out$/);
  await expect(page.getByRole("status")).toHaveText("Signed out");
  expect((await page.context().cookies()).map(({ name }) => name)).not.toContain("passalong_session");

  const wanted = "/profile?text=50%25%20%26%20more";
  await page.goto(wanted);
  await expect(page).toHaveURL(/\/signin\?next=%2Fprofile%3Ftext%3D50%2525%2520%2526%2520more$/);
  await signIn(page, { ...person, password: "not my password" });
  await expect(page.getByRole("alert")).toHaveText("Incorrect e-mail or password. Try again.");
  await expect(page.getByLabel("E-mail address")).toHaveValue(person.email);
  await expect(page.getByLabel("Password")).toHaveValue("");
  await signIn(page, person);
  await expect(page).toHaveURL(wanted);
  await expect(page.getByText(person.email)).toBeVisible();

  for (const address of ["/signin", "/signup"]) {
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("You’re already signed in");
  }
  await submit(page, "Sign out").click();
  await expect(page).toHaveURL(/\/signin\?done=signed-out$/);
  await page.goto("/dashboard");
  await expect(page).toHaveURL(/\/signin\?next=%2Fdashboard$/);
});

test("one ends another browser's session and changes the password", async ({ page, open }) => {
  const person = newPerson("ann");
  await signUp(page, person, "/signup");
  const elsewhere = await open();
  await signIn(elsewhere, person, "/signin");
  await onDashboard(elsewhere, person);

  await page.goto("/profile");
  const browsers = page.getByRole("region", { name: "Signed-in browsers" });
  await expect(browsers.getByRole("listitem")).toHaveCount(2);
  await expect(browsers.getByText("This browser")).toHaveCount(1);
  await browsers.getByRole("button", { name: /^Sign out .+ from / }).click();
  await expect(page.getByRole("status")).toHaveText("Browser signed out");
  await expect(browsers.getByRole("listitem")).toHaveCount(1);
  await elsewhere.goto("/dashboard");
  await expect(elsewhere).toHaveURL(/\/signin\?next=/);
  await signIn(elsewhere, person);
  await onDashboard(elsewhere, person);

  const fresh = `${person.password}-2`;
  const form = page.getByRole("region", { name: "Change password" });
  const change = async (current: string, wanted: string) => {
    await form.getByLabel("Current password").fill(current);
    await form.getByLabel("New password").fill(wanted);
    await form.getByRole("button", { name: "Change password" }).click();
  };
  await change(person.password, "short");
  await expect(form.getByRole("alert")).toHaveText("Passwords need at least 8 characters.");
  await change("not my password", fresh);
  await expect(form.getByRole("alert")).toHaveText("The current password is incorrect.");
  await change(person.password, fresh);
  await expect(page.getByRole("status")).toHaveText("Password changed. Your other browsers are signed out.");
  await expect(browsers.getByRole("listitem")).toHaveCount(1);
  await elsewhere.goto("/profile");
  await expect(elsewhere).toHaveURL(/\/signin\?next=/);
  await signIn(elsewhere, person);
  await expect(elsewhere.getByRole("alert")).toBeVisible();
  await signIn(elsewhere, { ...person, password: fresh });
  await expect(elsewhere).toHaveURL(/\/profile$/);
});

test("one deletes the account, and the link stops counting", async ({ page, request }) => {
  const person = newPerson("ann");
  await signUp(page, person, "/signup");
  const link = await linkOf(page);
  const visit = () => request.get(link, { maxRedirects: 0, headers: { "user-agent": newUserAgent() } });
  expect((await visit()).headers()["location"]).toBe(`/signup?ref=${codeOf(link)}`);
  await page.getByRole("link", { name: "Profile" }).click();
  const leave = page.getByRole("region", { name: "Delete account" });
  await expect(leave.getByLabel("Your password")).toBeHidden();
  await leave.getByText("I want to delete my account").click();
  await leave.getByLabel("Your password").fill("not my password");
  await leave.getByRole("button", { name: "Delete my account" }).click();
  await expect(leave.getByRole("alert")).toHaveText("The password is incorrect.");
  await leave.getByLabel("Your password").fill(person.password);
  await leave.getByRole("button", { name: "Delete my account" }).click();
  await expect(page).toHaveURL(/\/\?done=deleted$/);
  await expect(page.getByRole("status")).toHaveText("Account deleted");
  await signIn(page, person, "/signin");
  await expect(page.getByRole("alert")).toHaveText("Incorrect e-mail or password. Try again.");
  expect((await visit()).headers()["location"]).toBe("/signup?invitation=invalid");
});

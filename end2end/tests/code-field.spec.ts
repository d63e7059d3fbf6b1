import {
  awake,
  codeOf,
  expect,
  expectNumbers,
  fillIn,
  linkOf,
  newPerson,
  onDashboard,
  signUp,
  submit,
  test,
} from "./support";

const UNKNOWN = "We don’t know this code. Please check it for typing mistakes.";
const WORKS = "This code works.";

test("a typed code is checked while the form is open", async ({ page, open }) => {
  const referrer = await open();
  await signUp(referrer, newPerson("ann"), "/signup");
  const code = codeOf(await linkOf(referrer));

  await page.goto("/signup");
  const field = page.getByLabel("Referral code");
  const said = page.getByRole("status");
  await field.focus();
  await awake(page);
  let checks = 0;
  page.on("request", (request) => (checks += Number(request.method() === "POST")));
  await field.pressSequentially("NOSUCHCODE", { delay: 20 });
  await expect(said).toHaveText(UNKNOWN);
  await expect(field).toHaveAttribute("aria-invalid", "true");
  expect(checks, "checks for ten keys in a row").toBe(1);

  await field.fill(code.toLowerCase());
  await expect(said).toHaveText(WORKS);
  await expect(field).not.toHaveAttribute("aria-invalid");
  await field.fill("NO");
  await expect(said).toBeEmpty();
  await field.fill("?!*");
  await expect(said).toHaveText(UNKNOWN);
  await field.fill(code);
  await expect(said).toHaveText(WORKS);
  await signUp(page, newPerson("bob"));
  await expectNumbers(referrer, 0, 1);
});

test("sending the form does not wait for the check", async ({ page, open }) => {
  const referrer = await open();
  await signUp(referrer, newPerson("ann"), "/signup");
  const code = codeOf(await linkOf(referrer));

  const person = newPerson("bob");
  await page.goto("/signup");
  await fillIn(page, person);
  const field = page.getByLabel("Referral code");
  await field.focus();
  await awake(page);
  await field.pressSequentially("NOSUCHCODE");
  await field.press("Enter");
  await expect(page.getByRole("alert")).toHaveText(UNKNOWN);
  await expect(field).toHaveValue("NOSUCHCODE");
  await expect(field).toBeFocused();
  await awake(page);
  await expect(page.getByRole("alert")).toHaveText(UNKNOWN);

  await field.fill("");
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.getByLabel("Password").fill(person.password);
  await field.pressSequentially(code);
  await submit(page, "Create account").click();
  await onDashboard(page, person);
  await expectNumbers(referrer, 0, 1);
});

test("an answer that arrives while the button is held down does not push the button away", async ({ page, open }) => {
  const referrer = await open();
  await signUp(referrer, newPerson("ann"), "/signup");
  const person = newPerson("bob");
  await page.goto("/signup");
  await fillIn(page, person);
  const field = page.getByLabel("Referral code");
  await field.focus();
  await awake(page);
  await field.fill(codeOf(await linkOf(referrer)));
  await submit(page, "Create account").scrollIntoViewIfNeeded();
  const button = await submit(page, "Create account").boundingBox();
  if (!button) throw new Error("the button is not shown");
  await page.mouse.move(button.x + button.width / 2, button.y + 4);
  await page.mouse.down();
  await expect(page.getByRole("status")).toHaveText(WORKS);
  await page.mouse.up();
  await onDashboard(page, person);
});

test("a link whose code does not exist leads to an empty field and no alarm", async ({ page }) => {
  const person = newPerson("bob");
  const told = "This invitation link isn’t valid any more. You can still join.";
  const visits = { "/r/NOSUCHCODE": 1, "/signup?ref=NOSUCHCODE": 1, "/signup?ref=%3Cb%3E": 1, "/signup?ref=": 0 };
  for (const [address, times] of Object.entries(visits)) {
    await page.goto(address);
    await expect(page.getByText(told)).toHaveCount(times);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Join Passalong");
    const field = page.getByLabel("Referral code");
    await expect(field).toHaveValue("");
    await field.focus();
    await awake(page);
    await expect(page.getByRole("alert")).toHaveCount(0);
    await expect(page.getByRole("status")).toBeEmpty();
  }
  await signUp(page, person);
});

test("a code from a link that goes bad while the form is open stops nobody", async ({ page, open }) => {
  const [person, referrer] = [newPerson("bob"), newPerson("ann")];
  const theirs = await open();
  await signUp(theirs, referrer, "/signup");
  const link = await linkOf(theirs);
  await page.goto(link);
  await expect(page.getByLabel("Referral code")).toHaveValue(codeOf(link));

  await theirs.goto("/profile");
  await theirs.getByText("I want to delete my account").click();
  await theirs.getByLabel("Your password").fill(referrer.password);
  await theirs.getByRole("button", { name: "Delete my account" }).click();
  await expect(theirs.getByRole("status")).toHaveText("Account deleted");

  await page.getByText("Change", { exact: true }).click();
  await page.getByLabel("Referral code").focus();
  await awake(page);
  await expect(page.getByRole("status")).toBeEmpty();
  await signUp(page, person);
});

test("a friend sees who invites, what both get, and the button, and is told once through whom", async ({ open }) => {
  const referrer = newPerson("ann");
  const theirs = await open();
  await signUp(theirs, referrer, "/signup");
  const link = await linkOf(theirs);
  for (const viewport of [{ width: 1280, height: 720 }, { width: 390, height: 844 }]) {
    const page = await open({ viewport });
    await page.goto(link);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${referrer.username} invited you to Passalong`);
    await expect(page.getByTestId("welcome")).toContainText("You get ");
    await expect(page.getByTestId("welcome-referrer")).toContainText(`${referrer.username} gets `);
    await expect(page.getByLabel("Referral code")).toBeHidden();
    await expect(submit(page, "Create account")).toBeInViewport({ ratio: 1 });
    await signUp(page, newPerson("bob"));
    const toast = page.getByRole("status").filter({ hasText: `You joined through ${referrer.username}.` });
    await expect(toast).toBeVisible();
    await expect(page).toHaveURL(/\/dashboard$/);
    await page.reload();
    await expect(toast).toHaveCount(0);
  }
});

test("the invitation gives way to another code", async ({ page, open }) => {
  const [ann, zoe] = [await open(), await open()];
  await signUp(ann, newPerson("ann"), "/signup");
  await signUp(zoe, newPerson("zoe"), "/signup");
  await page.goto(await linkOf(ann));
  await expect(page.getByLabel("Referral code")).toBeHidden();
  await page.getByText("Change", { exact: true }).click();
  await page.getByLabel("Referral code").fill(codeOf(await linkOf(zoe)));
  await signUp(page, newPerson("bob"));
  await expectNumbers(zoe, 0, 1);
  await expectNumbers(ann, 1, 0);
});

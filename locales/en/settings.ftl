settings-title = Settings
settings-sections = Sections
settings-save = Save
settings-unsaved-one = 1 unsaved change
# $count (String) - two or more
settings-unsaved-many = { $count } unsaved changes
# $count (Number) - settings that are wrong
settings-problems = { $count ->
    [one] Nothing was saved: one setting needs a look
   *[other] Nothing was saved: { $count } settings need a look
}

settings-program = Program
settings-program-note = While the program is off, links don’t count and people sign up without codes.
settings-enabled = The program is on
settings-required = Invitation only: people need a valid code to sign up

settings-content = Content
settings-content-note = What people read on every page and when they sign up.
settings-program-name = Program name
settings-welcome-text = Welcome text
settings-welcome-text-hint = For the home page and sign-up. Line breaks are kept.
settings-policy-url = Link to your terms
settings-policy-url-hint = If set, people accept your terms when they sign up, e.g. https://example.com/terms.

settings-branding = Branding
settings-branding-note = Make the program look like your product. Colours are adjusted until everyone can read them.
settings-accent-color = Brand colour
settings-accent-color-hint = For buttons and links, e.g. #3550c4. Leave it empty for the default blue.
settings-pick-color = Pick a brand colour
settings-preview = Preview
settings-preview-button = Create account
settings-preview-link = Copy link
settings-logo-url = Logo
settings-logo-url-hint = The address of an image, e.g. https://example.com/logo.svg. Browsers load it from there.

settings-links = Links
settings-links-note = Where referral links lead, and what they pass on.
settings-link-destination = Link destination
settings-link-destination-hint = A page of your product, e.g. https://example.com/welcome. Leave it empty to use this site’s sign-up page.
settings-ref-parameter = Code parameter
settings-ref-parameter-hint = Added to the destination, e.g. ?ref=CODE.
settings-click-id-parameter = Click ID parameter
settings-click-id-parameter-hint = Added next to it, e.g. &click_id=… Send both with POST /users.

settings-codes = Codes
settings-codes-note = Everyone who signs up gets a code. Changes apply to new codes only.
settings-personal-code-style = Personal codes
settings-style-random = Random, e.g. K7M2XQ4P
settings-style-named = With the username, e.g. DEVO-ALEX7K3M
settings-personal-code-prefix = Prefix of personal codes
settings-personal-code-prefix-hint = Comes before codes with a username, e.g. DEVO.
settings-random-code-length = Length of random campaign codes
settings-random-code-length-hint = 5 to 12 characters. Each extra character makes a code 32 times harder to guess. Use 8 or more if a code is worth money.

settings-attribution = Attribution
settings-attribution-note = Who gets the credit when someone has opened several people’s links before signing up.
settings-attribution-model = Credit goes to
settings-model-last-click = The last link opened
settings-model-first-click = The first link opened
settings-attribution-window-days = Attribution window (days)
settings-attribution-window-days-hint = Older visits don’t count. 1 to 400 (30 recommended).

settings-rewards = Rewards
settings-rewards-note = Rewards stay on hold before they can be used, so that you can still stop them.
settings-default-goal = Default goal
settings-default-goal-hint = Sign-ups that new users aim for. Existing users keep their goal.
settings-signup-hold-days = Hold after a sign-up (days)
settings-signup-hold-days-hint = 0 releases rewards at once (7 recommended).
settings-conversion-hold-days = Hold after a payment (days)
settings-conversion-hold-days-hint = As long as you give refunds (30 recommended).

settings-payments = Payments
settings-payments-note = How payments by referred customers count. Recorded payments stay as they are.
settings-conversion-amount = Revenue
settings-amount-net = Without tax, if Stripe reports it
settings-amount-gross = With tax
settings-stripe-test-events = Count payments from Stripe’s test mode

settings-review = Review
settings-review-note = Nobody is turned away: the rewards wait until an admin has reviewed the sign-up.
settings-review-network = Friends on the same network as the referrer
settings-review-email = Friends with a disposable e-mail address
settings-review-ads = Friends who came from a paid ad
settings-review-by-code = Sign-ups per code and hour
settings-review-by-browser = Sign-ups per browser and day
settings-review-by-hint = Any more are reviewed. 0 means no limit.

settings-limits = Limits
settings-limits-note = Keeps one network from inflating your numbers.
settings-clicks-per-network-hour = Visitors counted per network and hour
settings-clicks-per-network-hour-hint = For each code. 0 means no limit (300 recommended). Visitors above the limit still get credited when they sign up, but their clicks aren’t counted.

settings-region = Currency and time zone
settings-region-note = For amounts, dates and the periods of reward limits.
settings-currency = Currency
settings-currency-hint = Three letters, e.g. USD or EUR.
settings-time-zone = Time zone
settings-time-zone-hint = For all times on pages and in forms, and where periods of limits begin, e.g. Europe/Berlin.
settings-checklist = Getting-started checklist
settings-checklist-hidden = Hidden
settings-checklist-shown = Shown
settings-welcome-default = Share your link with friends. When they join, you both gain.

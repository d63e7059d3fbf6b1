referrals-title = Referrals
referrals-caption = Sign-ups and who was credited for them
referrals-search = E-mail, username or code
referrals-person = Person
referrals-signed-up = Signed up
referrals-referrer = Referrer
referrals-code = Code
referrals-state = State
referrals-rule = Decided by
referrals-all = All
referrals-credited = Credited
referrals-not-converted = Credited, not converted yet
referrals-converted = Converted
referrals-not-credited = Not credited
referrals-none = No matching sign-ups
referrals-none-note = Try fewer filters, or another part of an e-mail address, a username or a code.
referrals-show-all = Show all sign-ups
referrals-account-deleted = Account deleted
referrals-rule-form = Code in the form
referrals-rule-last-click = Last click
referrals-rule-first-click = First click
referrals-rule-link = Code from a link
referrals-rule-imported = Imported from a file
referrals-rule-corrected = Corrected by an admin
referrals-rule-none = No evidence counted

# $name (String) - a username
referral-title = Sign-up of { $name }
referral-account = Account
referral-decision = Decision
referral-no-code = None
referral-window = Attribution window
# $count (Number) - days
referral-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
referral-converted-at = Converted
referral-not-yet = Not yet
referral-outcome = Outcome
referral-corrections = Corrections
referral-corrections-caption = What admins have changed since the sign-up
referral-corrected-at = When
referral-before = Before
referral-since = Now
referral-why = Reason
referral-correct = Correct attribution
referral-correct-code = Code to credit
referral-correct-code-hint = Leave it empty to credit nobody.
referral-correct-reason = Reason
referral-correct-reason-hint = Shown on this page and in the audit log.
referral-correct-submit = Save correction
referral-evidence = Evidence
referral-evidence-note = In the order it was checked. The first that counted was credited.
referral-evidence-caption = All evidence, in the order it was checked
referral-evidence-none = No evidence
referral-evidence-none-note = No code was entered, and the browser remembered no click on a link.
referral-evidence-what = Evidence
referral-evidence-credits = Credits
referral-evidence-typed = Code entered by hand
referral-evidence-link = Code from a link
referral-evidence-click = Click on a link
referral-evidence-import = Imported from a file
# $channel (String) - how the link was shared
referral-evidence-channel = shared by { $channel }
# $host (String) - a site
referral-evidence-host = from { $host }
referral-evidence-repeated = not counted again
referral-evidence-with-form = At sign-up

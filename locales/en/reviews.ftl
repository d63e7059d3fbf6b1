reviews-title = Review
reviews-note = These referrals look unusual. Their rewards wait until you decide.
reviews-settings = Choose what to review
reviews-open = Waiting
reviews-closed = Decided
reviews-lists = Lists
reviews-cases = Cases
reviews-none = Nothing to review
reviews-none-note = When a referral looks unusual, it waits here until you approve or reject it.
reviews-none-closed = No decisions yet
reviews-none-closed-note = What you approve or reject stays here with its evidence.
# $friend (String) - who signed up
# $referrer (String) - who referred them
reviews-case = { $friend }, referred by { $referrer }
# $friend (String) - who signed up
# $code (String) - a campaign code
reviews-case-by-code = { $friend }, by the code { $code }
reviews-account-gone = Deleted account
reviews-an-account-gone = a deleted account
# $count (Number) - signs, 2 or more
reviews-signs = { $count } signs
reviews-why = Why it needs a review
reviews-why-closed = Why it was reviewed
reviews-friend = Friend
reviews-referrer = Referrer
reviews-nobody = The code credits nobody.
reviews-name = Name
reviews-email = E-mail
reviews-joined = Joined
reviews-seen = Seen from
reviews-seen-unknown = Unknown
# $network (String) - an address range
# $browser (String) - a browser and a system
# $date (String) - a day
reviews-seen-from = { $network } with { $browser }, { $date }
reviews-same-network = Same network
reviews-same-browser = Same browser
reviews-receipt = See the attribution
reviews-rewards = Rewards
reviews-no-rewards = This referral has earned nothing so far.
reviews-decide = Decide
reviews-approve = Approve
# $count (String) - a number
# $name (String) - a referrer
reviews-approve-all = Approve all { $count } by { $name }
reviews-approve-note = The rewards go ahead as usual.
reviews-reject = Reject
reviews-reject-open = Reject…
reviews-reject-note = This sign-up and its later payments stop counting for the referrer, and both sides lose their rewards for good.
reviews-reason = Reason
reviews-reason-hint = Both sides see it next to the rewards they lose.
reviews-undo = Undo
reviews-approved-soon = Approved. It takes effect in a few seconds.
reviews-rejected-soon = Rejected. It takes effect in a few seconds.
reviews-approved = Approved
reviews-rejected = Rejected
reviews-corrected = Credit changed
# $name (String) - an admin
# $date (String) - a moment
reviews-decided-by = by { $name } on { $date }
# $date (String) - a moment
reviews-decided-on = on { $date }
reviews-done-approved = Approved. You can undo it for a few seconds.
reviews-done-rejected = Rejected. You can undo it for a few seconds.
reviews-done-undone = Undone. The referral waits for a decision again.
reviews-too-late = This has already taken effect and can’t be undone.
reviews-audit-approved = Referral approved
reviews-audit-rejected = Referral rejected
reviews-audit-undone = Review decision undone
reviews-badge = In review

# $name (String) - who was seen there
reviews-sign-same-browser = Same network and browser as { $name }
# $name (String) - who was seen there
reviews-sign-same-network = Same network as { $name }
# $sign (String) - what they have in common
# $steps (String) - a number, 2 or more
reviews-sign-up-the-chain = { $sign }, { $steps } steps up the chain
# $domain (String) - as mailinator.com
reviews-sign-disposable-email = Disposable e-mail address ({ $domain })
# $count (String) - a number
# $most (String) - a number
reviews-sign-many-by-code = { $count } sign-ups by this code within an hour; the limit is { $most }
# $count (String) - a number
# $most (String) - a number
reviews-sign-many-by-browser = { $count } sign-ups from this browser within a day; the limit is { $most }
reviews-sign-paid-ad = The link came from a paid ad

# $browser (String) - as Firefox
# $system (String) - as Linux
browser-on = { $browser } on { $system }
browser-unknown = Unknown browser
browser-unknown-system = an unknown system

codes-title = Codes
codes-bulk = Bulk create
codes-new = Create code
codes-running-title = Creating codes
# $digits (String) - how many, grouped
# $description (String) - what they are for
codes-running = { $digits } codes for “{ $description }” are on their way.
codes-running-link = See progress
codes-caption = Campaign codes
codes-code = Code
codes-status = Status
codes-sign-ups = Sign-ups
codes-clicks = Clicks
codes-created = Created
codes-expires = Expires
codes-never = Never
codes-beneficiary = Beneficiary
codes-switch = Active
# $code (String) - a code
codes-switch-label = { $code } is active
# $code (String) - a code
codes-not-switched = { $code } could not be switched.
codes-category = Category
codes-all = All
codes-person-hint = E-mail or username
codes-remove-filter = Remove filter:
# $description (String) - what the batch is for
codes-batch = Batch: { $description }
# $count (Number) - codes
codes-found = { $count ->
    [0] No codes
    [one] { $count } code on this page
   *[other] { $count } codes on this page
}
codes-status-active = Active
codes-status-inactive = Inactive
codes-status-expired = Expired
codes-status-limit-reached = Limit reached
codes-empty-title = No codes yet
codes-empty-note = Create a code and share it. Every sign-up with it is counted here.
codes-nothing-title = No matching codes
codes-nothing-note = Try fewer filters or another part of the code.
codes-show-all = Show all codes
codes-done-batch-deleted = Codes deleted

code-switch-on = Switch on
code-switch-off = Switch off
code-link = Link
code-link-note = Sign-ups through this link count for this code.
code-link-label = Link of this code
code-numbers = Numbers of this code
# $count (Number) - people
# $digits (String) - the same, grouped
code-people = { $count ->
    [one] from { $digits } person
   *[other] from { $digits } people
}
code-no-limit = No limit
# $digits (String) - the most sign-ups, grouped
code-limit = of { $digits } at most
code-rate = Sign-up rate
code-rate-note = of clicks became sign-ups
code-activity = Last 30 days
code-quiet = Clicks on this code’s link appear here.
code-nobody = Nobody
code-usages = Who signed up
code-usages-caption = The latest 100 sign-ups with this code
code-usages-person = Person
code-usages-at = Signed up
code-usages-none = No sign-ups yet
code-usages-none-note = People who sign up with this code appear here.
code-usages-all = All sign-ups with this code
code-account-deleted = Account deleted
code-edit = Edit code
code-edit-note = The code itself can’t be changed.
code-delete = Delete code
code-delete-open = I don’t need it any more
code-delete-used = This code has sign-ups. It disappears from the list and stops working; its history is kept.
code-delete-unused = This code has no sign-ups. It is deleted for good.
code-delete-pause = To pause it, switch it off instead.
# $code (String) - a code
code-delete-submit = Delete { $code }

code-new-title = New code
code-new-code = Code
code-new-code-hint = Leave it empty for a random one, or use 3 to 50 letters, digits, “_” and “-”, e.g. SPRING-26.
code-description = Description
code-description-hint = e.g. Spring fair, stand 12. Only admins see it.
code-category-hint = Groups codes, e.g. Events or Partners.
code-max-uses = Usage limit
code-max-uses-hint = The code stops working after this many sign-ups.
# $zone (String) - the name of a time zone
code-expires-hint = Date and time in { $zone }.
# $days (Number) - days from now
# $date (String) - that day
code-expires-in = { $days ->
    [one] Set to expire in { $days } day, on { $date }. For printed codes, choose a later date or never.
   *[other] Set to expire in { $days } days, on { $date }. For printed codes, choose a later date or never.
}
code-never-expires = Never expires
code-beneficiary-hint = Who is credited for sign-ups with this code. Enter an e-mail address or a username.
code-active = Active: people can sign up with it
code-save = Save changes

bulk-title = Bulk create
bulk-note = One code each for vouchers, tickets or letters, all with the same rules.
bulk-count = How many
bulk-count-hint = Up to 100,000 at once.
bulk-prefix = Prefix
bulk-prefix-hint = All codes begin with it, e.g. FAIR-. Letters, digits, “_” and “-”.
bulk-length = Random characters
bulk-length-hint = After the prefix. More characters make codes harder to guess.
bulk-submit = Create codes
bulk-latest = Recent batches
bulk-latest-caption = Recent batches of codes
bulk-for = Description
bulk-codes = Codes
bulk-state = State
bulk-open = In progress
bulk-ready = Ready
bulk-failed = Failed
# $name (String) - a username
bulk-by = by { $name }
# $prefix (String) - what the codes begin with
bulk-begins = All codes begin with { $prefix }.
# $name (String) - a username
# $when (String) - an instant
bulk-requested = Requested by { $name } on { $when }.
bulk-show-codes = Show these codes
bulk-all-codes = All codes
bulk-more = Create more codes

batch-title = Change this batch
# $digits (String) - codes, grouped
# $active (String) - those that are active, grouped
# $used (String) - those with sign-ups, grouped
batch-note = { $digits } codes: { $active } active, { $used } with sign-ups.
batch-switch-on = Switch all on
batch-switch-off = Switch all off
batch-expiry = Change expiry
batch-delete = Delete all codes
# $digits (String) - codes, grouped
batch-delete-note = All { $digits } codes leave the list and stop working. This can’t be undone.
# $count (Number) - codes with sign-ups
# $digits (String) - the same, grouped
batch-delete-history = { $count ->
    [one] { $digits } code with sign-ups keeps its history.
   *[other] { $digits } codes with sign-ups keep their history.
}
# $count (Number) - codes
# $digits (String) - the same, grouped
batch-delete-submit = { $count ->
    [one] Delete { $digits } code
   *[other] Delete { $digits } codes
}
# $count (Number) - codes
# $digits (String) - the same, grouped
batch-delete-confirm = { $count ->
    [one] Yes, delete { $digits } code and its link
   *[other] Yes, delete all { $digits } codes and their links
}
batch-delete-unconfirmed = Tick this box to delete the codes.
batch-audit-switched = Batch of codes switched on or off
batch-audit-changed = Expiry of a batch of codes changed
batch-audit-deleted = Batch of codes deleted

admin-title = Admin
admin-breadcrumbs = Breadcrumb
admin-overview = Overview
admin-people = People
admin-users = Users
admin-referrals = Referrals
admin-review = Review
admin-program = Program
admin-codes = Codes
admin-rules = Rules
admin-money = Money
admin-conversions = Conversions
admin-rewards = Rewards
admin-connect = Connect
admin-api-keys = API keys
admin-system-group = System
admin-settings = Settings
admin-audit = Audit
admin-system = System
# $count (String) - the largest number that is shown
admin-or-more = { $count }+
admin-paused = The program is paused.
admin-paused-note = Links still work, but nothing is counted.
admin-resume = Turn it on in Settings

checklist-title = Get started
# $done (String) - steps that are done
# $all (String) - all steps
checklist-progress = { $done } of { $all } done
checklist-done = Done
checklist-to-do = To do
checklist-branding = Add your name and colour
checklist-branding-note = So friends see your brand on every page.
checklist-destination = Choose the link destination
checklist-destination-note = Send visitors to your product, or keep the sign-up page here.
checklist-rewards = Set up rewards
checklist-rewards-note = Check the sample rules and make them yours.
checklist-code = Create your first code
checklist-code-note = For a campaign, a partner or a printed voucher.
checklist-friend = Invite a friend
checklist-friend-note = Share your own link and watch a sign-up arrive.
checklist-payments = Connect payments
checklist-payments-note = Reward people when a friend pays.
checklist-hide = Hide checklist

dashboard-title = Dashboard
# $username (String)
dashboard-hello = Hello, { $username }
dashboard-paused-title = The program is paused.
dashboard-paused = Your link still works, but clicks and sign-ups don’t count until the program resumes.
dashboard-link-off-title = Your link is switched off.
dashboard-link-off = An admin switched it off. Visits don’t count right now.

dashboard-link-title = Your link
dashboard-link-note = Everyone who signs up with it counts for you.
dashboard-link-pending = Your link is almost ready. Check back in a minute.
dashboard-code = Friends can also enter your code when they sign up:

dashboard-goal-title = Your goal
dashboard-goal-note = Sign-ups through your link
# $count (Number) - sign-ups
# $digits (String) - the same, grouped
dashboard-goal-left = { $count ->
    [one] { $digits } to go
   *[other] { $digits } to go
}
dashboard-goal-reached = Goal reached. Nice work!
# $count (Number) - sign-ups
# $digits (String) - the same, grouped
dashboard-goal-over = { $count ->
    [one] Goal reached, plus { $digits } more. Nice work!
   *[other] Goal reached, plus { $digits } more. Nice work!
}
dashboard-goal-bar = Sign-ups toward your goal
dashboard-goal-share = Keep sharing
dashboard-goal-rewards = See your rewards

dashboard-numbers = Your numbers
dashboard-clicks = Clicks
# $count (Number) - people
# $digits (String) - the same, grouped
dashboard-clicks-people = { $count ->
    [one] from { $digits } person
   *[other] from { $digits } people
}
dashboard-sign-ups = Sign-ups
dashboard-sign-ups-note = joined with your link
dashboard-conversions = Conversions
dashboard-conversions-note = became customers

# $digits (String) - how many, grouped
dashboard-recent = { $digits } in the last 30 days
dashboard-activity = Last 30 days
dashboard-activity-quiet = Share your link to get your first visit.

dashboard-friends = Latest friends
dashboard-friends-none = When friends join, they appear here.
# $ago (String) - how long ago, or the day
dashboard-friend-joined = Joined { $ago }

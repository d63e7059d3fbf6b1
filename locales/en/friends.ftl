friends-title = Friends
friends-all = All friends
friends-note = Everyone who joined with your link or code. You see the first two letters of each username.
friends-empty-title = No friends yet
friends-empty = Everyone who joins with your link or code appears here.
friends-empty-link = Go to your link
friends-erased = Account deleted
# $day (String) - the day of the sign-up
friends-joined-on = Joined on { $day }
friends-joined = Joined
friends-customer = Customer
friends-why = Why this counts
friends-undecided = We don’t know how this friend found you.
# $day (String) - the day of the correction
# $code (String) - a code of the reader's
friends-corrected = An admin changed this on { $day }. It now counts for your code { $code }.
friends-unknown-visit = We didn’t find a matching visit.

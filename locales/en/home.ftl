home-title = Good things are worth passing along.
home-set-up = Set up the program
home-set-up-note = This program isn’t set up yet. It takes about a minute.
home-get-link = Get your link
home-paused-title = The program is paused.
home-paused = Links still work, but nothing is counted right now.
home-share = Share your link
home-share-note = You get your own link. Copy it, or send it with one tap.
home-join = Friends join
home-join-note = They open your link and sign up in seconds. We remember who invited them.
home-watch = See it add up
home-watch-note = Clicks and sign-ups appear on your dashboard as they happen.
# $rewards (String) - in words
home-friend-gets = Your friend gets { $rewards }.
# $rewards (String) - in words
home-you-get = You get { $rewards } for each friend who joins.

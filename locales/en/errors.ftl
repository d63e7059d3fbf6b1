error-signed-out = Sign in to continue.
error-forbidden = This page is for admins.
error-not-found = We couldn’t find what you’re looking for.
# $seconds (Number) - seconds until the next try
error-too-many-requests = { $seconds ->
    [one] Too many attempts. Try again in { $seconds } second.
   *[other] Too many attempts. Try again in { $seconds } seconds.
}
# $minutes (Number) - minutes until the next try, 2 or more
error-too-many-requests-minutes = Too many attempts. Try again in { $minutes } minutes.
error-too-large = This is too much to send at once.
error-too-slow = This took too long to arrive. Try again.
error-unavailable = We can’t save anything right now. Try again in a minute.
error-internal = Something went wrong on our side. Try again.
error-malformed = Something is missing or malformed.

error-signed-out = Please sign in.
error-forbidden = This page is for admins.
error-not-found = There is nothing at this address.
# $seconds (Number) - seconds until the next try
error-too-many-requests = That was a little too often. Please try again in { $seconds } seconds.
error-too-large = That is too much at once.
error-too-slow = That took too long to arrive. Please try again.
error-unavailable = We cannot save anything at the moment. Please try again in a minute.
error-internal = Something went wrong on our side. Please try again.
error-malformed = Some of what was sent is missing or malformed.

api-malformed-request = The request isn’t well-formed.
api-unauthorized = Please send a valid API key as “Authorization: Bearer pal_…”.
api-forbidden = This API key isn’t allowed to do this.
# $scope (String) - read, write or admin
api-scope-needed = This needs an API key with the scope “{ $scope }”.
api-not-found = There is nothing at this address.
api-code-not-found = There is no such code.
api-method-not-allowed = This address doesn’t support this method.
api-request-timeout = The body took too long to arrive.
api-program-disabled = The program is paused: codes don’t work and links don’t count.
api-idempotency-in-progress = A request with the same Idempotency-Key is still running.
api-idempotency-key-reused = This Idempotency-Key was already used for a different request.
# $max (Number) - characters
api-idempotency-key-length = Please send 1 to { $max } printable ASCII characters.
api-too-large = The body is larger than 64 KiB.
api-unsupported-media-type = Please send the body as application/json.
api-rate-limited = Too many requests. Please wait as many seconds as Retry-After says.
api-internal = Something went wrong on our side. Please try again.
api-unavailable = Nothing can be saved right now. Please try again later.

api-body-not-object = The body must be a JSON object.
# $problem (String) - what the parser says, in English
api-body-not-json = The body isn’t valid JSON: { $problem }
api-field-missing = This field is required.
# $known (String) - what may stand there
api-field-unknown = There is no such field. Expected { $known }.
api-field-not-known = There is no such field.
# $known (String) - what may stand there
api-choice-unknown = Unknown value. Expected { $known }.
api-choice-malformed = Please send one of the known values as text.
# $known (String) - what may stand there
# $found (String) - what was sent
api-field-type = Expected { $known }, got { $found }.
# $problem (String) - what the parser says, in English
api-field-unreadable = This value can’t be used: { $problem }
# $names (String) - names of parameters
# $known (String) - names of parameters
api-parameters-unknown = Unknown in the query string: { $names }. Expected { $known }.
# $names (String) - names of parameters
api-parameters-none = Unknown in the query string: { $names }. This operation takes no parameters.
api-parameter-unknown = There is no such parameter.
# $max (Number) - characters
api-text-too-long = Please send at most { $max } characters.
api-address-malformed = Please send an IPv4 or IPv6 address.
api-rows-out-of-range = Please ask for 1 to 100 rows.
api-days-out-of-range = Please ask for 1 to 400 days.
api-after-malformed = Please send the “next” of the page before.
api-code-left-out = Leave the code out to get a random one.
api-personal-code-fields = Only “active” can be changed on a personal code.
api-personal-code-kept = A personal code can’t be deleted while its owner has an account. Deactivate it instead.

webhooks-title = Webhooks
webhooks-about = Your product hears about sign-ups, payments and rewards as they happen.
webhooks-list = Endpoints
webhooks-caption = Webhook endpoints
webhooks-none = No endpoints yet
webhooks-none-note = Add the URL where your product receives events. Requests are signed, and repeated until your product answers.
webhooks-endpoint = Endpoint
webhooks-events = Events
webhooks-status = Status
webhooks-last = Last delivery
webhooks-failed-count = Failed
webhooks-all-events = All events
# $count (Number) - kinds of events
# $digits (String) - the same as text
webhooks-some-events = { $count ->
    [one] { $digits } event
   *[other] { $digits } events
}
webhooks-on = On
webhooks-off = Off
webhooks-failing = Failing
webhooks-gone = Gone
webhooks-never = None yet
webhooks-address-forbidden = Private address
webhooks-name-unknown = Unknown host
webhooks-not-connected = No connection
webhooks-not-trusted = TLS error
webhooks-timed-out = Timed out

webhooks-new = Add endpoint
webhooks-new-note = Each event is sent as a signed POST request.
webhooks-url = URL
webhooks-url-hint = e.g. https://example.com/webhooks/passalong
webhooks-description = Description
webhooks-description-hint = Only admins see it.
webhooks-which = Events to send
webhooks-which-all = All events, also those of later versions
webhooks-which-some = Selected events
webhooks-group-users = Users
webhooks-group-referrals = Referrals
webhooks-group-payments = Payments
webhooks-group-rewards = Rewards
webhooks-group-program = Codes and goals
webhooks-add = Add endpoint

webhooks-user-created = Someone joined
webhooks-referral-signed-up = A sign-up was credited
webhooks-referral-converted = A referred friend paid for the first time
webhooks-referral-corrected = An admin changed who is credited
webhooks-referral-reviewed = An admin reviewed a referral
webhooks-conversion-created = A payment was counted
webhooks-conversion-refunded = The refunded amount changed
webhooks-conversion-disputed = A dispute was opened or closed
webhooks-conversion-changed = Details of a payment changed
webhooks-conversion-removed = A payment no longer counts
webhooks-reward-pending = A reward was given and is on hold
webhooks-reward-activated = A reward can be used
webhooks-reward-redeemed = A reward was used up
webhooks-reward-expired = A reward expired
webhooks-reward-voided = A reward was cancelled before it was active
webhooks-reward-reversed = A reward was taken back
webhooks-reward-changed = Something else about a reward changed
webhooks-code-limit-reached = A code reached its usage limit
webhooks-goal-reached = A referrer reached their goal

webhooks-created = Endpoint added
webhooks-created-note = Copy the signing secret now. For security, it’s shown only once.
webhooks-rotated = Secret rotated
webhooks-rotated-note = Copy the new secret now. For security, it’s shown only once. The old one stays valid for 24 hours.
webhooks-shown = This secret was already shown
webhooks-shown-note = If you didn’t copy it, rotate the secret to get a new one.
webhooks-secret = Signing secret
webhooks-verify = Verify requests
webhooks-verify-note = Requests follow the Standard Webhooks specification. In Node.js, npm install standardwebhooks does the work:

webhooks-turn-on = Turn on
webhooks-turn-off = Turn off
webhooks-edit = Edit endpoint
webhooks-save = Save endpoint
webhooks-test = Test
webhooks-test-note = Sends an event of the type webhook.test, so you can see your product answer.
webhooks-send-test = Send test event
webhooks-rotate = Rotate secret
webhooks-rotate-open = Rotate the signing secret…
webhooks-rotate-note = You get a new secret. The old one stays valid for 24 hours: until then, requests are signed with both.
webhooks-replay = Replay events
webhooks-replay-note = Sends past events again, e.g. after an outage. Events are kept for 30 days. Your product may receive some of them twice.
webhooks-replay-since = From
webhooks-replay-until = To
# $zone (String) - the name of a time zone
webhooks-replay-since-hint = Date and time in { $zone }.
# $zone (String) - the name of a time zone
webhooks-replay-until-hint = Date and time in { $zone }. Leave it empty to replay up to now.
webhooks-replay-submit = Replay events
webhooks-delete = Delete endpoint
webhooks-delete-open = Delete…
webhooks-delete-note = Nothing more is sent to this URL, and its deliveries disappear from this page. You can’t undo this.
webhooks-delete-submit = Delete endpoint
# $date (String) - a day
webhooks-failing-note = Deliveries have been failing since { $date }. Check that your product answers with a status from 200 to 299.
webhooks-gone-note = Turned off because your product answered 410 Gone. Turn it on again when the URL works.
# $when (String) - an instant
webhooks-old-secret = The old secret stays valid until { $when }.
webhooks-off-note = Nothing is sent while the endpoint is off.

webhooks-deliveries = Deliveries
webhooks-deliveries-note = Kept for 30 days.
webhooks-deliveries-none = No deliveries yet
webhooks-deliveries-none-note = The next event appears here. Send a test event to try it.
webhooks-deliveries-none-found = No matching deliveries
webhooks-deliveries-all = Show all
webhooks-deliveries-filter = Filter
webhooks-any = All
webhooks-event = Event
webhooks-time = Time
webhooks-tries = Tries
webhooks-waiting = Waiting
webhooks-delivered = Delivered
webhooks-failed = Failed
# $id (String) - the number of an event
webhooks-event-number = Event { $id }

# $id (String) - the number of a delivery
webhooks-delivery = Delivery { $id }
webhooks-facts = Details
webhooks-message-id = Message ID
webhooks-made = Created
webhooks-next-try = Next try
webhooks-delivered-at = Delivered
webhooks-refresh = Refresh
webhooks-send-again = Send again
webhooks-send-again-note = Your product receives the same message with the same ID.
webhooks-request = Request
webhooks-request-headers = Headers
webhooks-request-body = Body
webhooks-attempts = Tries
webhooks-attempts-none = Not sent yet
webhooks-attempts-none-note = The first try appears here.
# $number (String) - a number
webhooks-attempt = Try { $number }
webhooks-answer = Answer
# $ms (String) - milliseconds
webhooks-ms = { $ms } ms
# $status (String) - a status of HTTP
webhooks-http = HTTP { $status }

webhooks-done-on = Endpoint turned on
webhooks-done-off = Endpoint turned off
webhooks-done-saved = Endpoint saved
webhooks-done-deleted = Endpoint deleted
webhooks-done-test = Test event on its way
webhooks-done-replayed = Events on their way again
webhooks-done-again = Delivery on its way again

# $count (Number) - endpoints, at most a hundred
# $digits (String) - the same as text
webhooks-need-you = { $count ->
    [one] { $digits } failing webhook
   *[other] { $digits } failing webhooks
}
webhooks-reward-delivery = See the webhook

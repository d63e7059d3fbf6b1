//! `POST /webhooks/stripe`. What a later try could not change is answered like success, else Stripe sends it for days.

use crate::{
    domain::{
        conversions::{
            message::PaymentMessage,
            stripe::{NoEvent, StripeEvent, read_event},
        },
        time::Time,
    },
    error::AppError,
    server::{
        actions::conversions::record_payment::{self, Recorded},
        config::clock::Clock,
        context::request_body::{BodyError, read_body_of},
        errors::{TxError, retry_races},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{
            json::json,
            provider_events::{self, EventOutcome, NewProviderEvent},
            rights,
        },
        webhooks::signature,
    },
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

/// Bytes that an event may have. Those of invoices with many lines are large.
const MAX_EVENT: usize = 1_024 * 1_024;

/// Takes an event.
pub async fn receive(State(state): State<AppState>, headers: HeaderMap, body: Body) -> Response {
    let secrets = &state.config.stripe_webhook_secret;
    if secrets.is_empty() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let body = match read_body_of(body, MAX_EVENT).await {
        Ok(body) => body,
        Err(BodyError::TooLarge) => return answer(StatusCode::PAYLOAD_TOO_LARGE, "This event is larger than 1 MiB."),
        Err(BodyError::TooSlow) => return answer(StatusCode::REQUEST_TIMEOUT, "The event did not arrive in time."),
        Err(BodyError::Broken) => return answer(StatusCode::BAD_REQUEST, "The event did not arrive whole."),
    };
    let header = headers.get("stripe-signature").and_then(|header| header.to_str().ok()).unwrap_or_default();
    if !signature::is_valid(header, &body, secrets, Clock::real_now()) {
        count("bad_signature");
        return answer(StatusCode::BAD_REQUEST, "The signature is not valid.");
    }
    let event = match read_event(&body) {
        Ok(event) => event,
        Err(NoEvent::Thin) => {
            let told = "This endpoint takes snapshot events. Set the endpoint's payload style to snapshot.";
            return answer(StatusCode::BAD_REQUEST, told);
        }
        Err(NoEvent::Malformed) => {
            count("malformed");
            return answer(StatusCode::OK, "This is no event; it was ignored.");
        }
    };
    let Some(message) = &event.message else {
        count("ignored");
        return answer(StatusCode::OK, "Events of this kind are ignored.");
    };
    // Nothing is kept of it: sent again when test mode counts, it is taken.
    if !message.livemode && !state.settings.get().stripe_test_events {
        count("test_mode");
        return answer(StatusCode::OK, "Events of test mode are switched off.");
    }
    match retry_races(|| record(&state, &event, message)).await {
        Ok(outcome) => {
            count(outcome);
            answer(StatusCode::OK, outcome)
        }
        Err(error) => {
            count("failed");
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            answer(status, "The event could not be recorded. Please send it again.")
        }
    }
}

async fn record(
    state: &AppState,
    event: &StripeEvent,
    message: &PaymentMessage,
) -> Result<&'static str, TxError<AppError>> {
    let now = state.clock.now();
    let said = said(message);
    let new = NewProviderEvent {
        event_id: &event.id,
        kind: &event.kind,
        created_at: event.created,
        received_at: now,
        said: &said,
    };
    let settings = state.settings.get();
    let mut changes = ChangeSet::default();
    let mut tx = state.db.begin().await?;
    // Nobody is forgotten while their payment is written.
    rights::share(&mut tx).await?;
    if !provider_events::insert(&mut tx, &new).await? {
        return Ok("duplicate");
    }
    let message = not_in_the_future(message, now);
    let recorded = record_payment::run_in(&mut tx, &settings, &message, now, &mut changes).await?;
    let (payment, outcome, word) = match recorded {
        Recorded::New(payment) | Recorded::Known(payment) => (Some(payment), EventOutcome::Recorded, "recorded"),
        Recorded::Merged(payment) => (Some(payment), EventOutcome::Merged, "merged"),
        Recorded::Conflict => (None, EventOutcome::Conflict, "conflict"),
    };
    provider_events::set_outcome(&mut tx, &event.id, payment, outcome).await?;
    state.publisher.commit_and_publish(tx, &changes).await?;
    Ok(word)
}

/// The clocks of two machines differ a little, and nobody pays tomorrow.
fn not_in_the_future(message: &PaymentMessage, now: Time) -> PaymentMessage {
    let mut message = message.clone();
    for fact in &mut message.facts {
        fact.at = fact.at.min(now);
    }
    message
}

/// What was understood, but for who has paid: that is kept where it can be forgotten.
fn said(message: &PaymentMessage) -> String {
    json(&PaymentMessage { clues: vec![], ..message.clone() })
}

fn count(outcome: &'static str) {
    metrics::counter!("passalong_stripe_events_total", "outcome" => outcome).increment(1);
}

fn answer(status: StatusCode, text: &'static str) -> Response {
    (status, text).into_response()
}

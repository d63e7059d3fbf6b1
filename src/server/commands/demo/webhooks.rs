//! An endpoint of webhooks that is switched off, with deliveries from before: nothing is sent.

use crate::{
    domain::{
        time::{DAY, MINUTE, Time},
        webhooks::{
            delivery::{AttemptProblem, DeliveryState},
            endpoint::{EndpointTerms, EventFilter},
        },
    },
    server::{
        actions::webhooks::create_endpoint::new_secret,
        config::rng::Rng,
        store::{
            db::Tx,
            webhook_deliveries::{self, NewAttempt, Next, Range},
            webhook_endpoints::{self, Seen},
        },
    },
};

/// Its deliveries are of events that are no older.
const WEEK: i64 = 7 * DAY;

/// Deliveries of it at most.
const DELIVERIES: i64 = 30;

/// Adds it. Every seventh delivery has failed.
pub async fn add(tx: &mut Tx, rng: &Rng, now: Time) -> sqlx::Result<()> {
    let terms = EndpointTerms {
        url: "https://example.com/webhooks/passalong".into(),
        description: "Acme shop".into(),
        events: EventFilter::all(),
        active: false,
    };
    let (sent_at, until) = (now.plus(-MINUTE), now);
    let id = webhook_endpoints::insert(tx, &terms, &new_secret(rng), now.plus(-DAY)).await?;
    let range = Range { since: Some(now.plus(-WEEK)), ..Range::default() };
    webhook_deliveries::replay(tx, id, range, DELIVERIES, sent_at).await?;
    let all = webhook_deliveries::take(tx, id, DELIVERIES, sent_at, until).await?;
    for (n, taken) in (0_i64..).zip(&all) {
        let fails = n % 7 == 3;
        let (state, problem) = match fails {
            true => (DeliveryState::Failed, Some(AttemptProblem::Refused)),
            false => (DeliveryState::Delivered, None),
        };
        let (status, response) = if fails { (Some(500), "Internal Server Error") } else { (Some(204), "") };
        let new = NewAttempt { at: sent_at, duration_ms: 90 + 7 * n, status, response, problem };
        webhook_deliveries::insert_attempt(tx, taken, &new).await?;
        webhook_deliveries::settle(tx, taken, Next::End(state), sent_at).await?;
        let seen = Seen { status, problem, given_up: fails, not_before: None, at: sent_at };
        webhook_endpoints::note_attempt(tx, id, &seen).await?;
    }
    Ok(())
}

//! Outgoing webhooks in lists and on their pages. Secrets are in none of these.

use crate::domain::{
    ids::{EventId, WebhookDeliveryId, WebhookEndpointId},
    time::Time,
    webhooks::{
        delivery::{AttemptProblem, DeliveryState},
        endpoint::{EndpointState, EventFilter},
    },
};
use serde::{Deserialize, Serialize};

/// An endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct WebhookEndpoint {
    pub id: WebhookEndpointId,
    pub url: String,
    pub description: String,
    #[cfg_attr(feature = "ssr", sqlx(try_from = "String"))]
    pub events: EventFilter,
    pub active: bool,
    /// When it answered that it is gone and was switched off for it.
    pub gone_at: Option<Time>,
    /// Since when deliveries were given up, with none delivered afterwards.
    pub failing_since: Option<Time>,
    /// Until when the secret before signs as well.
    pub old_secret_until: Option<Time>,
    pub last_attempt_at: Option<Time>,
    /// The status of the last answer; nothing when there was none.
    pub last_status: Option<i64>,
    /// Why the last attempt was no delivery; nothing for one.
    pub last_problem: Option<AttemptProblem>,
    /// Deliveries that wait, up to [`WebhookEndpoint::MOST`].
    pub waiting: i64,
    /// Deliveries of the last 30 days that were given up, up to [`WebhookEndpoint::MOST`].
    pub failed: i64,
    pub created_at: Time,
    pub version: i64,
}

impl WebhookEndpoint {
    /// Deliveries that are counted at most.
    pub const MOST: i64 = 1_000;

    /// How it is.
    pub fn state(&self) -> EndpointState {
        match (self.active, self.gone_at, self.failing_since) {
            (false, Some(_), _) => EndpointState::Gone,
            (false, None, _) => EndpointState::Off,
            (true, _, Some(_)) => EndpointState::Failing,
            (true, _, None) => EndpointState::Active,
        }
    }
}

/// A delivery in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct WebhookDelivery {
    pub id: WebhookDeliveryId,
    pub endpoint_id: WebhookEndpointId,
    /// Where it is sent to.
    pub url: String,
    /// Nothing for a test.
    pub event_id: Option<EventId>,
    /// The `webhook-id` of each of its attempts.
    pub message_id: String,
    /// The type of its event.
    #[cfg_attr(feature = "ssr", sqlx(rename = "type"))]
    pub kind: String,
    /// The id of the object that it speaks of; 0 for a test.
    pub object_id: i64,
    /// The version of that object.
    pub version: i64,
    pub occurred_at: Time,
    pub state: DeliveryState,
    pub attempts: i64,
    /// When it is tried next, while it waits and its endpoint is active.
    pub next_at: Time,
    pub created_at: Time,
    /// When it was delivered or given up.
    pub ended_at: Option<Time>,
    /// The status of the last answer; nothing when there was none.
    pub last_status: Option<i64>,
    /// Why the last attempt was no delivery; nothing for one, or before the first.
    pub last_problem: Option<AttemptProblem>,
}

/// An attempt to deliver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct WebhookAttempt {
    /// The first is 1.
    pub number: i64,
    pub at: Time,
    pub duration_ms: i64,
    /// Nothing when there was no answer.
    pub status: Option<i64>,
    /// The beginning of the answer's body.
    pub response: String,
    /// Why it is no delivery; nothing for one.
    pub problem: Option<AttemptProblem>,
}

/// A delivery on its own page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookDeliveryDetails {
    pub delivery: WebhookDelivery,
    /// The body that is sent, JSON.
    pub body: String,
    /// The first one first.
    pub attempts: Vec<WebhookAttempt>,
}

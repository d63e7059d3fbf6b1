//! Endpoints of webhooks and their deliveries.

use crate::{
    domain::{
        ids::EventId,
        webhooks::{
            delivery::{AttemptProblem, DeliveryState},
            endpoint::{EndpointFields, EndpointState},
        },
    },
    server::{
        actions::webhooks::replay::Range,
        api::{bodies::Instant, extract::nullable},
    },
    view_models::webhooks::{WebhookAttempt, WebhookDelivery, WebhookDeliveryDetails, WebhookEndpoint},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// An address that events are sent to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = WebhookEndpoint)]
pub struct EndpointBody {
    pub id: i64,
    #[schema(examples("https://example.com/webhooks/passalong"))]
    pub url: String,
    #[schema(examples("Shop"))]
    pub description: String,
    /// The types of events that it gets; `*` for all.
    #[schema(examples("reward.activated"))]
    pub events: Vec<String>,
    /// Whether it is switched on.
    pub active: bool,
    pub state: EndpointState,
    /// Since when deliveries were given up, with none delivered afterwards.
    pub failing_since: Option<Instant>,
    /// Until when messages are also signed with the secret before the current one.
    pub old_secret_until: Option<Instant>,
    pub last_attempt_at: Option<Instant>,
    /// The status of the last answer; null when there was none.
    #[schema(examples(200))]
    pub last_status: Option<i64>,
    /// Why the last attempt was no delivery; null for one.
    pub last_problem: Option<AttemptProblem>,
    /// Deliveries that wait, counted up to 1000.
    #[schema(examples(0))]
    pub waiting: i64,
    /// Deliveries that were given up, counted up to 1000.
    #[schema(examples(0))]
    pub failed: i64,
    pub created_at: Instant,
    /// Grows with every change; attempts are none.
    #[schema(examples(1))]
    pub version: i64,
}

impl From<WebhookEndpoint> for EndpointBody {
    fn from(endpoint: WebhookEndpoint) -> Self {
        Self {
            id: endpoint.id.0,
            state: endpoint.state(),
            url: endpoint.url,
            description: endpoint.description,
            events: endpoint.events.names().to_vec(),
            active: endpoint.active,
            failing_since: endpoint.failing_since.map(Instant),
            old_secret_until: endpoint.old_secret_until.map(Instant),
            last_attempt_at: endpoint.last_attempt_at.map(Instant),
            last_status: endpoint.last_status,
            last_problem: endpoint.last_problem,
            waiting: endpoint.waiting,
            failed: endpoint.failed,
            created_at: Instant(endpoint.created_at),
            version: endpoint.version,
        }
    }
}

/// An endpoint with its secret, which is shown this once.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = WebhookEndpointSecret)]
pub struct EndpointSecret {
    pub endpoint: EndpointBody,
    /// What messages are signed with. Null when the request is sent again with its Idempotency-Key.
    #[schema(examples("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"))]
    pub secret: Option<String>,
}

/// An endpoint to make.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWebhookEndpoint)]
pub struct NewEndpoint {
    /// Where events are sent to: an address of the public internet.
    #[schema(max_length = 500, examples("https://example.com/webhooks/passalong"))]
    pub url: String,
    #[schema(max_length = 200)]
    pub description: Option<String>,
    /// The types of events that it gets. All of them, `*`, unless said otherwise.
    #[schema(examples("reward.activated"))]
    pub events: Option<Vec<String>>,
    /// True unless said otherwise.
    pub active: Option<bool>,
}

impl From<&NewEndpoint> for EndpointFields {
    fn from(new: &NewEndpoint) -> Self {
        Self {
            url: Some(new.url.clone()),
            description: new.description.clone(),
            events: new.events.clone(),
            active: new.active,
        }
    }
}

/// Changes to an endpoint; what is left out stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookEndpointChanges)]
pub struct EndpointChanges {
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = String, required = false, max_length = 500)]
    pub url: Option<String>,
    /// Null takes it away.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Vec<String>, required = false, examples("reward.activated"))]
    pub events: Option<Vec<String>>,
    /// One that is switched on gets what happens from then on; a replay sends what it has missed.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = bool, required = false)]
    pub active: Option<bool>,
}

impl From<EndpointChanges> for EndpointFields {
    fn from(changes: EndpointChanges) -> Self {
        Self {
            url: changes.url,
            description: changes.description.map(Option::unwrap_or_default),
            events: changes.events,
            active: changes.active,
        }
    }
}

/// Which events are sent again. `after` or `since` is needed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// The id of an event: only later ones.
    pub after: Option<i64>,
    /// Only those that happened then or later.
    #[schema(examples("2026-12-30T18:00:00Z"))]
    pub since: Option<Instant>,
    /// Only those that happened then or before.
    #[schema(examples("2026-12-31T18:00:00Z"))]
    pub until: Option<Instant>,
}

impl From<&Replay> for Range {
    fn from(replay: &Replay) -> Self {
        Self {
            after: replay.after.map(EventId),
            upto: None,
            since: replay.since.map(|at| at.0),
            until: replay.until.map(|at| at.0),
        }
    }
}

/// What is on its way again.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Replayed {
    /// How many events.
    #[schema(examples(12))]
    pub events: i64,
}

/// An event on its way to an endpoint.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = WebhookDelivery)]
pub struct DeliveryBody {
    pub id: i64,
    pub endpoint_id: i64,
    /// Null for a test.
    #[schema(examples(1204))]
    pub event_id: Option<i64>,
    /// The `webhook-id` of every attempt.
    #[schema(examples("evt_1204"))]
    pub message_id: String,
    /// The type of the event.
    #[schema(examples("reward.activated"))]
    pub r#type: String,
    pub state: DeliveryState,
    /// How often it was sent.
    #[schema(examples(1))]
    pub attempts: i64,
    /// When it is sent next; null once it has ended.
    pub next_at: Option<Instant>,
    pub created_at: Instant,
    /// When it was delivered or given up.
    pub ended_at: Option<Instant>,
    /// The status of the last answer; null when there was none.
    #[schema(examples(200))]
    pub last_status: Option<i64>,
    /// Why the last attempt was no delivery; null for one.
    pub last_problem: Option<AttemptProblem>,
}

impl From<WebhookDelivery> for DeliveryBody {
    fn from(delivery: WebhookDelivery) -> Self {
        let waits = delivery.state == DeliveryState::Waiting;
        Self {
            id: delivery.id.0,
            endpoint_id: delivery.endpoint_id.0,
            event_id: delivery.event_id.map(|id| id.0),
            message_id: delivery.message_id,
            r#type: delivery.kind,
            state: delivery.state,
            attempts: delivery.attempts,
            next_at: waits.then_some(Instant(delivery.next_at)),
            created_at: Instant(delivery.created_at),
            ended_at: delivery.ended_at.map(Instant),
            last_status: delivery.last_status,
            last_problem: delivery.last_problem,
        }
    }
}

/// A delivery with its message and its attempts.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = WebhookDeliveryDetails)]
pub struct DeliveryDetails {
    pub delivery: DeliveryBody,
    /// The body that is sent: the event, with a `timestamp`.
    #[schema(value_type = Object, examples(json!({
        "id": 1204, "type": "reward.activated", "timestamp": "2026-12-31T18:00:00Z",
        "created_at": "2026-12-31T18:00:00Z", "version": 2, "data": {"object": {"id": 7, "state": "active"}}
    })))]
    pub message: Value,
    /// The latest hundred, the first one first.
    pub attempts: Vec<AttemptBody>,
}

/// An attempt to deliver.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = WebhookAttempt)]
pub struct AttemptBody {
    /// The first is 1.
    pub number: i64,
    pub at: Instant,
    pub duration_ms: i64,
    /// The status of the answer; null when there was none.
    pub status: Option<i64>,
    /// The beginning of the answer.
    pub response: String,
    /// Why it is no delivery; null for one.
    pub problem: Option<AttemptProblem>,
}

impl From<WebhookAttempt> for AttemptBody {
    fn from(attempt: WebhookAttempt) -> Self {
        Self {
            number: attempt.number,
            at: Instant(attempt.at),
            duration_ms: attempt.duration_ms,
            status: attempt.status,
            response: attempt.response,
            problem: attempt.problem,
        }
    }
}

impl From<WebhookDeliveryDetails> for DeliveryDetails {
    fn from(details: WebhookDeliveryDetails) -> Self {
        Self {
            message: serde_json::from_str(&details.body).unwrap_or_default(),
            delivery: details.delivery.into(),
            attempts: details.attempts.into_iter().map(Into::into).collect(),
        }
    }
}

/// Which deliveries are asked for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DeliveriesQuery {
    pub endpoint_id: Option<i64>,
    pub state: Option<DeliveryState>,
    /// How many rows, 50 unless said otherwise.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

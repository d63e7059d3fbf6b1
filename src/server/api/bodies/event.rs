//! Events.

use crate::{
    domain::events::EventKind,
    server::{api::bodies::Instant, store::events::Event},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// Something that happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Event)]
pub struct EventBody {
    /// Larger than those of all events before.
    pub id: i64,
    /// As `user.created`. There may be kinds that are not in this document yet.
    pub r#type: String,
    pub created_at: Instant,
    /// The version of the object that `data` shows.
    pub version: i64,
    pub data: EventData,
}

/// What an event speaks of.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EventData {
    /// The user, referral or code, as it was then, with the fields of its own schema. What was personal data of
    /// somebody who is erased is null.
    #[schema(value_type = HashMap<String, Value>)]
    pub object: Value,
}

impl From<Event> for EventBody {
    fn from(event: Event) -> Self {
        Self {
            id: event.id.0,
            r#type: event.kind,
            created_at: Instant(event.created_at),
            version: event.version,
            data: EventData { object: serde_json::from_str(&event.data).unwrap_or_default() },
        }
    }
}

/// Which events are asked for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EventsQuery {
    /// The id of an event: only later ones. It may be of one that is not kept any more.
    pub after: Option<String>,
    /// Only events of this kind.
    #[param(inline)]
    pub r#type: Option<EventKind>,
    /// How many rows, 50 unless said otherwise.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
}

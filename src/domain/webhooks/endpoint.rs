//! Endpoints: addresses of host products that events are sent to.

use crate::domain::{
    events::EventKind, field::FieldError, message::Message, names::names, plain_text::one_line, time::HOUR,
    web_address::is_web_address,
};
use serde::{Deserialize, Serialize};

/// Endpoints that there may be at once.
pub const MAX_ENDPOINTS: i64 = 20;

/// How long the secret before a rotation still signs, in milliseconds.
pub const ROTATION_PERIOD: i64 = 24 * HOUR;

/// Characters of a description at most.
const MAX_DESCRIPTION: usize = 200;

/// Stands for every type of event.
const ALL_EVENTS: &str = "*";

names! {
    /// How an endpoint is.
    EndpointState {
        /// It gets its events.
        Active = "active",
        /// It gets its events, but the last one that ended was given up.
        Failing = "failing",
        /// Somebody has switched it off.
        Off = "off",
        /// It answered 410 and was switched off.
        Gone = "gone",
    }
}

/// The types of events that an endpoint gets: the names of some, or `*` for all, also those that come with later
/// versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventFilter(Vec<String>);

impl EventFilter {
    /// All events.
    pub fn all() -> Self {
        Self(vec![ALL_EVENTS.into()])
    }

    /// Reads the names of types, or `*`. Each is kept once, in the order of [`EventKind::ALL`].
    pub fn parse(names: &[String]) -> Result<Self, Message> {
        let names: Vec<&str> = names.iter().map(|name| name.trim()).collect();
        if names.contains(&ALL_EVENTS) {
            return Ok(Self::all());
        }
        let known = || EventKind::ALL.iter().map(|kind| kind.as_str());
        if names.is_empty() {
            return Err(Message::NoEventChosen);
        }
        if names.iter().any(|name| known().all(|known| known != *name)) {
            return Err(Message::ChoiceUnknown);
        }
        Ok(Self(known().filter(|known| names.contains(known)).map(Into::into).collect()))
    }

    /// Whether it lets all events through.
    pub fn is_all(&self) -> bool {
        self.0.iter().any(|name| name == ALL_EVENTS)
    }

    /// Whether it lets events of this type through.
    pub fn takes(&self, kind: EventKind) -> bool {
        self.is_all() || self.0.iter().any(|name| name == kind.as_str())
    }

    /// The names of the types, or `*`.
    pub fn names(&self) -> &[String] {
        &self.0
    }
}

/// Reads what is stored. What cannot be read lets nothing through.
impl From<String> for EventFilter {
    fn from(json: String) -> Self {
        serde_json::from_str(&json).unwrap_or(Self(vec![]))
    }
}

/// What signs the messages to an endpoint: `whsec_` and the key in base64.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct WebhookSecret(pub String);

impl WebhookSecret {
    /// How every secret begins.
    pub const PREFIX: &'static str = "whsec_";
}

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// What an endpoint is to be, as somebody has typed or sent it. What is left out stays as it is; a new endpoint is
/// active and gets all events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointFields {
    pub url: Option<String>,
    pub description: Option<String>,
    /// The names of types, or `*`.
    pub events: Option<Vec<String>>,
    pub active: Option<bool>,
}

/// What an endpoint is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointTerms {
    pub url: String,
    pub description: String,
    pub events: EventFilter,
    pub active: bool,
}

impl Default for EndpointTerms {
    /// A new endpoint, still without an address.
    fn default() -> Self {
        Self { url: String::new(), description: String::new(), events: EventFilter::all(), active: true }
    }
}

impl EndpointTerms {
    /// The same with what somebody has typed or sent, or all that is wrong with it.
    pub fn with(mut self, fields: &EndpointFields) -> Result<Self, Vec<FieldError>> {
        let mut errors = vec![];
        let mut wrong = |field: &str, message| errors.push(FieldError { field: field.into(), message });
        if let Some(url) = &fields.url {
            self.url = url.trim().into();
        }
        if !is_web_address(&self.url) || self.url.contains('#') {
            wrong("url", Message::AddressMalformed);
        }
        if let Some(description) = &fields.description {
            match one_line(description) {
                Ok(line) if line.chars().count() <= MAX_DESCRIPTION => self.description = line.into(),
                Ok(_) => wrong("description", Message::TextLength { max: MAX_DESCRIPTION }),
                Err(message) => wrong("description", message),
            }
        }
        if let Some(names) = &fields.events {
            match EventFilter::parse(names) {
                Ok(events) => self.events = events,
                Err(message) => wrong("events", message),
            }
        }
        self.active = fields.active.unwrap_or(self.active);
        if errors.is_empty() { Ok(self) } else { Err(errors) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_filter_knows_its_events() {
        let some =
            EventFilter::parse(&names(&["reward.activated", " user.created", "user.created"])).expect("a filter");
        assert_eq!(some.names(), ["user.created", "reward.activated"]);
        assert!(some.takes(EventKind::UserCreated) && !some.takes(EventKind::GoalReached) && !some.is_all());
        let all = EventFilter::parse(&names(&["user.created", "*"])).expect("a filter");
        assert!(all.is_all() && all.takes(EventKind::GoalReached));
        assert_eq!(EventFilter::parse(&[]), Err(Message::NoEventChosen));
        assert_eq!(EventFilter::parse(&names(&["user.gone"])), Err(Message::ChoiceUnknown));
        let stored = serde_json::to_string(&some).expect("JSON");
        assert_eq!(EventFilter::from(stored), some);
        assert!(!EventFilter::from("?".to_owned()).takes(EventKind::UserCreated));
    }

    #[test]
    fn all_that_is_wrong_with_an_endpoint_is_told() {
        let fields = EndpointFields {
            url: Some("https://user:pass@host.example/".into()),
            description: Some("a".repeat(201)),
            events: Some(vec![]),
            active: Some(false),
        };
        let wrong = EndpointTerms::default().with(&fields).expect_err("wrong fields");
        assert_eq!(wrong.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["url", "description", "events"]);
        assert!(EndpointTerms::default().with(&EndpointFields::default()).is_err(), "without an address");
        let fields = EndpointFields { url: Some(" https://host.example/hooks ".into()), ..EndpointFields::default() };
        let terms = EndpointTerms::default().with(&fields).expect("an endpoint");
        assert_eq!((terms.url.as_str(), terms.active), ("https://host.example/hooks", true));
        for wrong in ["https://host.example/#part", "ftp://host.example", "host.example", ""] {
            let fields = EndpointFields { url: Some(wrong.into()), ..EndpointFields::default() };
            assert!(terms.clone().with(&fields).is_err(), "{wrong}");
        }
    }
}

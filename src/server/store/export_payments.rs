//! What belongs to payments, for a copy of everything: see [`export`](crate::server::store::export).

use crate::{
    domain::{
        conversions::{
            clues::ClueKind,
            facts::{FactKind, FactState, PaymentSource},
            references::Provider,
        },
        ids::{PaymentId, UserId},
        time::Time,
    },
    server::store::{export::Row, provider_events::EventOutcome},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sqlx::FromRow;

/// A name of a payment.
#[derive(Serialize, Deserialize, FromRow)]
#[serde(deny_unknown_fields)]
pub struct PaymentRef {
    pub payment_id: PaymentId,
    pub provider: Provider,
    pub reference: String,
}

impl Row for PaymentRef {
    type Key = i64;

    const TYPE: &'static str = "payment_ref";
    const TABLE: &'static str = "payment_refs";
    const COUNT: &'static str = "SELECT COUNT(*) FROM payment_refs";
    const PAGE: &'static str = "SELECT payment_id, provider, reference
         FROM payment_refs
         WHERE payment_id IN (SELECT DISTINCT payment_id FROM payment_refs WHERE payment_id > $1 ORDER BY 1 LIMIT $2)
         ORDER BY payment_id, provider, reference";

    fn key(&self) -> Self::Key {
        self.payment_id.0
    }
}

/// A way in which somebody was named who has paid.
#[derive(Serialize, Deserialize, FromRow)]
#[serde(deny_unknown_fields)]
pub struct PaymentClue {
    pub payment_id: PaymentId,
    pub kind: ClueKind,
    pub value: String,
}

impl Row for PaymentClue {
    type Key = i64;

    const TYPE: &'static str = "payment_clue";
    const TABLE: &'static str = "payment_clues";
    const COUNT: &'static str = "SELECT COUNT(*) FROM payment_clues";
    const PAGE: &'static str = "SELECT payment_id, kind, value
         FROM payment_clues
         WHERE payment_id IN (SELECT DISTINCT payment_id FROM payment_clues WHERE payment_id > $1 ORDER BY 1 LIMIT $2)
         ORDER BY payment_id, kind, value";

    fn key(&self) -> Self::Key {
        self.payment_id.0
    }
}

/// Whom a provider's customer is known to be.
#[derive(Serialize, Deserialize, FromRow)]
#[serde(deny_unknown_fields)]
pub struct PaymentCustomer {
    pub customer: String,
    pub user_id: UserId,
    pub known_by: ClueKind,
}

impl Row for PaymentCustomer {
    type Key = i64;

    const TYPE: &'static str = "payment_customer";
    const TABLE: &'static str = "payment_customers";
    const COUNT: &'static str = "SELECT COUNT(*) FROM payment_customers";
    const PAGE: &'static str = "SELECT customer, user_id, known_by
         FROM payment_customers
         WHERE user_id IN (SELECT DISTINCT user_id FROM payment_customers WHERE user_id > $1 ORDER BY 1 LIMIT $2)
         ORDER BY user_id, customer";

    fn key(&self) -> Self::Key {
        self.user_id.0
    }
}

/// A fact, in the order in which facts were told.
#[derive(Serialize, Deserialize, FromRow)]
#[serde(deny_unknown_fields)]
pub struct PaymentFact {
    pub id: i64,
    pub payment_id: PaymentId,
    pub kind: FactKind,
    pub provider: Provider,
    pub key: String,
    pub source: PaymentSource,
    pub amount: i64,
    pub currency: Option<String>,
    pub state: Option<FactState>,
    pub at: Time,
    /// JSON as text.
    pub details: Option<String>,
    pub told_at: Time,
}

impl Row for PaymentFact {
    type Key = i64;

    const TYPE: &'static str = "payment_fact";
    const TABLE: &'static str = "payment_facts";
    const COUNT: &'static str = "SELECT COUNT(*) FROM payment_facts";
    const PAGE: &'static str =
        "SELECT id, payment_id, kind, provider, key, source, amount, currency, state, at, details, told_at
         FROM payment_facts
         WHERE id > $1
         ORDER BY id
         LIMIT $2";

    fn key(&self) -> Self::Key {
        self.id
    }
}

/// A message of Stripe's that has come, so that one that comes again is known.
#[derive(Serialize, Deserialize, FromRow)]
#[serde(deny_unknown_fields)]
pub struct StripeEvent {
    pub event_id: String,
    pub kind: String,
    pub created_at: Time,
    pub received_at: Time,
    pub payment_id: Option<PaymentId>,
    pub outcome: EventOutcome,
    /// What was understood: JSON as text.
    pub said: String,
}

impl Row for StripeEvent {
    type Key = String;

    const TYPE: &'static str = "stripe_event";
    const TABLE: &'static str = "provider_events";
    const COUNT: &'static str = "SELECT COUNT(*) FROM provider_events WHERE provider = 'stripe'";
    const PAGE: &'static str = "SELECT event_id, kind, created_at, received_at, payment_id, outcome, said
         FROM provider_events
         WHERE provider = 'stripe'
           AND event_id > $1
         ORDER BY event_id
         LIMIT $2";

    fn key(&self) -> Self::Key {
        self.event_id.clone()
    }

    fn to_table(columns: &mut Map<String, Value>) {
        columns.insert("provider".into(), "stripe".into());
    }
}

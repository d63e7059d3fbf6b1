//! Messages of payment providers, by their id: what comes again does nothing again.

use crate::{
    domain::{ids::PaymentId, time::Time},
    server::store::db::{Tx, with_conn},
};
use serde::{Deserialize, Serialize};

/// A message that has just come.
pub struct NewProviderEvent<'a> {
    pub event_id: &'a str,
    /// As `invoice.paid`.
    pub kind: &'a str,
    /// When it happened, by the provider.
    pub created_at: Time,
    pub received_at: Time,
    /// What was understood, as JSON.
    pub said: &'a str,
}

/// Keeps a message of Stripe's; `false` when it came before. On PostgreSQL a second one waits here for the first.
pub async fn insert(tx: &mut Tx, new: &NewProviderEvent<'_>) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query(
        "INSERT INTO provider_events (provider, event_id, kind, created_at, received_at, outcome, said)
         VALUES ('stripe', $1, $2, $3, $4, '', $5)
         ON CONFLICT DO NOTHING")
        .bind(new.event_id)
        .bind(new.kind)
        .bind(new.created_at)
        .bind(new.received_at)
        .bind(new.said)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// Keeps what a message did, and to which payment.
pub async fn set_outcome(
    tx: &mut Tx,
    event_id: &str,
    payment: Option<PaymentId>,
    outcome: EventOutcome,
) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE provider_events SET payment_id = $2, outcome = $3 WHERE provider = 'stripe' AND event_id = $1")
        .bind(event_id)
        .bind(payment)
        .bind(outcome)
        .execute(conn).await.map(|_| ()))
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
pub enum EventOutcome {
    /// It told something about a payment.
    Recorded,
    /// It joined payments that are one.
    Merged,
    /// It would have joined payments of different people.
    Conflict,
}

/// A message that has come.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ProviderEvent {
    pub event_id: String,
    pub kind: String,
    pub created_at: Time,
    pub received_at: Time,
    pub outcome: String,
    pub said: String,
}

/// The messages about a payment, in the order in which they came.
pub async fn of_payment(tx: &mut Tx, payment: PaymentId) -> sqlx::Result<Vec<ProviderEvent>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT event_id, kind, created_at, received_at, outcome, said
         FROM provider_events
         WHERE payment_id = $1
         ORDER BY received_at, event_id
         LIMIT 200")
        .bind(payment)
        .fetch_all(conn).await)
}

/// Hands the messages about one payment over to another.
pub async fn move_to(tx: &mut Tx, from: PaymentId, to: PaymentId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE provider_events SET payment_id = $2 WHERE payment_id = $1")
        .bind(from)
        .bind(to)
        .execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::{db_test, payments};

    db_test!(a_message_is_kept_once, |db| {
        let mut tx = db.begin().await?;
        let new = NewProviderEvent {
            event_id: "evt_1",
            kind: "invoice.paid",
            created_at: Time(1),
            received_at: Time(2),
            said: "{}",
        };
        assert!(insert(&mut tx, &new).await?);
        assert!(!insert(&mut tx, &new).await?);
        let (one, other) = (
            payments::insert(&mut tx, true, false, true, Time(1)).await?,
            payments::insert(&mut tx, true, false, true, Time(1)).await?,
        );
        set_outcome(&mut tx, "evt_1", Some(one), EventOutcome::Merged).await?;
        move_to(&mut tx, one, other).await?;
        assert_eq!(of_payment(&mut tx, one).await?, []);
        let told = of_payment(&mut tx, other).await?.remove(0);
        assert_eq!((told.event_id.as_str(), told.outcome.as_str(), told.received_at), ("evt_1", "merged", Time(2)));
        tx.commit().await
    });
}

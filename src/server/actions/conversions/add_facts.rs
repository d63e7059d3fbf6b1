//! Keeping what was told of a payment.

use crate::{
    domain::{conversions::facts::Fact, ids::PaymentId, time::Time},
    server::store::{db::Tx, payment_facts},
};

/// Joins facts with what is known of the same things.
pub async fn run_in(tx: &mut Tx, payment: PaymentId, told: &[Fact], now: Time) -> sqlx::Result<()> {
    if told.is_empty() {
        return Ok(());
    }
    let known = payment_facts::of_payments(tx, &[payment]).await?;
    let mut joined: Vec<Fact> = vec![];
    for fact in told {
        let before = known.iter().map(|record| &record.fact).find(|known| known.is_same(fact));
        joined.push(before.map_or_else(|| fact.clone(), |before| before.then(fact)));
    }
    payment_facts::save(tx, payment, &joined, now).await
}

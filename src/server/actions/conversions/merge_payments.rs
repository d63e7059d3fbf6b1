//! Several payments turn out to be one.

use crate::{
    domain::{ids::PaymentId, time::Time},
    server::{
        actions::conversions::add_facts,
        store::{
            db::Tx,
            payment_clues, payment_facts, payment_refs,
            payments::{self, PaymentRecord},
            provider_events,
        },
    },
};

/// Makes one payment of several, which the caller holds and settles: the oldest of which money is known stays. Nothing
/// is done when they are by different people.
pub async fn run_in(tx: &mut Tx, ids: &[PaymentId], now: Time) -> sqlx::Result<Option<PaymentId>> {
    let mut records = payments::lock(tx, ids).await?;
    records.sort_by_key(|record| (!record.is_paid(), record.id));
    if records.iter().any(|one| records.iter().any(|other| differ(one, other))) {
        return Ok(None);
    }
    let mut rest = records.split_off(1.min(records.len()));
    let Some(mut kept) = records.pop() else { return Ok(None) };
    let facts = payment_facts::of_payments(tx, ids).await?;
    for other in &mut rest {
        let told: Vec<_> =
            facts.iter().filter(|record| record.payment == other.id).map(|record| record.fact.clone()).collect();
        add_facts::run_in(tx, kept.id, &told, now).await?;
        payment_refs::move_to(tx, other.id, kept.id).await?;
        payment_clues::move_to(tx, other.id, kept.id).await?;
        provider_events::move_to(tx, other.id, kept.id).await?;
        payments::move_duplicates(tx, other.id, kept.id).await?;
        if stronger(other, &kept) {
            (kept.user_id, kept.known_by) = (other.user_id, other.known_by);
        }
        kept.taken_up |= other.taken_up;
        other.duplicate_of = Some(kept.id);
    }
    let id = kept.id;
    rest.push(kept);
    payments::update(tx, &rest).await?;
    Ok(Some(id))
}

/// Whether two payments are by two people who are known by clues of one strength: of a stronger and a weaker one, the
/// stronger is right.
fn differ(one: &PaymentRecord, other: &PaymentRecord) -> bool {
    let explicit = |record: &PaymentRecord| record.known_by.is_some_and(|kind| kind.is_explicit());
    let two = one.user_id.zip(other.user_id).is_some_and(|(one, other)| one != other);
    two && explicit(one) == explicit(other)
}

fn stronger(one: &PaymentRecord, other: &PaymentRecord) -> bool {
    match (one.known_by, other.known_by) {
        (Some(one), Some(other)) => one < other,
        (one, None) => one.is_some(),
        (None, Some(_)) => false,
    }
}

//! Payments that waited for somebody: taken up when they join, or when another e-mail or id of theirs becomes known.

use crate::{
    domain::{
        conversions::clues::{Clue, ClueKind},
        ids::{PaymentId, UserId},
        time::Time,
    },
    server::{
        actions::conversions::{record_payment::lock_names, settle_payments},
        realtime::change_set::ChangeSet,
        store::{db::Tx, payment_clues},
    },
};

/// Within a transaction of the caller's that has written the person down.
pub async fn run_in(
    tx: &mut Tx,
    user: UserId,
    email: &str,
    external_id: Option<&str>,
    now: Time,
    changes: &mut ChangeSet,
) -> sqlx::Result<()> {
    let clues = clues(user, email, external_id);
    lock_names(tx, &[], &clues).await?;
    let waiting = payment_clues::payments_of(tx, &clues).await?;
    settle_payments::run_in(tx, &waiting, now, changes).await
}

/// Payments that may have waited for one of these people: each by id, e-mail and id of the host product.
pub async fn waiting_for<'a>(
    tx: &mut Tx,
    people: impl Iterator<Item = (UserId, &'a str, Option<&'a str>)>,
) -> sqlx::Result<Vec<PaymentId>> {
    let clues: Vec<Clue> = people.flat_map(|(user, email, external_id)| clues(user, email, external_id)).collect();
    payment_clues::payments_of(tx, &clues).await
}

/// The clues by which payments speak of somebody.
fn clues(user: UserId, email: &str, external_id: Option<&str>) -> Vec<Clue> {
    let id = user.to_string();
    let mut clues = vec![(ClueKind::Email, email)];
    clues.extend([ClueKind::Id, ClueKind::Metadata, ClueKind::ClientReference].map(|kind| (kind, id.as_str())));
    if let Some(external_id) = external_id {
        let kinds = [ClueKind::ExternalId, ClueKind::Metadata, ClueKind::ClientReference];
        clues.extend(kinds.map(|kind| (kind, external_id)));
    }
    clues.into_iter().map(|(kind, value)| Clue { kind, value: value.to_owned() }).collect()
}

//! Payments that waited for somebody: taken up when they join, or when another e-mail or id of theirs becomes known.

use crate::{
    domain::{
        conversions::clues::{Clue, ClueKind},
        ids::UserId,
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
    let id = user.to_string();
    let mut clues = vec![(ClueKind::Email, email)];
    clues.extend([ClueKind::Id, ClueKind::Metadata, ClueKind::ClientReference].map(|kind| (kind, id.as_str())));
    if let Some(external_id) = external_id {
        let kinds = [ClueKind::ExternalId, ClueKind::Metadata, ClueKind::ClientReference];
        clues.extend(kinds.map(|kind| (kind, external_id)));
    }
    let clues: Vec<Clue> = clues.into_iter().map(|(kind, value)| Clue { kind, value: value.to_owned() }).collect();
    lock_names(tx, &[], &clues).await?;
    let waiting = payment_clues::payments_of(tx, &clues).await?;
    settle_payments::run_in(tx, &waiting, now, changes).await
}

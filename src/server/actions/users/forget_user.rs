//! Forgetting a person, however they go: the account and every name of theirs. Ids and numbers stay.

use crate::server::{
    actions::{
        audit::{self, Target},
        authorize,
        rewards::forfeit_rewards,
    },
    auth::caller::Actor,
    errors::TxError,
    realtime::change_set::ChangeSet,
    state::AppState,
    store::{
        self, code_recipients, codes,
        db::Tx,
        erased_emails, events, idempotency, jobs, mails, payment_clues, referrals, reviews,
        users::{self, UserRecord},
        webhook_deliveries,
    },
};
use serde_json::{Value, json};

/// What somebody who is gone is called where a name is needed.
pub const NOBODY: &str = "erased user";

/// Within a transaction of the caller's that is alone and holds the user. *Last admin* for the only one that can come
/// in.
pub async fn run_in(tx: &mut Tx, state: &AppState, actor: &Actor, user: &UserRecord) -> Result<ChangeSet, TxError> {
    let now = state.clock.now();
    if user.role == "admin" && user.disabled_at.is_none() {
        authorize::require_another_admin(tx).await?;
    }
    let mut changes = ChangeSet::of_codes(codes::crediting(tx, user.id).await?);
    forfeit_rewards::run_in(tx, user.id, now, &mut changes).await?;
    referrals::forget(tx, user.id).await?;
    payment_clues::forget(tx, user.id).await?;
    reviews::forget(tx, user.id).await?;
    let emails = store::audit::emails_of(tx, user.id, &user.email).await?;
    jobs::forget(tx, user.id, &emails, NOBODY).await?;
    mails::forget(tx, user.id, &emails).await?;
    code_recipients::forget(tx, &emails).await?;
    idempotency::forget(tx, user.id).await?;
    events::forget(tx, user.id).await?;
    webhook_deliveries::forget(tx, user.id).await?;
    store::audit::forget(tx, user.id, &emails, NOBODY).await?;
    erased_emails::insert(tx, &state.email_hasher.hash_normalised(&user.email_normalised), now).await?;
    users::delete(tx, user.id).await?;
    let own = actor.id == Some(user.id);
    let actor = if own { &Actor { name: NOBODY.into(), ..actor.clone() } } else { actor };
    let target = Target { kind: "user", id: Some(user.id.0), name: NOBODY };
    audit::write(tx, actor, "user.erase", target, Value::Null, json!({ "erased": true }), now).await?;
    Ok(changes)
}

//! Erasing a person: the account and every name go, the numbers stay.

use crate::{
    domain::{ids::UserId, message::Message},
    error::AppError,
    server::{
        actions::audit::{self, Target},
        auth::caller::Actor,
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{self, codes, erased_emails, referrals, users},
    },
};
use serde_json::{Value, json};

pub async fn run(state: &AppState, actor: &Actor, id: UserId) -> Result<(), AppError> {
    let mut tx = state.db.begin().await?;
    let user = users::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    if user.role == "admin" && user.disabled_at.is_none() && users::count_admins(&mut tx).await? == 1 {
        return Err(AppError::conflict("", Message::OnlyAdminErased));
    }
    let changes = ChangeSet::of_codes(codes::crediting(&mut tx, id).await?);
    referrals::forget(&mut tx, id).await?;
    store::audit::forget(&mut tx, id, &user.email).await?;
    let email_hash = state.email_hasher.hash_normalised(&user.email_normalised);
    erased_emails::insert(&mut tx, &email_hash, state.clock.now()).await?;
    users::delete(&mut tx, id).await?;
    let target = Target { kind: "user", id: Some(id.0), name: "erased user" };
    let erased = json!({ "erased": true });
    audit::write(&mut tx, actor, "user.erase", target, Value::Null, erased, state.clock.now()).await?;
    Ok(state.publisher.commit_and_publish(tx, &changes).await?)
}

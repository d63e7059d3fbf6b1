//! Events of users.

use crate::{
    domain::{
        events::{EventKind, NewEvent},
        ids::UserId,
        time::Time,
    },
    server::{
        state::AppState,
        store::{
            db::Tx,
            user_profiles::{self, UserProfile},
        },
    },
};
use serde_json::{Value, json};

/// An event of a user as they are now; none when they are gone. The transaction has made or locked them, so that nobody
/// forgets them before it is written.
pub async fn event(
    tx: &mut Tx,
    state: &AppState,
    kind: EventKind,
    id: UserId,
    at: Time,
) -> sqlx::Result<Option<NewEvent>> {
    let user = user_profiles::profile(tx, id).await?;
    Ok(user.map(|user| NewEvent {
        kind,
        object_id: id.0,
        version: user.version,
        about: Some(id),
        data: object(&user, &state.base_url),
        at,
    }))
}

/// A user as the API shows one, the attribution apart: events of their referral tell of it.
fn object(user: &UserProfile, base_url: &str) -> Value {
    json!({
        "id": user.id,
        "email": user.email,
        "username": user.username,
        "external_id": user.external_id,
        "account_id": user.account_id,
        "full_name": user.full_name,
        "phone": user.phone,
        "locale": user.locale,
        "role": user.role,
        "code": user.code,
        "link": user.code.as_ref().map(|code| format!("{base_url}/r/{code}")),
        "goal": user.referral_goal,
        "referred_by": user.referred_by,
        "disabled": user.disabled_at.is_some(),
        "created_at": user.created_at.rfc_3339(),
        "version": user.version,
    })
}

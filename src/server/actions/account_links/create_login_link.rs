//! A link by which a host product lets somebody in who is signed in there.

use crate::{
    domain::{accounts::account_link::LinkPurpose, ids::UserId, message::Message, time::Time},
    error::AppError,
    server::{
        actions::audit::{self, Target},
        auth::caller::Actor,
        errors::TxError,
        store::{
            account_links::{self, NewAccountLink},
            db::Tx,
            users,
        },
    },
};
use serde_json::{Value, json};

/// Within a transaction of the caller's; when the link ends. *Forbidden* for admins: no key of the API is to become the
/// session of one.
pub async fn run_in(tx: &mut Tx, actor: &Actor, user: UserId, token_hash: &[u8], now: Time) -> Result<Time, TxError> {
    let user = users::lock(tx, user).await?.ok_or(AppError::NotFound)?;
    if user.role == "admin" {
        return Err(AppError::Forbidden.into());
    }
    if user.disabled_at.is_some() {
        return Err(AppError::conflict("id", Message::UserDisabled).into());
    }
    let purpose = LinkPurpose::Login;
    let link = NewAccountLink { user: user.id, purpose, email: &user.email, next: Some("/dashboard"), now };
    let expires_at = link.expires_at();
    let id = account_links::insert(tx, &link).await?;
    account_links::arm(tx, id, token_hash, now).await?;
    let target = Target { kind: "user", id: Some(user.id.0), name: &user.username };
    let after = json!({ "expires_at": expires_at.rfc_3339() });
    audit::write(tx, actor, "user.login_link", target, Value::Null, after, now).await?;
    Ok(expires_at)
}

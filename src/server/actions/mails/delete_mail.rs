//! Deleting a mail that failed.

use crate::{
    domain::ids::MailId,
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            authorize,
        },
        auth::caller::Actor,
        state::AppState,
        store::{mail_list, mails},
    },
};
use serde_json::{Value, json};

/// Deletes a mail that failed. One that is gone, or is being sent again, stays as it is.
pub async fn run(state: &AppState, actor: &Actor, id: MailId) -> Result<(), AppError> {
    let mut tx = authorize::begin(&state.db, actor).await?;
    if let Some(kind) = mail_list::kind_of_failed(&mut tx, id).await?
        && mails::delete_failed(&mut tx, id).await?
    {
        let target = Target { kind: "mail", id: Some(id.0), name: &kind };
        let is = json!({ "deleted": true });
        audit::write(&mut tx, actor, "mail.delete", target, Value::Null, is, state.clock.now()).await?;
    }
    Ok(tx.commit().await?)
}

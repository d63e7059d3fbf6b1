//! Sending a mail that failed once more.

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
use serde_json::json;

/// Lets a mail that failed begin anew. One that was sent or waits by now stays as it is.
pub async fn run(state: &AppState, actor: &Actor, id: MailId) -> Result<(), AppError> {
    let now = state.clock.now();
    let mut tx = authorize::begin(&state.db, actor).await?;
    if let Some(kind) = mail_list::kind_of_failed(&mut tx, id).await?
        && mails::reopen(&mut tx, id, now).await?
    {
        let target = Target { kind: "mail", id: Some(id.0), name: &kind };
        let (was, is) = (json!({ "state": "failed" }), json!({ "state": "waiting" }));
        audit::write(&mut tx, actor, "mail.resend", target, was, is, now).await?;
    }
    tx.commit().await?;
    state.new_job.send_replace(());
    Ok(())
}

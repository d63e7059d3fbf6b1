//! Trying out whether mail arrives.

use crate::{
    domain::{
        mails::{Mail, NewMail},
        time::{HOUR, MINUTE},
    },
    error::AppError,
    server::{
        actions::authorize,
        auth::caller::Actor,
        state::AppState,
        store::{mails, users},
    },
};

/// Sends a mail to the admin who asks for it, in this language; one a minute.
pub async fn run(state: &AppState, actor: &Actor, locale: &str) -> Result<(), AppError> {
    let now = state.clock.now();
    let mut tx = authorize::begin(&state.db, actor).await?;
    let id = actor.id.ok_or(AppError::Forbidden)?;
    let user = users::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let mail = NewMail {
        to: user.email,
        user_id: Some(id),
        mail: Mail::Test,
        locale: Some(locale.to_owned()),
        expires_at: Some(now.plus(HOUR)),
    };
    mails::enqueue_once(&mut tx, &mail, &format!("test {id} {}", now.0 / MINUTE), now).await?;
    tx.commit().await?;
    state.new_job.send_replace(());
    Ok(())
}

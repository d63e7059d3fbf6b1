//! Choosing a new password by a mailed link: all sessions and links end, and this browser is signed in.

use crate::{
    domain::{
        accounts::{account_link::LinkPurpose, password},
        mails::{Mail, NewMail},
    },
    error::AppError,
    server::{
        actions::{
            account_links::{use_link, verify_email},
            accounts::{sign_in::SignedIn, start_session},
        },
        auth::{account_links::find, caller::Caller, rate_limiter::RateLimit},
        clicks::attribution_cookie::AttributionCookie,
        errors::{TxError, internal, retry_races},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{account_links, mails, sessions, users},
    },
};

const PURPOSES: [LinkPurpose; 1] = [LinkPurpose::ResetPassword];

pub async fn run(
    state: &AppState,
    caller: &Caller,
    cookie: Option<&AttributionCookie>,
    token: &str,
    password: String,
    locale: &str,
) -> Result<SignedIn, AppError> {
    state.rate_limiter.network(RateLimit::UseLink, caller.client_ip.0)?;
    let link = find(&mut state.db.read().await?, token, &PURPOSES, state.clock.now()).await?;
    if let Some(message) = password::problem(&password, &[&link.email, &link.username]) {
        return Err(AppError::invalid("password", message));
    }
    let hash = state.passwords.hash(password, state.rng.bytes()).await.map_err(internal)?;
    let hash = hash.as_str();
    let signed_in = retry_races(|| async move {
        let now = state.clock.now();
        let (mut tx, link, user) = use_link::begin(state, token, &PURPOSES).await?;
        users::set_password(&mut tx, user.id, hash).await?;
        sessions::end_all(&mut tx, user.id).await?;
        account_links::end_all(&mut tx, user.id).await?;
        let mail = NewMail {
            to: link.email,
            user_id: Some(user.id),
            mail: Mail::PasswordChanged,
            locale: Some(locale.to_owned()),
            expires_at: None,
        };
        mails::enqueue(&mut tx, &mail, now).await?;
        let mut changes = ChangeSet::default();
        verify_email::run_in(&mut tx, user.id, now, &mut changes).await?;
        let session = start_session::run(&mut tx, state, caller, cookie, user.id).await?;
        state.publisher.commit_and_publish(tx, &changes).await?;
        Ok::<_, TxError>(SignedIn { session, admin: user.role == "admin" })
    })
    .await?;
    state.new_job.send_replace(());
    Ok(signed_in)
}

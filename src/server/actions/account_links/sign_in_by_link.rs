//! Signing in by a link: one that somebody asked for by mail, or one of the host product.

use crate::{
    domain::{
        accounts::account_link::LinkPurpose,
        path::{LocalPath, start_page},
    },
    error::AppError,
    server::{
        actions::{
            account_links::{lock_out_others, use_link, verify_email},
            accounts::start_session::{self, NewSession},
        },
        auth::{caller::Caller, rate_limiter::RateLimit},
        clicks::attribution_cookie::AttributionCookie,
        errors::{TxError, retry_races},
        realtime::change_set::ChangeSet,
        state::AppState,
    },
};

/// Starts a session; where it leads.
pub async fn run(
    state: &AppState,
    caller: &Caller,
    cookie: Option<&AttributionCookie>,
    token: &str,
) -> Result<(NewSession, LocalPath), AppError> {
    state.rate_limiter.network(RateLimit::UseLink, caller.client_ip.0)?;
    retry_races(|| async {
        let (mut tx, link, user) = use_link::begin(state, token, &LinkPurpose::SIGN_IN).await?;
        let mut changes = ChangeSet::default();
        if link.purpose.proves_address() {
            lock_out_others::run_in(&mut tx, user.id).await?;
            verify_email::run_in(&mut tx, user.id, state.clock.now(), &mut changes).await?;
        }
        let session = start_session::run(&mut tx, state, caller, cookie, user.id).await?;
        state.publisher.commit_and_publish(tx, &changes).await?;
        let next = link.next.as_deref().and_then(LocalPath::parse);
        let start = || LocalPath::of(start_page(user.role == "admin"));
        Ok::<_, TxError>((session, next.unwrap_or_else(start)))
    })
    .await
}

//! One's own account and where it is signed in.

use crate::{
    error::AppError,
    server::{
        auth::sessions::SignedIn,
        queries::accounts::unconfirmed,
        state::AppState,
        store::{sessions, users},
    },
    text::Texts,
    view_models::accounts::{Profile, SessionSummary},
};

pub(crate) async fn run(state: &AppState, user: &SignedIn, texts: &Texts) -> Result<Profile, AppError> {
    let mut tx = state.db.read().await?;
    let account = users::by_id(&mut tx, user.user).await?.ok_or(AppError::SignedOut)?;
    let unconfirmed = unconfirmed::run(&mut tx, state, user.user).await?.is_some();
    let sessions = sessions::of_user(&mut tx, user.user, state.clock.now()).await?;
    Ok(Profile {
        username: account.username,
        email: account.email,
        unconfirmed,
        sessions: sessions
            .into_iter()
            .map(|session| SessionSummary {
                id: session.id,
                browser: texts.browser(&session.user_agent),
                network: session.network,
                seen_at: session.seen_at,
                current: session.id == user.session,
            })
            .collect(),
    })
}

//! Deleting one's own account. What it brought about stays counted; the person is forgotten.

use crate::{
    domain::message::Message,
    error::AppError,
    server::{
        actions::{accounts::own_account, users::forget_user},
        auth::{
            caller::{Actor, Authority},
            rate_limiter::RateLimit,
            sessions::SignedIn,
        },
        errors::{TxError, internal, retry_races},
        state::AppState,
        store::{rights, users},
    },
};

pub async fn run(state: &AppState, user: &SignedIn, password: String) -> Result<(), AppError> {
    state.rate_limiter.session(RateLimit::OwnPassword, user.session)?;
    let account = users::by_id(&mut state.db.read().await?, user.user).await?.ok_or(AppError::SignedOut)?;
    let wrong = || AppError::invalid("password", Message::PasswordWrong);
    if !state.passwords.check(password, account.password_hash.clone()).await.map_err(internal)? {
        return Err(wrong());
    }
    let actor = Actor { id: Some(user.user), name: account.username, authority: Authority::Session(user.session) };
    retry_races(|| async {
        let mut tx = state.db.begin().await?;
        rights::lock(&mut tx).await?;
        let now = own_account::lock(&mut tx, user).await?;
        if now.password_hash != account.password_hash {
            return Err(wrong().into());
        }
        let changes = forget_user::run_in(&mut tx, state, &actor, &now).await?;
        state.publisher.commit_and_publish(tx, &changes).await?;
        Ok::<_, TxError>(())
    })
    .await
}

//! Deleting one's own account. What it brought about stays counted; the person is gone.

use crate::{
    domain::message::Message,
    error::AppError,
    server::{
        auth::{rate_limiter::RateLimit, sessions::SignedIn},
        errors::internal,
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{codes, erased_emails, referrals, users},
    },
};

pub async fn run(state: &AppState, user: &SignedIn, password: String) -> Result<(), AppError> {
    let account = users::by_id(&mut state.db.read().await?, user.user).await?.ok_or(AppError::SignedOut)?;
    state.rate_limiter.account(RateLimit::Password, &account.email)?;
    if !state.passwords.check(password, account.password_hash).await.map_err(internal)? {
        return Err(AppError::invalid("password", Message::PasswordWrong));
    }
    let mut tx = state.db.begin().await?;
    if account.role == "admin" && users::count_admins(&mut tx).await? == 1 {
        return Err(AppError::conflict("password", Message::YouAreOnlyAdmin));
    }
    let changes = ChangeSet::of_codes(codes::crediting(&mut tx, user.user).await?);
    referrals::forget_referee(&mut tx, user.user).await?;
    let email_hash = state.email_hasher.hash_normalised(&account.email_normalised);
    erased_emails::insert(&mut tx, &email_hash, state.clock.now()).await?;
    users::delete(&mut tx, user.user).await?;
    Ok(state.publisher.commit_and_publish(tx, &changes).await?)
}

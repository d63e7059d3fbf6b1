//! Erasing a person: the account and every name go, the numbers stay.

use crate::{
    domain::ids::UserId,
    error::AppError,
    server::{
        actions::{authorize, users::forget_user},
        auth::caller::Actor,
        errors::{TxError, retry_races},
        state::AppState,
        store::users,
    },
};

pub async fn run(state: &AppState, actor: &Actor, id: UserId) -> Result<(), AppError> {
    retry_races(|| async {
        let mut tx = authorize::begin_alone(&state.db, actor).await?;
        let user = users::lock(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let changes = forget_user::run_in(&mut tx, state, actor, &user).await?;
        state.publisher.commit_and_publish(tx, &changes).await?;
        Ok::<_, TxError>(())
    })
    .await
}

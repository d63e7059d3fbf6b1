//! What waits for admins.

use crate::{
    error::AppError,
    server::{state::AppState, store::waiting},
    view_models::page::Waiting,
};

/// What waits now.
pub async fn run(state: &AppState) -> Result<Waiting, AppError> {
    let mut tx = state.db.read().await?;
    Ok(waiting::count(&mut tx).await?)
}

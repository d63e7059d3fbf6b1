//! The keys of the API, as admins see them.

use crate::{
    error::AppError,
    server::{state::AppState, store::api_keys},
    view_models::api_keys::ApiKeySummary,
};

pub async fn run(state: &AppState) -> Result<Vec<ApiKeySummary>, AppError> {
    Ok(api_keys::all(&mut state.db.read().await?).await?)
}

//! What can be done, one file per verb. Each is one transaction: load, ask the domain, write, announce.

pub mod change_password;
pub mod check_code;
pub mod create_admin;
pub mod delete_account;
pub mod end_session;
pub mod fill_codes;
pub mod make_code;
pub mod prepare_sign_up;
pub mod set_up;
pub mod show_dashboard;
pub mod show_home;
pub mod show_profile;
pub mod sign_in;
pub mod sign_out;
pub mod sign_up;
pub mod start_session;
pub mod weigh;

use super::Failure;
use crate::error::AppError;

/// What failed without being anybody's fault: logged here, told as little as possible.
fn internal(error: Failure) -> AppError {
    tracing::error!(%error, "an action failed");
    AppError::Internal
}

//! What can be done, one file per verb. Each is one transaction: load, ask the domain, write, announce.

pub mod add_user;
pub mod change_password;
pub mod change_settings;
pub mod change_user;
pub mod check_code;
pub mod check_form;
pub mod create_admin;
pub mod create_api_key;
pub mod create_code;
pub mod delete_account;
pub mod delete_code;
pub mod edit_code;
pub mod edit_user;
pub mod end_session;
pub mod erase_user;
pub mod fill_codes;
pub mod find_users;
pub mod join;
pub mod make_code;
pub mod order_codes;
pub mod prepare_sign_up;
pub mod record;
pub mod revoke_api_key;
pub mod set_up;
pub mod show_api_keys;
pub mod show_audit;
pub mod show_code;
pub mod show_codes;
pub mod show_dashboard;
pub mod show_decisions;
pub mod show_home;
pub mod show_jobs;
pub mod show_profile;
pub mod show_statistics;
pub mod show_users;
pub mod sign_in;
pub mod sign_out;
pub mod sign_up;
pub mod start_session;
pub mod switch_code;
pub mod weigh;

use super::Failure;
use crate::error::AppError;

/// What failed without being anybody's fault: logged here, told as little as possible.
fn internal(error: Failure) -> AppError {
    tracing::error!(%error, "an action failed");
    AppError::Internal
}

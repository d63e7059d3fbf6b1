//! Codes, as admins and visitors see them.

pub mod bulk_jobs;
pub mod check_code;
pub mod get_code;
pub mod list_codes;

//! Codes: created, changed, switched, deleted, one by one and in bulk.

pub mod backfill_personal_codes;
pub mod change_batch;
pub mod create_code;
pub mod delete_code;
pub mod generate_personal_code;
pub mod mail_codes;
pub mod request_bulk_codes;
pub mod set_code_active;
pub mod update_code;
pub mod validate_code;

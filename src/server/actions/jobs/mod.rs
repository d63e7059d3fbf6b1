//! Jobs that admins look after.

pub mod retry_job;

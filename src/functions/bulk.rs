//! Many campaign codes at once, for admins.

use crate::{
    domain::{ids::JobId, path::LocalPath, time::Time},
    error::AppError,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It waits for its turn or is at work.
    Open,
    Done,
    /// Nothing of it is left.
    Failed,
}

/// Codes that are being made, or were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkJob {
    pub id: JobId,
    pub state: JobState,
    /// Codes made so far, of `total`.
    pub done: i64,
    pub total: i64,
    /// Why it failed; else empty.
    pub problem: String,
    pub prefix: String,
    pub description: String,
    /// Who asked for them.
    pub by: String,
    pub created_at: Time,
}

/// Loads how far a job is.
#[server(endpoint = "load_bulk")]
pub async fn load_bulk(id: JobId) -> Result<BulkJob, AppError> {
    use crate::server::{actions::show_jobs, door::Door};
    let door = Door::open();
    door.admin()?;
    show_jobs::one(&door.server, id).await
}

/// Loads the jobs that are not done, then the latest.
#[server(endpoint = "load_bulks")]
pub async fn load_bulks() -> Result<Vec<BulkJob>, AppError> {
    use crate::server::{actions::show_jobs, door::Door};
    let door = Door::open();
    door.admin()?;
    show_jobs::latest(&door.server).await
}

/// Asks for many codes: `count` of them, `prefix` and `length` random characters each; the rest as for a single one.
/// Leads to the page that shows how far they are.
#[server(endpoint = "order_codes")]
pub async fn order_codes(
    #[server(default)] prefix: String,
    #[server(default)] length: String,
    #[server(default)] count: String,
    #[server(default)] description: String,
    #[server(default)] category: String,
    #[server(default)] max_uses: String,
    #[server(default)] expires_at: String,
    #[server(default)] beneficiary: String,
    #[server(default)] active: bool,
) -> Result<LocalPath, AppError> {
    use crate::{
        domain::{bulk::Form, campaign},
        server::{actions::order_codes, door::Door},
    };
    let door = Door::open();
    let code = String::new();
    let shared = campaign::Form { code, description, category, max_uses, expires_at, beneficiary, active };
    let id = order_codes::run(&door.server, &door.actor()?, &Form { prefix, length, count, shared }).await?;
    Ok(LocalPath::parse(&format!("/admin/codes/bulk/{id}")).unwrap_or(LocalPath::of("/admin/codes/bulk")))
}

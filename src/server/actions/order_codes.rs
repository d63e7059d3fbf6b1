//! Asking for many campaign codes at once. A job makes them.

use super::{
    super::{
        jobs::{Job, make_codes},
        state::Server,
    },
    create_code::beneficiary,
    record::Actor,
};
use crate::{
    domain::{
        bulk::{Form, Order},
        ids::JobId,
    },
    error::AppError,
};

/// Checks what is asked for and hands it on; `show_jobs` tells how far it is.
pub async fn run(server: &Server, actor: &Actor, form: &Form) -> Result<JobId, AppError> {
    let now = server.clock.now();
    let codes = Order::parse(form, now).map_err(AppError::Invalid)?;
    let mut tx = server.db.begin().await?;
    let beneficiary = beneficiary(&mut tx, &form.shared.beneficiary).await?.map(|user| user.id);
    let credited = form.shared.beneficiary.trim().to_lowercase();
    let job = Job::MakeCodes(make_codes::Order { codes, beneficiary, credited });
    let id = job.enqueue(&mut tx, actor, now).await?;
    tx.commit().await?;
    server.new_job.notify_one();
    Ok(id)
}

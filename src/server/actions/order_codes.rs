//! Asking for many campaign codes at once. A job makes them.

use super::{
    super::{
        jobs::{Job, make_codes},
        state::Server,
        store::Tx,
    },
    create_code::{Beneficiary, beneficiary},
    record::Actor,
};
use crate::{
    domain::{
        bulk::{Form, Order},
        ids::JobId,
        time::Time,
    },
    error::AppError,
};

/// Checks what is asked for and hands it on; `show_jobs` tells how far it is.
pub async fn run(server: &Server, actor: &Actor, form: &Form) -> Result<JobId, AppError> {
    let now = server.clock.now();
    let codes = Order::parse(form, now).map_err(AppError::Invalid)?;
    let mut tx = server.db.begin().await?;
    let beneficiary = beneficiary(&mut tx, &form.shared.beneficiary).await?;
    let id = within(&mut tx, actor, codes, beneficiary, now).await?;
    tx.commit().await?;
    server.new_job.notify_one();
    Ok(id)
}

/// The same within a transaction of the caller's, who tells `new_job` afterwards.
pub async fn within(
    tx: &mut Tx,
    actor: &Actor,
    codes: Order,
    beneficiary: Option<Beneficiary>,
    now: Time,
) -> sqlx::Result<JobId> {
    let (beneficiary, credited) = beneficiary.map(|user| (user.id, user.email)).unzip();
    let job = Job::MakeCodes(make_codes::Order { codes, beneficiary, credited: credited.unwrap_or_default() });
    job.enqueue(tx, actor, now).await
}

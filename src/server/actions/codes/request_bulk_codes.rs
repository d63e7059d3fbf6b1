//! Asking for many campaign codes at once. A job creates them.

use crate::{
    domain::{
        codes::bulk::{BulkCodesJob, BulkForm, BulkRequest},
        ids::JobId,
        time::Time,
    },
    error::AppError,
    server::{
        actions::{
            authorize,
            codes::create_code::{Beneficiary, beneficiary},
            sent_form,
        },
        auth::caller::{Actor, SentForm},
        state::AppState,
        store::{
            db::Tx,
            jobs::{self, NewJob},
        },
    },
};

/// Checks what is asked for and hands it on; `bulk_jobs` tells how far it is. The same form sent again asks for nothing
/// more.
pub async fn run(state: &AppState, actor: &Actor, form: &BulkForm, sent: Option<SentForm>) -> Result<JobId, AppError> {
    let now = state.clock.now();
    let mut tx = authorize::begin(&state.db, actor).await?;
    if let Some(made) = sent_form::made_before(&mut tx, actor, sent, now).await? {
        return Ok(JobId(made));
    }
    let (codes, beneficiary) = match (
        BulkRequest::parse(form, now, &state.settings.get().zone()),
        beneficiary(&mut tx, &form.shared.beneficiary).await,
    ) {
        (Ok(codes), beneficiary) => (codes, beneficiary?),
        (Err(errors), Err(AppError::Invalid(unknown))) => {
            return Err(AppError::Invalid(errors.into_iter().chain(unknown).collect()));
        }
        (Err(errors), _) => return Err(AppError::Invalid(errors)),
    };
    let id = run_in(&mut tx, actor, codes, beneficiary, now).await?;
    sent_form::keep(&mut tx, actor, sent, id.0).await?;
    tx.commit().await?;
    state.new_job.send_replace(());
    Ok(id)
}

/// The same within a transaction of the caller's, who notifies `new_job` afterwards.
pub async fn run_in(
    tx: &mut Tx,
    actor: &Actor,
    codes: BulkRequest,
    beneficiary: Option<Beneficiary>,
    now: Time,
) -> sqlx::Result<JobId> {
    let (beneficiary, credited) = beneficiary.map(|user| (user.id, user.email)).unzip();
    let total = codes.count;
    let payload = BulkCodesJob { codes, beneficiary, credited: credited.unwrap_or_default() };
    let new = NewJob { total, actor_id: actor.id, actor: &actor.name, ..NewJob::of(&payload, now) };
    jobs::enqueue(tx, &new).await
}

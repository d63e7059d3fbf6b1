//! Making many campaign codes: hidden, a chunk at a time, so that clicks go on in between; then shown all at once.

use crate::{
    domain::{
        codes::{
            bulk::{BulkCodesJob, BulkRequest},
            code::{Code, TRIES},
        },
        message::Message,
    },
    server::{
        actions::{
            audit::{self, Target},
            codes::create_code::audit_fields,
        },
        auth::caller::{Actor, Authority},
        errors::is_race,
        jobs::{JobError, LEASE},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{
            bulk_codes::{self, SharedFields},
            db::Tx,
            jobs::{self, JobRecord},
            rights,
        },
    },
};
use serde_json::{Value, json};

/// Codes in one transaction: the longest that a click waits for, the last step apart.
const CHUNK: i64 = 1_000;

/// Goes on where the job was left.
pub async fn run(state: &AppState, job: &JobRecord, request: &BulkCodesJob) -> Result<(), JobError> {
    let shared = SharedFields {
        job: job.id,
        fields: &request.codes.shared,
        beneficiary: request.beneficiary,
        created_by: job.actor_id,
        created_at: job.created_at,
    };
    let (mut done, mut misses) = (job.done, 0);
    while done < job.total {
        let count = CHUNK.min(job.total - done);
        let made = match chunk(state, job, request, &shared, count).await {
            Err(JobError::Database(error)) if is_race(&error) && misses < TRIES => 0,
            made => made?,
        };
        done += made;
        misses = if made == 0 { misses + 1 } else { 0 };
        if misses == TRIES {
            let BulkRequest { prefix, length, .. } = &request.codes;
            return Err(JobError::Failed(Message::CodesUsedUp { length: *length, prefix: prefix.clone() }));
        }
    }
    publish(state, job, request).await
}

/// Makes up to `count` codes and moves the job on; how many were free.
async fn chunk(
    state: &AppState,
    job: &JobRecord,
    request: &BulkCodesJob,
    shared: &SharedFields<'_>,
    count: i64,
) -> Result<i64, JobError> {
    let length = request.codes.length;
    let random = state.rng.byte_vec(length * usize::try_from(count).unwrap_or_default());
    let mut codes: Vec<Code> = random.chunks(length).map(|random| request.codes.code(random)).collect();
    // In one order everywhere, so that two jobs never wait for each other.
    codes.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
    let mut tx = state.db.begin().await?;
    let made = bulk_codes::insert(&mut tx, &codes, shared).await?;
    renew_lease(state, &mut tx, job, made).await?;
    tx.commit().await?;
    Ok(made)
}

async fn renew_lease(state: &AppState, tx: &mut Tx, job: &JobRecord, steps: i64) -> Result<(), JobError> {
    let until = state.clock.now().plus(LEASE);
    if jobs::advance(tx, job, steps, until).await? { Ok(()) } else { Err(JobError::Lost) }
}

/// Shows the codes, writes it down and tells everybody, in one short transaction.
async fn publish(state: &AppState, job: &JobRecord, request: &BulkCodesJob) -> Result<(), JobError> {
    let now = state.clock.now();
    let mut tx = state.db.begin().await?;
    rights::share(&mut tx).await?;
    if !jobs::end(&mut tx, job, None, now).await? {
        return Err(JobError::Lost);
    }
    bulk_codes::publish(&mut tx, job.id).await?;
    // Whoever asked for it, or is credited, may be forgotten by now.
    let kept = jobs::by_id(&mut tx, &job.kind, job.id).await?.ok_or(JobError::Lost)?;
    let request: &BulkCodesJob = &serde_json::from_str(&kept.payload).unwrap_or_else(|_| request.clone());
    let actor = Actor { id: kept.actor_id, name: kept.actor, authority: Authority::Server };
    let target = Target { kind: "job", id: Some(job.id.0), name: &request.codes.prefix };
    audit::write(&mut tx, &actor, "codes.create", target, Value::Null, audit_details(request), now).await?;
    let changes = ChangeSet { bulk_jobs: vec![job.id], ..ChangeSet::default() };
    state.publisher.commit_and_publish(tx, &changes).await?;
    Ok(())
}

/// Takes back what was made so far.
pub async fn undo(state: &AppState, job: &JobRecord) -> Result<(), JobError> {
    loop {
        let mut tx = state.db.begin().await?;
        let gone = bulk_codes::discard(&mut tx, job.id, CHUNK).await?;
        renew_lease(state, &mut tx, job, -gone).await?;
        tx.commit().await?;
        if gone == 0 {
            return Ok(());
        }
    }
}

/// A request as the audit log keeps it.
fn audit_details(request: &BulkCodesJob) -> Value {
    let mut details = audit_fields(&request.codes.shared, &request.credited);
    details["count"] = json!(request.codes.count);
    details["prefix"] = json!(request.codes.prefix);
    details["length"] = json!(request.codes.length);
    details
}

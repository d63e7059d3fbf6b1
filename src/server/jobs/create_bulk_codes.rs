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
        jobs::job::{Job, JobContext, JobError},
        realtime::change_set::ChangeSet,
        store::{
            bulk_codes::{self, SharedFields},
            job_list, rights,
        },
    },
};
use serde_json::{Value, json};

/// Codes in one transaction: the longest that a click waits for, the last step apart.
const CHUNK: i64 = 1_000;

impl Job for BulkCodesJob {
    /// Goes on where the job was left.
    async fn run(&self, context: &JobContext) -> Result<(), JobError> {
        let job = &context.job;
        let shared = SharedFields {
            job: job.id,
            fields: &self.codes.shared,
            beneficiary: self.beneficiary,
            created_by: job.actor_id,
            created_at: job.created_at,
        };
        let (mut done, mut misses) = (job.done, 0);
        while done < job.total {
            let count = CHUNK.min(job.total - done);
            let made = match chunk(context, &self.codes, &shared, count).await {
                Err(JobError::Database(error)) if is_race(&error) && misses < TRIES => 0,
                made => made?,
            };
            done += made;
            misses = if made == 0 { misses + 1 } else { 0 };
            if misses == TRIES {
                let BulkRequest { prefix, length, .. } = &self.codes;
                return Err(JobError::Failed(Message::CodesUsedUp { length: *length, prefix: prefix.clone() }));
            }
        }
        publish(context, self).await
    }

    /// Takes back what was made so far.
    async fn give_up(context: &JobContext) -> Result<(), JobError> {
        loop {
            let mut tx = context.state.db.begin().await?;
            let gone = bulk_codes::discard(&mut tx, context.job.id, CHUNK).await?;
            context.advance(&mut tx, -gone).await?;
            tx.commit().await?;
            if gone == 0 {
                return Ok(());
            }
        }
    }
}

/// Makes up to `count` codes and moves the job on; how many were free.
async fn chunk(
    context: &JobContext,
    request: &BulkRequest,
    shared: &SharedFields<'_>,
    count: i64,
) -> Result<i64, JobError> {
    let state = &context.state;
    let length = request.length;
    let random = state.rng.byte_vec(length * usize::try_from(count).unwrap_or_default());
    let mut codes: Vec<Code> = random.chunks(length).map(|random| request.code(random)).collect();
    // In one order everywhere, so that two jobs never wait for each other.
    codes.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
    let mut tx = state.db.begin().await?;
    let made = bulk_codes::insert(&mut tx, &codes, shared).await?;
    context.advance(&mut tx, made).await?;
    tx.commit().await?;
    Ok(made)
}

/// Shows the codes, writes it down and tells everybody, in one short transaction.
async fn publish(context: &JobContext, request: &BulkCodesJob) -> Result<(), JobError> {
    let (state, job) = (&context.state, &context.job);
    let now = state.clock.now();
    let mut tx = state.db.begin().await?;
    rights::share(&mut tx).await?;
    context.finish(&mut tx).await?;
    bulk_codes::publish(&mut tx, job.id).await?;
    // Whoever asked for it, or is credited, may be forgotten by now.
    let kept = job_list::by_id(&mut tx, job.id).await?.ok_or(JobError::Lost)?;
    let request: &BulkCodesJob = &serde_json::from_str(&kept.payload).unwrap_or_else(|_| request.clone());
    let actor = Actor { id: kept.actor_id, name: kept.actor, authority: Authority::Server };
    let target = Target { kind: "job", id: Some(job.id.0), name: &request.codes.prefix };
    audit::write(&mut tx, &actor, "codes.create", target, Value::Null, audit_details(request), now).await?;
    let changes = ChangeSet { bulk_jobs: vec![job.id], ..ChangeSet::default() };
    state.publisher.commit_and_publish(tx, &changes).await?;
    Ok(())
}

/// A request as the audit log keeps it.
fn audit_details(request: &BulkCodesJob) -> Value {
    let mut details = audit_fields(&request.codes.shared, &request.credited);
    details["count"] = json!(request.codes.count);
    details["prefix"] = json!(request.codes.prefix);
    details["length"] = json!(request.codes.length);
    details
}

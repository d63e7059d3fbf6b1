//! Making many campaign codes: hidden, a chunk at a time, so that clicks go on in between; then shown all at once.

use super::{
    super::{
        actions::{
            create_code::described,
            record::{self, Actor, Target},
        },
        relay::{self, Change},
        state::Server,
        store::{
            Tx,
            bulk::{self, Common},
            db::lost_a_race,
            jobs::{self, JobRecord},
        },
    },
    LEASE, Trouble,
};
use crate::domain::{
    bulk as wanted,
    code::{Code, TRIES},
    ids::UserId,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The name of this work among jobs.
pub const KIND: &str = "make_codes";

/// Codes in one transaction: the longest that a click waits for, the last step apart.
const CHUNK: i64 = 1_000;

/// What is to be made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    pub codes: wanted::Order,
    pub beneficiary: Option<UserId>,
    /// The beneficiary's e-mail as it was; empty for nobody.
    pub credited: String,
}

/// Goes on where the job was left.
pub async fn run(server: &Server, job: &JobRecord, order: &Order) -> Result<(), Trouble> {
    let common = Common {
        job: job.id,
        draft: &order.codes.shared,
        beneficiary: order.beneficiary,
        created_by: job.actor_id,
        created_at: job.created_at,
    };
    let (mut done, mut misses) = (job.done, 0);
    while done < job.total {
        let count = CHUNK.min(job.total - done);
        let made = match chunk(server, job, order, &common, count).await {
            Err(Trouble::Database(error)) if lost_a_race(&error) && misses < TRIES => 0,
            made => made?,
        };
        done += made;
        misses = if made == 0 { misses + 1 } else { 0 };
        if misses == TRIES {
            return Err(Trouble::Failed(full(order)));
        }
    }
    publish(server, job, order).await
}

/// Makes up to `count` codes and moves the job on; how many were free.
async fn chunk(
    server: &Server,
    job: &JobRecord,
    order: &Order,
    common: &Common<'_>,
    count: i64,
) -> Result<i64, Trouble> {
    let length = order.codes.length;
    let chance = server.chance.some(length * usize::try_from(count).unwrap_or_default());
    let mut codes: Vec<Code> = chance.chunks(length).map(|chance| order.codes.code(chance)).collect();
    // In one order everywhere, so that two jobs never wait for each other.
    codes.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
    let mut tx = server.db.begin().await?;
    let made = bulk::insert(&mut tx, &codes, common).await?;
    hold(server, &mut tx, job, made).await?;
    tx.commit().await?;
    Ok(made)
}

async fn hold(server: &Server, tx: &mut Tx, job: &JobRecord, steps: i64) -> Result<(), Trouble> {
    let until = server.clock.now().plus(LEASE);
    if jobs::advance(tx, job, steps, until).await? { Ok(()) } else { Err(Trouble::Lost) }
}

/// Shows the codes, writes it down and tells everybody, in one short transaction.
async fn publish(server: &Server, job: &JobRecord, order: &Order) -> Result<(), Trouble> {
    let now = server.clock.now();
    let mut tx = server.db.begin().await?;
    if !jobs::end(&mut tx, job, None, now).await? {
        return Err(Trouble::Lost);
    }
    bulk::publish(&mut tx, job.id).await?;
    let actor = Actor { id: job.actor_id, name: job.actor.clone() };
    let target = Target { kind: "job", id: Some(job.id.0), name: &order.codes.prefix };
    record::run(&mut tx, &actor, "codes.create", target, Value::Null, told(order), now).await?;
    let change = Change { jobs: vec![job.id], ..Change::default() };
    relay::announce(&mut tx, server.instance, &change).await?;
    tx.commit().await?;
    relay::apply(server, &change).await;
    Ok(())
}

/// Takes back what was made so far.
pub async fn undo(server: &Server, job: &JobRecord) -> Result<(), Trouble> {
    loop {
        let mut tx = server.db.begin().await?;
        let gone = bulk::discard(&mut tx, job.id, CHUNK).await?;
        hold(server, &mut tx, job, -gone).await?;
        tx.commit().await?;
        if gone == 0 {
            return Ok(());
        }
    }
}

/// An order as the audit log keeps it.
fn told(order: &Order) -> Value {
    let mut told = described(&order.codes.shared, &order.credited);
    told["count"] = json!(order.codes.count);
    told["prefix"] = json!(order.codes.prefix);
    told["length"] = json!(order.codes.length);
    told
}

fn full(order: &Order) -> String {
    let wanted::Order { prefix, length, .. } = &order.codes;
    let after = if prefix.is_empty() { String::new() } else { format!(" after {prefix}") };
    format!("Nearly all codes with {length} random characters{after} are taken. Please ask for more characters.")
}

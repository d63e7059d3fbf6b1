//! What goes on in the background: housekeeping by the clock, and jobs that somebody asked for.
//!
//! A job is a row written in the transaction that asks for it. Instances share the work: whoever takes a job holds a
//! lease on it, and when the holder dies the lease ends and another one takes the job over. So a job may begin twice; it
//! writes each step together with its progress, and only while it holds the lease.

pub mod make_codes;
pub mod schedule;
pub mod work;

use super::{
    actions::record::Actor,
    store::{
        Tx,
        jobs::{self, NewJob},
        json,
    },
};
use crate::domain::{
    ids::JobId,
    time::{SECOND, Time},
};
use serde::{Deserialize, Serialize};

/// How long a job is held after each of its steps.
pub const LEASE: i64 = 10 * SECOND;

/// Work that can be asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    MakeCodes(make_codes::Order),
}

impl Job {
    /// The name of this kind of work.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::MakeCodes(_) => make_codes::KIND,
        }
    }

    /// Steps until it is done.
    fn total(&self) -> i64 {
        match self {
            Self::MakeCodes(order) => order.codes.count,
        }
    }

    /// Asks for the work, to be begun when the transaction commits. Tell `new_job` afterwards.
    pub async fn enqueue(&self, tx: &mut Tx, actor: &Actor, now: Time) -> sqlx::Result<JobId> {
        let new = NewJob {
            kind: self.kind(),
            work: json(self),
            total: self.total(),
            actor_id: actor.id,
            actor: &actor.name,
            created_at: now,
        };
        jobs::insert(tx, &new).await
    }
}

/// Why a job ended before it was done.
#[derive(Debug)]
pub enum Trouble {
    /// Another instance has it by now.
    Lost,
    /// It cannot be done; why, in a sentence for whoever asked for it.
    Failed(String),
    /// The database failed: it is tried again when the lease has ended.
    Database(sqlx::Error),
}

impl From<sqlx::Error> for Trouble {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

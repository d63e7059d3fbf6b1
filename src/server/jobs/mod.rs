//! What goes on in the background: housekeeping by the clock, and jobs that somebody asked for.
//!
//! A job is a row written in the transaction that asks for it. Instances share the work: whoever takes a job holds a
//! lease on it, and when the holder dies the lease ends and another instance takes the job over. So a job may begin
//! twice; it writes each step together with its progress, and only while it holds the lease.
//!
//! A new kind of job is a file that implements [`Job`], and a line in [`KINDS`].

pub mod advance_rewards;
pub mod close_reviews;
pub mod create_bulk_codes;
pub mod deliver_webhooks;
pub mod housekeeping;
pub mod job;
pub mod prune_jobs;
pub mod recurring;
pub mod runner;
pub mod take_up_payments;

use crate::{
    domain::{
        codes::bulk::BulkCodesJob,
        time::{HOUR, SECOND},
    },
    server::jobs::{
        advance_rewards::AdvanceRewards, close_reviews::CloseReviews, job::Kind, prune_jobs::PruneJobs,
        take_up_payments::TakeUpPayments,
    },
};

/// Every kind of job.
pub static KINDS: [Kind; 5] = [
    Kind::of::<BulkCodesJob>(),
    Kind::recurring::<AdvanceRewards>(10 * SECOND),
    Kind::recurring::<CloseReviews>(5 * SECOND),
    Kind::recurring::<PruneJobs>(HOUR),
    Kind::recurring::<TakeUpPayments>(HOUR),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::english;

    #[test]
    fn every_kind_has_a_name_of_its_own_and_words() {
        let names: std::collections::HashSet<_> = KINDS.iter().map(|kind| kind.name).collect();
        assert_eq!(names.len(), KINDS.len());
        for name in names {
            assert_ne!(english().job_kind(name), name);
        }
    }
}

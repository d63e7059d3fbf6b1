//! What jobs do, in words.

use crate::text::Texts;

impl Texts {
    /// What jobs of this kind do. The kind itself where this version does not know it.
    pub(crate) fn job_kind(&self, kind: &str) -> String {
        match kind {
            "advance_rewards" => self.job_kind_advance_rewards(),
            "bulk_codes" => self.job_kind_bulk_codes(),
            "close_reviews" => self.job_kind_close_reviews(),
            "prune_jobs" => self.job_kind_prune_jobs(),
            "take_up_payments" => self.job_kind_take_up_payments(),
            unknown => unknown.to_owned(),
        }
    }
}

//! What jobs do and what mails are about, in words.

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

    /// What mails of this kind are about. The kind itself where this version does not know it.
    pub(crate) fn mail_kind(&self, kind: &str) -> String {
        match kind {
            "reset_password" => self.mail_kind_reset_password(),
            "verify_email" => self.mail_kind_verify_email(),
            "email_change_requested" => self.mail_kind_email_change_requested(),
            "email_changed" => self.mail_kind_email_changed(),
            "sign_in_link" => self.mail_kind_sign_in_link(),
            "password_changed" => self.mail_kind_password_changed(),
            "your_code" => self.mail_kind_your_code(),
            "test" => self.mail_kind_test(),
            unknown => unknown.to_owned(),
        }
    }
}

//! The audit log, in words. What this version does not know is shown by its own name.

use crate::{domain::time::Time, text::Texts};

impl Texts {
    /// What was done.
    pub(crate) fn audit_deed(&self, action: &str) -> String {
        match action {
            "api_key.change_origins" => self.keys_audit_origins_changed(),
            "api_key.create" => self.audit_api_key_created(),
            "api_key.revoke" => self.audit_api_key_revoked(),
            "api_key.take_over" => self.audit_api_key_taken_over(),
            "code.create" => self.audit_code_created(),
            "code.delete" => self.audit_code_deleted(),
            "code.edit" => self.audit_code_changed(),
            "code.switch" => self.audit_code_switched(),
            "codes.create" => self.audit_codes_created(),
            "codes.delete" => self.batch_audit_deleted(),
            "codes.edit" => self.batch_audit_changed(),
            "codes.import" => self.audit_codes_imported(),
            "codes.mail" => self.code_mails_audit(),
            "codes.switch" => self.batch_audit_switched(),
            "conversions.import" => self.conversion_audit_imported(),
            "job.retry" => self.system_audit_retry(),
            "mail.delete" => self.mail_audit_deleted(),
            "mail.resend" => self.mail_audit_again(),
            "payment.add" => self.conversion_audit_added(),
            "payment.correct" => self.conversion_audit_corrected(),
            "payment.link" => self.conversion_audit_linked(),
            "payment.refund" => self.conversion_audit_refunded(),
            "program.set_up" => self.audit_program_set_up(),
            "referral.correct" => self.audit_referral_corrected(),
            "review.approve" | "review.approve_all" => self.reviews_audit_approved(),
            "review.reject" => self.reviews_audit_rejected(),
            "review.take_back" => self.reviews_audit_undone(),
            "reward.approve" => self.admin_reward_audit_approved(),
            "reward.settle" => self.admin_reward_audit_settled(),
            "reward.void" => self.admin_reward_audit_voided(),
            "reward.write_off" => self.admin_reward_audit_written_off(),
            "rule.change" => self.rule_audit_changed(),
            "rule.create" => self.rule_audit_created(),
            "rule.delete" => self.rule_audit_deleted(),
            "settings.change" => self.audit_settings_changed(),
            "user.change" => self.audit_user_changed(),
            "user.create" => self.audit_user_created(),
            "user.erase" => self.audit_user_erased(),
            "user.login_link" => self.audit_login_link(),
            "users.import" => self.audit_users_imported(),
            "webhook.change" => self.hooks_audit_changed(),
            "webhook.create" => self.hooks_audit_created(),
            "webhook.delete" => self.hooks_audit_deleted(),
            "webhook.redeliver" => self.hooks_audit_redelivered(),
            "webhook.replay" => self.hooks_audit_replayed(),
            "webhook.rotate_secret" => self.hooks_audit_rotated(),
            "webhook.test" => self.hooks_audit_tested(),
            other => plain(other),
        }
    }

    /// What a field is called. Of one inside of another, as `caps.budget`, the last part counts.
    pub(crate) fn audit_field(&self, field: &str) -> String {
        if let Some(setting) = self.setting(field) {
            return setting;
        }
        match field {
            "caps.per_referrer.count" => return self.audit_field_per_referrer(),
            "conditions.milestone.of" => return self.audit_field_milestone(),
            _ => {}
        }
        match field.rsplit('.').next().unwrap_or_default() {
            "account_id" => self.audit_field_account_id(),
            "active" => self.audit_field_active(),
            "admin" => self.audit_field_admin(),
            "admin_id" => self.audit_field_admin_id(),
            "amount" => self.audit_field_amount(),
            "approval" => self.audit_field_approval(),
            "approved" => self.audit_field_approved(),
            "basis_points" => self.audit_field_percent(),
            "beneficiary" => self.audit_field_beneficiary(),
            "budget" => self.audit_field_budget(),
            "category" => self.audit_field_category(),
            "code" => self.audit_field_code(),
            "count" => self.audit_field_count(),
            "decision" => self.audit_field_decision(),
            "deleted" => self.audit_field_deleted(),
            "description" => self.audit_field_description(),
            "disabled" => self.audit_field_disabled(),
            "email" => self.audit_field_email(),
            "ends_at" => self.audit_field_ends_at(),
            "ends_with" => self.audit_field_ends_with(),
            "erased" => self.audit_field_erased(),
            "expires_at" => self.audit_field_expires_at(),
            "external_id" => self.audit_field_external_id(),
            "full_name" => self.audit_field_full_name(),
            "goal" => self.audit_field_goal(),
            "group" => self.audit_field_group(),
            "hold_days" => self.audit_field_hold_days(),
            "kind" => self.audit_field_kind(),
            "length" => self.audit_field_length(),
            "max_uses" => self.audit_field_max_uses(),
            "milestone" => self.audit_field_milestone(),
            "min_amount" => self.audit_field_min_amount(),
            "min_total" => self.audit_field_min_total(),
            "months" => self.audit_field_months(),
            "name" => self.audit_field_name(),
            "option" => self.audit_field_option(),
            "origins" => self.keys_audit_field_origins(),
            "per_referral" => self.audit_field_per_referral(),
            "per_referrer" => self.audit_field_per_referrer(),
            "period" => self.audit_field_period(),
            "phone" => self.audit_field_phone(),
            "prefix" => self.audit_field_prefix(),
            "product" => self.audit_field_product(),
            "reason" => self.audit_field_reason(),
            "recipient" => self.audit_field_recipient(),
            "referees" => self.audit_field_referees(),
            "scopes" => self.audit_field_scopes(),
            "starts_at" => self.audit_field_starts_at(),
            "state" => self.audit_field_state(),
            "trigger" => self.audit_field_trigger(),
            "unit" => self.audit_field_unit(),
            "user_id" => self.audit_field_user_id(),
            "username" => self.audit_field_username(),
            "valid_days" => self.audit_field_valid_days(),
            "verified_email" => self.audit_field_verified_email(),
            "works" => self.audit_field_works(),
            "url" => self.hooks_audit_field_url(),
            "events" => self.hooks_audit_field_events(),
            "secret" => self.hooks_audit_field_secret(),
            "old_secret_until" => self.hooks_audit_field_old_secret_until(),
            "delivery_id" => self.hooks_audit_field_delivery_id(),
            "message_id" => self.hooks_audit_field_message_id(),
            "after" => self.hooks_audit_field_after(),
            "upto" => self.hooks_audit_field_upto(),
            "since" => self.hooks_audit_field_since(),
            "until" => self.hooks_audit_field_until(),
            other => plain(other),
        }
    }

    /// A value of the field.
    pub(crate) fn audit_value(&self, field: &str, value: &str) -> String {
        match value {
            "" => self.audit_nothing(),
            "true" => self.audit_yes(),
            "false" => self.audit_no(),
            _ if field.ends_with("_at") => {
                let time = Time::parse_rfc_3339(value).or_else(|| Time::parse_minute(value));
                time.map_or_else(|| value.to_owned(), |time| self.moment(time))
            }
            _ if self.setting(field).is_some() => self.setting_choice(value).unwrap_or_else(|| value.to_owned()),
            _ => value.to_owned(),
        }
    }
}

/// A name from inside for people: `expires_at` as `Expires at`.
fn plain(name: &str) -> String {
    let spaced = name.replace(['_', '.'], " ");
    let mut letters = spaced.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::text::english;

    #[test]
    fn what_was_done_is_said_in_words() {
        assert_eq!(english().audit_deed("code.create"), "Code created");
        assert_eq!(english().audit_deed("program.set_up"), "Program set up");
        assert_eq!(english().audit_deed("reward_rule.pause"), "Reward rule pause");
    }

    #[test]
    fn fields_and_values_are_those_of_the_pages() {
        for (field, name) in [
            ("referral_codes_enabled", "The program is on"),
            ("caps.budget", "Budget"),
            ("caps.per_referrer.count", "Limit per referrer"),
            ("conditions.min_total", "Smallest total"),
            ("unheard_of", "Unheard of"),
            ("", ""),
        ] {
            assert_eq!(english().audit_field(field), name);
        }
        for (field, value, text) in [
            ("active", "true", "yes"),
            ("category", "", "none"),
            ("category", "random", "random"),
            ("personal_code_style", "random", "Random, e.g. K7M2XQ4P"),
            ("currency", "USD", "USD"),
            ("expires_at", "2026-12-31T18:00", "31 December 2026, 18:00 UTC"),
            ("starts_at", "2026-12-31T18:00:00Z", "31 December 2026, 18:00 UTC"),
            ("ends_at", "one day", "one day"),
        ] {
            assert_eq!(english().audit_value(field, value), text);
        }
    }
}

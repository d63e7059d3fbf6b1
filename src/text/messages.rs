//! What is wrong with fields and codes, in words.

use crate::{
    domain::{codes::code::CodeProblem, field::FieldError, message::Message},
    error::FieldText,
    text::Texts,
};

impl Texts {
    /// The sentence for a message.
    pub(crate) fn message(&self, message: &Message) -> String {
        match message {
            Message::Malformed => self.error_malformed(),
            Message::ChoiceUnknown => self.field_choice_unknown(),
            Message::WholeNumber { min, max } => self.field_whole_number(self.number(*min), self.number(*max)),
            Message::AtLeast { min } => self.field_at_least(self.number(*min)),
            Message::OneLine { max } => self.field_one_line(*max),
            Message::InvisibleCharacters => self.field_invisible_characters(),
            Message::NameLength { min, max } => self.field_name_length(*min, *max),
            Message::TextLength { max } => self.field_text_length(self.number(*max as i64)),
            Message::MomentMalformed => self.field_moment_malformed(),
            Message::InThePast => self.field_in_the_past(),
            Message::AddressMalformed => self.field_address_malformed(),
            Message::ColorMalformed => self.field_color_malformed(),
            Message::CurrencyMalformed => self.field_currency_malformed(),
            Message::AmountMalformed { currency, digits: 0 } => self.payment_amount_whole(currency),
            Message::AmountMalformed { currency, digits } => {
                self.payment_amount_malformed(currency, i64::from(*digits))
            }
            Message::AmountNotPositive => self.payment_amount_not_positive(),
            Message::NetAboveGross => self.payment_net_above_gross(),
            Message::PaymentInFuture => self.payment_in_future(),
            Message::RefundTooLarge { left, currency } => {
                self.payment_refund_too_large(self.amount(*left, None, Some(currency)))
            }
            Message::OtherAmount { known, currency } => {
                self.payment_other_amount(self.amount(*known, None, Some(currency)))
            }
            Message::PaymentsOfDifferentPeople => self.payments_of_different_people(),
            Message::PaymentOfSomebodyElse => self.payment_of_somebody_else(),
            Message::PayerMissing => self.payment_payer_missing(),
            Message::PayersDiffer => self.payment_payers_differ(),
            Message::OtherRefund => self.payment_other_refund(),
            Message::ReferencesMalformed { max } => self.payment_references_malformed(*max),
            Message::AmountFromStripe => self.payment_amount_from_stripe(),
            Message::PayerUnknown => self.payment_payer_unknown(),
            Message::PayerErased => self.payment_payer_erased(),
            Message::RewardKindMalformed { max } => self.rule_kind_malformed(*max),
            Message::RewardUnitMissing => self.rule_unit_missing(),
            Message::RewardPercentOfNothing => self.rule_percent_of_nothing(),
            Message::RewardPercentMalformed => self.rule_percent_malformed(),
            Message::RewardAmountOrPercent => self.rule_amount_or_percent(),
            Message::RewardConditionOfPayments => self.rule_condition_of_payments(),
            Message::RewardMilestoneMissing => self.rule_milestone_missing(),
            Message::RewardMilestoneElsewhere => self.rule_milestone_elsewhere(),
            Message::RewardMilestoneRecipient => self.rule_milestone_recipient(),
            Message::RewardNotForMilestone => self.rule_not_for_milestone(),
            Message::RewardGroupAndOption => self.rule_group_and_option(),
            Message::RewardGroupMixed => self.rule_group_mixed(),
            Message::TimeZoneUnknown => self.field_time_zone_unknown(),
            Message::EndsBeforeStart => self.rule_ends_before_start(),
            Message::OtherUse => self.reward_other_use(),
            Message::CurrencyNeeded => self.reward_currency_needed(),
            Message::PersonalPrefix { max } => self.field_personal_prefix(*max),
            Message::ParameterName { max } => self.field_parameter_name(*max),
            Message::ParameterNamesAlike => self.field_parameter_names_alike(),
            Message::ScopesUnknown => self.field_scopes_unknown(),
            Message::OriginMalformed { origin } => self.key_origin_malformed(origin),
            Message::OriginCount { max } => self.key_origin_count(*max),
            Message::KeyMadeBefore { ends_with } => self.key_made_before(ends_with),

            Message::EmailMalformed => self.account_email_malformed(),
            Message::LocaleMalformed => self.account_locale_malformed(),
            Message::SignUpInFuture => self.account_sign_up_in_future(),
            Message::SignUpTooLongAgo { days } => self.account_sign_up_too_long_ago(*days),
            Message::ReasonLength { min, max } => self.field_reason_length(*min, *max),
            Message::OwnCode => self.code_own(),
            Message::SameAccount => self.code_same_account(),
            Message::UsernameLength { min, max } => self.account_username_length(*min, *max),
            Message::UsernameCharacters => self.account_username_characters(),
            Message::PasswordTooShort { min } => self.account_password_too_short(*min),
            Message::PasswordTooLong { max } => self.account_password_too_long(*max),
            Message::PasswordCommon => self.account_password_common(),
            Message::PasswordIsName => self.account_password_is_name(),
            Message::PasswordWrong => self.account_password_wrong(),
            Message::CurrentPasswordWrong => self.account_current_password_wrong(),
            Message::SignInMismatch => self.account_sign_in_mismatch(),
            Message::EmailUnchanged => self.account_email_unchanged(),
            Message::UserDisabled => self.account_user_disabled(),
            Message::EmailTaken => self.account_email_taken(),
            Message::UsernameTaken => self.account_username_taken(),
            Message::AccountTaken => self.account_taken(),
            Message::OtherUserHasThis => self.account_other_user_has_this(),
            Message::NoFreeUsername => self.account_no_free_username(),
            Message::ConsentMissing => self.account_consent_missing(),
            Message::DeletionUnconfirmed => self.batch_delete_unconfirmed(),
            Message::SetUpTokenWrong => self.account_set_up_token_wrong(),
            Message::OnlyAdmin => self.account_only_admin(),
            Message::OwnRights => self.account_own_rights(),

            Message::CodeRequired => self.code_required(),
            Message::CodeUnusable(problem) => self.code_problem(problem),
            Message::CodeCharacters { min, max } => self.code_characters(*min, *max),
            Message::CodeTaken => self.code_taken(),
            Message::NoFreeCode => self.code_none_free(),
            Message::DescriptionLength { min, max } => self.code_description_length(*min, *max),
            Message::CategoryLength { max } => self.code_category_length(*max),
            Message::LimitBelowUses { uses } => self.code_limit_below_uses(*uses, self.number(*uses)),
            Message::BeneficiaryUnknown => self.code_beneficiary_unknown(),
            Message::BeneficiaryIdUnknown => self.code_beneficiary_id_unknown(),

            Message::PrefixCharacters { max } => self.code_prefix_characters(*max),
            Message::CodeCount { min, max } => self.field_whole_number(self.number(*min), self.number(*max)),
            Message::RecipientsMalformed { lines } => {
                let numbers: Vec<_> = lines.iter().map(ToString::to_string).collect();
                self.code_mails_lines(lines.len(), numbers.join(", "))
            }
            Message::RecipientCount { max } => self.code_mails_count(self.number(*max)),
            Message::CodesTooFew { needed, left } => self.code_mails_too_few(self.number(*needed), self.number(*left)),
            Message::CodeTooShort { min } => self.code_too_short(*min),
            Message::MoreCharacters { count, min } => self.code_more_characters(self.number(*count), *min),

            Message::CodesUsedUp { length, prefix } if prefix.is_empty() => self.job_codes_used_up(*length),
            Message::CodesUsedUp { length, prefix } => self.job_prefixed_codes_used_up(*length, prefix),
            Message::JobNeverEnds => self.job_never_ends(),
            Message::JobUnknown => self.job_unknown(),
            Message::JobDatabaseFailed => self.job_database_failed(),
            Message::JobBroke => self.job_broke(),
            Message::JobOpenAlready => self.job_open_already(),

            Message::MailServerSaid { answer } => self.mail_server_said(answer),
            Message::MailServerUnreachable { reason } => self.mail_server_unreachable(reason),
            Message::MailServerSilent => self.mail_server_silent(),
            Message::MailServerUnencrypted => self.mail_server_no_encryption(),
            Message::MailAddressUnusable => self.mail_address_unusable(),
            Message::MailUnknown => self.mail_unknown(),

            Message::NoRewardChosen => self.admin_reward_none_chosen(),
            Message::TooLateToUndo => self.reviews_too_late(),
            Message::AddressForbidden => self.hooks_address_forbidden(),
            Message::NoEventChosen => self.hooks_no_event_chosen(),
            Message::TooManyEndpoints { max } => self.hooks_too_many_endpoints(*max),
            Message::SecretShownBefore => self.hooks_secret_shown_before(),
            Message::ReplayWithoutStart => self.hooks_replay_without_start(),
            Message::EndpointOff => self.hooks_endpoint_off(),
        }
    }

    /// Why a code cannot be used, for the person who typed it.
    pub(crate) fn code_problem(&self, problem: &CodeProblem) -> String {
        match problem {
            CodeProblem::CodeNotFound => self.code_not_found(),
            CodeProblem::CodeInactive => self.code_inactive(),
            CodeProblem::CodeExpired => self.code_expired(),
            CodeProblem::UsageLimitReached => self.code_used_up(),
        }
    }

    /// What is wrong with each field.
    pub(crate) fn fields(&self, errors: &[FieldError]) -> Vec<FieldText> {
        let text = |error: &FieldError| FieldText { field: error.field.clone(), message: self.message(&error.message) };
        errors.iter().map(text).collect()
    }

    /// What is wrong with all fields, in one line.
    pub(crate) fn sentences(&self, errors: &[FieldError]) -> String {
        errors.iter().map(|error| self.message(&error.message)).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{english, spanish};
    use serde_json::Value;
    use std::collections::BTreeSet;

    fn all() -> Vec<Message> {
        vec![
            Message::Malformed,
            Message::ChoiceUnknown,
            Message::WholeNumber { min: 1, max: 1_000 },
            Message::AtLeast { min: 1 },
            Message::OneLine { max: 3 },
            Message::InvisibleCharacters,
            Message::NameLength { min: 1, max: 3 },
            Message::TextLength { max: 3 },
            Message::MomentMalformed,
            Message::InThePast,
            Message::AddressMalformed,
            Message::ColorMalformed,
            Message::CurrencyMalformed,
            Message::AmountMalformed { currency: "USD".into(), digits: 2 },
            Message::AmountMalformed { currency: "JPY".into(), digits: 0 },
            Message::AmountNotPositive,
            Message::NetAboveGross,
            Message::PaymentInFuture,
            Message::RefundTooLarge { left: 1_250, currency: "USD".into() },
            Message::OtherAmount { known: 1_250, currency: "USD".into() },
            Message::PaymentsOfDifferentPeople,
            Message::PaymentOfSomebodyElse,
            Message::PayerMissing,
            Message::PayersDiffer,
            Message::OtherRefund,
            Message::ReferencesMalformed { max: 3 },
            Message::AmountFromStripe,
            Message::PayerUnknown,
            Message::PayerErased,
            Message::RewardKindMalformed { max: 3 },
            Message::RewardUnitMissing,
            Message::RewardPercentOfNothing,
            Message::RewardPercentMalformed,
            Message::RewardAmountOrPercent,
            Message::RewardConditionOfPayments,
            Message::RewardMilestoneMissing,
            Message::RewardMilestoneElsewhere,
            Message::RewardMilestoneRecipient,
            Message::RewardNotForMilestone,
            Message::RewardGroupAndOption,
            Message::RewardGroupMixed,
            Message::TimeZoneUnknown,
            Message::EndsBeforeStart,
            Message::OtherUse,
            Message::CurrencyNeeded,
            Message::PersonalPrefix { max: 3 },
            Message::ParameterName { max: 3 },
            Message::ParameterNamesAlike,
            Message::ScopesUnknown,
            Message::OriginMalformed { origin: "shop".into() },
            Message::OriginCount { max: 3 },
            Message::EmailMalformed,
            Message::LocaleMalformed,
            Message::SignUpInFuture,
            Message::SignUpTooLongAgo { days: 90 },
            Message::ReasonLength { min: 1, max: 3 },
            Message::OwnCode,
            Message::SameAccount,
            Message::UsernameLength { min: 1, max: 3 },
            Message::UsernameCharacters,
            Message::PasswordTooShort { min: 3 },
            Message::PasswordTooLong { max: 3 },
            Message::PasswordCommon,
            Message::PasswordIsName,
            Message::PasswordWrong,
            Message::CurrentPasswordWrong,
            Message::SignInMismatch,
            Message::EmailUnchanged,
            Message::UserDisabled,
            Message::EmailTaken,
            Message::UsernameTaken,
            Message::AccountTaken,
            Message::OtherUserHasThis,
            Message::NoFreeUsername,
            Message::ConsentMissing,
            Message::DeletionUnconfirmed,
            Message::SetUpTokenWrong,
            Message::OnlyAdmin,
            Message::OwnRights,
            Message::CodeRequired,
            Message::CodeUnusable(CodeProblem::CodeNotFound),
            Message::CodeUnusable(CodeProblem::CodeInactive),
            Message::CodeUnusable(CodeProblem::CodeExpired),
            Message::CodeUnusable(CodeProblem::UsageLimitReached),
            Message::CodeCharacters { min: 1, max: 3 },
            Message::CodeTaken,
            Message::NoFreeCode,
            Message::DescriptionLength { min: 1, max: 3 },
            Message::CategoryLength { max: 3 },
            Message::LimitBelowUses { uses: 1 },
            Message::BeneficiaryUnknown,
            Message::BeneficiaryIdUnknown,
            Message::PrefixCharacters { max: 3 },
            Message::CodeCount { min: 1, max: 3 },
            Message::RecipientsMalformed { lines: vec![2, 5] },
            Message::RecipientCount { max: 3 },
            Message::CodesTooFew { needed: 3, left: 1 },
            Message::CodeTooShort { min: 3 },
            Message::MoreCharacters { count: 3, min: 1 },
            Message::CodesUsedUp { length: 2, prefix: String::new() },
            Message::CodesUsedUp { length: 2, prefix: "X".into() },
            Message::JobNeverEnds,
            Message::JobUnknown,
            Message::JobDatabaseFailed,
            Message::JobBroke,
            Message::JobOpenAlready,
            Message::MailServerSaid { answer: "550".into() },
            Message::MailServerUnreachable { reason: "no route".into() },
            Message::MailServerSilent,
            Message::MailServerUnencrypted,
            Message::MailAddressUnusable,
            Message::MailUnknown,
            Message::NoRewardChosen,
            Message::TooLateToUndo,
            Message::AddressForbidden,
            Message::NoEventChosen,
            Message::TooManyEndpoints { max: 20 },
            Message::SecretShownBefore,
            Message::ReplayWithoutStart,
            Message::EndpointOff,
        ]
    }

    #[test]
    fn every_message_is_said_in_spanish() {
        for message in all() {
            assert_ne!(spanish().message(&message), english().message(&message), "{message:?}");
        }
        // The error of an unknown key names all that there are. That of API keys has its texts with theirs.
        let error = serde_json::from_str::<Message>(r#"{"key":"?"}"#).expect_err("an unknown key").to_string();
        let known: BTreeSet<&str> =
            error.split('`').skip(3).step_by(2).filter(|key| *key != "key_made_before").collect();
        let key = |message: &Message| match serde_json::to_value(message).expect("JSON")["key"].clone() {
            Value::String(key) => key,
            other => panic!("{other}"),
        };
        let listed: BTreeSet<String> = all().iter().map(key).collect();
        assert_eq!(listed, known.into_iter().map(str::to_owned).collect());
    }

    #[test]
    fn spanish_has_its_numbers_and_plurals() {
        for (message, text) in [
            (Message::WholeNumber { min: 1, max: 1_000_000 }, "Ingresa un número entero de 1 a 1.000.000."),
            (Message::LimitBelowUses { uses: 1 }, "Este código ya tiene 1 registro. El límite no puede ser menor."),
            (Message::LimitBelowUses { uses: 2 }, "Este código ya tiene 2 registros. El límite no puede ser menor."),
            (
                Message::OtherAmount { known: 123_450, currency: "EUR".into() },
                "Este pago ya se registró con otro monto: 1.234,50\u{a0}€.",
            ),
        ] {
            assert_eq!(spanish().message(&message), text);
        }
    }

    #[test]
    fn a_message_is_said_with_its_values() {
        for (message, text) in [
            (Message::DescriptionLength { min: 1, max: 255 }, "Describe the code in 1 to 255 characters."),
            (Message::WholeNumber { min: 1, max: 1_000_000 }, "Enter a whole number from 1 to 1,000,000."),
            (Message::CodeCount { min: 1, max: 100_000 }, "Enter a whole number from 1 to 100,000."),
            (Message::AtLeast { min: 1 }, "Enter a whole number, 1 or more."),
            (
                Message::MoreCharacters { count: 100_000, min: 4 },
                "100,000 different codes need at least 4 random characters.",
            ),
            (
                Message::LimitBelowUses { uses: 1_234 },
                "This code already has 1,234 sign-ups. The limit can’t be lower.",
            ),
            (Message::PasswordTooLong { max: 512 }, "This password is too long (512 bytes at most)."),
            (
                Message::CodesUsedUp { length: 2, prefix: "X".into() },
                "Almost all codes with 2 random characters after X are taken. Use more characters.",
            ),
            (
                Message::CodesUsedUp { length: 2, prefix: String::new() },
                "Almost all codes with 2 random characters are taken. Use more characters.",
            ),
            (Message::ColorMalformed, "Enter a colour like #3550c4."),
        ] {
            assert_eq!(english().message(&message), text);
        }
    }

    #[test]
    fn every_problem_of_a_code_has_its_own_sentence() {
        let problems = [
            (CodeProblem::CodeNotFound, "We don’t know this code. Please check it for typing mistakes."),
            (CodeProblem::CodeInactive, "This code is no longer active."),
            (CodeProblem::CodeExpired, "This code has expired."),
            (CodeProblem::UsageLimitReached, "This code has been used up."),
        ];
        for (problem, text) in problems {
            assert_eq!(english().code_problem(&problem), text);
            assert_eq!(english().message(&Message::CodeUnusable(problem)), text);
        }
    }

    #[test]
    fn many_messages_make_one_line() {
        let error = |field: &str, message| FieldError { field: field.into(), message };
        let errors = [error("email", Message::EmailMalformed), error("", Message::OnlyAdmin)];
        assert_eq!(
            english().sentences(&errors),
            "Enter an e-mail address like name@example.com. This is the only admin. Make someone else an admin first."
        );
        assert_eq!(
            english().fields(&errors)[1],
            FieldText {
                field: String::new(),
                message: "This is the only admin. Make someone else an admin first.".into()
            }
        );
    }
}

//! Errors, in words.

use crate::{
    domain::message::Message,
    error::{AppError, FieldText, Refusal},
    text::{Texts, texts},
};
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};

impl Texts {
    /// What went wrong, in one line.
    pub(crate) fn error(&self, error: &AppError) -> String {
        match error {
            AppError::SignedOut => self.error_signed_out(),
            AppError::Forbidden => self.error_forbidden(),
            AppError::NotFound => self.error_not_found(),
            AppError::Invalid(errors) | AppError::Conflict(errors) => self.sentences(errors),
            AppError::BadCode(problem) => self.code_problem(problem),
            AppError::CodeRequired => self.code_required(),
            AppError::RefundExceedsPayment { left } => self.payment_refund_too_large(self.money(left)),
            AppError::Reward(problem) => self.reward_problem(*problem),
            AppError::OneOfRewards { id, problem } => {
                self.admin_reward_one_refused(id.to_string(), self.reward_problem(*problem))
            }
            AppError::LastAdmin => self.account_only_admin(),
            AppError::LinkExpired => self.link_expired(),
            AppError::TooManyRequests { retry_after } => self.too_many_requests(*retry_after),
            AppError::TooLarge => self.error_too_large(),
            AppError::TooSlow => self.error_too_slow(),
            AppError::Unavailable => self.error_unavailable(),
            AppError::Internal => self.error_internal(),
        }
    }

    fn too_many_requests(&self, seconds: u64) -> String {
        match seconds {
            ..=90 => self.error_too_many_requests(seconds),
            _ => self.error_too_many_requests_minutes(seconds.div_ceil(60)),
        }
    }

    /// The error as it is told to a browser.
    pub(crate) fn refusal(&self, error: &AppError) -> Refusal {
        let message = self.error(error);
        let mut fields = self.fields(&error.fields());
        if fields.is_empty() {
            fields.push(FieldText { field: String::new(), message: message.clone() });
        }
        Refusal { status: error.status(), message, fields, retry_after: error.retry_after() }
    }
}

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        texts().refusal(&error)
    }
}

impl FromServerFnError for Refusal {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let error = match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                AppError::invalid("", Message::Malformed)
            }
            ServerFnErrorErr::Request(_) => AppError::Unavailable,
            _ => AppError::Internal,
        };
        // The browser has no words of its own: its islands show what their page has given them.
        if cfg!(feature = "ssr") { error.into() } else { Self { status: error.status(), ..Self::default() } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            codes::code::CodeProblem,
            ids::RewardId,
            money::{Currency, Money},
            rewards::reward::RewardProblem,
        },
        text::{english, spanish},
    };

    fn field(field: &str, message: &str) -> FieldText {
        FieldText { field: field.into(), message: message.into() }
    }

    #[test]
    fn a_refusal_names_the_fields_it_is_about() {
        let refusal = Refusal::from(AppError::BadCode(CodeProblem::CodeExpired));
        assert_eq!((refusal.status, refusal.message.as_str()), (422, "This code has expired."));
        assert_eq!(refusal.fields, [field("code", "This code has expired.")]);
        let refusal = english().refusal(&AppError::conflict("username", Message::UsernameTaken));
        assert_eq!((refusal.status, refusal.fields), (409, vec![field("username", "This username is taken.")]));
    }

    #[test]
    fn what_is_about_no_field_is_about_the_whole_form() {
        let refusal = english().refusal(&AppError::TooManyRequests { retry_after: 7 });
        let text = "Too many attempts. Try again in 7 seconds.";
        assert_eq!((refusal.status, refusal.retry_after), (429, Some(7)));
        assert_eq!((refusal.message.as_str(), refusal.fields), (text, vec![field("", text)]));
    }

    #[test]
    fn a_long_wait_is_said_in_minutes() {
        let wait = |retry_after| english().error(&AppError::TooManyRequests { retry_after });
        assert_eq!(wait(1), "Too many attempts. Try again in 1 second.");
        assert_eq!(wait(90), "Too many attempts. Try again in 90 seconds.");
        assert_eq!(wait(91), "Too many attempts. Try again in 2 minutes.");
    }

    #[test]
    fn every_error_is_said_in_spanish() {
        let left = Money { amount: 1_250, currency: Currency::parse("EUR").expect("a currency") };
        let mut errors = vec![
            AppError::SignedOut,
            AppError::Forbidden,
            AppError::NotFound,
            AppError::invalid("email", Message::EmailMalformed),
            AppError::BadCode(CodeProblem::CodeExpired),
            AppError::CodeRequired,
            AppError::conflict("username", Message::UsernameTaken),
            AppError::RefundExceedsPayment { left },
            AppError::OneOfRewards { id: RewardId(1), problem: RewardProblem::Expired },
            AppError::LastAdmin,
            AppError::LinkExpired,
            AppError::TooManyRequests { retry_after: 7 },
            AppError::TooManyRequests { retry_after: 700 },
            AppError::TooLarge,
            AppError::TooSlow,
            AppError::Unavailable,
            AppError::Internal,
        ];
        let problems = [
            RewardProblem::AlreadyRedeemed,
            RewardProblem::Expired,
            RewardProblem::OnHold,
            RewardProblem::Frozen,
            RewardProblem::ChoicePending,
            RewardProblem::Voided,
            RewardProblem::Reversed,
            RewardProblem::AlreadyChosen,
            RewardProblem::NotPending,
            RewardProblem::OptionUnknown,
            RewardProblem::CapReached,
            RewardProblem::InsufficientBalance,
            RewardProblem::NothingOwed,
        ];
        errors.extend(problems.map(AppError::Reward));
        for error in errors {
            assert_ne!(spanish().error(&error), english().error(&error), "{error:?}");
        }
        let refund = spanish().error(&AppError::RefundExceedsPayment { left });
        assert_eq!(refund, "Es más de lo que queda por reembolsar: 12,50\u{a0}€.");
    }
}

//! The error of the whole program: what a browser or an API client may be told. The words are made at the edge.

pub use crate::domain::field::FieldError;
use crate::domain::{
    codes::code::CodeProblem, ids::RewardId, message::Message, money::Money, rewards::reward::RewardProblem,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What went wrong, without anything internal. What is internal was logged where it became this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppError {
    SignedOut,
    Forbidden,
    NotFound,
    Invalid(Vec<FieldError>),
    /// The code that was given cannot be used.
    BadCode(CodeProblem),
    /// Nobody joins without a valid code, and there is none.
    CodeRequired,
    /// Well-formed, but something else already has its place.
    Conflict(Vec<FieldError>),
    /// More would be given back than is left of a payment.
    RefundExceedsPayment {
        /// What is left.
        left: Money,
    },
    /// The reward is not where this could be done.
    Reward(RewardProblem),
    /// One of several rewards is not where this could be done, so that it was done to none.
    OneOfRewards {
        id: RewardId,
        problem: RewardProblem,
    },
    /// Nobody could come in as an admin any more.
    LastAdmin,
    /// A link of a mail that was used, has expired, or never was one.
    LinkExpired,
    TooManyRequests {
        /// Seconds until the next try.
        retry_after: u64,
    },
    /// What was sent is more than is ever read.
    TooLarge,
    /// What was sent did not arrive in time.
    TooSlow,
    /// Nothing can be saved at the moment.
    Unavailable,
    Internal,
}

impl AppError {
    /// One wrong field.
    pub fn invalid(field: &str, message: Message) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), message }])
    }

    /// One field whose value is taken.
    pub fn conflict(field: &str, message: Message) -> Self {
        Self::Conflict(vec![FieldError { field: field.into(), message }])
    }

    /// The HTTP status that says the same.
    pub fn status(&self) -> u16 {
        match self {
            Self::SignedOut => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::TooSlow => 408,
            Self::Conflict(_) | Self::LastAdmin | Self::RefundExceedsPayment { .. } => 409,
            Self::Reward(RewardProblem::OptionUnknown) => 422,
            Self::Reward(_) | Self::OneOfRewards { .. } => 409,
            Self::LinkExpired => 410,
            Self::TooLarge => 413,
            Self::Invalid(_) | Self::BadCode(_) | Self::CodeRequired => 422,
            Self::TooManyRequests { .. } => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }

    /// What is wrong with single fields; nothing for errors about the whole request.
    pub fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid(fields) | Self::Conflict(fields) => fields.clone(),
            Self::LastAdmin => vec![FieldError { field: String::new(), message: Message::OnlyAdmin }],
            Self::BadCode(problem) => {
                vec![FieldError { field: "code".into(), message: Message::CodeUnusable(*problem) }]
            }
            Self::RefundExceedsPayment { left } => {
                let message = Message::RefundTooLarge { left: left.amount, currency: left.currency.to_string() };
                vec![FieldError { field: "amount".into(), message }]
            }
            Self::CodeRequired => vec![FieldError { field: "code".into(), message: Message::CodeRequired }],
            _ => vec![],
        }
    }

    /// Seconds until the next try, where there is a time to wait.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooManyRequests { retry_after } => Some(*retry_after),
            _ => None,
        }
    }
}

/// An error in the words of whoever reads it: what server functions answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// What went wrong, in one line. Empty when the browser did not reach the server.
    pub message: String,
    /// The same for each field it is about.
    pub fields: Vec<FieldText>,
    /// Seconds until the next try, where there is a time to wait.
    pub retry_after: Option<u64>,
}

/// What is wrong with one field, in a sentence; `field` is empty when it is about the whole form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldText {
    pub field: String,
    pub message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

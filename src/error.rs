//! The one error of all doors: what a browser or an API client may be told.

pub use crate::domain::field::FieldError;
use crate::domain::{codes::code::CodeProblem, field::sentences};
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// What went wrong, without anything internal. What is internal was logged where it became this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum AppError {
    #[error("Please sign in.")]
    SignedOut,
    #[error("This page is for admins.")]
    Forbidden,
    #[error("There is nothing at this address.")]
    NotFound,
    #[error("{}", sentences(.0))]
    Invalid(Vec<FieldError>),
    /// The code that was given cannot be used.
    #[error("{}", .0.sentence())]
    BadCode(CodeProblem),
    /// Well-formed, but something else already has its place.
    #[error("{}", sentences(.0))]
    Conflict(Vec<FieldError>),
    #[error("That was a little too often. Please try again in {retry_after} seconds.")]
    TooManyRequests {
        /// Seconds until the next try.
        retry_after: u64,
    },
    #[error("We cannot save anything at the moment. Please try again in a minute.")]
    Unavailable,
    #[error("Something went wrong on our side. Please try again.")]
    Internal,
}

impl AppError {
    /// One wrong field.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), message: message.into() }])
    }

    /// One field whose value is taken.
    pub fn conflict(field: &str, message: impl Into<String>) -> Self {
        Self::Conflict(vec![FieldError { field: field.into(), message: message.into() }])
    }

    /// The HTTP status that says the same.
    pub fn status(&self) -> u16 {
        match self {
            Self::SignedOut => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict(_) => 409,
            Self::Invalid(_) | Self::BadCode(_) => 422,
            Self::TooManyRequests { .. } => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }

    /// The sentences about single fields; other errors are about the whole form.
    pub fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid(fields) | Self::Conflict(fields) => fields.clone(),
            Self::BadCode(problem) => vec![FieldError { field: "code".into(), message: problem.sentence().into() }],
            other => vec![FieldError { field: String::new(), message: other.to_string() }],
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Self::invalid("", "Some of what was sent is missing or malformed.")
            }
            ServerFnErrorErr::Request(_) => Self::Unavailable,
            _ => Self::Internal,
        }
    }
}

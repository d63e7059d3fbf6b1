//! The body of a request: bounded in size, and in time by the connection that it comes from.

use crate::{domain::message::Message, error::AppError, server::errors::BoxError};
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use std::{error::Error, fmt};

/// Bytes that a body may have, unless a door takes more.
pub const MAX_BODY: usize = 64 * 1_024;

/// Why a body could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyError {
    TooLarge,
    TooSlow,
    /// It ended early, or it is not well-formed HTTP.
    Broken,
}

/// What a body ends with that did not arrive in time.
#[derive(Debug)]
pub struct BodyTimedOut;

impl fmt::Display for BodyTimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body did not arrive in time")
    }
}

impl Error for BodyTimedOut {}

impl From<BodyError> for AppError {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge => Self::TooLarge,
            BodyError::TooSlow => Self::TooSlow,
            BodyError::Broken => Self::invalid("", Message::Malformed),
        }
    }
}

/// Reads all of a body. One that says beforehand that it is too large is not begun.
pub async fn read_body(body: Body) -> Result<Bytes, BodyError> {
    read_body_of(body, MAX_BODY).await
}

/// The same of at most so many bytes.
pub async fn read_body_of(body: Body, most: usize) -> Result<Bytes, BodyError> {
    if body.size_hint().lower() > most as u64 {
        return Err(BodyError::TooLarge);
    }
    to_bytes(body, most).await.map_err(|error| reason(&error.into_inner()))
}

fn reason(error: &BoxError) -> BodyError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&**error);
    while let Some(error) = cause {
        if error.is::<BodyTimedOut>() {
            return BodyError::TooSlow;
        }
        if error.is::<http_body_util::LengthLimitError>() {
            return BodyError::TooLarge;
        }
        cause = error.source();
    }
    BodyError::Broken
}

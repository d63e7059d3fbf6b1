//! Errors of the API: `application/problem+json` (RFC 9457) with a stable code.

use crate::{
    domain::{codes::code::CodeProblem, message::Message, rewards::reward::RewardProblem},
    error::{AppError, FieldError},
    server::{
        api::{language::texts, request_id},
        errors::TxError,
    },
    text::language::Language,
};
use axum::{
    body::to_bytes,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

/// The media type of every error.
pub const MEDIA_TYPE: &str = "application/problem+json";

macro_rules! codes {
    ($($(#[doc = $meaning:literal])+ $name:ident = $status:literal,)*) => {
        /// What went wrong, by a name that stays the same.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(as = ErrorCode)]
        pub enum ErrorCode {
            $($(#[doc = $meaning])+ $name,)*
        }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The status that it usually comes with.
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// What it means, in a sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($meaning,)+).trim_ascii(),)* }
            }
        }
    };
}

codes! {
    /// The request cannot be read: it is not well-formed JSON or not well-formed HTTP.
    MalformedRequest = 400,
    /// The query has parameters that this operation does not know; `errors` names them.
    UnknownParameter = 400,
    /// There is no key, or it is unknown or revoked, or its admin is none any more.
    Unauthorized = 401,
    /// The key's scopes do not allow this.
    Forbidden = 403,
    /// There is nothing at this address, or no longer.
    NotFound = 404,
    /// There is no such code.
    CodeNotFound = 404,
    /// This address does not take this method.
    MethodNotAllowed = 405,
    /// The body did not arrive in time.
    RequestTimeout = 408,
    /// Something else has this place already; `errors` says which field.
    Conflict = 409,
    /// The user has used the code already.
    AlreadyUsed = 409,
    /// The program is paused: codes do not work and links do not count.
    ProgramDisabled = 409,
    /// More would be given back than is left of the payment.
    RefundExceedsPayment = 409,
    /// The reward is used already, as a whole.
    AlreadyRedeemed = 409,
    /// The time of the reward is over.
    Expired = 409,
    /// The hold of the reward is not over, or it waits for approval.
    OnHold = 409,
    /// A dispute or a review stops every step of the reward.
    Frozen = 409,
    /// One of the options has to be picked first.
    ChoicePending = 409,
    /// The reward was taken away before it was active.
    Voided = 409,
    /// The reward was taken back.
    Reversed = 409,
    /// Another option was picked before.
    AlreadyChosen = 409,
    /// The reward is not on hold.
    NotPending = 409,
    /// The rules of the option have given all that they may.
    CapReached = 409,
    /// There is not as much of the kind.
    InsufficientBalance = 409,
    /// Nothing of the reward has to be paid back.
    NothingOwed = 409,
    /// The only admin who can come in would be gone.
    LastAdmin = 409,
    /// A request with the same Idempotency-Key is still at work.
    IdempotencyInProgress = 409,
    /// The body is larger than 64 KiB.
    TooLarge = 413,
    /// The body must be sent as `application/json`.
    UnsupportedMediaType = 415,
    /// What was sent breaks a rule; `errors` says which field and why.
    Validation = 422,
    /// Nobody joins without a code that can be used, and there is none.
    CodeRequired = 422,
    /// The code is switched off.
    CodeInactive = 422,
    /// The code has expired.
    CodeExpired = 422,
    /// The code has been used as often as it can be.
    UsageLimitReached = 422,
    /// The Idempotency-Key came before with another request.
    IdempotencyKeyReused = 422,
    /// Too many requests, or too many wrong keys; `Retry-After` says how many seconds to wait.
    RateLimited = 429,
    /// Something went wrong on the server's side.
    Internal = 500,
    /// The server cannot save anything at the moment; try again later.
    Unavailable = 503,
}

impl ErrorCode {
    /// The code for a reason why a code cannot be used.
    pub fn of(problem: CodeProblem) -> Self {
        match problem {
            CodeProblem::CodeNotFound => Self::CodeNotFound,
            CodeProblem::CodeInactive => Self::CodeInactive,
            CodeProblem::CodeExpired => Self::CodeExpired,
            CodeProblem::UsageLimitReached => Self::UsageLimitReached,
        }
    }

    /// The code for a reason why a step of a reward was refused.
    pub fn of_reward(problem: RewardProblem) -> Self {
        match problem {
            RewardProblem::AlreadyRedeemed => Self::AlreadyRedeemed,
            RewardProblem::Expired => Self::Expired,
            RewardProblem::OnHold => Self::OnHold,
            RewardProblem::Frozen => Self::Frozen,
            RewardProblem::ChoicePending => Self::ChoicePending,
            RewardProblem::Voided => Self::Voided,
            RewardProblem::Reversed => Self::Reversed,
            RewardProblem::AlreadyChosen => Self::AlreadyChosen,
            RewardProblem::NotPending => Self::NotPending,
            RewardProblem::OptionUnknown => Self::Validation,
            RewardProblem::CapReached => Self::CapReached,
            RewardProblem::InsufficientBalance => Self::InsufficientBalance,
            RewardProblem::NothingOwed => Self::NothingOwed,
        }
    }

    /// What to know about it, in the reader's language.
    fn explained(self) -> String {
        let texts = texts();
        match self {
            Self::MalformedRequest => texts.api_malformed_request(),
            Self::Unauthorized => texts.api_unauthorized(),
            Self::Forbidden => texts.api_forbidden(),
            Self::NotFound => texts.api_not_found(),
            Self::CodeNotFound => texts.api_code_not_found(),
            Self::MethodNotAllowed => texts.api_method_not_allowed(),
            Self::RequestTimeout => texts.api_request_timeout(),
            Self::ProgramDisabled => texts.api_program_disabled(),
            Self::IdempotencyInProgress => texts.api_idempotency_in_progress(),
            Self::IdempotencyKeyReused => texts.api_idempotency_key_reused(),
            Self::TooLarge => texts.api_too_large(),
            Self::UnsupportedMediaType => texts.api_unsupported_media_type(),
            Self::RateLimited => texts.api_rate_limited(),
            Self::Internal => texts.api_internal(),
            Self::Unavailable => texts.api_unavailable(),
            // These come with a sentence of their own.
            _ => self.meaning().into(),
        }
    }

    /// The name that is sent.
    pub fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// The code for a bare status.
    fn of_status(status: u16) -> Self {
        Self::ALL.iter().copied().find(|code| code.status() == status).unwrap_or(match status {
            400..500 => Self::MalformedRequest,
            _ => Self::Internal,
        })
    }
}

/// What is wrong with one field.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The name of the field or parameter; empty when it is about the whole request.
    field: String,
    message: String,
}

/// What went wrong.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Where the code is explained.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    kind: Box<str>,
    /// What the code means.
    title: &'static str,
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    code: ErrorCode,
    /// What is wrong with this request, in the language that `Accept-Language` asks for, if it is spoken here.
    #[schema(value_type = String)]
    detail: Box<str>,
    /// What is wrong with single fields.
    errors: Vec<FieldProblem>,
    /// The id of the request, as in the header `X-Request-Id`: by it the server's log tells more.
    #[schema(value_type = String)]
    request_id: Box<str>,
    #[serde(skip)]
    retry_after: Option<u64>,
    /// What `detail` and `errors` are written in.
    #[serde(skip)]
    language: Language,
}

impl Problem {
    /// A problem with its usual status.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/api/docs#{}", code.name()).into(),
            title: code.meaning(),
            status: code.status(),
            code,
            detail: detail.into().into(),
            errors: vec![],
            request_id: request_id::current().into(),
            retry_after: None,
            language: texts().language,
        }
    }

    /// A problem whose code says it all.
    pub fn plain(code: ErrorCode) -> Self {
        Self::new(code, code.explained())
    }

    /// One field that breaks a rule.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::of_field(ErrorCode::Validation, field, message.into())
    }

    /// Parameters of the query that the operation does not know; `known` are those that it does.
    pub fn unknown_parameters(names: &[String], known: &[String]) -> Self {
        let texts = texts();
        let detail = match known {
            [] => texts.api_parameters_none(names.join(", ")),
            _ => texts.api_parameters_unknown(names.join(", "), known.join(", ")),
        };
        let wrong = |name: &String| FieldProblem { field: name.clone(), message: texts.api_parameter_unknown() };
        Self { errors: names.iter().map(wrong).collect(), ..Self::new(ErrorCode::UnknownParameter, detail) }
    }

    /// One field whose value something else has already.
    pub fn conflict(field: &str, message: impl Into<String>) -> Self {
        Self::of_field(ErrorCode::Conflict, field, message.into())
    }

    fn of_field(code: ErrorCode, field: &str, message: String) -> Self {
        let errors = vec![FieldProblem { field: field.into(), message: message.clone() }];
        Self { errors, ..Self::new(code, message) }
    }

    /// Asks to wait.
    pub fn after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    fn with(mut self, fields: &[FieldError]) -> Self {
        let fields = texts().fields(fields).into_iter();
        self.errors = fields.map(|wrong| FieldProblem { field: wrong.field, message: wrong.message }).collect();
        self
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let detail = texts().error(&error);
        match error {
            AppError::SignedOut => Self::plain(ErrorCode::Unauthorized),
            AppError::Forbidden => Self::plain(ErrorCode::Forbidden),
            AppError::NotFound | AppError::LinkExpired => Self::plain(ErrorCode::NotFound),
            AppError::Invalid(fields) => Self::new(ErrorCode::Validation, detail).with(&fields),
            AppError::Conflict(fields) => Self::new(ErrorCode::Conflict, detail).with(&fields),
            AppError::BadCode(problem) => {
                let mut told = Self::new(ErrorCode::of(problem), detail).with(&error.fields());
                // The address is right; what the body says is not.
                told.status = 422;
                told
            }
            AppError::CodeRequired => Self::new(ErrorCode::CodeRequired, detail).with(&error.fields()),
            AppError::RefundExceedsPayment { .. } => {
                Self::new(ErrorCode::RefundExceedsPayment, detail).with(&error.fields())
            }
            AppError::Reward(RewardProblem::OptionUnknown) => Self::new(ErrorCode::Validation, detail)
                .with(&[FieldError { field: "option".into(), message: Message::ChoiceUnknown }]),
            AppError::Reward(problem) | AppError::OneOfRewards { problem, .. } => {
                Self::new(ErrorCode::of_reward(problem), detail)
            }
            AppError::LastAdmin => Self::new(ErrorCode::LastAdmin, detail),
            AppError::TooManyRequests { retry_after } => Self::new(ErrorCode::RateLimited, detail).after(retry_after),
            AppError::TooLarge => Self::plain(ErrorCode::TooLarge),
            AppError::TooSlow => Self::plain(ErrorCode::RequestTimeout),
            AppError::Unavailable => Self::plain(ErrorCode::Unavailable),
            AppError::Internal => Self::plain(ErrorCode::Internal),
        }
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        AppError::from(error).into()
    }
}

impl From<Problem> for TxError<Problem> {
    fn from(problem: Problem) -> Self {
        Self::Rejected(problem)
    }
}

impl From<TxError> for TxError<Problem> {
    fn from(error: TxError) -> Self {
        match error {
            TxError::Rejected(error) => Self::Rejected(error.into()),
            TxError::Database(error) => Self::Database(error),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, serde_json::to_string(&self).unwrap_or_default()).into_response();
        response.extensions_mut().insert(self.code);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(self.language.tag()));
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Language"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == 401 {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// Gives errors that something else has made (the router, a time limit, a panic) the form of all others.
pub async fn problem_layer(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let ours = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == MEDIA_TYPE);
    if ours || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let said = to_bytes(body, 1_024).await.unwrap_or_default();
    if status.is_server_error() {
        tracing::error!(%status, said = %String::from_utf8_lossy(&said), "the API failed");
    }
    let mut told = Problem::plain(ErrorCode::of_status(status.as_u16()));
    told.status = status.as_u16();
    let mut response = told.into_response();
    if let Some(allow) = parts.headers.get(header::ALLOW) {
        response.headers_mut().insert(header::ALLOW, allow.clone());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_the_names_that_others_rely_on() {
        let names =
            [ErrorCode::CodeNotFound, ErrorCode::UsageLimitReached, ErrorCode::ProgramDisabled].map(ErrorCode::name);
        assert_eq!(names, ["code_not_found", "usage_limit_reached", "program_disabled"]);
        assert_eq!(
            ErrorCode::Unauthorized.meaning(),
            "There is no key, or it is unknown or revoked, or its admin is none any more."
        );
        assert_eq!(
            (ErrorCode::of_status(405), ErrorCode::of_status(418)),
            (ErrorCode::MethodNotAllowed, ErrorCode::MalformedRequest)
        );
        assert_eq!(ErrorCode::of_status(404), ErrorCode::NotFound);
    }
}

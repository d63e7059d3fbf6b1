//! The door of pages and server functions: who stands in it, and what goes back besides the answer.

use super::{
    actions::{record::Actor, start_session::Started},
    auth::{Caller, SignedIn, session_cookie},
    clicks::cookie,
    state::Server,
};
use crate::error::AppError;
use axum::http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};
use leptos::prelude::{expect_context, use_context};
use leptos_axum::ResponseOptions;
use std::sync::Arc;

/// A call that came through a page, a form or an island.
pub struct Door {
    pub server: Server,
    pub caller: Arc<Caller>,
}

impl Door {
    /// The call that is being answered.
    pub fn open() -> Self {
        let parts = expect_context::<Parts>();
        let caller = parts.extensions.get::<Arc<Caller>>().expect("every page and function lies behind `identify`");
        Self { server: expect_context::<Server>(), caller: caller.clone() }
    }

    /// The signed-in user; others are sent to sign in.
    pub fn user(&self) -> Result<&SignedIn, AppError> {
        self.caller.signed_in.as_ref().ok_or(AppError::SignedOut)
    }

    /// The signed-in admin; others are refused.
    pub fn admin(&self) -> Result<&SignedIn, AppError> {
        self.user().and_then(|user| if user.admin { Ok(user) } else { Err(AppError::Forbidden) })
    }

    /// The signed-in admin, as the one who does something; others are refused.
    pub fn actor(&self) -> Result<Actor, AppError> {
        self.admin().map(|admin| Actor { id: Some(admin.user), name: admin.username.clone() })
    }

    /// Gives the browser its new session.
    pub fn signed_in(&self, started: Started) {
        let session = set_cookie(&self.server, session_cookie(&self.server), &started.token, 365);
        append(header::SET_COOKIE, &session);
        if let Some(memory) = started.memory {
            append(header::SET_COOKIE, &attribution_cookie(&self.server, &memory));
        }
    }

    /// Takes the session cookie from the browser.
    pub fn signed_out(&self) {
        append(header::SET_COOKIE, &set_cookie(&self.server, session_cookie(&self.server), "", 0));
    }
}

/// The header that makes a browser remember its clicks for a year.
pub fn attribution_cookie(server: &Server, memory: &cookie::Memory) -> String {
    set_cookie(server, cookie::NAME, &memory.seal(&server.cookie_key), 365)
}

/// A cookie that scripts cannot read and other sites do not send along; deleted when it lives for no day.
fn set_cookie(server: &Server, name: &str, value: &str, days: i64) -> String {
    let (secure, seconds) = (if server.https { "; Secure" } else { "" }, (days * 86_400).to_string());
    // Every click has one: put together at once, which formatting does not.
    [name, "=", value, "; HttpOnly; SameSite=Lax", secure, "; Path=/; Max-Age=", &seconds].concat()
}

fn append(name: HeaderName, value: &str) {
    let Ok(value) = HeaderValue::from_str(value) else { return };
    if let Some(response) = use_context::<ResponseOptions>() {
        response.append_header(name, value);
    }
}

/// Makes the page's answer say the same as the error: its status, and for the signed-out the way to sign in.
pub fn answer_with(error: &AppError) {
    let (Some(response), Some(parts)) = (use_context::<ResponseOptions>(), use_context::<Parts>()) else { return };
    response.set_status(StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    match error {
        AppError::SignedOut => {
            let here = parts.uri.path_and_query().map_or("/", |here| here.as_str());
            let to = format!("/signin?next={}", super::links::encoded(here));
            response.set_status(StatusCode::SEE_OTHER);
            append(header::LOCATION, &to);
        }
        AppError::TooManyRequests { retry_after } => append(header::RETRY_AFTER, &retry_after.to_string()),
        _ => {}
    }
}

//! The request that is being answered: who calls, and what goes back besides the answer.

use crate::{
    domain::query_string::address,
    error::{AppError, Refusal},
    server::{
        auth::{
            caller::{Actor, Authority, Caller, SentForm, Session},
            client_ip::ClientIp,
            cookies::{cookies, session_cookie_name, set_cookie},
            header_text::{header_text, kept_user_agent},
            sessions::{SignedIn, find_session},
        },
        clicks::attribution_cookie::AttributionCookie,
        state::AppState,
    },
    text::{Texts, english, language::Language},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::Response,
};
use jiff::tz::TimeZone;
use leptos::prelude::{expect_context, provide_context, use_context};
use leptos_axum::ResponseOptions;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// What [`identify`] puts beside every request of a person.
#[derive(Clone)]
pub struct Identity {
    pub caller: Caller,
    /// What the browser remembers of its clicks.
    pub attribution: Option<AttributionCookie>,
    /// What the answer is written in.
    pub(crate) language: Language,
}

impl Identity {
    /// The texts in the caller's language, for what says no times.
    pub(crate) fn texts(&self) -> Texts {
        Texts::new(self.language, TimeZone::UTC)
    }
}

/// The language of a browser that nobody is known to use.
pub(crate) fn language_of_browser(headers: &HeaderMap) -> Language {
    Language::of_reader(cookies(headers, LANGUAGE_COOKIE), &header_text(headers, header::ACCEPT_LANGUAGE))
}

/// Keeps the language that a browser has chosen.
const LANGUAGE_COOKIE: &str = "passalong_language";

/// Finds out who calls, for everything behind it.
pub async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let tokens = cookies(headers, session_cookie_name(state.https));
    let session = match find_session(&state.db, tokens, state.clock.now()).await {
        Ok(found) => found.map_or(Session::None, Session::Live),
        Err(error) => Session::Unknown(error.into()),
    };
    let caller = Caller {
        client_ip: ClientIp::of_request(headers, request.extensions(), &state.config.trusted_proxies),
        user_agent: kept_user_agent(&header_text(headers, header::USER_AGENT)).to_owned(),
        session,
    };
    let account = caller.signed_in().ok().flatten().and_then(|user| user.locale.as_deref());
    let chosen = account.into_iter().chain(cookies(headers, LANGUAGE_COOKIE));
    let language = Language::of_reader(chosen, &header_text(headers, header::ACCEPT_LANGUAGE));
    let identity = Identity { attribution: state.clicks.read_cookie(headers), caller, language };
    request.extensions_mut().insert(Arc::new(identity));
    next.run(request).await
}

/// A request that came through a page, a form or an island.
pub struct RequestContext {
    pub state: AppState,
    identity: Arc<Identity>,
}

impl RequestContext {
    /// The request that is being answered.
    pub fn current() -> Self {
        let parts = expect_context::<Parts>();
        let identity = parts.extensions.get::<Arc<Identity>>().expect("every page and function lies behind `identify`");
        Self { state: expect_context::<AppState>(), identity: identity.clone() }
    }

    /// Who calls.
    pub fn caller(&self) -> &Caller {
        &self.identity.caller
    }

    /// What the browser remembers of its clicks.
    pub fn attribution(&self) -> Option<&AttributionCookie> {
        self.identity.attribution.as_ref()
    }

    /// The signed-in user; others are sent to sign in.
    pub fn require_user(&self) -> Result<&SignedIn, AppError> {
        self.caller().signed_in()?.ok_or(AppError::SignedOut)
    }

    /// The signed-in admin; others are refused.
    pub fn require_admin(&self) -> Result<&SignedIn, AppError> {
        self.require_user().and_then(|user| if user.admin { Ok(user) } else { Err(AppError::Forbidden) })
    }

    /// The signed-in admin, as the one who does something; others are refused.
    pub fn admin_actor(&self) -> Result<Actor, AppError> {
        let admin = self.require_admin()?;
        Ok(Actor { id: Some(admin.user), name: admin.username.clone(), authority: Authority::Session(admin.session) })
    }

    /// The form that is being answered, where it may be sent once only.
    pub fn sent_form(&self) -> Option<SentForm> {
        use_context()
    }

    /// Gives the browser the token of its new session, and the attribution cookie that it had none of.
    pub fn set_session_cookie(&self, token: &str, new_attribution: Option<&AttributionCookie>) {
        let https = self.state.https;
        append(header::SET_COOKIE, &set_cookie(https, session_cookie_name(https), token, 365));
        if let Some(cookie) = new_attribution {
            append(header::SET_COOKIE, &self.state.clicks.set_cookie_header(cookie));
        }
    }

    /// Lets the browser remember a language.
    pub(crate) fn set_language_cookie(&self, language: Language) {
        append(header::SET_COOKIE, &set_cookie(self.state.https, LANGUAGE_COOKIE, language.tag(), 365));
    }

    /// Takes the session cookie from the browser.
    pub fn clear_session_cookie(&self) {
        let https = self.state.https;
        append(header::SET_COOKIE, &set_cookie(https, session_cookie_name(https), "", 0));
    }
}

/// The texts in the language of whoever reads, with times in the program's time zone.
pub(crate) fn texts_for(state: &AppState, reader: &Identity) -> Texts {
    texts_in(state, reader.language)
}

/// The texts in a language, with times in the program's time zone.
pub(crate) fn texts_in(state: &AppState, language: Language) -> Texts {
    Texts::new(language, state.settings.get().zone())
}

/// The texts for the answer to a request. Pages and functions find them as context.
pub(crate) fn texts_of(state: &AppState, parts: &Parts) -> Texts {
    parts.extensions.get::<Arc<Identity>>().map_or_else(english, |identity| texts_for(state, identity))
}

/// Lets actions know by which form they are asked, if its page has given it a number.
pub fn provide_sent_form(fields: &str, number: Option<&str>) {
    if number.is_some_and(|number| !number.is_empty()) {
        provide_context(SentForm(Sha256::digest(fields).into()));
    }
}

/// Adds a header to the answer to this request.
pub(super) fn append(name: HeaderName, value: &str) {
    let Ok(value) = HeaderValue::from_str(value) else { return };
    if let Some(response) = use_context::<ResponseOptions>() {
        response.append_header(name, value);
    }
}

/// Makes the page's answer say the same as the error: its status, and for the signed-out the way to sign in.
pub fn respond_with_error(error: &Refusal) {
    let (Some(response), Some(parts)) = (use_context::<ResponseOptions>(), use_context::<Parts>()) else { return };
    response.set_status(StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    if error.status == 401 {
        response.set_status(StatusCode::SEE_OTHER);
        append(header::LOCATION, &sign_in_address(&parts.uri));
    }
    if let Some(seconds) = error.retry_after {
        append(header::RETRY_AFTER, &seconds.to_string());
    }
}

/// The sign-in page, which leads back to `uri`.
pub fn sign_in_address(uri: &axum::http::Uri) -> String {
    let here = uri.path_and_query().map_or("/", |here| here.as_str());
    address("/signin", &[("next", here)])
}

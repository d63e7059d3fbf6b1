//! What errors of the API are written in: the header `Accept-Language` of the request decides.

use crate::{
    server::{auth::header_text::header_text, context::request_context::texts_in, state::AppState},
    text::{Texts, english, language::Language},
};
use axum::{
    extract::{Request, State},
    http::header,
    middleware::Next,
    response::Response,
};

tokio::task_local! {
    static TEXTS: Texts;
}

/// The texts for the answer to the request that this task works at.
pub(super) fn texts() -> Texts {
    TEXTS.try_with(Clone::clone).unwrap_or_else(|_| english())
}

/// Finds out the language of a request, for everything behind it.
pub async fn find_language(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let language = Language::of_reader([], &header_text(request.headers(), header::ACCEPT_LANGUAGE));
    TEXTS.scope(texts_in(&state, language), next.run(request)).await
}

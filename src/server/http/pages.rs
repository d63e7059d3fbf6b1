//! Pages: rendered on the server, with what they find in their context.

use crate::{
    app,
    error::AppError,
    server::{context::page_context::page_context, http::headers, state::AppState},
    text::texts,
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use leptos::prelude::provide_context;

/// A page by its address.
pub async fn page(State(state): State<AppState>, request: Request) -> Response {
    render_page(state, request.into_parts().0, || ()).await
}

/// The page of a request; `more` provides what it finds in its context besides.
pub async fn render_page(state: AppState, parts: Parts, more: impl Fn() + Clone + Send + Sync + 'static) -> Response {
    let context = {
        let parts = parts.clone();
        move || {
            let page = page_context(&state, &parts);
            headers::set_page_policy(state.settings.get().logo_origin().as_deref());
            provide_context(state.clone());
            provide_context(page);
            more();
        }
    };
    let render = leptos_axum::render_app_async_with_context(context, app::shell);
    render(Request::from_parts(parts, Body::empty())).await
}

/// An error in one line, where there is no page to show it on.
pub fn plain_error(error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, texts().error(error)).into_response();
    if let Some(seconds) = error.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

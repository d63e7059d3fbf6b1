//! Pages: rendered on the server, with what they find in their context.

use crate::{
    app,
    server::{context::{page_context::page_context, request_context::texts_of}, http::headers, state::AppState},
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::request::Parts,
    response::Response,
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
            provide_context(texts_of(&state, &parts));
            more();
        }
    };
    let render = leptos_axum::render_app_async_with_context(context, app::shell);
    render(Request::from_parts(parts, Body::empty())).await
}

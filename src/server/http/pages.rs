//! Pages: rendered on the server, with what they find in their context.

use crate::{
    app,
    domain::query_string::query_value,
    server::{
        context::{
            page_context::page_context,
            request_context::{Identity, texts_of},
        },
        http::headers,
        queries::waiting,
        state::AppState,
        store::referrals,
    },
    view_models::page::{PageContext, Waiting},
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::request::Parts,
    response::Response,
};
use leptos::prelude::provide_context;
use std::{sync::Arc, time::Duration};
use tokio::{spawn, time::timeout};

/// How long a page of admins waits for the numbers of what waits for them.
const PATIENCE: Duration = Duration::from_millis(500);

/// A page by its address.
pub async fn page(State(state): State<AppState>, request: Request) -> Response {
    render_page(state, request.into_parts().0, || ()).await
}

/// The page of a request; `more` provides what it finds in its context besides.
pub async fn render_page(state: AppState, parts: Parts, more: impl Fn() + Clone + Send + Sync + 'static) -> Response {
    let page = page_context(&state, &parts);
    let (waiting, joined_through) = (waiting_for(&state, &page).await, joined_through(&state, &parts).await);
    let page = PageContext { waiting, joined_through, ..page };
    let context = {
        let parts = parts.clone();
        move || {
            let page = page.clone();
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

/// What waits for the admin who looks at a page of admins.
async fn waiting_for(state: &AppState, page: &PageContext) -> Option<Waiting> {
    let path = page.here.split('?').next().unwrap_or_default();
    let is_admin = page.viewer.as_ref().is_some_and(|viewer| viewer.admin);
    if !is_admin || !(path == "/admin" || path.starts_with("/admin/")) {
        return None;
    }
    // A task of its own: what is given up in the middle of a statement would leave a broken connection.
    let state = state.clone();
    let counted = spawn(async move { waiting::run(&state).await });
    timeout(PATIENCE, counted).await.ok()?.ok()?.ok()
}

/// The name of whoever has brought the viewer, for the page that they arrive on; nothing where it cannot be read.
async fn joined_through(state: &AppState, parts: &Parts) -> Option<String> {
    query_value(parts.uri.query(), "done").filter(|done| done == "joined")?;
    let viewer = parts.extensions.get::<Arc<Identity>>()?.caller.signed_in().ok()??.user;
    let mut tx = state.db.read().await.ok()?;
    let (_, name) = referrals::referrer_of(&mut tx, viewer).await.ok()??;
    name.filter(|name| !name.is_empty())
}

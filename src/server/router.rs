//! Every route in one table, grouped by caller.

use super::{
    api, assets, auth,
    auth::Caller,
    forms,
    forms::{Forms, call, show},
    health, links, live, security, sheets,
    state::Server,
};
use crate::{
    app,
    components::frame::{Frame, Viewer},
    domain::theme::Color,
    error::AppError,
    functions::{accounts, administration, api_keys, bulk, campaigns, profile, program},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, DefaultBodyLimit, Request, State},
    http::{Method, StatusCode, header, request::Parts},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
    serve::{IncomingStream, ListenerExt},
};
use futures::FutureExt;
use leptos::prelude::*;
use std::{
    convert::Infallible,
    future::{Future, ready},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};
use tokio::net::TcpListener;
use tower::{ServiceExt, service_fn};
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, csrf::CsrfLayer, timeout::TimeoutLayer,
    trace::TraceLayer,
};

/// How long any answer may take; streams apart.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Pages with forms, and what their forms call.
pub const FORMS: [(&str, Forms); 12] = [
    ("/signup", &[("sign_up", call::<accounts::SignUp>)]),
    ("/signin", &[("sign_in", call::<accounts::SignIn>)]),
    ("/signout", &[("sign_out", call::<accounts::SignOut>)]),
    ("/setup", &[("set_up", call::<accounts::SetUp>)]),
    (
        "/profile",
        &[
            ("change_password", call::<profile::ChangePassword>),
            ("end_session", call::<profile::EndSession>),
            ("delete_account", call::<profile::DeleteAccount>),
        ],
    ),
    ("/admin/codes", &[("switch_code", call::<campaigns::SwitchCode>)]),
    ("/admin/codes/new", &[("create_code", call::<campaigns::CreateCode>)]),
    ("/admin/codes/bulk", &[("order_codes", call::<bulk::OrderCodes>)]),
    (
        "/admin/codes/{id}",
        &[
            ("edit_code", call::<campaigns::EditCode>),
            ("switch_code", call::<campaigns::SwitchCode>),
            ("delete_code", call::<campaigns::DeleteCode>),
        ],
    ),
    ("/admin/users/{id}", &[("change_user", call::<administration::ChangeUser>)]),
    ("/admin/settings", &[("change_settings", call::<program::ChangeSettings>)]),
    (
        "/admin/api-keys",
        &[("create_api_key", show::<api_keys::CreateApiKey>), ("revoke_api_key", call::<api_keys::RevokeApiKey>)],
    ),
];

/// The address of a table to take away, and what answers there.
type Sheet = (&'static str, fn() -> MethodRouter<Server>);

/// Tables to take away.
pub const SHEETS: [Sheet; 5] = [
    ("/admin/codes.csv", || get(sheets::codes::all)),
    ("/admin/codes/bulk/{id}/codes.csv", || get(sheets::codes::of_job)),
    ("/admin/codes/{id}/usages.csv", || get(sheets::usages::all)),
    ("/admin/users.csv", || get(sheets::users::all)),
    ("/admin/audit.csv", || get(sheets::audit::all)),
];

/// The addresses of all pages.
pub fn pages() -> Vec<String> {
    leptos_axum::generate_route_list(app::App).into_iter().map(|route| route.path().to_owned()).collect()
}

/// Answers until the server stops; requests in flight are finished.
pub async fn serve(server: Server, listener: TcpListener) -> std::io::Result<()> {
    // The end of a page does not wait until its beginning has been acknowledged.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let stopping = server.stopping.clone();
    let whole = Arc::new((site(server.clone()), server));
    let connections = service_fn(move |stream: IncomingStream<'_, _>| {
        let (whole, peer) = (whole.clone(), *stream.remote_addr());
        ready(Ok(service_fn(move |request| answer(&whole, peer, request))))
    });
    axum::serve(listener, connections).with_graceful_shutdown(stopping.cancelled_owned()).await
}

/// Everybody's link comes first: there is nothing between it and the writer, not even a router.
fn answer(
    (site, server): &(Router, Server),
    peer: SocketAddr,
    mut request: Request,
) -> impl Future<Output = Result<Response, Infallible>> + Send + use<> {
    if links::asked_for(&request) {
        return links::follow(server.clone(), peer.ip(), request).map(Ok).left_future();
    }
    request.extensions_mut().insert(ConnectInfo(peer));
    site.clone().oneshot(request).right_future()
}

/// Everything but the links.
fn site(server: Server) -> Router {
    health::start_metrics();
    let csrf = CsrfLayer::new().add_trusted_origin(&server.base_url).unwrap_or_else(|_| CsrfLayer::new());

    let monitors = Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics));

    let themes = Router::new().route("/theme/{color}", get(assets::theme));

    let streams = Router::new().route("/live", get(live::watch));

    let mut site = Router::new().route("/fn/{*name}", post(function)).fallback(file_or_page);
    for (path, sheet) in SHEETS {
        site = site.route(path, sheet());
    }
    for path in pages() {
        site = site.route(&path, get(page));
    }
    for (path, forms) in FORMS {
        site = site
            .route(path, post(move |server: State<Server>, request: Request| forms::submit(server, request, forms)));
    }
    let site = site
        .layer(from_fn_with_state(server.clone(), links::arrive))
        .layer(DefaultBodyLimit::max(forms::MOST_BYTES))
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIMEOUT));

    let people = site
        .merge(streams)
        .layer(from_fn_with_state(server.clone(), auth::identify))
        .layer(csrf)
        .layer(TraceLayer::new_for_http());

    people
        .merge(api::router())
        .merge(monitors)
        .merge(themes)
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(server.clone(), security::headers))
        .with_state(server)
}

/// What every page and function finds in its context.
pub fn page_context(server: &Server, parts: &Parts) {
    provide_context(server.clone());
    let program = server.program.get();
    let logo_origin = program.logo_origin();
    security::page_policy(logo_origin.as_deref());
    let viewer = parts.extensions.get::<Arc<Caller>>().and_then(|caller| caller.signed_in.as_ref());
    provide_context(Frame {
        program_name: program.program_name.clone(),
        welcome_text: program.welcome_text.clone(),
        settings: (parts.method == Method::GET).then(|| server.program.version().borrow().clone()),
        logo_url: program.logo_url.clone().filter(|_| logo_origin.is_some()),
        theme: program.accent_color.as_deref().and_then(Color::parse).map(assets::theme_address),
        viewer: viewer.map(|user| Viewer { username: user.username.clone(), admin: user.admin }),
        here: parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        query: links::query_values(parts.uri.query()),
        base_url: server.base_url.clone(),
        assets: server.assets.clone(),
    });
}

async fn page(State(server): State<Server>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let context = {
        let parts = parts.clone();
        move || page_context(&server, &parts)
    };
    leptos_axum::render_app_async_with_context(context, app::shell)(Request::from_parts(parts, body)).await
}

async fn file_or_page(server: State<Server>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    match assets::file(server.site, &request) {
        Some(file) => file,
        None => page(server, request).await,
    }
}

async fn function(State(server): State<Server>, request: Request) -> Response {
    let answer = leptos_axum::handle_server_fns_with_context(move || provide_context(server.clone()), request).await;
    with_status(answer.into_response()).await
}

/// A refused function is answered with 500 by the framework; the error inside knows better.
async fn with_status(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, forms::MOST_BYTES).await.unwrap_or_default();
    if let Ok(error) = serde_json::from_slice::<AppError>(&body) {
        parts.status = StatusCode::from_u16(error.status()).unwrap_or(parts.status);
        if let AppError::TooManyRequests { retry_after } = error {
            parts.headers.insert(header::RETRY_AFTER, retry_after.into());
        }
    }
    Response::from_parts(parts, Body::from(body))
}

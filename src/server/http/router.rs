//! Every route in one table, grouped by caller.

use crate::{
    app,
    error::{AppError, Refusal},
    functions::{
        account_links, api_keys, auth, bulk_codes, codes, conversions, language, overview, own_rewards, profile,
        referrals, reviews, rewards, rules, settings, system, users, webhooks as endpoints,
    },
    server::{
        api,
        context::{
            request_body::{MAX_BODY, read_body},
            request_context::{self, Identity},
        },
        exports,
        http::{
            assets,
            forms::{self, Forms, call},
            headers, health, pages, share_link, sse, test_clock,
        },
        state::AppState,
        store::json::json,
        webhooks,
    },
    text::Texts,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{MethodRouter, any, get, post},
};
use jiff::tz::TimeZone;
use leptos::prelude::provide_context;
use std::{sync::Arc, time::Duration};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    csrf::{CsrfLayer, ProtectionError},
    timeout::TimeoutLayer,
    trace::TraceLayer,
};

/// How long any answer may take; streams apart.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Pages with forms, and what their forms call.
pub const FORMS: [(&str, Forms); 33] = [
    ("/signup", &[("sign_up", call::<auth::SignUp>)]),
    ("/signin", &[("sign_in", call::<auth::SignIn>)]),
    (
        "/signin/link",
        &[
            ("sign_in_by_link", call::<account_links::SignInByLink>),
            ("send_sign_in_link", call::<account_links::SendSignInLink>),
        ],
    ),
    ("/forgot", &[("send_reset_link", call::<account_links::SendResetLink>)]),
    ("/reset", &[("reset_password", call::<account_links::ResetPassword>)]),
    ("/verify", &[("confirm_email", call::<account_links::ConfirmEmail>)]),
    ("/signout", &[("sign_out", call::<auth::SignOut>)]),
    ("/language", &[("choose_language", call::<language::ChooseLanguage>)]),
    ("/setup", &[("set_up", call::<auth::SetUp>)]),
    (
        "/profile",
        &[
            ("change_password", call::<profile::ChangePassword>),
            ("end_session", call::<profile::EndSession>),
            ("delete_account", call::<profile::DeleteAccount>),
            ("change_email", call::<account_links::ChangeEmail>),
            ("send_confirmation", call::<account_links::SendConfirmation>),
        ],
    ),
    (
        "/dashboard",
        &[
            ("redeem_reward", call::<own_rewards::RedeemReward>),
            ("choose_option", call::<own_rewards::ChooseOption>),
            ("send_confirmation", call::<account_links::SendConfirmation>),
        ],
    ),
    ("/admin", &[("hide_checklist", call::<overview::HideChecklist>)]),
    ("/admin/codes", &[("set_code_active", call::<codes::SetCodeActive>)]),
    ("/admin/codes/new", &[("create_code", call::<codes::CreateCode>)]),
    ("/admin/codes/bulk", &[("request_bulk_codes", call::<bulk_codes::RequestBulkCodes>)]),
    (
        "/admin/codes/bulk/{id}",
        &[
            ("switch_batch", call::<bulk_codes::SwitchBatch>),
            ("set_batch_expiry", call::<bulk_codes::SetBatchExpiry>),
            ("delete_batch", call::<bulk_codes::DeleteBatch>),
            ("mail_codes", call::<bulk_codes::MailCodes>),
        ],
    ),
    (
        "/admin/codes/{id}",
        &[
            ("update_code", call::<codes::UpdateCode>),
            ("set_code_active", call::<codes::SetCodeActive>),
            ("delete_code", call::<codes::DeleteCode>),
        ],
    ),
    ("/admin/users/{id}", &[("update_user", call::<users::UpdateUser>)]),
    ("/admin/referrals/{id}", &[("correct_attribution", call::<referrals::CorrectAttribution>)]),
    (
        "/admin/review",
        &[
            ("approve_review", call::<reviews::ApproveReview>),
            ("approve_reviews_of", call::<reviews::ApproveReviewsOf>),
            ("reject_review", call::<reviews::RejectReview>),
            ("undo_review", call::<reviews::UndoReview>),
        ],
    ),
    ("/admin/settings", &[("update_settings", call::<settings::UpdateSettings>)]),
    (
        "/admin/api-keys",
        &[
            ("create_api_key", call::<api_keys::CreateApiKey>),
            ("create_publishable_key", call::<api_keys::CreatePublishableKey>),
            ("set_key_origins", call::<api_keys::SetKeyOrigins>),
            ("take_over_api_key", call::<api_keys::TakeOverApiKey>),
            ("revoke_api_key", call::<api_keys::RevokeApiKey>),
        ],
    ),
    ("/admin/conversions/new", &[("add_payment", call::<conversions::AddPayment>)]),
    (
        "/admin/conversions/{id}",
        &[
            ("refund_payment", call::<conversions::RefundPayment>),
            ("correct_amount", call::<conversions::CorrectAmount>),
            ("link_payer", call::<conversions::LinkPayer>),
        ],
    ),
    (
        "/admin/system",
        &[
            ("retry_job", call::<system::RetryJob>),
            ("resend_mail", call::<system::ResendMail>),
            ("delete_mail", call::<system::DeleteMail>),
            ("send_test_mail", call::<system::SendTestMail>),
        ],
    ),
    (
        "/admin/rewards",
        &[
            ("approve_rewards", call::<rewards::ApproveRewards>),
            ("void_rewards", call::<rewards::VoidRewards>),
            ("settle_rewards", call::<rewards::SettleRewards>),
            ("write_off_rewards", call::<rewards::WriteOffRewards>),
        ],
    ),
    (
        "/admin/rewards/{id}",
        &[
            ("approve_rewards", call::<rewards::ApproveRewards>),
            ("void_rewards", call::<rewards::VoidRewards>),
            ("settle_rewards", call::<rewards::SettleRewards>),
            ("write_off_rewards", call::<rewards::WriteOffRewards>),
            ("mark_reward_delivered", call::<rewards::MarkRewardDelivered>),
        ],
    ),
    ("/admin/rules", &[("set_rule_active", call::<rules::SetRuleActive>)]),
    ("/admin/rules/new", &[("create_rule", call::<rules::CreateRule>)]),
    ("/admin/webhooks", &[("create_webhook_endpoint", call::<endpoints::CreateWebhookEndpoint>)]),
    (
        "/admin/webhooks/{id}",
        &[
            ("update_webhook_endpoint", call::<endpoints::UpdateWebhookEndpoint>),
            ("switch_webhook_endpoint", call::<endpoints::SwitchWebhookEndpoint>),
            ("rotate_webhook_secret", call::<endpoints::RotateWebhookSecret>),
            ("send_test_event", call::<endpoints::SendTestEvent>),
            ("replay_events", call::<endpoints::ReplayEvents>),
            ("delete_webhook_endpoint", call::<endpoints::DeleteWebhookEndpoint>),
        ],
    ),
    ("/admin/webhooks/deliveries/{id}", &[("redeliver", call::<endpoints::Redeliver>)]),
    ("/admin/rules/{id}", &[("update_rule", call::<rules::UpdateRule>), ("delete_rule", call::<rules::DeleteRule>)]),
];

/// The address of a file to save, and what answers there.
type Export = (&'static str, fn() -> MethodRouter<AppState>);

/// Tables as CSV, and pictures.
pub const EXPORTS: [Export; 9] = [
    ("/dashboard/qr.svg", || get(exports::qr_code::svg)),
    ("/dashboard/qr.png", || get(exports::qr_code::png)),
    ("/admin/codes.csv", || get(exports::codes::all)),
    ("/admin/codes/bulk/{id}/codes.csv", || get(exports::codes::of_job)),
    ("/admin/codes/{id}/usages.csv", || get(exports::usages::all)),
    ("/admin/users.csv", || get(exports::users::all)),
    ("/admin/audit.csv", || get(exports::audit::all)),
    ("/admin/rewards.csv", || get(exports::rewards::all)),
    ("/admin/conversions.csv", || get(exports::conversions::all)),
];

/// The addresses of all pages.
pub fn pages() -> Vec<String> {
    leptos_axum::generate_route_list(app::App).into_iter().map(|route| route.path().to_owned()).collect()
}

/// Everything but the share links.
pub fn router(state: AppState) -> Router {
    health::start_metrics();
    let csrf = CsrfLayer::new().add_trusted_origin(&state.base_url).unwrap_or_else(|_| CsrfLayer::new());

    let monitors = Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics));

    let themes = Router::new().route("/theme/{color}", get(assets::theme));

    // Others than browsers post these, and say who they are by a signature.
    let webhooks = Router::new().route("/webhooks/stripe", post(webhooks::stripe::receive));

    let streams = Router::new().route("/live", get(sse::stream_updates)).layer(from_fn(say_in_readers_language));

    let test_clock = match state.config.test_clock {
        true => post(test_clock::advance),
        false => any(|| async { StatusCode::NOT_FOUND }),
    };
    let tests = Router::new().route("/test/clock", test_clock);

    let mut site = Router::new().route("/fn/{*name}", post(function)).fallback(file_or_page);
    for (path, export) in EXPORTS {
        site = site.route(path, export());
    }
    for path in pages() {
        site = site.route(&path, get(pages::page));
    }
    for (path, forms) in FORMS {
        site = site
            .route(path, post(move |state: State<AppState>, request: Request| forms::submit(state, request, forms)));
    }
    let site = site
        .layer(from_fn(say_in_readers_language))
        .layer(from_fn_with_state(state.clone(), share_link::record_landing))
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIMEOUT));

    let people = site
        .merge(streams)
        .merge(tests)
        .layer(from_fn_with_state(state.clone(), request_context::identify))
        .layer(csrf)
        .layer(from_fn(explain_refusal))
        .layer(TraceLayer::new_for_http());

    people
        .merge(api::router(&state))
        .merge(webhooks)
        .layer(from_fn(run_to_end))
        .merge(monitors)
        .merge(themes)
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(state.clone(), headers::add_headers))
        .with_state(state)
}

/// Lets a request run to its end when its client has gone. Stopped anywhere, it could have committed what caches and
/// open pages are never told of, and would leave its connection to the database in the middle of a statement.
async fn run_to_end(request: Request, next: Next) -> Response {
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(stopped) => match stopped.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        },
    }
}

/// Errors that are one line of text are written in English first: here it is known who reads.
async fn say_in_readers_language(request: Request, next: Next) -> Response {
    let reader = request.extensions().get::<Arc<Identity>>().cloned();
    let mut response = next.run(request).await;
    if let (Some(reader), Some(error)) = (reader, response.extensions_mut().remove::<AppError>()) {
        *response.body_mut() = Body::from(reader.texts().error(&error));
    }
    response
}

/// What another site sends is refused without a word; whoever has sent it by a form learns why.
async fn explain_refusal(request: Request, next: Next) -> Response {
    if request.method().is_safe() || request.uri().path().starts_with("/fn/") {
        return next.run(request).await;
    }
    let language = request_context::language_of_browser(request.headers());
    let response = next.run(request).await;
    if response.extensions().get::<ProtectionError>().is_none() {
        return response;
    }
    (StatusCode::FORBIDDEN, Texts::new(language, TimeZone::UTC).problem_other_site()).into_response()
}

async fn file_or_page(state: State<AppState>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    match assets::file(state.site, &request) {
        Some(file) => file,
        None => pages::page(state, request).await,
    }
}

async fn function(State(state): State<AppState>, request: Request) -> Response {
    // The framework takes every failure to read for a malformed argument.
    let (parts, body) = request.into_parts();
    let bytes = match read_body(body).await {
        Ok(bytes) => bytes,
        Err(error) => return refused(&AppError::from(error).into()),
    };
    let texts = request_context::texts_of(&state, &parts);
    let request = Request::from_parts(parts, Body::from(bytes));
    let context = move || {
        provide_context(state.clone());
        provide_context(texts.clone());
    };
    let answer = leptos_axum::handle_server_fns_with_context(context, request).await;
    with_status(answer.into_response()).await
}

/// The answer of a function that was not called.
fn refused(refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "application/json")], json(refusal)).into_response()
}

/// A refused function is answered with 500 by the framework; the error inside knows better.
async fn with_status(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    if let Ok(refusal) = serde_json::from_slice::<Refusal>(&body) {
        parts.status = StatusCode::from_u16(refusal.status).unwrap_or(parts.status);
        if let Some(retry_after) = refusal.retry_after {
            parts.headers.insert(header::RETRY_AFTER, retry_after.into());
        }
    }
    Response::from_parts(parts, Body::from(body))
}

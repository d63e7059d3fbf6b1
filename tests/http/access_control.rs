//! Who may call what; and what no caller may do.

use crate::{
    on_both,
    site::{Browser, PASSWORD, Page, Site},
};
use passalong::{
    domain::accounts::{email::Email, username::Username},
    server::{
        http::router,
        store::{
            counter_check,
            user_profiles::{self, UserUpdate},
            users,
        },
    },
};
use reqwest::{Method, StatusCode};
use std::collections::BTreeSet;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum For {
    Everybody,
    Users,
    Admins,
    /// Only while there is no admin; afterwards there is nothing here.
    SetUp,
    /// This machine.
    Operators,
}

use For::{Admins, Everybody, Operators, SetUp, Users};

/// Every door of the site. A door that is not here fails the test.
const ROUTES: &[(&str, &str, For)] = &[
    ("GET", "/", Everybody),
    ("GET", "/signup", Everybody),
    ("GET", "/signin", Everybody),
    ("GET", "/signin/link", Everybody),
    ("GET", "/forgot", Everybody),
    ("GET", "/reset", Everybody),
    ("GET", "/verify", Everybody),
    ("GET", "/setup", SetUp),
    ("GET", "/dashboard", Users),
    ("GET", "/dashboard/qr.svg", Users),
    ("GET", "/dashboard/qr.png", Users),
    ("GET", "/profile", Users),
    ("GET", "/referrals", Users),
    ("POST", "/signup", Everybody),
    ("POST", "/signin", Everybody),
    ("POST", "/signin/link", Everybody),
    ("POST", "/forgot", Everybody),
    ("POST", "/reset", Everybody),
    ("POST", "/verify", Everybody),
    ("POST", "/signout", Everybody),
    ("POST", "/language", Everybody),
    ("POST", "/fn/choose_language", Everybody),
    ("POST", "/setup", SetUp),
    ("POST", "/dashboard", Users),
    ("POST", "/profile", Users),
    ("GET", "/r/{code}", Everybody),
    ("GET", "/live", Users),
    ("GET", "/healthz", Everybody),
    ("GET", "/readyz", Everybody),
    ("GET", "/metrics", Operators),
    ("GET", "/favicon.svg", Everybody),
    ("GET", "/theme/{color}", Everybody),
    ("POST", "/fn/load_home", Everybody),
    ("POST", "/fn/load_sign_up", Everybody),
    ("POST", "/fn/sign_up", Everybody),
    ("POST", "/fn/sign_in", Everybody),
    ("POST", "/fn/send_reset_link", Everybody),
    ("POST", "/fn/load_reset", Everybody),
    ("POST", "/fn/reset_password", Everybody),
    ("POST", "/fn/send_sign_in_link", Everybody),
    ("POST", "/fn/load_sign_in_link", Everybody),
    ("POST", "/fn/sign_in_by_link", Everybody),
    ("POST", "/fn/load_confirm", Everybody),
    ("POST", "/fn/confirm_email", Everybody),
    ("POST", "/fn/sign_out", Everybody),
    ("POST", "/fn/check_code", Everybody),
    ("POST", "/fn/load_set_up", SetUp),
    ("POST", "/fn/set_up", SetUp),
    ("POST", "/fn/load_dashboard", Users),
    ("POST", "/fn/load_friends", Users),
    ("POST", "/fn/load_profile", Users),
    ("POST", "/fn/redeem_reward", Users),
    ("POST", "/fn/choose_option", Users),
    ("POST", "/fn/change_password", Users),
    ("POST", "/fn/end_session", Users),
    ("POST", "/fn/change_email", Users),
    ("POST", "/fn/send_confirmation", Users),
    ("POST", "/fn/delete_account", Users),
    ("GET", "/admin", Admins),
    ("POST", "/admin", Admins),
    ("GET", "/admin/codes", Admins),
    ("GET", "/admin/codes/new", Admins),
    ("GET", "/admin/codes/{id}", Admins),
    ("GET", "/admin/settings", Admins),
    ("GET", "/admin/users", Admins),
    ("GET", "/admin/users/{id}", Admins),
    ("GET", "/admin/referrals", Admins),
    ("GET", "/admin/referrals/{id}", Admins),
    ("GET", "/admin/audit", Admins),
    ("POST", "/admin/codes", Admins),
    ("POST", "/admin/codes/new", Admins),
    ("POST", "/admin/codes/{id}", Admins),
    ("POST", "/admin/settings", Admins),
    ("POST", "/admin/users/{id}", Admins),
    ("POST", "/admin/referrals/{id}", Admins),
    ("POST", "/fn/load_codes", Admins),
    ("POST", "/fn/load_code_rows", Admins),
    ("POST", "/fn/load_code", Admins),
    ("POST", "/fn/load_new_code", Admins),
    ("POST", "/fn/create_code", Admins),
    ("POST", "/fn/update_code", Admins),
    ("POST", "/fn/validate_code", Admins),
    ("POST", "/fn/set_code_active", Admins),
    ("POST", "/fn/delete_code", Admins),
    ("POST", "/fn/find_users", Admins),
    ("POST", "/fn/load_settings", Admins),
    ("POST", "/fn/update_settings", Admins),
    ("POST", "/fn/load_overview", Admins),
    ("POST", "/fn/hide_checklist", Admins),
    ("POST", "/fn/load_users", Admins),
    ("POST", "/fn/load_user", Admins),
    ("POST", "/fn/update_user", Admins),
    ("POST", "/fn/load_audit", Admins),
    ("GET", "/admin/codes/bulk", Admins),
    ("GET", "/admin/codes/bulk/{id}", Admins),
    ("GET", "/admin/codes.csv", Admins),
    ("GET", "/admin/codes/bulk/{id}/codes.csv", Admins),
    ("GET", "/admin/codes/{id}/usages.csv", Admins),
    ("GET", "/admin/users.csv", Admins),
    ("GET", "/admin/audit.csv", Admins),
    ("POST", "/admin/codes/bulk", Admins),
    ("POST", "/admin/codes/bulk/{id}", Admins),
    ("POST", "/fn/load_batch", Admins),
    ("POST", "/fn/switch_batch", Admins),
    ("POST", "/fn/set_batch_expiry", Admins),
    ("POST", "/fn/delete_batch", Admins),
    ("POST", "/fn/mail_codes", Admins),
    ("POST", "/fn/load_bulk_job", Admins),
    ("POST", "/fn/load_bulk_jobs", Admins),
    ("POST", "/fn/request_bulk_codes", Admins),
    ("POST", "/fn/load_attributions", Admins),
    ("POST", "/fn/load_attribution", Admins),
    ("POST", "/fn/correct_attribution", Admins),
    ("GET", "/admin/api-keys", Admins),
    ("POST", "/admin/api-keys", Admins),
    ("POST", "/fn/load_api_keys", Admins),
    ("POST", "/fn/create_api_key", Admins),
    ("POST", "/fn/create_publishable_key", Admins),
    ("POST", "/fn/set_key_origins", Admins),
    ("POST", "/fn/take_over_api_key", Admins),
    ("POST", "/fn/revoke_api_key", Admins),
    ("GET", "/admin/system", Admins),
    ("POST", "/admin/system", Admins),
    ("POST", "/fn/load_system", Admins),
    ("POST", "/fn/retry_job", Admins),
    ("POST", "/fn/resend_mail", Admins),
    ("POST", "/fn/delete_mail", Admins),
    ("POST", "/fn/send_test_mail", Admins),
    ("GET", "/admin/conversions", Admins),
    ("GET", "/admin/conversions/new", Admins),
    ("GET", "/admin/conversions/{id}", Admins),
    ("POST", "/admin/conversions/new", Admins),
    ("POST", "/admin/conversions/{id}", Admins),
    ("POST", "/fn/load_conversions", Admins),
    ("POST", "/fn/load_conversion", Admins),
    ("POST", "/fn/load_new_conversion", Admins),
    ("POST", "/fn/add_payment", Admins),
    ("POST", "/fn/refund_payment", Admins),
    ("POST", "/fn/correct_amount", Admins),
    ("POST", "/fn/link_payer", Admins),
    ("GET", "/admin/rewards", Admins),
    ("GET", "/admin/rewards/{id}", Admins),
    ("GET", "/admin/rewards.csv", Admins),
    ("GET", "/admin/conversions.csv", Admins),
    ("POST", "/admin/rewards", Admins),
    ("POST", "/admin/rewards/{id}", Admins),
    ("POST", "/fn/load_rewards", Admins),
    ("POST", "/fn/load_reward", Admins),
    ("POST", "/fn/approve_rewards", Admins),
    ("POST", "/fn/void_rewards", Admins),
    ("POST", "/fn/settle_rewards", Admins),
    ("POST", "/fn/write_off_rewards", Admins),
    ("POST", "/fn/mark_reward_delivered", Admins),
    ("GET", "/admin/review", Admins),
    ("POST", "/admin/review", Admins),
    ("POST", "/fn/load_reviews", Admins),
    ("POST", "/fn/approve_review", Admins),
    ("POST", "/fn/approve_reviews_of", Admins),
    ("POST", "/fn/reject_review", Admins),
    ("POST", "/fn/undo_review", Admins),
    ("GET", "/admin/rules", Admins),
    ("GET", "/admin/rules/new", Admins),
    ("GET", "/admin/rules/{id}", Admins),
    ("POST", "/admin/rules", Admins),
    ("POST", "/admin/rules/new", Admins),
    ("POST", "/admin/rules/{id}", Admins),
    ("POST", "/fn/load_rules", Admins),
    ("POST", "/fn/load_rule", Admins),
    ("POST", "/fn/load_new_rule", Admins),
    ("POST", "/fn/create_rule", Admins),
    ("POST", "/fn/update_rule", Admins),
    ("POST", "/fn/set_rule_active", Admins),
    ("POST", "/fn/delete_rule", Admins),
    ("POST", "/fn/rule_sentence", Admins),
    ("GET", "/admin/webhooks", Admins),
    ("GET", "/admin/webhooks/{id}", Admins),
    ("GET", "/admin/webhooks/deliveries/{id}", Admins),
    ("POST", "/admin/webhooks", Admins),
    ("POST", "/admin/webhooks/{id}", Admins),
    ("POST", "/admin/webhooks/deliveries/{id}", Admins),
    ("POST", "/fn/load_webhooks", Admins),
    ("POST", "/fn/load_webhook", Admins),
    ("POST", "/fn/load_webhook_delivery", Admins),
    ("POST", "/fn/create_webhook_endpoint", Admins),
    ("POST", "/fn/update_webhook_endpoint", Admins),
    ("POST", "/fn/switch_webhook_endpoint", Admins),
    ("POST", "/fn/rotate_webhook_secret", Admins),
    ("POST", "/fn/send_test_event", Admins),
    ("POST", "/fn/replay_events", Admins),
    ("POST", "/fn/delete_webhook_endpoint", Admins),
    ("POST", "/fn/redeliver", Admins),
    ("GET", "/api/docs", Everybody),
    ("POST", "/fn/load_api_docs", Everybody),
    ("GET", "/api/v1/openapi.json", Everybody),
    // Nothing here, for everybody alike.
    ("GET", "/no-such-page", SetUp),
    ("POST", "/test/clock", SetUp),
    ("POST", "/fn/no_such_function", Operators),
    ("DELETE", "/dashboard", Operators),
];

async fn send(browser: &Browser, method: &str, path: &str, headers: &[(&str, &str)], body: &'static str) -> Page {
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let mut request =
        browser.client.request(method, browser.url(&path.replace("{code}", "NO-SUCH").replace("{id}", "999999")));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.body(body).send().await.expect("an answer");
    if response.headers().get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream")) {
        // Such an answer does not end.
        return Page { status: response.status(), headers: response.headers().clone(), body: String::new() };
    }
    Page::read(response).await
}

const JSON: [(&str, &str); 1] = [("content-type", "application/json")];
const FORM: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];

#[test]
fn every_page_form_and_function_is_in_the_table() {
    let known: BTreeSet<(&str, &str)> = ROUTES.iter().map(|(method, path, _)| (*method, *path)).collect();
    let pages = router::pages().into_iter().map(|path| ("GET", path));
    let forms = router::FORMS.into_iter().map(|(path, _)| ("POST", path.to_owned()));
    let functions = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| ("POST", path.to_owned()));
    let exports = router::EXPORTS.into_iter().map(|(path, _)| ("GET", path.to_owned()));
    let routes: Vec<_> = pages.chain(forms).chain(functions).chain(exports).collect();
    assert!(routes.len() > 20, "{routes:?}");
    for (method, path) in &routes {
        assert!(known.contains(&(*method, path.as_str())), "{method} {path} is not in the table of who may call");
    }
}

on_both!(only_who_may_comes_in, |db| {
    let site = Site::start(db).await;
    let disabled = site.user("disabled").await;
    let mut tx = site.state.db.begin().await.expect("a transaction");
    let email = Email::parse("disabled@example.com").expect("an address");
    let id = users::by_email(&mut tx, &email).await.expect("read").expect("an account").id;
    // The session stays: it must be refused all the same.
    let update = UserUpdate {
        email: &email,
        username: &Username::parse("disabled").expect("a name"),
        external_id: None,
        account_id: None,
        full_name: None,
        phone: None,
        locale: None,
        goal: 10,
        admin: false,
        disabled_at: Some(site.clock.now()),
    };
    user_profiles::update(&mut tx, id, &update).await.expect("disabled");
    tx.commit().await.expect("stored");
    let callers = [
        ("anonymous", site.browser(), false),
        ("disabled", disabled, false),
        ("user", site.user("ann").await, true),
        ("admin", site.admin().await, true),
    ];
    for &(method, path, who) in ROUTES {
        for (name, caller, known) in &callers {
            // A form that leads nowhere: it must be refused for what it lacks, or for who sends it.
            let body = match path {
                "/profile" => "form=end_session&id=999999",
                "/fn/find_users" => "q=ann",
                "/fn/rule_sentence" => "{\"fields\":{}}",
                "/fn/load_codes" => "{\"filter\":{}}",
                "/fn/load_code_rows" => "{\"ids\":[999999]}",
                _ => "id=999999",
            };
            let kind = if body.starts_with('{') { &JSON } else { &FORM };
            if path.ends_with("sign_out") || path == "/signout" {
                continue;
            }
            let status =
                send(caller, method, path, kind, if method == "GET" { "" } else { body }).await.status.as_u16();
            let sent_away = matches!(status, 303 | 401);
            match who {
                Users if !known => assert!(sent_away, "{name} {method} {path}: {status}"),
                Users => assert!(!sent_away && status != 403 && status < 500, "{name} {method} {path}: {status}"),
                Admins if !known => assert!(sent_away, "{name} {method} {path}: {status}"),
                Admins if *name != "admin" => assert_eq!(status, 403, "{name} {method} {path}"),
                Admins => assert!(
                    !sent_away && status != 403 && status < 500 || status == 303,
                    "{name} {method} {path}: {status}"
                ),
                SetUp => assert_eq!(status, 404, "{name} {method} {path}"),
                Everybody => assert!(!matches!(status, 401 | 403) && status < 500, "{name} {method} {path}: {status}"),
                Operators => assert!(status < 500, "{name} {method} {path}: {status}"),
            }
        }
    }
});

on_both!(metrics_answer_this_machine_only, |db| {
    let site = Site::start(db).await;
    let metrics = site.browser().get("/metrics").await;
    assert!(metrics.status == StatusCode::OK && metrics.body.contains("passalong_clicks_recorded_total"));
    let proxied = send(&site.browser(), "GET", "/metrics", &[("x-forwarded-for", "203.0.113.9")], "").await;
    assert_eq!(proxied.status, StatusCode::FORBIDDEN);
});

on_both!(other_sites_cannot_send_forms, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let before = {
        let mut tx = site.state.db.read().await.expect("a transaction");
        counter_check::totals(&mut tx).await.expect("counted")
    };
    let foreign: [&[(&str, &str)]; 4] = [
        &[("origin", "https://evil.example")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site"), ("origin", "https://other.example")],
        &[("origin", "null")],
    ];
    let kinds =
        ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", "application/json"];
    for (method, path, _) in ROUTES.iter().filter(|(method, ..)| *method == "POST") {
        for headers in foreign {
            for kind in kinds {
                let headers: Vec<_> = headers.iter().copied().chain([("content-type", kind)]).collect();
                let body = "form=delete_account&email=x%40example.com&username=xxx&password=tr4m-line-7";
                let page = send(&ann, method, path, &headers, body).await;
                assert_eq!(page.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            }
        }
    }
    assert_eq!(ann.get("/dashboard").await.status, StatusCode::OK);
    let after = {
        let mut tx = site.state.db.read().await.expect("a transaction");
        counter_check::totals(&mut tx).await.expect("counted")
    };
    assert_eq!(before, after);
    // The site's own forms pass, and so do clients that are no browsers.
    let own = [("origin", site.state.base_url.as_str()), ("content-type", FORM[0].1)];
    assert_eq!(send(&ann, "POST", "/signout", &own, "").await.status, StatusCode::SEE_OTHER);
});

on_both!(every_answer_carries_its_headers, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    for &(method, path, _) in ROUTES {
        let page = send(&ann, method, path, &FORM, "").await;
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        let secret = ["/reset", "/verify", "/signin/link"].contains(&path);
        let referrer = if secret { "no-referrer" } else { "strict-origin-when-cross-origin" };
        assert_eq!(page.header("referrer-policy"), referrer, "{path}");
        let policy = page.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
    }
    let page = ann.get("/dashboard").await;
    assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
    assert_eq!(page.header("cache-control"), "no-store");
    let policy = page.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
    assert!(page.body.contains(&format!("nonce=\"{nonce}\"")));
    assert_ne!(nonce, ann.get("/dashboard").await.header("content-security-policy"));
});

on_both!(on_https_cookies_and_transport_are_guarded, |db| {
    let site = Site::start_with(db, &["--base-url", "https://refer.example.com"]).await;
    let browser = Browser { base: format!("http://127.0.0.1:{}", site.port), ..site.browser() };
    let page = browser.sign_up("ann", &[]).await;
    let cookies = page.cookies();
    assert!(cookies.iter().any(|c| c.starts_with("__Host-passalong_session=") && c.contains("Secure")), "{cookies:?}");
    assert!(cookies.iter().all(|c| c.contains("Secure")), "{cookies:?}");
    assert!(page.header("strict-transport-security").contains("max-age="));
});

on_both!(nobody_is_sent_to_other_sites, |db| {
    let site = Site::start(db).await;
    site.user("ann").await;
    let away = [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/%0d%0aSet-Cookie:x=1",
        "/a\r\nLocation: https://evil.example",
        "javascript:alert(1)",
        "\t//evil.example",
        "",
    ];
    for next in away {
        let fields = [("email", "ann@example.com"), ("password", PASSWORD), ("next", next)];
        let page = site.browser().post("/signin", &fields).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        assert!(
            page.location() == "/dashboard" || page.location() == "/%0d%0aSet-Cookie:x=1",
            "{next:?}: {}",
            page.location()
        );
    }
    let ann = site.user("bob").await;
    for (name, value) in [("host", "evil.example"), ("x-forwarded-host", "evil.example")] {
        let page = send(&ann, "GET", "/dashboard", &[(name, value)], "").await;
        assert!(!page.body.contains("evil.example"), "{name}");
    }
    let page = site.browser().get("/r/x?via=%0d%0aX-Evil:1&next=https://evil.example").await;
    assert_eq!(page.location(), "/signup?invitation=invalid");
    let page = site.browser().get("/dashboard?x=%0d%0aSet-Cookie:y=1").await;
    assert!(page.location().starts_with("/signin?next=%2Fdashboard"), "{}", page.location());
});

on_both!(what_people_type_is_text_wherever_it_is_shown, |db| {
    let site = Site::start(db).await;
    let evil = "<img src=x onerror=alert(1)>\"'><script>alert(1)</script>";
    site.set("program_name", &serde_json::to_string(evil).expect("JSON")).await;
    site.set("welcome_text", &serde_json::to_string(evil).expect("JSON")).await;
    let fields = [("email", evil), ("username", evil), ("password", "short"), ("code", evil), ("linked", evil)];
    let ann = site.user("ann").await;
    let refused = site.browser().post("/signup", &fields).await;
    let pages = [
        refused,
        site.browser().get("/").await,
        ann.get("/dashboard").await,
        ann.get("/profile").await,
        site.browser().get(&format!("/signin?next={}", "%22%3E%3Cscript%3Ealert(1)%3C/script%3E")).await,
    ];
    for page in pages {
        assert!(!page.body.contains("<img src=x") && !page.body.contains("<script>alert"), "{}", page.body);
    }
});

on_both!(too_much_is_refused_without_harm, |db| {
    let site = Site::start(db).await;
    let browser = site.browser();
    let huge = "x".repeat(1_000_000);
    let page = browser.post("/signup", &[("email", &huge)]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    // What was not read ends the connection: the next request takes a new one.
    let browser = site.browser();
    let many: String = (0..5_000).map(|n| format!("k{n}=v&")).collect();
    let response =
        browser.client.post(browser.url("/signin")).header("content-type", FORM[0].1).body(many).send().await;
    assert!(response.expect("an answer").status().is_client_error());
    let response = browser.client.get(browser.url("/")).header("x-long", "y".repeat(60_000)).send().await;
    assert!(response.is_err() || response.is_ok_and(|r| r.status().is_client_error() || r.status().is_success()));
    assert_eq!(browser.get("/healthz").await.body, "ok");
});

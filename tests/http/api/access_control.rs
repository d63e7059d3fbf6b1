//! Who may call what, and how everything is refused.

use super::Api;
use crate::{on_both, site::Site};
use passalong::server::api;
use serde_json::json;
use std::collections::BTreeSet;

/// Every door of the API and the scope that it needs. A door that is not here fails the test.
const ROUTES: [(&str, &str, &str); 57] = [
    ("GET", "/codes", "read"),
    ("POST", "/codes", "write"),
    ("POST", "/codes/bulk", "write"),
    ("GET", "/codes/bulk/{id}", "read"),
    ("POST", "/codes/validate", "read"),
    ("GET", "/codes/{id}", "read"),
    ("PATCH", "/codes/{id}", "write"),
    ("DELETE", "/codes/{id}", "write"),
    ("GET", "/codes/by-code/{code}", "read"),
    ("GET", "/codes/{id}/usages", "read"),
    ("GET", "/users", "read"),
    ("POST", "/users", "write"),
    ("GET", "/users/{id}", "read"),
    ("PATCH", "/users/{id}", "write"),
    ("DELETE", "/users/{id}", "admin"),
    ("PUT", "/users/{id}/referral", "admin"),
    ("POST", "/users/{id}/login-link", "write"),
    ("GET", "/users/{id}/stats", "read"),
    ("GET", "/users/{id}/referrals", "read"),
    ("POST", "/clicks", "write"),
    ("GET", "/conversions", "read"),
    ("POST", "/conversions", "write"),
    ("GET", "/conversions/{id}", "read"),
    ("POST", "/conversions/{id}/refunds", "write"),
    ("GET", "/rules", "read"),
    ("POST", "/rules", "admin"),
    ("GET", "/rules/{id}", "read"),
    ("PATCH", "/rules/{id}", "admin"),
    ("DELETE", "/rules/{id}", "admin"),
    ("GET", "/rewards", "read"),
    ("GET", "/rewards/{id}", "read"),
    ("POST", "/rewards/{id}/redeem", "write"),
    ("POST", "/rewards/{id}/choose", "write"),
    ("POST", "/rewards/{id}/approve", "admin"),
    ("POST", "/rewards/{id}/void", "admin"),
    ("POST", "/rewards/{id}/delivered", "write"),
    ("GET", "/users/{id}/rewards", "read"),
    ("GET", "/users/{id}/balances", "read"),
    ("POST", "/users/{id}/balances/{kind}/use", "write"),
    ("GET", "/settings", "read"),
    ("PATCH", "/settings", "admin"),
    ("GET", "/stats", "read"),
    ("GET", "/events", "read"),
    ("GET", "/webhook-endpoints", "read"),
    ("POST", "/webhook-endpoints", "admin"),
    ("GET", "/webhook-endpoints/{id}", "read"),
    ("PATCH", "/webhook-endpoints/{id}", "admin"),
    ("DELETE", "/webhook-endpoints/{id}", "admin"),
    ("POST", "/webhook-endpoints/{id}/rotate-secret", "admin"),
    ("POST", "/webhook-endpoints/{id}/test", "admin"),
    ("POST", "/webhook-endpoints/{id}/replay", "admin"),
    ("GET", "/webhook-deliveries", "read"),
    ("GET", "/webhook-deliveries/{id}", "read"),
    ("POST", "/webhook-deliveries/{id}/redeliver", "admin"),
    ("GET", "/api-keys", "admin"),
    ("POST", "/api-keys", "admin"),
    ("DELETE", "/api-keys/{id}", "admin"),
];

/// What a publishable key opens.
const OPEN_TO_PAGES: [&str; 2] = ["/clicks", "/codes/validate"];

#[test]
fn every_door_is_in_the_table_with_its_scope() {
    let described: BTreeSet<_> = api::document::required_scopes()
        .into_iter()
        .map(|((method, path), scope)| (method, path.trim_start_matches(api::routes::ROOT).to_owned(), scope))
        .collect();
    let known: BTreeSet<_> =
        ROUTES.iter().map(|(m, p, s)| ((*m).to_owned(), (*p).to_owned(), (*s).to_owned())).collect();
    assert_eq!(described, known);
    let document = serde_json::to_value(api::document::document()).expect("JSON");
    let paths = document["paths"].as_object().expect("paths").iter();
    let open = paths.filter(|(_, item)| item.to_string().contains("{\"publishable\":[]}"));
    let open: Vec<_> = open.map(|(path, _)| path.trim_start_matches(api::routes::ROOT)).collect();
    assert_eq!((open.as_slice(), api::publishable::OPEN), (&OPEN_TO_PAGES[..], OPEN_TO_PAGES));
}

on_both!(only_a_key_with_the_scope_comes_in, |db| {
    let site = Site::start(db).await;
    let revoked = Api::new(&site, "admin").await;
    let mut tx = site.state.db.begin().await.expect("a transaction");
    let keys = passalong::server::store::api_keys::all(&mut tx).await.expect("keys");
    passalong::server::store::api_keys::revoke(&mut tx, keys[0].id, site.clock.now()).await.expect("revoked");
    tx.commit().await.expect("stored");
    let callers = [
        ("nobody", Api::with(&site, ""), 0),
        ("wrong", Api::with(&site, "pal_wrong"), 0),
        ("revoked", revoked, 0),
        ("read", Api::new(&site, "read").await, 1),
        ("write", Api::new(&site, "write").await, 2),
        ("admin", Api::new(&site, "admin").await, 3),
    ];
    let page = Api::publishable(&site, "https://shop.example").await;
    for (method, path, scope) in ROUTES {
        let needed = ["read", "write", "admin"].iter().position(|s| *s == scope).expect("a scope") + 1;
        let path = path.replace("{id}", "999999").replace("{code}", "NO-SUCH");
        for (name, caller, strength) in &callers {
            // Nothing is changed by this, for who may come in.
            let body = matches!(method, "POST" | "PATCH" | "PUT").then(|| json!({"no_such_field": 1}));
            let answer = caller.send(method, &path, &[], body).await;
            let what = format!("{name} {method} {path}: {answer:?}");
            match strength {
                0 => assert_eq!((answer.status, answer.code()), (401, "unauthorized"), "{what}"),
                _ if *strength < needed => assert_eq!((answer.status, answer.code()), (403, "forbidden"), "{what}"),
                _ => assert!(matches!(answer.status, 200 | 404 | 422), "{what}"),
            }
        }
        let body = matches!(method, "POST" | "PATCH" | "PUT").then(|| json!({"no_such_field": 1}));
        let answer = page.send(method, &path, &[("origin", "https://shop.example")], body).await;
        let told = if OPEN_TO_PAGES.contains(&&*path) { (422, "validation") } else { (403, "forbidden") };
        assert_eq!((answer.status, answer.code()), told, "a page {method} {path}: {answer:?}");
    }
});

on_both!(everything_that_goes_wrong_is_a_problem, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "admin").await;
    let code = |method: &'static str, path: &'static str, headers: &'static [(&str, &str)], body: Option<String>| {
        let api = api.clone();
        async move {
            let answer = api.send_text(method, path, headers, body.as_deref()).await;
            (answer.status, answer.code().to_owned())
        }
    };
    let told = |status, code: &str| (status, code.to_owned());
    for path in ["/no-such-thing", "", "/", "/codes/1/2/3"] {
        assert_eq!(code("GET", path, &[], None).await, told(404, "not_found"), "{path}");
    }
    assert_eq!(code("PUT", "/codes", &[], None).await, told(405, "method_not_allowed"));
    assert_eq!(code("DELETE", "/settings", &[], None).await, told(405, "method_not_allowed"));
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(code("POST", "/codes", &[], some("{")).await, told(400, "malformed_request"));
    assert_eq!(code("POST", "/codes", &[], some(&"[".repeat(60_000))).await, told(400, "malformed_request"));
    assert_eq!(code("POST", "/codes", &[], some("[]")).await, told(422, "validation"));
    let plain = &[("content-type", "text/plain")];
    assert_eq!(code("POST", "/codes", plain, some("{}")).await, told(415, "unsupported_media_type"));
    let form = &[("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(code("PATCH", "/settings", form, some("a=b")).await, told(415, "unsupported_media_type"));
    assert_eq!(code("POST", "/codes", &[], some(&"x".repeat(70_000))).await, told(413, "too_large"));
    let answer = api.send("PUT", "/codes", &[], None).await;
    assert_eq!((answer.header("allow"), answer.header("x-content-type-options")), ("GET,HEAD,POST", "nosniff"));
    assert_eq!(answer.body["type"], "/api/docs#method_not_allowed");
});

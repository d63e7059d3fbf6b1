use super::Api;
use crate::{on_both, site::Site};
use reqwest::StatusCode;
use serde_json::json;
use std::time::Duration;

on_both!(an_admin_makes_a_key_sees_it_once_and_revokes_it, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let page = admin.get("/admin/api-keys").await;
    assert_eq!((page.status, page.find("#secret")), (StatusCode::OK, None));
    for (name, scopes, field) in [("", "read", "name"), ("Shop", "root", "scopes")] {
        let fields = [("form", "create_api_key"), ("name", name), ("scopes", scopes)];
        let refused = admin.post("/admin/api-keys", &fields).await;
        assert_eq!((refused.status, refused.alerts().len()), (StatusCode::UNPROCESSABLE_ENTITY, 1), "{field}");
        assert_eq!(refused.find("[name=name]").as_deref(), Some(name));
    }
    let fields = [("form", "create_api_key"), ("name", "Shop <b>"), ("scopes", "read,write")];
    let made = admin.post("/admin/api-keys", &fields).await;
    assert_eq!((made.status, made.header("cache-control")), (StatusCode::OK, "no-store"));
    let secret = made.find("#secret").expect("the key");
    assert!(secret.starts_with("pal_") && secret.len() == 47, "{secret}");
    assert!(made.cookies().is_empty(), "{:?}", made.cookies());
    let api = Api::with(&site, &secret);
    assert_eq!(api.get("/settings").await.status, 200);
    // From now on nobody sees it, and the list says that it was used.
    let used = async {
        loop {
            let page = admin.get("/admin/api-keys").await;
            assert!(!page.body.contains(&secret), "the secret is shown again");
            assert!(page.text().contains(&secret[43..]) && page.text().contains("Shop <b>"), "{}", page.text());
            if page.text().contains("14 November 2026, 11:33 UTC") {
                return page;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let page = tokio::time::timeout(Duration::from_secs(20), used).await.expect("the use is written down");
    let id = page.find("[name=id]").expect("an id");
    let revoked = admin.post("/admin/api-keys", &[("form", "revoke_api_key"), ("id", &id)]).await;
    assert_eq!((revoked.status, revoked.location()), (StatusCode::SEE_OTHER, "/admin/api-keys?done=revoked"));
    assert_eq!(api.get("/settings").await.code(), "unauthorized");
    let page = admin.get("/admin/api-keys").await;
    assert!(page.text().contains("Revoked") && page.find("[value=revoke_api_key]").is_none());
    let log = admin.get("/admin/audit").await;
    assert!(log.text().contains("API key made") && log.text().contains("API key revoked"), "{}", log.text());
    assert!(!log.body.contains(&secret));
    assert_eq!(admin.post("/admin/api-keys", &[("form", "revoke_api_key"), ("id", "999")]).await.status, 404);
});

on_both!(wrong_keys_are_refused_for_a_while_and_right_ones_are_not, |db| {
    let site = Site::start_with(db, &["--rate-limits", "on"]).await;
    let (right, wrong) = (Api::new(&site, "read").await, Api::with(&site, "pal_wrong"));
    let mut refused = 0;
    for _ in 0..25 {
        let answer = wrong.get("/codes").await;
        if answer.status == 429 {
            assert_eq!(answer.code(), "rate_limited");
            assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0));
            refused += 1;
        } else {
            assert_eq!((answer.code(), answer.header("www-authenticate")), ("unauthorized", "Bearer"));
        }
    }
    assert!((3..=5).contains(&refused), "{refused}");
    for _ in 0..30 {
        right.get("/codes").await.with(200);
    }
});

on_both!(a_cookie_opens_nothing_here_and_other_sites_need_a_key, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let response = admin.client.get(admin.url("/api/v1/settings")).send().await.expect("an answer");
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    let body = json!({"description": "d"});
    let foreign = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    let none = Api::with(&site, "");
    assert_eq!(none.send("POST", "/codes", &foreign, Some(body.clone())).await.code(), "unauthorized");
    // A program behind a browser's page is still a program with a key.
    let api = Api::new(&site, "write").await;
    let made = api.send("POST", "/codes", &foreign, Some(body)).await;
    assert_eq!((made.status, made.header("access-control-allow-origin")), (201, ""));
});

use super::Api;
use crate::{
    on_both,
    site::{Browser, PASSWORD, Site},
};
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
    assert_eq!((made.status, made.location()), (StatusCode::SEE_OTHER, "/admin/api-keys?new=1"));
    // The browser alone holds the secret, for a minute and this page.
    let [cookie] = &made.cookies()[..] else { panic!("{:?}", made.cookies()) };
    assert!(cookie.starts_with("passalong_new_key=pal_"), "{cookie}");
    assert!(cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/admin/api-keys; Max-Age=60"), "{cookie}");
    let page = admin.get(made.location()).await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"));
    let secret = page.find("#secret").expect("the key");
    assert!(secret.starts_with("pal_") && secret.len() == 47, "{secret}");
    assert_eq!(page.find("[data-copy=secret]").as_deref(), Some("Copy"));
    assert!(page.cookies()[0].starts_with("passalong_new_key=;") && page.cookies()[0].ends_with("Max-Age=0"));
    let again = admin.get(made.location()).await;
    assert!(again.find("#secret").is_none() && again.text().contains("This key was already shown"));
    let api = Api::with(&site, &secret);
    assert_eq!(api.get("/settings").await.status, 200);
    // From now on nobody sees it, and the list says that it was used.
    let used = async {
        loop {
            let page = admin.get("/admin/api-keys").await;
            assert!(!page.body.contains(&secret), "the secret is shown again");
            assert!(page.text().contains(&secret[43..]) && page.text().contains("Shop <b>"), "{}", page.text());
            if page.body.contains("title=\"14 November 2026, 11:33 UTC\"") {
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
    assert!(log.text().contains("API key created") && log.text().contains("API key revoked"), "{}", log.text());
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

/// Somebody who is an admin from now on, and their id.
async fn second_admin(site: &Site, admin: &Browser, name: &str) -> (Browser, String) {
    let browser = site.user(name).await;
    let mut tx = site.state.db.read().await.expect("a transaction");
    let id = passalong::server::store::user_names::named(&mut tx, name).await.expect("read").expect("an account");
    drop(tx);
    set_rights(admin, &id.to_string(), &[("admin", "true")]).await;
    (browser, id.to_string())
}

async fn set_rights(admin: &Browser, id: &str, rights: &[(&str, &str)]) {
    let mut fields = vec![("form", "update_user"), ("id", id), ("goal", "10")];
    fields.extend(rights);
    let page = admin.post(&format!("/admin/users/{id}"), &fields).await;
    assert!(page.location().ends_with("?done=saved"), "{}", page.text());
}

/// A key that an admin makes.
async fn made(site: &Site, admin: &Browser, name: &str) -> Api {
    let fields = [("form", "create_api_key"), ("name", name), ("scopes", "read,write,admin")];
    let made = admin.post("/admin/api-keys", &fields).await;
    Api::with(site, &admin.get(made.location()).await.find("#secret").expect("the key"))
}

on_both!(a_key_ends_with_the_admin_it_belongs_to, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let free = Api::new(&site, "admin").await;
    let (bob, id) = second_admin(&site, &admin, "bob").await;
    let key = made(&site, &bob, "Shop").await;
    let said = async || admin.get("/admin/api-keys").await.text();
    assert_eq!(key.get("/settings").await.status, 200);
    assert!(said().await.contains("owned by bob") && !said().await.contains("Stopped"));
    for rights in [&[][..], &[("admin", "true"), ("disabled", "true")]] {
        set_rights(&admin, &id, rights).await;
        assert_eq!(key.get("/settings").await.code(), "unauthorized");
        let said = said().await;
        assert!(said.contains("Stopped") && said.contains("owned by bob, who is no longer an active admin"), "{said}");
        set_rights(&admin, &id, &[("admin", "true")]).await;
        assert_eq!(key.get("/settings").await.status, 200);
    }
    // It is said beforehand.
    assert!(admin.get(&format!("/admin/users/{id}")).await.text().contains("their API keys stop working"));
    free.delete(&format!("/users/{id}")).await.with(204);
    assert_eq!(key.get("/settings").await.code(), "unauthorized");
    assert!(said().await.contains("owned by a deleted account"));
    assert_eq!(free.get("/settings").await.status, 200, "a key of the command line goes on");
    // Nobody who comes later gets the number of somebody who is gone.
    let (_, next) = second_admin(&site, &admin, "next").await;
    assert_ne!(next, id);
    assert_eq!(key.get("/settings").await.code(), "unauthorized");
});

on_both!(a_key_is_taken_over_before_or_after_its_admin_leaves, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let (bob, _) = second_admin(&site, &admin, "bob").await;
    let (before, after, revoked) =
        (made(&site, &bob, "Before").await, made(&site, &bob, "After").await, made(&site, &bob, "Revoked").await);
    let ids: Vec<_> = {
        let mut tx = site.state.db.read().await.expect("a transaction");
        let keys = passalong::server::store::api_keys::all(&mut tx).await.expect("keys");
        keys.into_iter().rev().map(|key| key.id.to_string()).collect()
    };
    let post = |form: &'static str, id: &str| {
        let (admin, id) = (admin.clone(), id.to_owned());
        async move { admin.post("/admin/api-keys", &[("form", form), ("id", &id)]).await }
    };
    assert_eq!(post("revoke_api_key", &ids[2]).await.location(), "/admin/api-keys?done=revoked");
    let offered = async || admin.get("/admin/api-keys").await.body.matches("take_over_api_key").count();
    assert_eq!(offered().await, 2);
    assert_eq!(post("take_over_api_key", &ids[0]).await.location(), "/admin/api-keys?done=taken-over");
    assert_eq!(offered().await, 1);
    assert!(bob.get("/profile").await.text().contains("Your API keys stop working"));
    let page = bob.post("/profile", &[("form", "delete_account"), ("password", PASSWORD)]).await;
    assert_eq!(page.location(), "/?done=deleted");
    assert_eq!(before.get("/settings").await.status, 200);
    assert_eq!(after.get("/settings").await.code(), "unauthorized");
    assert_eq!(post("take_over_api_key", &ids[1]).await.location(), "/admin/api-keys?done=taken-over");
    assert_eq!(after.get("/settings").await.status, 200);
    post("take_over_api_key", &ids[2]).await;
    assert_eq!(revoked.get("/settings").await.code(), "unauthorized");
    assert_eq!(post("take_over_api_key", "999").await.status, 404);
    let log = admin.get("/admin/audit").await.text();
    assert_eq!(log.matches("API key taken over").count(), 3, "twice, and once to choose: {log}");
    assert_eq!(
        site.user("carl").await.post("/admin/api-keys", &[("form", "take_over_api_key"), ("id", "1")]).await.status,
        403
    );
});

on_both!(a_key_of_nobody_is_not_taken_over, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let free = Api::new(&site, "admin").await;
    let page = admin.get("/admin/api-keys").await;
    assert!(page.text().contains("no owner") && !page.body.contains("take_over_api_key"));
    let id = page.find("form:has([value=revoke_api_key]) [name=id]").expect("an id");
    admin.post("/admin/api-keys", &[("form", "take_over_api_key"), ("id", &id)]).await;
    assert!(admin.get("/admin/api-keys").await.text().contains("no owner"));
    assert_eq!(free.get("/settings").await.status, 200);
});

use super::Api;
use crate::{on_both, site::Site};
use passalong::{domain::time::HOUR, server::store::counter_check};
use serde_json::{Value, json};

on_both!(a_visit_is_counted_like_one_by_a_link, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "admin").await;
    let ann = api.post("/users", json!({"email": "ann@example.com"})).await.with(201);
    let path = format!("/users/{}/stats", ann["id"]);
    let click = |more: Value| {
        let (api, mut body) = (api.clone(), json!({"code": ann["code"], "user_agent": "Firefox"}));
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        async move { api.post("/clicks", body).await }
    };
    let clicks = || async { api.get(&path).await.with(200)["clicks"].clone() };
    let first =
        click(json!({"ip": "192.0.2.7", "channel": "qr", "referrer": "https://news.example/x"})).await.with(201);
    assert!(first["click_id"].is_string() && first["suspicion"].is_null(), "{first}");
    // The same visitor within the hour is the same click.
    assert_eq!(click(json!({"ip": "192.0.2.7"})).await.with(201)["click_id"], first["click_id"]);
    assert_eq!(clicks().await, 1);
    assert_ne!(click(json!({"ip": "192.0.2.8"})).await.with(201)["click_id"], first["click_id"]);
    // Without an address everybody is somebody else.
    for _ in 0..2 {
        click(json!({})).await.with(201);
    }
    assert_eq!(clicks().await, 4);
    // Bots are kept and not counted, and what they left is no evidence.
    let bot = click(json!({"ip": "192.0.2.9", "user_agent": "Googlebot/2.1"})).await.with(201);
    assert_eq!((&bot["suspicion"], clicks().await), (&json!("bot"), json!(4)));
    for program in ["", "curl/8.14.1"] {
        let seen = click(json!({"ip": "192.0.2.10", "user_agent": program})).await.with(201);
        assert_eq!((&seen["suspicion"], clicks().await), (&json!("bot"), json!(4)), "{program}");
    }
    let bob = api.post("/users", json!({"email": "bob@example.com", "click_id": bot["click_id"]})).await.with(201);
    assert_eq!(bob["attribution"]["evidence"][0]["verdict"], "suspected");
    site.clock.set(site.clock.now().plus(HOUR));
    click(json!({"ip": "192.0.2.7"})).await.with(201);
    assert_eq!(clicks().await, 5);
    let mut tx = site.state.db.read().await.expect("a transaction");
    assert_eq!(counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
});

on_both!(a_visit_by_a_code_that_cannot_be_used_is_refused, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "admin").await;
    let click = |code: &'static str| {
        let api = api.clone();
        async move { api.post("/clicks", json!({"code": code, "ip": "192.0.2.7"})).await }
    };
    let unknown = click("NO-SUCH").await;
    assert_eq!((unknown.status, unknown.code()), (404, "code_not_found"));
    assert_eq!(click("?").await.code(), "code_not_found");
    api.post("/codes", json!({"code": "OFF", "description": "d", "active": false})).await.with(201);
    let off = click("OFF").await;
    assert_eq!((off.status, off.code()), (422, "code_inactive"));
    let wrong = api.post("/clicks", json!({"code": "OFF", "ip": "here"})).await;
    assert_eq!((wrong.code(), wrong.fields()), ("validation", vec!["ip"]));
    let long = api.post("/clicks", json!({"code": "OFF", "user_agent": "x".repeat(2_001)})).await;
    assert_eq!((long.code(), long.fields()), ("validation", vec!["user_agent"]));
    api.patch("/settings", json!({"referral_codes_enabled": false})).await.with(200);
    let paused = click("OFF").await;
    assert_eq!((paused.status, paused.code()), (409, "program_disabled"));
});

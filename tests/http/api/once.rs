use super::{Answer, Api};
use crate::{on_both, site::Site};
use futures::{StreamExt, stream};
use passalong::domain::time::{DAY, MINUTE};
use serde_json::{Value, json};

/// Sends a request that names itself.
async fn named(api: &Api, name: &str, path: &str, body: &Value) -> Answer {
    api.send("POST", path, &[("idempotency-key", name)], Some(body.clone())).await
}

on_both!(the_same_request_is_done_once_and_answered_alike, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let code = json!({"description": "random"});
    let first = named(&api, "a", "/codes", &code).await;
    assert_eq!(first.header("idempotency-replayed"), "");
    let first = first.with(201);
    let again = named(&api, "a", "/codes", &code).await;
    assert_eq!((again.header("idempotency-replayed"), again.header("content-type")), ("true", "application/json"));
    assert_eq!(again.with(201), first);
    let user = json!({"email": "ann@example.com"});
    let ann = named(&api, "b", "/users", &user).await.with(201);
    assert_eq!(named(&api, "b", "/users", &user).await.with(201), ann);
    let click = json!({"code": ann["code"]});
    let seen = named(&api, "c", "/clicks", &click).await.with(201);
    assert_eq!(named(&api, "c", "/clicks", &click).await.with(201), seen);
    assert_eq!(api.get(&format!("/users/{}/stats", ann["id"])).await.with(200)["clicks"], 1);
    let valid = json!({"code": ann["code"]});
    assert_eq!(named(&api, "d", "/codes/validate", &valid).await.with(200), json!({"valid": true}));
    assert_eq!(named(&api, "d", "/codes/validate", &valid).await.with(200), json!({"valid": true}));
    // What says the same is the same, however it is written.
    let headers = [("idempotency-key", "e")];
    let send = |body: &'static str| api.send_text("POST", "/codes", &headers, Some(body));
    let one = send(r#"{"description": "same", "max_uses": 7, "expires_at": null}"#).await.with(201);
    for body in [
        r#"{"expires_at":null,"max_uses":7,"description":"same"}"#,
        "\n{ \"max_uses\": 7,\r\n  \"description\": \"\\u0073ame\", \"expires_at\": null }\n",
    ] {
        let again = send(body).await;
        assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &one));
    }
    for body in [
        r#"{"description": "same", "max_uses": 8, "expires_at": null}"#,
        r#"{"description": "same", "max_uses": 7}"#,
        r#"{"description": "Same", "max_uses": 7, "expires_at": null}"#,
    ] {
        assert_eq!(send(body).await.code(), "idempotency_key_reused", "{body}");
    }
    api.delete(&format!("/codes/{}", one["id"])).await;
    // Another request of the same name, and the same name of another key.
    for (name, path, body) in [("a", "/codes", json!({"description": "other"})), ("b", "/codes", code.clone())] {
        let refused = named(&api, name, path, &body).await;
        assert_eq!((refused.status, refused.code()), (422, "idempotency_key_reused"));
    }
    let other = Api::new(&site, "admin").await;
    assert_ne!(named(&other, "a", "/codes", &code).await.with(201)["id"], first["id"]);
    assert_eq!(api.get("/codes").await.with(200)["data"].as_array().map(Vec::len), Some(2));
});

on_both!(what_was_refused_can_be_tried_again, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let user = json!({"email": "ann@example.com", "code": "SPRING"});
    assert_eq!(named(&api, "a", "/users", &user).await.code(), "code_not_found");
    assert_eq!(named(&api, "b", "/clicks", &json!({"code": "SPRING"})).await.code(), "code_not_found");
    api.post("/codes", json!({"code": "SPRING", "description": "d"})).await.with(201);
    named(&api, "a", "/users", &user).await.with(201);
    named(&api, "b", "/clicks", &json!({"code": "SPRING"})).await.with(201);
    for wrong in ["", &"x".repeat(256)] {
        let refused = named(&api, wrong, "/codes", &json!({"description": "d"})).await;
        assert_eq!((refused.code(), refused.fields()), ("validation", vec!["Idempotency-Key"]));
    }
});

on_both!(answers_are_kept_for_a_day, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let code = json!({"description": "random"});
    let first = named(&api, "a", "/codes", &code).await.with(201);
    site.clock.set(site.clock.now().plus(DAY - MINUTE));
    assert_eq!(named(&api, "a", "/codes", &code).await.with(201), first);
    site.clock.set(site.clock.now().plus(MINUTE));
    assert_ne!(named(&api, "a", "/codes", &code).await.with(201)["id"], first["id"]);
});

on_both!(of_many_at_once_one_is_done, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let ann = api.post("/users", json!({"email": "ann@example.com"})).await.with(201);
    let requests = [
        ("/codes", json!({"description": "random"})),
        ("/users", json!({"email": "bob@example.com"})),
        ("/clicks", json!({"code": ann["code"]})),
    ];
    for (path, body) in &requests {
        let answers = stream::iter(0..40)
            .map(|_| {
                let api = api.clone();
                async move { named(&api, path, path, body).await }
            })
            .buffer_unordered(40)
            .collect::<Vec<_>>()
            .await;
        let (done, waiting): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        assert!(!done.is_empty() && done.iter().all(|answer| answer.body == done[0].body), "{path}: {done:?}");
        assert_eq!(done.iter().filter(|a| a.header("idempotency-replayed").is_empty()).count(), 1, "{path}");
        for answer in waiting {
            assert_eq!((answer.status, answer.code()), (409, "idempotency_in_progress"), "{path}");
            assert!(!answer.header("retry-after").is_empty());
        }
    }
    assert_eq!(api.get("/codes").await.with(200)["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(api.get(&format!("/users/{}/stats", ann["id"])).await.with(200)["clicks"], 1);
});

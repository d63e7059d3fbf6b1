//! Endpoints of webhooks and their deliveries, as a host product manages them.

use super::Api;
use crate::{
    on_both,
    site::Site,
    webhook_pages::{Receiver, private_site},
};
use serde_json::{Value, json};
use std::time::Duration;

on_both!(an_endpoint_is_made_changed_rotated_and_deleted, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "admin").await;
    let new =
        json!({"url": "https://shop.example/hooks", "events": ["reward.activated", "user.created"], "active": false});
    let named = [("idempotency-key", "once")];
    let made = api.send("POST", "/webhook-endpoints", &named, Some(new.clone())).await.with(201);
    let again = api.send("POST", "/webhook-endpoints", &named, Some(new)).await.with(201);
    assert_eq!((&again["endpoint"], &again["secret"]), (&made["endpoint"], &Value::Null));
    let secret = made["secret"].as_str().expect("a secret");
    assert!(secret.starts_with("whsec_") && secret.len() == 50, "{secret}");
    let endpoint = made["endpoint"].clone();
    let path = format!("/webhook-endpoints/{}", endpoint["id"]);
    assert_eq!(endpoint["events"], json!(["user.created", "reward.activated"]));
    assert_eq!((&endpoint["active"], &endpoint["state"]), (&json!(false), &json!("off")));
    assert_eq!(api.get(&path).await.with(200), endpoint);

    // What is left out stays; null takes a description away and stands for nothing else.
    let named = api.patch(&path, json!({"description": "Shop"})).await.with(200);
    assert_eq!((&named["description"], &named["url"]), (&json!("Shop"), &endpoint["url"]));
    let unnamed = api.patch(&path, json!({"description": null, "events": ["*"]})).await.with(200);
    assert_eq!((&unnamed["description"], &unnamed["events"]), (&json!(""), &json!(["*"])));
    for field in ["url", "events", "active"] {
        let refused = api.patch(&path, json!({field: null})).await;
        assert_eq!((refused.status, refused.code(), refused.fields()), (422, "validation", vec![field]));
    }
    let rotate = format!("{path}/rotate-secret");
    let rotated = api.send("POST", &rotate, &[("idempotency-key", "rotate")], Some(json!({}))).await.with(200);
    let again = api.send("POST", &rotate, &[("idempotency-key", "rotate")], Some(json!({}))).await.with(200);
    assert_eq!((&again["endpoint"], &again["secret"]), (&rotated["endpoint"], &Value::Null));
    assert!(
        rotated["secret"] != secret && rotated["endpoint"]["old_secret_until"] == "2026-11-15T11:33:20Z",
        "{rotated}"
    );
    // Secrets are in these two answers only.
    let list = api.get("/webhook-endpoints").await.with(200);
    assert!(
        list["data"].as_array().is_some_and(|all| all.len() == 1) && !list.to_string().contains("whsec_"),
        "{list}"
    );

    for (change, field) in [
        (json!({"url": "http://169.254.169.254/latest"}), "url"),
        (json!({"url": "ftp://shop.example"}), "url"),
        (json!({"events": []}), "events"),
        (json!({"events": ["user.gone"]}), "events"),
    ] {
        let refused = api.patch(&path, change).await;
        assert_eq!((refused.status, refused.code(), refused.fields()), (422, "validation", vec![field]));
    }
    // One that is off gets nothing.
    for step in ["test", "replay"] {
        let body = if step == "replay" { json!({"after": 0}) } else { json!({}) };
        assert_eq!(api.post(&format!("{path}/{step}"), body).await.code(), "conflict");
    }
    api.delete(&path).await.with(204);
    assert_eq!(api.get(&path).await.code(), "not_found");
    assert_eq!(api.post("/webhook-endpoints/999/test", json!({})).await.code(), "not_found");
});

/// The deliveries of a query, once this many have ended.
async fn ended(api: &Api, query: &str, count: usize) -> Vec<Value> {
    let found = async {
        loop {
            let page = api.get(&format!("/webhook-deliveries?{query}")).await.with(200);
            let all = page["data"].as_array().expect("a list").clone();
            if all.len() == count && all.iter().all(|delivery| delivery["state"] != "waiting") {
                return all;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), found).await.unwrap_or_else(|_| panic!("{query}"))
}

on_both!(deliveries_are_listed_looked_at_and_sent_again, |db| {
    let site = private_site(db).await.without_rules().await;
    let api = Api::new(&site, "admin").await;
    let (url, product) = Receiver::start(&[410]).await;
    let made = api.post("/webhook-endpoints", json!({"url": url})).await.with(201);
    let id = made["endpoint"]["id"].clone();
    let path = format!("/webhook-endpoints/{id}");
    let sent = api.post(&format!("{path}/test"), json!({})).await.with(201);
    assert_eq!((&sent["type"], &sent["event_id"]), (&json!("webhook.test"), &Value::Null));
    // It says that it is gone, and is off until somebody says otherwise.
    let failed = ended(&api, "state=failed", 1).await.remove(0);
    assert_eq!(
        (&failed["id"], &failed["last_status"], &failed["last_problem"]),
        (&sent["id"], &json!(410), &json!("gone"))
    );
    let gone = api.get(&path).await.with(200);
    assert_eq!((&gone["state"], &gone["active"]), (&json!("gone"), &json!(false)));
    let again = format!("/webhook-deliveries/{}/redeliver", sent["id"]);
    assert_eq!(api.post(&again, json!({})).await.code(), "conflict");
    assert_eq!(api.patch(&path, json!({"active": true})).await.with(200)["state"], "active");
    assert_eq!(api.post(&again, json!({})).await.with(200)["state"], "waiting");
    let details = {
        ended(&api, "state=delivered", 1).await;
        api.get(&format!("/webhook-deliveries/{}", sent["id"])).await.with(200)
    };
    assert_eq!(details["message"], product.wait_for("webhook.test", 2).await[1].body);
    let statuses: Vec<_> = details["attempts"].as_array().expect("attempts").iter().map(|one| &one["status"]).collect();
    assert_eq!(statuses, [410, 204]);

    let ann = api.post("/users", json!({"email": "ann@example.com"})).await.with(201);
    let listed = ended(&api, &format!("endpoint_id={id}&state=delivered"), 2).await;
    let message = &product.wait_for("user.created", 1).await[0];
    assert_eq!((&listed[0]["message_id"], &message.body["data"]["object"]["id"]), (&json!(message.id), &ann["id"]));
    let event = api.get("/events?type=user.created").await.with(200)["data"][0].clone();
    for field in ["id", "type", "created_at", "version", "data"] {
        assert_eq!(message.body[field], event[field], "{field}");
    }
    let first = api.get("/webhook-deliveries?limit=1").await.with(200);
    let next = first["next"].as_str().expect("another page");
    let second = api.get(&format!("/webhook-deliveries?limit=1&after={next}")).await.with(200);
    assert_eq!((&first["data"][0]["id"], &second["data"][0]["id"]), (&listed[0]["id"], &sent["id"]));
    assert!(api.get("/webhook-deliveries?endpoint_id=999").await.with(200)["data"] == json!([]));

    // A range begins somewhere, and is of events that the endpoint gets.
    let replay = async |body: Value| api.post(&format!("{path}/replay"), body).await;
    assert_eq!(replay(json!({})).await.code(), "validation");
    assert_eq!(replay(json!({"after": event["id"]})).await.with(200)["events"], 0);
    assert_eq!(replay(json!({"since": "2026-11-14T00:00:00Z"})).await.with(200)["events"], 1);
    assert_eq!(product.wait_for("user.created", 2).await[1].id, message.id);
});

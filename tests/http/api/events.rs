//! Events: what a host product reads to follow what happens.

use super::Api;
use crate::{on_both, site::Site};
use futures::future::join_all;
use passalong::domain::time::DAY;
use serde_json::{Value, json};

/// All events after one, a few at a time.
async fn after(api: &Api, mut after: i64) -> Vec<Value> {
    let mut all = vec![];
    loop {
        let page = api.get(&format!("/events?limit=3&after={after}")).await.with(200);
        all.extend(page["data"].as_array().expect("a list").iter().cloned());
        let Some(next) = page["next"].as_str() else { return all };
        assert_eq!(next, all.last().expect("an event")["id"].to_string());
        after = next.parse().expect("an id");
    }
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["type"].as_str().expect("a type")).collect()
}

/// Each field of the object stands in what the API answers about it.
fn assert_shown(event: &Value, answered: &Value) {
    let object = event["data"]["object"].as_object().expect("an object");
    assert!(object.len() > 10, "{object:?}");
    for (name, value) in object {
        assert_eq!((name, value), (name, &answered[name]), "{event:#} {answered:#}");
    }
    assert_eq!(event["version"], answered["version"]);
}

fn id_of(events: &[Value]) -> i64 {
    events.last().map_or(0, |event| event["id"].as_i64().expect("a number"))
}

on_both!(a_sign_up_is_told_as_the_api_shows_it, |db| {
    let site = Site::start(db).await.without_rules().await;
    let api = Api::new(&site, "admin").await;
    let ann = json!({
        "email": "ann@example.com", "username": "Ann", "external_id": "x-1", "account_id": "team", "full_name": "Ann A.",
        "phone": "1", "locale": "es",
    });
    let ann = api.post("/users", ann).await.with(201);
    let told = after(&api, 0).await;
    assert_eq!(kinds(&told), ["user.created"]);
    assert_shown(&told[0], &ann);
    assert_eq!(told[0]["created_at"], "2026-11-14T11:33:20Z");
    // By a link and the form of this site.
    let code = ann["code"].as_str().expect("a code");
    let friend = site.browser();
    friend.follow(&format!("/r/{code}")).await;
    friend.sign_up("bob", &[]).await;
    let told = after(&api, id_of(&told)).await;
    assert_eq!(kinds(&told), ["user.created", "referral.signed_up"]);
    let bob = api.get("/users?email=bob@example.com").await.with(200)["data"][0].clone();
    assert_eq!(bob["referred_by"], ann["id"]);
    assert_shown(&told[0], &bob);
    let brought = api.get("/users/ext:x-1/referrals").await.with(200)["data"][0].clone();
    assert_shown(&told[1], &brought);
    let object = &told[1]["data"]["object"];
    assert_eq!((&object["user_id"], &object["referrer_id"], &object["code"]), (&bob["id"], &ann["id"], &ann["code"]));
    assert_eq!((&object["click_id"], &object["state"]), (&bob["attribution"]["click_id"], &json!("signed_up")));
    assert!(object["click_id"].is_string());
    // Who is refused has not joined, and who is there already does not join again.
    let seen = id_of(&told);
    api.post("/users", json!({"email": "carl@example.com", "code": "NO-SUCH"})).await.with(422);
    api.post("/users", json!({"email": "ann@example.com", "external_id": "x-1"})).await.with(200);
    assert_eq!(after(&api, seen).await, Vec::<Value>::new());
    // By a code of the host's, with their id.
    let eve =
        api.post("/users", json!({"email": "eve@example.com", "external_id": "x-2", "code": code})).await.with(201);
    let told = after(&api, seen).await;
    assert_eq!(kinds(&told), ["user.created", "referral.signed_up"]);
    assert_shown(&told[0], &eve);
    assert_shown(&told[1], &api.get("/users/ext:x-1/referrals").await.with(200)["data"][0]);
    assert_eq!(told[1]["data"]["object"]["external_id"], "x-2");
});

on_both!(the_last_use_and_the_goal_are_told_once, |db| {
    let site = Site::start(db).await.without_rules().await;
    let api = Api::new(&site, "admin").await;
    let ann = api.post("/users", json!({"email": "ann@example.com", "external_id": "x-1"})).await.with(201);
    api.patch("/users/ext:x-1", json!({"goal": 3})).await.with(200);
    let code =
        json!({"code": "SPRING", "description": "d", "category": "c", "max_uses": 2, "beneficiary_id": ann["id"]});
    let code = api.post("/codes", code).await.with(201);
    let joins = async |name: &str, code: &Value| {
        let seen = id_of(&after(&api, 0).await);
        api.post("/users", json!({"email": format!("{name}@example.com"), "code": code})).await.with(201);
        after(&api, seen).await.split_off(2)
    };
    assert_eq!(joins("bob", &code["code"]).await, Vec::<Value>::new());
    let told = joins("carl", &code["code"]).await;
    assert_eq!(kinds(&told), ["code.limit_reached"]);
    let used_up = api.get(&format!("/codes/{}", code["id"])).await.with(200);
    assert_eq!((&used_up["status"], &used_up["uses"]), (&json!("limit-reached"), &json!(2)));
    assert_shown(&told[0], &used_up);
    let told = joins("dora", &ann["code"]).await;
    assert_eq!(kinds(&told), ["goal.reached"]);
    assert_shown(&told[0], &api.get("/users/ext:x-1").await.with(200));
    assert_eq!(joins("eve", &ann["code"]).await, Vec::<Value>::new());
});

on_both!(corrections_are_told, |db| {
    let site = Site::start(db).await.without_rules().await;
    let api = Api::new(&site, "admin").await;
    let ann = api.post("/users", json!({"email": "ann@example.com", "external_id": "x-1"})).await.with(201);
    let spring = json!({"code": "SPRING", "description": "d", "max_uses": 1, "beneficiary_id": ann["id"]});
    let spring = api.post("/codes", spring).await.with(201);
    api.patch("/users/ext:x-1", json!({"goal": 1})).await.with(200);
    api.post("/users", json!({"email": "bob@example.com", "external_id": "x-2"})).await.with(201);
    let corrected = async |code: &Value| {
        let seen = id_of(&after(&api, 0).await);
        let body = json!({"code": code, "reason": "asked"});
        api.put("/users/ext:x-2/referral", body).await.with(200);
        after(&api, seen).await
    };
    let brought = async || api.get("/users/ext:x-1/referrals").await.with(200)["data"][0].clone();
    let told = corrected(&ann["code"]).await;
    assert_eq!(kinds(&told), ["referral.corrected", "goal.reached"]);
    assert_shown(&told[0], &brought().await);
    // From one code of hers to another: she has no more sign-ups than before.
    let told = corrected(&spring["code"]).await;
    assert_eq!(kinds(&told), ["referral.corrected", "code.limit_reached"]);
    let shown = brought().await;
    assert_shown(&told[0], &shown);
    assert_eq!(shown["version"], 2);
    assert_shown(&told[1], &api.get(&format!("/codes/{}", spring["id"])).await.with(200));
    // Nothing is told when nothing changes.
    assert_eq!(corrected(&spring["code"]).await, Vec::<Value>::new());
    let told = corrected(&Value::Null).await;
    assert_eq!(kinds(&told), ["referral.corrected"]);
    let mut removed = shown.clone();
    for name in ["code", "code_id", "referrer_id", "click_id"] {
        removed[name] = Value::Null;
    }
    (removed["state"], removed["version"]) = (json!("removed"), json!(3));
    assert_eq!((&told[0]["data"]["object"], &told[0]["version"]), (&removed, &json!(3)));
    assert_eq!(brought().await, Value::Null);
    assert_eq!(kinds(&corrected(&ann["code"]).await), ["referral.corrected", "goal.reached"]);
});

on_both!(events_are_asked_for_by_place_and_kind, |db| {
    let site = Site::start(db).await.without_rules().await;
    let api = Api::new(&site, "read").await;
    let writer = Api::new(&site, "write").await;
    let ann = writer.post("/users", json!({"email": "ann@example.com"})).await.with(201);
    for n in 0..3 {
        writer.post("/users", json!({"email": format!("f{n}@example.com"), "code": ann["code"]})).await.with(201);
    }
    let all = after(&api, 0).await;
    let ids: Vec<i64> = all.iter().map(|event| event["id"].as_i64().expect("a number")).collect();
    assert!(ids.is_sorted_by(|a, b| a < b) && ids.len() == 7, "{ids:?}");
    let page = api.get("/events?type=referral.signed_up&limit=2").await.with(200);
    assert_eq!((&page["data"], &page["next"]), (&json!([all[2], all[4]]), &json!(ids[4].to_string())));
    let rest = api.get(&format!("/events?type=referral.signed_up&limit=2&after={}", ids[4])).await.with(200);
    assert_eq!(rest, json!({"data": [all[6]], "next": null}));
    assert_eq!(api.get(&format!("/events?after={}", ids[6])).await.with(200), json!({"data": [], "next": null}));
    let unknown = api.get("/events?type=user.exploded").await;
    assert_eq!((unknown.status, unknown.code(), unknown.fields()), (422, "validation", vec!["type"]));
    let said = unknown.body["detail"].as_str().expect("text");
    for kind in ["user.created", "referral.signed_up", "referral.corrected", "code.limit_reached", "goal.reached"] {
        assert!(said.contains(kind), "{kind} in {said}");
        api.get(&format!("/events?type={kind}")).await.with(200);
    }
    for (query, field) in [("after=x", "after"), ("limit=0", "limit"), ("limit=101", "limit")] {
        let refused = api.get(&format!("/events?{query}")).await;
        assert_eq!((refused.status, refused.fields()), (422, vec![field]), "{query}");
    }
    // What is not kept any more is no reason to refuse.
    let mut tx = site.state.db.begin().await.expect("a transaction");
    let later = site.clock.now().plus(DAY);
    passalong::server::store::events::prune(&mut tx, later).await.expect("pruned");
    tx.commit().await.expect("stored");
    assert_eq!(after(&api, ids[0]).await, Vec::<Value>::new());
    let late = writer.post("/users", json!({"email": "late@example.com"})).await.with(201);
    let told = after(&api, ids[0]).await;
    assert_eq!((told.len(), &told[0]["data"]["object"]["id"]), (1, &late["id"]));
    assert!(told[0]["id"].as_i64() > Some(ids[6]));
});

on_both!(the_version_grows_with_what_the_api_shows, |db| {
    let site = Site::start(db).await.without_rules().await;
    let api = Api::new(&site, "admin").await;
    let ann = api.post("/users", json!({"email": "ann@example.com", "external_id": "x-1"})).await.with(201);
    api.post("/users", json!({"email": "bob@example.com", "external_id": "x-2", "code": ann["code"]})).await.with(201);
    let code = format!("/codes/by-code/{}", ann["code"].as_str().expect("a code"));
    let versions = async || {
        let user = api.get("/users/ext:x-1").await.with(200)["version"].as_i64().expect("a number");
        let code = api.get(&code).await.with(200)["version"].as_i64().expect("a number");
        let referrals = api.get("/users/ext:x-1/referrals").await.with(200);
        (user, code, referrals["data"][0]["version"].as_i64().expect("a number"))
    };
    let (user, own, referral) = versions().await;
    site.browser().follow(&format!("/r/{}", ann["code"].as_str().expect("a code"))).await;
    assert_eq!(versions().await, (user, own, referral));
    api.patch("/users/ext:x-1", json!({"phone": "1"})).await.with(200);
    assert_eq!(versions().await, (user + 1, own, referral));
    // Her code is switched off with her.
    api.patch("/users/ext:x-1", json!({"disabled": true})).await.with(200);
    assert_eq!(versions().await, (user + 2, own + 1, referral));
    api.patch("/users/ext:x-2", json!({"external_id": "x-3"})).await.with(200);
    assert_eq!(versions().await, (user + 2, own + 1, referral + 1));
    api.delete("/users/ext:x-3").await.with(204);
    assert_eq!(versions().await, (user + 2, own + 1, referral + 2));
});

on_both!(whoever_reads_on_misses_nobody_who_joins_meanwhile, |db| {
    let site = Site::start(db).await.without_rules().await;
    let api = Api::new(&site, "write").await;
    let ann = api.post("/users", json!({"email": "ann@example.com"})).await.with(201);
    let code = json!({"code": "SPRING", "description": "d", "beneficiary_id": ann["id"]});
    let spring = api.post("/codes", code).await.with(201);
    let joining = (0..24).map(|n| {
        // By two codes of one referrer: the tenth of all is the goal.
        let code = if n % 2 == 0 { &ann["code"] } else { &spring["code"] };
        let body = json!({"email": format!("f{n}@example.com"), "username": format!("friend-{n}"), "code": code});
        api.post("/users", body)
    });
    let joining = join_all(joining);
    let reading = async {
        let (mut seen, mut read) = (0, vec![]);
        while read.len() < 50 {
            let page = api.get(&format!("/events?limit=100&after={seen}")).await.with(200);
            let events = page["data"].as_array().expect("a list").clone();
            seen = events.last().map_or(seen, |event| event["id"].as_i64().expect("a number"));
            read.extend(events);
        }
        read
    };
    let reading = tokio::time::timeout(std::time::Duration::from_secs(60), reading);
    let (joined, read) = futures::join!(joining, reading);
    let read = read.expect("everything is read");
    let mut ids: Vec<i64> = joined.into_iter().map(|user| user.with(201)["id"].as_i64().expect("a number")).collect();
    let of = |kind: &str| -> Vec<&Value> { read.iter().filter(|event| event["type"] == kind).collect() };
    let mut told: Vec<i64> = of("user.created")
        .iter()
        .skip(1)
        .map(|event| event["data"]["object"]["id"].as_i64().expect("a number"))
        .collect();
    ids.sort_unstable();
    told.sort_unstable();
    assert_eq!(told, ids);
    assert_eq!((of("referral.signed_up").len(), of("goal.reached").len(), read.len()), (24, 1, 50));
});

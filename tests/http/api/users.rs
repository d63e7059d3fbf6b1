use super::Api;
use crate::{
    on_both,
    site::{PASSWORD, Site},
};
use futures::{StreamExt, stream};
use passalong::server::store::counter_check;
use serde_json::{Value, json};

on_both!(somebody_joins_by_a_code_and_both_are_told, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let ann = api.post("/users", json!({"email": " Ann@Example.com", "username": "Ann", "external_id": "x-1"})).await;
    let ann = ann.with(201);
    let code = ann["code"].as_str().expect("a code");
    assert_eq!(ann["email"], "ann@example.com");
    assert_eq!(ann["link"], format!("{}/r/{code}", site.state.base_url));
    assert_eq!(
        (&ann["attribution"]["credited"], &ann["goal"], &ann["role"]),
        (&json!(false), &json!(10), &json!("user"))
    );
    let bob = api.post("/users", json!({"email": "bob@example.com", "code": code.to_lowercase()})).await.with(201);
    assert!(bob["username"].as_str().is_some_and(|name| name.starts_with("member-")), "{bob}");
    assert_eq!(bob["referred_by"], ann["id"]);
    let attribution = &bob["attribution"];
    assert_eq!((&attribution["rule"], &attribution["code"]), (&json!("code_in_form"), &json!(code)));
    assert_eq!(attribution["evidence"][0]["verdict"], "chosen");
    // By every address the same.
    let path = format!("/users/{}", ann["id"]);
    assert_eq!(api.get("/users/ext:x-1").await.with(200), api.get(&path).await.with(200));
    let stats = api.get(&format!("{path}/stats")).await.with(200);
    let expected = json!({"clicks": 0, "unique_clicks": 0, "signups": 1, "conversions": 0, "revenue": [], "goal": 10, "tier": null});
    assert_eq!(stats, expected);
    let brought = api.get(&format!("{path}/referrals")).await.with(200);
    assert_eq!((&brought["data"][0]["user_id"], &brought["data"][0]["state"]), (&bob["id"], &json!("signed_up")));
    assert_eq!(brought["next"], Value::Null);
    for missing in [
        "/users/999999",
        "/users/999999/stats",
        "/users/999999/referrals",
        "/users/ext:none",
        "/users/ext:",
        "/users/x",
    ] {
        assert_eq!(api.get(missing).await.code(), "not_found", "{missing}");
    }
    let mut tx = site.state.db.read().await.expect("a transaction");
    assert_eq!(counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
});

on_both!(a_code_that_cannot_be_used_is_refused_unless_it_came_by_a_link, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "admin").await;
    api.post("/codes", json!({"code": "SPRING", "description": "d", "max_uses": 1})).await.with(201);
    let click = api.post("/clicks", json!({"code": "SPRING", "ip": "192.0.2.7"})).await.with(201)["click_id"].clone();
    api.post("/users", json!({"email": "first@example.com", "code": "SPRING"})).await.with(201);
    let late = api.post("/users", json!({"email": "late@example.com", "code": "SPRING"})).await;
    assert_eq!((late.status, late.code(), late.fields()), (422, "usage_limit_reached", vec!["code"]));
    let unknown = api.post("/users", json!({"email": "late@example.com", "code": "NO-SUCH"})).await;
    assert_eq!((unknown.status, unknown.code()), (422, "code_not_found"));
    // The same code from a link: nobody is stopped, and the receipt says what happened.
    let body = json!({"email": "late@example.com", "code": "spring", "click_id": click});
    let late = api.post("/users", body).await.with(201);
    assert_eq!((&late["attribution"]["credited"], &late["referred_by"]), (&json!(false), &Value::Null));
    assert_eq!(late["attribution"]["evidence"][0]["verdict"], "usage_limit_reached");
    // Where a code is required, nobody joins without; while the program is paused, codes are not looked at.
    api.patch("/settings", json!({"referral_codes_required": true})).await.with(200);
    let without = api.post("/users", json!({"email": "none@example.com"})).await;
    assert_eq!((without.code(), without.fields()), ("code_required", vec!["code"]));
    let by_link =
        api.post("/users", json!({"email": "none@example.com", "code": "NO-SUCH", "code_source": "link"})).await;
    assert_eq!((by_link.status, by_link.code()), (422, "code_required"));
    api.patch("/settings", json!({"referral_codes_enabled": false})).await.with(200);
    let paused = api.post("/users", json!({"email": "none@example.com", "code": "NO-SUCH"})).await.with(201);
    assert_eq!(paused["attribution"], Value::Null);
});

on_both!(a_click_credits_whoever_shared_the_link, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let ann = api.post("/users", json!({"email": "ann@example.com"})).await.with(201);
    site.set("link_destination", "\"https://host.example/join\"").await;
    // A browser follows the link, and the host product gets the click's id.
    let page = site.browser().get(&format!("/r/{}", ann["code"].as_str().expect("a code"))).await;
    let click = page.location().split("click_id=").nth(1).expect("a click").to_owned();
    let bob = api.post("/users", json!({"email": "bob@example.com", "click_id": click})).await.with(201);
    let attribution = &bob["attribution"];
    assert_eq!((&attribution["rule"], &attribution["click_id"]), (&json!("last_click"), &json!(click)));
    assert_eq!(bob["referred_by"], ann["id"]);
    // A click that is too old is told as what it is.
    site.clock.set(site.clock.now().plus(41 * passalong::domain::time::DAY));
    let eve = api.post("/users", json!({"email": "eve@example.com", "click_id": click})).await.with(201);
    let told = eve["attribution"]["evidence"][0]["sentence"].as_str().expect("a sentence");
    assert!(told.contains("41 days") && told.contains("30"), "{told}");
});

on_both!(each_rule_of_a_user_is_told_by_its_field, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    for (field, value) in [
        ("email", json!("ann")),
        ("email", json!(null)),
        ("username", json!("a")),
        ("username", json!("with space")),
        ("external_id", json!("x".repeat(256))),
        ("full_name", json!("two\nlines")),
        ("phone", json!("1".repeat(51))),
        ("account_id", json!("x".repeat(256))),
        ("locale", json!("english")),
        ("signed_up_at", json!("2027-11-14T11:33:20Z")),
        ("signed_up_at", json!("2026-08-01T00:00:00Z")),
        ("click_id", json!(17)),
    ] {
        let mut body = json!({"email": "ann@example.com"});
        body[field] = value.clone();
        let refused = api.post("/users", body).await;
        assert_eq!((refused.status, refused.code(), refused.fields()), (422, "validation", vec![field]), "{value}");
    }
    let body = json!({"email": "ann@example.com", "username": "ann", "external_id": "x"});
    api.post("/users", body).await.with(201);
    let taken = api.post("/users", json!({"email": "ann@example.com", "username": "ann"})).await;
    assert_eq!((taken.code(), taken.fields()), ("conflict", vec!["email", "username"]));
    let other = api.post("/users", json!({"email": "other@example.com", "external_id": "x"})).await;
    assert_eq!((other.code(), other.fields()), ("conflict", vec!["external_id"]));
});

on_both!(one_person_joins_once_however_often_they_are_sent_at_once, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let statuses = stream::iter(0..60)
        .map(|n| {
            let api = api.clone();
            // Some by e-mail, some by the host's id only.
            let email = if n % 2 == 0 { "same@example.com".to_owned() } else { format!("other-{n}@example.com") };
            async move { api.post("/users", json!({"email": email, "external_id": "same"})).await.status }
        })
        .buffer_unordered(60)
        .collect::<Vec<_>>()
        .await;
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    // Who sends the same again is told who is there.
    assert!(statuses.iter().all(|status| matches!(status, 200 | 201 | 409)), "{statuses:?}");
});

on_both!(a_limit_is_a_limit_for_programs_too, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let code = api.post("/codes", json!({"code": "SPRING", "description": "d", "max_uses": 20})).await.with(201);
    let codes = stream::iter(0..100)
        .map(|n| {
            let api = api.clone();
            async move {
                let answer = api.post("/users", json!({"email": format!("u{n}@example.com"), "code": "SPRING"})).await;
                if answer.status == 201 { "joined".to_owned() } else { answer.code().to_owned() }
            }
        })
        .buffer_unordered(100)
        .collect::<Vec<_>>()
        .await;
    assert_eq!(codes.iter().filter(|code| *code == "joined").count(), 20, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| *code == "usage_limit_reached").count(), 80, "{codes:?}");
    let after = api.get(&format!("/codes/{}", code["id"])).await.with(200);
    assert_eq!(
        (&after["uses"], &after["signups"], &after["status"]),
        (&json!(20), &json!(20), &json!("limit-reached"))
    );
    let mut tx = site.state.db.read().await.expect("a transaction");
    assert_eq!(counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
});

on_both!(a_user_is_changed_and_admins_only_by_who_may, |db| {
    let site = Site::start(db).await;
    let (write, admin) = (Api::new(&site, "write").await, Api::new(&site, "admin").await);
    let browser = site.user("ann").await;
    let list = write.get("/codes?kind=personal").await.with(200);
    let (ann, root) = (list["data"][0]["beneficiary_id"].clone(), list["data"][1]["beneficiary_id"].clone());
    let path = format!("/users/{ann}");
    let changes =
        json!({"external_id": "x", "full_name": "Ann A.", "phone": "1", "goal": 3, "email": "new@example.com"});
    let changed = write.patch(&path, changes).await.with(200);
    assert_eq!(
        (&changed["external_id"], &changed["goal"], &changed["username"]),
        (&json!("x"), &json!(3), &json!("ann"))
    );
    assert_eq!(changed["email"], "new@example.com");
    let taken = write.patch(&path, json!({"phone": null})).await.with(200);
    assert_eq!((&taken["phone"], &taken["full_name"]), (&Value::Null, &json!("Ann A.")));
    assert_eq!(write.patch(&path, json!({"goal": 0})).await.fields(), ["goal"]);
    assert_eq!(write.patch(&path, json!({"email": "admin@example.com"})).await.code(), "conflict");
    assert_eq!(write.patch(&path, json!({"role": "admin"})).await.code(), "validation");
    assert_eq!(browser.get("/dashboard").await.of("goal"), "0 / 3");
    assert_eq!(write.patch(&path, json!({"disabled": true})).await.with(200)["disabled"], true);
    assert_eq!(browser.get("/dashboard").await.status.as_u16(), 303);
    let root = format!("/users/{root}");
    assert_eq!(write.patch(&root, json!({"email": "thief@example.com"})).await.code(), "forbidden");
    admin.patch(&root, json!({"full_name": "Root"})).await.with(200);
    assert_eq!(admin.patch(&root, json!({"disabled": true})).await.code(), "last_admin");
    assert_eq!(admin.delete(&root).await.code(), "last_admin");
});

on_both!(an_erased_user_leaves_numbers_and_no_name, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "admin").await;
    let ann = api.post("/users", json!({"email": "ann@example.com", "username": "ann-the-first"})).await.with(201);
    let code = ann["code"].clone();
    let bob =
        api.post("/users", json!({"email": "bob@example.com", "username": "bob-two", "code": code})).await.with(201);
    let cid = api.post("/users", json!({"email": "cid@example.com", "code": bob["code"]})).await.with(201);
    let made = json!({"code": "SPRING", "description": "d", "beneficiary_id": bob["id"]});
    api.post("/codes", made).await.with(201);
    api.patch(&format!("/users/{}", bob["id"]), json!({"full_name": "Bob Two"})).await.with(200);
    assert_eq!(api.delete(&format!("/users/{}", bob["id"])).await.status, 204);
    assert_eq!(api.get(&format!("/users/{}", bob["id"])).await.code(), "not_found");
    assert_eq!(api.delete(&format!("/users/{}", bob["id"])).await.code(), "not_found");
    // Ann's number stays, the name does not; Cid stays, too.
    let brought = api.get(&format!("/users/{}/referrals", ann["id"])).await.with(200);
    assert_eq!((&brought["data"][0]["user_id"], &brought["data"][0]["username"]), (&bob["id"], &Value::Null));
    assert_eq!(api.get(&format!("/users/{}/stats", ann["id"])).await.with(200)["signups"], 1);
    assert_eq!(api.get(&format!("/users/{}", cid["id"])).await.with(200)["referred_by"], Value::Null);
    let page = site.admin().await.get("/admin/audit").await.body;
    for name in ["bob@example.com", "bob-two", "Bob Two"] {
        assert!(!page.contains(name), "{name}");
    }
    let mut tx = site.state.db.read().await.expect("a transaction");
    assert_eq!(counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
    drop(tx);
    // The address is free for somebody new, who has no password and cannot sign in with none.
    api.post("/users", json!({"email": "bob@example.com"})).await.with(201);
    for password in ["", PASSWORD] {
        let page = site.browser().post("/signin", &[("email", "bob@example.com"), ("password", password)]).await;
        assert_eq!(page.status.as_u16(), 422);
    }
});

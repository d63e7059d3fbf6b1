use super::Api;
use crate::{on_both, site::Site};
use passalong::domain::time::DAY;
use serde_json::{Value, json};

fn texts(list: &Value) -> Vec<&str> {
    list["data"].as_array().expect("a list").iter().map(|code| code["code"].as_str().expect("a code")).collect()
}

on_both!(a_code_is_made_found_changed_and_deleted, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let made = api.post("/codes", json!({"code": "spring-26", "description": "Spring"})).await.with(201);
    let id = made["id"].as_i64().expect("an id");
    assert_eq!(
        made,
        json!({
            "id": id, "code": "SPRING-26", "kind": "campaign", "description": "Spring", "category": null,
            "active": true, "status": "active", "max_uses": 100, "uses": 0, "expires_at": "2026-11-21T11:33:20Z",
            "beneficiary_id": null, "created_by": null, "created_at": "2026-11-14T11:33:20Z", "clicks": 0,
            "unique_clicks": 0, "signups": 0, "conversions": 0, "revenue": [], "version": 1,
        })
    );
    assert_eq!(api.get(&format!("/codes/{id}")).await.with(200), made);
    assert_eq!(api.get("/codes/by-code/Spring-26").await.with(200), made);
    // What is left out stays; null takes away.
    let ann = api.post("/users", json!({"email": "ann@example.com"})).await.with(201)["id"].clone();
    let changes = json!({"description": "Summer", "category": "season", "expires_at": null, "beneficiary_id": ann});
    let changed = api.patch(&format!("/codes/{id}"), changes).await.with(200);
    assert_eq!((&changed["description"], &changed["category"]), (&json!("Summer"), &json!("season")));
    assert_eq!((&changed["expires_at"], &changed["beneficiary_id"]), (&Value::Null, &ann));
    let off = api.patch(&format!("/codes/{id}"), json!({"active": false, "category": null})).await.with(200);
    assert_eq!(
        (&off["status"], &off["category"], &off["description"], &off["version"]),
        (&json!("inactive"), &Value::Null, &json!("Summer"), &json!(3))
    );
    assert_eq!(api.delete(&format!("/codes/{id}")).await.status, 204);
    assert_eq!(api.get(&format!("/codes/{id}")).await.code(), "code_not_found");
    assert_eq!(api.delete(&format!("/codes/{id}")).await.code(), "code_not_found");
    // Admins see in the audit log which key did it.
    let log = site.admin().await.get("/admin/audit").await.text();
    assert!(log.contains("API key “write”") && log.contains("Code deleted"), "{log}");
});

on_both!(without_a_code_a_random_one_is_made, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let made = api.post("/codes", json!({"description": "d", "expires_at": null})).await.with(201);
    let code = made["code"].as_str().expect("a code");
    assert!(code.len() == 5 && code.bytes().all(|b| b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789".contains(&b)), "{code}");
    assert_eq!(made["expires_at"], Value::Null);
});

on_both!(each_rule_of_a_code_is_told_by_its_field, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let long = "x".repeat(256);
    for (field, value) in [
        ("code", json!("ab")),
        ("code", json!("with space")),
        ("code", json!("")),
        ("code", json!(7)),
        ("description", json!(" ")),
        ("description", json!(long)),
        ("description", json!("a\u{0}b")),
        ("category", json!("x".repeat(51))),
        ("max_uses", json!(0)),
        ("max_uses", json!(1.5)),
        ("max_uses", json!("7")),
        ("expires_at", json!("2020-01-01T00:00:00Z")),
        ("expires_at", json!("soon")),
        ("beneficiary_id", json!(999_999)),
        ("active", json!("yes")),
        ("no_such_field", json!(1)),
    ] {
        let mut body = json!({"description": "d"});
        body[field] = value.clone();
        let refused = api.post("/codes", body).await;
        assert_eq!((refused.status, refused.code()), (422, "validation"), "{field}={value}");
        let fields = refused.fields();
        assert!(fields == [field] || fields == [""], "{field}={value}: {fields:?}");
    }
    let refused = api.post("/codes", json!({})).await;
    assert_eq!((refused.code(), refused.fields()), ("validation", vec!["description"]));
    api.post("/codes", json!({"code": "SPRING", "description": "d"})).await.with(201);
    let taken = api.post("/codes", json!({"code": "spring", "description": "d"})).await;
    assert_eq!((taken.status, taken.code(), taken.fields()), (409, "conflict", vec!["code"]));
});

on_both!(codes_are_listed_by_page_and_status, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    for code in ["AAA", "BBB", "CCC"] {
        api.post("/codes", json!({"code": code, "description": "d", "category": "x"})).await.with(201);
    }
    let off = api.post("/codes", json!({"code": "OFF", "description": "d", "active": false})).await.with(201);
    let first = api.get("/codes?limit=2").await.with(200);
    assert_eq!(texts(&first), ["OFF", "CCC"]);
    let next = first["next"].as_str().expect("another page");
    let second = api.get(&format!("/codes?limit=2&after={next}")).await.with(200);
    assert_eq!((texts(&second), &second["next"]), (vec!["BBB", "AAA"], &Value::Null));
    assert_eq!(texts(&api.get("/codes?status=active").await.with(200)), ["CCC", "BBB", "AAA"]);
    assert_eq!(texts(&api.get("/codes?status=inactive").await.with(200)), ["OFF"]);
    assert_eq!(texts(&api.get("/codes?category=x&limit=1").await.with(200)), ["CCC"]);
    // The admin's own code is a personal one.
    let personal = api.get("/codes?kind=personal").await.with(200);
    assert_eq!(texts(&personal).len(), 1);
    for wrong in ["limit=0", "limit=101", "limit=x", "after=x", "status=none", "kind=any", "category=%00"] {
        let refused = api.get(&format!("/codes?{wrong}")).await;
        assert_eq!((refused.status, refused.code()), (422, "validation"), "{wrong}");
    }
    // A personal code can be switched, and nothing else.
    let id = &personal["data"][0]["id"];
    let switched = api.patch(&format!("/codes/{id}"), json!({"active": false})).await.with(200);
    assert_eq!((&switched["kind"], &switched["status"]), (&json!("personal"), &json!("inactive")));
    let refused = api.patch(&format!("/codes/{id}"), json!({"max_uses": 3})).await;
    assert_eq!((refused.code(), refused.fields()), ("validation", vec!["max_uses"]));
    assert_eq!(api.delete(&format!("/codes/{id}")).await.code(), "conflict");
    assert_eq!(api.get("/codes/by-code/NO-SUCH").await.code(), "code_not_found");
    assert!(off["id"].is_i64());
});

on_both!(validating_says_why_a_code_cannot_be_used, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "admin").await;
    let valid = |body: Value| {
        let api = api.clone();
        async move { api.post("/codes/validate", body).await.with(200) }
    };
    let no = |reason: &str| json!({"valid": false, "reason": reason});
    assert_eq!(valid(json!({"code": "SPRING"})).await, no("code_not_found"));
    assert_eq!(valid(json!({"code": "?"})).await, no("code_not_found"));
    let end = "2026-11-15T00:00:00Z";
    let made =
        api.post("/codes", json!({"code": "SPRING", "description": "d", "max_uses": 1, "expires_at": end})).await;
    let path = format!("/codes/{}", made.with(201)["id"]);
    assert_eq!(valid(json!({"code": "spring"})).await, json!({"valid": true}));
    let bob = api.post("/users", json!({"email": "bob@example.com", "code": "spring"})).await.with(201)["id"].clone();
    assert_eq!(valid(json!({"code": "SPRING"})).await, no("usage_limit_reached"));
    assert_eq!(valid(json!({"code": "SPRING", "user_id": bob})).await, no("already_used"));
    site.clock.set(site.clock.now().plus(DAY));
    assert_eq!(valid(json!({"code": "SPRING"})).await, no("code_expired"));
    api.patch(&path, json!({"active": false})).await.with(200);
    assert_eq!(valid(json!({"code": "SPRING"})).await, no("code_inactive"));
    // An end in the past is no error while it is not touched.
    api.patch(&path, json!({"active": true, "description": "still"})).await.with(200);
    assert_eq!(api.patch(&path, json!({"expires_at": "2026-11-14T00:00:00Z"})).await.fields(), ["expires_at"]);
    assert_eq!(api.patch(&path, json!({"expires_at": end})).await.status, 200);
    api.patch("/settings", json!({"referral_codes_enabled": false})).await.with(200);
    assert_eq!(valid(json!({"code": "SPRING"})).await, no("program_disabled"));
});

on_both!(who_used_a_code_is_listed_and_asked_for, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let code = api.post("/codes", json!({"code": "SPRING", "description": "d"})).await.with(201);
    let path = format!("/codes/{}/usages", code["id"]);
    let mut ids = vec![];
    for name in ["ann", "bob", "cid"] {
        let body = json!({"email": format!("{name}@example.com"), "username": name, "code": "SPRING"});
        ids.push(api.post("/users", body).await.with(201)["id"].clone());
    }
    let first = api.get(&format!("{path}?limit=2")).await.with(200);
    assert_eq!((&first["data"][0]["username"], &first["data"][1]["user_id"]), (&json!("cid"), &ids[1]));
    let next = first["next"].as_str().expect("another page");
    let second = api.get(&format!("{path}?after={next}")).await.with(200);
    assert_eq!((second["data"].as_array().map(Vec::len), &second["next"]), (Some(1), &Value::Null));
    assert_eq!(second["data"][0]["email"], "ann@example.com");
    let used = |user: Value| {
        let (api, path) = (api.clone(), path.clone());
        async move { api.get(&format!("{path}?user_id={user}")).await.with(200)["data"].as_array().map(Vec::len) }
    };
    assert_eq!((used(ids[0].clone()).await, used(json!(999_999)).await), (Some(1), Some(0)));
    assert_eq!(api.get("/codes/999999/usages").await.code(), "code_not_found");
    assert_eq!(api.get(&format!("{path}?after=x")).await.fields(), ["after"]);
});

on_both!(many_codes_are_made_in_the_background, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let refused = api.post("/codes/bulk", json!({"count": 5000, "length": 2, "description": "d"})).await;
    assert_eq!((refused.status, refused.code()), (422, "validation"));
    let refused = api.post("/codes/bulk", json!({"count": 0, "description": ""})).await.with(422);
    assert_eq!(refused["errors"].as_array().map(Vec::len), Some(2), "{refused}");
    let order = json!({"count": 2500, "prefix": "fair-", "description": "Fair", "category": "Events", "max_uses": 1});
    let asked = api.post("/codes/bulk", order).await.with(202);
    assert_eq!((&asked["state"], &asked["total"]), (&json!("open"), &json!(2500)));
    let path = format!("/codes/bulk/{}", asked["id"]);
    let mut last = asked.clone();
    for _ in 0..200 {
        last = api.get(&path).await.with(200);
        if last["state"] != "open" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!((&last["state"], &last["done"], &last["problem"]), (&json!("done"), &json!(2500), &json!(null)));
    let page = api.get(&format!("/codes?limit=100&bulk_id={}", asked["id"])).await.with(200);
    assert_eq!(page["data"].as_array().map(Vec::len), Some(100));
    assert!(page["data"][0]["code"].as_str().is_some_and(|code| code.starts_with("FAIR-") && code.len() == 13));
    assert_eq!(api.get("/stats").await.with(200)["total_codes"].as_i64(), Some(2501));
    assert_eq!(api.get("/codes/bulk/999").await.status, 404);
});

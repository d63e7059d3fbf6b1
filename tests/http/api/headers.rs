//! What every answer carries, and what every request may say.

use super::{Answer, Api};
use crate::{on_both, site::Site};
use passalong::server::api;
use serde_json::{Value, json};

fn number(answer: &Answer, name: &str) -> u32 {
    answer.header(name).parse().unwrap_or_else(|_| panic!("{name} of {answer:?}"))
}

on_both!(every_answer_names_its_request_and_what_is_left, |db| {
    let site = Site::start(db).await;
    let (api, nobody, wrong) = (Api::new(&site, "write").await, Api::with(&site, ""), Api::with(&site, "pal_wrong"));
    let text = &[("content-type", "text/plain")];
    let all = [
        (api.get("/codes").await, 200, 6_000),
        (api.post("/codes", json!({"description": "d"})).await, 201, 6_000),
        (api.post("/codes", json!({})).await, 422, 6_000),
        (api.send_text("POST", "/codes", &[], Some("{")).await, 400, 6_000),
        (api.send_text("POST", "/codes", text, Some("{}")).await, 415, 6_000),
        (api.get("/codes?colour=red").await, 400, 6_000),
        (api.get("/codes/999").await, 404, 6_000),
        (api.get("/no-such-thing").await, 404, 6_000),
        (api.get("/").await, 404, 6_000),
        (api.send("PUT", "/codes", &[], None).await, 405, 6_000),
        (api.patch("/settings", json!({})).await, 403, 6_000),
        (nobody.get("/codes").await, 401, 20),
        (wrong.get("/codes").await, 401, 20),
        (nobody.get("/no-such-thing").await, 404, 600),
        (wrong.get("/no-such-thing").await, 404, 600),
        (nobody.get("/openapi.json").await, 200, 600),
    ];
    let mut ids = vec![];
    for (answer, status, limit) in &all {
        assert_eq!((answer.status, number(answer, "ratelimit-limit")), (*status, *limit), "{answer:?}");
        assert!(number(answer, "ratelimit-remaining") < *limit, "{answer:?}");
        assert!((1..=60).contains(&number(answer, "ratelimit-reset")), "{answer:?}");
        let id = answer.header("x-request-id");
        assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{answer:?}");
        if answer.status >= 400 {
            assert_eq!(answer.body["request_id"], id);
        }
        ids.push(id);
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all.len());
    let left: Vec<u32> = futures::future::join_all((0..10).map(|_| nobody.get("/no-such-thing")))
        .await
        .iter()
        .map(|answer| number(answer, "ratelimit-remaining"))
        .collect();
    assert!(left.iter().min() < left.iter().max(), "{left:?}");
});

on_both!(the_id_that_a_caller_gives_is_kept, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let long = "x".repeat(129);
    for (given, kept) in [("shop-42:a/b+c=_.@", true), ("with space", false), ("<b>", false), (&long, false)] {
        for (method, path) in [("GET", "/codes"), ("GET", "/codes/999"), ("GET", "/nothing"), ("PUT", "/codes")] {
            let answer = api.send(method, path, &[("x-request-id", given)], None).await;
            let id = answer.header("x-request-id");
            assert_eq!((id == given, id.len() <= 128, id.is_empty()), (kept, true, false), "{given}: {answer:?}");
            assert!(answer.status == 200 || answer.body["request_id"] == id, "{answer:?}");
        }
    }
    // An answer that is given again is that of another request.
    let named = |id| {
        let headers = [("idempotency-key", "a"), ("x-request-id", id)];
        let api = api.clone();
        async move { api.send("POST", "/codes", &headers, Some(json!({"description": "d"}))).await }
    };
    let (first, again) = (named("first").await, named("again").await);
    assert_eq!((first.header("x-request-id"), again.header("x-request-id")), ("first", "again"));
    assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &first.body));
});

on_both!(who_asks_too_much_is_told_how_long_to_wait, |db| {
    let site = Site::start_with(db, &["--rate-limits", "on"]).await;
    let wrong = Api::with(&site, "pal_wrong");
    let mut answer = wrong.get("/codes").await;
    for _ in 0..30 {
        if answer.status == 429 {
            break;
        }
        answer = wrong.get("/codes").await;
    }
    assert_eq!((answer.status, answer.code()), (429, "rate_limited"));
    assert_eq!((number(&answer, "ratelimit-limit"), number(&answer, "ratelimit-remaining")), (20, 0));
    assert!(number(&answer, "retry-after") >= 1 && !answer.header("x-request-id").is_empty());
});

on_both!(an_unknown_parameter_is_told_by_every_operation, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "admin").await;
    let mut told = 0;
    for ((method, path), _) in api::document::required_scopes() {
        let path = path.trim_start_matches(api::routes::ROOT).replace("{id}", "999999").replace("{kind}", "x");
        let path = path.replace("{code}", "NO-SUCH");
        let body = matches!(&*method, "POST" | "PATCH" | "PUT").then(|| json!({"no_such_field": 1}));
        let refused = api.send(&method, &format!("{path}?no_such=1&other=2"), &[], body).await;
        assert_eq!((refused.status, refused.code()), (400, "unknown_parameter"), "{method} {path}: {refused:?}");
        assert_eq!(refused.fields(), ["no_such", "other"], "{method} {path}");
        told += 1;
    }
    assert!(told > 40, "{told}");
    let refused = api.get("/codes?categry=x&limit=5").await;
    let known = "Unknown in the query string: categry. Expected kind, status, category, bulk_id, limit, after.";
    assert_eq!((refused.fields(), &refused.body["detail"]), (vec!["categry"], &Value::from(known)));
    let none = "Unknown in the query string: x. This operation takes no parameters.";
    assert_eq!(api.get("/settings?x").await.body["detail"], none);
    // What is known, and out of its range, is told as before.
    assert_eq!(api.get("/codes?limit=0").await.code(), "validation");
    assert_eq!(api.get("/codes?limit=1&after=").await.status, 200);
    assert_eq!(api.send("HEAD", "/codes?x=1", &[], None).await.status, 400);
});

on_both!(null_clears_and_is_refused_where_nothing_can_be_empty, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "admin").await;
    let user =
        json!({"email": "ann@example.com", "external_id": "x", "full_name": "Ann", "phone": "1", "locale": "en"});
    let user = api.post("/users", user).await.with(201);
    let code = api.post("/codes", json!({"description": "d", "category": "c"})).await.with(201);
    let rule = json!({
        "kind": "account_credit", "amount": 500, "currency": "USD", "description": "5 dollars", "valid_days": 30, "hold_days": 3,
        "trigger": "every_conversion", "conditions": {"months": 3, "min_amount": 100}, "caps": {"per_referral": 2},
    });
    let rule = api.post("/rules", rule).await.with(201);
    let (user, code, rule) =
        (format!("/users/{}", user["id"]), format!("/codes/{}", code["id"]), format!("/rules/{}", rule["id"]));
    for (path, cleared, kept) in [
        (
            &*user,
            vec!["external_id", "account_id", "full_name", "phone", "locale"],
            vec!["email", "username", "goal", "disabled"],
        ),
        (&code, vec!["category", "max_uses", "expires_at", "beneficiary_id"], vec!["description", "active"]),
        (
            &rule,
            vec!["valid_days", "hold_days", "unit", "basis_points", "group", "option", "starts_at", "ends_at"],
            vec!["name", "trigger", "recipient", "kind", "description", "approval", "conditions", "caps", "active"],
        ),
        (
            "/settings",
            vec!["link_destination", "policy_url", "accent_color", "logo_url"],
            vec![
                "program_name",
                "welcome_text",
                "currency",
                "default_goal",
                "referral_codes_enabled",
                "attribution_model",
            ],
        ),
    ] {
        let without_version = |mut object: Value| {
            object["version"].take();
            object
        };
        let before = without_version(api.get(path).await.with(200));
        assert_eq!(without_version(api.patch(path, json!({})).await.with(200)), before, "{path}");
        for field in kept {
            let refused = api.patch(path, json!({field: null})).await;
            assert_eq!((refused.status, refused.code()), (422, "validation"), "{path} {field}");
        }
        assert_eq!(without_version(api.get(path).await.with(200)), before, "{path}");
        for field in cleared {
            assert_eq!(api.patch(path, json!({field: null})).await.with(200)[field], Value::Null, "{path} {field}");
        }
    }
    // What is inside is replaced as a whole.
    let changed = api.patch(&rule, json!({"conditions": {"min_amount": 200}})).await.with(200);
    assert_eq!((&changed["conditions"]["min_amount"], &changed["conditions"]["months"]), (&json!(200), &Value::Null));
    assert_eq!(changed["caps"]["per_referral"], 2);
});

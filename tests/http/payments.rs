//! Payments told by the host product and by Stripe: counted once, for whoever brought the payer.

use crate::{
    api::Api,
    on_both,
    site::{START, Site},
};
use passalong::domain::time::{DAY, HOUR};
use serde_json::{Value, json};

/// A friend of Ann's who has joined, with the host's id `friend`.
async fn friend_of_ann(api: &Api) -> (Value, Value) {
    let ann = api.post("/users", json!({"email": "ann@example.com", "external_id": "ann"})).await.with(201);
    let friend = json!({"email": "bob@example.com", "external_id": "bob", "code": ann["code"], "code_source": "link"});
    let bob = api.post("/users", friend).await.with(201);
    (ann, bob)
}

async fn stats(api: &Api) -> (i64, Value) {
    let stats = api.get("/users/ext:ann/stats").await.with(200);
    (stats["conversions"].as_i64().expect("a number"), stats["revenue"].clone())
}

fn money(amount: i64, currency: &str) -> Value {
    json!({"amount": amount, "currency": currency})
}

on_both!(a_payment_of_a_friend_is_one_conversion, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let (_, bob) = friend_of_ann(&api).await;
    let order = json!({"external_id": "bob", "source_id": "order-1", "amount": 5000, "currency": "usd"});
    let told = api.post("/conversions", order.clone()).await.with(201);
    assert_eq!((&told["state"], &told["user_id"], &told["source"]), (&json!("counted"), &bob["id"], &json!("api")));
    assert_eq!(stats(&api).await, (1, json!([money(5000, "USD")])));
    // Told again, also with more names, it is the same.
    let again = json!({"email": "bob@example.com", "source_id": "order-1", "amount": 5000, "currency": "USD", "provider_refs": ["pi_1"]});
    let again = api.post("/conversions", again).await.with(200);
    assert_eq!((&again["id"], &again["refs"]), (&told["id"], &json!(["pi_1"])));
    let by_ref = json!({"external_id": "bob", "source_id": "order-1b", "amount": 5000, "currency": "USD", "provider_refs": ["pi_1"]});
    assert_eq!(api.post("/conversions", by_ref).await.with(200)["id"], told["id"]);
    let other = json!({"external_id": "bob", "source_id": "order-1", "amount": 4000, "currency": "USD"});
    assert_eq!(api.post("/conversions", other).await.code(), "conflict");
    assert_eq!(stats(&api).await, (1, json!([money(5000, "USD")])));
    // A second payment is revenue, and no second conversion. Currencies are never added.
    for (n, currency) in [(2, "USD"), (3, "EUR")] {
        let more =
            json!({"external_id": "bob", "source_id": format!("order-{n}"), "amount": 700, "currency": currency});
        api.post("/conversions", more).await.with(201);
    }
    assert_eq!(stats(&api).await, (1, json!([money(700, "EUR"), money(5700, "USD")])));
    let listed = api.get("/conversions?state=counted&limit=2").await.with(200);
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(2));
    let rest = api
        .get(&format!("/conversions?state=counted&after={}", listed["next"].as_str().expect("more")))
        .await
        .with(200);
    assert_eq!(rest["data"][0], api.get(&format!("/conversions/{}", told["id"])).await.with(200));
    let referral = api.get("/users/ext:ann/referrals").await.with(200)["data"][0].clone();
    assert_eq!(referral["state"], "converted");
});

on_both!(refunds_take_back_what_they_give_back, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    friend_of_ann(&api).await;
    let order =
        json!({"external_id": "bob", "source_id": "order-1", "amount": 1000, "net_amount": 800, "currency": "EUR"});
    let id = api.post("/conversions", order).await.with(201)["id"].clone();
    assert_eq!(stats(&api).await, (1, json!([money(800, "EUR")])));
    let path = format!("/conversions/{id}/refunds");
    let refund = |name: &str, amount: i64| api.post(&path, json!({"source_id": name, "amount": amount}));
    assert_eq!(refund("r-1", 333).await.with(201)["refunded"], 333);
    assert_eq!(refund("r-1", 333).await.with(200)["refunded"], 333);
    assert_eq!(refund("r-1", 334).await.code(), "conflict");
    assert_eq!(stats(&api).await, (1, json!([money(534, "EUR")])));
    let refused = refund("r-2", 668).await;
    assert_eq!((refused.status, refused.code(), refused.fields()), (409, "refund_exceeds_payment", vec!["amount"]));
    let whole = refund("r-2", 667).await.with(201);
    assert_eq!((&whole["state"], &whole["refunded"]), (&json!("refunded"), &json!(1000)));
    assert_eq!(stats(&api).await, (0, json!([])));
    assert_eq!(api.get("/users/ext:ann/referrals").await.with(200)["data"][0]["state"], "signed_up");
    for wrong in [json!({"source_id": "", "amount": 1}), json!({"source_id": "r-3", "amount": 0})] {
        assert_eq!(api.post(&path, wrong).await.code(), "validation");
    }
    assert_eq!(api.post("/conversions/999/refunds", json!({"source_id": "r", "amount": 1})).await.code(), "not_found");
});

on_both!(payments_wait_for_whoever_is_not_known_yet, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let tell = |name: &str, more: Value| {
        let mut body = json!({"source_id": name, "amount": 900, "currency": "USD"});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        api.post("/conversions", body)
    };
    let by_id = tell("o-1", json!({"external_id": "bob"})).await.with(201);
    let by_email = tell("o-2", json!({"email": " BOB@example.com"})).await.with(201);
    for parked in [&by_id, &by_email] {
        assert_eq!((&parked["state"], &parked["parked_because"]), (&json!("parked"), &json!("unknown_person")));
    }
    let long_ago = passalong::domain::time::Time(START.0 - 2 * DAY).rfc_3339();
    let before = tell("o-3", json!({"external_id": "bob", "occurred_at": long_ago})).await.with(201);
    site.clock.set(START.plus(HOUR));
    friend_of_ann(&api).await;
    let state = async |told: &Value| {
        let told = api.get(&format!("/conversions/{}", told["id"])).await.with(200);
        (told["state"].as_str().map(str::to_owned), told["parked_because"].as_str().map(str::to_owned))
    };
    assert_eq!(state(&by_id).await, (Some("counted".into()), None));
    assert_eq!(state(&by_email).await, (Some("counted".into()), None));
    assert_eq!(state(&before).await, (Some("parked".into()), Some("before_sign_up".into())), "a customer already");
    assert_eq!(stats(&api).await, (1, json!([money(1800, "USD")])));
    // Nobody has brought Ann.
    let own = tell("o-4", json!({"external_id": "ann"})).await.with(201);
    assert_eq!(own["parked_because"], "no_referral");
    // What comes after 90 days comes too late, and is kept.
    let late = tell("o-5", json!({"external_id": "carl"})).await.with(201);
    site.clock.set(START.plus(90 * DAY + 2 * HOUR));
    let ann = api.get("/users/ext:ann").await.with(200);
    let carl = json!({"email": "carl@example.com", "external_id": "carl", "code": ann["code"], "signed_up_at": START.plus(3 * HOUR).rfc_3339()});
    api.post("/users", carl).await.with(201);
    assert_eq!(state(&late).await.1.as_deref(), Some("too_late"));
});

on_both!(what_is_wrong_with_a_payment_is_told_by_field, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    friend_of_ann(&api).await;
    let told = async |change: Value| {
        let mut body = json!({"external_id": "bob", "source_id": "o", "amount": 1, "currency": "USD"});
        body.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
        let told = api.post("/conversions", body).await;
        told.fields().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    for (change, field) in [
        (json!({"amount": 0}), "amount"),
        (json!({"currency": "dollars"}), "currency"),
        (json!({"net_amount": 2}), "net_amount"),
        (json!({"occurred_at": START.plus(DAY).rfc_3339()}), "occurred_at"),
        (json!({"source_id": " "}), "source_id"),
        (json!({"provider_refs": ["pi 1"]}), "provider_refs"),
        (json!({"external_id": null}), ""),
        (json!({"external_id": null, "email": "bob"}), "email"),
        (json!({"user_id": 1}), ""),
    ] {
        assert_eq!(told(change.clone()).await, [field], "{change}");
    }
});

on_both!(a_correction_moves_conversions, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "admin").await;
    friend_of_ann(&api).await;
    let eve = api.post("/users", json!({"email": "eve@example.com", "external_id": "eve"})).await.with(201);
    let order = json!({"external_id": "bob", "source_id": "order-1", "amount": 5000, "currency": "USD"});
    let id = api.post("/conversions", order).await.with(201)["id"].clone();
    let numbers = async |who: &str| {
        let stats = api.get(&format!("/users/ext:{who}/stats")).await.with(200);
        (stats["signups"].clone(), stats["conversions"].clone(), stats["revenue"].clone())
    };
    let credit = async |code: &Value| {
        api.put("/users/ext:bob/referral", json!({"code": code, "reason": "asked"})).await.with(200);
    };
    credit(&eve["code"]).await;
    assert_eq!(numbers("ann").await, (json!(0), json!(0), json!([])));
    assert_eq!(numbers("eve").await, (json!(1), json!(1), json!([money(5000, "USD")])));
    credit(&Value::Null).await;
    assert_eq!(numbers("eve").await, (json!(0), json!(0), json!([])));
    assert_eq!(api.get(&format!("/conversions/{id}")).await.with(200)["parked_because"], "no_referral");
    // It has counted before, so it is never too late.
    site.clock.set(START.plus(100 * DAY));
    credit(&eve["code"]).await;
    assert_eq!(numbers("eve").await, (json!(1), json!(1), json!([money(5000, "USD")])));
});

on_both!(whoever_is_erased_has_paid_all_the_same, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "admin").await;
    friend_of_ann(&api).await;
    let order = |n: i64| json!({"external_id": "bob", "email": "bob@example.com", "source_id": format!("o-{n}"), "amount": 500, "currency": "USD"});
    let first = api.post("/conversions", order(1)).await.with(201);
    api.delete("/users/ext:bob").await.with(204);
    assert_eq!(stats(&api).await, (1, json!([money(500, "USD")])));
    // Later payments count nowhere; later refunds of old ones do.
    assert_eq!(api.post("/conversions", order(2)).await.with(201)["parked_because"], "unknown_person");
    let refund = json!({"source_id": "r", "amount": 200});
    api.post(&format!("/conversions/{}/refunds", first["id"]), refund).await.with(201);
    assert_eq!(stats(&api).await, (1, json!([money(300, "USD")])));
    // Whoever joins anew with that e-mail is somebody else.
    api.post("/users", json!({"email": "bob@example.com", "external_id": "bob"})).await.with(201);
    let old = api.get(&format!("/conversions/{}", first["id"])).await.with(200);
    assert_eq!((&old["user_id"], &old["state"]), (&first["user_id"], &json!("counted")));
});

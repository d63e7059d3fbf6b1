//! What becomes of payments when something happens between the click and the money.

use crate::{
    api::Api,
    on_both,
    site::START,
    stripe::{self, event, invoice, send},
};
use passalong::domain::time::DAY;
use serde_json::{Value, json};

/// Ann's conversions and revenue.
async fn stats(api: &Api) -> (Value, Value) {
    let stats = api.get("/users/ext:ann/stats").await.with(200);
    (stats["conversions"].clone(), stats["revenue"].clone())
}

fn money(amount: i64, currency: &str) -> Value {
    json!({"amount": amount, "currency": currency})
}

/// The host product tells that somebody has paid 900 cents.
async fn pay(api: &Api, who: &str, name: &str, days_ago: i64) -> Value {
    let at = START.plus(-days_ago * DAY).rfc_3339();
    let body = json!({"external_id": who, "source_id": name, "amount": 900, "currency": "USD", "occurred_at": at});
    api.post("/conversions", body).await.with(201)
}

on_both!(a_payment_a_day_before_the_sign_up_counts_and_one_a_month_before_does_not, |db| {
    let (_site, api) = stripe::site(db).await;
    let day = pay(&api, "bob", "o-1", 1).await;
    assert_eq!((&day["state"], &day["parked_because"]), (&json!("counted"), &Value::Null));
    assert_eq!(stats(&api).await, (json!(1), json!([money(900, "USD")])));
    let month = pay(&api, "bob", "o-2", 30).await;
    assert_eq!((&month["state"], &month["parked_because"]), (&json!("parked"), &json!("before_sign_up")));
    assert_eq!(stats(&api).await, (json!(1), json!([money(900, "USD")])));
});

on_both!(payments_count_on_when_the_code_is_deleted, |db| {
    let (_site, api) = stripe::site(db).await;
    let ann = api.get("/users/ext:ann").await.with(200);
    let code = json!({"code": "SPRING", "description": "Spring", "beneficiary_id": ann["id"]});
    let code = api.post("/codes", code).await.with(201);
    let carl = json!({"email": "carl@example.com", "external_id": "carl", "code": "SPRING"});
    api.post("/users", carl).await.with(201);
    pay(&api, "carl", "o-1", 0).await;
    api.delete(&format!("/codes/{}", code["id"])).await.with(204);
    assert_eq!(pay(&api, "carl", "o-2", 0).await["state"], "counted");
    assert_eq!(stats(&api).await, (json!(1), json!([money(1800, "USD")])));
    // Whoever comes by it from then on is nobody's.
    let dora = json!({"email": "dora@example.com", "external_id": "dora", "code": "SPRING", "code_source": "link"});
    api.post("/users", dora).await.with(201);
    assert_eq!(pay(&api, "dora", "o-3", 0).await["parked_because"], "no_referral");
});

on_both!(payments_count_on_when_the_referrer_is_disabled_or_erased, |db| {
    let (_site, api) = stripe::site(db).await;
    let ann = api.get("/users/ext:ann").await.with(200);
    api.patch("/users/ext:ann", json!({"disabled": true})).await.with(200);
    let first = pay(&api, "bob", "o-1", 0).await;
    assert_eq!(stats(&api).await, (json!(1), json!([money(900, "USD")])));
    // Nobody is brought by them any more.
    let carl = json!({"email": "carl@example.com", "external_id": "carl", "code": ann["code"], "code_source": "link"});
    api.post("/users", carl).await.with(201);
    assert_eq!(pay(&api, "carl", "o-2", 0).await["parked_because"], "no_referral");
    api.delete("/users/ext:ann").await.with(204);
    let second = pay(&api, "bob", "o-3", 0).await;
    assert_eq!((&second["state"], &second["referral_id"]), (&json!("counted"), &first["referral_id"]));
    let code = api.get(&format!("/codes/by-code/{}", ann["code"].as_str().expect("a code"))).await.with(200);
    assert_eq!((&code["conversions"], &code["revenue"]), (&json!(1), &json!([money(1800, "USD")])));
});

on_both!(a_dispute_that_was_won_may_still_be_followed_by_a_refund, |db| {
    let (site, api) = stripe::site(db).await;
    let about = |id: &str, object: &str, status: &str| json!({"id": id, "object": object, "payment_intent": "pi_1", "amount": 4900, "currency": "usd", "status": status});
    let state = async |event: Value| {
        assert_eq!(send(&site, &event).await, 200);
        let payment = api.get("/conversions").await.with(200)["data"][0].clone();
        (payment["state"].clone(), payment["refunded"].clone(), stats(&api).await)
    };
    let whole = || (json!(1), json!([money(4000, "USD")]));
    let paid = state(invoice(1, json!({"payment_intent": "pi_1"}))).await;
    assert_eq!(paid, (json!("counted"), json!(0), whole()));
    let opened = about("dp_1", "dispute", "needs_response");
    let opened = state(event("evt_1", "charge.dispute.created", opened)).await;
    assert_eq!(opened, (json!("disputed"), json!(0), whole()));
    let won = state(event("evt_2", "charge.dispute.closed", about("dp_1", "dispute", "won"))).await;
    assert_eq!(won, (json!("counted"), json!(0), whole()));
    let refund = state(event("evt_3", "refund.created", about("re_1", "refund", "succeeded"))).await;
    assert_eq!(refund, (json!("refunded"), json!(4900), (json!(0), json!([]))));
    // What comes late changes nothing of it; a refund that fails gives all back.
    let late = state(event("evt_4", "charge.dispute.updated", about("dp_1", "dispute", "under_review"))).await;
    assert_eq!(late, refund);
    let failed = state(event("evt_5", "refund.failed", about("re_1", "refund", "failed"))).await;
    assert_eq!(failed, (json!("counted"), json!(0), whole()));
});

on_both!(amounts_have_the_digits_of_their_currency_whoever_tells_of_them, |db| {
    let (site, api) = stripe::site(db).await;
    // What Stripe sends, and what the host product sends.
    for (n, (currency, units, amount)) in
        [("JPY", 500, 500), ("KWD", 1_250, 1_250), ("ISK", 199_000, 1_990)].into_iter().enumerate()
    {
        let n = i64::try_from(n).expect("a number");
        let whole = json!({"amount_paid": units, "total": units, "total_excluding_tax": units, "currency": currency.to_lowercase()});
        assert_eq!(send(&site, &invoice(n, whole)).await, 200);
        let told = json!({"external_id": "bob", "source_id": format!("o-{n}"), "amount": amount, "currency": currency, "provider_refs": [format!("in_{n}")]});
        let known = api.post("/conversions", told).await.with(200);
        assert_eq!((&known["amount"], &known["currency"]), (&json!(amount), &json!(currency)));
    }
    let revenue = json!([money(1_990, "ISK"), money(500, "JPY"), money(1_250, "KWD")]);
    assert_eq!(stats(&api).await, (json!(1), revenue));
});

on_both!(a_third_payment_does_not_make_one_of_those_of_two_people, |db| {
    let (site, api) = stripe::site(db).await;
    let carl = json!({"email": "carl@example.com", "external_id": "carl"});
    api.post("/users", carl).await.with(201);
    // The oldest is by nobody who is known.
    assert_eq!(send(&site, &invoice(1, json!({"metadata": {}, "customer": null}))).await, 200);
    for (who, name) in [("bob", "pi_1"), ("carl", "ch_1")] {
        let body =
            json!({"external_id": who, "source_id": name, "amount": 4900, "currency": "USD", "provider_refs": [name]});
        api.post("/conversions", body).await.with(201);
    }
    let joins_all = json!({"id": "ch_1", "object": "charge", "payment_intent": "pi_1", "invoice": "in_1"});
    assert_eq!(send(&site, &event("evt_c", "charge.succeeded", joins_all)).await, 200);
    let listed = api.get("/conversions").await.with(200)["data"].clone();
    let people = listed.as_array().expect("rows").iter().map(|row| row["external_id"].clone());
    assert_eq!(people.collect::<Vec<_>>(), [json!("carl"), json!("bob"), Value::Null], "{listed}");
    assert!(listed.as_array().expect("rows").iter().all(|row| row["duplicate_of"].is_null()), "{listed}");
});

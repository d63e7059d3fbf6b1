//! Stripe's webhook: who may send, and what comes of what is sent. The shapes of messages and their orders are tested
//! with Stripe's own library in the browser tests.

use crate::{
    api::Api,
    on_both,
    site::{START, Site},
};
use hmac::{Hmac, KeyInit, Mac};
use passalong::{
    domain::time::SECOND,
    server::{config::clock::Clock, store::db::Db},
};
use reqwest::Client;
use serde_json::{Value, json};
use sha2::Sha256;

pub const SECRET: &str = "whsec_first";

/// A site that takes events by two secrets, and a friend of Ann's with the host's id `bob`.
pub async fn site(db: Db) -> (Site, Api) {
    let site = Site::start_with(db, &["--stripe-webhook-secret", "whsec_first,whsec_second"]).await.with_admin().await;
    let api = Api::new(&site, "admin").await;
    let ann = api
        .post("/users", json!({"email": "ann@example.com", "username": "ann", "external_id": "ann"}))
        .await
        .with(201);
    let bob = json!({"email": "bob@example.com", "username": "bob", "external_id": "bob", "code": ann["code"], "code_source": "link"});
    api.post("/users", bob).await.with(201);
    (site, api)
}

fn signature(secret: &str, body: &str, seconds: i64) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(format!("{seconds}.{body}").as_bytes());
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={seconds},v1={hex}")
}

async fn post(site: &Site, header: &str, body: String) -> u16 {
    post_with(&crate::clients::client(), site, header, body).await
}

async fn post_with(client: &Client, site: &Site, header: &str, body: String) -> u16 {
    let request = client.post(format!("http://127.0.0.1:{}/webhooks/stripe", site.port));
    let answer = request.header("stripe-signature", header).body(body).send().await.expect("an answer");
    answer.status().as_u16()
}

/// Sends an event that is signed.
pub async fn send(site: &Site, event: &Value) -> u16 {
    send_with(&crate::clients::client(), site, event).await
}

/// The same over connections that are kept.
pub async fn send_with(client: &Client, site: &Site, event: &Value) -> u16 {
    let body = event.to_string();
    post_with(client, site, &signed_now(&body), body).await
}

/// The header that Stripe sends with a body.
pub fn signed_now(body: &str) -> String {
    signature(SECRET, body, Clock::real_now().0 / SECOND)
}

/// An event of this kind about an object.
pub fn event(id: &str, kind: &str, object: Value) -> Value {
    json!({"id": id, "object": "event", "type": kind, "created": START.0 / SECOND, "livemode": true, "data": {"object": object}})
}

/// An invoice of Bob's that was paid, `n` of its names.
pub fn invoice(n: i64, more: Value) -> Value {
    let mut object = json!({
        "id": format!("in_{n}"), "object": "invoice", "amount_paid": 4900, "currency": "usd", "total": 4900,
        "total_excluding_tax": 4000, "customer": "cus_1", "metadata": {"passalong_user": "bob"},
    });
    object.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    event(&format!("evt_in_{n}"), "invoice.paid", object)
}

async fn stats(api: &Api) -> (Value, Value) {
    let stats = api.get("/users/ext:ann/stats").await.with(200);
    (stats["conversions"].clone(), stats["revenue"].clone())
}

fn usd(amount: i64) -> Value {
    json!([{"amount": amount, "currency": "USD"}])
}

on_both!(only_what_stripe_has_signed_is_taken, |db| {
    let (site, api) = site(db).await;
    let (paid, now) = (invoice(1, json!({})).to_string(), Clock::real_now().0 / SECOND);
    let good = signature("whsec_second", &paid, now);
    let (start, last) = good.split_at(good.len() - 1);
    let changed = format!("{start}{}", if last == "0" { '1' } else { '0' });
    let empty = signature("", &paid, now);
    for wrong in [
        "",
        "t=1",
        &signature("whsec_third", &paid, now),
        &signature(SECRET, &paid, now - 301),
        &changed,
        start,
        &empty,
    ] {
        assert_eq!(post(&site, wrong, paid.clone()).await, 400, "{wrong}");
    }
    assert_eq!(stats(&api).await, (json!(0), json!([])));
    assert_eq!(post(&site, &good, paid).await, 200);
    assert_eq!(stats(&api).await, (json!(1), usd(4000)));
    let large = "x".repeat(1_100_000);
    assert_eq!(post(&site, &signature(SECRET, &large, now), large).await, 413);
    assert_eq!(send(&site, &json!({"id": "evt_t", "object": "v2.core.event", "type": "v1.x"})).await, 400);
    // What a later try could not change.
    assert_eq!(send(&site, &event("evt_c", "customer.created", json!({"id": "cus_1"}))).await, 200);
    assert_eq!(send(&site, &json!("no event")).await, 200);
});

on_both!(without_a_secret_the_webhook_is_closed, |db| {
    let site = Site::start(db).await;
    assert_eq!(send(&site, &invoice(1, json!({}))).await, 404);
});

on_both!(an_event_that_comes_again_does_nothing_again, |db| {
    let (site, api) = site(db).await;
    let paid = invoice(1, json!({}));
    let sent = futures::future::join_all((0..10).map(|_| send(&site, &paid))).await;
    assert_eq!(sent, [200; 10]);
    // Another event about the same invoice.
    let mut other = paid.clone();
    other["id"] = json!("evt_other");
    assert_eq!(send(&site, &other).await, 200);
    assert_eq!(stats(&api).await, (json!(1), usd(4000)));
    let listed = api.get("/conversions").await.with(200);
    assert_eq!((listed["data"].as_array().map(Vec::len), &listed["data"][0]["refs"]), (Some(1), &json!(["in_1"])));
    let events = api.get("/events").await.with(200)["data"].clone();
    let kinds: Vec<&str> =
        events.as_array().expect("events").iter().filter_map(|event| event["type"].as_str()).collect();
    assert_eq!(kinds[kinds.len() - 3..], ["conversion.created", "referral.converted", "reward.pending"]);
    let created = &events[kinds.len() - 3];
    assert_eq!((&created["data"]["object"], &created["version"]), (&listed["data"][0], &listed["data"][0]["version"]));
});

on_both!(payments_that_turn_out_to_be_one_are_counted_once, |db| {
    let (site, api) = site(db).await;
    // A payment that the host has told of, and an invoice, of which nobody knows that they are one.
    let order = json!({"external_id": "bob", "source_id": "order-1", "amount": 4900, "currency": "USD", "provider_refs": ["pi_1"]});
    let told = api.post("/conversions", order).await.with(201);
    assert_eq!(send(&site, &invoice(1, json!({}))).await, 200);
    assert_eq!(stats(&api).await, (json!(1), usd(8900)));
    let joined =
        json!({"id": "inpay_1", "object": "invoice_payment", "invoice": "in_1", "payment": {"payment_intent": "pi_1"}});
    assert_eq!(send(&site, &event("evt_j", "invoice_payment.paid", joined)).await, 200);
    assert_eq!(stats(&api).await, (json!(1), usd(4000)), "Stripe's amount beats the host's");
    let kept = api.get(&format!("/conversions/{}", told["id"])).await.with(200);
    assert_eq!(
        (&kept["state"], &kept["source"], &kept["refs"]),
        (&json!("counted"), &json!("stripe"), &json!(["in_1", "pi_1"]))
    );
    let twin = api.get("/conversions?state=duplicate").await.with(200)["data"][0].clone();
    assert_eq!((&twin["duplicate_of"], &twin["referral_id"]), (&told["id"], &Value::Null));
    // A refund that the host tells of by the id of the other one.
    let refund = json!({"source_id": "r-1", "amount": 4900});
    let refunded = api.post(&format!("/conversions/{}/refunds", twin["id"]), refund).await.with(201);
    assert_eq!((&refunded["id"], &refunded["state"]), (&told["id"], &json!("refunded")));
    // Payments of two people are never one.
    let carl = json!({"email": "carl@example.com", "external_id": "carl"});
    api.post("/users", carl).await.with(201);
    let other = json!({"external_id": "carl", "source_id": "order-2", "amount": 100, "currency": "USD", "provider_refs": ["pi_2"]});
    api.post("/conversions", other).await.with(201);
    let both = json!({"external_id": "carl", "source_id": "order-2", "amount": 100, "currency": "USD", "provider_refs": ["pi_1"]});
    assert_eq!(api.post("/conversions", both).await.code(), "conflict");
});

on_both!(a_refund_before_its_payment_is_parked_and_taken_up, |db| {
    let (site, api) = site(db).await;
    let refund = json!({
        "id": "re_1", "object": "refund", "amount": 4900, "currency": "usd", "status": "succeeded", "payment_intent": "pi_1",
    });
    assert_eq!(send(&site, &event("evt_r", "refund.created", refund)).await, 200);
    let parked = api.get("/conversions?state=parked").await.with(200)["data"][0].clone();
    assert_eq!(
        (&parked["parked_because"], &parked["amount"], &parked["refunded"], &parked["currency"]),
        (&json!("payment_missing"), &json!(0), &json!(4900), &json!("USD"))
    );
    let path = format!("/conversions/{}", parked["id"]);
    let more = json!({"source_id": "r-1", "amount": 1});
    assert_eq!(api.post(&format!("{path}/refunds"), more).await.status, 404);
    let page = site.admin().await.get(&format!("/admin{path}")).await;
    assert!(page.text().contains("hasn’t been reported yet") && page.find("main form").is_none(), "{}", page.text());
    assert_eq!(send(&site, &invoice(1, json!({"payment_intent": "pi_1"}))).await, 200);
    let refunded = api.get(&path).await.with(200);
    assert_eq!(
        (&refunded["state"], &refunded["refunded"], &refunded["refs"]),
        (&json!("refunded"), &json!(4900), &json!(["in_1", "pi_1"]))
    );
    assert_eq!(stats(&api).await, (json!(0), json!([])));
});

on_both!(a_refund_that_stripe_and_the_host_tell_of_is_one, |db| {
    let (site, api) = site(db).await;
    assert_eq!(send(&site, &invoice(1, json!({"payment_intent": "pi_1"}))).await, 200);
    let refund = |amount: i64| {
        json!({
            "id": "re_1", "object": "refund", "amount": amount, "currency": "usd", "status": "succeeded", "payment_intent": "pi_1",
        })
    };
    assert_eq!(send(&site, &event("evt_r", "refund.created", refund(4900))).await, 200);
    let id = api.get("/conversions").await.with(200)["data"][0]["id"].clone();
    let path = format!("/conversions/{id}/refunds");
    let tell = |name: &str, amount: i64| api.post(&path, json!({"source_id": name, "amount": amount}));
    assert_eq!(tell("r-1", 4000).await.with(201)["refunded"], 4900);
    // What the host itself has given back is the limit.
    assert_eq!(tell("r-2", 901).await.code(), "refund_exceeds_payment");
    assert_eq!(tell("r-2", 900).await.with(201)["state"], "refunded");
});

on_both!(customers_are_known_again_by_their_id, |db| {
    let (site, api) = site(db).await;
    // A renewal that names the customer alone comes before whoever says who that is.
    let renewal = invoice(2, json!({"metadata": {}}));
    assert_eq!(send(&site, &renewal).await, 200);
    assert_eq!(api.get("/conversions").await.with(200)["data"][0]["parked_because"], "unknown_person");
    let session = json!({
        "id": "cs_1", "object": "checkout.session", "mode": "subscription", "invoice": "in_1", "payment_status": "no_payment_required",
        "customer": "cus_1", "client_reference_id": "bob", "customer_email": "somebody@example.com",
    });
    assert_eq!(send(&site, &event("evt_s", "checkout.session.completed", session)).await, 200);
    assert_eq!(stats(&api).await, (json!(1), usd(4000)));
    // Somebody else's e-mail on a later invoice changes nothing.
    let later = invoice(3, json!({"metadata": {}, "customer_email": "ann@example.com"}));
    assert_eq!(send(&site, &later).await, 200);
    assert_eq!(stats(&api).await, (json!(1), usd(8000)));
});

on_both!(test_mode_counts_where_it_is_switched_on, |db| {
    let (site, api) = site(db).await;
    let test = |n: i64| {
        let mut event = invoice(n, json!({}));
        event["livemode"] = json!(false);
        event
    };
    assert_eq!(send(&site, &test(1)).await, 200);
    assert_eq!(api.get("/conversions").await.with(200)["data"], json!([]));
    api.patch("/settings", json!({"stripe_test_events": true})).await.with(200);
    // What came while it was off can be sent again.
    for n in [2, 1] {
        assert_eq!(send(&site, &test(n)).await, 200);
    }
    assert_eq!(api.get("/conversions").await.with(200)["data"][0]["livemode"], false);
    assert_eq!(stats(&api).await, (json!(1), usd(8000)));
    // With tax, from then on.
    api.patch("/settings", json!({"conversion_amount": "gross"})).await.with(200);
    assert_eq!(send(&site, &invoice(3, json!({}))).await, 200);
    assert_eq!(stats(&api).await, (json!(1), usd(12_900)));
});

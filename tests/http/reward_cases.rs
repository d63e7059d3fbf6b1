//! What becomes of rewards when money is given back, disputed or told of twice, or somebody leaves: the cases that the
//! specification decides, one by one.

use crate::{
    on_both,
    reward_program::{Program, all, credit, messages, percent, with},
    stripe::{event, invoice, send},
};
use passalong::{domain::time::DAY, server::store::db::Tx};
use serde_json::{Value, json};

/// Stripe tells of something.
async fn tell(program: &Program, event: Value) {
    assert_eq!(send(&program.site, &event).await, 200);
}

/// Stripe tells of a refund or dispute of everything that was paid with `pi_1`.
async fn about(program: &Program, id: &str, kind: &str, status: &str) {
    let object = if kind.contains("dispute") { "dispute" } else { "refund" };
    let body = json!({"id": object, "object": object, "payment_intent": "pi_1", "amount": 4900, "currency": "usd", "status": status});
    tell(program, event(id, kind, body)).await;
}

/// The invoice that was paid with `pi_1`.
async fn paid(program: &Program) {
    tell(program, invoice(1, json!({"payment_intent": "pi_1"}))).await;
}

fn state(state: &str, amount: i64) -> (String, i64) {
    (state.to_owned(), amount)
}

/// Where the friends of Ann stand.
async fn friends(program: &Program) -> Vec<Value> {
    let found = program.api.get("/users/ext:ann/referrals").await.with(200);
    found["data"].as_array().expect("referrals").iter().map(|referral| referral["state"].clone()).collect()
}

on_both!(a_dispute_that_is_won_and_a_refund_after_it_freeze_release_and_take_back, |db| {
    let held = with(credit(500), json!({"hold_days": 3}));
    let program = Program::start(db, &[with(credit(1_000), json!({"valid_days": 10})), held]).await;
    paid(&program).await;
    about(&program, "evt_1", "charge.dispute.created", "needs_response").await;
    let found = program.rewards("ann").await;
    assert!(found.iter().all(|reward| reward["frozen"] == true), "{found:?}");
    // What is frozen is there, and nobody can use it.
    let balance = program.balance("ann", "account_credit").await;
    assert_eq!((&balance["available"], &balance["frozen"]), (&json!(0), &json!(1_000)));
    assert_eq!(program.redeem(&found[0], json!({})).await.code(), "frozen");
    assert_eq!(program.use_up("ann", "account_credit", 1, "use-1").await.code(), "insufficient_balance");
    program.pass(20 * DAY).await;
    assert_eq!(program.states("ann").await, [state("active", 1_000), state("pending", 500)]);
    about(&program, "evt_2", "charge.dispute.closed", "won").await;
    // The hold has run on meanwhile, and the time for using it has not.
    assert_eq!(program.states("ann").await, all("active", &[1_000, 500]));
    program.wait(10 * DAY - 1);
    assert_eq!(program.balance("ann", "account_credit").await["available"], 1_500);
    about(&program, "evt_3", "refund.created", "succeeded").await;
    let after = program.rewards("ann").await;
    assert!(
        after.iter().all(|reward| (&reward["state"], &reward["reason"]) == (&json!("reversed"), &json!("refunded")))
    );
    // What comes late of the dispute changes nothing.
    about(&program, "evt_4", "charge.dispute.updated", "under_review").await;
    assert_eq!(program.rewards("ann").await, after);
});

on_both!(a_lost_dispute_takes_back_what_is_frozen, |db| {
    let program = Program::start(db, &[credit(1_000), with(credit(500), json!({"hold_days": 3}))]).await;
    paid(&program).await;
    about(&program, "evt_1", "charge.dispute.created", "needs_response").await;
    // Steps backward pass while it is frozen.
    let payment = program.api.get("/conversions").await.with(200)["data"][0].clone();
    program.refund(&payment, "r-1", 2_450).await;
    assert_eq!(program.states("ann").await, [state("active", 500), state("pending", 250)]);
    about(&program, "evt_2", "charge.dispute.closed", "lost").await;
    let found = program.rewards("ann").await;
    let ends: Vec<_> = found.iter().map(|reward| (&reward["state"], &reward["frozen"], &reward["owed"])).collect();
    let end = |state: &'static str| (json!(state), json!(false), json!(0));
    let expected = [end("reversed"), end("voided")];
    assert_eq!(ends, expected.iter().map(|(state, frozen, owed)| (state, frozen, owed)).collect::<Vec<_>>());
});

on_both!(a_refund_that_fails_gives_every_reward_back, |db| {
    let rules = [credit(1_000), credit(700), with(credit(500), json!({"hold_days": 30}))];
    let program = Program::start(db, &rules).await;
    paid(&program).await;
    let redeemed = program.rewards("ann").await.remove(0);
    program.redeem(&redeemed, json!({"source_id": "invoice-7"})).await.with(200);
    let before = [state("redeemed", 1_000), state("active", 700), state("pending", 500)];
    assert_eq!(program.states("ann").await, before);
    about(&program, "evt_1", "refund.created", "pending").await;
    assert_eq!(program.states("ann").await, [state("reversed", 0), state("reversed", 0), state("voided", 0)]);
    assert_eq!(program.balance("ann", "account_credit").await["owed"], 1_000);
    assert_eq!(friends(&program).await, ["signed_up"]);
    about(&program, "evt_2", "refund.failed", "failed").await;
    assert_eq!(program.states("ann").await, before);
    assert_eq!(program.balance("ann", "account_credit").await["owed"], 0);
    assert_eq!(friends(&program).await, ["converted"]);
    let events = ["reward.activated", "reward.redeemed", "reward.reversed", "reward.redeemed"];
    assert_eq!(program.told(&redeemed).await, events);
    program.pass(30 * DAY).await;
    assert_eq!(program.states("ann").await[2], state("active", 500));
});

on_both!(what_was_paid_back_or_written_off_is_right_when_the_refund_fails, |db| {
    let program = Program::start(db, &[credit(1_000), credit(700)]).await;
    paid(&program).await;
    let found = program.rewards("ann").await;
    for reward in &found {
        program.redeem(reward, json!({})).await.with(200);
    }
    about(&program, "evt_1", "refund.created", "succeeded").await;
    let admin = program.site.admin().await;
    for (form, reward) in [("settle_rewards", &found[0]), ("write_off_rewards", &found[1])] {
        let fields = [("form", form), ("back", "/admin/rewards"), ("ids", &reward["id"].to_string()), ("reason", "")];
        let page = admin.post("/admin/rewards", &fields).await;
        assert_eq!(page.status, 303, "{}", page.text());
    }
    assert_eq!(program.balance("ann", "account_credit").await["owed"], 0);
    // What is written off stands; what was paid back does not.
    assert_eq!(program.states("ann").await, [state("reversed", 0), state("redeemed", 700)]);
    about(&program, "evt_2", "refund.failed", "failed").await;
    assert_eq!(program.states("ann").await, [state("active", 1_000), state("redeemed", 700)]);
    let balance = program.balance("ann", "account_credit").await;
    assert_eq!((&balance["available"], &balance["owed"]), (&json!(1_000), &json!(0)));
});

on_both!(a_refund_before_its_payment_ends_as_one_after_it, |db| {
    let end = async |program: &Program| {
        let reward = program.rewards("ann").await.remove(0);
        (reward["state"].clone(), reward["reason"].clone(), reward["granted"].clone(), friends(program).await)
    };
    let program = Program::start(db, &[with(credit(1_000), json!({"hold_days": 3}))]).await;
    about(&program, "evt_1", "refund.created", "succeeded").await;
    assert_eq!(program.states("ann").await, []);
    paid(&program).await;
    let first = end(&program).await;
    assert_eq!(first, (json!("voided"), json!("refunded"), json!(1_000), vec![json!("signed_up")]));
    // The refund of another payment comes after it.
    let payment = program.pay("order-2", 4_900).await;
    program.refund(&payment, "r-2", 4_900).await;
    let second = program.rewards("ann").await.remove(1);
    assert_eq!((&second["state"], &second["reason"], &second["granted"]), (&first.0, &first.1, &first.2));
    assert_eq!(end(&program).await, first);
});

on_both!(the_first_conversion_is_the_next_payment_when_it_is_refunded_and_again_when_that_fails, |db| {
    let program = Program::start(db, &[with(credit(1_000), json!({"trigger": "first_conversion"}))]).await;
    paid(&program).await;
    let first = program.rewards("ann").await.remove(0);
    let second = program.pay("order-2", 900).await;
    let now = async || {
        let found = program.rewards("ann").await;
        assert_eq!((found.len(), &found[0]["id"]), (1, &first["id"]));
        (found[0]["state"].clone(), found[0]["conversion_id"].clone())
    };
    assert_eq!(now().await, (json!("active"), first["conversion_id"].clone()));
    about(&program, "evt_1", "refund.created", "succeeded").await;
    assert_eq!(now().await, (json!("active"), second["id"].clone()));
    program.refund(&second, "r-2", 900).await;
    assert_eq!(now().await.0, "reversed");
    let third = program.pay("order-3", 900).await;
    assert_eq!(now().await, (json!("active"), third["id"].clone()));
    about(&program, "evt_2", "refund.failed", "failed").await;
    assert_eq!(now().await, (json!("active"), first["conversion_id"].clone()));
});

on_both!(of_two_payments_that_are_one_the_further_reward_stays_and_nobody_owes, |db| {
    let by_hand = with(credit(700), json!({"approval": "manual"}));
    let first = with(credit(300), json!({"trigger": "first_conversion"}));
    let program = Program::start(db, &[by_hand, first]).await;
    program.pay_with("order-1", 5_000, json!({"provider_refs": ["in_1"]})).await;
    program.pay_with("order-2", 5_000, json!({"provider_refs": ["pi_1"]})).await;
    let found = program.rewards("ann").await;
    assert_eq!(program.states("ann").await, [state("pending", 700), state("active", 300), state("pending", 700)]);
    program.api.post(&format!("/rewards/{}/approve", found[2]["id"]), json!({})).await.with(200);
    let joined = json!({
        "external_id": "bob", "source_id": "order-3", "amount": 5_000, "currency": "USD", "provider_refs": ["in_1", "pi_1"],
    });
    let kept = program.api.post("/conversions", joined).await.with(200);
    let after = program.rewards("ann").await;
    let parts = |reward: &Value| {
        (reward["state"].clone(), reward["reason"].clone(), reward["conversion_id"].clone(), reward["owed"].clone())
    };
    assert_eq!((&after[0]["state"], &after[0]["reason"]), (&json!("voided"), &json!("duplicate")));
    let stays = (json!("active"), Value::Null, kept["id"].clone(), json!(0));
    assert_eq!(after[1..].iter().map(parts).collect::<Vec<_>>(), [stays.clone(), stays]);
    // The next is the second payment, and no first one.
    program.pay("order-4", 5_000).await;
    assert_eq!(program.rewards("ann").await.len(), 4);
});

on_both!(what_is_moved_follows_the_rules_and_the_caps_of_today, |db| {
    let once = json!({"caps": {"per_referrer": {"count": 1, "period": "ever"}}});
    let program = Program::start(db, &[messages(10, once)]).await;
    for name in ["eve", "fay"] {
        let body = json!({"email": format!("{name}@example.com"), "external_id": name});
        program.api.post("/users", body).await.with(201);
    }
    let code = async |name: &str| program.api.get(&format!("/users/ext:{name}")).await.with(200)["code"].clone();
    let join = async |name: &str, code: Value| {
        let body = json!({"email": format!("{name}@example.com"), "external_id": name, "code": code});
        program.api.post("/users", body).await.with(201)
    };
    join("carl", code("eve").await).await;
    assert_eq!(program.states("eve").await, all("active", &[10]));
    program.wait(1);
    program.api.patch(&format!("/rules/{}", program.rules[0]["id"]), json!({"amount": 20})).await.with(200);
    program.wait(1);
    let correct = async |code: Value| {
        program.api.put("/users/ext:bob/referral", json!({"code": code, "reason": "The wrong link"})).await
    };
    // A code that is used up takes nobody in, and nothing moves.
    let single = json!({"code": "SINGLE", "description": "d", "max_uses": 1});
    program.api.post("/codes", single).await.with(201);
    join("dora", json!("SINGLE")).await;
    assert_eq!(correct(json!("SINGLE")).await.code(), "usage_limit_reached");
    assert_eq!(program.states("ann").await, all("active", &[10]));
    // Eve has had what the rule gives her.
    correct(code("eve").await).await.with(200);
    assert_eq!(program.states("ann").await, all("reversed", &[0]));
    assert_eq!(program.states("eve").await, all("active", &[10]));
    correct(code("fay").await).await.with(200);
    assert_eq!(program.states("fay").await, all("active", &[20]));
});

on_both!(what_an_erased_friend_pays_later_counts_nowhere, |db| {
    let program = Program::start(db, &[credit(1_000)]).await;
    program.pay("order-1", 5_000).await;
    program.api.delete("/users/ext:bob").await.with(204);
    for whose in [json!({"external_id": "bob"}), json!({"email": "bob@example.com"})] {
        let name = format!("order-{}", if whose["email"].is_null() { 2 } else { 3 });
        let body = with(json!({"source_id": name, "amount": 5_000, "currency": "USD"}), whose);
        assert_eq!(program.api.post("/conversions", body).await.with(201)["state"], "parked");
    }
    assert_eq!(program.states("ann").await, all("active", &[1_000]));
});

on_both!(the_code_of_somebody_who_is_disabled_works_for_the_friend_alone, |db| {
    let welcome = with(messages(3, json!({})), json!({"recipient": "referee"}));
    let program = Program::start(db, &[messages(10, json!({})), welcome, credit(1_000)]).await;
    let spring = json!({"code": "SPRING", "description": "Spring", "beneficiary_id": program.ann["id"]});
    program.api.post("/codes", spring).await.with(201);
    program.api.patch("/users/ext:ann", json!({"disabled": true})).await.with(200);
    let carl = json!({"email": "carl@example.com", "external_id": "carl", "code": "SPRING"});
    let carl = program.api.post("/users", carl).await.with(201);
    assert_eq!(carl["referred_by"], Value::Null);
    program.pay_with("order-1", 5_000, json!({"external_id": "carl"})).await;
    assert_eq!(program.states("carl").await, all("active", &[3]));
    assert_eq!(program.states("ann").await, all("active", &[10]));
    program.api.patch("/users/ext:ann", json!({"disabled": false})).await.with(200);
    assert_eq!(program.states("ann").await, all("active", &[10]));
});

on_both!(a_balance_of_two_currencies_is_used_in_one_that_is_named, |db| {
    let program = Program::start(db, &[percent(1_000)]).await;
    program.pay("order-1", 5_000).await;
    program.pay_with("order-2", 5_000, json!({"currency": "EUR"})).await;
    let refused = program.use_up("ann", "account_credit", 100, "use-1").await;
    assert_eq!((refused.status, refused.fields()), (422, vec!["currency"]));
    let path = "/users/ext:ann/balances/account_credit/use";
    let more = json!({"amount": 501, "source_id": "use-1", "currency": "EUR"});
    assert_eq!(program.api.post(path, more).await.code(), "insufficient_balance");
    let body = json!({"amount": 500, "source_id": "use-1", "currency": "EUR"});
    program.api.post(path, body.clone()).await.with(201);
    program.api.post(path, body).await.with(200);
    assert_eq!(program.states("ann").await, [state("active", 500), state("redeemed", 500)]);
    // There is one currency left.
    program.use_up("ann", "account_credit", 100, "use-2").await.with(201);
});

on_both!(only_friends_with_a_verified_address_count_where_a_rule_says_so, |db| {
    let rules = [with(credit(1_000), json!({"conditions": {"verified_email": true}})), credit(300)];
    let program = Program::start(db, &rules).await;
    program.pay("order-1", 5_000).await;
    assert_eq!(program.states("ann").await, all("active", &[300]));
    let mut tx = program.site.state.db.begin().await.expect("a transaction");
    let sql = "UPDATE users SET email_verified_at = 1 WHERE external_id = 'bob'";
    match &mut tx {
        Tx::Sqlite(tx) => drop(sqlx::query(sql).execute(&mut **tx).await.expect("verified")),
        Tx::Postgres(tx) => drop(sqlx::query(sql).execute(&mut **tx).await.expect("verified")),
    }
    tx.commit().await.expect("stored");
    program.wait(1);
    program.pay("order-2", 5_000).await;
    let amounts: Vec<_> = program.rewards("ann").await.iter().map(|reward| reward["amount"].clone()).collect();
    assert!(amounts.ends_with(&[json!(1_000), json!(300)]), "{amounts:?}");
});

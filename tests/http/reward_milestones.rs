//! Rewards for milestones: so many friends who signed up or paid.

use crate::{
    on_both,
    reward_program::{Program, all, with},
};
use passalong::domain::time::DAY;
use serde_json::{Value, json};

/// A rule that gives the referrer dollars at once, for so many friends.
fn milestone(of: &str, count: Option<i64>, amount: i64) -> Value {
    json!({
        "trigger": "milestone", "kind": "account_credit", "amount": amount, "currency": "USD", "hold_days": 0,
        "conditions": {"milestone": {"of": of, "count": count}},
    })
}

/// A friend of Ann's joins and pays 1000 cents.
async fn paying(program: &Program, name: &str) -> Value {
    program.friend(name).await;
    pays(program, name, name).await
}

async fn pays(program: &Program, name: &str, order: &str) -> Value {
    program.pay_with(order, 1_000, json!({"external_id": name})).await
}

fn state(state: &str, amount: i64) -> (String, i64) {
    (state.to_owned(), amount)
}

/// What a user has for which milestones: the number, the state, and which friend reached it.
async fn reached(program: &Program, user: &str) -> Vec<Value> {
    let referrals = program.api.get("/users/ext:ann/referrals?limit=100").await.with(200);
    let friend = |reward: &Value| {
        let own = referrals["data"].as_array().expect("referrals").iter();
        let found = own.clone().find(|referral| referral["id"] == reward["referral_id"]);
        found.map(|referral| referral["external_id"].clone()).unwrap_or_default()
    };
    program
        .rewards(user)
        .await
        .iter()
        .map(|reward| json!([reward["amount"], reward["state"], friend(reward)]))
        .collect()
}

on_both!(a_milestone_is_given_once_when_it_is_reached, |db| {
    let rules = [
        milestone("converted", Some(3), 1_000),
        milestone("converted", Some(2), 500),
        milestone("signed_up", Some(3), 70),
    ];
    let program = Program::start(db, &rules).await;
    program.pay("order-1", 1_000).await;
    assert_eq!(program.states("ann").await, []);
    // Who pays again is one friend, and who never pays is none for the others.
    program.pay("order-2", 1_000).await;
    program.friend("sid").await;
    paying(&program, "carl").await;
    let two = [json!([70, "active", "carl"]), json!([500, "active", "carl"])];
    assert_eq!(reached(&program, "ann").await, two);
    paying(&program, "dora").await;
    let all_three = [&two[..], &[json!([1_000, "active", "dora"])]].concat();
    assert_eq!(reached(&program, "ann").await, all_three);
    paying(&program, "eve").await;
    pays(&program, "dora", "dora-2").await;
    assert_eq!(reached(&program, "ann").await, all_three);
    let reward = program.rewards("ann").await.remove(2);
    assert_eq!((&reward["conversion_id"], &reward["rule_id"]), (&Value::Null, &program.rules[0]["id"]));
    assert_eq!(program.told(&reward).await, ["reward.activated"]);
});

on_both!(a_rule_that_comes_later_gives_nothing_for_what_was_reached_before, |db| {
    let program = Program::start(db, &[milestone("signed_up", Some(9), 1)]).await;
    program.pay("order-1", 1_000).await;
    paying(&program, "carl").await;
    program.wait(1);
    for count in [1, 2, 3] {
        program.api.post("/rules", milestone("converted", Some(count), count * 100)).await.with(201);
        program.api.post("/rules", milestone("signed_up", Some(count), count * 10)).await.with(201);
    }
    pays(&program, "carl", "carl-2").await;
    assert_eq!(program.states("ann").await, []);
    paying(&program, "dora").await;
    assert_eq!(program.states("ann").await, all("active", &[30, 300]));
});

on_both!(friends_who_come_at_once_reach_it_once_and_never_miss_it, |db| {
    let rules = [milestone("signed_up", Some(11), 10), milestone("converted", Some(8), 20)];
    let program = Program::start(db, &rules).await;
    // Each by a code of their own, so that no code makes them wait for each other.
    let names: Vec<String> = (0..12).map(|n| format!("friend-{n}")).collect();
    for name in &names {
        let code = json!({"code": name, "description": "d", "beneficiary_id": program.ann["id"]});
        program.api.post("/codes", code).await.with(201);
    }
    let join = async |name: &String| {
        let body = json!({"email": format!("{name}@example.com"), "external_id": name, "code": name});
        program.api.post("/users", body).await.with(201)
    };
    futures::future::join_all(names.iter().map(join)).await;
    assert_eq!(program.states("ann").await, all("active", &[10]));
    let payments = futures::future::join_all(names[..8].iter().map(|name| pays(&program, name, name))).await;
    assert_eq!(program.states("ann").await, all("active", &[10, 20]));
    // One pays while another one is given everything back: it is seven or eight in the end, and the reward says so.
    for (n, payment) in payments.iter().enumerate().take(4) {
        let (refund, name) = (format!("r-{n}"), &names[8 + n]);
        tokio::join!(program.refund(payment, &refund, 1_000), pays(&program, name, name));
        assert_eq!(program.states("ann").await, all("active", &[10, 20]), "{n}");
    }
});

on_both!(a_milestone_falls_with_a_refund_and_the_next_friend_brings_the_same_one_back, |db| {
    let held = with(milestone("converted", Some(2), 1_000), json!({"hold_days": 30}));
    let program = Program::start(db, &[milestone("converted", Some(2), 500), held]).await;
    let first = program.pay("order-1", 1_000).await;
    let second = paying(&program, "carl").await;
    let before = program.rewards("ann").await;
    assert_eq!(program.states("ann").await, [state("active", 500), state("pending", 1_000)]);
    // A part of it does not unmake the friend.
    program.refund(&second, "r-1", 400).await;
    assert_eq!(program.states("ann").await, [state("active", 500), state("pending", 1_000)]);
    program.refund(&second, "r-2", 600).await;
    let fallen = program.rewards("ann").await;
    let ends: Vec<_> = fallen.iter().map(|reward| (reward["state"].clone(), reward["reason"].clone())).collect();
    let below = json!("below_milestone");
    assert_eq!(ends, [(json!("reversed"), below.clone()), (json!("voided"), below)]);
    program.wait(10 * DAY);
    paying(&program, "dora").await;
    let after = program.rewards("ann").await;
    let ids = |rewards: &[Value]| rewards.iter().map(|reward| reward["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&after), ids(&before));
    assert_eq!(reached(&program, "ann").await, [json!([500, "active", "dora"]), json!([1_000, "pending", "dora"])]);
    // Its hold runs from when it was reached again.
    program.pass(30 * DAY - 1).await;
    assert_eq!(program.rewards("ann").await[1]["state"], "pending");
    program.pass(1).await;
    assert_eq!(program.rewards("ann").await[1]["state"], "active");
    // With one more than it takes, the refund of another one takes nothing.
    paying(&program, "eve").await;
    program.refund(&first, "r-3", 1_000).await;
    assert_eq!(reached(&program, "ann").await, [json!([500, "active", "eve"]), json!([1_000, "active", "eve"])]);
    assert_eq!(program.told(&after[0]).await[..3], ["reward.activated", "reward.reversed", "reward.activated"]);
});

on_both!(a_milestone_that_was_redeemed_is_owed_and_comes_back_redeemed, |db| {
    let program = Program::start(db, &[milestone("converted", Some(1), 1_000)]).await;
    let payment = program.pay("order-1", 1_000).await;
    let reward = program.rewards("ann").await.remove(0);
    program.redeem(&reward, json!({})).await.with(200);
    program.refund(&payment, "r-1", 1_000).await;
    assert_eq!(program.states("ann").await, all("reversed", &[0]));
    assert_eq!(program.balance("ann", "account_credit").await["owed"], 1_000);
    paying(&program, "carl").await;
    assert_eq!(program.states("ann").await, all("redeemed", &[1_000]));
    assert_eq!(program.balance("ann", "account_credit").await["owed"], 0);
});

on_both!(a_corrected_referral_takes_a_milestone_from_one_and_gives_it_to_the_other, |db| {
    let rules = [milestone("signed_up", Some(2), 100), milestone("converted", Some(2), 200)];
    let program = Program::start(db, &rules).await;
    let eve = program.api.post("/users", json!({"email": "eve@example.com", "external_id": "eve"})).await.with(201);
    let fay = json!({"email": "fay@example.com", "external_id": "fay", "code": eve["code"]});
    program.api.post("/users", fay).await.with(201);
    pays(&program, "fay", "fay").await;
    program.pay("order-1", 1_000).await;
    paying(&program, "carl").await;
    let own = program.rewards("ann").await;
    assert_eq!(program.states("ann").await, all("active", &[100, 200]));
    program.redeem(&own[1], json!({})).await.with(200);
    let move_to = async |code: &Value, keep: bool| {
        program.wait(1);
        let body = json!({"code": code, "reason": "The wrong link", "keep_rewards": keep});
        program.api.put("/users/ext:bob/referral", body).await.with(200);
    };
    move_to(&eve["code"], false).await;
    assert_eq!(program.states("ann").await, all("reversed", &[0, 0]));
    assert_eq!(program.balance("ann", "account_credit").await["owed"], 200);
    assert_eq!(program.states("eve").await, all("active", &[100, 200]));
    move_to(&program.ann["code"], false).await;
    assert_eq!(program.states("ann").await, [state("active", 100), state("redeemed", 200)]);
    assert_eq!(program.states("eve").await, all("reversed", &[0, 0]));
    // What was used may be kept.
    move_to(&Value::Null, true).await;
    assert_eq!(program.states("ann").await, [state("reversed", 0), state("redeemed", 200)]);
    assert_eq!(program.balance("ann", "account_credit").await["owed"], 0);
    // A sign-up brings back what is for sign-ups, also by a rule that gives nothing more.
    program.api.delete(&format!("/rules/{}", program.rules[0]["id"])).await.with(204);
    program.friend("dora").await;
    assert_eq!(program.states("ann").await, [state("active", 100), state("redeemed", 200)]);
});

on_both!(a_goal_is_reached_once_whatever_it_is_afterwards, |db| {
    let program = Program::start(db, &[milestone("signed_up", None, 100)]).await;
    program.api.patch("/users/ext:ann", json!({"goal": 2})).await.with(200);
    program.friend("carl").await;
    assert_eq!(reached(&program, "ann").await, [json!([100, "active", "carl"])]);
    program.api.patch("/users/ext:ann", json!({"goal": 3})).await.with(200);
    program.friend("dora").await;
    assert_eq!(reached(&program, "ann").await, [json!([100, "active", "carl"])]);
});

on_both!(milestones_can_be_a_choice_and_keep_to_caps, |db| {
    let option = |name: &str| with(milestone("signed_up", Some(2), 100), json!({"group": "g", "option": name}));
    let capped = with(milestone("signed_up", Some(2), 50), json!({"caps": {"budget": 60}}));
    let program = Program::start(db, &[option("a"), option("b"), capped]).await;
    let mixed = with(milestone("signed_up", Some(3), 100), json!({"group": "g", "option": "c"}));
    assert_eq!(program.api.post("/rules", mixed).await.fields(), ["group"]);
    program.friend("carl").await;
    assert_eq!(program.states("ann").await, [state("pending", 1), state("active", 50)]);
    let choice = program.rewards("ann").await.remove(0);
    let choose = format!("/rewards/{}/choose", choice["id"]);
    program.api.post(&choose, json!({"option": "b"})).await.with(200);
    let chosen = [state("redeemed", 1), state("active", 50), state("active", 100)];
    assert_eq!(program.states("ann").await, chosen);
    let correct = json!({"code": null, "reason": "The wrong link"});
    program.api.put("/users/ext:bob/referral", correct).await.with(200);
    assert_eq!(program.states("ann").await, [state("redeemed", 1), state("reversed", 0), state("reversed", 0)]);
    program.friend("dora").await;
    assert_eq!(program.states("ann").await, chosen);
    // Of the budget there is not enough for another one, and a refused reward never comes later.
    let eve = program.api.post("/users", json!({"email": "eve@example.com", "external_id": "eve"})).await.with(201);
    for name in ["fay", "gil"] {
        let body = json!({"email": format!("{name}@example.com"), "external_id": name, "code": eve["code"]});
        program.api.post("/users", body).await.with(201);
    }
    assert_eq!(program.states("eve").await, all("pending", &[1]));
});

on_both!(a_disabled_referrer_reaches_nothing_and_an_erased_one_keeps_nothing, |db| {
    let rules = [milestone("converted", Some(1), 100), milestone("converted", Some(2), 200)];
    let program = Program::start(db, &rules).await;
    program.friend("carl").await;
    let payment = program.pay("order-1", 1_000).await;
    let disable = async |disabled: bool| {
        program.api.patch("/users/ext:ann", json!({"disabled": disabled})).await.with(200);
    };
    disable(true).await;
    assert_eq!(program.rewards("ann").await[0]["frozen"], true);
    pays(&program, "carl", "carl").await;
    assert_eq!(program.rewards("ann").await.len(), 1);
    disable(false).await;
    assert_eq!(program.rewards("ann").await[0]["frozen"], false);
    // Nothing is paid back later.
    program.refund(&payment, "r-1", 1_000).await;
    program.pay("order-2", 1_000).await;
    assert_eq!(program.states("ann").await, all("active", &[100]));
    let ann = program.ann["id"].clone();
    program.api.delete("/users/ext:ann").await.with(204);
    pays(&program, "carl", "carl-2").await;
    program.check().await;
    let left = program.api.get(&format!("/rewards?user_id={ann}")).await.with(200);
    assert_eq!((&left["data"][0]["state"], &left["data"][0]["amount"]), (&json!("reversed"), &json!(0)));
});

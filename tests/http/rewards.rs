//! Rewards, case by case, as a host product sees them.

use crate::{
    api::Api,
    on_both,
    reward_program::{Program, all, credit, messages, percent, with},
    site::{START, Site},
};
use passalong::domain::time::{DAY, Time};
use serde_json::{Value, json};

on_both!(both_sides_get_what_the_standard_rules_say, |db| {
    let site = Site::start(db).await.without_tasks().await;
    let api = Api::new(&site, "admin").await;
    let ann = api.post("/users", json!({"email": "ann@example.com", "external_id": "ann"})).await.with(201);
    let bob = json!({"email": "bob@example.com", "external_id": "bob", "code": ann["code"], "code_source": "link"});
    api.post("/users", bob).await.with(201);
    let of = async |user: &str| {
        let found = api.get(&format!("/users/ext:{user}/rewards")).await.with(200);
        let mut lines: Vec<String> = found["data"]
            .as_array()
            .expect("rewards")
            .iter()
            .map(|reward| format!("{} {} {}", reward["kind"], reward["amount"], reward["state"]).replace('"', ""))
            .collect();
        lines.sort();
        lines
    };
    assert_eq!(of("ann").await, ["extra_messages 10 pending", "extra_requests 5 pending"]);
    let welcome = ["extra_messages 5 active", "extra_requests 2 active", "feature_unlock 7 active"];
    assert_eq!(of("bob").await, welcome);
    let order = json!({"external_id": "bob", "source_id": "order-1", "amount": 5000, "currency": "USD"});
    api.post("/conversions", order).await.with(201);
    assert_eq!(of("ann").await, ["choice 1 pending", "extra_messages 10 pending", "extra_requests 5 pending"]);
    assert_eq!(of("bob").await, welcome);
});

on_both!(three_refunds_of_a_third_take_the_whole_reward, |db| {
    let program = Program::start(db, &[percent(1_000)]).await;
    let payment = program.pay("order-1", 1_000).await;
    assert_eq!(program.states("ann").await, all("active", &[100]));
    for (n, (refund, left)) in [(333, 67), (333, 33), (334, 0)].into_iter().enumerate() {
        program.refund(&payment, &format!("r-{n}"), refund).await;
        assert_eq!(program.rewards("ann").await[0]["amount"], left);
    }
    let reward = program.rewards("ann").await.remove(0);
    assert_eq!(
        (&reward["state"], &reward["reason"], &reward["granted"]),
        (&json!("reversed"), &json!("refunded"), &json!(100))
    );
    assert_eq!(
        program.told(&reward).await,
        ["reward.activated", "reward.changed", "reward.changed", "reward.reversed"]
    );
});

on_both!(nine_hundred_ninety_nine_in_three_takes_exactly_all, |db| {
    let program = Program::start(db, &[credit(100)]).await;
    let payment = program.pay("order-1", 999).await;
    for n in 0..3 {
        program.refund(&payment, &format!("r-{n}"), 333).await;
    }
    assert_eq!(program.states("ann").await, all("reversed", &[0]));
    assert_eq!(program.balance("ann", "account_credit").await["owed"], 0);
});

on_both!(percentages_are_rounded_half_up_and_nothing_is_no_reward, |db| {
    let program = Program::start(db, &[percent(115), percent(3_000)]).await;
    program.pay("order-1", 3_000).await;
    assert_eq!(program.states("ann").await, all("active", &[35, 900]));
    program.pay("order-2", 1).await;
    assert_eq!(program.states("ann").await, all("active", &[35, 900]));
});

on_both!(a_percentage_is_of_what_was_paid_without_tax, |db| {
    let program = Program::start(db, &[percent(1_000)]).await;
    let payment = program.pay_with("order-1", 12_000, json!({"net_amount": 10_000})).await;
    assert_eq!(program.states("ann").await, all("active", &[1_000]));
    program.refund(&payment, "r-1", 6_000).await;
    assert_eq!(program.states("ann").await, all("active", &[500]));
});

on_both!(a_credit_in_dollars_for_a_payment_in_euros_is_dollars, |db| {
    let program = Program::start(db, &[credit(1_000), percent(1_000)]).await;
    program.pay_with("order-1", 5_000, json!({"currency": "EUR"})).await;
    let found = program.rewards("ann").await;
    let money: Vec<_> = found.iter().map(|reward| (&reward["amount"], &reward["currency"])).collect();
    assert_eq!(money, [(&json!(1_000), &json!("USD")), (&json!(500), &json!("EUR"))]);
    assert_eq!(program.balance("ann", "account_credit").await["currency"], "EUR");
    let both = program.use_up("ann", "account_credit", 100, "use-1").await;
    assert_eq!((both.status, both.code(), both.fields()), (422, "validation", vec!["currency"]));
    let body = json!({"amount": 100, "source_id": "use-1", "currency": "usd"});
    let used = program.api.post("/users/ext:ann/balances/account_credit/use", body).await.with(201);
    assert_eq!(used["currency"], "USD");
});

on_both!(what_was_redeemed_is_owed_after_a_refund_and_settled_by_a_row, |db| {
    let program = Program::start(db, &[credit(1_000)]).await;
    let payment = program.pay("order-1", 5_000).await;
    let reward = program.rewards("ann").await.remove(0);
    program.redeem(&reward, json!({"source_id": "invoice-7"})).await.with(200);
    program.refund(&payment, "r-1", 5_000).await;
    let after = program.rewards("ann").await.remove(0);
    assert_eq!((&after["state"], &after["owed"], &after["amount"]), (&json!("reversed"), &json!(1_000), &json!(0)));
    // It is never taken from another reward.
    program.pay("order-2", 5_000).await;
    let balance = program.balance("ann", "account_credit").await;
    assert_eq!(
        (&balance["available"], &balance["owed"], &balance["redeemed"]),
        (&json!(1_000), &json!(1_000), &json!(1_000))
    );
});

on_both!(expired_rewards_cannot_be_used_before_anybody_has_noticed, |db| {
    let program = Program::start(db, &[messages(10, json!({"valid_days": 30}))]).await;
    let reward = program.rewards("ann").await.remove(0);
    program.wait(30 * DAY - 1);
    program.use_up("ann", "extra_messages", 4, "use-1").await.with(201);
    program.wait(1);
    assert_eq!(program.use_up("ann", "extra_messages", 1, "use-2").await.code(), "insufficient_balance");
    assert_eq!(program.redeem(&reward, json!({})).await.code(), "expired");
    let balance = program.balance("ann", "extra_messages").await;
    assert_eq!((&balance["available"], &balance["expired"], &balance["redeemed"]), (&json!(0), &json!(6), &json!(4)));
    assert_eq!(program.api.get("/rewards?state=expired").await.with(200)["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(program.api.get("/rewards?state=active").await.with(200)["data"], json!([]));
    program.pass(0).await;
    assert_eq!(program.rewards("ann").await[0]["state"], "expired");
    assert_eq!(program.told(&reward).await, ["reward.activated", "reward.changed", "reward.expired"]);
});

on_both!(twelve_of_ten_and_five_leave_three_and_what_ends_first_is_used_first, |db| {
    let rules = [messages(5, json!({})), messages(10, json!({"valid_days": 1}))];
    let program = Program::start(db, &rules).await;
    let used = program.use_up("ann", "extra_messages", 12, "use-1").await.with(201);
    let taken: Vec<_> = used["taken"].as_array().expect("parts").iter().map(|part| part["amount"].clone()).collect();
    assert_eq!(taken, [10, 2]);
    assert_eq!(program.balance("ann", "extra_messages").await["available"], 3);
    assert_eq!(program.states("ann").await, [("active".to_owned(), 5), ("redeemed".to_owned(), 10)]);
    // The same again is the same; another amount under that name is refused; more than there is, too.
    assert_eq!(program.use_up("ann", "extra_messages", 12, "use-1").await.with(200), used);
    assert_eq!(program.use_up("ann", "extra_messages", 2, "use-1").await.code(), "conflict");
    assert_eq!(program.use_up("ann", "extra_messages", 4, "use-2").await.code(), "insufficient_balance");
    assert_eq!(program.use_up("ann", "extra_messages", 0, "use-3").await.fields(), ["amount"]);
    assert_eq!(program.balance("ann", "extra_messages").await["available"], 3);
});

on_both!(a_clawback_of_a_used_lot_is_owed_and_touches_no_other_lot, |db| {
    let of_payments =
        json!({"trigger": "every_conversion", "kind": "extra_messages", "amount": 10, "hold_days": 0, "valid_days": 1});
    let program = Program::start(db, &[messages(5, json!({})), of_payments]).await;
    let payment = program.pay("order-1", 1_000).await;
    program.use_up("ann", "extra_messages", 8, "use-1").await.with(201);
    program.refund(&payment, "r-1", 1_000).await;
    let balance = program.balance("ann", "extra_messages").await;
    assert_eq!((&balance["available"], &balance["owed"]), (&json!(5), &json!(8)));
});

on_both!(a_cap_counts_between_both_sides_and_stops_its_own_rule_only, |db| {
    let once = json!({"caps": {"per_referrer": {"count": 1, "period": "month"}}});
    let welcome =
        json!({"trigger": "signup", "recipient": "referee", "kind": "extra_messages", "amount": 3, "hold_days": 0});
    let program = Program::start(db, &[messages(10, once), welcome]).await;
    program.friend("carl").await;
    assert_eq!(program.states("ann").await, all("active", &[10]));
    assert_eq!(program.states("carl").await, all("active", &[3]));
    // A refused reward never comes later; the next month counts anew.
    let reward = program.rewards("ann").await.remove(0);
    program.api.post(&format!("/rewards/{}/void", reward["id"]), json!({"reason": "Just a test"})).await.with(200);
    program.site.clock.set(Time::parse_minute("2026-12-01T00:00").expect("a time"));
    program.friend("dora").await;
    assert_eq!(program.states("ann").await, [("reversed".to_owned(), 0), ("active".to_owned(), 10)]);
});

on_both!(a_spent_budget_gives_nothing_more, |db| {
    let program = Program::start(db, &[with(credit(400), json!({"caps": {"budget": 1_000}}))]).await;
    for n in 1..=3 {
        program.pay(&format!("order-{n}"), 5_000).await;
    }
    assert_eq!(program.states("ann").await, all("active", &[400, 400]));
    let payment = program.api.get("/conversions?limit=1").await.with(200)["data"][0].clone();
    assert_eq!(payment["source_id"], "order-3");
    // What is taken back is free again, for others.
    let first = program.api.get("/conversions").await.with(200)["data"][2].clone();
    program.refund(&first, "r-1", 5_000).await;
    program.pay("order-4", 5_000).await;
    assert_eq!(
        program.rewards("ann").await.iter().map(|reward| reward["amount"].clone()).collect::<Vec<_>>(),
        [0, 400, 400]
    );
});

on_both!(of_a_crowd_no_more_get_something_than_the_cap_says, |db| {
    let ten = json!({"caps": {"per_referrer": {"count": 10, "period": "ever"}}});
    let program = Program::start(db, &[messages(1, ten)]).await;
    // So many in an hour would be reviewed.
    program.site.set("review_signups_per_code_hour", "0").await;
    let friends: Vec<String> = (0..50).map(|n| format!("friend-{n}")).collect();
    futures::future::join_all(friends.iter().map(|name| program.friend(name))).await;
    assert_eq!(program.states("ann").await, all("active", &[1; 10]));
});

on_both!(two_who_choose_at_once_make_one_choice, |db| {
    let option = |name: &str, kind: &str, amount: i64| json!({"trigger": "first_conversion", "kind": kind, "amount": amount, "group": "thanks", "option": name, "hold_days": 0});
    let rules = [
        option("credit", "account_credit", 1_000),
        option("use", "extra_messages", 50),
        option("use", "extra_requests", 25),
    ];
    let program = Program::start(db, &rules).await;
    program.pay("order-1", 5_000).await;
    let choice = program.rewards("ann").await.remove(0);
    assert_eq!((&choice["kind"], &choice["state"]), (&json!("choice"), &json!("pending")));
    let names: Vec<_> =
        choice["choices"].as_array().expect("options").iter().map(|option| option["option"].clone()).collect();
    assert_eq!(names, ["credit", "use"]);
    assert_eq!(program.redeem(&choice, json!({})).await.code(), "choice_pending");
    let path = format!("/rewards/{}/choose", choice["id"]);
    let unknown = program.api.post(&path, json!({"option": "pony"})).await;
    assert_eq!((unknown.status, unknown.fields()), (422, vec!["option"]));
    let (one, other) = tokio::join!(
        program.api.post(&path, json!({"option": "credit"})),
        program.api.post(&path, json!({"option": "use"})),
    );
    let (won, lost) = if one.status == 200 { (one, other) } else { (other, one) };
    assert_eq!((won.status, lost.code()), (200, "already_chosen"));
    let chosen = won.body["chosen"].as_str().expect("a choice").to_owned();
    assert_eq!(program.api.post(&path, json!({"option": chosen})).await.status, 200);
    let made = program.rewards("ann").await.split_off(1);
    let kinds: Vec<_> = made.iter().map(|reward| (reward["kind"].clone(), reward["state"].clone())).collect();
    match chosen.as_str() {
        "credit" => assert_eq!(kinds, [(json!("account_credit"), json!("active"))]),
        _ => {
            assert_eq!(kinds, [(json!("extra_messages"), json!("active")), (json!("extra_requests"), json!("active"))])
        }
    }
});

on_both!(two_who_redeem_at_once_redeem_once, |db| {
    let program = Program::start(db, &[credit(1_000)]).await;
    program.pay("order-1", 5_000).await;
    let reward = program.rewards("ann").await.remove(0);
    let (one, other) = tokio::join!(
        program.redeem(&reward, json!({"source_id": "a"})),
        program.redeem(&reward, json!({"source_id": "b"})),
    );
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(program.balance("ann", "account_credit").await["redeemed"], 1_000);
    let source = if one.status == 200 { "a" } else { "b" };
    assert_eq!(program.redeem(&reward, json!({"source_id": source})).await.status, 200);
    assert_eq!(program.redeem(&reward, json!({})).await.code(), "already_redeemed");
});

on_both!(a_choice_that_nobody_made_ends_after_ninety_days_or_with_its_payment, |db| {
    let option = |name: &str| json!({"trigger": "every_conversion", "kind": "extra_messages", "amount": 5, "group": "g", "option": name});
    let program = Program::start(db, &[option("a"), option("b")]).await;
    program.pay("order-1", 1_000).await;
    let refunded = program.pay("order-2", 1_000).await;
    program.refund(&refunded, "r-1", 1_000).await;
    assert_eq!(program.states("ann").await, [("pending".to_owned(), 1), ("voided".to_owned(), 0)]);
    program.pass(90 * DAY).await;
    let found = program.rewards("ann").await;
    assert_eq!((&found[0]["state"], &found[0]["reason"]), (&json!("voided"), &json!("not_chosen")));
    assert_eq!(
        program.api.post(&format!("/rewards/{}/choose", found[0]["id"]), json!({"option": "a"})).await.code(),
        "voided"
    );
});

on_both!(a_rule_that_is_edited_between_payment_and_refund_changes_nothing, |db| {
    let program = Program::start(db, &[percent(1_000)]).await;
    let payment = program.pay("order-1", 1_000).await;
    program.wait(1);
    let path = format!("/rules/{}", program.rules[0]["id"]);
    assert_eq!(program.api.patch(&path, json!({"basis_points": 5_000})).await.with(200)["version"], 2);
    program.refund(&payment, "r-1", 500).await;
    program.pay("order-2", 1_000).await;
    let found = program.rewards("ann").await;
    let made: Vec<_> = found.iter().map(|reward| (reward["rule_version"].clone(), reward["amount"].clone())).collect();
    assert_eq!(made, [(json!(1), json!(50)), (json!(2), json!(500))]);
    program.wait(1);
    program.api.delete(&path).await.with(204);
    program.pay("order-3", 1_000).await;
    assert_eq!(program.rewards("ann").await.len(), 2);
});

on_both!(a_moved_referral_takes_back_from_one_and_gives_to_the_other, |db| {
    let welcome =
        json!({"trigger": "signup", "recipient": "referee", "kind": "extra_messages", "amount": 3, "hold_days": 0});
    let program = Program::start(db, &[messages(10, json!({})), credit(1_000), welcome]).await;
    let eve = program.api.post("/users", json!({"email": "eve@example.com", "external_id": "eve"})).await.with(201);
    program.pay("order-1", 5_000).await;
    let spent = program.rewards("ann").await.remove(1);
    program.redeem(&spent, json!({})).await.with(200);
    program.wait(DAY);
    let move_to = async |code: &Value, keep: bool| {
        let body = json!({"code": code, "reason": "The wrong link", "keep_rewards": keep});
        program.api.put("/users/ext:bob/referral", body).await.with(200);
    };
    move_to(&eve["code"], false).await;
    let of_ann = program.rewards("ann").await;
    assert!(
        of_ann.iter().all(|reward| (&reward["state"], &reward["reason"]) == (&json!("reversed"), &json!("corrected")))
    );
    assert_eq!(of_ann.iter().map(|reward| reward["owed"].clone()).collect::<Vec<_>>(), [0, 1_000]);
    assert_eq!(program.states("eve").await, all("active", &[10, 1_000]));
    assert_eq!(program.states("bob").await, all("active", &[3]));
    // Back again, all is as it was.
    program.wait(DAY);
    move_to(&program.ann["code"], true).await;
    assert_eq!(program.states("ann").await, [("active".to_owned(), 10), ("redeemed".to_owned(), 1_000)]);
    assert_eq!(program.states("eve").await, all("reversed", &[0, 0]));
    // What a former referrer may keep is not owed.
    program.wait(DAY);
    move_to(&Value::Null, true).await;
    let kept = program.rewards("ann").await;
    assert_eq!(kept.iter().map(|reward| reward["owed"].clone()).collect::<Vec<_>>(), [0, 0]);
    assert_eq!(program.states("bob").await, all("active", &[3]));
});

on_both!(payments_that_turn_out_to_be_one_keep_the_furthest_reward, |db| {
    let program = Program::start(db, &[credit(1_000)]).await;
    program.pay_with("order-1", 5_000, json!({"provider_refs": ["in_1"]})).await;
    program.pay_with("order-2", 5_000, json!({"provider_refs": ["pi_1"]})).await;
    let second = program.rewards("ann").await.remove(1);
    program.redeem(&second, json!({})).await.with(200);
    let joined = json!({
        "external_id": "bob", "source_id": "order-3", "amount": 5_000, "currency": "USD", "provider_refs": ["in_1", "pi_1"],
    });
    let kept = program.api.post("/conversions", joined).await.with(200);
    let found = program.rewards("ann").await;
    assert_eq!(
        (&found[0]["state"], &found[0]["reason"], &found[0]["owed"]),
        (&json!("reversed"), &json!("duplicate"), &json!(0))
    );
    assert_eq!(
        (&found[1]["state"], &found[1]["conversion_id"], &found[1]["amount"]),
        (&json!("redeemed"), &kept["id"], &json!(1_000))
    );
    // The one that stays follows the payment that stays.
    program.refund(&kept, "r-1", 2_500).await;
    assert_eq!(program.rewards("ann").await[1]["owed"], 500);
});

on_both!(an_erased_referrer_forfeits_and_an_erased_friend_takes_nothing_away, |db| {
    let program =
        Program::start(db, &[messages(10, json!({})), credit(1_000), messages(7, json!({"hold_days": 9}))]).await;
    let payment = program.pay("order-1", 5_000).await;
    program.use_up("ann", "extra_messages", 4, "use-1").await.with(201);
    program.api.delete("/users/ext:bob").await.with(204);
    let before = [("active".to_owned(), 10), ("pending".to_owned(), 7), ("active".to_owned(), 1_000)];
    assert_eq!(program.states("ann").await, before);
    // Refunds of what was paid before still count.
    program.refund(&payment, "r-1", 2_500).await;
    assert_eq!(program.rewards("ann").await[2]["amount"], 500);
    let ann = program.ann["id"].clone();
    program.api.delete("/users/ext:ann").await.with(204);
    program.check().await;
    let left = program.api.get(&format!("/rewards?user_id={ann}")).await.with(200);
    let mut left: Vec<_> = left["data"]
        .as_array()
        .expect("rewards")
        .iter()
        .map(|reward| (reward["state"].clone(), reward["amount"].clone(), reward["owed"].clone()))
        .collect();
    left.reverse();
    let nothing = |state: &str| (json!(state), json!(0), json!(0));
    assert_eq!(left, [(json!("redeemed"), json!(4), json!(0)), nothing("voided"), nothing("reversed")]);
});

on_both!(a_disabled_referrer_earns_nothing_and_what_they_have_waits, |db| {
    let program = Program::start(db, &[messages(10, json!({"valid_days": 5})), credit(1_000)]).await;
    let disable = async |disabled: bool| {
        program.api.patch("/users/ext:ann", json!({"disabled": disabled})).await.with(200);
    };
    disable(true).await;
    program.pay("order-1", 5_000).await;
    let found = program.rewards("ann").await;
    assert_eq!((found.len(), &found[0]["frozen"], &found[0]["available"]), (1, &json!(true), &json!(0)));
    assert_eq!(program.balance("ann", "extra_messages").await["frozen"], 10);
    assert_eq!(program.redeem(&found[0], json!({})).await.code(), "frozen");
    program.pass(9 * DAY).await;
    disable(false).await;
    // Its time has stood still, and nothing is paid back later.
    assert_eq!(program.states("ann").await, all("active", &[10]));
    program.pass(5 * DAY).await;
    assert_eq!(program.states("ann").await, all("expired", &[10]));
});

on_both!(a_reward_waits_for_its_hold_and_for_approval, |db| {
    let held = with(credit(500), json!({"hold_days": 30}));
    let by_hand = with(credit(700), json!({"hold_days": 10, "approval": "manual"}));
    let program = Program::start(db, &[held, by_hand]).await;
    program.pay("order-1", 5_000).await;
    let found = program.rewards("ann").await;
    assert_eq!(program.redeem(&found[0], json!({})).await.code(), "on_hold");
    assert_eq!(program.api.post(&format!("/rewards/{}/delivered", found[0]["id"]), json!({})).await.code(), "on_hold");
    program.pass(30 * DAY).await;
    assert_eq!(program.states("ann").await, [("active".to_owned(), 500), ("pending".to_owned(), 700)]);
    assert_eq!(program.redeem(&found[1], json!({})).await.code(), "on_hold");
    let approve = format!("/rewards/{}/approve", found[1]["id"]);
    assert_eq!(program.api.post(&approve, json!({})).await.with(200)["state"], "active");
    assert_eq!(program.api.post(&approve, json!({})).await.code(), "not_pending");
    assert_eq!(
        program.api.get("/rewards?delivery=none&state=active").await.with(200)["data"].as_array().map(Vec::len),
        Some(2)
    );
    let delivered = program.api.post(&format!("/rewards/{}/delivered", found[0]["id"]), json!({})).await.with(200);
    assert_eq!(delivered["delivery"], "delivered");
    // Whoever redeems does not wait for anybody to notice that a hold is over.
    program.pay("order-2", 5_000).await;
    program.wait(30 * DAY);
    let third = program.rewards("ann").await.remove(2);
    program.redeem(&third, json!({})).await.with(200);
    program.pay("order-3", 5_000).await;
    program.wait(30 * DAY);
    program.use_up("ann", "account_credit", 900, "use-1").await.with(201);
});

on_both!(what_an_admin_has_ended_stays_ended, |db| {
    let program = Program::start(db, &[credit(1_000)]).await;
    let payment = program.pay("order-1", 5_000).await;
    let reward = program.rewards("ann").await.remove(0);
    let path = format!("/rewards/{}/void", reward["id"]);
    assert_eq!(program.api.post(&path, json!({"reason": " "})).await.fields(), ["reason"]);
    let ended = program.api.post(&path, json!({"reason": "Paid to oneself"})).await.with(200);
    assert_eq!((&ended["state"], &ended["reason"]), (&json!("reversed"), &json!("Paid to oneself")));
    assert_eq!(program.api.post(&path, json!({"reason": "Again"})).await.code(), "reversed");
    program.refund(&payment, "r-1", 1_000).await;
    assert_eq!(program.states("ann").await, all("reversed", &[0]));
    assert_eq!(program.redeem(&reward, json!({})).await.code(), "reversed");
});

on_both!(a_refund_that_comes_before_the_sign_up_ends_the_same_way, |db| {
    let program = Program::start(db, &[credit(1_000), with(credit(300), json!({"trigger": "first_conversion"}))]).await;
    let parked = json!({"email": "zoe@example.com", "source_id": "order-9", "amount": 5_000, "currency": "USD"});
    let payment = program.api.post("/conversions", parked).await.with(201);
    program.refund(&payment, "r-9", 5_000).await;
    program.friend("zoe").await;
    let found = program.rewards("ann").await;
    let ends: Vec<_> = found.iter().map(|reward| (reward["state"].clone(), reward["reason"].clone())).collect();
    // They were active for no time at all.
    assert_eq!(ends, [(json!("voided"), json!("refunded")), (json!("voided"), json!("refunded"))]);
    let paid = program
        .api
        .post(
            "/conversions",
            json!({"email": "zoe@example.com", "source_id": "order-10", "amount": 900, "currency": "USD"}),
        )
        .await;
    let next = paid.with(201);
    let found = program.rewards("ann").await;
    let first = found.iter().find(|reward| reward["granted"] == 300).expect("the first one");
    assert_eq!((&first["state"], &first["conversion_id"]), (&json!("active"), &next["id"]));
});

on_both!(rewards_are_found_by_account_and_rules_are_checked, |db| {
    let program = Program::start(db, &[messages(10, json!({}))]).await;
    program.api.patch("/users/ext:ann", json!({"account_id": "team-1"})).await.with(200);
    assert_eq!(program.api.get("/rewards?account_id=team-1").await.with(200)["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(program.api.get("/rewards?account_id=team-2").await.with(200)["data"], json!([]));
    for (body, fields) in [
        (json!({"kind": "Big Prize", "amount": 1}), vec!["kind"]),
        (json!({"kind": "swag", "amount": 1}), vec!["unit"]),
        (json!({"kind": "extra_messages"}), vec!["amount"]),
        (json!({"kind": "extra_messages", "basis_points": 100}), vec!["basis_points"]),
        (json!({"kind": "account_credit", "amount": 1, "basis_points": 100}), vec!["basis_points"]),
        (json!({"kind": "extra_messages", "amount": 1, "group": "g"}), vec!["option"]),
        (json!({"kind": "extra_messages", "amount": 1, "conditions": {"months": 3}}), vec!["conditions.months"]),
        (
            json!({"kind": "extra_messages", "amount": 1, "starts_at": "2027-01-02T00:00:00Z", "ends_at": "2027-01-01T00:00:00Z"}),
            vec!["ends_at"],
        ),
    ] {
        let answer = program.api.post("/rules", body.clone()).await;
        assert_eq!((answer.status, answer.fields()), (422, fields), "{body}");
    }
    let one = json!({"kind": "extra_messages", "amount": 1, "group": "g", "option": "a"});
    program.api.post("/rules", one).await.with(201);
    let other = json!({"kind": "extra_messages", "amount": 1, "group": "g", "option": "b", "recipient": "referee"});
    assert_eq!(program.api.post("/rules", other).await.fields(), ["group"]);
    assert!(START <= program.site.clock.now());
});

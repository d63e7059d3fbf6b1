//! What the conditions, the caps and the dates of rules let through, and how a choice keeps to them.

use crate::{
    on_both,
    reward_program::{Program, all, credit, messages, percent, with},
    site::START,
};
use passalong::domain::time::{DAY, Time};
use serde_json::{Value, json};

/// An option of a choice that each payment gives.
fn option(name: &str, kind: &str, amount: i64, more: Value) -> Value {
    let rule = json!({"trigger": "every_conversion", "kind": kind, "amount": amount, "group": "thanks", "option": name, "hold_days": 0});
    with(rule, more)
}

/// The month of START and those after it.
fn month(n: i64) -> String {
    let (year, month) = (2026 + (10 + n) / 12, (10 + n) % 12 + 1);
    format!("{year}-{month:02}-14T00:00:00Z")
}

fn at(text: &str) -> Time {
    Time::parse_rfc_3339(text).expect("a time")
}

on_both!(payments_for_twelve_months_count_whenever_they_are_told, |db| {
    let program = Program::start(db, &[with(percent(1_000), json!({"conditions": {"months": 12}}))]).await;
    let amounts = async || {
        let found = program.rewards("ann").await;
        found.iter().map(|reward| reward["amount"].clone()).collect::<Vec<_>>()
    };
    program.pay_with("month-1", 1_000, json!({"period_start": month(0)})).await;
    // In the fourteenth month somebody tells of the twelfth and of the thirteenth.
    program.site.clock.set(at(&month(13)));
    program.pay_with("month-12", 2_000, json!({"period_start": month(11)})).await;
    program.pay_with("month-13", 4_000, json!({"period_start": month(12)})).await;
    assert_eq!(amounts().await, [100, 200]);
    // Where nothing is said of a period, it began when it was paid.
    program.pay("order-1", 8_000).await;
    program.pay_with("order-2", 16_000, json!({"occurred_at": month(11)})).await;
    assert_eq!(amounts().await, [100, 200, 1_600]);
});

on_both!(three_payments_of_four_reach_ten, |db| {
    let total = json!({"conditions": {"min_total": 1_000}});
    let of_first = with(with(credit(300), json!({"trigger": "first_conversion"})), total.clone());
    let of_every = with(messages(7, total), json!({"trigger": "every_conversion"}));
    let program = Program::start(db, &[of_first, of_every]).await;
    let first = program.pay("order-1", 400).await;
    program.pay_with("order-eur", 5_000, json!({"currency": "EUR"})).await;
    program.pay("order-2", 400).await;
    assert_eq!(program.states("ann").await, []);
    let third = program.pay("order-3", 400).await;
    assert_eq!(program.rewards("ann").await[1]["conversion_id"], third["id"]);
    assert_eq!(program.states("ann").await, all("active", &[7, 300]));
    program.pay("order-4", 400).await;
    assert_eq!(program.states("ann").await, all("active", &[7, 300, 7]));
    // Of eight that are left, what is no money falls; of twelve it stands.
    program.refund(&first, "r-1", 400).await;
    let left = [("reversed", 0), ("active", 300), ("active", 7)].map(|(state, amount)| (state.to_owned(), amount));
    assert_eq!(program.states("ann").await, left);
});

on_both!(a_least_amount_is_of_what_was_paid_and_in_the_currency_of_the_rule, |db| {
    let least = json!({"conditions": {"min_amount": 500}, "trigger": "every_conversion"});
    let spent = with(percent(1_000), json!({"caps": {"budget": 1_000}, "currency": "USD"}));
    let program = Program::start(db, &[messages(5, least), spent]).await;
    program.pay_with("order-eur", 9_000, json!({"currency": "EUR"})).await;
    assert_eq!(program.states("ann").await, []);
    program.pay("order-1", 499).await;
    assert_eq!(program.states("ann").await, all("active", &[50]));
    let payment = program.pay("order-2", 1_000).await;
    assert_eq!(program.states("ann").await, all("active", &[50, 5, 100]));
    program.refund(&payment, "r-1", 500).await;
    assert_eq!(program.states("ann").await, all("active", &[50, 5, 50]));
    program.refund(&payment, "r-2", 1).await;
    assert_eq!(program.rewards("ann").await[1]["state"], "reversed");
});

on_both!(a_rule_gives_something_for_one_product, |db| {
    let program = Program::start(db, &[with(credit(100), json!({"conditions": {"product": "prod_1"}}))]).await;
    program.pay("order-1", 1_000).await;
    program.pay_with("order-2", 1_000, json!({"product": "prod_2"})).await;
    let bought = program.pay_with("order-3", 1_000, json!({"product": "prod_1"})).await;
    let found = program.rewards("ann").await;
    assert_eq!((found.len(), &found[0]["conversion_id"]), (1, &bought["id"]));
});

on_both!(a_rule_runs_from_and_until_by_the_time_of_what_happened, |db| {
    let (from, until) = (START.plus(DAY), START.plus(3 * DAY));
    let dates = json!({"starts_at": from.rfc_3339(), "ends_at": until.rfc_3339()});
    let program = Program::start(db, &[with(credit(100), dates.clone()), messages(10, dates)]).await;
    program.pay("order-1", 1_000).await;
    assert_eq!(program.states("ann").await, []);
    program.wait(2 * DAY);
    program.pay_with("order-2", 1_000, json!({"occurred_at": START.plus(DAY - 1_000).rfc_3339()})).await;
    assert_eq!(program.states("ann").await, []);
    program.pay_with("order-3", 1_000, json!({"occurred_at": from.rfc_3339()})).await;
    program.friend("carl").await;
    assert_eq!(program.states("ann").await, all("active", &[100, 10]));
    program.wait(DAY);
    program.pay("order-4", 1_000).await;
    program.friend("dora").await;
    assert_eq!(program.rewards("ann").await.len(), 2);
    // What is told late of the time before is in time.
    program.pay_with("order-5", 1_000, json!({"occurred_at": START.plus(2 * DAY).rfc_3339()})).await;
    assert_eq!(program.states("ann").await, all("active", &[100, 10, 100]));
});

on_both!(a_void_frees_count_and_budget_and_what_is_taken_back_frees_the_budget_alone, |db| {
    let caps = json!({"caps": {"per_referrer": {"count": 2}, "budget": 20}, "hold_days": 9});
    let program = Program::start(db, &[messages(10, caps)]).await;
    program.friend("carl").await;
    program.friend("dora").await;
    assert_eq!(program.states("ann").await, all("pending", &[10, 10]));
    let void = async |reward: &Value| {
        let path = format!("/rewards/{}/void", reward["id"]);
        program.api.post(&path, json!({"reason": "Just a test"})).await.with(200)
    };
    assert_eq!(void(&program.rewards("ann").await[0]).await["state"], "voided");
    program.friend("eve").await;
    assert_eq!(program.rewards("ann").await.len(), 3);
    program.pass(9 * DAY).await;
    assert_eq!(void(&program.rewards("ann").await[1]).await["state"], "reversed");
    // There is money for it, and two are two.
    program.friend("fay").await;
    assert_eq!(program.rewards("ann").await.len(), 3);
});

on_both!(a_day_begins_at_midnight_where_the_program_is, |db| {
    let daily = json!({"caps": {"per_referrer": {"count": 1, "period": "day"}}});
    let program = Program::start(db, &[messages(10, daily)]).await;
    program.api.patch("/settings", json!({"time_zone": "America/Los_Angeles"})).await.with(200);
    for (time, name, rewards) in [
        ("2026-11-15T00:30:00Z", "carl", 1),
        ("2026-11-15T07:59:59Z", "dora", 1),
        ("2026-11-15T08:00:00Z", "eve", 2),
        ("2026-11-16T00:30:00Z", "fay", 2),
    ] {
        program.site.clock.set(at(time));
        program.friend(name).await;
        assert_eq!(program.rewards("ann").await.len(), rewards, "{time}");
    }
});

on_both!(a_cap_for_each_friend_counts_theirs_alone, |db| {
    let program = Program::start(db, &[with(credit(100), json!({"caps": {"per_referral": 2}}))]).await;
    program.friend("carl").await;
    for n in 1..=3 {
        program.pay(&format!("bob-{n}"), 1_000).await;
        program.pay_with(&format!("carl-{n}"), 1_000, json!({"external_id": "carl"})).await;
    }
    assert_eq!(program.states("ann").await, all("active", &[100; 4]));
});

on_both!(caps_are_claimed_when_an_option_is_picked, |db| {
    let once = json!({"caps": {"per_referrer": {"count": 1}}});
    let rules = [option("a", "extra_messages", 5, once), option("b", "extra_requests", 3, json!({}))];
    let program = Program::start(db, &rules).await;
    program.pay("order-1", 1_000).await;
    program.pay("order-2", 1_000).await;
    let choices = program.rewards("ann").await;
    assert_eq!(program.states("ann").await, all("pending", &[1, 1]));
    let choose = async |choice: &Value, option: &str| {
        program.api.post(&format!("/rewards/{}/choose", choice["id"]), json!({"option": option})).await
    };
    choose(&choices[0], "a").await.with(200);
    // Of the other choice the other option is left.
    assert_eq!(choose(&choices[1], "a").await.code(), "cap_reached");
    choose(&choices[1], "b").await.with(200);
    let made = program.rewards("ann").await.split_off(2);
    assert_eq!(made.iter().map(|reward| reward["amount"].clone()).collect::<Vec<_>>(), [5, 3]);
});

on_both!(what_is_picked_early_waits_for_the_hold_and_follows_its_payment, |db| {
    let rules = [
        option("a", "extra_messages", 5, json!({"hold_days": 30})),
        option("b", "account_credit", 700, json!({"hold_days": 30})),
    ];
    let program = Program::start(db, &rules).await;
    let payment = program.pay("order-1", 1_000).await;
    program.pay("order-2", 1_000).await;
    program.wait(DAY);
    for (choice, option) in program.rewards("ann").await.iter().zip(["b", "a"]) {
        program.api.post(&format!("/rewards/{}/choose", choice["id"]), json!({"option": option})).await.with(200);
    }
    let waits = [("redeemed", 1), ("redeemed", 1), ("pending", 700), ("pending", 5)];
    let waits = waits.map(|(state, amount)| (state.to_owned(), amount));
    assert_eq!(program.states("ann").await, waits);
    program.refund(&payment, "r-1", 500).await;
    program.pass(29 * DAY).await;
    assert_eq!(program.states("ann").await[2..], all("active", &[350, 5]));
    program.refund(&payment, "r-2", 500).await;
    let after = program.rewards("ann").await;
    assert_eq!((&after[2]["state"], &after[2]["reason"]), (&json!("reversed"), &json!("refunded")));
    assert_eq!(after[0]["state"], "redeemed");
});

on_both!(two_weeks_of_a_feature_follow_each_other, |db| {
    let week = json!({"trigger": "signup", "kind": "feature_unlock", "unit": "pro", "amount": 7, "hold_days": 0});
    let program = Program::start(db, &[week]).await;
    program.wait(2 * DAY);
    program.friend("carl").await;
    let found = program.rewards("ann").await;
    let spans: Vec<_> =
        found.iter().map(|reward| (reward["valid_from"].clone(), reward["valid_until"].clone())).collect();
    let day = |n: i64| json!(START.plus(n * DAY).rfc_3339());
    assert_eq!(spans, [(day(0), day(7)), (day(7), day(14))]);
});

on_both!(redeeming_takes_what_is_left_also_of_a_kind_of_ones_own, |db| {
    let stickers = json!({"trigger": "signup", "kind": "stickers", "unit": "stickers", "amount": 10, "hold_days": 0});
    let program = Program::start(db, &[stickers]).await;
    let lot = program.rewards("ann").await.remove(0);
    assert_eq!((&lot["kind"], &lot["unit"]), (&json!("stickers"), &json!("stickers")));
    program.use_up("ann", "stickers", 4, "use-1").await.with(201);
    program.redeem(&lot, json!({"source_id": "box-1"})).await.with(200);
    let balance = program.balance("ann", "stickers").await;
    assert_eq!((&balance["available"], &balance["redeemed"]), (&json!(0), &json!(10)));
});

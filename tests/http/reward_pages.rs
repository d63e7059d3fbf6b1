//! Rewards on the pages of admins.

use crate::{
    api::Api,
    conversions::texts,
    db::Db,
    on_both,
    referrals::rows,
    site::{Browser, Page, Site},
    stripe::{self, event, invoice},
};
use passalong::{domain::time::MINUTE, server::store::reward_check};
use reqwest::StatusCode;
use scraper::{Html, Selector};
use serde_json::{Value, json};

const LIST: &str = "/admin/rewards";

/// What the referrer gets when a friend pays for the first time, at once.
fn credit() -> Value {
    json!({"trigger": "first_conversion", "recipient": "referrer", "kind": "account_credit", "amount": 1000,
           "currency": "USD", "description": "$10 credit", "hold_days": 0})
}

/// What the referrer gets for a sign-up, when an admin approves it.
fn approved() -> Value {
    json!({"trigger": "signup", "recipient": "referrer", "kind": "extra_messages", "amount": 10,
           "description": "10 extra messages", "approval": "manual", "hold_days": 0, "valid_days": 30})
}

/// What the friend gets for a sign-up, after the hold.
fn welcome() -> Value {
    json!({"trigger": "signup", "recipient": "referee", "kind": "extra_requests", "amount": 2,
           "description": "2 extra requests", "hold_days": 7})
}

/// Puts these rules in the place of all others.
async fn with_rules(api: &Api, rules: &[Value]) {
    let known = api.get("/rules?limit=100").await.with(200);
    for rule in known["data"].as_array().expect("rules") {
        api.delete(&format!("/rules/{}", rule["id"])).await.with(204);
    }
    for rule in rules {
        api.post("/rules", rule.clone()).await.with(201);
    }
}

/// A site with these rules alone, and Ann, whom nobody has brought.
async fn program(db: Db, rules: &[Value]) -> (Site, Api, Browser) {
    let site = Site::start(db).await;
    let (api, admin) = (Api::new(&site, "admin").await, site.admin().await);
    with_rules(&api, rules).await;
    join(&api, "ann", Value::Null).await;
    (site, api, admin)
}

/// Somebody joins by a code.
async fn join(api: &Api, name: &str, code: Value) -> Value {
    let body = json!({"email": format!("{name}@example.com"), "username": name, "external_id": name, "code": code,
                      "code_source": "link"});
    api.post("/users", body).await.with(201)
}

/// A friend of Ann's joins.
async fn friend(api: &Api, name: &str) -> Value {
    let code = api.get("/users/ext:ann").await.with(200)["code"].clone();
    join(api, name, code).await
}

async fn pays(api: &Api, name: &str, source_id: &str, amount: i64) -> i64 {
    let body = json!({"external_id": name, "source_id": source_id, "amount": amount, "currency": "USD"});
    api.post("/conversions", body).await.with(201)["id"].as_i64().expect("an id")
}

async fn refund(api: &Api, payment: i64, source_id: &str, amount: i64) {
    let body = json!({"source_id": source_id, "amount": amount});
    api.post(&format!("/conversions/{payment}/refunds"), body).await.with(201);
}

/// The ids of rewards, the latest first.
async fn ids(api: &Api, query: &str) -> Vec<String> {
    let found = api.get(&format!("/rewards{query}")).await.with(200);
    found["data"].as_array().expect("rewards").iter().map(|reward| reward["id"].to_string()).collect()
}

/// Presses a button of the list with these rewards selected.
async fn press(admin: &Browser, at: &str, form: &str, ids: &[&str], reason: &str) -> Page {
    let mut fields = vec![("back", at)];
    fields.extend(ids.iter().map(|id| ("ids", *id)));
    fields.extend([("reason", reason), ("form", form)]);
    admin.post(at, &fields).await
}

/// How the rewards of a list stand: kind and state.
fn states(page: &Page) -> Vec<String> {
    let html = Html::parse_document(&page.body);
    let row = Selector::parse("[data-testid='reward-row']").expect("a selector");
    let of = |row: scraper::ElementRef<'_>, name| row.value().attr(name).unwrap_or_default().to_owned();
    html.select(&row).map(|row| format!("{} {}", of(row, "data-kind"), of(row, "data-state"))).collect()
}

/// What happened, without the times.
fn steps(page: &Page) -> Vec<String> {
    texts(page, "[data-testid='step'] p > span:last-child")
}

/// The forms of a page, by what they call.
fn forms(page: &Page) -> Vec<String> {
    let html = Html::parse_document(&page.body);
    let form = Selector::parse("main input[name=form]").expect("a selector");
    html.select(&form).filter_map(|input| input.value().attr("value")).map(str::to_owned).collect()
}

/// The ledger adds up.
async fn books_balance(site: &Site) {
    let mut tx = site.state.db.read().await.expect("a transaction");
    assert_eq!(reward_check::find_mismatches(&mut tx).await.expect("counted"), []);
}

on_both!(rewards_are_listed_and_found, |db| {
    let (site, api, admin) = program(db, &[credit(), approved(), welcome()]).await;
    let empty = admin.get(LIST).await;
    assert!(empty.text().contains("No rewards yet") && empty.find("main [name='ids']").is_none());
    let bob = friend(&api, "bob").await;
    let payment = pays(&api, "bob", "order-1", 5_000).await;
    let list = admin.get(LIST).await;
    let found = api.get("/rewards").await.with(200)["data"].clone();
    let at = |place: usize, name: &str| found[place][name].clone();
    let lines: Vec<String> =
        rows(&list, "reward-row").iter().map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let (held, made) = ("14 November 2026", "14 Nov");
    assert_eq!(
        lines,
        [
            format!("$10.00$10 credit · No. {}|ann|bob|Rule {}|Active|–|{made}", at(0, "id"), at(0, "rule_id")),
            format!(
                "2 requests2 extra requests · No. {}|bob|bob|Rule {}|Pending|On hold until 21 November 2026|{made}",
                at(1, "id"),
                at(1, "rule_id")
            ),
            format!(
                "10 messages10 extra messages · No. {}|ann|bob|Rule {}|Pending Needs approval|On hold until {held}|{made}",
                at(2, "id"),
                at(2, "rule_id")
            ),
        ]
    );
    assert_eq!(states(&list), ["account_credit active", "extra_requests pending", "extra_messages pending"]);
    for link in [
        format!("{LIST}/{}", at(0, "id")),
        format!("/admin/users/{}", bob["id"]),
        format!("/admin/rules/{}", at(0, "rule_id")),
    ] {
        assert!(list.find(&format!("[data-testid='reward-row'] a[href='{link}']")).is_some(), "{link}");
    }
    assert_eq!(texts(&list, "nav.side a[aria-current]"), ["Rewards 1"]);
    for (query, expected) in [
        ("state=active".to_owned(), 1),
        ("state=pending".to_owned(), 2),
        ("state=redeemed".to_owned(), 0),
        ("state=approval".to_owned(), 1),
        ("state=owed".to_owned(), 0),
        ("state=frozen".to_owned(), 0),
        ("state=failed".to_owned(), 0),
        ("kind=extra_messages".to_owned(), 1),
        ("kind=%00".to_owned(), 3),
        ("person=ANN%40example.com".to_owned(), 2),
        ("person=bob&state=pending".to_owned(), 1),
        ("person=nobody".to_owned(), 0),
        (format!("rule={}", at(1, "rule_id")), 1),
        ("rule=999999".to_owned(), 0),
    ] {
        let page = admin.get(&format!("{LIST}?{query}")).await;
        assert_eq!(states(&page).len(), expected, "{query}");
        assert_eq!(page.text().contains("No matching rewards"), expected == 0, "{query}");
    }
    // What is used and refunded is owed; who is disabled has frozen ones.
    api.post(&format!("/rewards/{}/redeem", at(0, "id")), json!({})).await.with(200);
    refund(&api, payment, "r-1", 5_000).await;
    api.patch("/users/ext:ann", json!({"disabled": true})).await.with(200);
    assert_eq!(states(&admin.get(&format!("{LIST}?state=owed")).await), ["account_credit reversed"]);
    let frozen = admin.get(&format!("{LIST}?state=frozen")).await;
    assert_eq!(states(&frozen), ["extra_messages pending"]);
    assert!(rows(&frozen, "reward-row")[0].contains("Paused"));
    assert!(rows(&admin.get(&format!("{LIST}?state=owed")).await, "reward-row")[0].contains("Owes $10.00"));
    books_balance(&site).await;
});

on_both!(many_rewards_are_paged, |db| {
    let every = json!({"trigger": "every_conversion", "recipient": "referrer", "kind": "account_credit",
                       "basis_points": 1000, "hold_days": 0});
    let (_site, api, admin) = program(db, &[every]).await;
    friend(&api, "bob").await;
    for n in 0..52 {
        pays(&api, "bob", &format!("o-{n}"), 1_000).await;
    }
    let first = admin.get(&format!("{LIST}?state=active")).await;
    let html = Html::parse_document(&first.body);
    let link = Selector::parse("nav[aria-label='Pages'] a").expect("a selector");
    let next = html.select(&link).next().and_then(|a| a.value().attr("href")).expect("more").to_owned();
    assert!(next.contains("state=active"), "{next}");
    assert_eq!((states(&first).len(), states(&admin.get(&next).await).len()), (50, 2));
});

on_both!(an_admin_approves_all_that_are_selected_or_none, |db| {
    let (site, api, admin) = program(db, &[approved(), welcome()]).await;
    for name in ["bob", "carl", "dora"] {
        friend(&api, name).await;
    }
    let at = format!("{LIST}?state=approval");
    let list = admin.get(&at).await;
    assert_eq!(states(&list), ["extra_messages pending"; 3]);
    assert_eq!(list.find("form [name='back']").as_deref(), Some(&*at));
    // Nothing is selected.
    let none = press(&admin, &at, "approve_rewards", &[], "").await;
    assert_eq!(
        (none.status, none.alerts()),
        (StatusCode::UNPROCESSABLE_ENTITY, vec!["Select at least one reward.".to_owned()],)
    );
    let waiting = ids(&api, "?kind=extra_messages").await;
    let [last, middle, first] = [0, 1, 2].map(|place: usize| waiting[place].as_str());
    let done = press(&admin, &at, "approve_rewards", &[last], "").await;
    assert_eq!(done.location(), format!("{at}&done=rewards-approved"), "{}", done.text());
    assert!(admin.get(done.location()).await.text().contains("Approved"));
    assert_eq!(states(&admin.get(&at).await), ["extra_messages pending"; 2]);
    assert_eq!(api.get(&format!("/rewards/{last}")).await.with(200)["state"], "active");
    // One of them is active already: none is approved, and what was selected is so still.
    let refused = press(&admin, LIST, "approve_rewards", &[first, middle, last], "").await;
    let message = format!("Nothing was changed. Reward {last}: This reward is no longer on hold.");
    assert_eq!((refused.status, refused.alerts()), (StatusCode::CONFLICT, vec![message]));
    let html = Html::parse_document(&refused.body);
    let ticked = Selector::parse("[name='ids'][checked]").expect("a selector");
    assert_eq!(html.select(&ticked).count(), 3);
    assert_eq!(states(&admin.get(&at).await), ["extra_messages pending"; 2]);
    let unknown = press(&admin, LIST, "approve_rewards", &[first, "999999"], "").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(states(&admin.get(&at).await), ["extra_messages pending"; 2]);
    // Selected twice it is one; and nobody is led to another site.
    let fields =
        [("ids", first), ("ids", middle), ("ids", first), ("form", "approve_rewards"), ("back", "//evil.example")];
    let done = admin.post(LIST, &fields).await;
    assert_eq!(done.location(), format!("{LIST}?done=rewards-approved"), "{}", done.text());
    assert!(states(&admin.get(&at).await).is_empty());
    let page = admin.get(&format!("{LIST}/{first}")).await;
    assert_eq!(steps(&page)[1..], ["Approved by admin", "Activated"]);
    assert!(admin.get("/admin/audit").await.text().contains("Reward approved"));
    books_balance(&site).await;
});

on_both!(an_admin_voids_with_a_reason, |db| {
    let (site, api, admin) = program(db, &[approved(), welcome()]).await;
    friend(&api, "bob").await;
    let [theirs, anns] = ids(&api, "").await.try_into().expect("two");
    let refused = press(&admin, LIST, "void_rewards", &[&anns, &theirs], " ").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.alerts(), ["Enter a reason of 1 to 500 characters."]);
    assert!(refused.find("details[open] [name='reason'][aria-invalid]").is_some(), "{}", refused.body);
    assert_eq!(states(&admin.get(LIST).await), ["extra_requests pending", "extra_messages pending"]);
    let path = format!("{LIST}/{anns}");
    assert_eq!(forms(&admin.get(&path).await), ["approve_rewards", "void_rewards"]);
    let done = press(&admin, &path, "void_rewards", &[&anns], "<b>fraud</b>").await;
    assert_eq!(done.location(), format!("{path}?done=rewards-voided"), "{}", done.text());
    let page = admin.get(&path).await;
    assert_eq!(steps(&page)[1..], ["Cancelled by admin: <b>fraud</b>"]);
    assert!(!page.body.contains("<b>fraud") && forms(&page).is_empty());
    // Sent again it is refused and changes nothing; with another one, nothing happens to that.
    let again = press(&admin, &path, "void_rewards", &[&anns], "again").await;
    assert_eq!((again.status, again.alerts()), (StatusCode::CONFLICT, vec!["This reward was cancelled.".to_owned()]));
    let both = press(&admin, LIST, "void_rewards", &[&anns, &theirs], "again").await;
    assert_eq!(both.alerts(), [format!("Nothing was changed. Reward {anns}: This reward was cancelled.")]);
    assert_eq!(states(&admin.get(LIST).await), ["extra_requests pending", "extra_messages voided"]);
    assert_eq!(steps(&admin.get(&path).await).len(), 2);
    assert!(admin.get("/admin/audit").await.text().contains("Reward voided"));
    assert_eq!(admin.get(&format!("{LIST}/999999")).await.status, StatusCode::NOT_FOUND);
    books_balance(&site).await;
});

on_both!(a_history_says_which_refunds_took_and_which_gave_back, |db| {
    let (site, api) = stripe::site(db).await;
    let admin = site.admin().await;
    with_rules(&api, &[credit()]).await;
    assert_eq!(stripe::send(&site, &invoice(1, json!({"payment_intent": "pi_1"}))).await, 200);
    let refund = |id: &str, amount: i64, status: &str| json!({"id": id, "object": "refund", "amount": amount, "currency": "usd", "payment_intent": "pi_1", "status": status});
    for (id, object) in [
        ("evt_r1", refund("re_1", 2_000, "succeeded")),
        ("evt_r2", refund("re_2", 1_000, "succeeded")),
        ("evt_r3", refund("re_1", 2_000, "failed")),
    ] {
        site.clock.advance(MINUTE);
        assert_eq!(stripe::send(&site, &event(id, "refund.updated", object)).await, 200);
    }
    let reward = api.get("/rewards?kind=account_credit").await.with(200)["data"][0].clone();
    let page = admin.get(&format!("{LIST}/{}", reward["id"])).await;
    let granted =
        format!("$10.00 granted by rule {}, version 1, for the payment of 14 November 2026", reward["rule_id"]);
    assert_eq!(
        steps(&page),
        [
            granted.as_str(),
            "Activated",
            "$4.08 of $10.00 taken back: Refund of $20.00",
            "$2.04 of $10.00 taken back: Refund of $10.00",
            "$4.08 given back: Refund of $20.00, failed",
        ]
    );
    let times = texts(&page, "[data-testid='step'] .note");
    assert_eq!(
        [&*times[0], &*times[2], &*times[4]],
        ["14 November 2026, 11:33 UTC", "14 November 2026, 11:34 UTC", "14 November 2026, 11:36 UTC",]
    );
    for link in
        [format!("/admin/rules/{}", reward["rule_id"]), format!("/admin/conversions/{}", reward["conversion_id"])]
    {
        assert!(page.find(&format!("[data-testid='step'] a[href='{link}']")).is_some(), "{link}");
        assert!(page.find(&format!(".facts a[href='{link}']")).is_some(), "{link}");
    }
    assert_eq!(
        (page.of("granted"), page.of("stands"), page.of("available")),
        ("$10.00".into(), "$7.96".into(), "$7.96".into())
    );
    assert_eq!((page.of("used"), page.of("owed")), ("–".into(), "–".into()));
    books_balance(&site).await;
});

on_both!(what_is_owed_is_paid_back_or_written_off, |db| {
    let (site, api, admin) = program(db, &[credit()]).await;
    for name in ["bob", "carl"] {
        friend(&api, name).await;
    }
    let payments = [pays(&api, "bob", "o-1", 5_000).await, pays(&api, "carl", "o-2", 5_000).await];
    let [carls, bobs] = ids(&api, "").await.try_into().expect("two");
    site.clock.advance(MINUTE);
    api.post(&format!("/rewards/{bobs}/redeem"), json!({"source_id": "invoice-7"})).await.with(200);
    let part = json!({"amount": 400, "source_id": "invoice-8"});
    api.post("/users/ext:ann/balances/account_credit/use", part).await.with(201);
    site.clock.advance(MINUTE);
    for payment in payments {
        refund(&api, payment, &format!("r-{payment}"), 5_000).await;
    }
    site.clock.advance(MINUTE);
    let owed = format!("{LIST}?state=owed");
    assert_eq!(states(&admin.get(&owed).await), ["account_credit reversed"; 2]);
    let path = format!("{LIST}/{bobs}");
    let page = admin.get(&path).await;
    assert_eq!(forms(&page), ["settle_rewards", "write_off_rewards", "mark_reward_delivered", "void_rewards"]);
    assert_eq!((page.of("used"), page.of("owed"), page.of("stands")), ("$10.00".into(), "$10.00".into(), "–".into()));
    let settled = press(&admin, &path, "settle_rewards", &[&bobs], "").await;
    assert_eq!(settled.location(), format!("{path}?done=rewards-settled"), "{}", settled.text());
    let page = admin.get(&path).await;
    assert_eq!(
        steps(&page)[2..],
        [
            "$10.00 used: invoice-7",
            "$10.00 of $10.00 taken back: Refund of $50.00",
            "$10.00 paid back, recorded by admin",
        ]
    );
    assert_eq!((page.of("owed"), page.of("paid-back")), ("–".into(), "$10.00".into()));
    // Nothing is owed any more: of both, nothing is written off.
    let again = press(&admin, &path, "settle_rewards", &[&bobs], "").await;
    assert_eq!((again.status, again.alerts()), (StatusCode::CONFLICT, vec!["Nothing is owed.".to_owned()]));
    let both = press(&admin, &owed, "write_off_rewards", &[&carls, &bobs], "").await;
    assert_eq!(both.alerts(), [format!("Nothing was changed. Reward {bobs}: Nothing is owed.")]);
    assert_eq!(states(&admin.get(&owed).await), ["account_credit reversed"]);
    let written_off = press(&admin, &owed, "write_off_rewards", &[&carls], "").await;
    assert_eq!(written_off.location(), format!("{owed}&done=rewards-written-off"), "{}", written_off.text());
    let page = admin.get(&format!("{LIST}/{carls}")).await;
    assert_eq!(
        steps(&page)[2..],
        ["$4.00 used: invoice-8", "$10.00 of $10.00 taken back: Refund of $50.00", "$4.00 written off by admin",]
    );
    assert!(states(&admin.get(&owed).await).is_empty());
    let audit = admin.get("/admin/audit").await.text();
    assert!(audit.contains("Reward debt paid back") && audit.contains("Reward debt written off"));
    books_balance(&site).await;
});

on_both!(a_choice_and_what_was_picked_lead_to_each_other, |db| {
    let option = |option: &str, kind: &str, amount: i64, description: &str| {
        json!({"trigger": "first_conversion", "recipient": "referrer", "group": "pay", "option": option, "kind": kind,
               "amount": amount, "description": description, "hold_days": 0})
    };
    let rules = [
        option("credit", "account_credit", 1_000, "$10 credit"),
        option("usage", "extra_messages", 50, "50 extra messages"),
        option("usage", "extra_requests", 25, "25 extra requests"),
    ];
    let (site, api, admin) = program(db, &rules).await;
    friend(&api, "bob").await;
    pays(&api, "bob", "o-1", 5_000).await;
    let [choice] = ids(&api, "").await.try_into().expect("one");
    let path = format!("{LIST}/{choice}");
    let page = admin.get(&path).await;
    assert_eq!(
        texts(&page, "[data-testid='option']"),
        ["credit: $10.00", "usage: 50 extra messages and 25 extra requests"]
    );
    assert!(steps(&page)[0].starts_with("Choice granted by rule "), "{:?}", steps(&page));
    assert!(page.find("[data-testid='granted']").is_none());
    let row = rows(&admin.get(LIST).await, "reward-row").remove(0);
    assert!(
        row.contains("Choice") && row.contains("One of: $10.00 · 50 extra messages and 25 extra requests"),
        "{row}"
    );
    assert!(row.contains("Until 12 February 2027"), "{row}");
    api.post(&format!("/rewards/{choice}/choose"), json!({"option": "usage"})).await.with(200);
    let page = admin.get(&path).await;
    assert_eq!(texts(&page, "[data-testid='option']")[1], "usage: 50 extra messages and 25 extra requests Chosen");
    assert_eq!(steps(&page)[1..], ["“usage” chosen"]);
    assert!(forms(&page).is_empty());
    // The choice itself cannot be ended any more, by the API and by the list as little as on its page.
    let void = api.post(&format!("/rewards/{choice}/void"), json!({"reason": "A mistake"})).await;
    assert_eq!((void.status, void.code()), (409, "already_chosen"));
    let sent = admin.post(LIST, &[("form", "void_rewards"), ("ids", &choice), ("reason", "A mistake")]).await;
    assert_eq!((sent.status, sent.alerts()), (StatusCode::CONFLICT, vec!["The choice has already been made.".into()]));
    let made = ids(&api, "").await;
    assert_eq!(made.len(), 3);
    for id in made.iter().filter(|id| **id != choice) {
        assert!(page.find(&format!("main a[href='{LIST}/{id}']")).is_some(), "{id}");
        let picked = admin.get(&format!("{LIST}/{id}")).await;
        assert!(picked.find(&format!(".facts a[href='{path}']")).is_some(), "{id}");
    }
    books_balance(&site).await;
});

on_both!(a_reward_is_marked_as_delivered, |db| {
    let (_site, api, admin) = program(db, &[credit(), welcome()]).await;
    friend(&api, "bob").await;
    pays(&api, "bob", "o-1", 5_000).await;
    let [credit, held] = ids(&api, "").await.try_into().expect("two");
    let path = format!("{LIST}/{credit}");
    let deliver =
        async |id: &str| admin.post(&format!("{LIST}/{id}"), &[("form", "mark_reward_delivered"), ("id", id)]).await;
    assert!(forms(&admin.get(&path).await).contains(&"mark_reward_delivered".to_owned()));
    for _ in 0..2 {
        let done = deliver(&credit).await;
        assert_eq!(done.location(), format!("{path}?done=reward-delivered"), "{}", done.text());
    }
    let page = admin.get(&path).await;
    assert!(texts(&page, ".facts dd").contains(&"Delivered".to_owned()));
    assert_eq!(forms(&page), ["void_rewards"]);
    assert_eq!(api.get(&format!("/rewards/{credit}")).await.with(200)["delivery"], "delivered");
    // There is nothing to deliver while it waits.
    assert!(!forms(&admin.get(&format!("{LIST}/{held}")).await).contains(&"mark_reward_delivered".to_owned()));
    let early = deliver(&held).await;
    assert_eq!(
        (early.status, early.alerts()),
        (StatusCode::CONFLICT, vec!["This reward is still on hold.".to_owned()])
    );
});

on_both!(other_pages_lead_to_rewards, |db| {
    let every = json!({"trigger": "every_conversion", "recipient": "referrer", "kind": "account_credit",
                       "basis_points": 1000, "hold_days": 0, "caps": {"per_referral": 1}});
    let budget = json!({"trigger": "every_conversion", "recipient": "referee", "kind": "extra_messages", "amount": 5,
                        "hold_days": 0, "caps": {"budget": 5}});
    let (_site, api, admin) = program(db, &[every, budget, welcome()]).await;
    let bob = friend(&api, "bob").await;
    let payments = [pays(&api, "bob", "o-1", 5_000).await, pays(&api, "bob", "o-2", 5_000).await];
    friend(&api, "carl").await;
    pays(&api, "carl", "o-3", 2_000).await;
    let earned = |page: &Page| -> Vec<String> {
        rows(page, "earned-reward").iter().map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    let day = "14 Nov";
    let first = admin.get(&format!("/admin/conversions/{}", payments[0])).await;
    assert_eq!(earned(&first), [format!("5 messages|bob|Active|{day}"), format!("$5.00|ann|Active|{day}")]);
    let second = admin.get(&format!("/admin/conversions/{}", payments[1])).await;
    assert!(earned(&second).is_empty() && second.text().contains("This payment earned no rewards."));
    let referral = admin.get(&format!("/admin/referrals/{}", bob["id"])).await;
    assert_eq!(earned(&referral).len(), 3);
    assert!(referral.find("[data-testid='earned-reward'] a[href^='/admin/rewards/']").is_some());
    let mut refused: Vec<String> = rows(&referral, "refusal");
    refused.sort_by_key(|row| row.contains("ann"));
    let rest = |row: &String| row.split_once('|').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
    assert_eq!(
        refused.iter().map(rest).collect::<Vec<_>>(),
        ["bob|The rule’s budget is spent|14 Nov", "ann|The rule has reached its limit|14 Nov",]
    );
    assert!(referral.find(&format!("[data-testid='refusal'] a[href='/admin/conversions/{}']", payments[1])).is_some());
    let ann = api.get("/users/ext:ann").await.with(200)["id"].clone();
    let user = admin.get(&format!("/admin/users/{ann}")).await;
    assert_eq!(rows(&user, "balance"), ["Account credit|$7.00|–|–|–|–"]);
    let all = "/admin/rewards?person=ann%40example.com";
    assert_eq!(user.find(&format!("main a[href='{all}']")).as_deref(), Some("Rewards of ann"));
    assert_eq!(states(&admin.get(all).await), ["account_credit active"; 2]);
    let admins = admin.get("/admin/users/1").await;
    assert!(rows(&admins, "balance").is_empty() && admins.text().contains("No rewards yet"));
});

on_both!(rewards_are_taken_away_as_csv, |db| {
    let evil = json!({"trigger": "signup", "recipient": "referee", "kind": "extra_requests", "amount": 2,
                      "description": "=HYPERLINK(1)"});
    let (_site, api, admin) = program(db, &[credit(), evil]).await;
    friend(&api, "bob").await;
    let payment = pays(&api, "bob", "o-1", 5_000).await;
    refund(&api, payment, "r-1", 2_500).await;
    let table = async |query: &str| {
        let page = admin.get(&format!("/admin/rewards.csv{query}")).await;
        assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8"), "{query}");
        let mut reader = csv::Reader::from_reader(page.body.as_bytes());
        let rows: Vec<std::collections::HashMap<String, String>> =
            reader.deserialize().collect::<Result<_, _>>().expect("well-formed CSV");
        rows
    };
    let rows = table("").await;
    assert_eq!(rows.len(), 2);
    for (name, value) in [
        ("kind", "account_credit"),
        ("amount", "5.00"),
        ("granted", "10.00"),
        ("available", "5.00"),
        ("owed", "0.00"),
        ("currency", "USD"),
        ("description", "$10 credit"),
        ("state", "active"),
        ("username", "ann"),
        ("friend", "bob"),
        ("delivery", "none"),
        ("needs_approval", "false"),
    ] {
        assert_eq!(rows[0][name], value, "{name}");
    }
    assert_eq!(rows[0]["conversion_id"], payment.to_string());
    assert_eq!((&*rows[1]["description"], &*rows[1]["amount"]), ("'=HYPERLINK(1)", "2"));
    for (query, found) in [
        ("?state=pending", 1),
        ("?kind=account_credit&person=ann", 1),
        ("?person=bob&state=active", 0),
        ("?person=nobody", 0),
    ] {
        assert_eq!(table(query).await.len(), found, "{query}");
    }
    let list = admin.get(&format!("{LIST}?state=pending&person=bob")).await;
    assert!(list.find("main a[href='/admin/rewards.csv?person=bob&state=pending']").is_some(), "{}", list.body);
});

on_both!(rewards_are_decided_by_admins, |db| {
    let (site, api, admin) = program(db, &[credit(), approved()]).await;
    friend(&api, "bob").await;
    let payment = pays(&api, "bob", "o-1", 5_000).await;
    let [owed, waiting] = ids(&api, "").await.try_into().expect("two");
    api.post(&format!("/rewards/{owed}/redeem"), json!({})).await.with(200);
    refund(&api, payment, "r-1", 5_000).await;
    let eve = site.user("eve").await;
    let before = [&owed, &waiting].map(|id| format!("{LIST}/{id}"));
    for page in [LIST, &before[0], "/admin/rewards.csv"] {
        assert_eq!(eve.get(page).await.status, StatusCode::FORBIDDEN, "{page}");
        assert_eq!(site.browser().get(page).await.status, StatusCode::SEE_OTHER, "{page}");
    }
    let history = async || [steps(&admin.get(&before[0]).await), steps(&admin.get(&before[1]).await)];
    let known = history().await;
    // Each of these an admin could do.
    for (form, id) in [
        ("approve_rewards", &waiting),
        ("void_rewards", &waiting),
        ("settle_rewards", &owed),
        ("write_off_rewards", &owed),
    ] {
        for at in [LIST.to_owned(), format!("{LIST}/{id}")] {
            assert_eq!(press(&eve, &at, form, &[id], "r").await.status, StatusCode::FORBIDDEN, "{form} {at}");
        }
    }
    let delivered = eve.post(&before[0], &[("form", "mark_reward_delivered"), ("id", &owed)]).await;
    assert_eq!(delivered.status, StatusCode::FORBIDDEN);
    assert_eq!(history().await, known);
    assert_eq!(api.get(&format!("/rewards/{owed}")).await.with(200)["delivery"], "none");
});

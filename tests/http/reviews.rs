//! Referrals that look wrong: what puts them in review, and what an admin's decision does.

use crate::{
    api::Api,
    conversions::texts,
    db::Db,
    on_both,
    site::{Browser, PASSWORD, Page, Site},
};
use passalong::{
    domain::{
        reviews::UNDO,
        time::{DAY, HOUR, SECOND},
    },
    server::{
        actions::{reviews::close_reviews, rewards::advance_rewards},
        realtime::change_set::ChangeSet,
    },
};
use reqwest::StatusCode;
use serde_json::{Value, json};

const LIST: &str = "/admin/review";

/// Two networks that tell people apart, and two browsers.
const HOME: &str = "203.0.113.5";
const AWAY: &str = "198.51.100.7";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0";

/// A site whose program gives both sides something at once, and Ann, who has signed up at home.
struct Program {
    site: Site,
    api: Api,
    ann: Browser,
}

impl Program {
    async fn start(db: Db) -> Self {
        let site = Site::start_with(db, &["--trusted-proxies", "127.0.0.1/32"]).await.with_admin().await;
        let site = site.without_tasks().await.without_rules().await;
        let api = Api::new(&site, "admin").await;
        for (recipient, amount) in [("referrer", 10), ("referee", 5)] {
            let rule = json!({"trigger": "signup", "recipient": recipient, "kind": "extra_messages", "amount": amount,
                              "hold_days": 0});
            api.post("/rules", rule).await.with(201);
        }
        let ann = sign_up(&site, "ann", HOME, FIREFOX, None).await;
        Self { site, api, ann }
    }

    /// Somebody signs up by Ann's code.
    async fn friend(&self, name: &str, from: &str, user_agent: &str) -> Browser {
        let code = self.code("ann").await;
        sign_up(&self.site, name, from, user_agent, Some(&code)).await
    }

    async fn code(&self, name: &str) -> String {
        self.user(name).await["code"].as_str().expect("a code").to_owned()
    }

    async fn user(&self, name: &str) -> Value {
        let found = self.api.get(&format!("/users?q={name}")).await.with(200);
        let users = found["data"].as_array().expect("users");
        users.iter().find(|user| user["username"] == name).cloned().unwrap_or_else(|| panic!("no {name}"))
    }

    async fn id(&self, name: &str) -> String {
        self.user(name).await["id"].to_string()
    }

    /// State, amount and whether it is frozen, of each reward of a user.
    async fn rewards(&self, name: &str) -> Vec<(String, i64, bool)> {
        let found = self.api.get(&format!("/users/{}/rewards", self.id(name).await)).await.with(200);
        let reward = |reward: &Value| {
            let state = reward["state"].as_str().expect("a state").to_owned();
            (state, reward["amount"].as_i64().expect("an amount"), reward["frozen"].as_bool().expect("a flag"))
        };
        found["data"].as_array().expect("rewards").iter().map(reward).collect()
    }

    /// The signs of the case that the page shows for somebody; nothing where they have none.
    async fn signs(&self, name: &str) -> Vec<String> {
        let page = self.site.admin().await.get(&format!("{LIST}?case={}", self.id(name).await)).await;
        if page.status == StatusCode::NOT_FOUND { vec![] } else { texts(&page, "[data-testid=sign]") }
    }

    /// The names of all cases on the list.
    async fn cases(&self, state: &str) -> Vec<String> {
        texts(&self.site.admin().await.get(&format!("{LIST}?state={state}")).await, "[data-testid=case] strong")
    }

    async fn post(&self, form: &str, name: &str, more: &[(&str, &str)]) -> Page {
        let id = self.id(name).await;
        let mut fields = vec![("form", form), ("id", id.as_str())];
        fields.extend(more);
        self.site.admin().await.post(LIST, &fields).await
    }

    /// Time goes on, and what comes by itself comes.
    async fn pass(&self, millis: i64) {
        self.site.clock.advance(millis);
        let (state, now) = (&self.site.state, self.site.clock.now());
        let due = close_reviews::due(&mut state.db.read().await.expect("a transaction"), now, 100).await.expect("due");
        let mut tx = state.db.begin().await.expect("a transaction");
        let mut changes = ChangeSet::default();
        for referee in due {
            close_reviews::run_in(&mut tx, state, referee, now, &mut changes).await.expect("closed");
        }
        advance_rewards::run_in(&mut tx, 500, now, &mut changes).await.expect("advanced");
        state.publisher.commit_and_publish(tx, &changes).await.expect("committed");
    }

    /// The types of all events whose object this is.
    async fn told(&self, kind: &str) -> Vec<Value> {
        let events = self.api.get(&format!("/events?type={kind}&limit=100")).await.with(200);
        events["data"].as_array().expect("events").iter().map(|event| event["data"]["object"].clone()).collect()
    }
}

/// Signs up by the form in a new browser, from an address.
async fn sign_up(site: &Site, name: &str, from: &str, user_agent: &str, code: Option<&str>) -> Browser {
    sign_up_as(site, &format!("{name}@example.com"), name, from, user_agent, code).await
}

async fn sign_up_as(site: &Site, email: &str, name: &str, from: &str, user_agent: &str, code: Option<&str>) -> Browser {
    let browser = site.browser_named(user_agent);
    let fields = [("email", email), ("username", name), ("password", PASSWORD), ("code", code.unwrap_or_default())];
    let request = browser.client.post(browser.url("/signup")).header("x-forwarded-for", from).form(&fields);
    let page = Page::read(request.send().await.expect("an answer")).await;
    assert!(page.location().starts_with("/dashboard"), "{}", page.body);
    browser
}

fn all(state: &str, amount: i64, frozen: bool) -> Vec<(String, i64, bool)> {
    vec![(state.to_owned(), amount, frozen)]
}

on_both!(a_friend_at_the_referrers_browser_is_held_until_an_admin_approves, |db| {
    let program = Program::start(db).await;
    program.friend("bob", HOME, FIREFOX).await;
    assert_eq!(program.signs("bob").await, ["Same network and browser as ann"]);
    assert_eq!(program.cases("").await, ["bob, referred by ann"]);
    assert_eq!(program.rewards("ann").await, all("pending", 10, true));
    assert_eq!(program.rewards("bob").await, all("pending", 5, true));
    assert!(program.ann.get("/dashboard").await.body.contains("Paused while we look into it"));

    program.pass(400 * DAY).await;
    assert_eq!(program.rewards("ann").await, all("pending", 10, true), "time releases nothing");
    let rewards = program.api.get("/rewards").await.with(200);
    let refused = program.api.post(&format!("/rewards/{}/redeem", rewards["data"][0]["id"]), json!({})).await.with(409);
    assert_eq!(refused["code"], "frozen");
    let ann = program.id("ann").await;
    let referrals = program.api.get(&format!("/users/{ann}/referrals")).await.with(200);
    assert_eq!((&referrals["data"][0]["in_review"], &referrals["data"][0]["version"]), (&json!(true), &json!(1)));

    let done = program.post("approve_review", "bob", &[]).await;
    assert!(done.location().ends_with("&done=review-approved"), "{}", done.location());
    program.pass(UNDO - SECOND).await;
    assert_eq!(program.rewards("ann").await, all("pending", 10, true), "it can be undone still");
    program.pass(SECOND).await;
    assert_eq!(program.rewards("ann").await, all("active", 10, false));
    assert_eq!(program.rewards("bob").await, all("active", 5, false));
    assert_eq!(program.cases("").await, [""; 0]);
    assert_eq!(program.cases("closed").await, ["bob, referred by ann"]);
    let told = program.told("referral.reviewed").await;
    assert_eq!((told.len(), &told[0]["in_review"], &told[0]["state"]), (1, &json!(false), &json!("signed_up")));
    let referrals = program.api.get(&format!("/users/{ann}/referrals")).await.with(200);
    assert_eq!(
        (&referrals["data"][0]["in_review"], &referrals["data"][0]["version"]),
        (&json!(false), &told[0]["version"])
    );
});

on_both!(a_rejected_friend_is_nobodys_and_both_sides_read_why, |db| {
    let program = Program::start(db).await;
    program.friend("bob", HOME, EDGE).await;
    assert_eq!(program.signs("bob").await, ["Same network as ann"]);
    let empty = program.post("reject_review", "bob", &[("reason", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    program.post("reject_review", "bob", &[("reason", "One household")]).await;
    program.pass(UNDO).await;
    assert_eq!(program.rewards("ann").await, all("voided", 0, false));
    assert_eq!(program.rewards("bob").await, all("voided", 0, false));
    assert!(program.ann.get("/dashboard").await.body.contains("Cancelled: One household"));
    assert_eq!(program.ann.numbers().await[1], 0, "the sign-up counts no longer");
    let told = program.told("referral.reviewed").await;
    assert_eq!((told.len(), &told[0]["state"], &told[0]["code"]), (1, &json!("rejected"), &Value::Null));

    // What he pays is a payment, and counts nowhere.
    let rule = json!({"trigger": "every_conversion", "recipient": "referrer", "kind": "account_credit",
                      "basis_points": 1000, "hold_days": 0});
    program.api.post("/rules", rule).await.with(201);
    let pays = json!({"email": "bob@example.com", "source_id": "order-1", "amount": 1000, "currency": "USD"});
    assert_eq!(program.api.post("/conversions", pays).await.with(201)["state"], "parked");
    assert_eq!(program.rewards("ann").await.len(), 1);
    let receipt = program.site.admin().await.get(&format!("/admin/referrals/{}", program.id("bob").await)).await;
    assert!(receipt.body.contains("One household"));
    let closed = program.site.admin().await.get(&format!("{LIST}?state=closed")).await;
    assert!(closed.body.contains("Rejected") && closed.body.contains("by admin on"), "{}", closed.body);
});

on_both!(a_decision_can_be_undone_for_ten_seconds, |db| {
    let program = Program::start(db).await;
    program.friend("bob", HOME, FIREFOX).await;
    program.post("reject_review", "bob", &[("reason", "Hasty")]).await;
    // Whoever comes second decides nothing.
    program.post("approve_review", "bob", &[]).await;
    let page = program.site.admin().await.get(LIST).await;
    assert!(page.body.contains("Rejected. It takes effect in a few seconds."));
    let undone = program.post("undo_review", "bob", &[]).await;
    assert!(undone.location().ends_with("&done=review-undone"), "{}", undone.location());
    program.pass(HOUR).await;
    assert_eq!(program.rewards("ann").await, all("pending", 10, true));
    program.post("approve_review", "bob", &[]).await;
    program.pass(UNDO).await;
    let late = program.post("undo_review", "bob", &[]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.body.contains("can’t be undone"));
    assert_eq!(program.rewards("ann").await, all("active", 10, false));
});

on_both!(each_weak_sign_is_found, |db| {
    let program = Program::start(db).await;
    let ann = program.code("ann").await;
    let site = &program.site;
    sign_up_as(site, "bob@mailinator.com", "bob", AWAY, EDGE, Some(&ann)).await;
    assert_eq!(program.signs("bob").await, ["Disposable e-mail address (mailinator.com)"]);

    // Somebody who pays for advertisements with their own link.
    let visitor = site.browser_named(EDGE);
    visitor.get(&format!("/r/{ann}?gclid=Cj0KCQ")).await;
    let fields = [("email", "carl@example.com"), ("username", "carl"), ("password", PASSWORD)];
    assert_eq!(visitor.post("/signup", &fields).await.location(), "/dashboard?done=joined");
    assert_eq!(program.signs("carl").await, ["The link came from a paid ad"]);

    // Carl is elsewhere, but the one he brings sits at Ann's browser.
    let carl = program.code("carl").await;
    sign_up(site, "dora", HOME, FIREFOX, Some(&carl)).await;
    assert_eq!(program.signs("dora").await, ["Same network and browser as ann, 2 steps up the chain"]);
    let listed = texts(&program.site.admin().await.get(LIST).await, "[data-testid=case] .note");
    assert!(listed.iter().any(|note| note.ends_with("as ann, 2 steps up the chain")), "{listed:?}");

    // A host product tells where somebody was by their click.
    let click = json!({"code": ann, "ip": HOME, "user_agent": FIREFOX});
    let click = program.api.post("/clicks", click).await.with(201);
    let joins = json!({"email": "eve@example.com", "username": "eve", "click_id": click["click_id"]});
    program.api.post("/users", joins).await.with(201);
    assert_eq!(program.signs("eve").await, ["Same network and browser as ann"]);

    // Three by one browser are a family, the fourth is not; a browser alone in another network says nothing.
    site.clock.advance(2 * HOUR);
    for name in ["fay", "gus"] {
        program.friend(name, AWAY, EDGE).await;
        assert_eq!(program.signs(name).await, [""; 0]);
    }
    program.friend("hal", AWAY, EDGE).await;
    assert_eq!(
        program.signs("hal").await,
        ["4 sign-ups from this browser within a day; the limit is 3"],
        "bob was the first"
    );
    site.clock.advance(2 * HOUR);
    for n in 1..=5 {
        let name = format!("friend{n}");
        program.friend(&name, &format!("192.0.2.{n}"), &format!("{EDGE} {n}")).await;
        assert_eq!(program.signs(&name).await, [""; 0]);
    }
    program.friend("ida", "198.18.0.1", FIREFOX).await;
    assert_eq!(program.signs("ida").await, ["6 sign-ups by this code within an hour; the limit is 5"]);
    site.clock.advance(HOUR);
    program.friend("jon", "198.18.1.1", FIREFOX).await;
    assert_eq!(program.signs("jon").await, [""; 0]);
});

on_both!(nothing_is_reviewed_that_the_settings_do_not_ask_for, |db| {
    let program = Program::start(db).await;
    let off = json!({"review_same_network": false, "review_signups_per_code_hour": 0});
    program.api.patch("/settings", off).await.with(200);
    for n in 0..8 {
        let name = format!("friend{n}");
        program.friend(&name, HOME, &format!("{FIREFOX} {n}")).await;
        assert_eq!(program.signs(&name).await, [""; 0]);
    }
    let page = program.site.admin().await.get("/admin/settings").await;
    assert!(page.body.contains("Friends on the same network as the referrer"));
});

on_both!(all_of_one_referrer_are_approved_at_once, |db| {
    let program = Program::start(db).await;
    for (name, user_agent) in [("bob", FIREFOX), ("carl", EDGE)] {
        program.friend(name, HOME, user_agent).await;
    }
    let dora = sign_up(&program.site, "dora", AWAY, EDGE, None).await;
    let doras = program.code("dora").await;
    sign_up(&program.site, "eve", AWAY, FIREFOX, Some(&doras)).await;
    let page = program.site.admin().await.get(LIST).await;
    assert_eq!(texts(&page, "#decide ~ form button"), ["Approve", "Approve all 2 by ann"]);
    program.post("approve_reviews_of", "ann", &[]).await;
    program.pass(UNDO).await;
    assert_eq!(program.rewards("ann").await, [all("active", 10, false), all("active", 10, false)].concat());
    assert_eq!(program.rewards("dora").await, all("pending", 10, true));
    assert_eq!(program.cases("").await, ["eve, referred by dora"]);
    drop(dora);
});

on_both!(a_correction_ends_a_review_and_an_erasure_does_not, |db| {
    let program = Program::start(db).await;
    program.friend("bob", HOME, FIREFOX).await;
    program.friend("carl", HOME, FIREFOX).await;
    let bob = program.id("bob").await;
    let corrected = json!({"code": null, "reason": "He came by himself"});
    program.api.put(&format!("/users/{bob}/referral"), corrected).await.with(200);
    assert_eq!(program.rewards("bob").await, all("active", 5, false), "somebody has looked at it");
    assert_eq!(program.cases("").await, ["carl, referred by ann"]);
    assert_eq!(program.cases("closed").await, ["bob, referred by ann"]);

    let carl = program.id("carl").await;
    program.api.delete(&format!("/users/{carl}")).await.with(204);
    program.pass(DAY).await;
    let rewards = program.rewards("ann").await;
    assert!(rewards.contains(&("pending".to_owned(), 10, true)), "{rewards:?}");
    let page = program.site.admin().await.get(&format!("{LIST}?case={carl}")).await;
    assert_eq!(texts(&page, "[data-testid=case] strong"), ["Deleted account, referred by ann"]);
    assert_eq!(texts(&page, "[aria-labelledby=friend] .places li"), [""; 0], "where he was is forgotten");
    program
        .site
        .admin()
        .await
        .post(LIST, &[("form", "reject_review"), ("id", &carl), ("reason", "Gone at once")])
        .await;
    program.pass(UNDO).await;
    assert!(program.rewards("ann").await.iter().all(|reward| reward.0 == "voided"));
});

on_both!(a_choice_in_review_waits_as_long_as_the_review, |db| {
    let program = Program::start(db).await;
    for (option, amount) in [("few", 1), ("many", 9)] {
        let rule = json!({"trigger": "signup", "recipient": "referrer", "kind": "extra_requests", "amount": amount,
                          "group": "pick", "option": option, "hold_days": 0});
        program.api.post("/rules", rule).await.with(201);
    }
    program.friend("bob", HOME, FIREFOX).await;
    let rewards = program.api.get("/rewards?kind=choice").await.with(200);
    let choice = rewards["data"][0]["id"].to_string();
    let pick = async || program.api.post(&format!("/rewards/{choice}/choose"), json!({"option": "many"})).await;
    assert_eq!(pick().await.with(409)["code"], "frozen");
    program.pass(400 * DAY).await;
    program.post("approve_review", "bob", &[]).await;
    program.pass(UNDO).await;
    program.pass(80 * DAY).await;
    pick().await.with(200);
    assert_eq!(program.rewards("ann").await.iter().filter(|reward| reward.0 == "active" && reward.1 == 9).count(), 1);
});

on_both!(a_milestone_leaves_friends_in_review_out, |db| {
    let program = Program::start(db).await;
    let rule = json!({"trigger": "milestone", "recipient": "referrer", "kind": "extra_requests", "amount": 7,
                      "hold_days": 0, "conditions": {"milestone": {"count": 2, "of": "signed_up"}}});
    program.api.post("/rules", rule).await.with(201);
    let reached = async || program.rewards("ann").await.into_iter().filter(|reward| reward.1 == 7).collect::<Vec<_>>();
    program.friend("bob", AWAY, EDGE).await;
    program.friend("carl", HOME, FIREFOX).await;
    assert_eq!(reached().await, []);
    program.post("approve_review", "carl", &[]).await;
    program.pass(UNDO).await;
    assert_eq!(reached().await, all("active", 7, false));

    // One who was never counted takes nothing away.
    program.friend("dora", HOME, FIREFOX).await;
    program.post("reject_review", "dora", &[("reason", "Again")]).await;
    program.pass(UNDO).await;
    assert_eq!(reached().await, all("active", 7, false));
    // A correction to another code of the same referrer is a look at it, too.
    program.friend("eve", HOME, FIREFOX).await;
    let three = json!({"trigger": "milestone", "recipient": "referrer", "kind": "extra_requests", "amount": 9,
                       "hold_days": 0, "conditions": {"milestone": {"count": 3, "of": "signed_up"}}});
    program.api.post("/rules", three).await.with(201);
    let ann = program.id("ann").await;
    let other = json!({"code": "ANN-TOO", "description": "Ann again", "beneficiary_id": ann.parse::<i64>().ok()});
    program.api.post("/codes", other).await.with(201);
    let eve = program.id("eve").await;
    let corrected = json!({"code": "ANN-TOO", "reason": "The other link"});
    program.api.put(&format!("/users/{eve}/referral"), corrected).await.with(200);
    assert!(program.rewards("ann").await.contains(&("active".to_owned(), 9, false)));
    // A rule that came too late for three friends is not reached by a fourth who does not count.
    let late = json!({"trigger": "milestone", "recipient": "referrer", "kind": "extra_requests", "amount": 11,
                      "hold_days": 0, "conditions": {"milestone": {"count": 3, "of": "signed_up"}}});
    program.api.post("/rules", late).await.with(201);
    program.friend("fay", HOME, FIREFOX).await;
    assert!(!program.rewards("ann").await.iter().any(|reward| reward.1 == 11));
});

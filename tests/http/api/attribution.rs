//! A host product that keeps what links hand over, as docs/api.md says, and tells of sign-ups.

use super::Api;
use crate::{
    on_both,
    site::{Browser, Site},
};
use futures::future::join_all;
use passalong::{
    domain::time::{DAY, HOUR},
    server::store::counter_check,
};
use serde_json::{Value, json};

/// A host product with two users who share their links.
struct Host {
    api: Api,
    ann: Value,
    bob: Value,
}

impl Host {
    async fn start(site: &Site) -> Self {
        site.set("link_destination", "\"https://host.example/join\"").await;
        let api = Api::new(site, "admin").await;
        let ann = api.post("/users", json!({"email": "ann@example.com", "external_id": "u-ann"})).await.with(201);
        let bob = api.post("/users", json!({"email": "bob@example.com", "external_id": "u-bob"})).await.with(201);
        Self { api, ann, bob }
    }

    /// What the host's page is opened with when `friend` follows the link of `user`: `ref` and `click_id`.
    async fn follow(&self, friend: &Browser, user: &Value) -> (String, String) {
        let page = friend.get(&format!("/r/{}", user["code"].as_str().expect("a code"))).await;
        let query = page.location().strip_prefix("https://host.example/join?").expect("the host's page");
        let value = |name: &str| {
            let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            value.expect("a parameter").to_owned()
        };
        (value("ref"), value("click_id"))
    }

    /// Somebody joins; the decision.
    async fn joins(&self, name: &str, mut sent: Value) -> Value {
        sent["email"] = json!(format!("{name}@example.com"));
        self.api.post("/users", sent).await.with(201)["attribution"].clone()
    }
}

fn decided(attribution: &Value) -> (&str, &Value) {
    (attribution["rule"].as_str().expect("a rule"), &attribution["referrer_id"])
}

fn verdicts(attribution: &Value) -> Vec<(&str, &str)> {
    let evidence = attribution["evidence"].as_array().expect("a list");
    evidence.iter().map(|one| (one["source"].as_str().expect("text"), one["verdict"].as_str().expect("text"))).collect()
}

on_both!(a_friend_comes_by_a_link_and_joins_the_host, |db| {
    let site = Site::start(db).await;
    let host = Host::start(&site).await;
    let (code, click) = host.follow(&site.browser(), &host.ann).await;
    let fresh = host.joins("fresh", json!({"code": code, "click_id": click})).await;
    assert_eq!(decided(&fresh), ("last_click", &host.ann["id"]));
    assert_eq!((&fresh["click_id"], verdicts(&fresh)), (&json!(click), vec![("click", "chosen")]));
    // The window is the server's to check: a code that comes with an old click is as old as the click.
    let (_, click) = host.follow(&site.browser(), &host.ann).await;
    site.clock.set(site.clock.now().plus(60 * DAY));
    let old = host.joins("old", json!({"code": code, "click_id": click})).await;
    assert_eq!((decided(&old), verdicts(&old)), (("none", &Value::Null), vec![("click", "outside_window")]));
    // What counts is when they signed up, not when the host tells of it.
    let told_late = json!({"code": code, "click_id": click, "signed_up_at": "2026-11-20T00:00:00Z"});
    let late = host.joins("late", told_late).await;
    assert_eq!(decided(&late), ("last_click", &host.ann["id"]));
    assert_eq!(late["signed_up_at"], "2026-11-20T00:00:00Z");
    let brought = host.api.get("/users/ext:u-ann/referrals").await.with(200);
    let times: Vec<_> = brought["data"].as_array().expect("a list").iter().map(|row| &row["signed_up_at"]).collect();
    assert_eq!(times, ["2026-11-20T00:00:00Z", "2026-11-14T11:33:20Z"]);
    // A click after the sign-up did not lead to it.
    let (code, click) = host.follow(&site.browser(), &host.bob).await;
    let before = json!({"code": code, "click_id": click, "signed_up_at": "2026-11-20T00:00:00Z"});
    let before = host.joins("before", before).await;
    assert_eq!((decided(&before), verdicts(&before)), (("none", &Value::Null), vec![("click", "after_sign_up")]));
    let mut tx = site.state.db.read().await.expect("a transaction");
    assert_eq!(counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
});

on_both!(the_model_decides_over_all_clicks_of_the_browser, |db| {
    let site = Site::start(db).await;
    let host = Host::start(&site).await;
    for (model, referrer) in [("last_click", &host.bob["id"]), ("first_click", &host.ann["id"])] {
        host.api.patch("/settings", json!({"attribution_model": model})).await.with(200);
        let friend = site.browser();
        let (_, first) = host.follow(&friend, &host.ann).await;
        site.clock.set(site.clock.now().plus(3 * HOUR));
        let (code, click) = host.follow(&friend, &host.bob).await;
        let attribution = host.joins(model, json!({"code": code, "click_id": click})).await;
        assert_eq!(decided(&attribution), (model, referrer));
        let expected = if model == "last_click" { &click } else { &first };
        assert_eq!((&attribution["click_id"], verdicts(&attribution).len()), (&json!(expected), 2));
    }
    // What is outside the window is passed over, and the other click counts.
    let friend = site.browser();
    host.follow(&friend, &host.ann).await;
    site.clock.set(site.clock.now().plus(20 * DAY));
    let (_, click) = host.follow(&friend, &host.bob).await;
    site.clock.set(site.clock.now().plus(20 * DAY));
    let attribution = host.joins("patient", json!({"click_id": click})).await;
    assert_eq!(decided(&attribution), ("first_click", &host.bob["id"]));
    assert_eq!(verdicts(&attribution), [("click", "outside_window"), ("click", "chosen")]);
});

on_both!(what_came_with_a_link_refuses_nobody, |db| {
    let site = Site::start(db).await;
    let host = Host::start(&site).await;
    let (code, click) = host.follow(&site.browser(), &host.ann).await;
    let bot = host.api.post("/clicks", json!({"code": code, "user_agent": "Googlebot/2.1"})).await.with(201);
    let long = "x".repeat(3_000);
    for (name, sent, decision, evidence) in [
        ("hunt", json!({"code": "producthunt", "code_source": "link"}), "none", vec![("link", "code_not_found")]),
        (
            "both",
            json!({"code": "producthunt", "click_id": click}),
            "last_click",
            vec![("click", "chosen"), ("link", "code_not_found")],
        ),
        ("junk", json!({"click_id": "foo"}), "none", vec![("click", "unknown_click")]),
        ("empty", json!({"code": "", "click_id": ""}), "none", vec![("click", "unknown_click")]),
        (
            "empty-click",
            json!({"code": code, "click_id": ""}),
            "link_code",
            vec![("link", "chosen"), ("click", "unknown_click")],
        ),
        (
            "nul",
            json!({"code": "a\u{0}b", "click_id": "\u{0}\u{7}"}),
            "none",
            vec![("link", "code_not_found"), ("click", "unknown_click")],
        ),
        ("unknown", json!({"click_id": "123"}), "none", vec![("click", "unknown_click")]),
        ("bot", json!({"click_id": bot["click_id"]}), "none", vec![("click", "suspected")]),
        (
            "long",
            json!({"code": long, "click_id": long}),
            "none",
            vec![("link", "code_not_found"), ("click", "unknown_click")],
        ),
        ("code", json!({"code": code.to_lowercase(), "code_source": "link"}), "link_code", vec![("link", "chosen")]),
    ] {
        let attribution = host.joins(name, sent).await;
        assert_eq!((decided(&attribution).0, verdicts(&attribution)), (decision, evidence), "{name}");
    }
    let junk = host.api.get("/users?email=junk@example.com").await.with(200);
    assert_eq!(junk["data"][0]["attribution"]["evidence"][0]["click_id"], "foo");
    // What a person typed is told, also beside a click; a good one comes before the click.
    for sent in [json!({"code": "producthunt"}), json!({"code": "NO-SUCH", "code_source": "typed", "click_id": click})]
    {
        let mut body = sent.clone();
        body["email"] = json!("typed@example.com");
        assert_eq!(host.api.post("/users", body).await.code(), "code_not_found", "{sent}");
    }
    let (_, click) = host.follow(&site.browser(), &host.ann).await;
    let sent = json!({"code": host.bob["code"], "code_source": "typed", "click_id": click});
    let typed = host.joins("typed", sent).await;
    assert_eq!(decided(&typed), ("code_in_form", &host.bob["id"]));
    assert_eq!(verdicts(&typed), [("typed", "chosen"), ("click", "outranked")]);
});

on_both!(a_click_is_one_credit, |db| {
    let site = Site::start(db).await;
    let host = Host::start(&site).await;
    // A click that is handed on, with all that its browser remembers, is used up by the first.
    let friend = site.browser();
    host.follow(&friend, &host.bob).await;
    site.clock.set(site.clock.now().plus(HOUR));
    let (code, click) = host.follow(&friend, &host.ann).await;
    let sent = json!({"code": code, "click_id": click});
    assert_eq!(decided(&host.joins("friend-0", sent.clone()).await).0, "last_click");
    for n in 1..10 {
        let attribution = host.joins(&format!("friend-{n}"), sent.clone()).await;
        assert_eq!(decided(&attribution).0, "none");
        assert_eq!(verdicts(&attribution), [("click", "click_used"), ("click", "click_used")]);
    }
    let signups = |user: &'static str| {
        let api = host.api.clone();
        async move { api.get(&format!("/users/ext:{user}/stats")).await.with(200)["signups"].clone() }
    };
    assert_eq!((signups("u-ann").await, signups("u-bob").await), (json!(1), json!(0)));
    // People with one kind of phone in one network have clicks of their own, of which one counts.
    let clicks = host.api.get("/users/ext:u-ann/stats").await.with(200)["clicks"].as_i64().expect("a number");
    for n in 0..3 {
        let (code, click) = host.follow(&site.browser_named("Mozilla/5.0 (iPhone) Safari/605"), &host.ann).await;
        let attribution = host.joins(&format!("hall-{n}"), json!({"code": code, "click_id": click})).await;
        assert_eq!(decided(&attribution), ("last_click", &host.ann["id"]), "{n}");
    }
    let after = host.api.get("/users/ext:u-ann/stats").await.with(200);
    assert_eq!((&after["clicks"], &after["signups"]), (&json!(clicks + 1), &json!(4)));
});

on_both!(a_click_that_is_told_of_at_once_is_one_credit, |db| {
    let site = Site::start(db).await;
    let host = Host::start(&site).await;
    for round in 0..10 {
        let (code, click) = host.follow(&site.browser(), &host.ann).await;
        let names: Vec<_> = (0..8).map(|n| format!("friend-{round}-{n}")).collect();
        let told = names.iter().map(|name| host.joins(name, json!({"code": code, "click_id": click})));
        let decided = join_all(told).await;
        let credited = decided.iter().filter(|attribution| attribution["rule"] == "last_click");
        assert_eq!(credited.count(), 1, "{decided:#?}");
    }
});

on_both!(a_host_names_the_parameters_as_it_likes, |db| {
    let site = Site::start(db).await;
    let host = Host::start(&site).await;
    let names = json!({"ref_parameter": "via", "click_id_parameter": "visit"});
    host.api.patch("/settings", names).await.with(200);
    let page = site.browser().get(&format!("/r/{}", host.ann["code"].as_str().expect("a code"))).await;
    let start = format!("https://host.example/join?via={}&visit=", host.ann["code"].as_str().expect("a code"));
    let click = page.location().strip_prefix(&start).expect("both parameters").to_owned();
    let attribution = host.joins("carl", json!({"click_id": click})).await;
    assert_eq!(decided(&attribution), ("last_click", &host.ann["id"]));
    for (field, value) in [("ref_parameter", "a b"), ("click_id_parameter", "via")] {
        let refused = host.api.patch("/settings", json!({field: value})).await;
        assert_eq!((refused.status, refused.fields()), (422, vec![field]));
    }
});

on_both!(the_host_may_name_the_browser, |db| {
    let site = Site::start(db).await;
    let host = Host::start(&site).await;
    let click = |visitor: Option<&'static str>, agent: &'static str| {
        let api = host.api.clone();
        let body = json!({"code": host.ann["code"], "visitor": visitor, "user_agent": agent, "ip": "192.0.2.7"});
        async move { api.post("/clicks", body).await.with(201)["click_id"].clone() }
    };
    let (firefox, safari) =
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Mozilla/5.0 (Macintosh) Safari/605");
    let first = click(Some("browser-1"), firefox).await;
    assert_eq!(click(Some("browser-1"), safari).await, first);
    assert_ne!(click(Some("browser-2"), firefox).await, first);
    assert_ne!(click(None, firefox).await, first);
    assert_eq!(host.api.get("/users/ext:u-ann/stats").await.with(200)["clicks"], 3);
    let long = json!({"code": host.ann["code"], "visitor": "x".repeat(256)});
    assert_eq!(host.api.post("/clicks", long).await.fields(), ["visitor"]);
});

on_both!(the_same_person_again_is_the_person_who_is_there, |db| {
    let site = Site::start(db).await;
    let host = Host::start(&site).await;
    let sent = json!({"email": "Eve@Example.com", "external_id": "u-eve", "account_id": "team-7", "locale": "pt_BR"});
    let eve = host.api.post("/users", sent).await.with(201);
    assert_eq!((&eve["account_id"], &eve["locale"]), (&json!("team-7"), &json!("pt-BR")));
    let again = json!({"email": "eve@example.com", "external_id": "u-eve", "code": host.ann["code"]});
    assert_eq!(host.api.post("/users", again).await.with(200), eve);
    let other = json!({"email": "other@example.com", "external_id": "u-eve"});
    assert_eq!(host.api.post("/users", other).await.fields(), ["external_id"]);
    assert_eq!(host.api.post("/users", json!({"email": "eve@example.com"})).await.fields(), ["email"]);
    assert_eq!(host.api.get("/users/ext:u-ann/stats").await.with(200)["signups"], 0);
    // Found by whatever a host knows of them.
    for query in
        ["email=EVE@example.com", "external_id=u-eve", "account_id=team-7", "q=eve%40", "q=eve&account_id=team-7"]
    {
        let found = host.api.get(&format!("/users?{query}")).await.with(200);
        assert_eq!(found["data"], json!([eve]), "{query}");
    }
    for query in ["email=nobody", "external_id=u-ev", "account_id=team-7&q=ann"] {
        assert_eq!(host.api.get(&format!("/users?{query}")).await.with(200)["data"], json!([]), "{query}");
    }
    let mut names = vec![];
    let mut path = "/users?limit=2".to_owned();
    loop {
        let page = host.api.get(&path).await.with(200);
        names.extend(page["data"].as_array().expect("a list").iter().map(|user| user["email"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/users?limit=2&after={next}");
    }
    assert_eq!(names, ["eve@example.com", "bob@example.com", "ann@example.com", "admin@example.com"]);
    let changed = host.api.patch("/users/ext:u-eve", json!({"account_id": null, "locale": "es"})).await.with(200);
    assert_eq!((&changed["account_id"], &changed["locale"]), (&Value::Null, &json!("es")));
    assert_eq!(host.api.delete("/users/ext:u-eve").await.status, 204);
    assert_eq!(host.api.get("/users/ext:u-eve").await.code(), "not_found");
});

on_both!(colleagues_are_not_each_others_referrals, |db| {
    let site = Site::start(db).await;
    let host = Host::start(&site).await;
    host.api.patch("/users/ext:u-ann", json!({"account_id": "team-7"})).await.with(200);
    let spring = json!({"code": "SPRING", "description": "d", "beneficiary_id": host.ann["id"], "max_uses": 9});
    host.api.post("/codes", spring).await.with(201);
    host.api.patch("/settings", json!({"referral_codes_required": true})).await.with(200);
    // By a link, by a code that was typed, by a campaign: they join, and nobody is credited.
    let (code, click) = host.follow(&site.browser(), &host.ann).await;
    for (name, sent, source) in [
        ("visitor", json!({"code": code, "click_id": click}), "click"),
        ("by-link", json!({"code": code, "code_source": "link"}), "link"),
        ("typist", json!({"code": code}), "typed"),
        ("reader", json!({"code": "SPRING"}), "typed"),
    ] {
        let mut sent = sent;
        sent["account_id"] = json!("team-7");
        let attribution = host.joins(name, sent).await;
        assert_eq!(
            (decided(&attribution).0, verdicts(&attribution)),
            ("none", vec![(source, "same_account")]),
            "{name}"
        );
        let told = attribution["evidence"][0]["sentence"].as_str().expect("a sentence");
        assert!(told.ends_with("didn’t count: people in the same account can’t refer each other."), "{told}");
    }
    let uses = async || host.api.get("/codes/by-code/SPRING").await.with(200)["uses"].clone();
    assert_eq!(uses().await, 0);
    // Another link of the same browser counts, and so does the same code for somebody from elsewhere.
    let friend = site.browser();
    host.follow(&friend, &host.bob).await;
    site.clock.set(site.clock.now().plus(HOUR));
    let (_, click) = host.follow(&friend, &host.ann).await;
    let sent = json!({"click_id": click, "account_id": "team-7", "external_id": "u-eve"});
    let eve = host.joins("eve", sent).await;
    assert_eq!(decided(&eve), ("last_click", &host.bob["id"]));
    assert_eq!(verdicts(&eve), [("click", "same_account"), ("click", "chosen")]);
    for account in [json!("team-8"), Value::Null, json!("")] {
        let sent = json!({"code": "SPRING", "account_id": account});
        assert_eq!(decided(&host.joins(&format!("far-{account}").replace('"', ""), sent).await).1, &host.ann["id"]);
    }
    assert_eq!(uses().await, 3);
    // Nor does an admin make them each other's.
    for code in [&host.ann["code"], &json!("SPRING")] {
        let refused = host.api.put("/users/ext:u-eve/referral", json!({"code": code, "reason": "r"})).await;
        assert_eq!((refused.status, refused.code(), refused.fields()), (422, "validation", vec!["code"]));
        let said = "This code belongs to someone in the same account. People in one account can’t refer each other.";
        assert_eq!(refused.body["errors"][0]["message"], said);
    }
    // Becoming colleagues changes nothing of the past.
    host.api.patch("/users/ext:u-bob", json!({"account_id": "team-7"})).await.with(200);
    let eve = host.api.get("/users/ext:u-eve").await.with(200);
    assert_eq!((&eve["referred_by"], decided(&eve["attribution"]).0), (&host.bob["id"], "last_click"));
    let again = json!({"code": host.bob["code"], "reason": "r"});
    assert_eq!(host.api.put("/users/ext:u-eve/referral", again).await.with(200), eve);
    host.api.patch("/users/ext:u-eve", json!({"account_id": null})).await.with(200);
    let moved = json!({"code": host.ann["code"], "reason": "r"});
    assert_eq!(host.api.put("/users/ext:u-eve/referral", moved).await.with(200)["referred_by"], host.ann["id"]);
    let mut tx = site.state.db.read().await.expect("a transaction");
    assert_eq!(counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
});

on_both!(an_attribution_is_corrected, |db| {
    let site = Site::start(db).await;
    let host = Host::start(&site).await;
    let (code, click) = host.follow(&site.browser(), &host.ann).await;
    let body = json!({"email": "eve@example.com", "external_id": "u-eve", "code": code, "click_id": click});
    host.api.post("/users", body).await.with(201);
    host.api.post("/codes", json!({"code": "ONCE", "description": "d", "max_uses": 1})).await.with(201);
    let correct = |sent: Value| {
        let api = host.api.clone();
        async move { api.put("/users/ext:u-eve/referral", sent).await }
    };
    let signups = |user: &'static str| {
        let api = host.api.clone();
        async move { api.get(&format!("/users/ext:{user}/stats")).await.with(200)["signups"].clone() }
    };
    let moved = correct(json!({"code": host.bob["code"], "reason": "Bob asked first"})).await.with(200);
    assert_eq!(
        (&moved["referred_by"], decided(&moved["attribution"])),
        (&host.bob["id"], ("corrected", &host.bob["id"]))
    );
    let expected = json!({"from": host.ann["code"], "to": host.bob["code"], "reason": "Bob asked first", "at": "2026-11-14T11:33:20Z"});
    assert_eq!(moved["attribution"]["corrections"], json!([expected]));
    assert_eq!(verdicts(&moved["attribution"]), [("click", "chosen")]);
    assert_eq!((signups("u-ann").await, signups("u-bob").await), (json!(0), json!(1)));
    let brought = host.api.get("/users/ext:u-bob/referrals").await.with(200);
    let row = &brought["data"][0];
    assert_eq!(
        (&row["external_id"], &row["click_id"], &row["code"]),
        (&json!("u-eve"), &Value::Null, &host.bob["code"])
    );
    // The same again changes nothing; a limit is a limit; nobody is credited for themselves.
    assert_eq!(correct(json!({"code": host.bob["code"], "reason": "again"})).await.with(200), moved);
    host.joins("first", json!({"code": "ONCE"})).await;
    let full = correct(json!({"code": "ONCE", "reason": "r"})).await;
    assert_eq!((full.status, full.code()), (422, "usage_limit_reached"));
    assert_eq!(correct(json!({"code": "NO-SUCH", "reason": "r"})).await.code(), "code_not_found");
    assert_eq!(correct(json!({"code": moved["code"], "reason": "r"})).await.fields(), ["code"]);
    for wrong in [json!({"code": null}), json!({"reason": "r"}), json!({"code": null, "reason": " "})] {
        assert_eq!(correct(wrong.clone()).await.code(), "validation", "{wrong}");
    }
    let removed = correct(json!({"code": null, "reason": "r"})).await.with(200);
    assert_eq!((&removed["referred_by"], decided(&removed["attribution"])), (&Value::Null, ("none", &Value::Null)));
    assert_eq!(signups("u-bob").await, 0);
    let back = correct(json!({"code": host.ann["code"], "reason": "r"})).await.with(200);
    assert_eq!(
        (&back["referred_by"], back["attribution"]["corrections"].as_array().map(Vec::len)),
        (&host.ann["id"], Some(3))
    );
    let mut tx = site.state.db.read().await.expect("a transaction");
    assert_eq!(counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
});

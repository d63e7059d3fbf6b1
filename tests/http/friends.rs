//! What a referrer sees of the people they brought.

use crate::{
    api::Api,
    on_both,
    site::{Browser, PASSWORD, Page, Site},
};
use passalong::domain::time::{DAY, HOUR};
use reqwest::StatusCode;
use scraper::{Html, Selector};
use serde_json::json;

/// The text of every friend on a page.
fn friends(page: &Page) -> Vec<String> {
    assert_eq!(page.status, StatusCode::OK);
    let html = Html::parse_document(&page.body);
    let row = Selector::parse("[data-testid='friend']").expect("a selector");
    let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    html.select(&row).map(|row| words(row.text().collect::<Vec<_>>().join(" "))).collect()
}

/// A browser that somebody has signed in on anew.
async fn sign_in(site: &Site, name: &str) -> Browser {
    let browser = site.browser();
    let fields = [("email", format!("{name}@example.com")), ("password", PASSWORD.to_owned())];
    let fields = fields.each_ref().map(|(field, value)| (*field, value.as_str()));
    assert_eq!(browser.post("/signin", &fields).await.status, StatusCode::SEE_OTHER);
    browser
}

/// What a browser can read of its friends: the page, and the answer of its function.
async fn readable(browser: &Browser) -> String {
    let answer = browser.post("/fn/load_friends", &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    browser.get("/referrals").await.body + &answer.body
}

on_both!(a_referrer_sees_whom_they_brought_and_why_but_not_who_it_is, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let (ann, xenia) = (site.user("ann").await, site.user("xenia").await);
    let empty = ann.get("/referrals").await;
    assert!(friends(&empty).is_empty() && empty.find("main a[href='/dashboard#link']").is_some());
    assert!(ann.get("/dashboard").await.find("main a[href='/referrals']").is_none());
    let (of_ann, of_xenia) = (ann.link().await, xenia.link().await);
    let friend = site.browser_named("Friend/1");
    friend.follow(&of_xenia).await;
    site.clock.set(site.clock.now().plus(40 * DAY));
    friend.follow(&of_ann).await;
    site.clock.set(site.clock.now().plus(HOUR));
    assert_eq!(friend.sign_up("robert", &[]).await.status, StatusCode::SEE_OTHER);
    site.clock.set(site.clock.now().plus(HOUR));
    let gone = site.browser();
    assert_eq!(
        gone.sign_up("walter", &[("code", of_ann.trim_start_matches("/r/"))]).await.status,
        StatusCode::SEE_OTHER
    );
    let order = json!({"email": "robert@example.com", "source_id": "o-1", "amount": 500, "currency": "USD"});
    api.post("/conversions", order).await.with(201);
    let (ann, xenia) = (sign_in(&site, "ann").await, sign_in(&site, "xenia").await);
    assert_eq!(
        friends(&ann.get("/referrals").await),
        [
            "wa… Joined on 24 December 2026 Joined 10 extra messages: On hold until 31 December 2026 5 extra project \
             requests: On hold until 31 December 2026 Why this counts The code typed by hand counted.",
            "ro… Joined on 24 December 2026 Customer 10 extra messages: On hold until 31 December 2026 5 extra project \
             requests: On hold until 31 December 2026 Choose your reward: Waiting for your choice Why this counts The visit on 24 December 2026 counted. The visit on \
             14 November 2026 didn’t count: it was 40 days before the sign-up, outside the 30-day window.",
        ]
    );
    let fields = [("form", "delete_account"), ("password", PASSWORD)];
    assert_eq!(gone.post("/profile", &fields).await.status, StatusCode::SEE_OTHER);
    assert!(friends(&ann.get("/referrals").await)[0].starts_with("Account deleted"));
    let shown = readable(&ann).await;
    for private in ["robert", "walter", "@example.com", "xenia", of_xenia.trim_start_matches("/r/")] {
        assert!(!shown.contains(private), "{private} in {shown}");
    }
    // The dashboard shows the latest ones, as little of them.
    let dashboard = ann.get("/dashboard").await;
    assert_eq!(
        dashboard.of("latest-friend").split_whitespace().collect::<Vec<_>>().join(" "),
        "Account deletedJoined just nowJoined"
    );
    assert!(dashboard.find("main a[href='/referrals']").is_some());
    for private in ["robert", "walter"] {
        assert!(!dashboard.body.contains(private), "{private} in {}", dashboard.body);
    }
    // Everybody sees their own.
    assert!(friends(&xenia.get("/referrals").await).is_empty());
});

on_both!(a_corrected_friend_says_so, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "admin").await;
    let (ann, xenia) = (site.user("ann").await, site.user("xenia").await);
    let code_of = async |browser: &Browser| browser.link().await.trim_start_matches("/r/").to_owned();
    let bob = json!({"email": "bob@example.com", "external_id": "bob", "code": code_of(&ann).await});
    api.post("/users", bob).await.with(201);
    let credit = json!({"code": code_of(&xenia).await, "reason": "Bob has asked for it"});
    api.put("/users/ext:bob/referral", credit).await.with(200);
    assert!(friends(&ann.get("/referrals").await).is_empty());
    let corrected =
        format!("An admin changed this on 14 November 2026. It now counts for your code {}.", code_of(&xenia).await);
    let listed = friends(&xenia.get("/referrals").await);
    assert!(listed.len() == 1 && listed[0].ends_with(&corrected), "{listed:?}");
    let shown = readable(&xenia).await;
    for private in ["Bob has asked", &code_of(&ann).await] {
        assert!(!shown.contains(private), "{private} in {shown}");
    }
});

on_both!(the_dashboard_speaks_the_language_of_whoever_reads_it, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let chosen = ann.post("/language", &[("language", "es"), ("next", "/dashboard")]).await;
    assert_eq!(chosen.location(), "/dashboard");
    let page = ann.get("/dashboard").await;
    let said = ["h1", "#link", "#goal", "#friends", "[data-copy]", "[data-share]"].map(|part| page.find(part));
    let expected = ["Hola, ann", "Tu enlace", "Tu meta", "Últimos amigos", "Copiar", "Compartir…"];
    assert_eq!(said, expected.map(|text| Some(text.to_owned())));
    assert_eq!((page.of("clicks"), page.of("goal")), ("0".into(), "0 / 10".into()));
    // What the button copies is the whole link, whatever of it is shown.
    assert_eq!(page.find("[data-copy='copy-link']").as_deref(), Some("Copiar"));
    assert_eq!(page.find("#copy-link"), Some(page.of("referral-link")));
    assert!(page.of("referral-link").starts_with(&format!("{}/r/", site.state.base_url)));
    assert_eq!(ann.get("/referrals").await.find("h1").as_deref(), Some("Amigos"));
});

on_both!(friends_are_paged, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let ann = site.user("ann").await;
    let code = ann.link().await.trim_start_matches("/r/").to_owned();
    for n in 0..26 {
        // Two in one millisecond.
        site.clock.set(site.clock.now().plus(n % 2));
        let friend = json!({"email": format!("f{n}@example.com"), "username": format!("{n:02}-friend"), "code": code});
        api.post("/users", friend).await.with(201);
    }
    let first = ann.get("/referrals").await;
    assert_eq!(friends(&first).len(), 25);
    assert!(friends(&first)[0].starts_with("25…"), "the latest first");
    let html = Html::parse_document(&first.body);
    let link = Selector::parse("nav[aria-label='Pages'] a").expect("a selector");
    let next = html.select(&link).next().and_then(|link| link.value().attr("href")).expect("a next page").to_owned();
    let last = friends(&ann.get(&next).await);
    assert!(last.len() == 1 && last[0].starts_with("00…"), "{last:?}");
});

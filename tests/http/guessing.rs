//! Numbers that are driven up, and codes that are guessed.

use crate::{
    api::Api,
    on_both,
    site::{PASSWORD, Site},
};
use passalong::{
    domain::time::HOUR,
    server::store::{counter_check, db::Db},
};
use reqwest::StatusCode;
use serde_json::json;

async fn limited(db: Db) -> (Site, Api) {
    let site = Site::start_with(db, &["--rate-limits", "on", "--trusted-proxies", "127.0.0.1/32"]).await;
    site.set("referral_codes_enabled", "true").await;
    let api = Api::new(&site, "admin").await;
    api.post("/codes", json!({"code": "SPRING", "description": "d", "max_uses": null})).await.with(201);
    (site, api)
}

/// Follows a link from an address, as somebody with this user agent and without cookies: where it leads, and the
/// cookie.
async fn visit(site: &Site, ip: &str, user_agent: &str, cookie: &str, path: &str) -> (String, String) {
    let browser = site.browser_named(user_agent);
    let request = browser.client.get(browser.url(path)).header("x-forwarded-for", ip).header("cookie", cookie);
    let page = crate::site::Page::read(request.send().await.expect("an answer")).await;
    let cookie = page.cookies().pop().unwrap_or_default().split(';').next().unwrap_or_default().to_owned();
    (
        if page.status == StatusCode::OK {
            page.find("input[name=code]").unwrap_or_default()
        } else {
            page.location().to_owned()
        },
        cookie,
    )
}

async fn clicks(api: &Api) -> (i64, i64) {
    let code = api.get("/codes/by-code/SPRING").await.with(200);
    (code["clicks"].as_i64().expect("a number"), code["unique_clicks"].as_i64().expect("a number"))
}

on_both!(one_network_counts_so_often_and_no_more, |db| {
    let (site, api) = limited(db.clone()).await;
    api.patch("/settings", json!({"clicks_per_network_hour": 5, "link_destination": "https://host.example/"}))
        .await
        .with(200);
    let mut last = String::new();
    for n in 0..20 {
        // The network is what counts, not the address in it.
        let (led, cookie) = visit(&site, &format!("192.0.2.{n}"), &format!("Friend/{n}"), "", "/r/SPRING").await;
        assert!(cookie.starts_with("passalong_ref="), "{n}");
        last = led.split_once("click_id=").expect("a click").1.to_owned();
    }
    assert_eq!(clicks(&api).await, (5, 5));
    // Others count, and other codes.
    visit(&site, "198.51.100.1", "Friend/1", "", "/r/SPRING").await;
    for n in 0..7 {
        visit(&site, &format!("2001:db8:1:{n}::1"), &format!("Friend/{n}"), "", "/r/SPRING").await;
    }
    assert_eq!(clicks(&api).await, (11, 11));
    // By the API, too; without an address there is nothing to cap.
    for n in 0..3 {
        let told = json!({"code": "SPRING", "ip": "192.0.2.200", "user_agent": format!("Told/{n}")});
        api.post("/clicks", told).await.with(201);
        api.post("/clicks", json!({"code": "SPRING", "user_agent": "Firefox"})).await.with(201);
    }
    assert_eq!(clicks(&api).await, (14, 14));
    // The burst leads to credit.
    let bob = api.post("/users", json!({"email": "bob@example.com", "click_id": last})).await.with(201);
    assert_eq!(bob["attribution"]["code"], "SPRING", "{bob}");
    // It holds on another instance and after a start, and ends with the hour.
    let second = Site::at(db, &["--rate-limits", "on", "--trusted-proxies", "127.0.0.1/32"], site.clock.clone()).await;
    for n in 30..40 {
        visit(&second, "192.0.2.9", &format!("Friend/{n}"), "", "/r/SPRING").await;
    }
    visit(&second, "203.0.113.1", "Friend/1", "", "/r/SPRING").await;
    assert_eq!(clicks(&api).await, (15, 15));
    if matches!(site.state.db, Db::Postgres { .. }) {
        for n in 50..60 {
            visit(&second, "203.0.113.1", &format!("Friend/{n}"), "", "/r/SPRING").await;
            visit(&site, "203.0.113.2", &format!("Friend/{n}"), "", "/r/SPRING").await;
        }
        assert_eq!(clicks(&api).await, (19, 19));
    }
    let before = clicks(&api).await.0;
    site.clock.set(site.clock.now().plus(HOUR));
    visit(&site, "192.0.2.1", "Friend/100", "", "/r/SPRING").await;
    assert_eq!(clicks(&api).await.0, before + 1);
    // No cap.
    api.patch("/settings", json!({"clicks_per_network_hour": 0})).await.with(200);
    for n in 200..220 {
        visit(&site, "192.0.2.1", &format!("Friend/{n}"), "", "/r/SPRING").await;
    }
    assert_eq!(clicks(&api).await.0, before + 21);
    let mut tx = site.state.db.read().await.expect("a transaction");
    assert_eq!(counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
});

on_both!(gathered_cookies_are_one_visitor, |db| {
    let site = Site::start_with(db, &["--rate-limits", "off", "--trusted-proxies", "127.0.0.1/32"]).await;
    site.set("referral_codes_enabled", "true").await;
    let api = Api::new(&site, "admin").await;
    for code in ["SPRING", "OTHER"] {
        api.post("/codes", json!({"code": code, "description": "d"})).await.with(201);
    }
    let mut cookies = vec![];
    for _ in 0..10 {
        cookies.push(visit(&site, "192.0.2.1", "Friend/1", "", "/r/OTHER").await.1);
    }
    for cookie in &cookies {
        visit(&site, "198.51.100.1", "Other/1", cookie, "/r/SPRING").await;
    }
    assert_eq!(clicks(&api).await, (1, 1));
});

on_both!(strangers_of_one_network_are_not_one_person, |db| {
    let site = Site::start(db).await;
    // Same network, same kind of phone: Zoe's link brings Ann, Ann's brings Bob.
    let (zoe, ann, bob) = (site.user("zoe").await, site.browser(), site.browser());
    ann.follow(&zoe.link().await).await;
    assert_eq!(ann.sign_up("ann", &[]).await.status, StatusCode::SEE_OTHER);
    bob.follow(&ann.link().await).await;
    assert_eq!(bob.sign_up("bob", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!((zoe.numbers().await[1], ann.numbers().await[1]), (1, 1));
    // Her own browser is still told: of its two visits only Zoe's link counts.
    let own = ann.link().await;
    ann.get(&own).await;
    ann.post("/signout", &[]).await;
    assert_eq!(ann.sign_up("ann-2", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(zoe.numbers().await[1], 2);
    // Nor are they who signs out of a browser that lost its own cookie.
    let fields = [("email", "zoe@example.com"), ("password", PASSWORD)];
    let signed_in = site.browser().post("/signin", &fields).await.cookies();
    let session = signed_in.iter().find(|cookie| cookie.starts_with("passalong_session=")).expect("a session");
    let (_, shared) = visit(&site, "", "Friend/1", "", &zoe.link().await).await;
    let cookies = format!("{}; {shared}", session.split(';').next().unwrap_or_default());
    let browser = site.browser();
    let sign_out = browser.client.post(browser.url("/signout")).header("cookie", cookies);
    assert_eq!(sign_out.send().await.expect("an answer").status(), StatusCode::SEE_OTHER);
    let dan = site.browser_named("Friend/1");
    dan.follow(&zoe.link().await).await;
    assert_eq!(dan.sign_up("dan", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(zoe.numbers().await[1], 3);
});

on_both!(who_guesses_finds_nothing_and_others_do, |db| {
    let (site, api) = limited(db).await;
    let (known, unknown) = ("/signup?ref=SPRING", "/signup?invitation=invalid");
    let found = async |ip: &str, path: &str| visit(&site, ip, "Friend/1", "", path).await.0;
    // Codes that work, and the same dead link from everybody of an office, use nothing up.
    for n in 0..40 {
        assert_eq!(visit(&site, "192.0.2.1", &format!("Friend/{n}"), "", "/r/SPRING").await.0, known);
        assert_eq!(found("192.0.2.1", "/r/DEAD-LINK").await, unknown);
    }
    let (_, cookie) = visit(&site, "192.0.2.1", "Regular/1", "", "/r/SPRING").await;
    // Guesses at every door, by turns.
    let browser = site.browser();
    let check = async |ip: &str, code: &str| {
        let request = browser.client.post(browser.url("/fn/check_code")).header("x-forwarded-for", ip);
        request.form(&[("code", code)]).send().await.expect("an answer").text().await.expect("a body")
    };
    for n in 0..8 {
        assert_eq!(found("192.0.2.1", &format!("/r/LINK{n}")).await, unknown);
        assert_eq!(found("192.0.2.1", &format!("/signup?ref=LAND{n}")).await, "");
        assert!(check("192.0.2.1", &format!("CHECK{n}")).await.contains("don’t know"));
        let asked = json!({"code": format!("VALID{n}"), "ip": "192.0.2.1"});
        assert_eq!(api.post("/codes/validate", asked).await.with(200)["reason"], "code_not_found");
    }
    // Every door answers as for an unknown code.
    assert_eq!(found("192.0.2.1", "/r/SPRING").await, unknown);
    assert_eq!(found("192.0.2.1", "/signup?ref=SPRING").await, "");
    assert!(check("192.0.2.1", "SPRING").await.contains("don’t know"));
    let asked = json!({"code": "SPRING", "ip": "192.0.2.1"});
    assert_eq!(
        api.post("/codes/validate", asked.clone()).await.with(200),
        json!({"valid": false, "reason": "code_not_found"})
    );
    assert_eq!(api.post("/clicks", asked).await.code(), "code_not_found");
    let fields = [("email", "eve@example.com"), ("username", "eve"), ("password", PASSWORD), ("code", "SPRING")];
    let form = browser.client.post(browser.url("/signup")).header("x-forwarded-for", "192.0.2.1").form(&fields);
    let page = crate::site::Page::read(form.send().await.expect("an answer")).await;
    assert_eq!((page.status, page.alerts().len()), (StatusCode::UNPROCESSABLE_ENTITY, 1), "{:?}", page.alerts());
    assert!(page.alerts()[0].contains("don’t know"), "{:?}", page.alerts());
    // Neighbours, other networks, the host's own questions, and whoever has followed the link before find it.
    assert_eq!(found("192.0.2.2", "/r/SPRING").await, known);
    assert_eq!(found("198.51.100.1", "/r/SPRING").await, known);
    assert_eq!(api.post("/codes/validate", json!({"code": "SPRING"})).await.with(200), json!({"valid": true}));
    assert_eq!(visit(&site, "192.0.2.1", "Regular/1", &cookie, "/r/SPRING").await.0, known);
    // A whole network that guesses, an address at a time.
    for n in 0..130 {
        found(&format!("2001:db8:7:{n:x}::1"), &format!("/r/SIX{n}")).await;
    }
    assert_eq!(found("2001:db8:7:ffff::1", "/r/SPRING").await, unknown);
    assert_eq!(found("2001:db8:8::1", "/r/SPRING").await, known);
});

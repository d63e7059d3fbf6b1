use crate::{
    on_both,
    site::{Browser, Page, Site},
};
use passalong::{
    domain::time::{DAY, HOUR},
    server::store::{counter_check, secrets},
};
use reqwest::StatusCode;

async fn with(browser: &Browser, path: &str, headers: &[(&str, &str)]) -> Page {
    let mut request = browser.client.get(browser.url(path));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Page::read(request.send().await.expect("an answer")).await
}

on_both!(a_visitor_counts_once_per_hour_with_and_without_cookies, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let link = ann.link().await;
    let friend = site.browser_named("Friend/1");
    let page = friend.get(&link).await;
    let code = link.trim_start_matches("/r/");
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, format!("/signup?ref={code}").as_str()));
    let cookie = page.cookies().pop().expect("a cookie");
    assert!(
        cookie.starts_with("passalong_ref=")
            && cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Lax")
            && cookie.contains("Max-Age=31536000"),
        "{cookie}"
    );
    // Following the redirect, clicking again, and somebody who refuses cookies.
    friend.get(page.location()).await;
    friend.get(&link).await;
    site.browser_named("Friend/1").get(&link).await;
    assert_eq!(ann.numbers().await, [1, 0, 0]);
    site.browser_named("Friend/2").get(&link).await;
    assert_eq!(ann.numbers().await, [2, 0, 0]);
    // An hour later the same browser counts again, but is no new visitor.
    site.clock.set(site.clock.now().plus(HOUR));
    friend.get(&link).await;
    assert_eq!(ann.numbers().await, [3, 0, 0]);
    let mut tx = site.state.db.read().await.expect("a transaction");
    assert_eq!(counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
});

on_both!(arriving_at_sign_up_directly_counts_the_same_way_once, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let code = ann.link().await.trim_start_matches("/r/").to_owned();
    let friend = site.browser_named("Friend/1");
    let page = friend.get(&format!("/signup?ref={}", code.to_lowercase())).await;
    assert_eq!(page.find("input[name=code]").as_deref(), Some(code.as_str()));
    assert!(page.cookies().iter().any(|cookie| cookie.starts_with("passalong_ref=")));
    friend.get(&format!("/signup?ref={code}")).await;
    friend.get(&format!("/r/{code}")).await;
    assert_eq!(ann.numbers().await, [1, 0, 0]);
});

on_both!(machines_are_served_but_neither_counted_nor_remembered, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let link = ann.link().await;
    let visits: [(&str, &[(&str, &str)]); 16] = [
        ("Twitterbot/1.0", &[]),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", &[]),
        // Whoever says nothing of himself, HTTP libraries, tools, browsers without a screen, monitors, mail proxies.
        ("", &[]),
        ("python-requests/2.32.5", &[]),
        ("curl/8.14.1", &[]),
        ("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0.0.0 Safari/537.36", &[]),
        ("Uptime-Kuma/2.0.2", &[]),
        ("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", &[]),
        ("Firefox", &[("sec-purpose", "prefetch")]),
        ("Firefox", &[("purpose", "preview")]),
        ("Firefox", &[("x-purpose", "preview")]),
        ("Firefox", &[("x-moz", "Prefetch")]),
        // One header does not hide another, nor one of the same name.
        ("Firefox", &[("sec-purpose", "other"), ("x-purpose", "preview")]),
        ("Firefox", &[("purpose", "other"), ("purpose", "prefetch;prerender")]),
        ("Firefox", &[("sec-fetch-dest", "image")]),
        ("Firefox", &[("sec-fetch-mode", "no-cors")]),
    ];
    for (name, headers) in visits {
        let page = with(&site.browser_named(name), &link, headers).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{name}");
        assert!(page.location().contains("ref="), "{name}");
        assert!(page.cookies().is_empty(), "{name}");
    }
    let browser = site.browser();
    let head = browser.client.head(browser.url(&link)).send().await.expect("an answer");
    assert_eq!(head.status(), StatusCode::SEE_OTHER);
    assert!(head.headers().get("set-cookie").is_none());
    assert_eq!(ann.numbers().await, [0, 0, 0]);
    let mut tx = site.state.db.read().await.expect("a transaction");
    assert_eq!(counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
    // A person who comes afterwards counts, also in an app, with a phone of that name, or in other letters.
    browser.get(&link).await;
    assert_eq!(ann.numbers().await, [1, 0, 0]);
    for (name, counted) in [
        ("Mozilla/5.0 (Linux; Android 10; CUBOT J9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0", 2),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 [Pinterest/iOS]",
            3,
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Überbrowser/1", 4),
    ] {
        site.browser_named(name).get(&link).await;
        assert_eq!(ann.numbers().await, [counted, 0, 0], "{name}");
    }
});

on_both!(nothing_tells_whether_a_code_exists, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let link = ann.link().await;
    let unknown = site.browser().get("/r/NOSUCHCODE").await;
    let invalid = "/signup?invitation=invalid";
    assert_eq!((unknown.status, unknown.location(), unknown.cookies().len()), (StatusCode::SEE_OTHER, invalid, 0));
    for odd in ["/r/%00", "/r/a", "/r/%0d%0aSet-Cookie:x", "/r/<script>", "/r/%ff"] {
        let page = site.browser().get(odd).await;
        assert!(matches!(page.status, StatusCode::SEE_OTHER | StatusCode::BAD_REQUEST), "{odd}");
    }
    // A paused program leads on, too, and counts nothing.
    site.set("referral_codes_enabled", "false").await;
    let paused = site.browser().get(&link).await;
    assert_eq!((paused.status, paused.location(), paused.cookies().len()), (StatusCode::SEE_OTHER, "/signup", 0));
    assert_eq!(ann.numbers().await, [0, 0, 0]);
});

on_both!(links_may_lead_to_the_host_product, |db| {
    let site = Site::start(db).await;
    let link = site.user("ann").await.link().await;
    site.set("link_destination", "\"https://host.example/join\"").await;
    let page = site.browser().get(&link).await;
    let code = link.trim_start_matches("/r/");
    assert!(
        page.location().starts_with(&format!("https://host.example/join?ref={code}&click_id=")),
        "{}",
        page.location()
    );
});

on_both!(counting_survives_a_restart_and_a_second_instance, |db| {
    let site = Site::start(db.clone()).await;
    let ann = site.user("ann").await;
    let link = ann.link().await;
    site.browser_named("Friend/1").get(&link).await;
    let second = Site::at(db, &["--base-url", &site.state.base_url], site.clock.clone()).await;
    // The second instance has another port, but the same database.
    second.browser_named("Friend/1").get(&format!("http://127.0.0.1:{}{link}", second.port)).await;
    assert_eq!(ann.numbers().await, [1, 0, 0]);
});

on_both!(the_salt_of_a_day_is_forgotten_with_it, |db| {
    let site = Site::start(db.clone()).await;
    let link = site.user("ann").await.link().await;
    // Not committed: it only looks.
    let salt = async |day| {
        let mut tx = db.begin().await.expect("a transaction");
        secrets::salt(&mut tx.conn(), day, b"none").await.expect("a salt")
    };
    let today = site.clock.now().day();
    site.browser_named("Friend/1").get(&link).await;
    let first = salt(today).await;
    assert_ne!(first, b"none");
    site.browser_named("Friend/2").get(&link).await;
    assert_eq!(salt(today).await, first);
    site.clock.set(site.clock.now().plus(DAY));
    site.browser_named("Friend/3").get(&link).await;
    let second = salt(today + 1).await;
    assert!(second != first && second != b"none");
    assert_eq!(salt(today).await, b"none");
});

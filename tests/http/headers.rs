//! Headers as browsers, proxies and other programs of the same host really send them.

use crate::{
    api::Api,
    on_both,
    site::{Browser, PASSWORD, Page, Site},
};
use passalong::server::store::export::{self, Click};
use reqwest::{
    StatusCode,
    header::{COOKIE, HeaderName, HeaderValue, ORIGIN, REFERER, USER_AGENT},
    redirect::Policy,
};
use serde_json::json;

/// A request with these headers and nothing of a browser's own.
async fn get(site: &Site, path: &str, headers: &[(HeaderName, &[u8])]) -> Page {
    let client = crate::clients::builder().redirect(Policy::none()).build().expect("a client");
    let mut request = client.get(format!("http://127.0.0.1:{}{path}", site.port));
    for (name, value) in headers {
        request = request.header(name, HeaderValue::from_bytes(value).expect("a header"));
    }
    Page::read(request.send().await.expect("an answer")).await
}

/// The value of a cookie that an answer sets.
fn cookie(page: &Page, name: &str) -> String {
    let all = page.cookies();
    let pair = all.iter().find_map(|cookie| cookie.strip_prefix(name)?.strip_prefix('=')).expect("the cookie");
    pair.split(';').next().unwrap_or_default().to_owned()
}

async fn sign_in(site: &Site, name: &str) -> Page {
    let email = format!("{name}@example.com");
    site.browser().post("/signin", &[("email", &email), ("password", PASSWORD)]).await
}

async fn clicks(site: &Site) -> Vec<Click> {
    let mut tx = site.state.db.read().await.expect("a transaction");
    export::page::<Click>(&mut tx, &0, 100).await.expect("read")
}

const FIREFOX: (HeaderName, &[u8]) =
    (USER_AGENT, b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");

on_both!(cookies_of_other_programs_sign_nobody_out, |db| {
    let site = Site::start(db).await;
    site.user("ann").await;
    let token = cookie(&sign_in(&site, "ann").await, "passalong_session");
    let stale = "A".repeat(43);
    for before in [&b"city=K\xf6ln"[..], "name=Jürgen".as_bytes(), b"passalong_session=", b"passalong_session=x\xff"] {
        let line = [before, b"; passalong_session=", token.as_bytes(), b"; last=\xe9"].concat();
        let page = get(&site, "/dashboard", &[(COOKIE, &line)]).await;
        assert_eq!(page.status, StatusCode::OK, "{}", String::from_utf8_lossy(&line));
    }
    // An old one of the same name, made for another path or by a host above, comes first.
    let line = format!("passalong_session={stale}; passalong_session={token}");
    assert_eq!(get(&site, "/dashboard", &[(COOKIE, line.as_bytes())]).await.status, StatusCode::OK);
    let line = format!("passalong_session={stale}");
    assert_eq!(get(&site, "/dashboard", &[(COOKIE, line.as_bytes())]).await.status, StatusCode::SEE_OTHER);
});

on_both!(cookies_of_other_programs_lose_no_click, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let link = ann.link().await;
    let others = [&b"city=K\xf6ln"[..], b"passalong_ref=broken", b"passalong_ref=\xff; passalong_ref="];
    for (n, before) in (1..).zip(others) {
        let friend = format!("friend-{n}");
        let remembered = cookie(&get(&site, &link, &[(USER_AGENT, friend.as_bytes())]).await, "passalong_ref");
        let line = [before, &b"; passalong_ref="[..], remembered.as_bytes()].concat();
        // The same browser within the hour, though it names itself differently.
        get(&site, &link, &[(USER_AGENT, b"Firefox/140.0"), (COOKIE, &line)]).await;
        assert_eq!(ann.numbers().await, [n, n - 1, 0], "{}", String::from_utf8_lossy(&line));
        let client = crate::clients::builder().redirect(Policy::none()).build().expect("a client");
        let (email, cookies) = (format!("{friend}@example.com"), HeaderValue::from_bytes(&line).expect("a header"));
        let fields = [("email", email.as_str()), ("username", &friend), ("password", PASSWORD)];
        let answer = client.post(site.browser().url("/signup")).header(COOKIE, cookies).form(&fields).send().await;
        assert_eq!(answer.expect("an answer").status(), StatusCode::SEE_OTHER);
        assert_eq!(ann.numbers().await, [n, n, 0], "{}", String::from_utf8_lossy(&line));
    }
});

on_both!(browsers_may_name_themselves_in_any_script, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let link = ann.link().await;
    let long = format!("Bär/{}", "ü".repeat(200));
    for name in ["Löwe/1".as_bytes(), "Bär/1".as_bytes(), b"L\xf6we/2", long.as_bytes()] {
        get(&site, &link, &[(USER_AGENT, name)]).await;
    }
    assert_eq!(ann.numbers().await, [4, 0, 0]);
    let kept: Vec<String> = clicks(&site).await.into_iter().map(|click| click.user_agent).collect();
    assert_eq!(kept[..3], ["Löwe/1", "Bär/1", "L\u{fffd}we/2"]);
    assert_eq!(kept[3], format!("Bär/{}", "ü".repeat(125)));
    // The list of one's sessions tells them, too.
    let client = crate::clients::builder().cookie_store(true).redirect(Policy::none()).build().expect("a client");
    let browser = Browser { client, base: site.state.base_url.clone() };
    let name = HeaderValue::from_bytes("Firefox/140.0 (Löwe; Linux)".as_bytes()).expect("a header");
    let fields = [("email", "ann@example.com"), ("password", PASSWORD)];
    browser.client.post(browser.url("/signin")).header(USER_AGENT, name).form(&fields).send().await.expect("an answer");
    assert!(browser.get("/profile").await.text().matches("Firefox on Linux").count() >= 2);
});

on_both!(referring_sites_are_kept_and_only_the_own_host_is_left_out, |db| {
    let site = Site::start_with(db, &["--base-url", "http://Refer.Example.com"]).await;
    site.set("referral_codes_enabled", "true").await;
    let api = Api::new(&site, "write").await;
    let ann = api.post("/users", json!({"email": "ann@example.com"})).await.with(201);
    let link = format!("/r/{}", ann["code"].as_str().expect("a code"));
    for (n, (address, _)) in REFERRERS.iter().enumerate() {
        get(&site, &link, &[(USER_AGENT, format!("Firefox/{n}").as_bytes()), (REFERER, address)]).await;
    }
    let kept: Vec<Option<String>> = clicks(&site).await.into_iter().map(|click| click.referring_host).collect();
    let expected: Vec<Option<String>> = REFERRERS.iter().map(|(_, host)| host.map(str::to_owned)).collect();
    assert_eq!(kept, expected);
});

const REFERRERS: [(&[u8], Option<&str>); 6] = [
    (b"http://refer.example.com/signup", None),
    (b"https://example.com/blog", Some("example.com")),
    (b"https://m/", Some("m")),
    ("https://news.example/grüße".as_bytes(), Some("news.example")),
    (b"https://news.example/gr\xfc\xdfe", Some("news.example")),
    ("https://bücher.example/".as_bytes(), Some("xn--bcher-kva.example")),
];

on_both!(behind_a_proxy_people_are_told_apart_however_it_writes_them, |db| {
    let more = ["--trusted-proxies", "127.0.0.0/8,10.0.0.0/8", "--rate-limits", "on"];
    let site = Site::start_with(db, &more).await;
    site.set("referral_codes_enabled", "true").await;
    let api = Api::new(&site, "write").await;
    let ann = api.post("/users", json!({"email": "ann@example.com"})).await.with(201);
    let link = format!("/r/{}", ann["code"].as_str().expect("a code"));
    let forwarded = HeaderName::from_static("x-forwarded-for");
    let from = |value: &'static str| [FIREFOX, (forwarded.clone(), value.as_bytes())];
    for person in ["203.0.113.1:1024", "[2001:db8::2]:443, 10.0.0.9", "203.0.113.3, , 10.0.0.9:80,"] {
        get(&site, &link, &from(person)).await;
    }
    assert_eq!(clicks(&site).await.iter().filter(|click| click.counted).count(), 3);
    // The same three, written in other ways.
    for person in ["::ffff:203.0.113.1", "2001:db8::2%eth0", "6.6.6.6, [::ffff:203.0.113.3]:9"] {
        get(&site, &link, &from(person)).await;
    }
    let networks: Vec<String> =
        clicks(&site).await.into_iter().filter(|click| click.counted).map(|click| click.network).collect();
    assert_eq!(networks, ["203.0.113.0/24", "2001:db8::/48", "203.0.113.0/24"]);
    // Nobody uses up the tries of others.
    let browser = site.browser();
    for n in 0..25 {
        let fields = [("email", format!("nobody-{n}@example.com")), ("password", "wrong-password".to_owned())];
        let request = browser.client.post(browser.url("/signin")).header(&forwarded, format!("203.0.113.{n}:{n}"));
        assert_eq!(request.form(&fields).send().await.expect("an answer").status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    // What is written before something unreadable is believed by nobody.
    let mut statuses = vec![];
    for n in 0..25 {
        let fields = [("email", format!("nobody-{n}@example.org")), ("password", "wrong-password".to_owned())];
        let request = browser.client.post(browser.url("/signin")).header(&forwarded, format!("6.6.6.{n}, unknown"));
        statuses.push(request.form(&fields).send().await.expect("an answer").status());
    }
    assert!(statuses.contains(&StatusCode::TOO_MANY_REQUESTS), "{statuses:?}");
});

on_both!(a_host_product_may_write_addresses_as_its_proxy_does, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let ann = api.post("/users", json!({"email": "ann@example.com"})).await.with(201);
    let click = async |ip: &str| {
        let body = json!({"code": ann["code"], "user_agent": "Firefox", "ip": ip});
        api.post("/clicks", body).await
    };
    let first = click("203.0.113.1").await.with(201)["click_id"].clone();
    for same in ["203.0.113.1:1024", " 203.0.113.1 ", "::ffff:203.0.113.1", "[::ffff:203.0.113.1]:443"] {
        assert_eq!(click(same).await.with(201)["click_id"], first, "{same}");
    }
    let second = click("2001:db8::2").await.with(201)["click_id"].clone();
    assert_ne!(second, first);
    for same in ["[2001:db8::2]", "[2001:DB8::2]:443", "2001:db8::2%eth0"] {
        assert_eq!(click(same).await.with(201)["click_id"], second, "{same}");
    }
    for wrong in ["", "203.0.113.1, 10.0.0.1", "203.0.113.1:x", "[203.0.113.1]", "localhost"] {
        assert_eq!(click(wrong).await.fields(), ["ip"], "{wrong}");
    }
});

on_both!(the_own_address_is_recognised_however_it_was_written, |db| {
    let site = Site::start_with(db, &["--base-url", "HTTP://Refer.Example.com:80/"]).await;
    assert_eq!(site.state.base_url, "http://refer.example.com");
    // A browser that tells only its origin, behind a proxy that does not pass on the host.
    let client = crate::clients::builder().redirect(Policy::none()).build().expect("a client");
    let fields = [("email", "ann@example.com"), ("username", "ann"), ("password", PASSWORD)];
    let request = client.post(format!("http://127.0.0.1:{}/signup", site.port)).form(&fields);
    let answer = request.header(ORIGIN, "http://refer.example.com").send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
});

//! Links and codes as people mangle them: every door reads them the same way.

use crate::{
    api::Api,
    on_both,
    site::{Browser, Site},
};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// What chats, mails and keyboards make of the code K7M-X; each is that code at every door.
const MANGLED: [&str; 40] = [
    "k7m-x",
    " K7M-X ",
    "K7M-X.",
    "K7M-X,",
    "K7M-X)",
    "K7M-X]",
    "K7M-X!",
    "K7M-X;",
    "K7M-X:",
    "K7M-X>",
    "K7M-X…",
    "K7M-X。",
    "“K7M-X”",
    "K7M-X）",
    "K7M-X！",
    "K7M-X；",
    "K7M-X：",
    "K7M-X＞",
    "K7M-X．",
    "K7M-X，",
    "K7M-X］",
    "*K7M-X*",
    "_K7M-X_",
    "'K7M-X'",
    "K7M-X/",
    "K7M-X?utm_source=x",
    "K7M-X&utm_source=x",
    "K7M-X#top",
    "K7M-X%3Futm_source=x",
    "K7M-X%253F",
    "K7M-X%23",
    "K7M\u{200B}-X",
    "\u{202A}K7M-X\u{202C}",
    "K7M\u{AD}-X",
    "K7M-X\u{A0}",
    "\u{FEFF}K7M-X",
    "K7M–X",
    "K7M—X",
    "Ｋ７Ｍ－Ｘ",
    "K7M-X\u{1F600}",
];

/// What stays unknown, and is answered as such.
const UNKNOWN: [&str; 5] = ["ÄK7M-X", "K7M-XÉ", "K7MX", "K7M-X2", "欢迎"];

async fn site_with_code(db: crate::db::Db) -> (Site, Api) {
    let site = Site::start(db).await;
    let api = Api::new(&site, "admin").await;
    api.post("/codes", json!({"code": "K7M-X", "description": "d", "max_uses": null})).await.with(201);
    (site, api)
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn checked(browser: &Browser, code: &str) -> String {
    let response = browser.client.post(browser.url("/fn/check_code")).form(&[("code", code)]).send().await;
    response.expect("an answer").text().await.expect("a body")
}

on_both!(every_door_reads_a_mangled_code_the_same_way, |db| {
    let (site, api) = site_with_code(db).await;
    let browser = site.browser();
    for text in MANGLED {
        let link = browser.get(&format!("/r/{}", encoded(text))).await;
        assert_eq!((link.status, link.location()), (StatusCode::SEE_OTHER, "/signup?ref=K7M-X"), "{text:?}");
        let landing = browser.get(&format!("/signup?ref={}", encoded(text))).await;
        assert_eq!(landing.find("input[name=code]").as_deref(), Some("K7M-X"), "{text:?}");
        assert_eq!(checked(&browser, text).await, "null", "{text:?}");
        let valid = api.post("/codes/validate", json!({"code": text})).await.with(200);
        assert_eq!(valid, json!({"valid": true}), "{text:?}");
        let click = api.post("/clicks", json!({"code": text, "user_agent": "Firefox"})).await;
        assert_eq!(click.status, 201, "{text:?}: {click:?}");
    }
    for (n, text) in MANGLED.iter().enumerate() {
        let joined = api.post("/users", json!({"email": format!("u{n}@example.com"), "code": text})).await.with(201);
        assert_eq!(joined["attribution"]["code"], "K7M-X", "{text:?}: {joined}");
    }
    for text in UNKNOWN {
        let link = browser.get(&format!("/r/{}", encoded(text))).await;
        assert_eq!((link.status, link.location()), (StatusCode::SEE_OTHER, "/signup?invitation=invalid"), "{text:?}");
        assert!(checked(&browser, text).await.contains("don’t know"), "{text:?}");
        let valid = api.post("/codes/validate", json!({"code": text})).await.with(200);
        assert_eq!(valid, json!({"valid": false, "reason": "code_not_found"}), "{text:?}");
        assert_eq!(api.post("/clicks", json!({"code": text})).await.code(), "code_not_found", "{text:?}");
    }
});

on_both!(mangled_addresses_lead_where_they_should, |db| {
    let (site, _) = site_with_code(db).await;
    for path in ["/r/K7M-X/", "//r/K7M-X", "/r//K7M-X", "/R/k7m-x", "/r/K7M-X//", "/r%2FK7M-X", "/r/K7M-X%20join%20me"]
    {
        let address = format!("{}{path}", site.state.base_url);
        let link = site.browser().get(&address).await;
        assert_eq!((link.status, link.location()), (StatusCode::SEE_OTHER, "/signup?ref=K7M-X"), "{path}");
        assert_eq!(link.cookies().len(), 1, "{path}");
    }
    for path in [
        "/signup/?ref=K7M-X",
        "//signup?ref=K7M-X",
        "/Signup?ref=k7m-x",
        "/signup?a=b&amp;ref=K7M-X",
        "/signup?REF=K7M-X",
    ] {
        let landing = site.browser().get(&format!("{}{path}", site.state.base_url)).await;
        assert_eq!(landing.status, StatusCode::OK, "{path}");
        assert_eq!(landing.find("input[name=code]").as_deref(), Some("K7M-X"), "{path}");
        assert!(landing.cookies().iter().any(|cookie| cookie.starts_with("passalong_ref=")), "{path}");
    }
    for nowhere in ["/r/", "/r", "//evil.example/r", "/signups/?ref=K7M-X"] {
        let page = site.browser().get(&format!("{}{nowhere}", site.state.base_url)).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
});

on_both!(a_whole_link_may_stand_in_the_code_field, |db| {
    let (site, _) = site_with_code(db).await;
    let links = [
        format!("{}/r/K7M-X?via=copy", site.state.base_url),
        "pass.example/r/k7m-x".into(),
        format!("Join me: {}/signup?ref=K7M-X – see you", site.state.base_url),
        "https://host.example/join?plan=pro&ref=K7M-X&click_id=7".into(),
    ];
    for (n, link) in links.iter().enumerate() {
        let browser = site.browser();
        assert_eq!(checked(&browser, link).await, "null", "{link}");
        let page = browser.sign_up(&format!("user{n}"), &[("code", link)]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{link}: {:?}", page.alerts());
    }
    let admin = site.admin().await;
    let codes = admin.get("/admin/codes").await;
    assert_eq!(codes.find("td[data-label='Sign-ups']").as_deref(), Some("4"), "{}", codes.text());
});

on_both!(what_names_a_campaign_travels_on_and_nothing_else, |db| {
    let (site, _) = site_with_code(db).await;
    let led = async |path: &str| site.browser().get(path).await.location().to_owned();
    assert_eq!(led("/r/K7M-X?via=copy&utm_source=a%20b").await, "/signup?ref=K7M-X&utm_source=a%20b");
    site.set("link_destination", "\"https://host.example/join?ref=old&plan=pro&click_id=1#top\"").await;
    let query = "via=qr&utm_source=x&gclid=1&fbclid=2&msclkid=3&next=https://evil.example&ref=evil&click_id=99#frag";
    let address = led(&format!("/r/K7M-X?{query}")).await;
    let (before, rest) = address.split_once("&click_id=").expect("a click");
    assert_eq!(before, "https://host.example/join?plan=pro&ref=K7M-X");
    let (click, after) = rest.split_once('&').expect("a campaign");
    assert!(click.len() > 10 && click.bytes().all(|b| b.is_ascii_digit()), "{address}");
    assert_eq!(after, "utm_source=x&gclid=1&fbclid=2&msclkid=3#top");
    for hostile in
        ["utm_source=%0d%0aSet-Cookie:%20a=b", "utm_source=%23%3F%2F%2Fevil", "utm_a=//evil.example", "utm_%00=1"]
    {
        let address = led(&format!("/r/K7M-X?{hostile}")).await;
        assert!(address.starts_with("https://host.example/join?plan=pro&ref=K7M-X&click_id="), "{address}");
        assert!(address.ends_with("#top") && address.matches('#').count() == 1, "{address}");
    }
    let long = led(&format!("/r/K7M-X?utm_source={}&gclid=1", "x".repeat(6_000))).await;
    assert!(long.len() < 200 && long.ends_with("&gclid=1#top"), "{long}");
    // What is unknown is led the same way, without the code.
    assert_eq!(
        led("/r/UNKNOWN?utm_source=x").await,
        "https://host.example/join?ref=old&plan=pro&click_id=1&utm_source=x#top"
    );
});

on_both!(making_codes_stays_strict, |db| {
    let (site, api) = site_with_code(db).await;
    for text in ["K7M–Y", "K7M-Y.", "https://pass.example/r/K7M-Y", "Ｋ７Ｍ", "K7M Y", "K7M\u{200B}Y"] {
        let refused = api.post("/codes", json!({"code": text, "description": "d"})).await;
        assert_eq!((refused.status, refused.fields()), (422, vec!["code"]), "{text:?}");
    }
    for marked in ["_ABC_", "-ABC", "ABC-"] {
        api.post("/codes", json!({"code": marked, "description": "d"})).await.with(201);
        assert_eq!(site.browser().get(&format!("/r/{marked}")).await.location(), format!("/signup?ref={marked}"));
    }
});

on_both!(no_limit_is_no_limit_everywhere, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "admin").await;
    let made = async |more: Value| {
        let mut body = json!({"description": "d"});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        api.post("/codes", body).await.with(201)
    };
    assert_eq!(made(json!({})).await["max_uses"], 100);
    let endless = made(json!({"code": "ENDLESS", "max_uses": null})).await;
    assert_eq!((&endless["max_uses"], &endless["status"]), (&Value::Null, &json!("active")));
    let path = format!("/codes/{}", endless["id"]);
    // Left out it stays, null takes the limit away.
    let change = async |changes: Value| api.patch(&path, changes).await.with(200)["max_uses"].clone();
    assert_eq!(change(json!({"max_uses": 7})).await, 7);
    assert_eq!(change(json!({"description": "e"})).await, 7);
    assert_eq!(change(json!({"max_uses": null})).await, Value::Null);
    let refused = api.post("/codes", json!({"description": "d", "max_uses": "7"})).await;
    assert_eq!((refused.status, refused.fields()), (422, vec!["max_uses"]));
    // Many codes.
    let order = json!({"count": 2, "prefix": "MANY-", "description": "d", "max_uses": null});
    let job = api.post("/codes/bulk", order).await.with(202);
    for _ in 0..200 {
        if api.get(&format!("/codes/bulk/{}", job["id"])).await.with(200)["state"] != "open" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let many = api.get(&format!("/codes?bulk_id={}", job["id"])).await.with(200);
    assert_eq!((many["data"].as_array().map(Vec::len), &many["data"][0]["max_uses"]), (Some(2), &Value::Null));
    // Pages, their forms and the table.
    let admin = site.admin().await;
    let page = admin.get(&format!("/admin{path}")).await;
    assert!(page.text().contains("No limit"), "{}", page.text());
    assert_eq!(page.find("[name=max_uses]").as_deref(), Some(""));
    let id = endless["id"].to_string();
    let form = |most: &'static str| {
        [("form", "update_code"), ("id", id.as_str()), ("description", "d"), ("max_uses", most), ("active", "true")]
            .map(|(name, value)| (name, value.to_owned()))
    };
    for (most, expected) in [("3", json!(3)), ("", Value::Null)] {
        let fields = form(most);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let saved = admin.post(&format!("/admin{path}"), &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{:?}", saved.alerts());
        assert_eq!(api.get(&path).await.with(200)["max_uses"], expected);
    }
    let csv = admin.get("/admin/codes.csv").await.body;
    assert!(csv.lines().any(|line| line.contains("ENDLESS") && line.contains(",true,,0,")), "{csv}");
});

on_both!(the_qr_code_of_a_link_leads_where_the_link_does, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let link = ann.link().await;
    let picture = ann.client.get(ann.url("/dashboard/qr.png")).send().await.expect("an answer");
    assert_eq!(picture.headers()["content-type"], "image/png");
    let bytes = picture.bytes().await.expect("a picture").to_vec();
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let frame = reader.next_frame(&mut pixels).expect("pixels");
    let (width, height) = (frame.width as usize, frame.height as usize);
    let mut seen = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    let codes = seen.detect_grids();
    let (_, content) = codes.first().expect("a QR code").decode().expect("readable");
    assert_eq!(content, format!("{}{link}?via=qr", site.state.base_url));

    let drawing = ann.get("/dashboard/qr.svg").await;
    assert_eq!((drawing.status, drawing.header("content-type")), (StatusCode::OK, "image/svg+xml"));
    assert!(drawing.body.starts_with("<svg") && drawing.body.matches('M').count() > 100);
    assert_eq!(site.browser().get("/dashboard/qr.png").await.location(), "/signin?next=%2Fdashboard%2Fqr.png");
});

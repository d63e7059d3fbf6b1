use super::{Answer, Api};
use crate::{
    on_both,
    site::{Page, Site},
};
use serde_json::{Value, json};

const SHOP: &str = "https://shop.example";

/// A site with the code `SPRING`, and a program with all scopes.
async fn with_code(site: &Site) -> Api {
    let api = Api::new(site, "admin").await;
    api.post("/codes", json!({"code": "SPRING", "description": "d", "max_uses": null})).await.with(201);
    api
}

/// What a page of `origin` sends.
async fn send(key: &Api, origin: &str, path: &str, body: Value) -> Answer {
    key.send("POST", path, &[("origin", origin)], Some(body)).await
}

/// What a browser asks before a page may send that.
async fn ask(site: &Site, origin: &str, path: &str) -> Answer {
    let asked = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization"),
    ];
    Api::with(site, "").send("OPTIONS", path, &asked, None).await
}

/// The origin that may read an answer, which carries what every answer does.
fn may_read(answer: &Answer) -> &str {
    let id = answer.header("x-request-id");
    assert!(!id.is_empty() && !answer.header("ratelimit-remaining").is_empty(), "{answer:?}");
    assert!(answer.status < 400 || answer.body["request_id"] == id, "{answer:?}");
    assert!(answer.header_values("vary").any(|vary| vary.eq_ignore_ascii_case("origin")), "{answer:?}");
    answer.header("access-control-allow-origin")
}

on_both!(pages_of_listed_origins_check_codes_and_record_clicks, |db| {
    let site = Site::start(db).await;
    let api = with_code(&site).await;
    let key = Api::publishable(&site, "https://Shop.example/ http://localhost:*").await;
    assert!(key.key.starts_with("pub_") && key.key.len() == 47, "{}", key.key);
    for origin in [SHOP, "http://localhost:5173"] {
        for path in ["/codes/validate", "/clicks"] {
            let asked = ask(&site, origin, path).await;
            assert_eq!((asked.status, may_read(&asked)), (204, origin), "{path}");
            assert_eq!(asked.header("access-control-allow-methods"), "POST");
            assert_eq!(asked.header("access-control-allow-headers"), "authorization, content-type, idempotency-key");
            assert!(asked.header("access-control-max-age").parse::<u32>().is_ok_and(|seconds| seconds > 0));
            assert_eq!(asked.header("access-control-allow-credentials"), "");
        }
        let checked = send(&key, origin, "/codes/validate", json!({"code": "spring"})).await;
        assert_eq!(may_read(&checked), origin);
        assert!(checked.header("access-control-expose-headers").contains("retry-after"));
        assert_eq!(checked.header("ratelimit-limit"), "60", "that of the visitor, not of all who use the key");
        assert_eq!(checked.with(200), json!({"valid": true}));
        let clicked = send(&key, origin, "/clicks", json!({"code": "SPRING"})).await;
        assert_eq!(may_read(&clicked), origin);
        assert!(clicked.with(201)["click_id"].is_string());
    }
    // Errors can be read as well.
    let unknown = send(&key, SHOP, "/clicks", json!({"code": "NO-SUCH"})).await;
    assert_eq!((unknown.status, unknown.code(), may_read(&unknown)), (404, "code_not_found", SHOP));
    let malformed = key.send_text("POST", "/clicks", &[("origin", SHOP)], Some("{")).await;
    assert_eq!((malformed.code(), may_read(&malformed)), ("malformed_request", SHOP));
    let none = send(&Api::with(&site, ""), SHOP, "/clicks", json!({"code": "SPRING"})).await;
    assert_eq!((none.code(), may_read(&none)), ("unauthorized", SHOP));
    let wrong = send(&Api::with(&site, "pub_wrong"), SHOP, "/clicks", json!({"code": "SPRING"})).await;
    assert_eq!((wrong.code(), may_read(&wrong)), ("unauthorized", SHOP));
    // A secret key is for no page.
    let secret = send(&api, SHOP, "/clicks", json!({"code": "SPRING"})).await;
    assert_eq!((secret.status, secret.header("access-control-allow-origin")), (201, ""));
    let keys = api.get("/api-keys").await.with(200);
    let listed = keys["data"].as_array().expect("keys").iter().find(|known| known["key"] == key.key.as_str());
    assert_eq!(listed.expect("the key")["origins"], json!([SHOP, "http://localhost:*"]));
});

on_both!(other_origins_and_routes_are_refused, |db| {
    let site = Site::start(db).await;
    with_code(&site).await;
    let key = Api::publishable(&site, SHOP).await;
    let code = json!({"code": "SPRING"});
    for origin in [
        "null",
        "https://evil.example",
        "http://shop.example",
        "https://shop.example:8443",
        "https://shop.example.evil.example",
        "https://www.shop.example",
        "HTTPS://SHOP.EXAMPLE",
        "http://localhost:5173",
        "",
    ] {
        for path in ["/codes/validate", "/clicks"] {
            let answer = send(&key, origin, path, code.clone()).await;
            assert_eq!((answer.status, answer.code(), may_read(&answer)), (403, "forbidden", ""), "{origin}");
            let asked = ask(&site, origin, path).await;
            assert_eq!((asked.status, asked.code(), may_read(&asked)), (403, "forbidden", ""), "{origin}");
        }
    }
    let without = key.post("/codes/validate", code.clone()).await;
    assert_eq!((without.status, without.code()), (403, "forbidden"));
    let twice = [("origin", SHOP), ("origin", "https://evil.example")];
    assert_eq!(key.send("POST", "/clicks", &twice, Some(code.clone())).await.status, 403);
    // A page of one key with another key may read why not.
    Api::publishable(&site, "https://blog.example").await;
    let other = send(&key, "https://blog.example", "/clicks", code).await;
    assert_eq!((other.status, may_read(&other)), (403, "https://blog.example"));
    let shop = [("origin", SHOP)];
    for (method, path) in [
        ("GET", "/codes"),
        ("GET", "/clicks"),
        ("PUT", "/clicks"),
        ("GET", "/openapi.json"),
        ("GET", "/no-such-thing"),
        ("POST", "/codes/validate/"),
        ("OPTIONS", "/codes"),
        ("OPTIONS", "/clicks"),
    ] {
        let answer = key.send(method, path, &shop, None).await;
        assert_eq!((answer.status, answer.code()), (403, "forbidden"), "{method} {path}");
    }
    let asked = ask(&site, SHOP, "/codes").await;
    assert_eq!((asked.status, asked.header("access-control-allow-origin")), (405, ""));
});

on_both!(a_page_does_not_say_who_its_visitor_is, |db| {
    let site = Site::start(db).await;
    let api = with_code(&site).await;
    let key = Api::publishable(&site, SHOP).await;
    let click = async |agent: &str, named: Option<&str>, more: Value| {
        let mut body = json!({"code": "SPRING"});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let mut headers = vec![("origin", SHOP), ("user-agent", agent)];
        headers.extend(named.map(|name| ("idempotency-key", name)));
        key.send("POST", "/clicks", &headers, Some(body)).await.with(201)
    };
    let counted = async || api.get("/codes/by-code/SPRING").await.with(200)["clicks"].clone();
    click("Firefox/140", None, json!({})).await;
    // Nobody becomes another visitor by what a script says.
    for n in 0..4 {
        let told =
            json!({"ip": format!("192.0.2.{n}"), "user_agent": format!("Firefox/{n}"), "visitor": format!("v{n}")});
        click("Firefox/140", None, told).await;
    }
    click("Firefox/140", None, json!({"ip": "nowhere"})).await;
    assert_eq!(counted().await, 1);
    let bot = click("Googlebot/2.1", None, json!({"user_agent": "Firefox/140"})).await;
    assert_eq!((&bot["suspicion"], counted().await), (&json!("bot"), json!(1)));
    // The name of a request is that of its visitor.
    let first = click("Firefox/141", Some("click"), json!({})).await;
    assert_eq!(click("Firefox/141", Some("click"), json!({})).await, first);
    assert_ne!(click("Firefox/142", Some("click"), json!({})).await["click_id"], first["click_id"]);
    assert_eq!(counted().await, 3);
    let asked = send(&key, SHOP, "/codes/validate", json!({"code": "SPRING", "user_id": 1})).await;
    assert_eq!((asked.code(), asked.fields(), may_read(&asked)), ("validation", vec!["user_id"], SHOP));
    let ann = api.post("/users", json!({"email": "ann@example.com", "click_id": first["click_id"]})).await.with(201);
    assert_eq!(ann["attribution"]["credited"], true, "{ann}");
});

on_both!(a_publishable_key_ends_and_moves_at_once, |db| {
    let site = Site::start(db).await;
    let api = with_code(&site).await;
    let admin = site.admin().await;
    let fields =
        [("form", "create_publishable_key"), ("name", "Pages"), ("origins", "https://shop.example/, nonsense")];
    let refused = admin.post("/admin/api-keys", &fields).await;
    assert_eq!((refused.status.as_u16(), refused.alerts().len()), (422, 1), "{:?}", refused.alerts());
    assert_eq!(refused.find("#origins-error").as_deref().map(|told| told.contains("nonsense")), Some(true));
    assert_eq!(refused.find("#publishable-name").as_deref(), Some("Pages"));
    let fields = [("form", "create_publishable_key"), ("name", "Pages"), ("origins", "https://shop.example/")];
    let made = admin.post("/admin/api-keys", &fields).await;
    assert!(made.cookies().is_empty() && made.location().starts_with("/admin/api-keys?new="), "{:?}", made.cookies());
    let id = made.location().split_once("new=").expect("an id").1.to_owned();
    let page = admin.get(made.location()).await;
    assert!(page.text().contains("Key created"), "{}", page.text());
    let shown = page.find(&format!("#key-{id}")).expect("the key");
    let snippet = page.find(&format!("#snippet-{id}")).expect("a snippet");
    assert!(snippet.contains(&format!("{}/api/v1/codes/validate", site.state.base_url)) && snippet.contains(&shown));
    // It is shown again.
    assert_eq!(admin.get("/admin/api-keys").await.find(&format!("#key-{id}")), Some(shown.clone()));
    let key = Api::with(&site, &shown);
    let checks = async |origin| send(&key, origin, "/codes/validate", json!({"code": "SPRING"})).await;
    assert_eq!(checks(SHOP).await.status, 200);

    let change = async |origins: &str| {
        admin.post("/admin/api-keys", &[("form", "set_key_origins"), ("id", &id), ("origins", origins)]).await
    };
    let refused = change("https://shop.example/path").await;
    assert_eq!((refused.status.as_u16(), refused.alerts().len()), (422, 1));
    assert_eq!(refused.find(&format!("details[open] #origins-{id}")).as_deref(), Some("https://shop.example/path"));
    assert_eq!(change("https://blog.example").await.location(), "/admin/api-keys?done=origins-saved");
    assert_eq!((checks(SHOP).await.status, checks("https://blog.example").await.status), (403, 200));
    assert_eq!(ask(&site, SHOP, "/clicks").await.status, 403);
    let secret = admin.post("/admin/api-keys", &[("form", "set_key_origins"), ("id", "1"), ("origins", SHOP)]).await;
    assert_eq!(secret.status.as_u16(), 404);

    api.delete(&format!("/api-keys/{id}")).await.with(204);
    let revoked = checks("https://blog.example").await;
    assert_eq!((revoked.status, revoked.code(), may_read(&revoked)), (401, "unauthorized", "https://blog.example"));
    assert_eq!(ask(&site, "https://blog.example", "/clicks").await.status, 403);
    assert_eq!(change(SHOP).await.status.as_u16(), 404);
    let log = admin.get("/admin/audit").await.text();
    for said in ["API key created", "API key origins changed", "API key revoked", "https://blog.example"] {
        assert!(log.contains(said), "{said}: {log}");
    }
});

on_both!(whoever_guesses_from_a_page_is_slowed_down, |db| {
    let site = Site::start_with(db, &["--rate-limits", "on", "--trusted-proxies", "127.0.0.1/32"]).await;
    site.set("referral_codes_enabled", "true").await;
    with_code(&site).await;
    let keys = [Api::publishable(&site, SHOP).await, Api::publishable(&site, SHOP).await];
    let check = async |n: usize, ip: &str, code: &str| {
        let headers = [("origin", SHOP), ("x-forwarded-for", ip)];
        let body = json!({"code": code, "ip": "198.51.100.77"});
        keys[n % 2].send("POST", "/codes/validate", &headers, Some(body)).await
    };
    let (mut valid, mut limited) = (vec![], 0);
    for n in 0..70 {
        let answer = check(n, "192.0.2.1", &format!("GUESS{n}")).await;
        if answer.status == 429 {
            assert_eq!((answer.code(), may_read(&answer)), ("rate_limited", SHOP));
            assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0));
            limited += 1;
        }
        if n == 20 || n == 50 {
            valid.push(check(n, "192.0.2.1", "SPRING").await.with(200)["valid"].clone());
        }
    }
    // After thirty wrong codes none is found, and after sixty requests none is looked for, whichever key is taken.
    assert_eq!(valid, [true, false]);
    assert!((1..=12).contains(&limited), "{limited}");
    assert_eq!(check(0, "192.0.2.200", "SPRING").await.with(200), json!({"valid": true}));
});

on_both!(a_key_makes_keys_that_end_with_its_admin, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let fields = [("form", "create_api_key"), ("name", "Root"), ("scopes", "read,write,admin")];
    let made = admin.post("/admin/api-keys", &fields).await;
    let root = Api::with(&site, &admin.get(made.location()).await.find("#secret").expect("the key"));
    let new = json!({"name": "Shop", "scopes": ["read", "write"]});
    let named = [("idempotency-key", "shop")];
    let shop = root.send("POST", "/api-keys", &named, Some(new.clone())).await.with(201);
    let secret = shop["key"].as_str().expect("the key").to_owned();
    assert!(secret.starts_with("pal_") && secret.len() == 47, "{secret}");
    assert_eq!((&shop["owner"], &shop["kind"], &shop["works"]), (&json!("admin"), &json!("secret"), &json!(true)));
    assert_eq!((&shop["scopes"], &shop["origins"]), (&json!(["read", "write"]), &json!([])));
    // The secret is kept nowhere, not even for the same request.
    let again = root.send("POST", "/api-keys", &named, Some(new)).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    let again = again.with(201);
    assert_eq!((&again["id"], &again["key"]), (&shop["id"], &Value::Null));
    let page =
        json!({"name": "Pages", "kind": "publishable", "origins": ["https://SHOP.example", "http://localhost:*"]});
    let page = root.post("/api-keys", page).await.with(201);
    assert_eq!((&page["scopes"], &page["origins"]), (&json!([]), &json!([SHOP, "http://localhost:*"])));
    let first = root.get("/api-keys?limit=1").await.with(200);
    assert_eq!(first["data"], json!([page]));
    let rest = root.get(&format!("/api-keys?after={}", first["next"].as_str().expect("more"))).await.with(200);
    let names: Vec<_> = rest["data"].as_array().expect("keys").iter().map(|key| key["name"].clone()).collect();
    assert_eq!(
        (names, &rest["next"], &rest["data"][0]["key"]),
        (vec![json!("Shop"), json!("Root")], &Value::Null, &Value::Null)
    );
    for (wrong, field) in [
        (json!({"name": "", "scopes": ["read"]}), "name"),
        (json!({"name": "X"}), "scopes"),
        (json!({"name": "X", "scopes": ["root"]}), "scopes[0]"),
        (json!({"name": "X", "scopes": ["read"], "origins": [SHOP]}), "origins"),
        (json!({"name": "X", "kind": "publishable"}), "origins"),
        (json!({"name": "X", "kind": "publishable", "origins": ["*"]}), "origins"),
        (json!({"name": "X", "kind": "publishable", "origins": [SHOP], "scopes": ["read"]}), "scopes"),
    ] {
        let refused = root.post("/api-keys", wrong.clone()).await;
        assert_eq!((refused.code(), refused.fields()), ("validation", vec![field]), "{wrong}");
    }
    let shop_key = Api::with(&site, &secret);
    let read = async |key: &Api| key.get("/settings").await.status;
    assert_eq!((read(&shop_key).await, shop_key.get("/api-keys").await.status), (200, 403));
    // A key may revoke itself; what it has made goes on, and ends with their admin.
    let id = rest["data"][1]["id"].clone();
    root.delete(&format!("/api-keys/{id}")).await.with(204);
    assert_eq!(root.delete(&format!("/api-keys/{id}")).await.code(), "unauthorized");
    assert_eq!(read(&shop_key).await, 200);
    let other = Api::new(&site, "admin").await;
    let owner = other.get("/users?email=admin@example.com").await.with(200)["data"][0]["id"].clone();
    let mut tx = site.state.db.begin().await.expect("a transaction");
    passalong::server::store::users::delete(&mut tx, passalong::domain::ids::UserId(owner.as_i64().expect("an id")))
        .await
        .expect("deleted");
    tx.commit().await.expect("stored");
    assert_eq!(read(&shop_key).await, 401);
    assert_eq!(other.delete("/api-keys/999").await.code(), "not_found");
});

on_both!(a_page_with_a_cookie_stays_a_stranger, |db| {
    let site = Site::start(db).await;
    with_code(&site).await;
    let key = Api::publishable(&site, SHOP).await;
    let admin = site.admin().await;
    let request = admin.client.post(admin.url("/api/v1/codes")).header("origin", SHOP).bearer_auth(&key.key);
    let answer = Page::read(request.send().await.expect("an answer")).await;
    assert_eq!(answer.status.as_u16(), 403);
    assert_eq!(answer.header("access-control-allow-credentials"), "");
});

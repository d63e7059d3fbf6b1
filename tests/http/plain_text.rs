//! What people type: one form for what is the same, and nothing that nobody sees, at every door.

use crate::{
    api::Api,
    on_both,
    site::{Browser, PASSWORD, Page, Site},
};
use passalong::{
    domain::accounts::email::Email,
    server::{
        actions::accounts::{create_admin, set_up},
        http::router,
        store::{secrets, users},
    },
};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// A control character of each kind, and some that have no width.
const HIDDEN: [char; 7] = ['\0', '\u{1b}', '\u{85}', '\u{ad}', '\u{200b}', '\u{202e}', '\u{feff}'];

async fn sign_up(browser: &Browser, email: &str, username: &str, password: &str) -> Page {
    browser.post("/signup", &[("email", email), ("username", username), ("password", password)]).await
}

async fn signs_in(site: &Site, email: &str, password: &str) -> bool {
    let page = site.browser().post("/signin", &[("email", email), ("password", password)]).await;
    page.status == StatusCode::SEE_OTHER
}

/// Refused as a form: the message stands at its field, and what was typed is kept.
fn refused_at(page: &Page, field: &str, text: &str) {
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {text:?}");
    assert_eq!(page.find(&format!("#{field}-error")).as_deref(), Some(UNSEEN), "{field} {text:?}: {}", page.text());
}

/// The address of a form, its fields of text, and what else it needs.
type FormFields<'a> = (&'a str, &'a [&'a str], &'a [(&'a str, &'a str)]);

const UNSEEN: &str = "This contains an invisible character. Type it again.";

on_both!(nothing_invisible_makes_a_second_account_of_an_address, |db| {
    let site = Site::start(db).await;
    site.user("ann").await;
    let api = Api::new(&site, "write").await;
    for c in HIDDEN.into_iter().chain("\u{200d}\u{2060}\u{fe0f}\u{e0041}".chars()) {
        for twin in [format!("an{c}n@example.com"), format!("ann@exam{c}ple.com")] {
            refused_at(&sign_up(&site.browser(), &twin, "twin", PASSWORD).await, "email", &twin);
            let answer = api.post("/users", json!({"email": twin})).await;
            assert_eq!((answer.code(), answer.fields()), ("validation", vec!["email"]), "{twin:?}");
        }
    }
});

on_both!(an_address_is_one_account_in_every_spelling, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let ann = site.browser();
    let page = sign_up(&ann, "Zoe\u{308}@Bücher.example", "ann", PASSWORD).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    assert!(ann.get("/profile").await.text().contains("zo\u{eb}@bücher.example"));
    for same in ["zo\u{eb}@xn--bcher-kva.example", "ZOE\u{308}@BU\u{308}CHER.EXAMPLE", "zo\u{eb}@bücher。example"] {
        assert!(signs_in(&site, same, PASSWORD).await, "{same}");
        assert_eq!(sign_up(&site.browser(), same, "twin", PASSWORD).await.status, StatusCode::CONFLICT, "{same}");
        assert_eq!(api.post("/users", json!({"email": same})).await.fields(), ["email"], "{same}");
        // An admin who looks for it finds it.
        let found = site.admin().await.get(&format!("/admin/users?q={same}")).await;
        assert!(found.text().contains("zo\u{eb}@bücher.example"), "{same}: {}", found.text());
    }
    for host in ["हिन्दी.भारत", "ตัวอย่าง.ไทย", "தமிழ்.இந்தியா"]
    {
        let made = api.post("/users", json!({"email": format!("ann@{host}")})).await.with(201);
        assert!(
            made["email"].as_str().is_some_and(|email| email.starts_with("ann@xn--") && email.is_ascii()),
            "{made}"
        );
    }
});

on_both!(every_keyboard_signs_in, |db| {
    let (composed, decomposed) = ("p\u{e4}ss w\u{f6}rd", "pa\u{308}ss\u{a0}wo\u{308}rd");
    let more = ["--admin-email", "root@example.com", "--admin-password", decomposed];
    let site = Site::start_with(db, &more).await;
    create_admin::ensure_first_admin(&site.state).await.expect("an admin");
    assert!(signs_in(&site, "root@example.com", composed).await);
    let ann = site.browser();
    assert_eq!(sign_up(&ann, "ann@example.com", "ann", composed).await.status, StatusCode::SEE_OTHER);
    assert!(signs_in(&site, "ann@example.com", decomposed).await);
    let change = [("form", "change_password"), ("current", decomposed), ("password", "zwo\u{308}lf Boxka\u{308}mpfer")];
    assert_eq!(ann.post("/profile", &change).await.location(), "/profile?done=password");
    assert!(signs_in(&site, "ann@example.com", "zw\u{f6}lf\u{3000}Boxk\u{e4}mpfer").await);
    let leave = [("form", "delete_account"), ("password", "zw\u{f6}lf Boxk\u{e4}mpfer")];
    assert_eq!(ann.post("/profile", &leave).await.location(), "/?done=deleted");
    // Eight characters are eight however they are typed.
    let short = sign_up(&site.browser(), "bob@example.com", "bob", "a\u{308}o\u{308}u\u{308}e\u{301}1").await;
    assert_eq!(short.alerts(), ["Passwords need at least 8 characters."]);
    refused_at(&sign_up(&site.browser(), "bob@example.com", "bob", "tr4m-\0line").await, "password", "NUL");
});

on_both!(the_set_up_page_takes_a_password_of_any_keyboard, |db| {
    let site = Site::start_with(db, &[]).await;
    set_up::announce_token(&site.state).await.expect("a token");
    let mut tx = site.state.db.read().await.expect("a transaction");
    let token = secrets::get(&mut tx, "setup_token").await.expect("read").expect("a token");
    drop(tx);
    let token = String::from_utf8(token).expect("text");
    let fields =
        |email| [("token", token.as_str()), ("email", email), ("username", "root-1"), ("password", "tra\u{308}m-line")];
    refused_at(&site.browser().post("/setup", &fields("ro\u{200b}ot@example.com")).await, "email", "zero width");
    assert_eq!(site.browser().post("/setup", &fields("root@example.com")).await.location(), "/admin");
    assert!(signs_in(&site, "root@example.com", "tr\u{e4}m-line").await);
});

on_both!(one_line_fields_of_forms_hold_only_what_is_seen, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let forms: [FormFields<'_>; 4] = [
        ("/admin/codes/new", &["description", "category"], &[("description", "d"), ("max_uses", "1")]),
        (
            "/admin/codes/bulk",
            &["description", "category"],
            &[("description", "d"), ("max_uses", "1"), ("count", "1"), ("length", "8")],
        ),
        ("/admin/api-keys", &["name"], &[("form", "create_api_key"), ("scopes", "read")]),
        ("/admin/settings", &["program_name", "welcome_text"], &SETTINGS),
    ];
    for (path, fields, rest) in forms {
        for field in fields {
            for c in HIDDEN {
                let text = format!("a{c}b");
                let sent: Vec<_> =
                    rest.iter().copied().filter(|(name, _)| name != field).chain([(*field, &*text)]).collect();
                refused_at(&admin.post(path, &sent).await, field, &text);
            }
        }
    }
    // These have letters of their own only; a code with others is none.
    let anybody = site.browser();
    for (browser, path, field) in [
        (&anybody, "/signup", "username"),
        (&anybody, "/signup", "code"),
        (&admin, "/admin/codes/new", "code"),
        (&admin, "/admin/codes/bulk", "prefix"),
    ] {
        let page = browser.post(path, &[(field, "a\0b")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(page.find(&format!("#{field}-error")).is_some(), "{path} {field}: {}", page.text());
    }
    // Text of several lines may have them; browsers send them in their own way.
    let text = "Welcome!\r\n\tYou both gain.";
    let sent: Vec<_> = SETTINGS.into_iter().chain([("welcome_text", text)]).collect();
    assert_eq!(admin.post("/admin/settings", &sent).await.location(), "/admin/settings?done=saved");
    assert_eq!(site.settings().welcome_text, "Welcome!\n\tYou both gain.");
    // Persian names are written with joiners, and so are emoji.
    let code = [("description", "علی‌رضا ❤️‍🔥"), ("max_uses", "1")];
    assert_eq!(admin.post("/admin/codes/new", &code).await.status, StatusCode::SEE_OTHER);
});

const SETTINGS: [(&str, &str); 2] = [("form", "update_settings"), ("program_name", "Acme")];

on_both!(programs_are_told_which_field_holds_what_nobody_sees, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "admin").await;
    let ann = api.post("/users", json!({"email": "ann@example.com"})).await.with(201);
    let code = api.post("/codes", json!({"code": "SPRING", "description": "d"})).await.with(201);
    let referral_path = format!("/users/{}/referral", ann["id"]);
    let (user_path, code_path) = (format!("/users/{}", ann["id"]), format!("/codes/{}", code["id"]));
    let bodies: [(&str, &str, Value, &[&str]); 8] = [
        (
            "POST",
            "/users",
            json!({"email": "bob@example.com"}),
            &["email", "username", "external_id", "account_id", "full_name", "phone", "locale"],
        ),
        (
            "PATCH",
            &user_path,
            json!({}),
            &["email", "username", "external_id", "account_id", "full_name", "phone", "locale"],
        ),
        ("POST", "/codes", json!({"description": "d"}), &["code", "description", "category"]),
        ("PATCH", &code_path, json!({}), &["description", "category"]),
        ("POST", "/codes/bulk", json!({"description": "d", "count": 1}), &["prefix", "description", "category"]),
        ("PATCH", "/settings", json!({}), &["program_name", "welcome_text", "policy_url", "currency", "logo_url"]),
        ("POST", "/clicks", json!({"code": "SPRING"}), &["ip"]),
        ("PUT", &referral_path, json!({"code": null, "reason": "r"}), &["reason"]),
    ];
    for (method, path, body, fields) in &bodies {
        for field in *fields {
            for c in HIDDEN {
                let mut body = body.clone();
                body[*field] = json!(format!("a{c}b"));
                let answer = api.send(method, path, &[], Some(body)).await;
                let told = (answer.status, answer.code(), answer.fields());
                assert_eq!(told, (422, "validation", vec![*field]), "{method} {path} {field} {c:?}");
            }
        }
    }
    // Where only control characters break anything.
    for (path, field) in [("/clicks", "channel"), ("/clicks", "user_agent"), ("/clicks", "referrer")] {
        for c in ['\0', '\u{1b}', '\u{85}'] {
            let mut body = json!({"code": "SPRING"});
            body[field] = json!(format!("a{c}b"));
            let answer = api.post(path, body).await;
            assert_eq!((answer.status, answer.fields()), (422, vec![field]), "{path} {field} {c:?}");
        }
    }
    // What links bring is read leniently: it is an unknown code.
    for c in ['\0', '\u{1b}', '\u{85}'] {
        let code = format!("a{c}b");
        assert_eq!(api.post("/clicks", json!({"code": code})).await.code(), "code_not_found", "{c:?}");
        assert_eq!(api.post("/codes/validate", json!({"code": code})).await.with(200)["valid"], false, "{c:?}");
        let typed = api.post("/users", json!({"email": "c@example.com", "code": code})).await;
        assert_eq!(typed.code(), "code_not_found", "{c:?}");
    }
    for (path, name) in [
        ("/codes", "after"),
        ("/codes", "category"),
        ("/users", "q"),
        ("/users", "email"),
        ("/users/1/referrals", "after"),
    ] {
        for text in ["%00", "a%1Bb", "a%C2%85b"] {
            let answer = api.get(&format!("{path}?{name}={text}")).await;
            assert_eq!((answer.status, answer.fields()), (422, vec![name]), "{path} {name} {text}");
        }
    }
    for path in ["/codes/by-code/a%00b", "/users/ext:a%00b", "/users/ext:a%1Bb", "/users/a%00b"] {
        assert_eq!(api.get(path).await.status, 404, "{path}");
    }
});

/// Every name that a field or a parameter has anywhere.
const NAMES: [&str; 38] = [
    "action",
    "account_id",
    "active",
    "after",
    "back",
    "beneficiary",
    "category",
    "code",
    "consent",
    "count",
    "current",
    "days",
    "description",
    "done",
    "email",
    "expires_at",
    "external_id",
    "for",
    "goal",
    "invitation",
    "length",
    "linked",
    "max_uses",
    "name",
    "next",
    "password",
    "prefix",
    "program_name",
    "q",
    "reason",
    "ref",
    "ref_code",
    "rule",
    "scopes",
    "sort",
    "state",
    "status",
    "token",
];

on_both!(no_door_breaks_on_characters_that_a_database_refuses, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    for text in ["\0", "a\0b", "\u{1}", "17.ta\0b", "\u{ffff}"] {
        let fields: Vec<(&str, &str)> = NAMES.iter().map(|name| (*name, text)).chain([("id", "1")]).collect();
        let query = serde_urlencoded(&fields);
        let exports = router::EXPORTS.iter().map(|(path, _)| (*path).to_owned());
        for path in router::pages().into_iter().chain(exports).chain(["/r/a%00b".into(), "/theme/a%00b.css".into()]) {
            for id in ["1", "a%00b"] {
                let page = admin.get(&format!("{}?{query}", path.replace("{id}", id))).await;
                assert!(page.status.as_u16() < 500, "{path}: {} {}", page.status, page.text());
            }
        }
        for (path, _) in leptos::server_fn::axum::server_fn_paths() {
            // Signing out and leaving would end the walk.
            if path.ends_with("sign_out") || path.ends_with("delete_account") || path.ends_with("end_session") {
                continue;
            }
            let page = admin.post(path, &fields).await;
            assert!(page.status.as_u16() < 500, "{path}: {} {}", page.status, page.text());
        }
        let filter = json!({"filter": {"q": text, "status": text, "category": text, "beneficiary": text, "sort": "code",
                                       "descending": false, "after": text}});
        let request = admin.client.post(admin.url("/fn/load_codes")).json(&filter);
        let status = request.send().await.expect("an answer").status();
        assert!(status.as_u16() < 500, "load_codes: {status}");
    }
    for path in [
        "/admin/users?q=a%00b",
        "/admin/audit?action=a%00b",
        "/admin/referrals?q=a%00b&rule=%00",
        "/admin/codes?q=a%00b&category=%00&beneficiary=a%00b",
    ] {
        assert_eq!(admin.get(path).await.status, StatusCode::OK, "{path}");
    }
});

fn serde_urlencoded(fields: &[(&str, &str)]) -> String {
    let url = reqwest::Url::parse_with_params("http://127.0.0.1/", fields).expect("an address");
    url.query().unwrap_or_default().to_owned()
}

on_both!(an_address_is_stored_in_one_form, |db| {
    let site = Site::start(db).await;
    sign_up(&site.browser(), " Ann@BÜCHER.example ", "ann", PASSWORD).await;
    let email = Email::parse("ann@xn--bcher-kva.example").expect("an address");
    let mut tx = site.state.db.read().await.expect("a transaction");
    let ann = users::by_email(&mut tx, &email).await.expect("read").expect("Ann");
    assert_eq!(ann.email, "ann@xn--bcher-kva.example");
});

//! The way in: what a friend sees who follows a link, the first run, and forms that are sent twice.

use crate::{
    api::Api,
    on_both,
    site::{Browser, PASSWORD, Page, Site},
    twice::{filled, send},
};
use passalong::server::{
    actions::accounts::set_up,
    store::{secrets, user_names},
};
use reqwest::StatusCode;
use scraper::{Html, Selector};
use serde_json::json;

const INVALID: &str = "This invitation link isn’t valid any more. You can still join.";

fn count(page: &Page, selector: &str) -> usize {
    Html::parse_document(&page.body).select(&Selector::parse(selector).expect("a selector")).count()
}

fn heading(page: &Page) -> String {
    page.find("h1").expect("a heading")
}

on_both!(a_friend_sees_who_invites_and_what_both_get, |db| {
    let site = Site::start(db).await;
    site.set("program_name", "\"Acme Friends\"").await;
    let (ann, api) = (site.user("ann").await, Api::new(&site, "admin").await);
    let page = site.browser().follow(&ann.link().await).await;
    assert_eq!(heading(&page), "ann invited you to Acme Friends");
    assert!(page.of("welcome").starts_with("You get "), "{}", page.text());
    assert!(page.of("welcome-referrer").starts_with("ann gets "), "{}", page.text());
    assert!(page.find("details.invitation summary").expect("a chip").contains("ann’s invitation"));
    assert_eq!(count(&page, "details.invitation[open]"), 0);
    assert_eq!(count(&page, "details.invitation input[name=code]"), 1);

    // Coming back later, the visit is what is remembered.
    let friend = site.browser();
    friend.follow(&ann.link().await).await;
    assert_eq!(heading(&friend.get("/signup").await), "ann invited you to Acme Friends");

    // A campaign code is somebody's or nobody's.
    let id = user_names::named(&mut site.state.db.read().await.expect("a transaction"), "ann").await.expect("read");
    let mine = json!({"code": "MINE", "description": "d", "beneficiary_id": id.expect("ann").0});
    for body in [mine, json!({"code": "SPRING", "description": "d"})] {
        api.post("/codes", body).await.with(201);
    }
    assert_eq!(heading(&site.browser().follow("/r/MINE").await), "ann invited you to Acme Friends");
    let page = site.browser().follow("/r/SPRING").await;
    assert_eq!(heading(&page), "You’re invited to Acme Friends");
    assert!(page.find("details.invitation summary").expect("a chip").contains("Code SPRING"));
    assert_eq!(count(&page, "[data-testid='welcome-referrer']"), 0);
    let page = site.browser().get("/signup").await;
    assert_eq!((heading(&page).as_str(), count(&page, "details.invitation")), ("Join Acme Friends", 0));
    assert!(page.of("welcome").starts_with("With a friend’s code you get "));

    // Who has typed another code since is not said to come by ann.
    let there = friend.get(&ann.link().await).await.location().to_owned();
    let code = there.split_once("ref=").expect("a code").1;
    let fields = [("email", "bob"), ("username", "bob"), ("password", PASSWORD), ("linked", code), ("code", "SPRING")];
    let page = friend.post(&there, &fields).await;
    assert_eq!((page.status, heading(&page).as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "Join Acme Friends"));
    assert_eq!((count(&page, "details.invitation"), page.find("#code").as_deref()), (0, Some("SPRING")));
    let fields = [("email", "bob"), ("username", "bob"), ("password", PASSWORD), ("linked", code), ("code", code)];
    let page = friend.post(&there, &fields).await;
    assert_eq!(heading(&page), "ann invited you to Acme Friends");
});

on_both!(links_that_cannot_be_used_are_told_in_the_same_words, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "admin").await;
    let off = json!({"code": "SWITCHED-OFF", "description": "d"});
    let path = format!("/codes/{}", api.post("/codes", off).await.with(201)["id"]);
    api.patch(&path, json!({"active": false})).await.with(200);
    let mut shown = vec![];
    for link in ["/r/SWITCHED-OFF", "/r/NEVER-WAS", "/signup?ref=SWITCHED-OFF", "/signup?ref=NEVER-WAS"] {
        let browser = site.browser();
        let page = if link.starts_with("/r/") { browser.follow(link).await } else { browser.get(link).await };
        assert_eq!(page.of("link-invalid"), INVALID, "{link}");
        assert_eq!(page.find("input[name=code]").as_deref(), Some(""), "{link}");
        assert_eq!(page.alerts(), Vec::<String>::new(), "{link}");
        shown.push(page.text());
        let joined = browser.sign_up(&format!("friend{}", shown.len()), &[]).await;
        assert_eq!(joined.location(), "/dashboard", "{link}");
    }
    shown.dedup();
    assert_eq!(shown.len(), 1, "{shown:?}");
    for address in ["/signup", "/signup?ref=", "/signup?invitation=other"] {
        assert_eq!(count(&site.browser().get(address).await, "[data-testid='link-invalid']"), 0, "{address}");
    }
    // Nobody is told to join who cannot, and a paused program says nothing of links.
    site.set("referral_codes_required", "true").await;
    let told = site.browser().follow("/r/NEVER-WAS").await.of("link-invalid");
    assert!(told.ends_with("Ask for a new one, or enter another code."), "{told}");
    site.set("referral_codes_enabled", "false").await;
    let page = site.browser().follow("/r/NEVER-WAS").await;
    assert_eq!(count(&page, "[data-testid='link-invalid']"), 0);
    // What is known of an earlier visit still counts.
    site.set("referral_codes_enabled", "true").await;
    api.post("/codes", json!({"code": "SPRING", "description": "d"})).await.with(201);
    let friend = site.browser();
    friend.follow("/r/SPRING").await;
    let page = friend.follow("/r/NEVER-WAS").await;
    assert_eq!(count(&page, "[data-testid='link-invalid']"), 0);
    assert_eq!(page.find("input[name=code]").as_deref(), Some("SPRING"));
});

on_both!(who_joins_by_somebody_is_told_so_once, |db| {
    let site = Site::start(db).await;
    let (ann, friend) = (site.user("ann").await, site.browser());
    friend.follow(&ann.link().await).await;
    assert_eq!(friend.sign_up("bob", &[]).await.location(), "/dashboard?done=joined");
    let page = friend.get("/dashboard?done=joined").await;
    assert_eq!(page.find(".toast p").as_deref(), Some("You joined through ann."));
    assert_eq!(page.find("form.languages input[name=next]").as_deref(), Some("/dashboard"));
    assert_eq!(count(&friend.get("/dashboard").await, ".toast"), 0);
    // The name is that of the referral, whatever an address says.
    assert_eq!(count(&ann.get("/dashboard?done=joined&name=zoe").await, ".toast"), 0);
    assert_eq!(count(&site.browser().get("/signin?done=joined").await, ".toast"), 0);
    Api::new(&site, "admin").await.post("/codes", json!({"code": "SPRING", "description": "d"})).await.with(201);
    assert_eq!(site.browser().sign_up("carl", &[("code", "SPRING")]).await.location(), "/dashboard");
});

on_both!(who_is_signed_in_is_led_on, |db| {
    let site = Site::start(db).await;
    let (ann, admin) = (site.user("ann").await, site.admin().await);
    for (browser, way) in [(&ann, "/dashboard"), (&admin, "/admin")] {
        for address in ["/signup", "/signin", "/signin?next=//evil.example"] {
            let page = browser.get(address).await;
            assert_eq!((page.status, heading(&page).as_str()), (StatusCode::OK, "You’re already signed in"));
            assert_eq!(count(&page, &format!("main .actions a[href='{way}']")), 1, "{address}");
            assert_eq!(count(&page, "input[type=password]"), 0, "{address}");
        }
    }
    assert_eq!(count(&ann.get("/signin?next=%2Fprofile").await, "main .actions a[href='/profile']"), 1);
    // A form that was open before still says what is wrong with it.
    let refused = ann.post("/signin", &[("email", "ann@example.com"), ("password", "wrong-password")]).await;
    assert_eq!((refused.status, refused.alerts().len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    let sign_in = [("email", "admin@example.com"), ("password", PASSWORD)];
    assert_eq!(site.browser().post("/signin", &sign_in).await.location(), "/admin");
    let next = [("email", "admin@example.com"), ("password", PASSWORD), ("next", "/profile")];
    assert_eq!(site.browser().post("/signin", &next).await.location(), "/profile");
});

async fn token(site: &Site) -> String {
    set_up::announce_token(&site.state).await.expect("a token");
    let mut tx = site.state.db.read().await.expect("a transaction");
    String::from_utf8(secrets::get(&mut tx, "setup_token").await.expect("read").expect("a token")).expect("text")
}

/// Whether this browser is signed in.
async fn is_in(browser: &Browser) -> bool {
    browser.get("/dashboard").await.status == StatusCode::OK
}

on_both!(set_up_asks_for_the_name_and_tells_all_that_is_wrong_at_once, |db| {
    let site = Site::start_with(db, &[]).await;
    let token = token(&site).await;
    let browser = site.browser();
    let long = "x".repeat(61);
    let wrong = [("token", "x"), ("program_name", &long), ("email", "a"), ("username", "a"), ("password", "a")];
    let page = browser.post("/setup", &wrong).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["token", "program_name", "email", "username", "password"] {
        assert!(page.find(&format!("#{field}-error")).is_some(), "{field}: {}", page.text());
    }
    assert_eq!(page.find("input[name=program_name]"), Some(long.clone()));
    let typed = [
        ("token", token.as_str()),
        ("program_name", " Acme Friends "),
        ("email", "root@example.com"),
        ("username", "root-1"),
        ("password", PASSWORD),
    ];
    // Pressed twice, and once more.
    let fields = filled(&browser, "/setup", "set_up", &typed).await;
    let (first, second) = tokio::join!(send(&browser, "/setup", &fields), send(&browser, "/setup", &fields));
    for page in [first, second, send(&site.browser(), "/setup", &fields).await] {
        assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/admin"), "{}", page.text());
    }
    assert!(is_in(&browser).await);
    assert_eq!(
        (site.settings().program_name.as_str(), site.settings().referral_codes_enabled),
        ("Acme Friends", false)
    );
    let other = filled(&site.browser(), "/signup", "none", &typed).await;
    assert_eq!(send(&site.browser(), "/setup", &other).await.status, StatusCode::NOT_FOUND);
});

on_both!(a_form_for_an_account_creates_one_however_often_it_is_sent, |db| {
    let site = Site::start(db).await;
    let (ann, friend) = (site.user("ann").await, site.browser());
    friend.follow(&ann.link().await).await;
    for n in 0..5 {
        let (name, email) = (format!("bob-{n}"), format!("bob-{n}@example.com"));
        let typed = [("email", email.as_str()), ("username", &name), ("password", PASSWORD)];
        let browser = site.browser();
        let fields = filled(&browser, "/signup", "sign_up", &typed).await;
        let send = || send(&browser, "/signup", &fields);
        let (first, second) = tokio::join!(send(), send());
        let third = send().await;
        for page in [first, second, third] {
            assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/dashboard"), "{}", page.text());
        }
        assert!(is_in(&browser).await);
    }
    // By a link, each answer leads where the first one does, and one sign-up is counted.
    let code = ann.link().await.trim_start_matches("/r/").to_owned();
    let typed = [("email", "carl@example.com"), ("username", "carl"), ("password", PASSWORD), ("code", code.as_str())];
    let fields = filled(&friend, "/signup", "sign_up", &typed).await;
    for _ in 0..2 {
        assert_eq!(send(&friend, "/signup", &fields).await.location(), "/dashboard?done=joined");
    }
    assert_eq!(ann.numbers().await[1], 1);
    // What differs in anything is another form, and without its number every form is.
    let mut other = fields.clone();
    other.iter_mut().find(|(name, _)| name == "password").expect("a field").1 = "an0ther-line".into();
    assert_eq!(send(&site.browser(), "/signup", &other).await.status, StatusCode::CONFLICT);
    let plain: Vec<_> = fields.iter().filter(|(name, _)| name != "form_number").cloned().collect();
    assert_eq!(send(&site.browser(), "/signup", &plain).await.status, StatusCode::CONFLICT);
    // The form opens nothing any more once the account has another password.
    let change = [("form", "change_password"), ("current", PASSWORD), ("password", "an0ther-line")];
    assert_eq!(friend.post("/profile", &change).await.location(), "/profile?done=password");
    let late = site.browser();
    assert_eq!(send(&late, "/signup", &fields).await.status, StatusCode::CONFLICT);
    assert!(!is_in(&late).await);
});

on_both!(refusals_are_kind_and_in_the_language_of_the_reader, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let page = ann.get("/nothing/here").await;
    assert_eq!((page.status, heading(&page).as_str()), (StatusCode::NOT_FOUND, "Page not found"));
    let page = ann.get("/admin").await;
    assert_eq!((page.status, heading(&page).as_str()), (StatusCode::FORBIDDEN, "You don’t have access"));
    let foreign = async |language: &str| {
        let request = ann.client.post(ann.url("/signin")).header("origin", "https://evil.example");
        Page::read(request.header("accept-language", language).send().await.expect("an answer")).await
    };
    for (language, text) in
        [("en", "This form was sent from another site"), ("es", "Este formulario se envió desde otro sitio")]
    {
        let page = foreign(language).await;
        assert_eq!((page.status, page.body.starts_with(text)), (StatusCode::FORBIDDEN, true), "{}", page.body);
    }
    let request = ann.client.post(ann.url("/profile")).header("accept-language", "es").form(&[("form", "none")]);
    let page = Page::read(request.send().await.expect("an answer")).await;
    assert_eq!(
        (page.status, page.body.as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, "Ese formulario no existe en esta página.")
    );
});

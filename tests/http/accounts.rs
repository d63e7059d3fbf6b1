use crate::{
    on_both,
    site::{PASSWORD, Site},
};
use passalong::domain::time::DAY;
use reqwest::StatusCode;

on_both!(signing_up_signs_in_and_leads_to_the_dashboard, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let dashboard = ann.get("/dashboard").await;
    assert_eq!(dashboard.status, StatusCode::OK);
    assert!(dashboard.of("referral-link").starts_with(&format!("{}/r/", site.state.base_url)));
    assert_eq!(dashboard.of("goal"), "0 / 10");
    assert_eq!(ann.numbers().await, [0, 0, 0]);
});

on_both!(a_refused_form_comes_back_with_what_was_typed, |db| {
    let site = Site::start(db).await;
    let fields = [("email", "ann"), ("username", "a <b>"), ("password", "12345678")];
    let page = site.browser().post("/signup", &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.alerts().len(), 3, "{:?}", page.alerts());
    assert_eq!(page.find("input[name=email]").as_deref(), Some("ann"));
    assert_eq!(page.find("input[name=username]").as_deref(), Some("a <b>"));
    assert_eq!(page.find("input[name=password]").unwrap_or_default(), "");
    assert!(!page.body.contains("12345678"));
});

on_both!(an_email_and_a_username_have_one_account, |db| {
    let site = Site::start(db).await;
    site.user("ann").await;
    let page = site
        .browser()
        .post("/signup", &[("email", "ANN@example.com"), ("username", "Ann"), ("password", PASSWORD)])
        .await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert_eq!(page.alerts().len(), 2, "{:?}", page.alerts());
});

on_both!(signing_in_and_out, |db| {
    let site = Site::start(db).await;
    site.user("ann").await;
    let browser = site.browser();
    let to = browser.get("/profile").await;
    assert_eq!((to.status, to.location()), (StatusCode::SEE_OTHER, "/signin?next=%2Fprofile"));
    for (email, password) in [("ann@example.com", "wrong-password"), ("nobody@example.com", PASSWORD)] {
        let page = browser.post("/signin", &[("email", email), ("password", password)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(page.alerts(), ["Incorrect e-mail or password. Try again."]);
        assert_eq!(page.find("input[name=email]").as_deref(), Some(email));
    }
    let page =
        browser.post("/signin", &[("email", " Ann@Example.com"), ("password", PASSWORD), ("next", "/profile")]).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/profile"));
    let cookie = page.cookies().into_iter().find(|c| c.starts_with("passalong_session=")).expect("a session");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), "{cookie}");
    assert_eq!(browser.get("/profile").await.status, StatusCode::OK);
    assert_eq!(browser.post("/signout", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/profile").await.status, StatusCode::SEE_OTHER);
});

on_both!(a_session_has_a_new_token_each_time_and_dies_with_what_ends_it, |db| {
    let site = Site::start(db).await;
    let phone = site.user("ann").await;
    let laptop = site.browser();
    let sign_in = [("email", "ann@example.com"), ("password", PASSWORD)];
    let token = |page: &crate::site::Page| {
        page.cookies().into_iter().find(|c| c.starts_with("passalong_session")).expect("a session")
    };
    let first = token(&laptop.post("/signin", &sign_in).await);
    let second = token(&laptop.post("/signin", &sign_in).await);
    assert_ne!(first, second);

    // A token that somebody else has planted means nothing.
    let planted = laptop
        .client
        .get(laptop.url("/dashboard"))
        .header("cookie", "passalong_session=planted")
        .send()
        .await
        .expect("an answer");
    assert_ne!(planted.status(), StatusCode::INTERNAL_SERVER_ERROR);

    // Ending the phone's session from the laptop.
    let profile = laptop.get("/profile").await;
    let other = scraper::Html::parse_document(&profile.body);
    let ids = scraper::Selector::parse("input[name=id]").expect("a selector");
    let ids: Vec<_> = other.select(&ids).filter_map(|input| input.value().attr("value")).map(str::to_owned).collect();
    for id in ids {
        laptop.post("/profile", &[("form", "end_session"), ("id", &id)]).await;
    }
    assert_eq!(phone.get("/dashboard").await.status, StatusCode::SEE_OTHER);

    // A new password ends all other sessions and keeps this one.
    laptop.post("/signin", &sign_in).await;
    phone.post("/signin", &sign_in).await;
    let wrong = [("form", "change_password"), ("current", "not-it-at-all"), ("password", "an0ther-line")];
    let page = laptop.post("/profile", &wrong).await;
    assert_eq!((page.status, page.alerts().len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    let right = [("form", "change_password"), ("current", PASSWORD), ("password", "an0ther-line")];
    assert_eq!(laptop.post("/profile", &right).await.location(), "/profile?done=password");
    assert_eq!(laptop.get("/dashboard").await.status, StatusCode::OK);
    assert_eq!(phone.get("/dashboard").await.status, StatusCode::SEE_OTHER);
    assert_eq!(phone.post("/signin", &sign_in).await.status, StatusCode::UNPROCESSABLE_ENTITY);
});

on_both!(a_session_ends_after_thirty_days_without_use, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    site.clock.set(site.clock.now().plus(29 * DAY));
    assert_eq!(ann.get("/dashboard").await.status, StatusCode::OK);
    site.clock.set(site.clock.now().plus(29 * DAY));
    assert_eq!(ann.get("/dashboard").await.status, StatusCode::OK);
    site.clock.set(site.clock.now().plus(31 * DAY));
    assert_eq!(ann.get("/dashboard").await.status, StatusCode::SEE_OTHER);
});

on_both!(nobody_ends_the_sessions_of_others, |db| {
    let site = Site::start(db).await;
    let (ann, bob) = (site.user("ann").await, site.user("bob").await);
    for id in 1..10 {
        bob.post("/profile", &[("form", "end_session"), ("id", &id.to_string())]).await;
    }
    assert_eq!(ann.get("/dashboard").await.status, StatusCode::OK);
});

on_both!(the_first_admin_is_made_with_the_token_from_the_log, |db| {
    let site = Site::start_with(db, &[]).await;
    assert!(!site.settings().referral_codes_enabled);
    passalong::server::actions::accounts::set_up::announce_token(&site.state).await.expect("a token");
    let mut tx = site.state.db.read().await.expect("a transaction");
    let token = passalong::server::store::secrets::get(&mut tx, "setup_token").await.expect("read").expect("a token");
    let token = String::from_utf8(token).expect("text");
    drop(tx);
    let browser = site.browser();
    assert_eq!(browser.get("/setup").await.status, StatusCode::OK);
    let fields = |token: &'static str| {
        [
            ("token", token),
            ("email", "root@example.com"),
            ("username", "root-1"),
            ("password", PASSWORD),
            ("enable", "true"),
        ]
    };
    let page = browser.post("/setup", &fields("wrong")).await;
    assert_eq!((page.status, page.alerts().len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    let mut right = fields("");
    right[0].1 = &token;
    let page = browser.post("/setup", &right).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/admin"));
    assert!(site.settings().referral_codes_enabled);
    let log = browser.get("/admin/audit").await;
    assert!(log.text().contains("Program set up") && log.text().contains("by root-1"), "{}", log.text());
    assert_eq!(site.browser().get("/setup").await.status, StatusCode::NOT_FOUND);
    right[1].1 = "other@example.com";
    assert_eq!(site.browser().post("/setup", &right).await.status, StatusCode::NOT_FOUND);
});

on_both!(a_deleted_account_is_gone_and_what_it_brought_stays_counted, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let link = ann.link().await;
    let bob = site.browser();
    bob.follow(&link).await;
    bob.sign_up("bob", &[]).await;
    let page = ann.post("/profile", &[("form", "delete_account"), ("password", "wrong-password")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = ann.post("/profile", &[("form", "delete_account"), ("password", PASSWORD)]).await;
    assert_eq!(page.location(), "/?done=deleted");
    assert_eq!(ann.get("/dashboard").await.status, StatusCode::SEE_OTHER);
    // The link leads on, but credits nobody; the code tells nothing.
    assert_eq!(site.browser().get(&link).await.location(), "/signup?invitation=invalid");
    let mut tx = site.state.db.read().await.expect("a transaction");
    let bob = passalong::domain::accounts::email::Email::parse("bob@example.com").expect("an address");
    let bob = passalong::server::store::users::by_email(&mut tx, &bob).await.expect("read").expect("Bob");
    let referrer =
        passalong::server::store::referrals::referrer_of(&mut tx, bob.id).await.expect("read").expect("a referral");
    // Who it was is known by a number; the name is gone.
    assert_eq!((referrer.0.is_some(), referrer.1.as_deref()), (true, Some("")));
    assert_eq!(passalong::server::store::counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
});

on_both!(the_only_admin_stays, |db| {
    let site = Site::start(db).await;
    let page = site.admin().await.post("/profile", &[("form", "delete_account"), ("password", PASSWORD)]).await;
    assert_eq!((page.status, page.alerts().len()), (StatusCode::CONFLICT, 1));
});

on_both!(too_many_tries_are_refused_for_a_while, |db| {
    let site = Site::start_with(db, &["--rate-limits", "on"]).await;
    let browser = site.browser();
    let mut statuses = vec![];
    for _ in 0..12 {
        let page = browser.post("/signin", &[("email", "ann@example.com"), ("password", "wrong-password")]).await;
        statuses.push(page.status);
        if page.status == StatusCode::TOO_MANY_REQUESTS {
            assert!(page.header("retry-after").parse::<u64>().expect("seconds") > 0);
            assert_eq!(page.find("input[name=email]").as_deref(), Some("ann@example.com"));
        }
    }
    assert_eq!(statuses.iter().filter(|s| **s == StatusCode::TOO_MANY_REQUESTS).count(), 2, "{statuses:?}");
});

on_both!(signing_in_again_ends_the_old_session_of_the_browser, |db| {
    let site = Site::start(db).await;
    site.user("bob").await;
    let browser = site.user("ann").await;
    let phone = site.browser();
    let sign_in = |name: &'static str| {
        let browser = browser.clone();
        async move {
            let page = browser.post("/signin", &[("email", name), ("password", PASSWORD)]).await;
            assert_eq!(page.location(), "/dashboard");
            let cookie = page.cookies().into_iter().find(|c| c.starts_with("passalong_session")).expect("a session");
            cookie.split(';').next().expect("a cookie").to_owned()
        }
    };
    let works = |cookie: String| {
        let request = crate::clients::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let request = request.get(browser.url("/dashboard")).header("cookie", cookie);
        async move { request.send().await.expect("an answer").status() == StatusCode::OK }
    };
    phone.post("/signin", &[("email", "ann@example.com"), ("password", PASSWORD)]).await;
    let first = sign_in("ann@example.com").await;
    assert!(works(first.clone()).await);
    let second = sign_in("ann@example.com").await;
    assert_ne!(first, second);
    assert!(!works(first).await && works(second.clone()).await);
    // As somebody else, and as somebody new.
    let third = sign_in("bob@example.com").await;
    assert!(!works(second).await && works(third.clone()).await);
    assert_eq!(browser.sign_up("carl", &[]).await.location(), "/dashboard");
    assert!(!works(third).await);
    assert_eq!(phone.get("/dashboard").await.status, StatusCode::OK, "other browsers stay");
});

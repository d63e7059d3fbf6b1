//! Links by which people come in without a password, or prove that an address is theirs.

use crate::{
    api::Api,
    forgetting, on_both,
    reward_program::{Program, all, credit, with},
    site::{Browser, PASSWORD, Page, Site},
};
use futures::{StreamExt, stream};
use passalong::{
    domain::time::{DAY, HOUR, MINUTE},
    server::{
        auth::sessions::hash_token,
        store::{account_links, db::Db, mails},
    },
};
use reqwest::StatusCode;
use serde_json::json;
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use tokio::time::Instant;

/// A site that can send mail, and leaves that to the tests.
async fn start(db: Db) -> Site {
    Site::start_with(db, &["--smtp-url", "smtp://127.0.0.1:9"]).await.with_admin().await.without_tasks().await
}

/// A mail, with the secret of its link.
struct Sent {
    kind: String,
    to: String,
    token: String,
}

/// Sends all mails that wait, in the order in which they were asked for; those that are pointless are left out.
async fn sent(site: &Site) -> Vec<Sent> {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let now = site.clock.now();
    let mut sent = vec![];
    let mut tx = site.state.db.begin().await.expect("a transaction");
    while let Some(taken) = mails::take(&mut tx, now, now.plus(MINUTE)).await.expect("a mail") {
        let token = format!("{:-<43}", format!("{}{}", taken.kind, MADE.fetch_add(1, Ordering::Relaxed)));
        let makes_sense = match taken.mail().expect("a known mail").link() {
            Some(link) => account_links::arm(&mut tx, link, &hash_token(&token), now).await.expect("armed"),
            None => true,
        };
        mails::end(&mut tx, &taken, mails::End::Sent, now).await.expect("ended");
        if makes_sense {
            sent.push(Sent { kind: taken.kind, to: taken.recipient, token });
        }
    }
    tx.commit().await.expect("stored");
    sent
}

/// The only mail that waits, of this kind and to this address: its secret.
async fn only(site: &Site, kind: &str, to: &str) -> String {
    let mut all = sent(site).await;
    assert_eq!(all.iter().map(|mail| (mail.kind.as_str(), mail.to.as_str())).collect::<Vec<_>>(), [(kind, to)]);
    all.remove(0).token
}

/// Somebody who has signed up, and whose first mail was sent.
async fn ann(site: &Site) -> Browser {
    let ann = site.user("ann").await;
    only(site, "verify_email", "ann@example.com").await;
    ann
}

const ANN: [(&str, &str); 1] = [("email", "ann@example.com")];

async fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/dashboard").await.status == StatusCode::OK
}

async fn sign_in(site: &Site, email: &str, password: &str) -> StatusCode {
    site.browser().post("/signin", &[("email", email), ("password", password)]).await.status
}

fn title(page: &Page) -> String {
    page.find("h1").expect("a heading")
}

/// The page of a link that cannot be used.
fn assert_expired(page: &Page, anew: &str) {
    assert_eq!((page.status, title(page).as_str()), (StatusCode::GONE, "This link no longer works"), "{}", page.text());
    assert!(page.find(&format!("main a[href='{anew}']")).is_some(), "{}", page.body);
}

on_both!(who_has_forgotten_a_password_chooses_a_new_one, |db| {
    let site = start(db).await;
    let (phone, browser) = (ann(&site).await, site.browser());
    assert!(browser.get("/signin").await.find("a[href='/forgot']").is_some());
    assert_eq!(browser.post("/forgot", &[("email", " ANN@example.com")]).await.location(), "/forgot?sent=true");
    browser.post("/forgot", &ANN).await;
    let mails = sent(&site).await;
    let (first, token) = (mails[0].token.as_str(), mails[1].token.as_str());
    let path = format!("/reset?token={token}");
    // Programs that check mails follow the link.
    for _ in 0..2 {
        let page = site.browser().get(&path).await;
        assert_eq!((page.status, page.cookies().len()), (StatusCode::OK, 0));
        assert_eq!((page.header("referrer-policy"), page.header("cache-control")), ("no-referrer", "no-store"));
        assert!(page.text().contains("ann@example.com"));
    }
    let page = browser.post(&path, &[("token", token), ("password", "short")]).await;
    assert_eq!((page.status, page.alerts().len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    assert_eq!(page.find("input[name=token]").as_deref(), Some(token));
    let fields = [("token", token), ("password", "an0ther-line")];
    assert_eq!(browser.post("/reset", &fields).await.location(), "/dashboard?done=password");
    assert!(is_signed_in(&browser).await && !is_signed_in(&phone).await);
    assert_eq!(sign_in(&site, "ann@example.com", PASSWORD).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(sign_in(&site, "ann@example.com", "an0ther-line").await, StatusCode::SEE_OTHER);
    only(&site, "password_changed", "ann@example.com").await;
    // It is used up, and so is every other link of hers.
    for token in [token, first, "", "wrong", &"x".repeat(43)] {
        assert_expired(&browser.get(&format!("/reset?token={token}")).await, "/forgot");
        let fields = [("token", token), ("password", "a-third-line")];
        assert_expired(&site.browser().post("/reset", &fields).await, "/forgot");
    }
    // Whoever reads the mails to an address has it.
    assert!(browser.get("/dashboard").await.find(".confirm-email").is_none());
});

on_both!(nobody_learns_who_has_an_account, |db| {
    let site = start(db).await;
    ann(&site).await;
    let gone = site.user("gone").await;
    let api = Api::new(&site, "write").await;
    sent(&site).await;
    let id = api.get("/users?email=gone@example.com").await.with(200)["data"][0]["id"].clone();
    api.patch(&format!("/users/{id}"), json!({"disabled": true})).await.with(200);
    assert!(!is_signed_in(&gone).await);
    for path in ["/forgot", "/signin/link"] {
        let form = if path == "/forgot" { "send_reset_link" } else { "send_sign_in_link" };
        let mut answers = vec![];
        for email in ["ann@example.com", "nobody@example.com", "gone@example.com"] {
            let begun = Instant::now();
            let page = site.browser().post(path, &[("form", form), ("email", email)]).await;
            assert!(begun.elapsed() >= Duration::from_millis(250), "{email}");
            answers.push((page.status, page.location().to_owned(), page.cookies(), page.body));
        }
        assert_eq!(answers[0].1, format!("{path}?sent=true"));
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        let mails = sent(&site).await;
        assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["ann@example.com"]);
        assert!(site.browser().get(&answers[0].1).await.text().contains("If there’s an account"));
    }
    let page = site.browser().post("/forgot", &[("email", "ann")]).await;
    assert_eq!(
        (page.status, page.find("input[name=email]").as_deref()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("ann"))
    );
});

on_both!(a_link_signs_in_once_and_leads_where_one_wanted_to_go, |db| {
    let site = start(db).await;
    let phone = site.user("ann").await;
    let token = only(&site, "verify_email", "ann@example.com").await;
    let confirmed = phone.post("/verify", &[("token", token.as_str())]).await;
    assert_eq!(confirmed.location(), "/profile?done=email-confirmed");
    let ask = async |next: &str| {
        let form = [("form", "send_sign_in_link"), ("next", next)];
        site.browser().post("/signin/link", &[&form[..], &ANN].concat()).await;
        only(&site, "sign_in_link", "ann@example.com").await
    };
    let token = ask("/profile?text=a%20b").await;
    let path = format!("/signin/link?token={token}");
    let page = site.browser().get(&path).await;
    assert_eq!((page.status, page.cookies().len()), (StatusCode::OK, 0));
    assert_eq!(page.find("main button").as_deref(), Some("Sign in as ann"));
    assert!(!page.body.contains("requestSubmit"), "somebody presses the button");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    let form = [("form", "sign_in_by_link"), ("token", token.as_str())];
    let tries = stream::iter(0..20).map(|_| {
        let browser = site.browser();
        async move { browser.post("/signin/link", &form).await }
    });
    let answers: Vec<Page> = tries.buffer_unordered(20).collect().await;
    let (done, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|page| page.status == StatusCode::SEE_OTHER);
    assert_eq!((done.len(), done[0].location(), refused.len()), (1, "/profile?text=a%20b", 19));
    assert!(done[0].cookies().iter().any(|cookie| cookie.starts_with("passalong_session=")));
    refused.iter().for_each(|page| assert_expired(page, "/signin/link"));
    assert!(is_signed_in(&phone).await, "other browsers stay");
    // Nowhere else, and for whoever may come in at that moment.
    let token = ask("https://evil.example").await;
    let other = ask("").await;
    let browser = site.browser();
    assert_eq!(browser.post("/signin/link", &[("token", token.as_str())]).await.location(), "/dashboard");
    let api = Api::new(&site, "write").await;
    let id = api.get("/users?email=ann@example.com").await.with(200)["data"][0]["id"].clone();
    api.patch(&format!("/users/{id}"), json!({"disabled": true})).await.with(200);
    assert_expired(&site.browser().post("/signin/link", &[("token", other.as_str())]).await, "/signin/link");
});

on_both!(whoever_registered_an_address_of_somebody_else_is_locked_out, |db| {
    let site = start(db).await;
    let thief = ann(&site).await;
    // A link to an address of the thief's would give the account back to them.
    let change = [("form", "change_email"), ("email", "thief@example.com"), ("current", PASSWORD)];
    thief.post("/profile", &change).await;
    let back = only(&site, "email_change_requested", "thief@example.com").await;
    let owner = site.browser();
    owner.post("/signin/link", &[&[("form", "send_sign_in_link")], &ANN[..]].concat()).await;
    let token = only(&site, "sign_in_link", "ann@example.com").await;
    let entered = owner.post("/signin/link", &[("token", token.as_str())]).await;
    assert_eq!((entered.location(), is_signed_in(&owner).await), ("/dashboard", true));
    assert!(!is_signed_in(&thief).await);
    assert_eq!(sign_in(&site, "ann@example.com", PASSWORD).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_expired(&thief.post("/verify", &[("token", back.as_str())]).await, "/profile");
    // The owner chooses a password.
    owner.post("/forgot", &ANN).await;
    let reset = only(&site, "reset_password", "ann@example.com").await;
    owner.post("/reset", &[("token", reset.as_str()), ("password", "an0ther-line")]).await;
    only(&site, "password_changed", "ann@example.com").await;
    assert_eq!(sign_in(&site, "ann@example.com", "an0ther-line").await, StatusCode::SEE_OTHER);
});

on_both!(links_end_with_time, |db| {
    let site = start(db).await;
    let browser = site.user("ann").await;
    let change = [("form", "change_email"), ("email", "new@example.com"), ("current", PASSWORD)];
    for (path, form, life) in [
        ("/verify", &[("form", "send_confirmation")][..], 7 * DAY),
        ("/verify", &change, DAY),
        ("/reset", &[("form", "send_reset_link"), ANN[0]], HOUR),
        ("/signin/link", &[("form", "send_sign_in_link"), ANN[0]], 15 * MINUTE),
    ] {
        sent(&site).await;
        let to = match path {
            "/verify" => "/profile",
            "/reset" => "/forgot",
            path => path,
        };
        assert_eq!(browser.post(to, form).await.status, StatusCode::SEE_OTHER, "{path}");
        let token = sent(&site).await.remove(0).token;
        let page = format!("{path}?token={token}");
        site.clock.set(site.clock.now().plus(life - 1));
        assert_eq!(site.browser().get(&page).await.status, StatusCode::OK, "{path}");
        // What waits that long is not sent any more.
        browser.post(to, form).await;
        site.clock.set(site.clock.now().plus(1));
        assert_eq!(site.browser().get(&page).await.status, StatusCode::GONE, "{path}");
        site.clock.set(site.clock.now().plus(life));
        assert_eq!(sent(&site).await.len(), 0, "{path}");
    }
});

on_both!(a_confirmed_address_earns_what_waited_for_it, |db| {
    let verified = json!({"conditions": {"verified_email": true}});
    let sign_up = json!({"trigger": "signup"});
    let rules = [
        with(credit(1_000), verified.clone()),
        with(with(credit(500), sign_up.clone()), verified),
        with(credit(300), sign_up.clone()),
    ];
    let program = Program::start(db, &rules).await;
    let site = &program.site;
    program.pay("order-1", 5_000).await;
    assert_eq!(program.states("ann").await, all("active", &[300]));
    // One of afterwards has nothing to do with a sign-up of before.
    program.wait(1_000);
    program.api.post("/rules", with(credit(200), sign_up)).await.with(201);
    let bob = site.browser();
    let form = [("form", "send_sign_in_link"), ("email", "bob@example.com")];
    bob.post("/signin/link", &form).await;
    let token = only(site, "sign_in_link", "bob@example.com").await;
    assert_eq!(bob.post("/signin/link", &[("token", token.as_str())]).await.location(), "/dashboard");
    let mut amounts: Vec<i64> = program.states("ann").await.into_iter().map(|(_, amount)| amount).collect();
    amounts.sort_unstable();
    assert_eq!(amounts, [300, 500, 1_000]);
    program.check().await;
});

on_both!(an_address_is_confirmed_by_a_button, |db| {
    let site = start(db).await;
    let browser = site.user("ann").await;
    let token = only(&site, "verify_email", "ann@example.com").await;
    let path = format!("/verify?token={token}");
    for page in ["/dashboard", "/profile"] {
        assert!(browser.get(page).await.find(".confirm-email").expect("a notice").contains("ann@example.com"));
        let again = browser.post(page, &[("form", "send_confirmation"), ("from", page)]).await;
        assert_eq!(again.location(), format!("{page}?done=confirmation-sent"));
    }
    let others = sent(&site).await;
    assert_eq!(others.len(), 2);
    assert_eq!(site.browser().get(&path).await.find("main button").as_deref(), Some("Confirm e-mail"));
    assert!(browser.get("/dashboard").await.find(".confirm-email").is_some());
    // Also in another browser, which is not signed in by it.
    let other = site.browser();
    let own = browser.post("/verify", &[("token", token.as_str())]).await;
    assert_eq!(own.location(), "/profile?done=email-confirmed");
    assert!(browser.get("/dashboard").await.find(".confirm-email").is_none());
    assert!(browser.get("/profile").await.find(".confirm-email").is_none());
    assert_expired(&other.get(&path).await, "/profile");
    let confirmed = other.post("/verify", &[("token", others[0].token.as_str())]).await;
    assert_eq!((confirmed.location(), confirmed.cookies().len()), ("/signin?done=email-confirmed", 0));
    assert!(is_signed_in(&browser).await, "it was confirmed before");
    browser.post("/profile", &[("form", "send_confirmation")]).await;
    assert_eq!(sent(&site).await.len(), 0);
    // Somebody else gives her another address: nobody has confirmed that one.
    let api = Api::new(&site, "write").await;
    let id = api.get("/users?email=ann@example.com").await.with(200)["data"][0]["id"].clone();
    api.patch(&format!("/users/{id}"), json!({"full_name": "Ann"})).await.with(200);
    assert!(browser.get("/dashboard").await.find(".confirm-email").is_none());
    api.patch(&format!("/users/{id}"), json!({"email": "anna@example.com"})).await.with(200);
    assert!(browser.get("/dashboard").await.find(".confirm-email").expect("a notice").contains("anna@example.com"));
    only(&site, "email_changed", "ann@example.com").await;
});

on_both!(an_address_is_changed_when_the_new_one_is_confirmed, |db| {
    let site = start(db).await;
    let (browser, _) = (ann(&site).await, site.user("bob").await);
    sent(&site).await;
    let change = |email, current| [("form", "change_email"), ("email", email), ("current", current)];
    for (form, field) in [
        (change("new@example.com", "wrong-password"), "current"),
        (change("ann@example.com", PASSWORD), "email"),
        (change("new", PASSWORD), "email"),
    ] {
        let page = browser.post("/profile", &form).await;
        assert_eq!((page.status, page.alerts().len()), (StatusCode::UNPROCESSABLE_ENTITY, 1), "{field}");
        assert!(
            page.find(&format!("#change-email ~ form input[name={field}][aria-invalid]")).is_some(),
            "{}",
            page.body
        );
    }
    // Whether somebody has it is not told.
    let done = "/profile?done=email-change";
    assert_eq!(browser.post("/profile", &change("bob@example.com", PASSWORD)).await.location(), done);
    assert_eq!(sent(&site).await.len(), 0);
    assert_eq!(browser.post("/profile", &change("New@example.com", PASSWORD)).await.location(), done);
    let token = only(&site, "email_change_requested", "new@example.com").await;
    site.browser().post("/forgot", &ANN).await;
    let reset = only(&site, "reset_password", "ann@example.com").await;
    let page = site.browser().get(&format!("/verify?token={token}")).await;
    assert!(page.text().contains("new@example.com") && page.text().contains("ann"));
    assert_eq!(sign_in(&site, "ann@example.com", PASSWORD).await, StatusCode::SEE_OTHER);
    let confirmed = browser.post("/verify", &[("token", token.as_str())]).await;
    assert_eq!(confirmed.location(), "/profile?done=email-confirmed");
    only(&site, "email_changed", "ann@example.com").await;
    assert!(is_signed_in(&browser).await && browser.get("/profile").await.text().contains("new@example.com"));
    assert_eq!(sign_in(&site, "ann@example.com", PASSWORD).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(sign_in(&site, "new@example.com", PASSWORD).await, StatusCode::SEE_OTHER);
    // What was sent to the old address opens nothing any more.
    assert_expired(&site.browser().get(&format!("/reset?token={reset}")).await, "/forgot");
    assert!(site.admin().await.get("/admin/audit").await.text().contains("new@example.com"));
    let api = Api::new(&site, "read").await;
    assert_eq!(api.get("/users?email=new@example.com").await.with(200)["data"][0]["version"], 2);
});

on_both!(of_two_who_want_an_address_one_gets_it, |db| {
    let site = start(db).await;
    let people = [site.user("ann").await, site.user("bob").await];
    sent(&site).await;
    for person in &people {
        person.post("/profile", &[("form", "change_email"), ("email", "new@example.com"), ("current", PASSWORD)]).await;
    }
    let tokens: Vec<String> = sent(&site).await.into_iter().map(|mail| mail.token).collect();
    assert_eq!(tokens.len(), 2);
    let confirm = |n: usize| {
        let (browser, token) = (people[n].clone(), tokens[n].clone());
        async move { browser.post("/verify", &[("token", token.as_str())]).await.status }
    };
    let (one, other) = tokio::join!(confirm(0), confirm(1));
    assert!(matches!((one.as_u16(), other.as_u16()), (303, 410) | (410, 303)), "{one} {other}");
    assert_eq!(sent(&site).await.len(), 1, "who has lost an address is told");
});

on_both!(a_new_password_ends_all_links, |db| {
    let site = start(db).await;
    let browser = ann(&site).await;
    browser.post("/profile", &[("form", "change_email"), ("email", "new@example.com"), ("current", PASSWORD)]).await;
    let token = only(&site, "email_change_requested", "new@example.com").await;
    let change = [("form", "change_password"), ("current", PASSWORD), ("password", "an0ther-line")];
    assert_eq!(browser.post("/profile", &change).await.location(), "/profile?done=password");
    only(&site, "password_changed", "ann@example.com").await;
    assert_expired(&browser.post("/verify", &[("token", token.as_str())]).await, "/profile");
});

on_both!(a_host_product_lets_its_people_in, |db| {
    let site = start(db).await;
    let api = Api::new(&site, "write").await;
    let user = json!({"email": "eva@example.com", "external_id": "u-1", "username": "eva"});
    let eva = api.post("/users", user).await.with(201);
    let ask = "/users/ext:u-1/login-link";
    let link = api.send("POST", ask, &[], None).await.with(201);
    let expires_at = site.clock.now().plus(10 * MINUTE).rfc_3339();
    assert_eq!((link.as_object().map(serde_json::Map::len), &link["expires_at"]), (Some(2), &json!(expires_at)));
    let url = link["url"].as_str().expect("an address");
    let token = url.strip_prefix(&format!("{}/signin/link?token=", site.state.base_url)).expect("a page of this site");
    assert_eq!(token.len(), 43);
    assert_eq!(forgetting::found(&site, token).await, Vec::<String>::new());
    let browser = site.browser();
    for _ in 0..2 {
        let page = browser.get(url).await;
        assert_eq!((page.status, page.cookies().len()), (StatusCode::OK, 0));
        assert!(page.body.contains("requestSubmit"), "with scripts nothing has to be pressed");
        assert_eq!((page.header("referrer-policy"), page.header("cache-control")), ("no-referrer", "no-store"));
    }
    // Whoever is signed in as somebody else presses the button.
    let other = ann(&site).await.get(url).await;
    assert!(!other.body.contains("requestSubmit") && other.text().contains("You’re signed in as ann now."));
    let entered = browser.post(url, &[("form", "sign_in_by_link"), ("token", token)]).await;
    assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, "/dashboard"));
    let dashboard = browser.get("/dashboard").await;
    assert!(dashboard.text().contains("Hello, eva") && dashboard.find(".confirm-email").is_some());
    assert_expired(&site.browser().post(url, &[("token", token)]).await, "/signin/link");
    // The same request gets the same answer, and none of it can be read in the database.
    let named = [("idempotency-key", "a")];
    let first = api.send("POST", ask, &named, Some(json!({}))).await.with(201);
    let again = api.send("POST", ask, &named, Some(json!({}))).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.with(201), first);
    let token = first["url"].as_str().and_then(|url| url.split_once('=')).expect("a secret").1.to_owned();
    assert_eq!(forgetting::found(&site, &token).await, Vec::<String>::new());
    let log = site.admin().await.get("/admin/audit").await.text();
    assert_eq!(log.matches("Login link created").count(), 2 + 1, "twice in the log, once in its filter: {log}");
    // An admin is nobody whom a key lets in, nor whoever has become one meanwhile.
    let admins = Api::new(&site, "admin").await;
    let admin = admins.get("/users?email=admin@example.com").await.with(200)["data"][0]["id"].clone();
    for api in [&api, &admins] {
        let refused = api.post(&format!("/users/{admin}/login-link"), json!({})).await;
        assert_eq!((refused.status, refused.code()), (403, "forbidden"));
    }
    let id = eva["id"].to_string();
    let rights = [("form", "update_user"), ("id", id.as_str()), ("goal", "10"), ("admin", "true")];
    assert!(site.admin().await.post(&format!("/admin/users/{id}"), &rights).await.location().contains("done=saved"));
    assert_expired(&site.browser().post("/signin/link", &[("token", &token)]).await, "/signin/link");
    assert_eq!(api.post("/users/ext:nobody/login-link", json!({})).await.code(), "not_found");
    // Nor is somebody who is disabled, or late.
    let bob = api.post("/users", json!({"email": "bob@example.com", "external_id": "u-2"})).await.with(201);
    let late = api.post("/users/ext:u-2/login-link", json!({})).await.with(201);
    site.clock.set(site.clock.now().plus(10 * MINUTE));
    assert_expired(&site.browser().get(late["url"].as_str().expect("an address")).await, "/signin/link");
    api.patch(&format!("/users/{}", bob["id"]), json!({"disabled": true})).await.with(200);
    assert_eq!(api.post("/users/ext:u-2/login-link", json!({})).await.code(), "conflict");
});

on_both!(mails_with_links_are_few_whether_somebody_has_the_address_or_not, |db| {
    let _machine = crate::the_machine().await;
    let more = ["--rate-limits", "on", "--trusted-proxies", "127.0.0.1/32"];
    let site = Site::start_with(db, &more).await;
    site.set("referral_codes_enabled", "true").await;
    let browser = site.browser();
    let post = async |path: &str, from: &str, fields: &[(&str, &str)]| {
        let request = browser.client.post(browser.url(path)).header("x-forwarded-for", from).form(fields);
        Page::read(request.send().await.expect("an answer")).await
    };
    let fields = [("email", "ann@example.com"), ("username", "ann"), ("password", PASSWORD)];
    assert_eq!(post("/signup", "192.0.2.1", &fields).await.location(), "/dashboard");
    sent(&site).await;
    let mut seen = vec![];
    for email in ["ann@example.com", "nobody@example.com"] {
        let mut statuses = vec![];
        for n in 0..7 {
            let page = post("/forgot", &format!("198.51.100.{n}"), &[("email", email)]).await;
            statuses.push((page.status.as_u16(), page.alerts()));
        }
        seen.push(statuses);
    }
    assert_eq!(seen[0].iter().map(|(status, _)| *status).collect::<Vec<_>>(), [303, 303, 303, 303, 303, 429, 429]);
    assert_eq!(seen[0], seen[1]);
    assert_eq!(sent(&site).await.len(), 5);
    let mut refused = 0;
    for n in 0..14 {
        let page = post(
            "/signin/link",
            "203.0.113.1",
            &[("form", "send_sign_in_link"), ("email", &format!("{n}@example.com"))],
        )
        .await;
        refused += usize::from(page.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!((3..=4).contains(&refused), "{refused}");
});

//! Wrong passwords are limited, and nobody is locked out by those of others.

use crate::{
    on_both,
    site::{Browser, PASSWORD, Page, Site},
};
use reqwest::StatusCode;

/// A site behind a proxy, so that each request can come from where it likes.
const SETTINGS: [&str; 4] = ["--rate-limits", "on", "--trusted-proxies", "127.0.0.1/32"];

async fn post(browser: &Browser, from: &str, path: &str, fields: &[(&str, &str)]) -> Page {
    let request = browser.client.post(browser.url(path)).header("x-forwarded-for", from).form(fields);
    Page::read(request.send().await.expect("an answer")).await
}

async fn sign_in(browser: &Browser, from: &str, email: &str, password: &str) -> StatusCode {
    post(browser, from, "/signin", &[("email", email), ("password", password)]).await.status
}

/// So many tries from one network, and how many of them were refused for being too many.
async fn refused(site: &Site, from: &str, email: &str, tries: usize) -> usize {
    let stranger = site.browser();
    let mut refused = 0;
    for _ in 0..tries {
        match sign_in(&stranger, from, email, "wrong-password").await {
            StatusCode::TOO_MANY_REQUESTS => refused += 1,
            status => assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY),
        }
    }
    refused
}

const ANN: &str = "ann@example.com";

/// Ann, who has signed up in this browser.
async fn ann(site: &Site) -> Browser {
    let ann = site.browser();
    let fields = [("email", ANN), ("username", "ann"), ("password", PASSWORD)];
    assert_eq!(post(&ann, "192.0.2.1", "/signup", &fields).await.location(), "/dashboard");
    ann
}

on_both!(wrong_passwords_from_one_network_lock_nobody_out, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start_with(db, &SETTINGS).await;
    let ann = ann(&site).await;
    assert_eq!(refused(&site, "198.51.100.1", ANN, 15).await, 5);
    // A new browser elsewhere, and the known one wherever it is.
    assert_eq!(sign_in(&site.browser(), "192.0.2.7", ANN, PASSWORD).await, StatusCode::SEE_OTHER);
    assert_eq!(sign_in(&ann, "198.51.100.1", ANN, PASSWORD).await, StatusCode::SEE_OTHER);
    // The same network has a budget for every account.
    assert_eq!(sign_in(&site.browser(), "198.51.100.1", ANN, PASSWORD).await, StatusCode::TOO_MANY_REQUESTS);
});

on_both!(wrong_passwords_from_everywhere_lock_no_known_browser_out, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start_with(db, &SETTINGS).await;
    let ann = ann(&site).await;
    let mut stopped = 0;
    for n in 0..9 {
        stopped += refused(&site, &format!("198.51.100.{n}"), ANN, 10).await;
    }
    assert!(stopped >= 10, "all networks together have a budget: {stopped}");
    // It fills up again all the time: on a slow machine by some tries more.
    let mut shut_out = false;
    for n in 0..20 {
        refused(&site, &format!("203.0.113.{n}"), ANN, 10).await;
        let stranger = sign_in(&site.browser(), "192.0.2.9", ANN, PASSWORD).await;
        shut_out |= stranger == StatusCode::TOO_MANY_REQUESTS;
        if shut_out {
            break;
        }
    }
    assert!(shut_out);
    // Whoever is signed in changes the password, and leaves; their browser comes in again.
    let change = [("form", "change_password"), ("current", PASSWORD), ("password", "an0ther-line")];
    assert_eq!(post(&ann, "192.0.2.1", "/profile", &change).await.location(), "/profile?done=password");
    post(&ann, "192.0.2.1", "/signout", &[]).await;
    assert_eq!(sign_in(&ann, "192.0.2.1", ANN, "an0ther-line").await, StatusCode::SEE_OTHER);
    let leave = [("form", "delete_account"), ("password", "an0ther-line")];
    assert_eq!(post(&ann, "192.0.2.1", "/profile", &leave).await.location(), "/?done=deleted");
});

on_both!(a_known_browser_and_a_session_have_budgets_too, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start_with(db, &SETTINGS).await;
    let ann = ann(&site).await;
    let change = [("form", "change_password"), ("current", "wrong-password"), ("password", "an0ther-line")];
    let leave = [("form", "delete_account"), ("password", "wrong-password")];
    let mut refused = 0;
    for n in 0..12 {
        let form = if n % 2 == 0 { &change[..] } else { &leave[..] };
        let page = post(&ann, &format!("192.0.2.{n}"), "/profile", form).await;
        refused += usize::from(page.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(refused, 2);
    let mut refused = 0;
    for n in 0..12 {
        let status = sign_in(&ann, &format!("203.0.113.{n}"), ANN, "wrong-password").await;
        refused += usize::from(status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(refused, 2);
});

on_both!(limits_tell_nothing_about_who_has_an_account, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start_with(db, &SETTINGS).await;
    ann(&site).await;
    // A browser that somebody else has used.
    let bob = site.browser();
    let fields = [("email", "bob@example.com"), ("username", "bob"), ("password", PASSWORD)];
    post(&bob, "192.0.2.2", "/signup", &fields).await;
    let mut seen = vec![];
    for (email, network) in [(ANN, 10), ("nobody@example.com", 20)] {
        let mut answers = vec![];
        for n in 0..12 {
            let page =
                post(&bob, &format!("198.51.{network}.1"), "/signin", &[("email", email), ("password", "wrong-one")])
                    .await;
            answers.push((n, page.status, page.alerts().len()));
        }
        seen.push(answers);
    }
    assert_eq!(seen[0], seen[1]);
});

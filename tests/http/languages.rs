use crate::{
    on_both,
    site::{Browser, PASSWORD, Page, Site},
};
use reqwest::StatusCode;

/// The page's own language.
fn language(page: &Page) -> &str {
    let (_, rest) = page.body.split_once("<html lang=\"").expect("a document");
    rest.split('"').next().expect("a language")
}

async fn accepting(browser: &Browser, languages: &str) -> Page {
    let answer = browser.client.get(browser.url("/")).header("accept-language", languages).send().await;
    Page::read(answer.expect("an answer")).await
}

on_both!(pages_are_in_the_language_that_the_browser_accepts, |db| {
    let site = Site::start(db).await;
    let browser = site.browser();
    for (accepted, expected) in [
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("fr,de;q=0.5", "en"),
        ("en;q=0.5,es", "es"),
        (";;,q=x, *", "en"),
        ("", "en"),
    ] {
        assert_eq!(language(&accepting(&browser, accepted).await), expected, "{accepted}");
    }
    assert!(accepting(&browser, "es").await.text().contains("Iniciar sesión"));
});

on_both!(a_language_that_was_chosen_stays, |db| {
    let site = Site::start(db).await;
    let browser = site.browser();
    let chosen = browser.post("/language", &[("language", "es"), ("next", "/signup?ref=X")]).await;
    assert_eq!((chosen.status, chosen.location()), (StatusCode::SEE_OTHER, "/signup?ref=X"));
    assert_eq!(language(&accepting(&browser, "en").await), "es");
    let page = browser.post("/signup", &[("email", "ann"), ("username", "a"), ("password", "x")]).await;
    assert_eq!((page.status, language(&page)), (StatusCode::UNPROCESSABLE_ENTITY, "es"));

    // Nobody is led to another site, and what is no language changes nothing.
    for (tag, next, location) in
        [("en", "//elsewhere.example", "/"), ("es", "/signin", "/signin"), ("zz", "/", "/"), ("", "", "/")]
    {
        let page = browser.post("/language", &[("language", tag), ("next", next)]).await;
        assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, location), "{tag}");
    }
    assert_eq!(language(&accepting(&browser, "en").await), "es");
});

on_both!(an_account_keeps_its_language_in_every_browser, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    assert_eq!(language(&ann.get("/dashboard").await), "en");
    ann.post("/language", &[("language", "es"), ("next", "/dashboard")]).await;
    assert_eq!(language(&ann.get("/dashboard").await), "es");
    let elsewhere = site.browser();
    elsewhere.post("/signin", &[("email", "ann@example.com"), ("password", PASSWORD)]).await;
    assert_eq!(language(&elsewhere.get("/dashboard").await), "es");
    assert_eq!(language(&accepting(&elsewhere, "en").await), "es");
});

//! Forms that are sent twice: pressed again on a slow network, reloaded, gone back to.

use crate::{
    on_both,
    site::{Browser, Page, Site},
};
use reqwest::StatusCode;
use scraper::{Html, Selector};

/// The fields of a form as a page has them, with what is typed.
pub async fn filled(browser: &Browser, path: &str, form: &str, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let page = browser.get(path).await;
    let html = Html::parse_document(&page.body);
    let hidden = Selector::parse("form input[type=hidden]").expect("a selector");
    let named = Selector::parse(&format!("form:has(input[name=form][value={form}]) input[type=hidden]")).expect("one");
    let fields = if html.select(&named).next().is_some() { html.select(&named) } else { html.select(&hidden) };
    let attribute = |name, input: &scraper::ElementRef<'_>| input.value().attr(name).unwrap_or_default().to_owned();
    let fields = fields.map(|input| (attribute("name", &input), attribute("value", &input)));
    fields.chain(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))).collect()
}

/// Sends a form as it is, with the cookies that the browser has when this is called: of two forms sent at once, neither
/// has what the answer to the other one sets.
pub fn send(browser: &Browser, path: &str, fields: &[(String, String)]) -> impl Future<Output = Page> + use<> {
    let answer = browser.client.post(browser.url(path)).form(fields).send();
    async { Page::read(answer.await.expect("an answer")).await }
}

/// How often a selector finds something on a page.
async fn count(browser: &Browser, path: &str, selector: &str) -> usize {
    let page = browser.get(path).await;
    Html::parse_document(&page.body).select(&Selector::parse(selector).expect("a selector")).count()
}

on_both!(a_form_for_a_code_makes_one_code_however_often_it_is_sent, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    for n in 0..10 {
        let description = format!("Spring {n}");
        let typed = [("description", description.as_str()), ("max_uses", "5"), ("active", "true")];
        let fields = filled(&admin, "/admin/codes/new", "create_code", &typed).await;
        let send = || send(&admin, "/admin/codes/new", &fields);
        let (first, second) = tokio::join!(send(), send());
        let third = send().await;
        assert!(first.location().ends_with("?done=created"), "{}: {}", first.status, first.text());
        assert_eq!([second.location(), third.location()], [first.location(); 2]);
        assert_eq!(count(&admin, "/admin/codes", "[data-testid='code-row']").await, n + 1);
    }
    // Gone back to and changed, it is another wish; and so is the form of a new page.
    let typed = |text: &'static str| [("description", text), ("max_uses", "5"), ("active", "true")];
    let fields = filled(&admin, "/admin/codes/new", "create_code", &typed("Summer")).await;
    let first = send(&admin, "/admin/codes/new", &fields).await;
    let mut changed = fields.clone();
    changed.iter_mut().find(|(name, _)| name == "description").expect("a field").1 = "Autumn".into();
    let second = send(&admin, "/admin/codes/new", &changed).await;
    let fresh = filled(&admin, "/admin/codes/new", "create_code", &typed("Summer")).await;
    let third = send(&admin, "/admin/codes/new", &fresh).await;
    assert!(first.location() != second.location() && first.location() != third.location());
    // What was refused made nothing, and can be sent again when the cause is gone.
    let typed = [("code", "LATE"), ("description", "d"), ("max_uses", "5"), ("beneficiary", "ann@example.com")];
    let fields = filled(&admin, "/admin/codes/new", "create_code", &typed).await;
    assert_eq!(send(&admin, "/admin/codes/new", &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    site.user("ann").await;
    assert!(send(&admin, "/admin/codes/new", &fields).await.location().ends_with("?done=created"));
});

on_both!(a_form_for_many_codes_makes_them_once, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    for n in 0..10 {
        let description = format!("Fair {n}");
        let typed = [
            ("description", description.as_str()),
            ("max_uses", "5"),
            ("count", "3"),
            ("length", "8"),
            ("prefix", "F-"),
        ];
        let fields = filled(&admin, "/admin/codes/bulk", "request_bulk_codes", &typed).await;
        let send = || send(&admin, "/admin/codes/bulk", &fields);
        let (first, second) = tokio::join!(send(), send());
        let third = send().await;
        assert!(first.location().starts_with("/admin/codes/bulk/"), "{}: {}", first.status, first.text());
        assert_eq!([second.location(), third.location()], [first.location(); 2]);
        assert_eq!(count(&admin, "/admin/codes/bulk", "th a[href^='/admin/codes/bulk/']").await, n + 1);
    }
});

on_both!(a_form_for_a_key_makes_one_key_and_says_so, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    for n in 0..10 {
        let fields = filled(&admin, "/admin/api-keys", "create_api_key", &[("name", "Shop"), ("scopes", "read")]).await;
        let send = || send(&admin, "/admin/api-keys", &fields);
        let (one, other) = tokio::join!(send(), send());
        let (made, told) = if one.status == StatusCode::SEE_OTHER { (one, other) } else { (other, one) };
        let secret = admin.get(made.location()).await.find("#secret").expect("the key");
        for told in [told, send().await] {
            assert_eq!((told.status, told.find("#secret")), (StatusCode::CONFLICT, None));
            let told = told.alerts().join(" ");
            assert!(told.contains("It created a key") && told.contains(&secret[43..]), "{told}");
        }
        assert_eq!(count(&admin, "/admin/api-keys", "[data-testid='key-admin']").await, n + 1);
    }
    // Sent again before its page was opened, it shows the key.
    let fields = filled(&admin, "/admin/api-keys", "create_api_key", &[("name", "Shop"), ("scopes", "read")]).await;
    let made = send(&admin, "/admin/api-keys", &fields).await;
    let told = send(&admin, "/admin/api-keys", &fields).await;
    assert_eq!((made.status, told.status), (StatusCode::SEE_OTHER, StatusCode::CONFLICT));
    let secret = told.find("#secret").expect("the key");
    assert!(told.alerts().join(" ").contains(&secret[43..]));
    assert_eq!(admin.get(made.location()).await.find("#secret"), None);
});

on_both!(the_number_of_a_form_is_of_no_use_to_others, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let typed = [("description", "Spring"), ("max_uses", "5"), ("active", "true")];
    let fields = filled(&admin, "/admin/codes/new", "create_code", &typed).await;
    let first = send(&admin, "/admin/codes/new", &fields).await;
    let other = site.user("bob").await;
    let rights = [("form", "update_user"), ("id", "2"), ("goal", "10"), ("admin", "true")];
    assert!(admin.post("/admin/users/2", &rights).await.location().ends_with("?done=saved"));
    let second = send(&other, "/admin/codes/new", &fields).await;
    assert!(second.location().ends_with("?done=created") && second.location() != first.location());
});

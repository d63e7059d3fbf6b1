use crate::{
    on_both,
    site::{PASSWORD, Page, Site},
};
use passalong::{domain::time::DAY, server::store::counter_check};
use reqwest::StatusCode;
use scraper::{Html, Selector};

/// The channels of a page with their numbers.
fn channels(page: &Page) -> Vec<String> {
    let html = Html::parse_document(&page.body);
    let bars = Selector::parse("[data-testid='channel']").expect("a selector");
    html.select(&bars).map(|bar| bar.text().map(str::trim).collect::<Vec<_>>().join(" ").trim().to_owned()).collect()
}

on_both!(clicks_are_shown_by_where_the_link_was_shared, |db| {
    let site = Site::start(db).await;
    let (ann, admin) = (site.user("ann").await, site.admin().await);
    let link = ann.link().await;
    assert_eq!(channels(&ann.get("/dashboard").await), Vec::<String>::new());
    assert!(admin.get("/admin").await.text().contains("Clicks appear here by where people found the link."));
    // Visitors with a browser each; the last one asks twice, which counts once.
    for (n, via) in
        ["?via=whatsapp", "?via=WhatsApp", "", "?via=", "?via=whatsapp", "?via=elsewhere"].iter().enumerate()
    {
        let friend = site.browser_named(&format!("Friend/{n}"));
        friend.get(&format!("{link}{via}")).await;
    }
    site.browser_named("Friend/5").get(&format!("{link}?via=qr")).await;
    site.browser_named("curl/8.14.1").get(&format!("{link}?via=mail")).await;
    let shown = ["WhatsApp 3 · 50%", "Direct 3 · 50%"];
    let mut found = channels(&ann.get("/dashboard").await);
    found.sort_by_key(|bar| bar.starts_with("Direct"));
    assert_eq!(found, shown);
    assert_eq!(ann.numbers().await, [6, 0, 0]);

    let fields = [("code", "SPRING"), ("description", "Spring"), ("max_uses", "5"), ("active", "true")];
    let code = admin.post("/admin/codes/new", &fields).await;
    let code = code.location().split('?').next().expect("an address").to_owned();
    site.browser_named("Friend/9").get("/r/SPRING?via=qr").await;
    assert_eq!(channels(&admin.get(&code).await), ["QR code 1 · 100%"]);

    // The overview counts them once a minute.
    site.clock.set(site.clock.now().plus(2 * DAY));
    let admin = site.admin().await;
    let mut found = channels(&admin.get("/admin").await);
    found.sort();
    assert_eq!(found, ["Direct 3 · 43%", "QR code 1 · 14%", "WhatsApp 3 · 43%"]);
    admin.post("/language", &[("language", "es"), ("next", "/admin")]).await;
    assert!(channels(&admin.get("/admin").await).contains(&"Directo 3 · 43\u{a0}%".to_owned()));
    let mut tx = site.state.db.read().await.expect("a transaction");
    assert_eq!(counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
});

on_both!(a_dashboard_compares_with_the_days_before, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let link = ann.link().await;
    for n in 0..3 {
        site.browser_named(&format!("Friend/{n}")).get(&link).await;
    }
    let text = ann.get("/dashboard").await.text();
    assert!(text.contains("3 in the last 30 days") && !text.contains("previous period"), "{text}");
    site.clock.set(site.clock.now().plus(30 * DAY));
    assert_eq!(
        ann.post("/signin", &[("email", "ann@example.com"), ("password", PASSWORD)]).await.status,
        StatusCode::SEE_OTHER
    );
    site.browser_named("Friend/9").get(&link).await;
    let text = ann.get("/dashboard").await.text();
    assert!(text.contains("1 in the last 30 days") && text.contains("2 less than in the previous period"), "{text}");
    assert_eq!(ann.numbers().await, [4, 0, 0]);
});

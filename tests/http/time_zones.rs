use crate::{
    on_both,
    site::{Browser, Page, Site},
};
use reqwest::StatusCode;

async fn create(admin: &Browser, code: &str, expires_at: &str) -> Page {
    let fields =
        [("code", code), ("description", "Spring"), ("max_uses", "5"), ("active", "true"), ("expires_at", expires_at)];
    admin.post("/admin/codes/new", &fields).await
}

/// The address of the code whose form was accepted.
fn page_of(answer: &Page) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    answer.location().split('?').next().expect("an address").to_owned()
}

on_both!(codes_end_in_the_time_zone_of_the_program, |db| {
    let site = Site::start(db).await;
    site.set("time_zone", "\"America/New_York\"").await;
    let admin = site.admin().await;
    let form = admin.get("/admin/codes/new").await;
    assert!(form.text().contains("Date and time in America/New York."), "{}", form.text());
    // It is 6:33 there, and 11:33 in UTC.
    assert_eq!(form.find("#expires_at").as_deref(), Some("2026-11-21T06:33"));
    assert_eq!(create(&admin, "PAST", "2026-11-14T06:33").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let soon = page_of(&create(&admin, "SOON", "2026-11-14T06:34").await);
    let page = admin.get(&soon).await;
    assert_eq!(page.find("#expires_at").as_deref(), Some("2026-11-14T06:34"));
    assert!(page.text().contains("14 November 2026, 06:34 EST"), "{}", page.text());
    // Clocks skip this hour in spring, and show the other one twice in autumn.
    let skipped = page_of(&create(&admin, "SKIPPED", "2027-03-14T02:30").await);
    assert!(admin.get(&skipped).await.text().contains("14 March 2027, 03:30 EDT"));
    let twice = page_of(&create(&admin, "TWICE", "2027-11-07T01:30").await);
    assert!(admin.get(&twice).await.text().contains("7 November 2027, 01:30 EDT"));
    // What was not touched stays, and what is checked while it is typed is the same.
    let id = soon.rsplit('/').next().expect("an id").to_owned();
    let fields = [("id", id.as_str()), ("description", "Later"), ("max_uses", "5"), ("expires_at", "2026-11-14T06:34")];
    let saved = admin.post(&soon, &[&[("form", "update_code")], &fields[..]].concat()).await;
    assert_eq!(page_of(&saved), soon);
    let page = admin.get(&soon).await;
    assert!(page.text().contains("14 November 2026, 06:34 EST") && page.text().contains("Later"));
    let checked = async |expires_at| {
        let fields = [("description", "Later"), ("max_uses", "5"), ("expires_at", expires_at)];
        admin.post("/fn/validate_code", &fields).await.body
    };
    assert_eq!(checked("2026-11-14T06:34").await, "[]");
    assert!(checked("2026-11-14T06:33").await.contains("expires_at"));
});

on_both!(payments_and_rules_are_in_the_time_zone_of_the_program, |db| {
    let site = Site::start(db).await;
    site.set("time_zone", "\"America/New_York\"").await;
    let (admin, _ann) = (site.admin().await, site.user("ann").await);
    let form = admin.get("/admin/conversions/new").await;
    assert_eq!(form.find("#occurred_at").as_deref(), Some("2026-11-14T06:33"));
    assert!(form.text().contains("Paid at (America/New York)"));
    let fields = [("person", "ann"), ("amount", "5"), ("occurred_at", "2026-11-14T06:00")];
    let added = admin.post("/admin/conversions/new", &fields).await;
    assert!(admin.get(added.location()).await.body.contains("2026-11-14T11:00:00Z"), "{}", added.text());
    let fields = [
        ("trigger", "signup"),
        ("recipient", "referrer"),
        ("kind", "extra_messages"),
        ("amount", "5"),
        ("approval", "automatic"),
        ("starts_at", "2026-12-01T00:00"),
    ];
    let made = admin.post("/admin/rules/new", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let page = admin.get(made.location()).await;
    assert_eq!(page.find("#starts_at").as_deref(), Some("2026-12-01T00:00"));
    assert!(page.text().contains("From (America/New York)"));
});

on_both!(a_welcome_has_the_lines_that_it_was_written_with, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let text = "Hello & welcome\r\n\r\n</textarea><b>Bring</b> your &lt;friends&gt;";
    let fields = [("form", "update_settings"), ("referral_codes_enabled", "true"), ("welcome_text", text)];
    assert_eq!(admin.post("/admin/settings", &fields).await.status, StatusCode::SEE_OTHER);
    let lines = text.replace('\r', "");
    assert_eq!(site.settings().welcome_text, lines);
    assert_eq!(admin.get("/admin/settings").await.find("textarea[name=welcome_text]").as_deref(), Some(lines.as_str()));
    for path in ["/", "/signup"] {
        let page = site.browser().get(path).await;
        assert_eq!(page.find("p.written").as_deref(), Some(lines.as_str()), "{path}");
    }
    let long = "x\n</textarea>".repeat(50);
    let fields = [("form", "update_settings"), ("referral_codes_enabled", "true"), ("welcome_text", long.as_str())];
    let page = admin.post("/admin/settings", &fields).await;
    assert_eq!((page.status, page.alerts().len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    assert_eq!(page.find("textarea[aria-invalid]").as_deref(), Some(long.trim()));
});

//! What admins see of attribution decisions.

use crate::{
    on_both,
    site::{Browser, Page, Site},
};
use passalong::domain::time::{DAY, HOUR};
use reqwest::StatusCode;
use scraper::{Html, Selector};

/// The text of every row of a table, its cells parted by `|`.
pub fn rows(page: &Page, test_id: &str) -> Vec<String> {
    assert_eq!(page.status, StatusCode::OK);
    let html = Html::parse_document(&page.body);
    let row = Selector::parse(&format!("[data-testid='{test_id}']")).expect("a selector");
    let cell = Selector::parse("th, td").expect("a selector");
    let text = |cell: scraper::ElementRef<'_>| cell.text().collect::<String>().trim().to_owned();
    html.select(&row).map(|row| row.select(&cell).map(text).collect::<Vec<_>>().join("|")).collect()
}

/// Who signed up, by the first word of each row.
async fn found(admin: &Browser, query: &str) -> Vec<String> {
    let page = admin.get(&format!("/admin/referrals{query}")).await;
    let name = |row: &String| row.split(['|', '@']).next().unwrap_or_default().to_owned();
    // Name and e-mail stand beside each other.
    rows(&page, "referral-row").iter().map(name).map(|name| name[..name.len() / 2].to_owned()).collect()
}

/// The first address in a page that begins like this.
fn link(page: &Page, begins: &str) -> Option<String> {
    let html = Html::parse_document(&page.body);
    let links = Selector::parse(&format!("main a[href^='{begins}']")).expect("a selector");
    html.select(&links).filter_map(|a| a.value().attr("href")).find(|href| !href.ends_with("/new")).map(str::to_owned)
}

async fn campaign(admin: &Browser, code: &str, beneficiary: &str) {
    let fields = [
        ("form", "create_code"),
        ("code", code),
        ("description", "Spring"),
        ("max_uses", "100"),
        ("beneficiary", beneficiary),
        ("active", "true"),
    ];
    assert_eq!(admin.post("/admin/codes/new", &fields).await.status, StatusCode::SEE_OTHER);
}

on_both!(every_sign_up_is_found_with_what_decided, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let ann = site.user("ann").await;
    let link_of_ann = ann.link().await;
    campaign(&admin, "SPRING", "").await;
    let visitor = site.browser_named("Friend/1");
    visitor.follow(&link_of_ann).await;
    visitor.sign_up("bob", &[]).await;
    site.browser().sign_up("carl", &[("code", "spring")]).await;
    site.browser().sign_up("dora", &[]).await;
    assert_eq!(found(&admin, "").await, ["dora", "carl", "bob", "ann"]);
    assert_eq!(found(&admin, "?state=credited").await, ["carl", "bob"]);
    assert_eq!(found(&admin, "?state=signed-up").await, ["carl", "bob"]);
    assert_eq!(found(&admin, "?state=not-credited").await, ["dora", "ann"]);
    assert!(found(&admin, "?state=converted").await.is_empty());
    assert_eq!(found(&admin, "?rule=last_click").await, ["bob"]);
    assert_eq!(found(&admin, "?rule=code_in_form&state=credited").await, ["carl"]);
    assert_eq!(found(&admin, "?q=SPRING").await, ["carl"]);
    // Somebody on either side.
    assert_eq!(found(&admin, "?q=ANN@example.com").await, ["bob", "ann"]);
    assert_eq!(found(&admin, "?q=dora&state=not-credited").await, ["dora"]);
    assert!(found(&admin, "?q=nobody").await.is_empty());
    // Any part of a name or a code is enough.
    assert_eq!(found(&admin, "?q=PRIN").await, ["carl"]);
    assert_eq!(found(&admin, "?q=nn%40ex").await, ["bob", "ann"]);
    assert_eq!(found(&admin, "?q=%40example&state=credited").await, ["carl", "bob"]);
    let list = admin.get("/admin/referrals?q=bob").await;
    let row = &rows(&list, "referral-row")[0];
    let code = link_of_ann.trim_start_matches("/r/");
    for part in ["bob@example.com", "14 Nov", "ann", code, "Signed up", "Last click"] {
        assert!(row.contains(part), "{part} in {row}");
    }
});

on_both!(a_receipt_shows_all_evidence_and_why_it_counted_or_not, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let (ann, bob) = (site.user("ann").await, site.user("bob").await);
    campaign(&admin, "SPRING", "bob@example.com").await;
    let (of_ann, of_bob) = (ann.link().await, bob.link().await);
    let friend = site.browser_named("Friend/1");
    friend.follow(&of_ann).await;
    site.clock.set(site.clock.now().plus(40 * DAY));
    friend.follow(&format!("{of_bob}?via=x")).await;
    site.clock.set(site.clock.now().plus(HOUR));
    friend.follow("/r/SPRING").await;
    site.clock.set(site.clock.now().plus(HOUR));
    friend.sign_up("carl", &[("code", of_ann.trim_start_matches("/r/"))]).await;
    let admin = site.admin().await;
    let list = admin.get("/admin/referrals?q=carl").await;
    let page = admin.get(&link(&list, "/admin/referrals/").expect("a receipt")).await;
    let evidence = rows(&page, "evidence");
    assert_eq!(evidence.len(), 4, "{evidence:?}");
    for (row, parts) in evidence.iter().zip([
        ["by hand", "At sign-up", "ann", "counted."],
        ["Click", "24 Dec", "SPRING", "something else took priority"],
        ["shared by x", "24 Dec", "bob", "something else took priority"],
        ["Click", "14 Nov", "ann", "it was 40 days before the sign-up, outside the 30-day window."],
    ]) {
        for part in parts {
            assert!(row.contains(part), "{part} in {row}");
        }
    }
    assert!(page.text().contains("Code in the form"));
    assert!(link(&page, "/admin/codes/").is_some() && link(&page, "/admin/users/").is_some());
});

on_both!(decisions_are_linked_from_people_and_codes, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    site.user("ann").await;
    campaign(&admin, "SPRING", "ann@example.com").await;
    let friend = site.browser();
    friend.sign_up("bob", &[("code", "SPRING")]).await;
    let bob = link(&admin.get("/admin/users?q=bob").await, "/admin/users/").expect("Bob's page");
    let receipt = link(&admin.get(&bob).await, "/admin/referrals/").expect("a receipt");
    assert_eq!(rows(&admin.get(&receipt).await, "evidence").len(), 1);
    let of_ann = link(&admin.get("/admin/users?q=ann").await, "/admin/users/").expect("Ann's page");
    let brought = link(&admin.get(&of_ann).await, "/admin/referrals?q=ann%40").expect("whom Ann brought");
    assert_eq!(rows(&admin.get(&brought).await, "referral-row").len(), 1);
    let codes = admin.get("/admin/codes").await;
    let code = (1..=9).find_map(|n| link(&codes, &format!("/admin/codes/{n}"))).expect("a code's page");
    let with_code = link(&admin.get(&code).await, "/admin/referrals?").expect("who used it");
    assert_eq!(rows(&admin.get(&with_code).await, "referral-row").len(), 1);
    // An account that is gone leaves the decision, without a name.
    let fields = [("form", "delete_account"), ("password", crate::site::PASSWORD)];
    assert_eq!(friend.post("/profile", &fields).await.status, StatusCode::SEE_OTHER);
    let page = admin.get(&receipt).await;
    assert!(page.text().contains("Account deleted") && !page.body.contains("bob"), "{}", page.text());
    assert_eq!(admin.get("/admin/referrals/999999").await.status, StatusCode::NOT_FOUND);
});

on_both!(long_lists_are_paged_by_their_address, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let mut tx = site.state.db.begin().await.expect("a transaction");
    crate::crowd::make(&mut tx, 120, site.clock.now()).await.expect("a crowd");
    tx.commit().await.expect("stored");
    for (path, first) in [
        ("/admin/referrals?state=not-credited", "Crowd-118"),
        ("/admin/users", "Crowd-119"),
        ("/admin/users?sort=email", "admin"),
        ("/admin/users?q=crowd", "Crowd-0"),
    ] {
        let mut seen = vec![];
        let mut next = Some(path.to_owned());
        while let Some(address) = next {
            let page = admin.get(&address).await;
            let html = Html::parse_document(&page.body);
            let names = Selector::parse("tbody th a").expect("a selector");
            seen.extend(html.select(&names).map(|a| a.text().collect::<String>()));
            let pager = Selector::parse("nav[aria-label='Pages'] a").expect("a selector");
            let mut links = html.select(&pager).filter(|a| a.text().collect::<String>().contains("Next"));
            next = links.next_back().and_then(|a| a.value().attr("href")).map(str::to_owned);
        }
        assert_eq!(seen.first().map(String::as_str), Some(first), "{path}");
        let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
        let expected = if path.contains("referrals") {
            120 - 18
        } else if path.contains("q=") {
            120
        } else {
            121
        };
        assert_eq!((seen.len(), distinct.len()), (expected, expected), "{path}");
    }
});

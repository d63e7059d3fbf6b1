//! Tables to take away.

use crate::{
    on_both,
    site::{Browser, Page, Site},
};
use passalong::{
    domain::accounts::{email::Email, username::Username},
    server::store::imports::{self, ImportedUser},
};
use reqwest::StatusCode;

async fn csv(admin: &Browser, path: &str) -> Vec<csv::StringRecord> {
    let page: Page = admin.get(path).await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8"), "{path}");
    assert!(page.header("content-disposition").starts_with("attachment; filename=\""), "{path}");
    assert!(page.body.starts_with('\u{feff}'), "Excel takes it for UTF-8: {path}");
    csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(page.body.as_bytes())
        .records()
        .collect::<Result<_, _>>()
        .expect("well-formed CSV")
}

async fn create(admin: &Browser, code: &str, description: &str, category: &str) {
    let fields = [
        ("form", "create_code"),
        ("code", code),
        ("description", description),
        ("category", category),
        ("max_uses", "100"),
        ("active", "true"),
    ];
    assert_eq!(admin.post("/admin/codes/new", &fields).await.status, StatusCode::SEE_OTHER);
}

/// A column of the rows below the head.
fn column<'a>(rows: &'a [csv::StringRecord], name: &str) -> Vec<&'a str> {
    let at = rows[0].iter().position(|head| head == name).expect("a column");
    rows[1..].iter().map(|row| &row[at]).collect()
}

on_both!(no_cell_is_a_formula, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let evil = ["=HYPERLINK(\"http://evil.example\",\"x\")", "+1+1", "-2+3", "@SUM(A1:A9)", "'=1"];
    for (n, description) in evil.iter().enumerate() {
        create(&admin, &format!("-MINUS-{n}"), description, "=cmd|' /C calc'!A0").await;
    }
    let rows = csv(&admin, "/admin/codes.csv").await;
    assert_eq!(rows.len(), 6);
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
    assert_eq!(column(&rows, "description")[4], format!("'{}", evil[0]));
    assert_eq!(column(&rows, "code")[4], "'-MINUS-0");
    for cell in csv(&admin, "/admin/audit.csv").await.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
});

on_both!(tables_are_filtered_like_their_pages, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    create(&admin, "SPRING", "Spring, \"fair\"", "Events").await;
    create(&admin, "AUTUMN", "Autumn", "Letters").await;
    assert_eq!(column(&csv(&admin, "/admin/codes.csv").await, "code"), ["AUTUMN", "SPRING"]);
    assert_eq!(column(&csv(&admin, "/admin/codes.csv?q=spr").await, "description"), ["Spring, \"fair\""]);
    assert_eq!(column(&csv(&admin, "/admin/codes.csv?category=Letters&status=active").await, "code"), ["AUTUMN"]);
    assert!(column(&csv(&admin, "/admin/codes.csv?status=expired").await, "code").is_empty());
    assert!(admin.get("/admin/codes?q=spr").await.body.contains("href=\"/admin/codes.csv?q=spr\""));

    site.browser().sign_up("bob", &[("code", "SPRING")]).await;
    let page = admin.get("/admin/codes?q=spring").await;
    let id = page.find("[data-testid='code-row'] [name=id]").expect("an id");
    let usages = csv(&admin, &format!("/admin/codes/{id}/usages.csv")).await;
    assert_eq!(column(&usages, "email"), ["bob@example.com"]);
    assert!(admin.get(&format!("/admin/codes/{id}")).await.body.contains("usages.csv"));
    assert_eq!(admin.get("/admin/codes/999999/usages.csv").await.status, StatusCode::NOT_FOUND);
    assert_eq!(admin.get("/admin/codes/x/usages.csv").await.status, StatusCode::NOT_FOUND);

    let found = csv(&admin, "/admin/users.csv?q=ob%40").await;
    assert_eq!((column(&found, "username"), column(&found, "role")), (vec!["bob"], vec!["user"]));
    assert_eq!(column(&csv(&admin, "/admin/users.csv").await, "username"), ["bob", "admin"]);
    assert!(found.iter().flatten().all(|cell| !cell.contains("argon2")));
    let audit = csv(&admin, "/admin/audit.csv?action=code.create").await;
    assert_eq!(column(&audit, "target"), ["AUTUMN", "SPRING"]);
    assert!(admin.get("/admin/audit").await.body.contains("href=\"/admin/audit.csv\""));
});

on_both!(only_admins_take_tables_away, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    for path in [
        "/admin/codes.csv?q=x",
        "/admin/users.csv",
        "/admin/audit.csv",
        "/admin/conversions.csv",
        "/admin/codes/1/usages.csv",
    ] {
        assert_eq!(ann.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        let page = site.browser().get(path).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        assert!(page.location().starts_with("/signin?next=%2Fadmin%2F"), "{}", page.location());
    }
});

on_both!(long_tables_come_whole_page_by_page, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let person = |n| {
        let email = Email::parse(&format!("user-{n}@example.com")).expect("an address");
        ImportedUser::new(&email, &Username::parse(&format!("user-{n}")).expect("a name"), 10, site.clock.now())
    };
    let rows: Vec<ImportedUser> = (0..4_321).map(person).collect();
    let mut tx = site.state.db.begin().await.expect("a transaction");
    assert_eq!(imports::insert_users(&mut tx, &rows).await.expect("stored").len(), 4_321);
    tx.commit().await.expect("stored");
    let rows = csv(&admin, "/admin/users.csv").await;
    let names: std::collections::HashSet<&str> = column(&rows, "username").into_iter().collect();
    assert_eq!((rows.len(), names.len()), (4_323, 4_322));
    assert!(column(&rows, "clicks").iter().all(|clicks| *clicks == "0"));
});

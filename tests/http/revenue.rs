//! Where conversions and revenue are shown besides the API of payments.

use crate::{
    api::Api,
    conversions::texts,
    on_both,
    site::{Page, Site},
};
use serde_json::{Value, json};

/// Ann, with a friend who has paid in two currencies by a campaign code that credits her. The code's id.
async fn paid_by_a_friend(api: &Api) -> i64 {
    let ann = api.post("/users", json!({"email": "ann@example.com", "external_id": "ann"})).await.with(201);
    let code = json!({"code": "SPRING", "description": "Spring", "max_uses": 1, "beneficiary_id": ann["id"]});
    let code = api.post("/codes", code).await.with(201);
    api.post("/codes", json!({"code": "QUIET", "description": "Nobody"})).await.with(201);
    api.post("/users", json!({"email": "bob@example.com", "external_id": "bob", "code": "SPRING"})).await.with(201);
    for (name, amount, currency) in [("o-1", 231_000, "USD"), ("o-2", 19_000, "EUR")] {
        let order = json!({"external_id": "bob", "source_id": name, "amount": amount, "currency": currency});
        api.post("/conversions", order).await.with(201);
    }
    code["id"].as_i64().expect("a number")
}

/// What each chart of a page is of, in words.
fn charts(page: &Page) -> Vec<String> {
    texts(page, ".chart + details caption")
}

on_both!(admins_see_conversions_and_revenue_by_currency, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let admin = site.admin().await;
    let before = admin.get("/admin?period=7").await.text();
    assert!(before.contains("Revenue") && !before.contains('€'), "{before}");
    let code = paid_by_a_friend(&api).await;
    let revenue = "€190.00\u{a0}· $2,310.00";
    let overview = admin.get("/admin?period=7&metric=revenue").await;
    let tiles = overview.find(".metric-tiles").expect("tiles");
    assert!(tiles.contains("Customers1") && tiles.contains(revenue), "{tiles}");
    assert_eq!(charts(&overview), ["Revenue in EUR, 7 days: €190.00", "Revenue in USD, 7 days: $2,310.00"]);
    let days = texts(&overview, "#activity ~ details tbody tr:first-child");
    assert_eq!(days, ["14 Nov€190.00–", "14 Nov$2,310.00–"]);
    let page = admin.get(&format!("/admin/codes/{code}")).await;
    let of_code = ["Clicks, 30 days: 0", "Revenue in EUR, 30 days: €190.00", "Revenue in USD, 30 days: $2,310.00"];
    assert_eq!(charts(&page), of_code);
    let tiles = page.find("[aria-label='Numbers of this code'][data-refresh-on]").expect("tiles");
    assert!(tiles.contains("Conversions1") && tiles.contains(revenue), "{tiles}");
    let ann = api.get("/users/ext:ann").await.with(200)["id"].clone();
    let page = admin.get(&format!("/admin/users/{ann}")).await;
    let facts = page.find("#details ~ .facts").expect("facts");
    assert!(facts.contains("Conversions1") && facts.contains(revenue), "{facts}");
    // Another period has another top list, which is counted anew.
    let top = admin.get("/admin?period=90").await.find("#top ~ .table tbody tr").expect("the best code");
    assert!(top.contains("SPRING") && top.ends_with('1'), "{top}");
    for (table, row) in [("codes", "SPRING"), ("users", "ann@example.com")] {
        let table = admin.get(&format!("/admin/{table}.csv")).await.body;
        let mut lines = csv::Reader::from_reader(table.as_bytes());
        let column = lines.headers().expect("a head").iter().position(|name| name == "conversions").expect("a column");
        let record = lines.records().flatten().find(|line| line.iter().any(|cell| cell == row)).expect("a row");
        assert_eq!(&record[column], "1", "{table}");
    }
});

on_both!(codes_of_the_api_have_revenue, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let id = paid_by_a_friend(&api).await;
    let revenue = json!([{"amount": 19_000, "currency": "EUR"}, {"amount": 231_000, "currency": "USD"}]);
    let code = api.get(&format!("/codes/{id}")).await.with(200);
    assert_eq!((&code["revenue"], &code["conversions"]), (&revenue, &json!(1)));
    let listed = api.get("/codes").await.with(200)["data"].clone();
    let by_code = |name: &str| listed.as_array().and_then(|all| all.iter().find(|code| code["code"] == name)).cloned();
    assert_eq!(by_code("SPRING").expect("a code"), code);
    assert_eq!(by_code("QUIET").expect("a code")["revenue"], json!([]));
    assert_eq!(api.get("/codes/by-code/spring").await.with(200), code);
    // An event of the code says the same: the next sign-up uses it up.
    api.patch(&format!("/codes/{id}"), json!({"max_uses": 2})).await.with(200);
    api.post("/users", json!({"email": "eve@example.com", "code": "SPRING"})).await.with(201);
    let events = api.get("/events?limit=100").await.with(200)["data"].clone();
    let of_code =
        |event: &&Value| event["data"]["object"]["code"] == "SPRING" && event["data"]["object"]["revenue"].is_array();
    let told = events.as_array().and_then(|all| all.iter().rfind(of_code)).expect("an event").clone();
    assert_eq!(told["data"]["object"]["revenue"], revenue);
});

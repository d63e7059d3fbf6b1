use crate::{api::Api, on_both, site::Site};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::collections::HashMap;

#[test]
fn the_document_is_as_others_know_it() {
    insta::assert_snapshot!(passalong::server::api::document::text("https://refer.example.com"));
}

on_both!(the_document_and_its_page_are_for_everybody, |db| {
    let site = Site::start(db).await;
    let browser = site.browser();
    let document = browser.get("/api/v1/openapi.json").await;
    assert_eq!((document.status, document.header("content-type")), (StatusCode::OK, "application/json"));
    let parsed: Value = serde_json::from_str(&document.body).expect("JSON");
    assert_eq!(parsed["openapi"], "3.1.0");
    assert!(parsed["paths"]["/api/v1/codes"]["post"].is_object());
    assert_eq!(parsed["servers"], json!([{"url": site.state.base_url}]));
    let page = browser.get("/api/docs").await;
    assert_eq!(page.status, StatusCode::OK);
    for id in ["about", "codes", "createCode", "object-Code", "errors", "code_not_found"] {
        assert!(page.find(&format!("#{id}")).is_some(), "{id}");
    }
    let index = page.find("nav.index a[href='#createCode']");
    assert_eq!(index.as_deref(), Some("Create a campaign code"));
    let sample = page.find("article:has(#createCode) details[open] .sample").expect("a sample");
    let sample: Value = serde_json::from_str(&sample).expect("JSON");
    assert_eq!((&sample["code"], &sample["status"]), (&Value::from("SPRING26"), &Value::from("active")));
    for shown in
        ["Create a campaign code", "/api/v1/users/{id}", "usage_limit_reached", "Idempotency-Key", "scope admin"]
    {
        assert!(page.text().contains(shown), "{shown}");
    }
    // Everything the page needs comes from here.
    assert!(!page.body.contains("src=\"http") && !page.body.contains("href=\"http"), "{}", page.body);
});

on_both!(what_the_document_shows_to_send_breaks_no_rule, |db| {
    let site = Site::start(db).await;
    let api = Api::new(&site, "admin").await;
    let document = api.get("/openapi.json").await.body;
    // What is created is what the later ones are about.
    let (mut created, mut sent) = (HashMap::new(), 0);
    for (path, operations) in document["paths"].as_object().expect("paths") {
        let path = path.strip_prefix("/api/v1/").expect("a path of this version");
        let kind = path.split('/').next().unwrap_or_default();
        let id = created.get(kind).copied().unwrap_or(1);
        for (method, operation) in operations.as_object().expect("operations") {
            let content = &operation["requestBody"]["content"]["application/json"];
            if content.is_null() {
                continue;
            }
            let (path, sample) = (format!("/{path}").replace("{id}", &id.to_string()), &content["example"]);
            assert!(sample.is_object(), "{method} {path} has no example: {content}");
            let answer = api.send(&method.to_uppercase(), &path, &[], Some(sample.clone())).await;
            assert!(![400, 415, 422].contains(&answer.status), "{method} {path} {sample}: {answer:?}");
            if let Some(id) = answer.body["id"].as_i64().filter(|_| path == format!("/{kind}")) {
                created.insert(kind.to_owned(), id);
            }
            sent += 1;
        }
    }
    assert!(sent > 15, "{sent}");
});

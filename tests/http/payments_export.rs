//! A program that moves to another database with its payments: nothing is lost, and nothing counts twice.

use crate::{
    api::Api,
    import_export::Place,
    site::Site,
    stripe::{invoice, send},
};
use passalong::{
    domain::time::DAY,
    server::{config::clock::Clock, store::db::Db},
};
use serde_json::{Value, json};

/// A site that takes events of Stripe's, whose clock is that of the commands.
async fn site(place: &Place) -> (Site, Api) {
    let db = Db::connect(&place.url).await.expect("opens");
    let secret = ["--stripe-webhook-secret", "whsec_first"];
    let site = Site::at(db, &secret, Clock::default()).await.without_tasks().await;
    let api = Api::new(&site, "admin").await;
    (site, api)
}

fn said(output: &std::process::Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Everything of the program, as `export` writes it.
fn export(place: &Place, name: &str) -> String {
    let output = place.run(&["export", name]);
    assert!(output.status.success(), "{}", said(&output));
    std::fs::read_to_string(place.folder.join(name)).expect("a file")
}

/// The lines of one type.
fn lines<'a>(text: &'a str, kind: &str) -> Vec<&'a str> {
    let begin = format!("{{\"type\":\"{kind}\",");
    text.lines().filter(|line| line.starts_with(&begin)).collect()
}

/// When friends joined, by the clock of the commands.
fn long_ago() -> String {
    Clock::real_now().plus(-60 * DAY).rfc_3339()
}

/// Payments of every kind, besides those of the demonstration. The id of somebody who is gone.
async fn fill(site: &Site, api: &Api) -> Value {
    let ann = api.post("/users", json!({"email": "ann@export.example", "external_id": "ann"})).await.with(201);
    let bob =
        json!({"email": "bob@export.example", "external_id": "bob", "code": ann["code"], "signed_up_at": long_ago()});
    api.post("/users", bob).await.with(201);
    for (name, references) in [("x-1", json!(["pi_x"])), ("x-2", json!(["pi_y"])), ("x-3", json!(["pi_x", "pi_y"]))] {
        let order = json!({"external_id": "bob", "source_id": name, "amount": 700, "currency": "USD", "provider_refs": references});
        api.post("/conversions", order).await;
    }
    let order = json!({"external_id": "carl", "source_id": "x-4", "amount": 500, "currency": "JPY"});
    api.post("/conversions", order).await.with(201);
    let trial = json!({"amount_paid": 0, "total": 0, "total_excluding_tax": 0});
    for paid in [invoice(1, json!({})), invoice(3, trial)] {
        assert_eq!(send(site, &paid).await, 200);
    }
    let gone = api.post("/users", json!({"email": "gone@export.example"})).await.with(201)["id"].clone();
    api.delete(&format!("/users/{gone}")).await;
    gone
}

/// Moves the program of a file to an empty database, and looks whether it is the same.
async fn move_to(place: &Place, text: &str, gone: &Value) {
    let import = |content: &str| {
        std::fs::write(place.folder.join("in.jsonl"), content).expect("written");
        place.run(&["import", "in.jsonl"])
    };
    let (without_end, _) = text.trim_end().rsplit_once('\n').expect("lines");
    for (content, why) in [
        (without_end.to_owned(), "its end is missing"),
        (text.replacen("{\"type\":\"payment\",", "{\"type\":\"pavement\",", 1), "there is no type \"pavement\""),
        (text.replacen("\"kind\":\"external_id\"", "\"kind\":\"rumour\"", 1), "unknown variant `rumour`"),
        (
            format!("{}{without_end}\n", &text[text.rfind("{\"type\":\"end\"").expect("an end")..]),
            "lines are missing before it",
        ),
    ] {
        assert!(content != text, "{why}");
        let refused = import(&content);
        assert!(!refused.status.success() && said(&refused).contains(why), "{why} in {}", said(&refused));
        assert!(said(&refused).starts_with("passalong: nothing was imported: in.jsonl: "), "{}", said(&refused));
    }
    let imported = import(text);
    assert_eq!(said(&imported), format!("Imported {} lines.\n", text.lines().count()));
    let verify = place.run(&["verify"]);
    assert!(verify.status.success(), "{}", said(&verify));
    assert!(export(place, "again.jsonl") == text, "the same as before");
    let again = import(text);
    assert!(
        !again.status.success() && said(&again).contains("the database holds a program already"),
        "{}",
        said(&again)
    );
    // A message that was delivered before the move is known after it.
    let (site, api) = site(place).await;
    assert_eq!(send(&site, &invoice(1, json!({}))).await, 200);
    assert_eq!(send(&site, &invoice(2, json!({}))).await, 200);
    let after = export(place, "after.jsonl");
    let (before, after) = (lines(text, "stripe_event"), lines(&after, "stripe_event"));
    assert!(before.len() >= 2 && after.len() == before.len() + 1, "{} and {}", before.len(), after.len());
    assert!(before.iter().all(|line| after.contains(line)));
    // A customer of Stripe's is who it was, and whoever is parked is still taken up.
    let ann = api.get("/users/ext:ann").await.with(200);
    let carl =
        json!({"email": "carl@export.example", "external_id": "carl", "code": ann["code"], "signed_up_at": long_ago()});
    let carl = api.post("/users", carl).await.with(201);
    assert!(carl["id"].as_i64() > gone.as_i64(), "nobody gets an id of before: {} and {gone}", carl["id"]);
    let stats = api.get("/users/ext:ann/stats").await.with(200);
    assert_eq!(stats["conversions"], 2);
    let verify = place.run(&["verify"]);
    assert!(verify.status.success(), "{}", said(&verify));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_moves_with_its_payments() {
    for source in Place::both().await {
        assert!(source.run(&["demo", "--quiet"]).status.success());
        let (site, api) = site(&source).await;
        let gone = fill(&site, &api).await;
        drop(site);
        let text = export(&source, "all.jsonl");
        for kind in
            ["payment", "payment_ref", "payment_clue", "payment_customer", "payment_fact", "stripe_event", "event"]
        {
            assert!(!lines(&text, kind).is_empty(), "{kind}");
        }
        assert!(text.contains("\"state\":\"duplicate\""));
        for target in Place::both().await {
            move_to(&target, &text, &gone).await;
        }
    }
}

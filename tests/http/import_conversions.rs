//! Payments from CSV files: as if the host product had told of them, all of a file or nothing.

use crate::{api::Api, import_export::Place, site::Site};
use passalong::{
    domain::time::DAY,
    server::{config::clock::Clock, store::db::Db},
};
use serde_json::{Value, json};

const HEAD: &str =
    "external_id,email,user_id,source_id,amount,currency,net_amount,occurred_at,provider_refs,period_start,product";

/// A site whose clock is that of the commands, with Ann and with Bob, whom she brought long ago.
async fn ann_and_bob(place: &Place) -> (Site, Api, Value) {
    let db = Db::connect(&place.url).await.expect("opens");
    passalong::server::store::db::bring_up_to_date(&db).await.expect("migrated");
    let site = Site::at(db, &[], Clock::default()).await.with_admin().await;
    let api = Api::new(&site, "write").await;
    api.post("/users", json!({"email": "ann@example.com", "external_id": "ann"})).await.with(201);
    let bob = join(&api, "bob").await;
    (site, api, bob)
}

/// A moment by the clock of the commands.
fn days_ago(days: i64) -> String {
    Clock::real_now().plus(-days * DAY).stamp()
}

/// A friend of Ann's joins.
async fn join(api: &Api, name: &str) -> Value {
    let ann = api.get("/users/ext:ann").await.with(200);
    let email = format!("{name}@example.com");
    let friend = json!({"email": email, "external_id": name, "code": ann["code"], "signed_up_at": days_ago(60)});
    api.post("/users", friend).await.with(201)
}

async fn stats(api: &Api) -> (i64, Value) {
    let stats = api.get("/users/ext:ann/stats").await.with(200);
    (stats["conversions"].as_i64().expect("a number"), stats["revenue"].clone())
}

/// Everything of the program, as `export` writes it, but for the last ids: what is taken back on PostgreSQL leaves
/// gaps.
fn everything(place: &Place, name: &str) -> String {
    let output = place.run(&["export", name]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(place.folder.join(name)).expect("a file");
    text.lines().filter(|line| !line.starts_with("{\"type\":\"sequence\"")).collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payments_of_a_file_count_like_those_of_the_api() {
    for place in Place::both().await {
        let (site, api, bob) = ann_and_bob(&place).await;
        let told = json!({"external_id": "bob", "source_id": "o-1", "amount": 5000, "currency": "USD",
                          "occurred_at": days_ago(50), "provider_refs": ["pi_1"]});
        let told = api.post("/conversions", told).await.with(201);
        let [february, march, april] = [50, 40, 30].map(days_ago);
        let with_zone = march.replace('Z', "+00:00");
        let file = format!(
            "{HEAD}\n\
             bob,,,o-2,1999,usd,1800,{march},,{march},pro\n\
             ,BOB@example.com,,o-3,500,JPY,,{with_zone},,,\n\
             ,,{},o-4,1250,KWD,,{march},,,\n\
             bob,,,o-1b,5000,USD,,{february},pi_1 ch_1,,\n\
             bob,,,o-5,700,USD,,{april},in_5,,\n\
             bob,,,o-5b,700,USD,,{april},in_5  pi_5,,\n\
             carl,,,o-6,900,USD,,{april},,,\n\
             ann,,,o-7,100,USD,,,,,\n",
            bob["id"]
        );
        let said = place.import("conversions", file.as_bytes()).expect("imported");
        assert_eq!(
            said,
            "Imported payments: 6 new, 2 already known.\n\
             Parked, counting for nobody: 2. Nobody referred this customer: 1. We don’t know who \
             paid: 1.\n"
        );
        let money = |amount: i64, currency: &str| json!({"amount": amount, "currency": currency});
        let revenue = json!([money(500, "JPY"), money(1250, "KWD"), money(7500, "USD")]);
        assert_eq!(stats(&api).await, (1, revenue));
        let first = api.get(&format!("/conversions/{}", told["id"])).await.with(200);
        assert_eq!((&first["refs"], &first["source"]), (&json!(["ch_1", "pi_1"]), &json!("api")));
        let listed = api.get("/conversions?limit=100").await.with(200)["data"].as_array().expect("a list").clone();
        let by_name = |name: &str| listed.iter().find(|paid| paid["source_id"] == name).expect("a payment");
        let paid = by_name("o-2");
        assert_eq!(
            (&paid["source"], &paid["product"], &paid["net_amount"]),
            (&json!("import"), &json!("pro"), &json!(1800))
        );
        assert_eq!(by_name("o-3")["occurred_at"], by_name("o-2")["occurred_at"]);
        assert_eq!(listed.len(), 7, "two lines of one payment are one");
        let events = api.get("/events?type=conversion.created&limit=100").await.with(200);
        assert_eq!(events["data"].as_array().map(Vec::len), Some(5));
        assert!(site.admin().await.get("/admin/audit").await.text().contains("Payments imported"));
        assert!(place.run(&["verify"]).status.success());
        // Again it changes nothing, though now is another moment.
        let before = everything(&place, "before.jsonl");
        let again = place.import("conversions", file.as_bytes()).expect("imported");
        assert_eq!(again, "Imported payments: 0 new, 8 already known.\n");
        assert!(everything(&place, "after.jsonl") == before, "a second run changes nothing");
        // Carl's payment has waited for him.
        join(&api, "carl").await;
        assert_eq!(stats(&api).await.0, 2);
        assert!(place.run(&["verify"]).status.success());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_wrong_payment_is_named_and_none_is_kept() {
    for place in Place::both().await {
        let (_site, api, _) = ann_and_bob(&place).await;
        let ann = api.get("/users/ext:ann").await.with(200)["id"].clone();
        for (name, source_id, stripe) in [("ann", "a-1", "pi_a"), ("bob", "b-1", "pi_b")] {
            let told = json!({"external_id": name, "source_id": source_id, "amount": 5000, "currency": "USD", "provider_refs": [stripe]});
            api.post("/conversions", told).await.with(201);
        }
        let file = format!(
            "{HEAD}\n\
             bob,,,o-1,1999,USD,,,,,\n\
             bob,,,o-2,19.99,USD,,,,,\n\
             bob,,,o-3,1.5,JPY,,,,,\n\
             bob,,,o-4,1.25,KWD,,,,,\n\
             bob,,,o-5,0,USD,,,,,\n\
             bob,,,,5,dollars,,,,,\n\
             ,,,o-6,5,USD,,,,,\n\
             ,bob,,o-7,5,USD,,,,,\n\
             bob,,,o-8,5,USD,,soon,,,\n\
             bob,,,o-9,5,USD,6,9999-01-01T00:00:00Z,,,\n\
             bob,,,o-10,5,USD,,,pi_é,,\n\
             bob,,,b-1,4999,USD,,,,,\n\
             bob,,{ann},o-11,5,USD,,,,,\n\
             bob,,,o-1,2000,USD,,,,,\n\
             bob,,,o-12,5000,USD,,,pi_a pi_b,,\n\
             bob,,me,o-13,,USD,1.5,,,later,\n\
             bob,,,o-14,5,USD\n"
        );
        let before = everything(&place, "before.jsonl");
        let said = place.import("conversions", file.as_bytes()).expect_err("refused");
        let unit = "Please write a whole number of the smallest unit, which is";
        for line in [
            format!("line 3: amount: {unit} 0.01 USD: 1999 for 19.99."),
            format!("line 4: amount: {unit} 1 JPY."),
            format!("line 5: amount: {unit} 0.001 KWD: 1250 for 1.25."),
            "line 6: amount: ".into(),
            "line 7: source_id: ".into(),
            "currency: ".into(),
            "line 8: Send user_id, external_id or email".into(),
            "line 9: email: ".into(),
            "line 10: occurred_at: Please write a time like ".into(),
            "line 11: net_amount: ".into(),
            " occurred_at: ".into(),
            "line 12: provider_refs: ".into(),
            "line 13: amount: ".into(),
            "$50.00".into(),
            "line 14: ".into(),
            "line 15: amount: ".into(),
            "line 16: source_id: ".into(),
            format!(
                "line 17: user_id: Please write a whole number. amount: It is missing. net_amount: {unit} 0.01 USD: 150 \
                 for 1.5. period_start: "
            ),
            "line 18: it has 6 cells".into(),
            "passalong: nothing was imported: 16 lines are wrong in in.csv".into(),
        ] {
            assert!(said.contains(&line), "{line} in {said}");
        }
        assert!(!said.contains("line 2:"), "{said}");
        assert!(everything(&place, "after.jsonl") == before, "nothing is kept");
        for (content, said) in [
            ("source_id,amount\no-1,5\n", "the column \"currency\" is missing"),
            ("source_id,amount,currency,user\no-1,5,USD,1\n", "there is no column \"user\""),
            ("source_id,amount,currency\no-1,5,USD\n", "line 2: Send user_id, external_id or email"),
        ] {
            let refused = place.import("conversions", content.as_bytes()).expect_err(said);
            assert!(refused.contains(said), "{said} in {refused}");
        }
    }
}

//! A program's history that moves in: people with those who brought them, and tables that were taken away.

use crate::{import_export::Place, site::Site};
use passalong::{
    domain::attribution::Rule,
    server::{
        config::clock::Clock,
        store::{attributions, counters, db::Db, referrals, user_names, user_profiles},
    },
};
use std::{collections::BTreeMap, process::Output};

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Everything of the program but for the last ids: what is taken back on PostgreSQL leaves gaps.
fn everything(place: &Place, name: &str) -> String {
    let output = place.run(&["export", name]);
    assert!(output.status.success(), "{}", said(&output));
    let text = std::fs::read_to_string(place.folder.join(name)).expect("a file");
    text.lines().filter(|line| !line.starts_with("{\"type\":\"sequence\"")).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn people_come_with_those_who_brought_them() {
    for place in Place::both().await {
        assert!(place.import("users", b"email,username,code\nold@example.com,old,OLD-1\n").is_ok());
        let file = "email,username,code,account_id,referred_by,created_at\n\
                    bob@example.com,bob,,team-1,ann,2020-05-03T18:00:09.250Z\n\
                    ann@example.com,Ann,ANN-CODE,team-1,old-1,2020-01-01\n\
                    cat@example.com,cat,,,ANN@example.com,2020-05-04\n\
                    dan@example.com,dan,,,ann-code,2020-05-04\n\
                    eve@example.com,eve,,,,2020-05-05\n";
        assert_eq!(place.import("users", file.as_bytes()), Ok("Imported users: 5. With a referrer: 4.\n".into()));
        let db = Db::connect(&place.url).await.expect("opens");
        let mut tx = db.read().await.expect("a transaction");
        let mut id = async |name: &str| user_names::named(&mut tx, name).await.expect("read").expect("somebody");
        let (old, ann, bob, eve) = (id("old").await, id("ann").await, id("bob").await, id("eve").await);
        for (referrer, signups) in [(old, 1), (ann, 3), (bob, 0)] {
            let stats = counters::of_user(&mut tx, referrer).await.expect("read").expect("numbers");
            assert_eq!((stats.signups, stats.conversions), (signups, 0));
        }
        assert_eq!(counters::days_of(&mut tx, ann, 0).await.expect("read").len(), 2);
        let profile = user_profiles::profile(&mut tx, bob).await.expect("read").expect("somebody");
        assert_eq!((profile.referred_by, profile.account_id.as_deref()), (Some(ann), Some("team-1")));
        let referral = referrals::of_referee(&mut tx, bob).await.expect("read").expect("a referral");
        assert_eq!((referral.code.as_str(), referral.signed_up_at), ("ANN-CODE", profile.created_at));
        let receipt = attributions::of_user(&mut tx, bob).await.expect("read").expect("a receipt");
        assert_eq!((receipt.rule, receipt.credit().and_then(|credit| credit.referrer)), (Rule::Imported, Some(ann)));
        assert_eq!(attributions::of_user(&mut tx, eve).await.expect("read"), None);
        drop(tx);
        db.close().await;
        let verify = place.run(&["verify"]);
        assert!(verify.status.success(), "{}", said(&verify));
        let before = everything(&place, "before.jsonl");
        assert!(!before.contains("{\"type\":\"reward\""), "an import gives no rewards");
        assert_eq!(
            place.import("users", file.as_bytes()),
            Ok("Imported users: 0. Skipped: 5 already have an account.\n".into())
        );
        assert!(everything(&place, "after.jsonl") == before, "a second run changes nothing");
        let wrong = "email,username,referred_by\n\
                     fay@example.com,fay,fay\n\
                     gus@example.com,gus,nobody\n\
                     hal@example.com,hal,gus\n";
        let refused = place.import("users", wrong.as_bytes()).expect_err("refused");
        assert_eq!(
            refused,
            "line 2: referred_by: People can’t refer themselves.\n\
             line 3: referred_by: No user here or in the file has the username, e-mail or personal code nobody.\n\
             passalong: nothing was imported: 2 lines are wrong in in.csv\n"
        );
        assert!(everything(&place, "refused.jsonl") == before, "nothing is kept");
        // Who came with a file and pays is a conversion of whoever brought them.
        let paid = "email,source_id,amount,refunded,currency,occurred_at\n\
                    bob@example.com,o-1,1999,500,USD,2020-06-01\n\
                    cat@example.com,o-2,1000,1000,USD,2020-06-01\n\
                    cat@example.com,o-3,1000,1001,USD,2020-06-01\n";
        let refused = place.import("conversions", paid.as_bytes()).expect_err("too much");
        assert!(refused.contains("line 4: refunded: Please write no more than the amount."), "{refused}");
        let paid = paid.lines().take(3).collect::<Vec<_>>().join("\n");
        let told = "Imported payments: 2 new, 0 already known.\n".to_owned();
        assert_eq!(place.import("conversions", paid.as_bytes()), Ok(told));
        let again = "Imported payments: 0 new, 2 already known.\n".to_owned();
        assert_eq!(place.import("conversions", paid.as_bytes()), Ok(again));
        // Who comes after the payments is found by them.
        let early = "external_id,source_id,amount,currency,occurred_at\nhal,o-4,700,USD,2020-06-01\n";
        assert!(
            place.import("conversions", early.as_bytes()).expect("imported").contains("We don’t know who paid: 1.")
        );
        let hal = "email,external_id,referred_by,created_at\nhal@example.com,hal,ann,2020-05-06\n";
        assert_eq!(place.import("users", hal.as_bytes()), Ok("Imported users: 1. With a referrer: 1.\n".into()));
        let db = Db::connect(&place.url).await.expect("opens");
        let stats = counters::of_user(&mut db.read().await.expect("a transaction"), ann).await.expect("read");
        db.close().await;
        assert_eq!(stats.map(|stats| (stats.signups, stats.conversions)), Some((4, 2)));
        assert!(place.run(&["verify"]).status.success());
    }
}

/// A table by its key column, without columns that mean something in its own program only.
fn rows(csv: &str, key: &str, left_out: &[&str]) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows = reader.deserialize().map(|row| {
        let mut row: BTreeMap<String, String> = row.expect("well-formed CSV");
        row.retain(|name, _| !left_out.contains(&name.as_str()));
        (row[key].clone(), row)
    });
    rows.collect()
}

/// The tables of users, campaign codes and payments.
async fn tables(place: &Place, email: &str, password: &str) -> [String; 3] {
    let db = Db::connect(&place.url).await.expect("opens");
    let site = Site::at(db, &[], Clock::default()).await.without_tasks().await;
    let admin = site.browser();
    admin.post("/signin", &[("email", email), ("password", password)]).await;
    let list = admin.get("/admin/conversions?state=counted").await.body;
    assert!(list.contains("href=\"/admin/conversions.csv?state=counted\"") || !list.contains("<tbody"), "{list}");
    let mut tables = vec![];
    for table in ["users", "codes", "conversions"] {
        tables.push(admin.get(&format!("/admin/{table}.csv")).await.body);
    }
    let refunded = admin.get("/admin/conversions.csv?state=refunded").await.body;
    let states = rows(&refunded, "source_id", &[]);
    assert!(states.values().all(|row| row["state"] == "refunded" && row["refunded"] == row["amount"]), "{refunded}");
    assert!(rows(&admin.get("/admin/conversions.csv?person=nobody").await.body, "source_id", &[]).is_empty());
    tables.try_into().expect("three")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_of_a_whole_program_fill_another_one() {
    let [sqlite, postgres] = Place::both().await;
    let demo = sqlite.run(&["demo", "--quiet"]);
    assert!(demo.status.success(), "{}", said(&demo));
    let taken = tables(&sqlite, "admin@demo.example", "try-passalong-2026").await;
    let [people, codes, paid] = &taken;
    // The admin comes as somebody without a password.
    let told = postgres.import("users", people.as_bytes()).expect("imported");
    assert!(told.starts_with("Imported users: 201. With a referrer: "), "{told}");
    assert_eq!(postgres.import("codes", codes.as_bytes()), Ok("Imported codes: 5.\n".into()));
    let told = postgres.import("conversions", paid.as_bytes()).expect("imported");
    assert!(told.contains(" new, 0 already known.\n"), "{told}");
    let verify = postgres.run(&["verify"]);
    assert!(verify.status.success() && said(&verify).contains("Drift: 0"), "{}", said(&verify));
    let args = ["admin", "create", "--email", "root@example.com", "--username", "root", "--password-stdin"];
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_passalong"));
    command.args(args).env_clear().env("DATABASE_URL", &postgres.url).stdin(std::process::Stdio::piped());
    let mut child = command.stdout(std::process::Stdio::null()).spawn().expect("runs");
    std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), b"tr4m-line-7\n").expect("written");
    assert!(child.wait().expect("ends").success());
    let [new_people, new_codes, new_paid] = tables(&postgres, "root@example.com", "tr4m-line-7").await;
    let mut found = rows(&new_people, "email", &["id", "role", "clicks"]);
    found.remove("root@example.com");
    assert_eq!(found, rows(people, "email", &["id", "role", "clicks"]));
    // Clicks stay behind, and sign-ups by campaign codes that credit nobody; so do the payments that counted for these
    // codes.
    let own = ["id", "link", "status", "uses", "clicks", "unique_clicks", "conversions"];
    assert_eq!(rows(&new_codes, "code", &own), rows(codes, "code", &own));
    assert_eq!(rows(&new_paid, "source_id", &["id", "state"]), rows(paid, "source_id", &["id", "state"]));
    for (what, table) in [("users", people), ("codes", codes), ("conversions", paid)] {
        let told = postgres.import(what, table.as_bytes()).expect("nothing to do");
        assert!(
            told.starts_with(&format!("Imported {}: 0", if what == "conversions" { "payments" } else { what })),
            "{told}"
        );
    }
}

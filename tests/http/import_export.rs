//! Files in and out: import, export, and tables that were taken away and come back.

use crate::{on_both, site::Site, testing::POSTGRES};
use passalong::{
    domain::{
        conversions::standing::PaymentState,
        ids::{PaymentId, RewardId},
        rewards::reward::RewardState,
    },
    server::store::{counter_check, db::Db, payments, program_stats, rewards, user_list},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{BuildHasher, RandomState},
    path::PathBuf,
    process::{Command, Output},
};

/// A database that commands are called on, and a folder for files.
pub struct Place {
    pub url: String,
    pub folder: PathBuf,
}

impl Place {
    /// One on each database.
    pub async fn both() -> [Self; 2] {
        let name = || format!("test_{:016x}", RandomState::new().hash_one(std::process::id()));
        let folder = || {
            let folder = std::env::temp_dir().join(format!("passalong-{}", name()));
            std::fs::create_dir_all(&folder).expect("a folder");
            folder
        };
        let sqlite = folder();
        let url = format!("sqlite:{}", sqlite.join("passalong.db").display());
        let server = std::env::var(POSTGRES).expect("a PostgreSQL server");
        let database = name();
        let mut conn = PgConnection::connect(&server).await.expect("PostgreSQL answers");
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {database}"))).execute(&mut conn).await.expect("a database");
        let (base, _) = server.rsplit_once('/').expect("the address ends with a database");
        [Self { url, folder: sqlite }, Self { url: format!("{base}/{database}"), folder: folder() }]
    }

    pub fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_passalong"));
        command.args(args).current_dir(&self.folder).env_clear().env("DATABASE_URL", &self.url);
        command.output().expect("the binary runs")
    }

    /// Imports a file; what was said, when it went well.
    pub fn import(&self, what: &str, content: &[u8]) -> Result<String, String> {
        self.import_with(what, &[], content)
    }

    /// The same with options.
    pub fn import_with(&self, what: &str, options: &[&str], content: &[u8]) -> Result<String, String> {
        std::fs::write(self.folder.join("in.csv"), content).expect("written");
        let output = self.run(&[&["import", what, "in.csv"], options].concat());
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    /// Users and codes.
    async fn totals(&self) -> (i64, i64) {
        let db = Db::connect(&self.url).await.expect("opens");
        let now = passalong::domain::time::Time(0);
        let totals = program_stats::totals(&mut db.read().await.expect("a transaction"), now).await.expect("counted");
        db.close().await;
        (totals.users, totals.total_codes)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[tokio::test]
async fn people_come_with_what_is_known_and_get_codes() {
    for place in Place::both().await {
        let file = "\u{feff}Username,email,full_name,phone,external_id,referral_goal,disabled,code,created_at\n\
                    Ann,Ann@Example.com,\"Lee, Ann\",'+49 30 1,x-1,25,,KEEP-ME,2020-01-02T03:04:05Z\n\
                    ,bob.builder+x@example.com,,,,,yes,,\n\n";
        assert_eq!(place.import("users", file.as_bytes()).expect("imported"), "Imported users: 2.\n");
        assert_eq!(place.totals().await, (2, 2));
        let db = Db::connect(&place.url).await.expect("opens");
        let lines = user_list::export_page(&mut db.read().await.expect("a transaction"), None, i64::MAX, 9)
            .await
            .expect("read");
        let (bob, ann) = (&lines[0], &lines[1]);
        assert_eq!((ann.email.as_str(), ann.username.as_str(), ann.goal), ("ann@example.com", "Ann", 25));
        assert_eq!((ann.full_name.as_deref(), ann.phone.as_deref()), (Some("Lee, Ann"), Some("+49 30 1")));
        assert_eq!((ann.code.as_str(), ann.created_at.stamp().as_str()), ("KEEP-ME", "2020-01-02T03:04:05Z"));
        assert!(bob.username.starts_with("bobbuilderx-") && bob.disabled_at.is_some() && bob.goal == 10);
        assert_eq!(bob.code.len(), 8);
        db.close().await;
        let again = place.import("users", file.as_bytes()).expect("nothing to do");
        assert_eq!(again, "Imported users: 0. Skipped: 2 already have an account.\n");
        assert!(place.run(&["migrate"]).stdout.ends_with(b"New personal codes: 0.\n"));
    }
}

#[tokio::test]
async fn every_wrong_line_is_named_and_nothing_is_changed() {
    for place in Place::both().await {
        assert!(place.import("users", b"email,username\nroot@example.com,root\n").is_ok());
        let before = place.totals().await;
        let users = "email,username,external_id,disabled,code\n\
                     fine@example.com,fine,1,,\n\
                     no-address,ok1,2,,\n\
                     x@example.com,no name,3,,\n\
                     FINE@example.com,fine2,4,,\n\
                     y@example.com,FINE,5,,\n\
                     z@example.com,zed,1,,\n\
                     w@example.com,wed,6,maybe,\n\
                     too,few\n\
                     root2@example.com,root,7,,\n\
                     v@example.com,ved,8,,TWIN\n\
                     u@example.com,ued,9,,twin\n";
        let said = place.import("users", users.as_bytes()).expect_err("refused");
        for line in [
            "line 3: email: ",
            "line 4: username: ",
            "line 5: email: fine@example.com is in the file twice",
            "line 6: username: FINE is in the file twice",
            "line 7: external_id: 1 is in the file twice",
            "line 8: disabled: ",
            "line 9: it has 2 cells, and the first line has 5",
            "line 10: username: root is taken",
            "line 12: code: TWIN is taken",
            "passalong: nothing was imported: 9 lines are wrong in in.csv",
        ] {
            assert!(said.contains(line), "{line} in {said}");
        }
        assert!(!said.contains("line 2:") && !said.contains("line 11:"), "{said}");
        let codes = "code,description,beneficiary,max_uses,expires_at\n\
                     GOOD,ok,root@example.com,5,2020-01-01T00:00\n\
                     ,no code,,,\n\
                     BAD,,nobody@example.com,0,soon\n\
                     LATE,x,nobody@example.com,,\n\
                     good,twice,,,\n";
        let said = place.import("codes", codes.as_bytes()).expect_err("refused");
        for line in ["line 3: code: ", "line 4: description: ", "line 5: beneficiary: Nobody", "line 6: code: GOOD"] {
            assert!(said.contains(line), "{line} in {said}");
        }
        let many: String = (0..500).map(|n| format!("wrong {n}\n")).collect();
        let said = place.import("users", format!("email\n{many}").as_bytes()).expect_err("refused");
        assert!(said.contains("… and 480 more") && said.lines().count() == 22, "{said}");
        assert_eq!(place.totals().await, before);
    }
}

#[tokio::test]
async fn hostile_files_are_refused_and_nothing_is_changed() {
    for place in Place::both().await {
        assert!(place.run(&["migrate"]).status.success());
        let long = [b"code,description\nA-1,\"".as_slice(), &vec![b'x'; 10_000_000], b"\"\n"].concat();
        let endless = [b"code,description\nA-1,".as_slice(), &vec![b'"'; 9_999_999]].concat();
        let files: [(&[u8], &str); 13] = [
            (b"", "is empty"),
            (b"\xff\xfe\x00", "is in UTF-16"),
            (b"code,description\nA-1,fine\nA-2,\xff\xfe\n", "line 3: it is not UTF-8"),
            (b"code,description\nA-1,\"open\nA-2,x\n", "a quote is opened and never closed"),
            (b"code,description\nA-1,x\n\"A-2,x\n", "line 3: it has 1 cells"),
            (&long, "a line is longer than"),
            (&endless, "passalong: nothing was imported"),
            (b"code,what\nA-1,x\n", "there is no column \"what\""),
            (b"code\nA-1\n", "the column \"description\" is missing"),
            (b"code,description,code\nA-1,x,A-2\n", "is there twice"),
            (b"code,description\nA-1,x,y\n", "line 2: it has 3 cells"),
            (b"code,description\n<script>,x\n", "line 2: code: "),
            (b"code,description\n=1+1,x\n", "line 2: code: "),
        ];
        for (content, said) in files {
            let refused = place.import("codes", content).expect_err(said);
            assert!(refused.contains(said), "{said} in {refused}");
            assert!(refused.lines().last().is_some_and(|line| line.starts_with("passalong: ")), "{refused}");
        }
        assert_eq!(place.totals().await, (0, 0));
        let missing = place.run(&["import", "users", "no-such-file.csv"]);
        assert!(String::from_utf8_lossy(&missing.stderr).starts_with("passalong: cannot read no-such-file.csv"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instances_that_run_hear_of_imported_codes() {
    let [_, place] = Place::both().await;
    assert!(place.run(&["migrate"]).status.success());
    let site = Site::start_with(Db::connect(&place.url).await.expect("opens"), &[]).await;
    site.set("referral_codes_enabled", "true").await;
    // It has read all codes and listens by now.
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(site.browser().get("/r/FRESH").await.location(), "/signup?invitation=invalid");
    let file = b"code,description,expires_at\nFRESH,New,\n";
    assert_eq!(place.import("codes", file).expect("imported"), "Imported codes: 1.\n");
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    assert_eq!(site.browser().get("/r/FRESH").await.location(), "/signup?ref=FRESH");
}

/// A table without the columns that import passes over.
fn kept(csv: &str, passed_over: &[&str]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let mut rows: Vec<BTreeMap<String, String>> =
        reader.deserialize().collect::<Result<_, _>>().expect("well-formed CSV");
    rows.iter_mut().for_each(|row| row.retain(|name, _| !passed_over.contains(&name.as_str())));
    rows.sort();
    rows
}

on_both!(tables_that_were_taken_away_come_back_the_same, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    site.browser().sign_up("ann", &[]).await;
    for (code, description, beneficiary, active, most) in [
        ("-DASH", "=1+1, \"quoted\"", "ann@example.com", "true", "7"),
        ("PLAIN", "'=kept", "", "", "7"),
        ("UMLAUT", "Grüße, 日本\u{a0}x", "", "true", ""),
    ] {
        let mut fields = vec![
            ("form", "create_code"),
            ("code", code),
            ("description", description),
            ("category", "+Fair"),
            ("max_uses", most),
            ("expires_at", "2026-12-31T18:00"),
            ("beneficiary", beneficiary),
        ];
        fields.extend((!active.is_empty()).then_some(("active", active)));
        assert_eq!(admin.post("/admin/codes/new", &fields).await.status.as_u16(), 303);
    }
    site.browser().sign_up("bob", &[("code", "-DASH")]).await;
    let codes = admin.get("/admin/codes.csv").await.body;
    let users = admin.get("/admin/users.csv").await.body;
    for place in Place::both().await {
        // The site's clock is ahead of the real one, in which commands live.
        let users = users.replace("2026-11-14T", "2026-01-14T");
        let codes = codes.replace("2026-11-14T", "2026-01-14T");
        let said = place.import("users", users.as_bytes()).expect("imported");
        assert_eq!(said, "Imported users: 3. With a referrer: 1.\n");
        assert_eq!(place.import("codes", codes.as_bytes()).expect("imported"), "Imported codes: 3.\n");
        let there = Site::start_with(Db::connect(&place.url).await.expect("opens"), &[]).await;
        let args = ["admin", "create", "--email", "root@example.com", "--username", "root", "--password-stdin"];
        let mut command = Command::new(env!("CARGO_BIN_EXE_passalong"));
        command.args(args).env_clear().env("DATABASE_URL", &place.url).stdin(std::process::Stdio::piped());
        let mut child = command.stdout(std::process::Stdio::null()).spawn().expect("runs");
        std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), b"tr4m-line-7\n").expect("written");
        assert!(child.wait().expect("ends").success());
        let root = there.browser();
        root.post("/signin", &[("email", "root@example.com"), ("password", "tr4m-line-7")]).await;
        let new = ["id", "link", "uses", "clicks", "unique_clicks", "conversions", "role"];
        let mut again = kept(&root.get("/admin/users.csv").await.body, &new);
        again.retain(|row| row["username"] != "root");
        assert_eq!(again, kept(&users, &new));
        assert_eq!(kept(&root.get("/admin/codes.csv").await.body, &new), kept(&codes, &new));
    }
});

#[tokio::test]
async fn an_export_holds_everything_but_secrets() {
    use PaymentState::{Counted, Disputed, Incomplete, Parked, Refunded};
    for place in Place::both().await {
        assert!(place.run(&["demo", "--quiet"]).status.success());
        let output = place.run(&["export", "all.jsonl"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = std::fs::read_to_string(place.folder.join("all.jsonl")).expect("a file");
        assert_eq!(String::from_utf8_lossy(&output.stdout), format!("Wrote {} lines.\n", text.lines().count()));
        assert!(!text.contains("argon2") && !text.contains("password"), "no password leaves");
        let mut counts = BTreeMap::<String, i64>::new();
        let mut counted = 0;
        for line in text.lines() {
            let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
            *counts.entry(value["type"].as_str().expect("a type").to_owned()).or_default() += 1;
            if value["type"] == "click" {
                assert!(value["id"].is_string() && value["counted"].is_boolean(), "{line}");
                counted += i64::from(value["counted"] == true);
            }
        }
        let db = Db::connect(&place.url).await.expect("opens");
        let (codes, clicks, signups) =
            counter_check::totals(&mut db.read().await.expect("a transaction")).await.expect("counted");
        let paid =
            payments::after(&mut db.read().await.expect("a transaction"), PaymentId(0), 1_000).await.expect("read");
        let rewards =
            rewards::after(&mut db.read().await.expect("a transaction"), RewardId(0), 5_000).await.expect("read");
        db.close().await;
        for state in [Counted, Refunded, Disputed, Parked, Incomplete] {
            assert!(paid.iter().any(|payment| payment.state == state), "{state:?}");
        }
        let currencies: BTreeSet<_> = paid.iter().filter_map(|payment| payment.currency.as_deref()).collect();
        assert_eq!(currencies.into_iter().collect::<Vec<_>>(), ["EUR", "USD"]);
        assert!(paid.iter().any(|payment| payment.refunded > 0 && payment.state == Counted), "some of it given back");
        for state in RewardState::ALL {
            assert!(rewards.iter().any(|reward| reward.state == *state), "{state:?}");
        }
        assert!(rewards.iter().any(|reward| reward.frozen_at.is_some()), "one is frozen");
        assert!(rewards.iter().any(|reward| reward.owed() > 0), "something is owed");
        assert!(rewards.iter().any(|reward| reward.occasion == "milestone:2"), "a milestone is reached");
        let verify = place.run(&["verify"]);
        let said = String::from_utf8_lossy(&verify.stdout).into_owned();
        assert!(
            verify.status.success()
                && said.contains(&format!("{} payments and", paid.len()))
                && said.contains("Drift: 0"),
            "{said}"
        );
        assert_eq!((counts["code"], counted, counts["referral"]), (codes, clicks, signups));
        assert!(counts["user"] > 200 && counts["setting"] > 1, "{counts:?}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(place.folder.join("all.jsonl")).expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let again = place.run(&["export", "all.jsonl"]);
        assert_eq!(String::from_utf8_lossy(&again.stderr), "passalong: all.jsonl is there already\n");
    }
}

#[tokio::test]
async fn a_file_with_characters_that_nobody_sees_is_refused_by_column() {
    for place in Place::both().await {
        for c in ['\0', '\u{1b}', '\u{200b}', '\u{202e}'] {
            for column in ["email", "username", "full_name", "phone", "external_id", "locale"] {
                let email = if column == "email" { String::new() } else { "email,".into() };
                let address = if column == "email" { "" } else { "ann@example.com," };
                let value = if column == "email" { format!("a{c}b@example.com") } else { format!("abc{c}d") };
                let said = place.import("users", format!("{email}{column}\n{address}{value}\n").as_bytes());
                let said = said.expect_err("refused");
                assert!(said.starts_with(&format!("line 2: {column}: ")), "{c:?} {said}");
            }
            for column in ["description", "category"] {
                let mut cells = [("code", "ABC".to_owned()), ("description", "d".into()), ("category", String::new())];
                cells.iter_mut().filter(|(name, _)| *name == column).for_each(|(_, cell)| *cell = format!("a{c}b"));
                let line = cells.map(|(_, cell)| cell).join(",");
                let said = place.import("codes", format!("code,description,category\n{line}\n").as_bytes());
                let said = said.expect_err("refused");
                assert!(said.starts_with(&format!("line 2: {column}: ")), "{c:?} {said}");
            }
        }
        // An address is one however it is written.
        let twins = "email,username\nann@bücher.example,ann\nANN@xn--bcher-kva.example,twin\n";
        let said = place.import("users", twins.as_bytes()).expect_err("refused");
        assert!(said.contains("line 3: email: ann@xn--bcher-kva.example is in the file twice"), "{said}");
        assert_eq!(place.totals().await, (0, 0));
    }
}

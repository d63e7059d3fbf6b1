//! Databases that are full, away, stalled or used up.

use crate::{
    api::Api,
    on_both,
    site::{Browser, PASSWORD, Page, START, Site},
    testing,
};
use passalong::domain::{accounts::email::Email, time::DAY};
use passalong::server::{
    jobs::housekeeping,
    realtime::change_set::ChangeSet,
    store::{db::Db, limits::Limits, settings, users},
};
use reqwest::StatusCode;
use serde_json::json;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use std::time::Duration;
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

/// How long somebody may wait for the answer that nothing can be done at the moment.
const SECONDS: Duration = Duration::from_secs(12);

/// Lets an SQLite file not grow any more, until the connection that writes is opened anew.
async fn fill_up(db: &Db) {
    let Db::Sqlite { write, .. } = db else { panic!("SQLite was asked for") };
    sqlx::query("PRAGMA max_page_count = 1").execute(write).await.expect("no more pages");
}

fn assert_unavailable(page: &Page) {
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}", page.text());
    assert_eq!(page.headers["retry-after"], "5");
    assert!(!page.headers.contains_key("set-cookie"), "{:?}", page.headers);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_said_and_over_when_there_is_room_again() {
    let site = Site::start(testing::sqlite().await).await;
    let api = Api::new(&site, "write").await;
    let name = "x".repeat(255);
    let person = |n: u32| json!({ "email": format!("p{n}@example.com"), "external_id": format!("{n}{}", &name[10..]) });
    let mut refused = 0;
    for n in 0..60 {
        fill_up(&site.state.db).await;
        let answer = api.post("/users", person(n)).await;
        match answer.status {
            201 => {}
            503 => {
                refused += 1;
                assert_eq!(answer.body["code"], "unavailable");
                assert_eq!(answer.headers["content-type"], "application/problem+json");
                assert_eq!(answer.headers["retry-after"], "5");
                // There is room again.
                let again = api.post("/users", person(n)).await;
                assert_eq!(again.status, 201, "{}", again.body);
            }
            _ => panic!("{} {}", answer.status, answer.body),
        }
    }
    assert!(refused > 1, "the disk was never full");
    for n in 0..60 {
        fill_up(&site.state.db).await;
        let browser = site.browser();
        let page = browser.sign_up(&format!("browser-{n}"), &[]).await;
        if page.status != StatusCode::SEE_OTHER {
            assert_unavailable(&page);
            let page = browser.sign_up(&format!("browser-{n}"), &[]).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
            return;
        }
    }
    panic!("the disk was never full");
}

/// Takes all connections that read, until it is dropped.
async fn use_up(db: &Db) -> Box<dyn Send> {
    match db {
        Db::Sqlite { read, .. } => {
            let mut held = vec![];
            for _ in 0..read.options().get_max_connections() {
                held.push(read.acquire().await.expect("a connection"));
            }
            Box::new(held)
        }
        Db::Postgres { pool, .. } => {
            let mut held = vec![];
            // Somebody listens on one.
            while let Ok(Ok(conn)) = timeout(Duration::from_secs(1), pool.acquire()).await {
                held.push(conn);
            }
            Box::new(held)
        }
    }
}

async fn timed(browser: &Browser, path: &str) -> Page {
    let asked = Instant::now();
    let page = browser.get(path).await;
    assert!(asked.elapsed() < SECONDS, "{path}: {:?}", asked.elapsed());
    page
}

on_both!(the_signed_in_stay_signed_in_while_the_database_does_not_answer, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    let (ann, admin) = (site.user("ann").await, site.admin().await);
    let api = Api::new(&site, "read").await;
    let held = use_up(&site.state.db).await;
    assert_unavailable(&timed(&ann, "/dashboard").await);
    assert_unavailable(&timed(&ann, "/live").await);
    assert_unavailable(&timed(&admin, "/admin/users.csv").await);
    assert_unavailable(&ann.post("/signout", &[]).await);
    let answer = api.get("/codes").await;
    assert_eq!((answer.status, &answer.body["code"]), (503, &json!("unavailable")));
    assert_eq!(answer.headers["retry-after"], "5");
    drop(held);
    assert_eq!(ann.get("/dashboard").await.status, StatusCode::OK);
});

on_both!(a_change_that_could_not_be_read_again_is_taken_over_later, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    let mut tx = site.state.db.begin().await.expect("a transaction");
    settings::put(&mut tx, "program_name", "\"Renamed\"", START).await.expect("a setting");
    let held = use_up(&site.state.db).await;
    let changes = ChangeSet { settings: true, ..ChangeSet::default() };
    site.state.publisher.commit_and_publish(tx, &changes).await.expect("committed");
    drop(held);
    for _ in 0..80 {
        if site.settings().program_name == "Renamed" {
            return;
        }
        sleep(Duration::from_millis(100)).await;
    }
    panic!("the old settings are in force");
});

/// A second door to the same PostgreSQL database.
async fn other_door(db: &Db) -> (String, PgConnection) {
    let Db::Postgres { pool, .. } = db else { panic!("PostgreSQL was asked for") };
    let options = pool.connect_options();
    let server = std::env::var(testing::POSTGRES).expect("a server");
    let (base, _) = server.rsplit_once('/').expect("an address");
    let url = format!("{base}/{}", options.get_database().expect("a name"));
    let conn = PgConnection::connect(&url).await.expect("connected");
    (url, conn)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_for_a_locked_table_for_long() {
    let _machine = crate::the_machine().await;
    let (url, mut other) = other_door(&testing::postgres().await).await;
    let db = Db::connect_with(&url, Limits::serving(6)).await.expect("connected");
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let api = Api::new(&site, "read").await;
    let mut lock = other.begin().await.expect("begun");
    sqlx::raw_sql("LOCK TABLE users, codes, sessions IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *lock)
        .await
        .expect("locked");
    // More of them than there are connections.
    let all = futures::future::join_all((0..12).map(|_| timed(&ann, "/dashboard"))).await;
    all.iter().for_each(assert_unavailable);
    let answer = timeout(SECONDS, api.get("/codes")).await.expect("in time");
    assert_eq!(answer.status, 503, "{}", answer.body);
    let form = [("email", "ann@example.com"), ("password", PASSWORD)];
    assert_unavailable(&timeout(SECONDS, ann.post("/signin", &form)).await.expect("in time"));
    lock.rollback().await.expect("let go");
    assert_eq!(ann.get("/dashboard").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_for_a_locked_file_for_long() {
    let _machine = crate::the_machine().await;
    let site = Site::start(testing::sqlite().await).await;
    let ann = site.user("ann").await;
    let Db::Sqlite { write, .. } = &site.state.db else { panic!("SQLite was asked for") };
    let mut other = write.connect_options().connect().await.expect("a second door");
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.expect("locked");
    let newcomers = (0..4).map(|n| {
        let browser = site.browser();
        async move { timeout(SECONDS, browser.sign_up(&format!("late-{n}"), &[])).await.expect("in time") }
    });
    futures::future::join_all(newcomers).await.iter().for_each(assert_unavailable);
    assert_eq!(ann.get("/dashboard").await.status, StatusCode::OK);
    sqlx::query("ROLLBACK").execute(&mut other).await.expect("let go");
    site.user("late-1").await;
}

on_both!(a_request_runs_to_its_end_when_its_client_has_gone, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    let api = Api::new(&site, "write").await;
    let email = |n: u64| format!("gone-{n}@example.com");
    for n in 0..20 {
        let body = json!({ "email": email(n) }).to_string();
        let request = format!(
            "POST /api/v1/users HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            api.key,
            body.len()
        );
        let mut client = TcpStream::connect(("127.0.0.1", site.port)).await.expect("connected");
        client.write_all(request.as_bytes()).await.expect("sent");
        // At other moments of the work.
        sleep(Duration::from_millis(2) + Duration::from_micros(n * 500)).await;
    }
    let mut missing: Vec<_> = (0..20).map(|n| Email::parse(&email(n)).expect("an address")).collect();
    for _ in 0..100 {
        let mut tx = site.state.db.read().await.expect("a transaction");
        let mut left = vec![];
        for email in missing {
            if users::by_email(&mut tx, &email).await.expect("read").is_none() {
                left.push(email);
            }
        }
        if left.is_empty() {
            return;
        }
        missing = left;
        sleep(Duration::from_millis(100)).await;
    }
    // What had not begun when its client left was never asked.
    assert!(missing.len() <= 2, "{} requests were given up", missing.len());
});

/// The address by which a role of its own uses the database of `url`, that may have so many connections.
async fn with_few(url: &str, other: &mut PgConnection, most: u32) -> String {
    let role = format!("few_{most}_{}", url.rsplit_once('/').expect("a name").1);
    let make = format!(
        "CREATE ROLE {role} LOGIN CONNECTION LIMIT {most};
         GRANT pg_read_all_data, pg_write_all_data TO {role};
         GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};"
    );
    sqlx::raw_sql(AssertSqlSafe(make)).execute(other).await.expect("a role");
    url.replacen("postgres@", &format!("{role}@"), 1)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn few_connections_suffice() {
    let (url, mut other) = other_door(&testing::postgres().await).await;
    let few = with_few(&url, &mut other, 3).await;
    let site = Site::start(Db::connect_with(&few, Limits::serving(10)).await.expect("connected")).await;
    let ann = site.user("ann").await;
    let link = ann.link().await;
    let pages = futures::future::join_all((0..20).map(|_| ann.get("/dashboard"))).await;
    assert!(pages.iter().all(|page| page.status == StatusCode::OK));
    assert!(site.browser().get(&link).await.headers.contains_key("set-cookie"));
    // Nothing holds one connection while it waits for another.
    let later = START.plus(5 * DAY);
    housekeeping::roll_up_clicks(&site.state.db, later).await.expect("rolled up");
    let fewer = with_few(&url, &mut other, 2).await;
    let refused = Db::connect_with(&fewer, Limits::serving(10)).await.err().expect("refused").to_string();
    assert_eq!(refused, "the role may open 2 connections; at least 3 are needed");
}

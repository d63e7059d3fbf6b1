//! The page about the running program and its work in the background.

use crate::{
    bulk::{ended, made},
    on_both,
    site::{START, Site},
};
use passalong::{
    domain::{
        codes::bulk::BulkCodesJob,
        ids::JobId,
        job::JobPayload,
        message::Message,
        time::{MINUTE, Time},
    },
    server::store::{
        audit,
        db::{Db, SQLITE_SCHEMA, Tx},
        job_list,
        jobs::{self, NewJob},
    },
};
use reqwest::StatusCode;
use scraper::{Html, Selector};

/// Five codes.
fn five_codes() -> BulkCodesJob {
    let payload = r#"{"codes":{"prefix":"AGAIN-","length":6,"count":5,"shared":{"code":null,"description":"Again","category":null,"max_uses":5,"expires_at":null,"active":true}},"beneficiary":null,"credited":""}"#;
    serde_json::from_str(payload).expect("a payload")
}

/// Asks for a job that has failed a minute after the start; nobody else could take it in between.
async fn fail(tx: &mut Tx, new: NewJob<'_>, key: Option<&str>, why: &Message) -> JobId {
    // Before all other jobs.
    let new = NewJob { run_at: Time(0), ..new };
    let asked = match key {
        Some(key) => jobs::enqueue_once(tx, &new, key).await.expect("stored").expect("the only one"),
        None => jobs::enqueue(tx, &new).await.expect("stored"),
    };
    let job = jobs::take(tx, i64::MAX, START, START.plus(1)).await.expect("taken").expect("the job");
    assert_eq!(job.id, asked);
    assert!(jobs::end(tx, &job, Some(why), START.plus(MINUTE)).await.expect("ended"));
    job.id
}

/// A failed job of this kind.
pub async fn failed_job(site: &Site, kind: &'static str, why: &Message) -> JobId {
    let mut tx = site.state.db.begin().await.expect("a transaction");
    let new = NewJob { kind, total: 5, actor: "admin", ..NewJob::of(&five_codes(), START) };
    let id = fail(&mut tx, new, None, why).await;
    tx.commit().await.expect("stored");
    id
}

/// The texts of what a selector finds.
fn texts(body: &str, selector: &str) -> Vec<String> {
    let html = Html::parse_document(body);
    let selector = Selector::parse(selector).expect("a selector");
    html.select(&selector).map(|element| element.text().collect::<Vec<_>>().join(" ")).collect()
}

const FAILED: &str = "[data-testid='failed-job']";

on_both!(a_failed_job_says_why_and_is_tried_again_once_however_often_one_presses, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    assert!(admin.get("/admin/system").await.text().contains("Nothing failed"));
    let id = failed_job(&site, BulkCodesJob::KIND, &Message::JobDatabaseFailed).await;
    let page = admin.get("/admin/system").await;
    let failed = texts(&page.body, FAILED);
    assert_eq!(failed.len(), 1, "{}", page.text());
    let number = format!("Job {id}");
    for part in ["Create campaign codes", &number, "requested by admin", "14 Nov", "11:34"] {
        assert!(failed[0].contains(part), "{part} in {}", failed[0]);
    }
    assert_eq!(page.find(&format!("{FAILED} td.number")).as_deref(), Some("1"));
    assert!(failed[0].contains("The database rejected it. The log says why."), "{}", failed[0]);

    let (form, id_text) = (("form", "retry_job"), id.to_string());
    let fields = [form, ("id", id_text.as_str())];
    // Others may not.
    let bob = site.user("bob").await;
    assert_eq!(bob.get("/admin/system").await.status, StatusCode::FORBIDDEN);
    assert_eq!(bob.post("/admin/system", &fields).await.status, StatusCode::FORBIDDEN);
    assert_eq!(texts(&admin.get("/admin/system").await.body, FAILED).len(), 1);

    let presses = [admin.post("/admin/system", &fields), admin.post("/admin/system", &fields)];
    let mut answers = futures::future::join_all(presses).await;
    let page = ended(&admin, id).await;
    assert!(page.body.contains("data-state=\"done\""), "{}", page.text());
    // The job is done by now.
    answers.push(admin.post("/admin/system", &fields).await);
    for answer in answers {
        assert_eq!(answer.location(), "/admin/system?done=tried-again", "{}", answer.text());
    }
    assert_eq!(made(&admin, id).await.len(), 5);
    let page = admin.get("/admin/system?done=tried-again").await;
    assert!(texts(&page.body, FAILED).is_empty() && page.text().contains("Job queued again."));
    let mut tx = site.state.db.read().await.expect("a transaction");
    let log = audit::page(&mut tx, "job.retry", i64::MAX, 9).await.expect("the log");
    assert_eq!((log.len(), log[0].actor.as_str(), log[0].target.as_str()), (1, "admin", "bulk_codes"));
    drop(tx);
    assert!(admin.get("/admin/audit?action=job.retry").await.text().contains("Job retried"));
    assert_eq!(admin.post("/admin/system", &[form, ("id", "999999")]).await.status, StatusCode::NOT_FOUND);
});

on_both!(what_is_done_once_at_a_time_is_not_tried_again_beside_another, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let mut tx = site.state.db.begin().await.expect("a transaction");
    let new = || NewJob { kind: "trial", ..NewJob::of(&five_codes(), START) };
    let failed = fail(&mut tx, new(), Some("one"), &Message::JobNeverEnds).await;
    let later = NewJob { run_at: START.plus(MINUTE), ..new() };
    let other = jobs::enqueue_once(&mut tx, &later, "one").await.expect("stored").expect("another one");
    tx.commit().await.expect("stored");
    let page = admin.post("/admin/system", &[("form", "retry_job"), ("id", &failed.to_string())]).await;
    assert_eq!((page.status, page.alerts()), (StatusCode::CONFLICT, vec!["The same job is already open.".into()]));
    assert_eq!(texts(&page.body, FAILED).len(), 1);
    let open = texts(&page.body, "[data-testid='open-job']");
    let number = format!("Job {other}");
    let other = open.iter().find(|job| job.contains(&number)).expect("the other job");
    assert!(other.contains("14 Nov") && other.contains("11:34"), "{other}");
});

on_both!(the_page_says_what_runs, |db| {
    let site = Site::start(db.clone()).await;
    let admin = site.admin().await;
    let page = admin.get("/admin/system").await;
    let schema = SQLITE_SCHEMA.iter().map(|migration| migration.version).max().expect("a schema");
    let (database, instances) = match db {
        Db::Sqlite { .. } => ("SQLite", "1"),
        Db::Postgres { .. } => ("PostgreSQL", "2"),
    };
    let _other = match &db {
        Db::Sqlite { .. } => None,
        Db::Postgres { .. } => Some(Site::at(db, &["--base-url", &site.state.base_url], site.clock.clone()).await),
    };
    assert_eq!(
        texts(&page.body, ".facts dd")[..3],
        [
            env!("CARGO_PKG_VERSION").to_owned(),
            format!("{database}, schema {schema}"),
            "14 November 2026, 11:33 UTC".into()
        ]
    );
    assert_eq!(page.find("nav a[aria-current=page]").as_deref(), Some("System"));
    let counted = async {
        while texts(&admin.get("/admin/system").await.body, ".facts dd")[3] != instances {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), counted).await.expect("the instances are counted");
});

on_both!(failed_jobs_are_listed_page_by_page, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let mut tx = site.state.db.begin().await.expect("a transaction");
    let mut ids = vec![];
    for _ in 0..51 {
        let new = NewJob { kind: "trial", ..NewJob::of(&five_codes(), START) };
        ids.push(fail(&mut tx, new, None, &Message::JobBroke).await);
    }
    assert_eq!(job_list::failed(&mut tx, None, 99).await.expect("read").len(), 51);
    tx.commit().await.expect("stored");
    let first = admin.get("/admin/system").await;
    assert_eq!(texts(&first.body, FAILED).len(), 50);
    let html = Html::parse_document(&first.body);
    let next = html.select(&Selector::parse("nav[aria-label=Pages] a").expect("a selector")).next();
    let next = next.and_then(|link| link.value().attr("href")).expect("a next page").to_owned();
    let second = texts(&admin.get(&next).await.body, FAILED);
    assert!(second.len() == 1 && second[0].contains(&format!("Job {}", ids[0])), "{second:?}");
    // What names no place is no place.
    assert_eq!(texts(&admin.get("/admin/system?after=nowhere").await.body, FAILED).len(), 50);
});

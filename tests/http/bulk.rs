//! Many codes at once: in the background, all or none, while everything else goes on.

use crate::{
    on_both,
    site::{Browser, Page, START, Site},
};
use passalong::{
    domain::{
        codes::bulk::BulkCodesJob,
        codes::code::Code,
        ids::{CodeId, JobId},
        time::{DAY, SECOND, Time},
    },
    server::store::{bulk_codes, codes, db::Db, job_list, jobs},
};
use reqwest::StatusCode;
use std::time::Duration;
use tokio::time::sleep;

const ORDER: [(&str, &str); 8] = [
    ("form", "request_bulk_codes"),
    ("count", "2500"),
    ("prefix", "fair-"),
    ("length", "6"),
    ("description", "Fair"),
    ("category", "Events"),
    ("max_uses", "3"),
    ("active", "true"),
];

/// Sends the form, some fields changed.
pub async fn order(admin: &Browser, changed: &[(&str, &str)]) -> Page {
    let mut fields: Vec<(&str, &str)> =
        ORDER.into_iter().filter(|(name, _)| !changed.iter().any(|c| c.0 == *name)).collect();
    fields.extend(changed);
    admin.post("/admin/codes/bulk", &fields).await
}

/// The id of what was just asked for.
pub fn job(page: &Page) -> JobId {
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{:?}", page.alerts());
    JobId(page.location().strip_prefix("/admin/codes/bulk/").and_then(|id| id.parse().ok()).expect("a job's page"))
}

/// What the job's page says, once the job has ended.
pub async fn ended(admin: &Browser, id: JobId) -> Page {
    for _ in 0..1_500 {
        let page = admin.get(&format!("/admin/codes/bulk/{id}")).await;
        assert_eq!(page.status, StatusCode::OK);
        if !page.body.contains("data-state=\"open\"") {
            return page;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("the job does not end");
}

/// All codes of a job, as its CSV has them.
pub async fn made(admin: &Browser, id: JobId) -> Vec<String> {
    let page = admin.get(&format!("/admin/codes/bulk/{id}/codes.csv")).await;
    assert_eq!(page.status, StatusCode::OK);
    page.body.lines().skip(1).filter_map(|line| line.split(',').nth(1).map(str::to_owned)).collect()
}

/// How many codes of a job there are, hidden ones too.
pub async fn kept(db: &Db, id: JobId) -> usize {
    let mut tx = db.read().await.expect("a transaction");
    bulk_codes::page(&mut tx, id, CodeId(0), 200_000).await.expect("read").len()
}

on_both!(each_rule_is_told_by_its_field_and_input_is_kept, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    for (field, value) in [
        ("count", "0"),
        ("count", "100001"),
        ("count", "many"),
        ("length", "0"),
        ("length", "2"),
        ("prefix", "two words"),
        ("description", ""),
        ("max_uses", "-1"),
        ("expires_at", "2020-01-01T00:00"),
        ("beneficiary", "nobody@example.com"),
    ] {
        let page = order(&admin, &[(field, value)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}={value}");
        assert_eq!(page.alerts().len(), 1, "{field}={value}: {:?}", page.alerts());
        assert_eq!(page.find(&format!("main [name={field}]")).as_deref(), Some(value), "the input is kept");
    }
    let page = order(&admin, &[("length", "2")]).await;
    assert_eq!(page.alerts(), ["2,500 different codes need at least 3 random characters."]);
    assert!(
        job_list::latest(&mut site.state.db.read().await.expect("a transaction"), "bulk_codes", 9)
            .await
            .expect("read")
            .is_empty()
    );
});

on_both!(codes_are_made_shown_used_and_written_down, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let id = job(&order(&admin, &[("beneficiary", "Admin@Example.com")]).await);
    let page = ended(&admin, id).await;
    assert!(page.body.contains("data-state=\"done\"") && page.text().contains("2,500 codes ready"), "{}", page.text());
    let codes = made(&admin, id).await;
    let distinct: std::collections::HashSet<&String> = codes.iter().collect();
    assert_eq!((codes.len(), distinct.len()), (2_500, 2_500));
    assert!(codes.iter().all(|code| code.len() == 11 && code.starts_with("FAIR-") && Code::parse(code).is_some()));

    // They work at once, by link and by hand, and count for the beneficiary.
    assert_eq!(site.browser().get(&format!("/r/{}", codes[7])).await.location(), format!("/signup?ref={}", codes[7]));
    assert_eq!(site.browser().sign_up("bob", &[("code", &codes[7])]).await.status, StatusCode::SEE_OTHER);
    assert!(admin.get("/admin/codes?status=active&category=Events").await.body.contains("0 / 3"));
    let audit = admin.get("/admin/audit?action=codes.create").await.text();
    for part in ["Codes created in bulk", "2500", "FAIR-", "admin@example.com"] {
        assert!(audit.contains(part), "{part} in {audit}");
    }
    // A second order of the same kind makes other codes.
    let again = job(&order(&admin, &[]).await);
    ended(&admin, again).await;
    assert!(made(&admin, again).await.iter().all(|code| !codes.contains(code)));
    assert!(!admin.get("/admin/codes").await.text().contains("Creating codes"));
});

on_both!(all_codes_of_a_batch_change_together, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let end = site.clock.now().plus(DAY).minute();
    let batch = job(&order(&admin, &[("count", "30"), ("expires_at", &end)]).await);
    let other = job(&order(&admin, &[("count", "3"), ("prefix", "other-")]).await);
    ended(&admin, batch).await;
    ended(&admin, other).await;
    let (codes, others) = (made(&admin, batch).await, made(&admin, other).await);
    let (id, path) = (batch.to_string(), format!("/admin/codes/bulk/{batch}"));
    let works = async |code: &String| site.browser().get(&format!("/r/{code}")).await.location().contains("ref=");
    let shown = async |query: String| {
        let page = admin.get(&format!("/admin/codes?{query}")).await;
        page.body.matches("data-testid=\"code-row\"").count()
    };
    // It is a filter of the table and of its CSV.
    assert_eq!(shown(format!("batch={batch}")).await, 30);
    assert_eq!(shown(format!("batch={batch}&q=OTHER")).await, 0);
    assert_eq!(shown("batch=nonsense".into()).await, 0);
    assert_eq!(admin.get(&format!("/admin/codes.csv?batch={other}")).await.body.lines().count(), 4);
    assert!(admin.get(&format!("/admin/codes?batch={batch}")).await.find("a.chip").is_some_and(|c| c.contains("Fair")));
    assert_eq!(site.browser().sign_up("bob", &[("code", &codes[0])]).await.status, StatusCode::SEE_OTHER);

    let switch = |active: &'static str| [("form", "switch_batch"), ("id", id.as_str()), ("active", active)];
    let page = admin.post(&path, &switch("false")).await;
    assert_eq!(page.location(), format!("{path}?done=saved"));
    assert!(!works(&codes[7]).await && works(&others[0]).await);
    assert!(admin.get(&path).await.text().contains("30 codes: 0 active, 1 with sign-ups."));
    admin.post(&path, &switch("true")).await;
    assert!(works(&codes[7]).await);

    let send =
        async |end: &str| admin.post(&path, &[("form", "set_batch_expiry"), ("id", &id), ("expires_at", end)]).await;
    for wrong in ["soon", "2020-01-01T00:00"] {
        let page = send(wrong).await;
        assert_eq!((page.status, page.alerts().len()), (StatusCode::UNPROCESSABLE_ENTITY, 1), "{wrong}");
    }
    assert_eq!(send("").await.status, StatusCode::SEE_OTHER);
    site.clock.set(site.clock.now().plus(2 * DAY));
    let admin = site.admin().await;
    assert!(works(&codes[7]).await, "they never expire now");

    let page = admin.get(&path).await;
    assert!(page.text().contains("1 code with sign-ups keeps its history."), "{}", page.text());
    let page = admin.post(&path, &[("form", "delete_batch"), ("id", &id)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.alerts(), ["Tick this box to delete the codes."]);
    assert!(page.find("details[open] #confirmed[aria-invalid]").is_some() && works(&codes[7]).await);
    assert!(page.text().contains("Yes, delete all 30 codes and their links"), "{}", page.text());
    let page = admin.post(&path, &[("form", "delete_batch"), ("id", &id), ("confirmed", "true")]).await;
    assert_eq!(page.location(), "/admin/codes?done=deleted-codes");
    assert!(!works(&codes[0]).await && !works(&codes[7]).await && works(&others[0]).await);
    assert!(made(&admin, batch).await.is_empty());
    assert_eq!(made(&admin, other).await.len(), 3);
    assert!(!admin.get(&path).await.body.contains("delete_batch"), "nothing is left to delete");
    for action in ["codes.switch", "codes.edit", "codes.delete"] {
        let audit = admin.get(&format!("/admin/audit?action={action}")).await.text();
        assert!(audit.contains("FAIR-") && audit.contains("30"), "{action}: {audit}");
    }
    // What is no batch cannot be changed.
    for id in ["999999", "0"] {
        let page = admin.post("/admin/codes/bulk/999999", &[("form", "delete_batch"), ("id", id)]).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }
});

on_both!(a_job_that_cannot_be_done_says_why_and_leaves_nothing, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    // Two characters are room for 102 codes of an order; ten orders leave too little for an eleventh.
    let filled = [("count", "102"), ("prefix", "x"), ("length", "2")];
    let mut failed = None;
    for _ in 0..15 {
        let id = job(&order(&admin, &filled).await);
        let page = ended(&admin, id).await;
        if page.body.contains("data-state=\"failed\"") {
            failed = Some((id, page));
            break;
        }
    }
    let (id, page) = failed.expect("a job that fails");
    assert_eq!(page.alerts(), ["Almost all codes with 2 random characters after X are taken. Use more characters."]);
    assert_eq!(kept(&site.state.db, id).await, 0);
    assert!(made(&admin, id).await.is_empty());
    let list = admin.get("/admin/codes/bulk").await.text();
    assert!(list.contains("Failed") && list.contains("Ready"), "{list}");
});

on_both!(what_one_instance_makes_the_other_knows, |db| {
    let site = Site::start(db.clone()).await;
    let admin = site.admin().await;
    if matches!(db, Db::Sqlite { .. }) {
        return;
    }
    let other = Site::at(db, &["--base-url", &site.state.base_url], site.clock.clone()).await;
    // The other one has read all codes by now.
    sleep(Duration::from_millis(500)).await;
    let jobs = [job(&order(&admin, &[]).await), job(&order(&admin, &[("prefix", "other-")]).await)];
    for id in jobs {
        ended(&admin, id).await;
        let codes = made(&admin, id).await;
        assert_eq!(codes.len(), 2_500);
        sleep(Duration::from_millis(500)).await;
        for at in [site.port, other.port] {
            let there = format!("http://127.0.0.1:{at}/r/{}", codes[2_499]);
            assert_eq!(site.browser().get(&there).await.location(), format!("/signup?ref={}", codes[2_499]), "{at}");
        }
    }
});

on_both!(a_job_that_was_left_half_done_is_taken_over, |db| {
    let site = Site::start(db.clone()).await;
    let admin = site.admin().await;
    // What an instance leaves that died: it had taken the job and made some codes.
    let id = {
        let now = site.clock.now();
        let mut tx = db.begin().await.expect("a transaction");
        let payload = r#"{"codes":{"prefix":"HALF-","length":6,"count":2500,"shared":{"code":null,"description":"Half","category":null,"max_uses":5,"expires_at":null,"active":true}},"beneficiary":null,"credited":""}"#;
        let payload: BulkCodesJob = serde_json::from_str(payload).expect("a payload");
        // Before all other jobs.
        let run_at = Time(0);
        let new = jobs::NewJob { total: 2_500, actor: "admin", run_at, ..jobs::NewJob::of(&payload, now) };
        let id = jobs::enqueue(&mut tx, &new).await.expect("stored");
        let job = jobs::take(&mut tx, i64::MAX, now, now.plus(10 * SECOND)).await.expect("taken").expect("the job");
        assert_eq!(job.id, id);
        let fields = passalong::domain::codes::campaign::CampaignFields {
            code: None,
            description: "Half".into(),
            category: None,
            max_uses: Some(5),
            expires_at: None,
            active: true,
        };
        let shared =
            bulk_codes::SharedFields { job: id, fields: &fields, beneficiary: None, created_by: None, created_at: now };
        let half = [Code::parse("HALF-AAAAAA").expect("a code"), Code::parse("HALF-BBBBBB").expect("a code")];
        assert_eq!(bulk_codes::insert(&mut tx, &half, &shared).await.expect("made"), 2);
        assert!(jobs::advance(&mut tx, &job, 2, now.plus(10 * SECOND)).await.expect("held"));
        tx.commit().await.expect("stored");
        id
    };
    sleep(Duration::from_secs(3)).await;
    let page = admin.get(&format!("/admin/codes/bulk/{id}")).await;
    assert!(page.text().contains("2 of 2,500"), "while the lease lasts nobody touches it: {}", page.text());
    assert!(page.find("progress[max='2500']").is_some());
    assert!(admin.get("/admin/codes").await.text().contains("Creating codes"));
    assert!(made(&admin, id).await.is_empty(), "nothing is shown before all is there");
    assert_eq!(site.browser().get("/r/HALF-AAAAAA").await.location(), "/signup?invitation=invalid");
    assert!(
        codes::page(&mut db.read().await.expect("a transaction"), CodeId(0), 9_999)
            .await
            .expect("read")
            .iter()
            .all(|code| !code.code.starts_with("HALF-"))
    );

    site.clock.set(site.clock.now().plus(11 * SECOND));
    let page = ended(&admin, id).await;
    assert!(page.text().contains("2,500 codes ready"), "{}", page.text());
    let codes = made(&admin, id).await;
    assert_eq!(codes.len(), 2_500);
    assert!(codes.contains(&"HALF-AAAAAA".to_owned()), "what was made already is kept");
    assert_eq!(site.browser().get("/r/HALF-AAAAAA").await.location(), "/signup?ref=HALF-AAAAAA");
    assert_eq!(site.clock.now(), START.plus(11 * SECOND));
});

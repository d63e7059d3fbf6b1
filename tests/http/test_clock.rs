//! The time that tests move forward.

use crate::{
    on_both,
    site::{Browser, Page, START, Site},
};
use futures::StreamExt;
use passalong::{
    domain::{
        job::JobPayload,
        time::{DAY, MINUTE, SECOND, Time},
    },
    server::{
        config::clock::Clock,
        jobs::prune_jobs::PruneJobs,
        store::{
            click_partitions, counter_check, job_list,
            jobs::{self, NewJob},
        },
    },
};
use reqwest::StatusCode;
use serde_json::Value;
use std::time::Duration;
use tokio::time::{sleep, timeout};

const ON: [&str; 2] = ["--test-clock", "on"];

/// Sends a body as command-line tools do: without an origin.
async fn post(browser: &Browser, body: &str) -> Page {
    let request = browser.client.post(browser.url("/test/clock"));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body.to_owned());
    Page::read(request.send().await.expect("an answer")).await
}

/// Moves the time; what it is then.
async fn advance(browser: &Browser, millis: i64) -> Time {
    let page = post(browser, &format!("{{\"advance_ms\": {millis}}}")).await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "application/json"), "{}", page.body);
    let answer: Value = serde_json::from_str(&page.body).expect("JSON");
    assert_eq!(answer.as_object().expect("an object").len(), 1, "{answer}");
    Time::parse_rfc_3339(answer["now"].as_str().expect("a time")).expect("a time")
}

on_both!(codes_and_sessions_end_when_the_time_is_moved, |db| {
    let site = Site::start_with(db, &ON).await.with_admin().await;
    let (admin, anybody) = (site.admin().await, site.browser());
    let fields = [("description", "Spring"), ("max_uses", "5"), ("active", "true"), ("code", "SPRING")];
    let expires = [("form", "create_code"), ("expires_at", "2026-11-21T11:00")];
    let made = admin.post("/admin/codes/new", &[&fields[..], &expires].concat()).await;
    assert!(made.location().ends_with("?done=created"), "{}", made.text());
    let leads_to = async || anybody.get("/r/SPRING").await.location().to_owned();
    assert_eq!(leads_to().await, "/signup?ref=SPRING");
    assert_eq!(advance(&anybody, 0).await, START);
    assert_eq!(advance(&anybody, 8 * DAY).await, START.plus(8 * DAY));
    assert_eq!(leads_to().await, "/signup?invitation=invalid");
    assert_eq!(admin.get("/admin").await.status, StatusCode::OK);
    // A session ends 30 days after it was last used.
    advance(&anybody, 29 * DAY).await;
    assert_eq!(admin.get("/admin").await.status, StatusCode::OK);
    advance(&anybody, 30 * DAY + SECOND).await;
    assert_eq!(admin.get("/admin").await.location(), "/signin?next=%2Fadmin");
    assert_eq!(site.clock.now(), START.plus(67 * DAY + SECOND));
});

on_both!(clicks_go_on_however_far_the_time_is_moved, |db| {
    let site = Site::start_with(db.clone(), &ON).await.with_admin().await;
    let link = site.user("ann").await.link().await;
    site.set("link_destination", "\"https://host.example/join\"").await;
    let friend = site.browser();
    let mut ids = vec![];
    for days in [0, 1, 200, 4_000] {
        advance(&friend, days * DAY).await;
        let page = friend.get(&link).await;
        let (_, id) = page.location().split_once("&click_id=").unwrap_or_else(|| panic!("{}", page.location()));
        ids.push(id.parse::<i64>().expect("a number"));
        // As housekeeping does it.
        click_partitions::ensure_ahead(&db, site.clock.now()).await.expect("the partitions are there");
    }
    ids.dedup();
    assert!(ids.len() == 4 && ids.is_sorted(), "{ids:?}");
    let mut tx = db.read().await.expect("a transaction");
    assert_eq!(counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
    assert_eq!(counter_check::totals(&mut tx).await.expect("counted").1, 4);
});

on_both!(streams_end_and_jobs_begin_when_the_time_is_moved, |db| {
    let site = Site::start_with(db, &ON).await.with_admin().await;
    let ann = site.user("ann").await;
    let stream = ann.client.get(ann.url("/live")).send().await.expect("an answer");
    let mut stream = stream.bytes_stream();
    stream.next().await.expect("a first event").expect("read");
    let mut tx = site.state.db.begin().await.expect("a transaction");
    let later = NewJob { run_at: START.plus(30 * DAY), ..NewJob::of(&PruneJobs, START) };
    let id = jobs::enqueue(&mut tx, &later).await.expect("stored");
    tx.commit().await.expect("stored");
    advance(&site.browser(), 30 * DAY + SECOND).await;
    let done = async {
        loop {
            let mut tx = site.state.db.read().await.expect("a transaction");
            let job = job_list::by_id(&mut tx, id).await.expect("read").expect("the job");
            assert_eq!(job.kind, PruneJobs::KIND);
            if job.state == "done" {
                break;
            }
            drop(tx);
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(10), done).await.expect("the job is done");
    let ended = async { while stream.next().await.is_some() {} };
    timeout(Duration::from_secs(12), ended).await.expect("the stream ends with its session");
});

on_both!(what_moves_no_clock_is_refused_with_the_reason, |db| {
    let site = Site::start_with(db, &ON).await;
    let anybody = site.browser();
    for (body, status, code) in [
        ("", 400, "malformed_request"),
        ("{", 400, "malformed_request"),
        ("advance_ms=5", 400, "malformed_request"),
        ("{\"advance_ms\": 5} {}", 400, "malformed_request"),
        ("[]", 422, "validation"),
        ("5", 422, "validation"),
        ("{}", 422, "validation"),
        ("{\"advance_ms\": null}", 422, "validation"),
        ("{\"advance_ms\": \"5\"}", 422, "validation"),
        ("{\"advance_ms\": 1.5}", 422, "validation"),
        ("{\"advance_ms\": -1}", 422, "validation"),
        ("{\"advance_ms\": 9223372036854775807}", 422, "validation"),
        ("{\"advance_ms\": 9223372036854775808}", 422, "validation"),
        ("{\"advance_ms\": 5, \"by\": 5}", 422, "validation"),
    ] {
        let page = post(&anybody, body).await;
        assert_eq!((page.status.as_u16(), page.header("content-type")), (status, "application/problem+json"), "{body}");
        let problem: Value = serde_json::from_str(&page.body).expect("JSON");
        assert_eq!(problem["code"], code, "{body}: {problem}");
    }
    let negative: Value = serde_json::from_str(&post(&anybody, "{\"advance_ms\": -1}").await.body).expect("JSON");
    assert_eq!(negative["errors"][0]["field"], "advance_ms");
    let large = format!("{{\"advance_ms\": 5, \"x\": \"{}\"}}", "x".repeat(70_000));
    assert_eq!(post(&anybody, &large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(anybody.get("/test/clock").await.status, StatusCode::METHOD_NOT_ALLOWED);
    let request = anybody.client.post(anybody.url("/test/clock")).header("origin", "https://evil.example");
    let foreign = request.body("{\"advance_ms\": 5}").send().await.expect("an answer");
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    assert_eq!(site.clock.now(), START);
});

on_both!(without_the_setting_there_is_nothing, |db| {
    for settings in [&[][..], &["--test-clock", "off"]] {
        let site = Site::start_with(db.clone(), settings).await;
        let anybody = site.browser();
        assert_eq!(post(&anybody, "{\"advance_ms\": 5}").await.status, StatusCode::NOT_FOUND);
        assert_eq!(anybody.get("/test/clock").await.status, StatusCode::NOT_FOUND);
        assert_eq!(site.clock.now(), START);
    }
});

on_both!(the_real_time_goes_on_from_where_it_was_moved_to, |db| {
    let site = Site::at(db, &ON, Clock::default()).await;
    let anybody = site.browser();
    let ahead = |now: Time| now.since(Clock::real_now());
    assert!(ahead(advance(&anybody, 2 * DAY).await).abs_diff(2 * DAY) < MINUTE.unsigned_abs());
    let before = site.clock.now();
    sleep(Duration::from_millis(50)).await;
    assert!((50..MINUTE).contains(&site.clock.now().since(before)));
    assert!(ahead(advance(&anybody, DAY).await).abs_diff(3 * DAY) < MINUTE.unsigned_abs());
});

//! A hundred thousand codes: on a server that is killed meanwhile, and while clicks go on.

use crate::{
    bulk::{ended, job, kept, made, order},
    free_port::free_port,
    on_both,
    site::{Browser, PASSWORD, Site},
};
use passalong::server::store::{db::Db, job_list};
use reqwest::StatusCode;
use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};
use tokio::time::{Instant, sleep};

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn serve(url: &str, port: u16) -> Killed {
    let child = Command::new(env!("CARGO_BIN_EXE_passalong"))
        .env("DATABASE_URL", url)
        .env("LISTEN_ADDR", format!("127.0.0.1:{port}"))
        .env("RATE_LIMITS", "off")
        .env("ADMIN_EMAIL", "admin@example.com")
        .env("ADMIN_PASSWORD", PASSWORD)
        .stderr(Stdio::null())
        .spawn();
    let killed = Killed(child.expect("the binary runs"));
    for _ in 0..1_000 {
        if crate::clients::get(format!("http://127.0.0.1:{port}/healthz")).await.is_ok() {
            return killed;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("the server does not start");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_half_way_makes_all_codes_in_the_end() {
    let _machine = crate::the_machine().await;
    let file = std::env::temp_dir().join(format!("passalong-bulk-{}.db", std::process::id()));
    let url = format!("sqlite:{}", file.display());
    let port = free_port();
    let client = crate::clients::builder().cookie_store(true).redirect(reqwest::redirect::Policy::none()).build();
    let admin = Browser { client: client.expect("a client"), base: format!("http://127.0.0.1:{port}") };
    let mut server = serve(&url, port).await;
    admin.post("/signin", &[("email", "admin@example.com"), ("password", PASSWORD)]).await;
    let id = job(&order(&admin, &[("count", "100000")]).await);
    let db = Db::connect(&url).await.expect("the database opens");
    let progress = async || {
        let job = job_list::by_id(&mut db.read().await.expect("a transaction"), id).await;
        job.expect("read").expect("the job")
    };
    while progress().await.done == 0 {
        sleep(Duration::from_millis(1)).await;
    }
    drop(server);
    let left = progress().await;
    assert!(left.state == "open" && left.done < 100_000, "it was killed half-way: {left:?}");
    assert_eq!(kept(&db, id).await as i64, left.done, "progress and codes are written together");
    server = serve(&url, port).await;
    let begun = Instant::now();
    let page = ended(&admin, id).await;
    assert!(page.text().contains("100,000 codes ready"), "{}", page.text());
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    assert_eq!(made(&admin, id).await.len(), 100_000);
    assert_eq!(progress().await.lease, 2);
    drop(server);
    db.close().await;
    let _ = std::fs::remove_file(&file);
}

#[expect(clippy::print_stdout, reason = "figures, for `--nocapture`")]
fn report(figures: &str) {
    println!("{figures}");
}

on_both!(clicks_go_on_while_a_hundred_thousand_codes_are_made, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let link = site.user("ann").await.link().await;
    let visitor = site.browser_named("Friend/1");
    let id = job(&order(&admin, &[("count", "100000")]).await);
    let begun = Instant::now();
    let (mut slowest, mut clicks) = (Duration::ZERO, 0);
    let took = loop {
        for _ in 0..20 {
            let asked = Instant::now();
            assert_eq!(visitor.get(&link).await.status, StatusCode::SEE_OTHER);
            slowest = slowest.max(asked.elapsed());
            clicks += 1;
        }
        let mut tx = site.state.db.read().await.expect("a transaction");
        let job = job_list::by_id(&mut tx, id).await.expect("read").expect("the job");
        if job.state == "done" {
            break begun.elapsed();
        }
        assert_eq!(job.state, "open");
        assert!(begun.elapsed() < Duration::from_secs(120));
    };
    report(&format!("100,000 codes in {took:?}; {clicks} clicks meanwhile, the slowest in {slowest:?}"));
    assert!(slowest < Duration::from_millis(500), "a click waited {slowest:?}");
    assert_eq!(kept(&site.state.db, id).await, 100_000);
});

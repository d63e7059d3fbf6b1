//! The database blocks, is gone, or has no connection left: visitors are led on, and their clicks are written later.

use crate::{
    api::Api,
    free_port::free_port,
    on_both,
    site::{Page, Site},
    testing,
};
use futures::{StreamExt, stream};
use passalong::{
    domain::time::DAY,
    server::{
        clicks::request::{ClickRequest, HostVisit},
        store::{
            counter_check,
            db::{Db, Tx},
        },
    },
};
use reqwest::{StatusCode, redirect::Policy};
use serde_json::json;
use sqlx::{ConnectOptions, Connection, PgConnection, SqliteConnection};
use std::{
    future::Future,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{Instant, sleep},
};

/// Two seconds, and what a loaded machine adds.
const LED_ON: Duration = Duration::from_millis(2_500);

/// A person's browser, another one for each number.
fn agent(n: usize) -> String {
    format!("Mozilla/5.0 (X11; Linux x86_64; rv:{n}.0) Gecko/20100101 Firefox/{n}.0")
}

/// Another program that holds the lock of the database, until it is dropped.
enum Lock {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Lock {
    async fn take(db: &Db) -> Self {
        match db {
            Db::Sqlite { write, .. } => {
                let mut conn = (*write.connect_options()).clone().connect().await.expect("a connection");
                sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut conn).await.expect("the lock");
                Self::Sqlite(conn)
            }
            Db::Postgres { pool, .. } => {
                let mut conn = (*pool.connect_options()).clone().connect().await.expect("a connection");
                sqlx::raw_sql("BEGIN; LOCK TABLE code_days, visitor_salts").execute(&mut conn).await.expect("the lock");
                Self::Postgres(conn)
            }
        }
    }

    async fn release(self) {
        match self {
            Self::Sqlite(conn) => conn.close().await.expect("released"),
            Self::Postgres(conn) => conn.close().await.expect("released"),
        }
    }
}

/// One visit by a browser that refuses cookies; it is led on in time.
async fn visit(address: String, n: usize) -> Page {
    let client = crate::clients::builder().redirect(Policy::none()).user_agent(agent(n)).build().expect("a client");
    let asked = Instant::now();
    let page = Page::read(client.get(&address).send().await.expect("an answer")).await;
    assert!(asked.elapsed() < LED_ON, "{address} took {:?}", asked.elapsed());
    page
}

/// Waves of visitors, one each half second, each of other people.
async fn waves(link: &str, people: std::ops::Range<usize>, waves: usize) -> Vec<Page> {
    let start = people.start;
    let all = people.map(|n| async move {
        sleep(Duration::from_millis(500) * u32::try_from((n - start) % waves).expect("few")).await;
        visit(link.to_owned(), n).await
    });
    stream::iter(all).buffer_unordered(1_000).collect().await
}

/// Asks until the answer is the right one.
async fn until<T: PartialEq + std::fmt::Debug, F: Future<Output = T>>(right: T, ask: impl Fn() -> F) {
    let asked = Instant::now();
    loop {
        let answer = ask().await;
        if answer == right {
            return;
        }
        assert!(asked.elapsed() < Duration::from_secs(15), "{answer:?} instead of {right:?}");
        sleep(Duration::from_millis(50)).await;
    }
}

async fn readiness(base: &str) -> (StatusCode, String) {
    let asked = Instant::now();
    let page = Page::read(crate::clients::get(format!("{base}/readyz")).await.expect("an answer")).await;
    assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
    (page.status, page.body)
}

async fn check_counters(db: &Db) {
    let mut tx = db.read().await.expect("a transaction");
    assert_eq!(counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
}

on_both!(visitors_are_led_on_while_the_database_is_locked_and_counted_afterwards, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db.clone()).await;
    let ann = site.user("ann").await;
    let link = ann.url(&ann.link().await);
    visit(link.clone(), 0).await;
    // A new day begins: the salt of its visitors has to be fetched, too.
    site.clock.set(site.clock.now().plus(DAY));
    let lock = Lock::take(&db).await;
    let pages = waves(&link, 1..61, 8).await;
    for page in pages {
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        assert!(page.location().starts_with("/signup?ref="), "{}", page.location());
        assert!(page.cookies().is_empty(), "a click that is not durable is handed out");
    }
    let code = link.rsplit('/').next().expect("a code");
    let landing = visit(site.browser().url(&format!("/signup?ref={code}")), 61).await;
    assert_eq!((landing.status, landing.cookies().len()), (StatusCode::OK, 0));
    // Somebody comes twice.
    visit(link.clone(), 1).await;
    let (status, why) = readiness(&site.state.base_url).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{why}");
    lock.release().await;
    until([62, 0, 0], || ann.numbers()).await;
    until(StatusCode::OK, || async { readiness(&site.state.base_url).await.0 }).await;
    check_counters(&db).await;
    let page = visit(link, 62).await;
    assert_eq!(page.cookies().len(), 1, "durable again");
});

on_both!(a_click_id_that_is_not_durable_is_not_handed_out, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db.clone()).await;
    let link = site.user("ann").await.link().await;
    site.set("link_destination", "\"https://host.example/join\"").await;
    let api = Api::new(&site, "write").await;
    let link = site.browser().url(&link);
    let code = link.rsplit('/').next().expect("a code");
    let click = |n: usize| api.post("/clicks", json!({"code": code, "ip": "192.0.2.7", "user_agent": agent(n)}));
    let id = click(0).await.with(201)["click_id"].clone();
    let friend = site.browser();
    let known = friend.get(&link).await.location().to_owned();
    assert!(known.contains("&click_id="));
    let lock = Lock::take(&db).await;
    assert_eq!(visit(link.clone(), 2).await.location(), format!("https://host.example/join?ref={code}"));
    let refused = click(3).await;
    assert_eq!((refused.status, refused.code()), (503, "unavailable"));
    // What is durable already can be told.
    assert_eq!(click(0).await.with(201)["click_id"], id);
    assert_eq!(friend.get(&link).await.location(), known);
    lock.release().await;
    until(true, || async { visit(link.clone(), 2).await.location().contains("&click_id=") }).await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clicks_go_on_when_the_pool_is_used_up() {
    let _machine = crate::the_machine().await;
    let db = testing::postgres().await;
    let Db::Postgres { pool, .. } = &db else { panic!("PostgreSQL was asked for") };
    let site = Site::start(db.clone()).await;
    let ann = site.user("ann").await;
    let link = ann.url(&ann.link().await);
    visit(link.clone(), 0).await;
    site.clock.set(site.clock.now().plus(DAY));
    let mut held = vec![];
    let asked = Instant::now();
    while held.len() < pool.options().get_max_connections() as usize && asked.elapsed() < Duration::from_secs(15) {
        if let Some(conn) = pool.try_acquire() {
            held.push(conn);
        } else if let Ok(Ok(conn)) = tokio::time::timeout(Duration::from_secs(1), pool.acquire()).await {
            held.push(conn);
        } else {
            // One listens for other instances and is never given back.
            break;
        }
    }
    let pages = waves(&link, 1..31, 2).await;
    assert!(pages.iter().all(|page| page.cookies().len() == 1), "the writer has a connection of its own");
    let (status, why) = readiness(&site.state.base_url).await;
    assert_eq!((status, why.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "no connection to the database is free"));
    drop(held);
    until([31, 0, 0], || ann.numbers()).await;
    until(StatusCode::OK, || async { readiness(&site.state.base_url).await.0 }).await;
    check_counters(&db).await;
}

/// The way to a PostgreSQL server.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Open,
    /// Whoever is connected gets no answer.
    Silent,
    /// Connections are cut, and there are no new ones.
    Cut,
}

/// The address of a database behind a way that can be closed.
async fn behind_a_way(db: &Db) -> (String, watch::Sender<Way>) {
    let Db::Postgres { pool, .. } = db else { panic!("PostgreSQL was asked for") };
    let options = pool.connect_options();
    let server = (options.get_host().to_owned(), options.get_port());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (way, state) = watch::channel(Way::Open);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let (mut state, server) = (state.clone(), server.clone());
            tokio::spawn(async move {
                if *state.borrow() == Way::Cut {
                    return;
                }
                let Ok(mut server) = TcpStream::connect((server.0.as_str(), server.1)).await else { return };
                loop {
                    let now = *state.borrow_and_update();
                    match now {
                        Way::Cut => return,
                        Way::Silent => {
                            if state.changed().await.is_err() {
                                return;
                            }
                        }
                        Way::Open => tokio::select! {
                            _ = copy_bidirectional(&mut client, &mut server) => return,
                            changed = state.changed() => if changed.is_err() { return },
                        },
                    }
                }
            });
        }
    });
    let database = options.get_database().expect("a name");
    (format!("postgres://{}@127.0.0.1:{port}/{database}", options.get_username()), way)
}

async fn is_survived(closed: Way) {
    let _machine = crate::the_machine().await;
    let (address, way) = behind_a_way(&testing::postgres().await).await;
    let db = Db::connect(&address).await.expect("PostgreSQL answers");
    let site = Site::start(db.clone()).await;
    let ann = site.user("ann").await;
    let link = ann.url(&ann.link().await);
    visit(link.clone(), 0).await;
    way.send(closed).expect("somebody listens");
    let pages = waves(&link, 1..41, 6).await;
    assert!(pages.iter().all(|page| page.status == StatusCode::SEE_OTHER && page.cookies().is_empty()));
    let (status, why) = readiness(&site.state.base_url).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{why}");
    way.send(Way::Open).expect("somebody listens");
    until(StatusCode::OK, || async { readiness(&site.state.base_url).await.0 }).await;
    until(true, || async { visit(link.clone(), 41).await.cookies().len() == 1 }).await;
    until([42, 0, 0], || ann.numbers()).await;
    check_counters(&db).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_may_be_gone_for_a_while() {
    is_survived(Way::Cut).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_may_say_nothing_for_a_while() {
    is_survived(Way::Silent).await;
}

on_both!(a_schema_that_is_not_current_is_not_ready, |db| {
    let site = Site::start(db.clone()).await;
    assert_eq!(readiness(&site.state.base_url).await.0, StatusCode::OK);
    let mut tx = db.begin().await.expect("a transaction");
    let sql = "DELETE FROM _sqlx_migrations WHERE version = 7";
    match &mut tx {
        Tx::Sqlite(tx) => sqlx::query(sql).execute(&mut **tx).await.map(|_| ()),
        Tx::Postgres(tx) => sqlx::query(sql).execute(&mut **tx).await.map(|_| ()),
    }
    .expect("deleted");
    tx.commit().await.expect("stored");
    until(StatusCode::SERVICE_UNAVAILABLE, || async { readiness(&site.state.base_url).await.0 }).await;
});

/// The real program on a database, on a port of its own.
struct Program {
    child: Child,
    base: String,
}

impl Program {
    fn start(address: &str) -> Self {
        let port = free_port();
        let child = Command::new(env!("CARGO_BIN_EXE_passalong"))
            .env("DATABASE_URL", address)
            .env("LISTEN_ADDR", format!("127.0.0.1:{port}"))
            .env("RATE_LIMITS", "off")
            .env("LOG_FORMAT", "json")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        Self { child: child.expect("the binary runs"), base: format!("http://127.0.0.1:{port}") }
    }

    async fn is_serving(&self) {
        until(true, || async { crate::clients::get(format!("{}/healthz", self.base)).await.is_ok() }).await;
    }

    /// Recorded, counted, dropped, unconfirmed clicks.
    async fn clicks(&self) -> [u64; 4] {
        let text =
            crate::clients::get(format!("{}/metrics", self.base)).await.expect("an answer").text().await.expect("text");
        ["recorded", "counted", "dropped", "unconfirmed"].map(|what| {
            let name = format!("passalong_clicks_{what}_total ");
            text.lines().find_map(|line| line.strip_prefix(&name)?.parse().ok()).expect("a number")
        })
    }

    /// Asks it to stop. How long that took, and what it said in its life.
    async fn stop(self) -> (Duration, String) {
        let asked = Instant::now();
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().expect("a shell's command").success());
        let output = tokio::task::spawn_blocking(|| self.child.wait_with_output()).await.expect("no panic");
        (asked.elapsed(), String::from_utf8_lossy(&output.expect("an end").stderr).into_owned())
    }
}

fn address(db: &Db) -> String {
    match db {
        Db::Sqlite { write, .. } => format!("sqlite:{}", write.connect_options().get_filename().display()),
        Db::Postgres { pool, .. } => {
            let options = pool.connect_options();
            let (user, host, port) = (options.get_username(), options.get_host(), options.get_port());
            format!("postgres://{user}@{host}:{port}/{}", options.get_database().expect("a name"))
        }
    }
}

/// A code whose program is on, made before the server starts.
async fn code(db: &Db) -> String {
    let site = Site::start(db.clone()).await;
    let link = site.user("ann").await.link().await;
    link.trim_start_matches("/r/").to_owned()
}

async fn rows(db: &Db) -> i64 {
    let mut tx = db.read().await.expect("a transaction");
    counter_check::totals(&mut tx).await.expect("counted").1
}

on_both!(a_stalled_server_tells_the_truth_and_stops_in_time, |db| {
    let _machine = crate::the_machine().await;
    let code = code(&db).await;
    let program = Program::start(&address(&db));
    program.is_serving().await;
    let link = format!("{}/r/{code}", program.base);
    waves(&link, 0..5, 1).await;
    assert_eq!(program.clicks().await, [5, 5, 0, 0]);
    let lock = Lock::take(&db).await;
    waves(&link, 5..25, 4).await;
    assert_eq!(program.clicks().await, [5, 5, 0, 20]);
    lock.release().await;
    until([25, 25, 0, 20], || program.clicks()).await;

    let lock = Lock::take(&db).await;
    waves(&link, 25..55, 4).await;
    let hanging = tokio::spawn(crate::clients::get(format!("{}/readyz", program.base)));
    let (took, said) = program.stop().await;
    assert!(took < Duration::from_secs(8), "{took:?}");
    let lost = said.lines().find(|line| line.contains("were not written")).unwrap_or_else(|| panic!("{said}"));
    assert!(lost.contains("\"count\":30"), "{lost}");
    hanging.abort();
    // PostgreSQL goes on with a statement whose client has gone, until it has waited for its time.
    sleep(Duration::from_millis(1_500)).await;
    lock.release().await;
    assert_eq!(rows(&db).await, 25);
    check_counters(&db).await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_whose_database_is_silent_stops_in_time() {
    let _machine = crate::the_machine().await;
    let db = testing::postgres().await;
    let code = code(&db).await;
    let (address, way) = behind_a_way(&db).await;
    let program = Program::start(&address);
    program.is_serving().await;
    let link = format!("{}/r/{code}", program.base);
    visit(link.clone(), 0).await;
    way.send(Way::Silent).expect("somebody listens");
    waves(&link, 1..21, 2).await;
    // Pages that need the database are asked for, too, more of them than there are connections.
    let base = Arc::new(program.base.clone());
    for _ in 0..20 {
        let base = base.clone();
        tokio::spawn(async move {
            let form = [("email", "ann@example.com"), ("password", "wrong-horse-7")];
            let _ = crate::clients::client().post(format!("{base}/signin")).form(&form).send().await;
        });
    }
    sleep(Duration::from_millis(500)).await;
    let (took, said) = program.stop().await;
    assert!(took < Duration::from_secs(8), "{took:?}");
    assert!(said.lines().any(|line| line.contains("were not written") && line.contains("\"count\":20")), "{said}");

    // The same at the start.
    let program = Program::start(&address);
    sleep(Duration::from_secs(1)).await;
    let (took, _) = program.stop().await;
    assert!(took < Duration::from_secs(2), "{took:?}");
}

/// Clicks as the host product tells of them, all at once: how many were not known to be written, and how long it took.
async fn told_by_the_host(site: &Site, code: &str, agents: impl Iterator<Item = String>) -> (usize, Duration) {
    let found = site.state.code_cache.read_active(code, site.clock.now()).await.expect("looked up");
    let (_, code) = found.expect("an active code");
    let arrived = Instant::now();
    let all = agents.map(|agent| {
        let click = ClickRequest::from_host(HostVisit { user_agent: Some(&agent), ..HostVisit::default() });
        site.state.clicks.record(click, code, arrived)
    });
    let outcomes = futures::future::join_all(all).await;
    (outcomes.iter().filter(|outcome| outcome.click.is_none()).count(), arrived.elapsed())
}

on_both!(only_a_full_queue_drops_clicks, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db.clone()).await;
    let ann = site.user("ann").await;
    let link = ann.link().await;
    let code = link.trim_start_matches("/r/");
    let lock = Lock::take(&db).await;
    // Places in the queue, and the batch that the writer has in its hands.
    let (queue, batch) = (16_384, 1_024);
    let (unconfirmed, took) = told_by_the_host(&site, code, (0..queue + 3 * batch).map(agent)).await;
    assert_eq!(unconfirmed, queue + 3 * batch);
    assert!(took < LED_ON, "{took:?}");
    lock.release().await;
    let written = || async { usize::try_from(ann.numbers().await[0]).expect("a number") };
    until(true, || async { written().await >= queue }).await;
    sleep(Duration::from_millis(500)).await;
    assert!(written().await <= queue + batch, "{}", written().await);
    check_counters(&db).await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_database_refuses_takes_nothing_else_with_it() {
    let _machine = crate::the_machine().await;
    let db = testing::postgres().await;
    let site = Site::start(db.clone()).await;
    let ann = site.user("ann").await;
    let link = ann.link().await;
    let code = link.trim_start_matches("/r/");
    // So that all of them are one batch.
    let lock = Lock::take(&db).await;
    let agents = (0..300).map(|n| if n % 100 == 7 { format!("{}\0", agent(n)) } else { agent(n) });
    assert_eq!(told_by_the_host(&site, code, agents).await.0, 300);
    lock.release().await;
    until([297, 0, 0], || ann.numbers()).await;
    check_counters(&db).await;
}

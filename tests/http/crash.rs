//! Killed at any moment under load: what was answered is there, and every counter is right.

use crate::{
    crash_payments::{Payments, Teller, command},
    free_port::free_port,
    on_both,
    site::{PASSWORD, START},
    stripe,
};
use passalong::{
    domain::{accounts::new_account::NewAccount, codes::code::Code},
    server::store::{codes, counter_check, db::Db, settings, users},
};
use reqwest::{StatusCode, redirect::Policy};
use std::{
    collections::HashSet,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

/// How often the server is killed; `PASSALONG_KILLS` for a longer run.
fn kills() -> u32 {
    std::env::var("PASSALONG_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(100)
}

/// A server; killed when it is dropped.
pub struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What clients were told that is done.
#[derive(Clone, Default)]
pub struct Promised {
    pub clicks: Vec<String>,
    pub sign_ups: Vec<String>,
}

on_both!(nothing_that_was_answered_is_lost, |db| {
    let _machine = crate::the_machine().await;
    let url = crate::address(&db);
    // A server that is killed leaves nobody behind who keeps the database in order.
    db.close().await;
    let port = free_port();
    let base = format!("http://127.0.0.1:{port}");
    let codes = Arc::new(make_codes(&url, 20).await);
    let payments = Payments::start(&url, port, &codes).await;
    let promised = Arc::new(Mutex::new(Promised::default()));
    let mut slowest = Duration::ZERO;

    for round in 0..kills() {
        let started = Instant::now();
        let server = serve(&url, port);
        wait(&base).await;
        slowest = slowest.max(started.elapsed());
        let mut load = JoinSet::new();
        for worker in 0..2 {
            load.spawn(visit(base.clone(), codes.clone(), promised.clone(), format!("{round}-{worker}")));
        }
        load.spawn(join(base.clone(), codes.clone(), promised.clone(), round));
        load.spawn(payments.clone().tell(Teller::Stripe));
        load.spawn(payments.clone().tell(Teller::Host));
        load.spawn(payments.clone().tell(Teller::Use));
        sleep(Duration::from_millis(5 + u64::from(round * 37 % 496))).await;
        drop(server);
        load.abort_all();
        while let Some(ended) = load.join_next().await {
            assert!(!ended.is_err_and(|error| error.is_panic()), "the server refused something");
        }
    }
    let server = serve(&url, port);
    wait(&base).await;
    payments.check().await;
    drop(server);
    let promised = promised.lock().expect("no panic").clone();
    check(&url, &promised).await;
    let Promised { clicks, sign_ups } = promised;
    assert!(clicks.len() > 100 && !sign_ups.is_empty(), "too little load to tell anything");
    assert!(slowest < Duration::from_secs(5), "a start took {slowest:?}");
    assert!(command(&["verify", "--database-url", &url]).contains("Drift: 0"));
});

/// Turns the program of a new database on, with so many codes.
pub async fn make_codes(url: &str, count: u32) -> Vec<String> {
    let db = Db::connect(url).await.expect("SQLite opens");
    db.migrate().await.expect("the schema applies");
    let mut tx = db.begin().await.expect("a transaction");
    settings::put(&mut tx, "referral_codes_enabled", "true", START).await.expect("a setting");
    let mut made = vec![];
    for n in 0..count {
        let name = format!("load-{n}");
        let account = NewAccount::parse(&format!("{name}@example.com"), &name, PASSWORD).expect("an account");
        let user = users::NewUser {
            email: &account.email,
            username: &account.username,
            password_hash: None,
            admin: false,
            goal: 10,
            consent_at: None,
            created_at: START,
        };
        let owner = users::insert(&mut tx, &user).await.expect("stored").expect("a free name");
        let code = Code::parse(&name).expect("a code");
        codes::insert_personal(&mut tx, owner, &code, START).await.expect("stored").expect("a free code");
        made.push(code.to_string());
    }
    tx.commit().await.expect("stored");
    db.close().await;
    made
}

pub fn serve(url: &str, port: u16) -> Killed {
    let child = Command::new(env!("CARGO_BIN_EXE_passalong"))
        .env("DATABASE_URL", url)
        .env("LISTEN_ADDR", format!("127.0.0.1:{port}"))
        .env("RATE_LIMITS", "off")
        .env("STRIPE_WEBHOOK_SECRET", stripe::SECRET)
        .env("WEBHOOK_ALLOW_PRIVATE", "true")
        .stderr(Stdio::null())
        .spawn();
    Killed(child.expect("the binary runs"))
}

pub async fn wait(base: &str) {
    for _ in 0..500 {
        if crate::clients::get(format!("{base}/healthz")).await.is_ok() {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("the server does not start");
}

/// Follows links until the server is gone; notes each click that was answered, by its unique user agent.
pub async fn visit(base: String, codes: Arc<Vec<String>>, promised: Arc<Mutex<Promised>>, who: String) {
    let client = crate::clients::builder().redirect(Policy::none()).build().expect("a client");
    for n in 0.. {
        let name = format!("Visitor/{who}-{n}");
        let link = format!("{base}/r/{}", codes[n % codes.len()]);
        match client.get(link).header("user-agent", &name).send().await {
            Ok(answer) if answer.status() == StatusCode::SEE_OTHER => {
                promised.lock().expect("no panic").clicks.push(name)
            }
            _ => return,
        }
    }
}

pub async fn join(base: String, codes: Arc<Vec<String>>, promised: Arc<Mutex<Promised>>, round: u32) {
    let client = crate::clients::builder().redirect(Policy::none()).build().expect("a client");
    for n in 0.. {
        let name = format!("u{round}-{n}");
        let email = format!("{name}@example.com");
        let code = &codes[(round as usize + n) % codes.len()];
        let fields = [("email", email.as_str()), ("username", &name), ("password", PASSWORD), ("code", code)];
        match client.post(format!("{base}/signup")).form(&fields).send().await {
            Ok(answer) if answer.status() == StatusCode::SEE_OTHER => {
                promised.lock().expect("no panic").sign_ups.push(email)
            }
            _ => return,
        }
    }
}

/// Makes sure that a database holds all that was promised, and that its counters are right.
pub async fn check(url: &str, promised: &Promised) {
    let db = Db::connect(url).await.expect("the database opens");
    let drift = counter_check::find_mismatches(&mut db.read().await.expect("a transaction")).await.expect("recounted");
    assert_eq!(drift, []);
    let clicks = all(&db, "SELECT user_agent FROM clicks").await;
    let emails = all(&db, "SELECT u.email FROM users u JOIN referrals r ON r.referee_id = u.id JOIN codes c ON c.owner_id = u.id JOIN attributions a ON a.user_id = u.id").await;
    let lost: Vec<_> = promised.clicks.iter().filter(|name| !clicks.contains(*name)).collect();
    assert!(lost.is_empty(), "{} clicks were lost, as {:?}", lost.len(), lost.first());
    let lost: Vec<_> = promised.sign_ups.iter().filter(|email| !emails.contains(*email)).collect();
    assert!(lost.is_empty(), "sign-ups were lost: {lost:?}");
}

/// The first column of what a query finds, as far as it is not null.
pub async fn all(db: &Db, sql: &'static str) -> HashSet<String> {
    let found: sqlx::Result<Vec<Option<String>>> = match db {
        Db::Sqlite { read, .. } => sqlx::query_scalar(sql).fetch_all(read).await,
        Db::Postgres { pool, .. } => sqlx::query_scalar(sql).fetch_all(pool).await,
    };
    found.expect("read").into_iter().flatten().collect()
}

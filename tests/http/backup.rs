//! Backups, made while the program serves.

use crate::{
    commands::{Folder, Server, err, out},
    crash::{self, Promised, all},
    free_port::free_port,
    site::PASSWORD,
};
use passalong::server::store::{db::Db, secrets};
use reqwest::{Client, StatusCode, redirect::Policy};
use serde_json::json;
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{task::JoinSet, time::sleep};

pub const DATABASE: &str = "data/passalong.db";

/// A folder with a demonstration and a backup of it.
pub fn backed_up(name: &str) -> Folder {
    let folder = Folder::new(name);
    assert!(folder.run(&["demo", "--quiet"]).status.success());
    succeed(&folder, &["backup", "backup.db"]);
    folder
}

/// Runs a command that goes well; what it prints.
pub fn succeed(folder: &Folder, args: &[&str]) -> String {
    let output = folder.run(args);
    assert!(output.status.success(), "{args:?}: {}", err(&output));
    out(&output)
}

/// Runs a command that is refused; the one line that it says.
pub fn refused(folder: &Folder, args: &[&str]) -> String {
    let output = folder.run(args);
    let text = err(&output);
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(1), ""), "{args:?}: {text}");
    assert_eq!(text.lines().count(), 1, "{text}");
    text.trim_end().strip_prefix("passalong: ").expect("who says it").to_owned()
}

/// The files of a folder.
pub fn files(folder: &Path) -> BTreeSet<String> {
    let names = fs::read_dir(folder).expect("read").map(|file| file.expect("a file").file_name());
    names.map(|name| name.into_string().expect("UTF-8")).collect()
}

/// Takes a row out of a database without its page knowing: whoever copies rows does not notice.
pub fn lose_a_row(database: &mut [u8]) {
    let leaves = database.chunks_exact_mut(4096).filter(|page| page[0] == 13 && page[4] > 1);
    leaves.last().expect("a page of rows")[4] -= 1;
}

pub async fn open(file: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(file).connect().await.expect("opens")
}

pub async fn execute(file: &Path, sql: &'static str) {
    let mut conn = open(file).await;
    sqlx::raw_sql(sql).execute(&mut conn).await.expect("done");
    conn.close().await.expect("closed");
}

pub async fn count_users(file: &Path) -> i64 {
    let mut conn = open(file).await;
    let users = sqlx::query_scalar("SELECT COUNT(*) FROM users").fetch_one(&mut conn).await.expect("counted");
    conn.close().await.expect("closed");
    users
}

/// A program that makes codes until the server is gone; notes each one that was answered.
async fn make_codes(base: String, key: String, made: Arc<Mutex<Vec<String>>>) {
    let client = crate::clients::client();
    for n in 0.. {
        let code = format!("API-{n}");
        let body = json!({ "code": code, "description": "Made under load" });
        match client.post(format!("{base}/api/v1/codes")).bearer_auth(&key).json(&body).send().await {
            Ok(answer) if answer.status() == StatusCode::CREATED => made.lock().expect("no panic").push(code),
            _ => return,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_holds_all_that_was_answered_before_it() {
    let _machine = crate::the_machine().await;
    let folder = Folder::new("backup-load");
    let file = folder.0.join("passalong.db");
    let url = format!("sqlite:{}", file.display());
    let links = Arc::new(crash::make_codes(&url, 20).await);
    // So much that a backup takes its time.
    let much = "INSERT INTO audit (at, actor, action, target_kind, target, before, after)
                WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 50000)
                SELECT n, 'admin', 'code.edit', 'code', 'X', json_object('x', hex(randomblob(60))), '{}'
                FROM numbers";
    execute(&file, much).await;
    let key = succeed(&folder, &["api-key", "create", "--name", "Shop", "--scopes", "write", "--database-url", &url]);
    let port = free_port();
    let base = format!("http://127.0.0.1:{port}");
    let server = crash::serve(&url, port);
    crash::wait(&base).await;
    let promised = Arc::new(Mutex::new(Promised::default()));
    let made = Arc::new(Mutex::new(vec![]));
    let mut load = JoinSet::new();
    for worker in 0..4 {
        load.spawn(crash::visit(base.clone(), links.clone(), promised.clone(), worker.to_string()));
    }
    load.spawn(crash::join(base.clone(), links.clone(), promised.clone(), 0));
    load.spawn(make_codes(base.clone(), key.trim().to_owned(), made.clone()));
    for n in 0..3 {
        let (answered, codes) = loop {
            sleep(Duration::from_millis(200)).await;
            let (answered, codes) =
                (promised.lock().expect("no panic").clone(), made.lock().expect("no panic").clone());
            assert_eq!(load.len(), 6, "the server does not answer");
            if answered.clicks.len() > 50 * (n + 1) && answered.sign_ups.len() > n && codes.len() > 5 * (n + 1) {
                break (answered, codes);
            }
        };
        let backup = format!("{n}.db");
        succeed(&folder, &["backup", &backup, "--database-url", &url]);
        assert!(promised.lock().expect("no panic").clicks.len() > answered.clicks.len(), "the server stood still");
        let place = format!("sqlite:elsewhere/{n}.db");
        assert_eq!(succeed(&folder, &["restore", &backup, "--database-url", &place]), format!("Restored {n}.db.\n"));
        let restored = folder.0.join("elsewhere").join(&backup);
        let mut conn = open(&restored).await;
        let whole: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut conn).await.expect("looked at");
        assert_eq!(whole, "ok");
        conn.close().await.expect("closed");
        let url = format!("sqlite:{}", restored.display());
        crash::check(&url, &answered).await;
        let there = all(&Db::connect(&url).await.expect("opens"), "SELECT code FROM codes").await;
        assert!(codes.iter().all(|code| there.contains(code)), "codes were lost");
        let verified = succeed(&folder, &["verify", "--database-url", &place]);
        assert!(verified.contains("Drift: 0"), "{verified}");
    }
    drop(server);
    load.shutdown().await;
}

/// Somebody with cookies.
pub fn browser() -> Client {
    crate::clients::builder().cookie_store(true).redirect(Policy::none()).build().expect("a client")
}

/// Signs up on a server of this machine.
pub async fn sign_up(browser: &Client, port: u16, name: &str) {
    let email = format!("{name}@example.com");
    let fields = [("email", email.as_str()), ("username", name), ("password", PASSWORD)];
    let answer = browser.post(format!("http://127.0.0.1:{port}/signup")).form(&fields).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
}

/// The secret that the program has made for itself.
async fn app_secret(file: &Path) -> Option<Vec<u8>> {
    let db = Db::connect(&format!("sqlite:{}", file.display())).await.expect("opens");
    let secret = secrets::get(&mut db.read().await.expect("a transaction"), "app_secret").await.expect("read");
    db.close().await;
    secret
}

#[tokio::test]
async fn whoever_was_signed_in_is_so_after_a_restore_and_the_file_is_the_owners_alone() {
    let folder = backed_up("backup-whole");
    let server = Server::start(&folder);
    let ann = browser();
    sign_up(&ann, server.port, "ann-of-before").await;
    let said = succeed(&folder, &["backup", "whole.db"]);
    assert!(said.starts_with("Wrote whole.db (") && said.ends_with("MB).\n"), "{said}");
    assert_eq!(fs::metadata(folder.0.join("whole.db")).expect("a file").permissions().mode() & 0o777, 0o600);
    drop(server);
    let elsewhere = Folder::new("backup-elsewhere");
    let backup = folder.0.join("whole.db").display().to_string();
    assert_eq!(succeed(&elsewhere, &["restore", &backup, "--quiet"]), "");
    assert_eq!(files(&elsewhere.0.join("data")), BTreeSet::from(["passalong.db", "passalong.db.lock"].map(Into::into)));
    let server = Server::start(&elsewhere);
    let dashboard = ann.get(format!("http://127.0.0.1:{}/dashboard", server.port)).send().await.expect("an answer");
    assert_eq!(dashboard.status(), StatusCode::OK);
    drop(server);
    let (old, new) = (app_secret(&folder.0.join(DATABASE)).await, app_secret(&elsewhere.0.join(DATABASE)).await);
    assert!(old.is_some() && old == new);
}

#[tokio::test]
async fn a_backup_that_cannot_be_written_leaves_nothing() {
    let folder = backed_up("backup-refused");
    let names = files(&folder.0);
    assert_eq!(refused(&folder, &["backup", "backup.db"]), "backup.db is there already");
    assert_eq!(refused(&folder, &["backup", "data"]), "data is there already");
    for nowhere in ["nowhere/b.db", "/proc/b.db"] {
        let said = refused(&folder, &["backup", nowhere]);
        assert!(said.starts_with(&format!("cannot write {nowhere}: ")), "{said}");
    }
    let said = refused(&folder, &["backup", "b.db", "--database-url", "sqlite:none.db"]);
    assert_eq!(said, "DATABASE_URL: none.db: No such file or directory (os error 2)");
    // A limit on the size of files is met like a full disk.
    let full = "trap '' XFSZ; ulimit -f 400; exec \"$0\" backup full.db";
    let full = std::process::Command::new("sh")
        .args(["-c", full, env!("CARGO_BIN_EXE_passalong")])
        .current_dir(&folder.0)
        .env_clear()
        .output()
        .expect("a shell");
    let text = err(&full);
    assert_eq!(full.status.code(), Some(1), "{text}");
    assert!(text.starts_with("passalong: cannot write full.db: ") && text.lines().count() == 1, "{text}");
    assert_eq!(files(&folder.0), names);
    // A database that is broken is no backup.
    let mut bytes = fs::read(folder.0.join(DATABASE)).expect("read");
    lose_a_row(&mut bytes);
    fs::write(folder.0.join(DATABASE), bytes).expect("written");
    let said = refused(&folder, &["backup", "b.db"]);
    assert!(said.starts_with("DATABASE_URL: ./data/passalong.db: the database is corrupt: "), "{said}");
    assert_eq!(files(&folder.0), names);
}

#[test]
fn a_backup_that_is_stopped_leaves_nothing() {
    let folder = backed_up("backup-stopped");
    let names = files(&folder.0);
    let mut stopped = 0;
    for round in 0..20 {
        let mut command = folder.command(&["backup", "stopped.db"]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("runs");
        std::thread::sleep(Duration::from_millis(20 * round));
        let id = child.id().to_string();
        let _ = std::process::Command::new("kill").args(["-TERM", &id]).stderr(Stdio::null()).status();
        let output = child.wait_with_output().expect("ended");
        if output.status.code() == Some(1) {
            assert_eq!(err(&output), "passalong: stopped; nothing has changed\n");
            stopped += 1;
        }
        let _ = fs::remove_file(folder.0.join("stopped.db"));
        assert_eq!(files(&folder.0), names);
    }
    assert!(stopped > 0, "none was stopped at work");
}

#[test]
fn on_postgres_both_say_what_to_call_and_tell_no_password() {
    let folder = Folder::new("backup-postgres");
    let url = "postgres://app:s3cret-w0rd@db.example:5433/ref%27erral";
    let said = refused(&folder, &["backup", "my backup", "--database-url", url]);
    assert_eq!(
        said,
        "PostgreSQL backs up by itself; call: pg_dump --host=db.example --port=5433 --username=app --format=custom \
         '--file=my backup' 'ref'\\''erral'"
    );
    let said = refused(&folder, &["restore", "dump", "--database-url", url]);
    assert_eq!(
        said,
        "PostgreSQL restores by itself, into an empty database; stop all servers and call: pg_restore \
         --host=db.example --port=5433 --username=app --single-transaction '--dbname=ref'\\''erral' dump"
    );
    assert_eq!(files(&folder.0), BTreeSet::new());
}

//! Backups that take the place of a database, and what is refused.

use crate::{
    backup::{DATABASE, backed_up, browser, count_users, execute, files, lose_a_row, open, refused, sign_up, succeed},
    commands::{Folder, Server},
};
use passalong::{
    domain::accounts::email::Email,
    server::store::{db::Db, users},
};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Stdio,
};
use tokio::time::{Instant, sleep};

/// The old database that a restore has kept; there is one.
fn kept(folder: &Folder) -> PathBuf {
    let names = files(&folder.0.join("data"));
    let kept: Vec<_> = names.iter().filter(|name| name.contains(".before-restore-")).collect();
    assert_eq!(kept.len(), 1, "{names:?}");
    folder.0.join("data").join(kept[0])
}

#[tokio::test]
async fn the_old_database_is_kept_with_all_that_a_killed_server_wrote() {
    let folder = backed_up("restore-kept");
    let before = count_users(&folder.0.join(DATABASE)).await;
    let server = Server::start(&folder);
    sign_up(&browser(), server.port, "late").await;
    drop(server);
    assert!(fs::metadata(folder.0.join("data/passalong.db-wal")).expect("a log").len() > 0, "nothing is in the log");
    let mode = fs::Permissions::from_mode(0o640);
    fs::set_permissions(folder.0.join(DATABASE), mode).expect("permitted");
    let said = succeed(&folder, &["restore", "backup.db"]);
    let kept = kept(&folder);
    let name = kept.file_name().expect("a name").to_string_lossy();
    assert!(said.starts_with("Restored backup.db. The old database is kept as ") && said.contains(&*name), "{said}");
    let names: BTreeSet<_> = ["passalong.db", "passalong.db.lock", &name].map(str::to_owned).into();
    assert_eq!(files(&folder.0.join("data")), names, "no log is left that would change the new database");
    assert_eq!(fs::metadata(folder.0.join(DATABASE)).expect("a file").permissions().mode() & 0o777, 0o640);
    assert_eq!(count_users(&kept).await, before + 1);
    assert_eq!(count_users(&folder.0.join(DATABASE)).await, before);
    for url in ["sqlite:data/passalong.db".to_owned(), format!("sqlite:{}", kept.display())] {
        assert!(succeed(&folder, &["verify", "--database-url", &url]).contains("Drift: 0"));
    }
    drop(Server::start(&folder));
    let db = Db::connect(&format!("sqlite:{}", folder.0.join(DATABASE).display())).await.expect("opens");
    let late = Email::parse("late@example.com").expect("an address");
    let late = users::by_email(&mut db.read().await.expect("a transaction"), &late).await.expect("read");
    assert!(late.is_none());
    db.close().await;
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_any_more_is_replaced_and_kept_as_it_is() {
    let folder = backed_up("restore-broken");
    fs::write(folder.0.join(DATABASE), "not what it was").expect("written");
    succeed(&folder, &["restore", "backup.db"]);
    assert_eq!(fs::read_to_string(kept(&folder)).expect("read"), "not what it was");
    assert!(succeed(&folder, &["verify"]).contains("Drift: 0"));
}

#[tokio::test]
async fn the_log_of_a_lost_database_changes_nothing_in_the_new_one() {
    let folder = backed_up("restore-lost");
    let users = count_users(&folder.0.join(DATABASE)).await;
    let server = Server::start(&folder);
    sign_up(&browser(), server.port, "late").await;
    drop(server);
    let log = fs::read(folder.0.join("data/passalong.db-wal")).expect("a log");
    fs::remove_file(folder.0.join(DATABASE)).expect("removed");
    succeed(&folder, &["restore", "backup.db"]);
    let names = files(&folder.0.join("data"));
    let kept = names.iter().find(|name| name.ends_with("-wal")).expect("a log is kept");
    assert_ne!(kept, "passalong.db-wal");
    assert!(fs::read(folder.0.join("data").join(kept)).expect("read") == log);
    assert_eq!(count_users(&folder.0.join(DATABASE)).await, users);
    assert!(succeed(&folder, &["verify"]).contains("Drift: 0"));
}

#[tokio::test]
async fn nothing_is_restored_while_somebody_uses_the_database() {
    let folder = backed_up("restore-used");
    let database = fs::canonicalize(folder.0.join(DATABASE)).expect("a file");
    let server = Server::start(&folder);
    let said = refused(&folder, &["restore", "backup.db"]);
    assert_eq!(said, format!("a server uses {}; stop it first", database.display()));
    sign_up(&browser(), server.port, "still-served").await;
    drop(server);
    let users = count_users(&database).await;
    let other = Db::connect(&format!("sqlite:{}", database.display())).await.expect("opens");
    drop(other.read().await.expect("a transaction"));
    let names = files(&folder.0.join("data"));
    let said = refused(&folder, &["restore", "backup.db"]);
    assert_eq!(said, format!("another program has {} open; end it first", database.display()));
    assert_eq!(files(&folder.0.join("data")), names);
    other.close().await;
    assert_eq!(count_users(&database).await, users);
    succeed(&folder, &["restore", "backup.db"]);
    assert_eq!(count_users(&database).await, users - 1);
}

/// Makes sure that a file is not restored, for this reason, and that the database stays what it was.
fn is_refused(folder: &Folder, file: &str, why: &str) {
    let database = fs::read(folder.0.join(DATABASE)).expect("read");
    let said = refused(folder, &["restore", file]);
    assert!(said.starts_with(&format!("{file}{why}")), "{said}");
    assert_eq!(fs::read(folder.0.join(DATABASE)).expect("read"), database, "{file}");
    let mut names = files(&folder.0.join("data"));
    names.remove("passalong.db.lock");
    assert_eq!(names, BTreeSet::from(["passalong.db".to_owned()]), "{file}");
}

#[tokio::test]
async fn what_is_no_whole_backup_of_this_program_is_refused() {
    let folder = backed_up("restore-refused");
    let backup = fs::read(folder.0.join("backup.db")).expect("read");
    let write = |name: &str, bytes: &[u8]| fs::write(folder.0.join(name), bytes).expect("written");
    write("text", b"email,username\n");
    write("long-text", "email,username\n".repeat(1_000).as_bytes());
    write("empty", b"");
    execute_new(&folder.0.join("other-program"), "CREATE TABLE things (name TEXT)").await;
    for file in ["text", "long-text", "empty", "other-program"] {
        is_refused(&folder, file, ": this is no database of Passalong");
    }
    is_refused(&folder, "absent", ": No such file or directory");
    is_refused(&folder, "data", ": Is a directory");
    is_refused(&folder, DATABASE, " is the database itself");
    for size in [5_000, backup.len() / 2, backup.len() - 5_000] {
        write("half", &backup[..size]);
        is_refused(&folder, "half", ": the database is corrupt: ");
    }
    for at in [backup.len() / 4, backup.len() / 2, backup.len() - 9_000] {
        // One letter of a row: only the checksum knows.
        let mut flipped = backup.clone();
        flipped[at] ^= 1;
        write("flipped", &flipped);
        is_refused(&folder, "flipped", ": the backup is corrupt: its checksum is wrong");
        // A page of a copy that has no checksum.
        let mut broken = backup[..backup.len() / 4096 * 4096].to_owned();
        broken[at / 4096 * 4096..][..4096].fill(0xa5);
        write("broken", &broken);
        is_refused(&folder, "broken", ": the database is corrupt: ");
    }
    let mut lacking = backup[..backup.len() / 4096 * 4096].to_owned();
    lose_a_row(&mut lacking);
    write("lacking", &lacking);
    is_refused(&folder, "lacking", ": the database is corrupt: ");
    write("other-index", &backup);
    execute(
        &folder.0.join("other-index"),
        "PRAGMA writable_schema = ON;
         CREATE TABLE t (a INTEGER NOT NULL, b INTEGER NOT NULL);
         INSERT INTO t VALUES (1, 2), (2, 3);
         CREATE INDEX t_a ON t (a);
         UPDATE sqlite_schema SET sql = 'CREATE INDEX t_a ON t (b)' WHERE name = 't_a'",
    )
    .await;
    is_refused(&folder, "other-index", ": the database is corrupt: ");
}

async fn execute_new(file: &Path, sql: &'static str) {
    let mut conn = SqliteConnectOptions::new().filename(file).create_if_missing(true).connect().await.expect("opens");
    sqlx::raw_sql(sql).execute(&mut conn).await.expect("done");
    conn.close().await.expect("closed");
}

#[tokio::test]
async fn a_backup_of_another_schema_is_refused_with_the_words_of_the_start() {
    let folder = backed_up("restore-schema");
    fs::copy(folder.0.join("backup.db"), folder.0.join("changed.db")).expect("copied");
    execute(
        &folder.0.join("backup.db"),
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9000, 'of tomorrow', TRUE, X'00', 0)",
    )
    .await;
    let newer = ": the database is newer than this program (schema 9000); use a newer program";
    is_refused(&folder, "backup.db", newer);
    execute(&folder.0.join("changed.db"), "UPDATE _sqlx_migrations SET checksum = X'00' WHERE version = 1").await;
    is_refused(&folder, "changed.db", ": the schema cannot be brought up to date: ");
}

#[tokio::test]
async fn a_backup_that_somebody_has_looked_into_can_be_restored() {
    let folder = backed_up("restore-opened");
    // Opening it changes its first page.
    succeed(&folder, &["verify", "--database-url", "sqlite:backup.db"]);
    let users = count_users(&folder.0.join("backup.db")).await;
    succeed(&folder, &["restore", "backup.db"]);
    assert_eq!(count_users(&folder.0.join(DATABASE)).await, users);
}

#[tokio::test]
async fn a_restore_that_is_killed_leaves_the_old_or_the_new_database() {
    let _machine = crate::the_machine().await;
    let folder = backed_up("restore-killed");
    let database = folder.0.join(DATABASE);
    let before = count_users(&database).await;
    execute(&database, "UPDATE settings SET value = '\"Old\"' WHERE name = 'program_name'").await;
    let asked = Instant::now();
    succeed(&folder, &["restore", "backup.db", "--database-url", "sqlite:elsewhere.db"]);
    let took = asked.elapsed();
    let (mut old, mut new) = (0, 0);
    for round in 0..24 {
        let mut restore = folder.command(&["restore", "backup.db"]).stdout(Stdio::null()).spawn().expect("runs");
        sleep(took * round / 18).await;
        restore.kill().expect("killed");
        restore.wait().expect("ended");
        let mut conn = open(&database).await;
        let (whole, name): (String, String) = sqlx::query_as(
            "SELECT (SELECT quick_check FROM pragma_quick_check),
                    (SELECT value FROM settings WHERE name = 'program_name')",
        )
        .fetch_one(&mut conn)
        .await
        .expect("read");
        conn.close().await.expect("closed");
        assert_eq!(whole, "ok");
        if name == "\"Old\"" {
            old += 1;
        } else {
            new += 1;
            execute(&database, "UPDATE settings SET value = '\"Old\"' WHERE name = 'program_name'").await;
        }
        assert_eq!(count_users(&database).await, before);
    }
    assert!(old > 0 && new > 0, "{old} old, {new} new");
    assert!(succeed(&folder, &["verify"]).contains("Drift: 0"));
}

//! Whole copies of an SQLite file: made, looked at, and put in the place of a file that nobody uses.

use crate::server::store::{
    db::{SQLITE_SCHEMA, newer_schema, schema_problem},
    sqlite_connect::{BUSY_TIMEOUT, find_corruption, primary_code},
};
use sqlx::{ConnectOptions, Connection, Executor, SqliteConnection, sqlite::SqliteConnectOptions};
use std::path::{Path, absolute};

/// Opens a file that is there and leaves it as it is: its schema, and whether it has a write-ahead log. What the file
/// is shows when it is first read.
pub async fn open(file: &Path) -> sqlx::Result<SqliteConnection> {
    SqliteConnectOptions::new()
        .filename(absolute(file)?)
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging()
        .connect()
        .await
}

/// The number of the newest schema of a database of this program; nothing when it is another program's.
pub async fn schema_number(conn: &mut SqliteConnection) -> sqlx::Result<Option<i64>> {
    let table = sqlx::query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations'");
    if table.fetch_optional(&mut *conn).await?.is_none() {
        return Ok(None);
    }
    sqlx::query_scalar(
        "SELECT (SELECT MAX(version) FROM _sqlx_migrations)
         FROM _sqlx_migrations
         WHERE version = 1
           AND description = 'program'",
    )
    .fetch_optional(conn)
    .await
}

/// Why this program cannot use a schema of that number: it is of a newer one.
pub fn too_new(number: i64) -> Option<String> {
    let known = SQLITE_SCHEMA.iter().map(|migration| migration.version).max();
    known.is_some_and(|known| number > known).then(|| newer_schema(number))
}

/// Bytes that a copy will have.
pub async fn used_bytes(conn: &mut SqliteConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT (page_count - freelist_count) * page_size
         FROM pragma_page_count, pragma_freelist_count, pragma_page_size",
    )
    .fetch_one(conn)
    .await
}

/// What is wrong with the pages of a database, in SQLite's words; nothing when all is well.
pub async fn find_broken_pages(conn: &mut SqliteConnection) -> sqlx::Result<Option<String>> {
    or_corrupt(find_corruption(conn).await)
}

/// The same, and whether tables and indexes hold the same rows, which takes longer.
pub async fn find_any_damage(conn: &mut SqliteConnection) -> sqlx::Result<Option<String>> {
    let first: sqlx::Result<String> = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(conn).await;
    or_corrupt(first.map(|first| (first != "ok").then_some(first)))
}

/// A check that fails because of what it looks at has found it.
fn or_corrupt(found: sqlx::Result<Option<String>>) -> sqlx::Result<Option<String>> {
    match found {
        Err(error) if is_corrupt(&error) => Ok(Some(words(&error))),
        found => found,
    }
}

/// Writes everything, as it stands at one moment, to a file that is empty.
pub async fn copy_into(conn: &mut SqliteConnection, file: &str) -> sqlx::Result<()> {
    sqlx::query("VACUUM INTO $1").bind(file).execute(conn).await.map(|_| ())
}

/// Brings the schema of a copy up to date; an error says why that cannot be.
pub async fn bring_up_to_date(conn: &mut SqliteConnection) -> Result<(), String> {
    SQLITE_SCHEMA.run(conn).await.map_err(schema_problem)
}

/// Writes the write-ahead log into the file, takes it away, and locks everybody else out as long as the connection is
/// open. Whether that was possible: not while somebody else has the file open, which can be an error, too
/// ([`is_in_use`](super::sqlite_connect::is_in_use)).
pub async fn lock_out_others(conn: &mut SqliteConnection) -> sqlx::Result<bool> {
    conn.execute("PRAGMA journal_mode = DELETE").await?;
    conn.execute("BEGIN EXCLUSIVE").await?;
    // Somebody who came in between has a log again, and still reads beside it.
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(conn).await?;
    Ok(mode == "delete")
}

/// Closes a connection; what is not written by then is not wanted.
pub async fn close(conn: SqliteConnection) {
    let _ = conn.close().await;
}

const CORRUPT: u32 = 11;
const NOT_A_DATABASE: u32 = 26;

/// Whether a statement failed because the file is something else than a database.
pub fn is_no_database(error: &sqlx::Error) -> bool {
    primary_code(error) == Some(NOT_A_DATABASE)
}

/// Whether a statement failed because the database is broken.
pub fn is_corrupt(error: &sqlx::Error) -> bool {
    primary_code(error) == Some(CORRUPT)
}

/// What SQLite says, in its own words.
pub fn words(error: &sqlx::Error) -> String {
    error.as_database_error().map_or_else(|| error.to_string(), |error| error.message().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::time::Time,
        server::store::{db::Db, secrets, sqlite_connect::is_in_use, testing},
    };
    use std::{path::PathBuf, time::Duration};

    fn file_of(db: &Db) -> PathBuf {
        let Db::Sqlite { write, .. } = db else { panic!("SQLite was asked for") };
        write.connect_options().get_filename().to_owned()
    }

    #[tokio::test]
    async fn a_copy_has_what_was_committed_and_is_whole() -> sqlx::Result<()> {
        let db = testing::sqlite().await;
        let mut tx = db.begin().await?;
        secrets::keep(&mut tx, "one", b"x", Time(0)).await?;
        tx.commit().await?;
        let mut unfinished = db.begin().await?;
        secrets::keep(&mut unfinished, "two", b"x", Time(0)).await?;
        let file = file_of(&db);
        let mut conn = open(&file).await?;
        assert_eq!(schema_number(&mut conn).await?, SQLITE_SCHEMA.iter().map(|migration| migration.version).max());
        assert_eq!(find_broken_pages(&mut conn).await?, None);
        let to = file.with_added_extension("copy");
        copy_into(&mut conn, to.to_str().expect("UTF-8")).await?;
        let mut copy = open(&to).await?;
        assert_eq!(find_any_damage(&mut copy).await?, None);
        assert_eq!(bring_up_to_date(&mut copy).await, Ok(()));
        let names: Vec<String> = sqlx::query_scalar("SELECT name FROM secrets").fetch_all(&mut copy).await?;
        assert_eq!(names, ["one"]);
        let size = std::fs::metadata(&to).map_or(0, |file| file.len());
        assert_eq!(i64::try_from(size).ok(), Some(used_bytes(&mut copy).await?));
        Ok(())
    }

    #[tokio::test]
    async fn an_index_of_other_rows_is_found() -> sqlx::Result<()> {
        let file = file_of(&testing::sqlite().await);
        let mut conn = open(&file).await?;
        sqlx::raw_sql(
            "PRAGMA writable_schema = ON;
             CREATE TABLE t (a INTEGER NOT NULL, b INTEGER NOT NULL);
             INSERT INTO t VALUES (1, 2), (2, 3);
             CREATE INDEX t_a ON t (a);
             UPDATE sqlite_schema SET sql = 'CREATE INDEX t_a ON t (b)' WHERE name = 't_a'",
        )
        .execute(&mut conn)
        .await?;
        close(conn).await;
        let mut conn = open(&file).await?;
        assert_eq!(find_broken_pages(&mut conn).await?, None);
        let found = find_any_damage(&mut conn).await?.expect("found");
        assert!(found.contains("t_a"), "{found}");
        Ok(())
    }

    #[tokio::test]
    async fn others_are_locked_out_or_keep_the_file() -> sqlx::Result<()> {
        let db = testing::sqlite().await;
        let file = file_of(&db);
        let mut conn = open(&file).await?;
        assert!(is_in_use(&lock_out_others(&mut conn).await.expect_err("somebody has it open")));
        close(conn).await;
        let mut tx = db.begin().await?;
        secrets::keep(&mut tx, "one", b"x", Time(0)).await?;
        tx.commit().await?;
        db.close().await;
        let mut conn = open(&file).await?;
        assert!(lock_out_others(&mut conn).await?);
        assert!(!std::fs::exists(file.with_added_extension("-wal"))?);
        let impatient = SqliteConnectOptions::new().filename(&file).busy_timeout(Duration::ZERO);
        let mut other = impatient.connect().await?;
        let locked = sqlx::query("SELECT * FROM secrets").execute(&mut other).await.expect_err("locked");
        assert!(is_in_use(&locked));
        close(conn).await;
        sqlx::query("SELECT * FROM secrets").execute(&mut other).await.map(|_| ())
    }

    #[test]
    fn only_what_a_later_program_has_made_is_too_new() {
        assert_eq!(too_new(1), None);
        assert_eq!(too_new(9_000), Some(newer_schema(9_000)));
    }
}

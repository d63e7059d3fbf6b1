//! Opening an SQLite file.

use crate::server::store::limits::{ACQUIRE_TIMEOUT, ConnectError};
use percent_encoding::percent_decode_str;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Executor, SqlitePool,
    error::DatabaseError,
    sqlite::{
        SqliteConnectOptions, SqliteError, SqliteExecutor, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
    },
};
use std::{
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// Connections that read while the one writer writes.
const READERS: u32 = 4;

/// How long a connection waits for another process that holds the lock.
pub const BUSY_TIMEOUT: Duration = Duration::from_secs(4);

/// How long is waited before a file that another process has is opened again.
const OPEN_DELAY: Duration = Duration::from_millis(20);

/// Bytes of the write-ahead log that stay on the disk once a checkpoint has emptied it.
const MAX_IDLE_LOG: &str = "67108864";

/// Pages in the write-ahead log from which on a commit makes a checkpoint: 40 MB.
const CHECKPOINT_PAGES: &str = "10000";

/// The file that an address names. In memory each connection would have a database of its own, and all would be lost.
pub fn file_of(url: &str) -> Result<PathBuf, &'static str> {
    let path = url.trim_start_matches("sqlite://").trim_start_matches("sqlite:");
    let (path, options) = path.split_once('?').unwrap_or((path, ""));
    let file = percent_decode_str(path).decode_utf8().map_err(|_| "the name of the file is not UTF-8")?;
    let in_memory = file.is_empty()
        || file.ends_with(":memory:")
        || form_urlencoded::parse(options.as_bytes())
            .any(|(name, value)| matches!((&*name, &*value), ("mode", "memory") | ("vfs", "memdb")));
    if in_memory {
        return Err("a database in memory would be lost; name a file, as sqlite:./data/passalong.db");
    }
    Ok(PathBuf::from(&*file))
}

/// Makes the folder of a file.
pub fn make_folder(file: &Path) -> Result<(), ConnectError> {
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    folder
        .map_or(Ok(()), std::fs::create_dir_all)
        .map_err(|error| format!("cannot make the folder of {}: {error}", file.display()).into())
}

/// The one connection that writes, and those that read.
pub async fn connect(url: &str) -> Result<(SqlitePool, SqlitePool), ConnectError> {
    make_folder(&file_of(url)?)?;
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        .pragma("journal_size_limit", MAX_IDLE_LOG)
        .pragma("temp_store", "memory")
        .pragma("cache_size", "-8000")
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging();
    // No warning for each of many that wait.
    let pool = |most| {
        SqlitePoolOptions::new()
            .max_connections(most)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .acquire_slow_threshold(ACQUIRE_TIMEOUT)
    };
    let started = Instant::now();
    let write = loop {
        match pool(1).connect_with(options.clone()).await {
            // SQLite does not wait for the lock with which a new file gets its write-ahead log.
            Err(error) if is_in_use(&error) && started.elapsed() < BUSY_TIMEOUT => sleep(OPEN_DELAY).await,
            opened => break opened?,
        }
    };
    let read = pool(READERS).connect_with(options.read_only(true).create_if_missing(false)).await?;
    Ok((write, read))
}

/// What is wrong with the pages of the file, in SQLite's words; nothing when all is well.
pub async fn find_corruption(conn: impl SqliteExecutor<'_>) -> sqlx::Result<Option<String>> {
    let first: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(conn).await?;
    Ok((first != "ok").then_some(first))
}

const BUSY: u32 = 5;
const LOCKED: u32 = 6;

/// Whether a statement failed because somebody else uses the database.
pub fn is_in_use(error: &sqlx::Error) -> bool {
    matches!(primary_code(error), Some(BUSY | LOCKED))
}

/// Whether a statement failed by the disk, or by memory: the connection is better opened anew.
pub fn is_disk_error(error: &sqlx::Error) -> bool {
    // NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB.
    matches!(primary_code(error), Some(7 | 8 | 10 | 11 | 13 | 14 | 26))
}

/// The result code of SQLite, without what the extended one adds; nothing when the error is not SQLite's.
pub fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let error = error.as_database_error()?.try_downcast_ref::<SqliteError>()?;
    let code: u32 = error.code()?.parse().ok()?;
    Some(code & 0xff)
}

/// Writes the write-ahead log into the file and empties it. Somebody who reads from it is waited for, but hardly:
/// nobody writes meanwhile.
pub async fn trim_log(write: &SqlitePool) -> sqlx::Result<()> {
    let patience = BUSY_TIMEOUT.as_millis();
    let trim = format!("PRAGMA busy_timeout = 200; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = {patience}");
    write.execute(AssertSqlSafe(trim)).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::time::Time,
        server::store::{db::Db, secrets, testing},
    };

    #[tokio::test]
    async fn the_log_is_small_again_after_a_large_write() -> sqlx::Result<()> {
        let db = testing::sqlite().await;
        let Db::Sqlite { write, .. } = &db else { panic!("SQLite was asked for") };
        let log = format!("{}-wal", write.connect_options().get_filename().display());
        let size = || std::fs::metadata(&log).map_or(0, |file| file.len());
        let mut tx = db.begin().await?;
        for n in 0..80 {
            secrets::keep(&mut tx, &format!("large-{n}"), &vec![7; 1_000_000], Time(0)).await?;
        }
        tx.commit().await?;
        assert!(size() > 80_000_000, "{}", size());
        // The commit made a checkpoint: the next one begins the log anew.
        let mut tx = db.begin().await?;
        secrets::keep(&mut tx, "small", b"x", Time(0)).await?;
        tx.commit().await?;
        assert!(size() <= 67_108_864, "{}", size());
        db.trim_log().await?;
        assert_eq!(size(), 0);
        Ok(())
    }

    #[tokio::test]
    async fn a_new_file_that_another_process_has_is_waited_for() -> sqlx::Result<()> {
        let file = testing::new_file();
        let mut other = SqliteConnectOptions::new().filename(&file).create_if_missing(true).connect().await?;
        other.execute("BEGIN IMMEDIATE").await?;
        let url = format!("sqlite:{}", file.display());
        let opening = tokio::spawn(async move { connect(&url).await.map(|_| ()) });
        sleep(Duration::from_millis(300)).await;
        assert!(!opening.is_finished());
        other.execute("COMMIT").await?;
        opening.await.expect("no panic").expect("opened");
        Ok(())
    }

    #[test]
    fn a_database_has_a_file() {
        assert_eq!(file_of("sqlite:./data/a%20b.db"), Ok("./data/a b.db".into()));
        assert_eq!(file_of("sqlite:///var/lib/p.db?mode=rwc"), Ok("/var/lib/p.db".into()));
        for memory in [
            "sqlite:",
            "sqlite://",
            "sqlite:?mode=rwc",
            "sqlite::memory:",
            "sqlite://:memory:",
            "sqlite:%3Amemory%3A",
            "sqlite:file::memory:?cache=shared",
            "sqlite:p.db?mode=memory",
            "sqlite:p.db?cache=shared&mode=memory",
            "sqlite:/p.db?vfs=memdb",
        ] {
            assert!(file_of(memory).is_err(), "{memory}");
        }
    }
}

//! Copying a database of SQLite to a new file: what `backup` and `restore` share.

use crate::server::{
    commands::{console::progress, unfinished_file::UnfinishedFile},
    config::rng::Rng,
    errors::BoxError,
    run::shutdown_signal,
    store::sqlite_copy::{self, is_corrupt, is_no_database, words},
};
use sqlx::SqliteConnection;
use std::{fs, io, path::Path, pin::pin, time::Duration};
use tokio::time::sleep;

/// How often the bar moves.
const TICK: Duration = Duration::from_millis(100);

const MEGABYTE: u64 = 1_000_000;

/// A database that is copied.
pub struct Source {
    conn: SqliteConnection,
    /// What it is called in messages.
    name: String,
    /// The number of its newest schema.
    pub schema: i64,
}

impl Source {
    /// Opens a database of this program, of whatever version. `setting` stands before its name in messages.
    pub async fn open(file: &Path, setting: &str) -> Result<Self, BoxError> {
        let name = format!("{setting}{}", file.display());
        if !fs::metadata(file).map_err(|error| format!("{name}: {error}"))?.is_file() {
            return Err(format!("{name}: this is no file").into());
        }
        let opened = async {
            let mut conn = sqlite_copy::open(file).await?;
            Ok((sqlite_copy::schema_number(&mut conn).await?, conn))
        };
        match opened.await {
            Ok((Some(schema), conn)) => Ok(Self { conn, name, schema }),
            Ok((None, _)) => Err(format!("{name}: this is no database of Passalong").into()),
            Err(error) if is_no_database(&error) => Err(format!("{name}: this is no database of Passalong").into()),
            Err(error) if is_corrupt(&error) => Err(corrupt(&name, &words(&error))),
            Err(error) => Err(unreadable(&name, &error).into()),
        }
    }

    /// Copies it, as it stands at one moment, to a new file beside `file`, and looks whether both are whole. Stops when
    /// the process is asked to. Where a page is broken a copy can lack rows and look well, so the source is looked at,
    /// too.
    pub async fn copy(mut self, file: &Path, quiet: bool) -> Result<UnfinishedFile, BoxError> {
        let copy = async {
            let cannot = |error: io::Error| format!("cannot write {}: {error}", file.display());
            let copy = UnfinishedFile::beside(file, &Rng::from_system()).map_err(cannot)?;
            self.copy_and_check(copy.path(), file, quiet).await?;
            Ok(copy)
        };
        let done = tokio::select! {
            // Listened to before there is a file that would be left.
            biased;
            () = shutdown_signal() => Err("stopped; nothing has changed".into()),
            done = copy => done,
        };
        if done.is_ok() {
            sqlite_copy::close(self.conn).await;
        }
        done
    }

    async fn copy_and_check(&mut self, to: &Path, file: &Path, quiet: bool) -> Result<(), BoxError> {
        let name = &self.name;
        let cannot_read = |error| unreadable(name, &error);
        let cannot_write = |error: sqlx::Error| format!("cannot write {}: {}", file.display(), words(&error));
        let size = u64::try_from(sqlite_copy::used_bytes(&mut self.conn).await.map_err(cannot_read)?)?;
        let bar = progress(size.div_ceil(MEGABYTE), "Checking the database", quiet);
        bar.enable_steady_tick(TICK);
        if let Some(what) = sqlite_copy::find_broken_pages(&mut self.conn).await.map_err(cannot_read)? {
            return Err(corrupt(name, &what));
        }
        bar.set_message("Megabytes");
        let path = std::path::absolute(to)?;
        let path = path.to_str().ok_or_else(|| format!("the name of {} is not UTF-8", file.display()))?;
        let mut copying = pin!(sqlite_copy::copy_into(&mut self.conn, path));
        let copied = loop {
            tokio::select! {
                copied = &mut copying => break copied,
                () = sleep(TICK) => bar.set_position(fs::metadata(to).map_or(0, |file| file.len() / MEGABYTE)),
            }
        };
        match copied {
            Err(error) if is_corrupt(&error) => return Err(corrupt(name, &words(&error))),
            copied => copied.map_err(cannot_write)?,
        }
        bar.set_message("Checking the copy");
        let mut copy = sqlite_copy::open(to).await.map_err(cannot_write)?;
        if let Some(what) = sqlite_copy::find_any_damage(&mut copy).await.map_err(cannot_write)? {
            return Err(corrupt(name, &what));
        }
        sqlite_copy::close(copy).await;
        bar.finish_and_clear();
        Ok(())
    }
}

fn unreadable(name: &str, error: &sqlx::Error) -> String {
    format!("{name}: the database cannot be read: {}", words(error))
}

fn corrupt(name: &str, what: &str) -> BoxError {
    format!("{name}: the database is corrupt: {what}").into()
}

//! `passalong restore FILE`: a backup takes the place of the database.

use crate::{
    domain::time::Time,
    server::{
        commands::{
            backup_checksum,
            console::say,
            database_copy::Source,
            pg_tools::restore_hint,
            unfinished_file::{UnfinishedFile, beside, sync_folder},
        },
        config::{Config, clock::Clock},
        errors::BoxError,
        store::{
            server_lock::lock_file,
            sqlite_connect::{file_of, is_in_use},
            sqlite_copy::{self, is_corrupt, is_no_database, words},
        },
    },
};
use sqlx::SqliteConnection;
use std::{
    fs, io,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Puts a copy of the backup, with the current schema, in the place of the database, which is kept beside it. Until the
/// copy takes over its name, the database is the old one; from then on the new one.
pub async fn run(config: &Config, file: &Path, quiet: bool) -> Result<ExitCode, BoxError> {
    if !config.database_url.starts_with("sqlite:") {
        return Err(restore_hint(&config.database_url, file)?.into());
    }
    let named = file_of(&config.database_url).map_err(|error| format!("DATABASE_URL: {error}"))?;
    // A link goes on leading to the database.
    let database = named.canonicalize().unwrap_or(named);
    if let (Ok(one), Ok(other)) = (fs::metadata(file), fs::metadata(&database))
        && (one.dev(), one.ino()) == (other.dev(), other.ino())
    {
        return Err(format!("{} is the database itself", file.display()).into());
    }
    if !backup_checksum::is_right(file).map_err(|error| format!("{}: {error}", file.display()))? {
        return Err(format!("{}: the backup is corrupt: its checksum is wrong", file.display()).into());
    }
    let source = Source::open(file, "").await?;
    if let Some(problem) = sqlite_copy::too_new(source.schema) {
        return Err(format!("{}: {problem}", file.display()).into());
    }
    let _no_server = lock_file(&database)
        .map_err(|error| format!("DATABASE_URL: {error}"))?
        .ok_or_else(|| format!("a server uses {}; stop it first", database.display()))?;
    let copy = source.copy(&database, quiet).await?;
    bring_up_to_date(&copy).await.map_err(|problem| format!("{}: {problem}", file.display()))?;
    let kept = replace(&database, copy, Clock::default().now()).await?;
    if !quiet {
        let kept = kept.map(|kept| format!(" The old database is kept as {}.", kept.display())).unwrap_or_default();
        say(&format!("Restored {}.{kept}", file.display()));
    }
    Ok(ExitCode::SUCCESS)
}

async fn bring_up_to_date(copy: &UnfinishedFile) -> Result<(), BoxError> {
    let mut conn = sqlite_copy::open(copy.path()).await?;
    sqlite_copy::bring_up_to_date(&mut conn).await?;
    sqlite_copy::close(conn).await;
    Ok(())
}

/// Gives the copy the name of the database, while nobody can use that. Where the old one is kept, if there was one.
async fn replace(database: &Path, copy: UnfinishedFile, now: Time) -> Result<Option<PathBuf>, BoxError> {
    let cannot = |error: io::Error| format!("cannot write {}: {error}", database.display());
    let held = match fs::metadata(database) {
        Ok(old) => {
            take_after(copy.path(), &old).map_err(cannot)?;
            lock_out_others(database).await?
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(cannot(error).into()),
    };
    let kept = beside(database, &format!(".before-restore-{}", now.rfc_3339().replace(['-', ':'], "")));
    keep(database, &kept).map_err(|error| format!("cannot keep the old database as {}: {error}", kept.display()))?;
    copy.put_in_place(database).map_err(cannot)?;
    if let Some(held) = held {
        sqlite_copy::close(held).await;
    }
    Ok(kept.exists().then_some(kept))
}

/// Lets the new database belong to whom the old one does: the server may be somebody else than who restores.
fn take_after(new: &Path, old: &fs::Metadata) -> io::Result<()> {
    let made = fs::metadata(new)?;
    if (made.uid(), made.gid()) != (old.uid(), old.gid()) {
        chown(new, Some(old.uid()), Some(old.gid()))?;
    }
    fs::set_permissions(new, old.permissions())
}

/// A connection as long as which nobody else can use the database; nothing when it is one that nobody can use anyway.
async fn lock_out_others(database: &Path) -> Result<Option<SqliteConnection>, BoxError> {
    let cannot = |error: sqlx::Error| format!("cannot lock {}: {}", database.display(), words(&error));
    let mut conn = sqlite_copy::open(database).await.map_err(cannot)?;
    let locked = sqlite_copy::lock_out_others(&mut conn).await;
    if let Ok(true) = locked {
        return Ok(Some(conn));
    }
    // SQLite may take away a log when it closes: not after the new database has its place.
    sqlite_copy::close(conn).await;
    let in_use = || format!("another program has {} open; end it first", database.display());
    match locked {
        Ok(_) => Err(in_use().into()),
        Err(error) if is_in_use(&error) => Err(in_use().into()),
        Err(error) if is_corrupt(&error) || is_no_database(&error) => Ok(None),
        Err(error) => Err(cannot(error).into()),
    }
}

/// Gives the old database a second name, with any log that is left of it, and takes away what SQLite would read as
/// changes to the new one.
fn keep(database: &Path, kept: &Path) -> io::Result<()> {
    for part in ["", "-wal", "-journal"] {
        match fs::hard_link(beside(database, part), beside(kept, part)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    sync_folder(database)?;
    for part in ["-wal", "-shm", "-journal"] {
        match fs::remove_file(beside(database, part)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    sync_folder(database)
}

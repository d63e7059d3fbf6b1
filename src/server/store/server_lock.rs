//! One server to an SQLite file.

use crate::server::store::{
    limits::ConnectError,
    sqlite_connect::{file_of, make_folder},
};
use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
};

/// Held as long as a server uses its SQLite file; the system lets it go when the process ends, however it ends.
pub struct ServerLock {
    _file: File,
}

/// Makes sure that no other server uses the database: each believes that it knows all codes, and whom it has counted.
/// Nothing on PostgreSQL, where instances tell each other. The lock is on a file of its own beside the database, so
/// that commands go on working.
pub fn lock(url: &str) -> Result<Option<ServerLock>, ConnectError> {
    if !url.starts_with("sqlite:") {
        return Ok(None);
    }
    let database = file_of(url)?;
    match lock_file(&database)? {
        Some(lock) => Ok(Some(lock)),
        None => {
            Err(format!("another server uses {} already; only PostgreSQL can be shared", database.display()).into())
        }
    }
}

/// The lock of an SQLite file; nothing while a server has it.
pub fn lock_file(database: &Path) -> Result<Option<ServerLock>, ConnectError> {
    make_folder(database)?;
    let path = lock_path(database);
    let cannot = |error: std::io::Error| format!("cannot lock {}: {error}", path.display());
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(cannot)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(ServerLock { _file: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(cannot(error).into()),
    }
}

/// The same for every name of one database, links included.
fn lock_path(database: &Path) -> PathBuf {
    let real = database.canonicalize().or_else(|_| {
        let folder = database.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        folder.canonicalize().map(|folder| folder.join(database.file_name().unwrap_or_default()))
    });
    real.unwrap_or_else(|_| database.to_owned()).with_added_extension("lock")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_is_let_go_with_its_holder_and_is_the_same_for_every_name() {
        let folder = std::env::temp_dir().join(format!("passalong-lock-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("p.db"), "").expect("a file");
        std::os::unix::fs::symlink(folder.join("p.db"), folder.join("other.db")).expect("a link");
        let url = |name: &str| format!("sqlite:{}", folder.join(name).display());
        let held = lock(&url("p.db")).expect("free");
        assert!(held.is_some() && lock(&url("other.db")).is_err() && lock(&url("q.db")).is_ok());
        drop(held);
        assert!(lock(&url("other.db")).is_ok());
        let _ = std::fs::remove_dir_all(&folder);
    }
}

//! Where internal errors become what a caller may be told: logged here, once.

use crate::error::AppError;

impl From<sqlx::Error> for AppError {
    fn from(error: sqlx::Error) -> Self {
        tracing::error!(%error, "the database failed");
        match error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => Self::Unavailable,
            sqlx::Error::Database(e) if cannot_write(&*e) => Self::Unavailable,
            // PostgreSQL takes no text with a NUL in it; no person ever typed one.
            sqlx::Error::Database(e) if e.code().as_deref() == Some("22021") => {
                Self::invalid("", "Some of what was sent is missing or malformed.")
            }
            _ => Self::Internal,
        }
    }
}

/// The disk is full or read-only, the server is going down: not the caller's fault and not for ever.
fn cannot_write(error: &dyn sqlx::error::DatabaseError) -> bool {
    let Some(code) = error.code() else { return false };
    match code.parse::<u32>() {
        // SQLite, by the low byte: BUSY, READONLY, IOERR, FULL, CANTOPEN.
        Ok(sqlite) if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() => {
            matches!(sqlite & 0xff, 5 | 8 | 10 | 13 | 14)
        }
        // PostgreSQL, by class: connection, resources, operator intervention, system.
        _ => ["08", "25006", "53", "57", "58"].iter().any(|class| code.starts_with(class)),
    }
}

//! Errors inside the server, and where they become what a caller may be told: logged here, once.

use crate::{domain::message::Message, error::AppError};

/// Why something could not start or go on, for whoever runs the server.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// How often a transaction is tried that keeps losing races against others.
const MAX_TRIES: usize = 5;

/// What failed without being the caller's fault: logged here, told as little as possible.
pub fn internal(error: BoxError) -> AppError {
    tracing::error!(%error, "an action failed");
    AppError::Internal
}

impl From<sqlx::Error> for AppError {
    fn from(error: sqlx::Error) -> Self {
        tracing::error!(%error, "the database failed");
        match error {
            sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::WorkerCrashed => Self::Unavailable,
            sqlx::Error::Database(e) if cannot_write(&*e) => Self::Unavailable,
            // PostgreSQL takes no text with a NUL in it; no person ever typed one.
            sqlx::Error::Database(e) if matches!(e.code().as_deref(), Some("22021" | "22P05")) => {
                Self::invalid("", Message::Malformed)
            }
            _ => Self::Internal,
        }
    }
}

/// The disk is full or read-only, somebody else holds a lock, the server is going down: not the caller's fault and not
/// for ever.
fn cannot_write(error: &dyn sqlx::error::DatabaseError) -> bool {
    let Some(code) = error.code() else { return false };
    match code.parse::<u32>() {
        // SQLite, by the low byte: BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN.
        Ok(sqlite) if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() => {
            matches!(sqlite & 0xff, 5..=8 | 10 | 13 | 14)
        }
        // PostgreSQL, by class: connection, read-only, lost against others, resources, locks, operator, system.
        _ => ["08", "25006", "25P03", "40", "53", "55P03", "57", "58"].iter().any(|class| code.starts_with(class)),
    }
}

/// Whether the same transaction may well succeed when tried again: it lost against another one.
pub fn is_race(error: &sqlx::Error) -> bool {
    // PostgreSQL: serialization failure, deadlock.
    matches!(error, sqlx::Error::Database(e) if matches!(e.code().as_deref(), Some("40001" | "40P01")))
}

/// Why a transaction was given up. Database errors are kept apart, because a lost race is tried again.
#[derive(Debug)]
pub enum TxError<R = AppError> {
    /// The caller is told why.
    Rejected(R),
    Database(sqlx::Error),
}

impl<R> From<sqlx::Error> for TxError<R> {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<AppError> for TxError {
    fn from(error: AppError) -> Self {
        Self::Rejected(error)
    }
}

impl<R> TxError<R> {
    /// Whether another transaction was quicker, so that the same may well succeed when tried again: it took a name, or
    /// what this one speaks of is gone.
    fn is_race(&self) -> bool {
        let overtaken = |error: &sqlx::Error| {
            error.as_database_error().is_some_and(|e| e.is_unique_violation() || e.is_foreign_key_violation())
        };
        matches!(self, Self::Database(error) if is_race(error) || overtaken(error))
    }
}

/// Runs a transaction, again when it lost a race against another one.
pub async fn retry_races<T, R, F>(mut attempt: impl FnMut() -> F) -> Result<T, R>
where
    R: From<sqlx::Error>,
    F: Future<Output = Result<T, TxError<R>>>,
{
    let mut tries = 1;
    loop {
        match attempt().await {
            Ok(value) => return Ok(value),
            Err(error) if tries < MAX_TRIES && error.is_race() => tries += 1,
            Err(TxError::Rejected(rejection)) => return Err(rejection),
            Err(TxError::Database(error)) => return Err(error.into()),
        }
    }
}

//! Connecting to PostgreSQL, itself or through a pooler.

use crate::server::store::limits::{ACQUIRE_TIMEOUT, ConnectError, Limits, STALL_TIMEOUT};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, PgPool, Row,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{io, str::FromStr, time::Duration};
use tokio::time::{Instant, sleep, timeout, timeout_at};

/// How long PostgreSQL may take to be there when the program starts.
const START_TIMEOUT: Duration = Duration::from_secs(3);

/// How often it is tried until then.
const RETRY_DELAY: Duration = Duration::from_millis(250);

/// A connection that was not used for so long is asked whether it still works.
const PING_AFTER: Duration = Duration::from_secs(1);

/// How long a statement waits for somebody else's lock.
const LOCK_TIMEOUT: Duration = Duration::from_secs(4);

/// How long a transaction may rest that an instance has left open.
const IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// Connections that a process needs: one to hear of changes, one that writes clicks, one for everything else.
pub const MIN_CONNECTIONS: u32 = 3;

/// A pool, and what it may take: no more than the role and the database allow.
pub async fn connect(url: &str, mut limits: Limits) -> Result<(PgPool, Limits), ConnectError> {
    // Poolers know few parameters of a start and refuse others. What is needed besides is set afterwards.
    let options = PgConnectOptions::from_str(url)?
        .application_name("passalong")
        .extra_float_digits(None)
        .disable_statement_logging();
    if let Some(allowed) = check_server(&options).await? {
        limits.connections = limits.connections.min(allowed);
    }
    if limits.connections < MIN_CONNECTIONS {
        let few = limits.connections;
        return Err(format!("the role may open {few} connections; at least {MIN_CONNECTIONS} are needed").into());
    }
    let settings = limits.statement.map(|statement| {
        format!(
            "SET statement_timeout = {}; SET lock_timeout = {}; SET idle_in_transaction_session_timeout = {}",
            statement.as_millis(),
            LOCK_TIMEOUT.min(statement).as_millis(),
            IDLE_TIMEOUT.as_millis(),
        )
    });
    // Clicks are written on a connection beside the pool.
    let pool = PgPoolOptions::new()
        .max_connections(limits.connections - 1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // No warning for each of many that wait.
        .acquire_slow_threshold(ACQUIRE_TIMEOUT)
        .after_connect(move |conn, _| {
            let settings = settings.clone();
            Box::pin(async move {
                if let Some(settings) = settings {
                    conn.execute(AssertSqlSafe(settings)).await?;
                }
                Ok(())
            })
        })
        // Whether the server is still there is asked of connections that have rested, not each time.
        .test_before_acquire(false)
        .before_acquire(|conn, meta| {
            Box::pin(async move {
                if meta.idle_for > PING_AFTER {
                    conn.ping().await?;
                }
                Ok(true)
            })
        });
    Ok((pool.connect_lazy_with(options), limits))
}

/// The arguments by which PostgreSQL's own programs find the database of an address, and its name. Not the password.
pub fn tool_arguments(url: &str) -> Result<(Vec<String>, String), ConnectError> {
    let options = PgConnectOptions::from_str(url)?;
    let host = options.get_socket().map_or(options.get_host().to_owned(), |socket| socket.display().to_string());
    let arguments = vec![
        format!("--host={host}"),
        format!("--port={}", options.get_port()),
        format!("--username={}", options.get_username()),
    ];
    Ok((arguments, options.get_database().unwrap_or(options.get_username()).to_owned()))
}

/// One connection to the same database, whose statements may take as long as they need.
pub fn patient_pool(pool: &PgPool) -> PgPool {
    let options = (*pool.connect_options()).clone();
    PgPoolOptions::new().max_connections(1).acquire_timeout(STALL_TIMEOUT).connect_lazy_with(options)
}

/// A connection, or why there is none, within the time that a start has.
async fn open(options: &PgConnectOptions) -> sqlx::Result<PgConnection> {
    let end = Instant::now() + START_TIMEOUT;
    loop {
        match timeout_at(end, options.connect()).await {
            Ok(Err(error)) if is_starting(&error) && Instant::now() + RETRY_DELAY < end => sleep(RETRY_DELAY).await,
            Ok(done) => return done,
            Err(_) => return Err(io::Error::new(io::ErrorKind::TimedOut, "no answer").into()),
        }
    }
}

/// Whether somebody may answer in a moment: nobody listens yet, it starts, or all its connections are in use.
fn is_starting(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() == io::ErrorKind::ConnectionRefused,
        sqlx::Error::Database(error) => matches!(error.code().as_deref(), Some("57P03" | "53300")),
        _ => false,
    }
}

/// Makes sure that PostgreSQL is there and that a connection is a session; how many connections role and database
/// allow, if they say so.
async fn check_server(options: &PgConnectOptions) -> Result<Option<u32>, ConnectError> {
    let cannot = |error: sqlx::Error| -> ConnectError {
        let cause = match &error {
            sqlx::Error::Io(error) => error.to_string(),
            sqlx::Error::Database(error) => error.message().to_owned(),
            error => error.to_string(),
        };
        format!("cannot use PostgreSQL at {}:{}: {cause}", options.get_host(), options.get_port()).into()
    };
    let mut one = open(options).await.map_err(cannot)?;
    let mut other = open(options).await.map_err(cannot)?;
    let kept = timeout(START_TIMEOUT, keeps_sessions(&mut one, &mut other)).await;
    let no_second = io::Error::new(io::ErrorKind::TimedOut, "it lets nobody have two connections at once");
    if !kept.map_err(|_| cannot(no_second.into()))?.map_err(cannot)? {
        return Err("the pooler before PostgreSQL keeps no sessions; let it pool by session, not by transaction".into());
    }
    let allowed = connection_limit(&mut one).await.map_err(cannot)?;
    for conn in [one, other] {
        let _ = conn.close().await;
    }
    Ok(allowed.and_then(|allowed| u32::try_from(allowed).ok()))
}

/// Whether a connection stays with one process of the server. A pooler that lends processes by the transaction gives
/// two clients that are in transactions at once one each, and afterwards whichever is free: the one that was given back
/// last, or the one that has rested longest. So one of these looks finds another process.
async fn keeps_sessions(one: &mut PgConnection, other: &mut PgConnection) -> sqlx::Result<bool> {
    for conn in [&mut *one, &mut *other] {
        conn.execute("BEGIN").await?;
    }
    let (first, second) = (process(one).await?, process(other).await?);
    for conn in [&mut *one, &mut *other] {
        conn.execute("COMMIT").await?;
    }
    for _ in 0..3 {
        if process(one).await? != first || process(one).await? != first || process(other).await? != second {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn process(conn: &mut PgConnection) -> sqlx::Result<i32> {
    conn.fetch_one("SELECT pg_backend_pid()").await?.try_get(0)
}

/// How many connections the role and the database allow; nothing where neither says.
async fn connection_limit(conn: &mut PgConnection) -> sqlx::Result<Option<i32>> {
    let sql = "SELECT LEAST(NULLIF(rolconnlimit, -1), NULLIF(datconnlimit, -1))
               FROM pg_roles, pg_database
               WHERE rolname = current_user
                 AND datname = current_database()";
    conn.fetch_one(sql).await?.try_get(0)
}

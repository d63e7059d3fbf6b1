//! Fresh databases for tests.

use super::db::Db;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::{
    hash::{BuildHasher, RandomState},
    path::PathBuf,
};

/// Names the PostgreSQL server that tests may make databases on.
pub const POSTGRES: &str = "TEST_POSTGRES_URL";

fn unique() -> String {
    format!("test_{:016x}", RandomState::new().hash_one(std::process::id()))
}

/// The name of an SQLite file that is not there yet, in the folder for temporary files.
pub fn new_file() -> PathBuf {
    std::env::temp_dir().join(format!("passalong-{}.db", unique()))
}

/// A new SQLite database with the current schema.
pub async fn sqlite() -> Db {
    let db = Db::connect(&format!("sqlite:{}", new_file().display())).await.expect("SQLite opens");
    db.migrate().await.expect("the schema applies");
    db
}

/// A new PostgreSQL database with the current schema.
pub async fn postgres() -> Db {
    let server = std::env::var(POSTGRES)
        .unwrap_or_else(|_| panic!("{POSTGRES} names no server: run `cargo xtask test`, which starts one"));
    let name = unique();
    let mut conn = PgConnection::connect(&server).await.expect("PostgreSQL answers");
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut conn).await.expect("a new database");
    let (base, _) = server.rsplit_once('/').expect("the address ends with a database");
    let db = Db::connect(&format!("{base}/{name}")).await.expect("PostgreSQL opens");
    db.migrate().await.expect("the schema applies");
    db
}

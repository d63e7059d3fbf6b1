//! All SQL and nothing but SQL. Each query is written once and typed by the compiler for both databases.

pub mod api_keys;
pub mod attributions;
pub mod audit;
pub mod bulk;
pub mod campaigns;
pub mod catalogue;
pub mod clicks;
pub mod code_filters;
pub mod code_pages;
pub mod codes;
pub mod counters;
pub mod db;
pub mod decisions;
pub mod export;
pub mod histories;
pub mod idempotency;
pub mod imports;
pub mod jobs;
pub mod line;
pub mod members;
pub mod notices;
pub mod order;
pub mod overview;
pub mod people;
pub mod referrals;
pub mod secrets;
pub mod sessions;
pub mod settings;
pub mod settled;
pub mod tally;
pub mod usages;
pub mod users;
pub mod visitors;

#[cfg(test)]
pub mod fixtures;
#[cfg(test)]
pub mod testing;

pub use db::{Db, Tx};
pub use line::Line;

/// Runs `$body` on whichever connection `$tx` holds: one query, two databases.
macro_rules! on {
    ($tx:expr, $conn:ident => $body:expr) => {
        match $tx {
            $crate::server::store::Tx::Sqlite(tx) => {
                let $conn = &mut **tx;
                $body
            }
            $crate::server::store::Tx::Postgres(tx) => {
                let $conn = &mut **tx;
                $body
            }
        }
    };
}
pub(crate) use on;

/// Lists travel as JSON text, which both databases take apart alike.
pub(crate) fn json<T: serde::Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("lists of numbers and text are JSON")
}

/// Writes one test, run once on each database, each time a fresh one.
#[cfg(test)]
macro_rules! db_test {
    ($name:ident, |$db:ident| $body:block) => {
        mod $name {
            use super::*;

            async fn on_database($db: $crate::server::store::Db) -> sqlx::Result<()> $body

            #[tokio::test]
            async fn sqlite() -> sqlx::Result<()> {
                on_database($crate::server::store::testing::sqlite().await).await
            }

            #[tokio::test]
            async fn postgres() -> sqlx::Result<()> {
                on_database($crate::server::store::testing::postgres().await).await
            }
        }
    };
}
#[cfg(test)]
pub(crate) use db_test;

//! All SQL and nothing but SQL. Each query is written once and typed by the compiler for both databases.

pub mod account_links;
pub mod api_keys;
pub mod attributions;
pub mod audit;
pub mod bulk_codes;
pub mod channels;
pub mod click_partitions;
pub mod click_rollups;
pub mod click_writer;
pub mod clicks;
pub mod code_details;
pub mod code_list;
pub mod code_recipients;
pub mod codes;
pub mod counter_check;
pub mod counters;
pub mod db;
pub mod erased_emails;
pub mod events;
pub mod evidence;
pub mod export;
pub mod export_payments;
#[cfg(test)]
pub mod fixtures;
pub mod idempotency;
pub mod import_referrals;
pub mod imports;
pub mod instances;
pub mod job_list;
pub mod jobs;
pub mod json;
pub mod known_browsers;
pub mod limits;
pub mod mail_list;
pub mod mails;
pub mod milestones;
pub mod name_locks;
pub mod name_search;
pub mod overview;
pub mod payment_check;
pub mod payment_clues;
pub mod payment_credit;
pub mod payment_facts;
pub mod payment_list;
pub mod payment_refs;
pub mod payments;
pub mod pg_connect;
pub mod pg_notify;
pub mod probe;
pub mod program_import;
pub mod program_stats;
pub mod provider_events;
pub mod referrals;
pub mod revenue;
pub mod revenue_days;
pub mod reviews;
pub mod reward_balances;
pub mod reward_check;
pub mod reward_history;
pub mod reward_list;
pub mod reward_refusals;
pub mod reward_rules;
pub mod reward_uses;
pub mod rewards;
pub mod rights;
pub mod secrets;
pub mod sent_forms;
pub mod sequences;
pub mod server_lock;
pub mod sessions;
pub mod settings;
pub mod sign_up_origins;
pub mod sqlite_connect;
pub mod sqlite_copy;
#[cfg(test)]
pub mod testing;
pub mod transaction;
pub mod user_list;
pub mod user_names;
pub mod user_profiles;
pub mod users;
pub mod waiting;
pub mod webhook_deliveries;
pub mod webhook_endpoints;
pub mod webhook_list;

/// Writes one test, run once on each database, each time a fresh one.
#[cfg(test)]
macro_rules! db_test {
    ($name:ident, |$db:ident| $body:block) => {
        mod $name {
            use super::*;

            async fn on_database($db: $crate::server::store::db::Db) -> sqlx::Result<()> $body

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

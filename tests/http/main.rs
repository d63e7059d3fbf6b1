//! The real site over HTTP, on both databases.

mod access_control;
mod account_links;
mod accounts;
mod admin;
mod api;
mod attribution;
mod backup;
mod bulk;
mod bulk_load;
mod channels;
mod clicks;
mod clients;
mod code_mails;
mod commands;
mod concurrency;
mod connections;
mod conversions;
mod crash;
mod crash_payments;
mod crash_webhooks;
mod exports;
mod faults;
mod forgetting;
mod friends;
mod guessing;
mod headers;
mod import_conversions;
mod import_export;
mod import_files;
mod import_history;
mod instances;
mod jobs;
mod languages;
mod links;
mod live;
mod lock_out;
mod mails;
mod model;
mod payment_cases;
mod payments;
mod payments_export;
mod plain_text;
mod pooler;
mod races;
mod referrals;
mod restore;
mod revenue;
mod reviews;
mod reward_cases;
mod reward_limits;
mod reward_milestones;
mod reward_pages;
mod reward_program;
mod rewards;
mod rules;
mod sign_up;
mod site;
mod stalls;
mod stop;
mod stripe;
mod system;
mod test_clock;
mod time_zones;
mod twice;
mod webhook_pages;
mod webhooks;

use passalong::server::store::db;
use tokio::sync::{Mutex, MutexGuard};

#[path = "../../xtask/load/src/bin/seed/crowd.rs"]
mod crowd;
#[path = "../../xtask/src/free_port.rs"]
mod free_port;
#[path = "../../src/server/store/testing.rs"]
mod testing;

/// Held by tests that need the machine for themselves: because they load it, or because they measure time.
static MACHINE: Mutex<()> = Mutex::const_new(());

/// Waits until no other such test runs.
async fn the_machine() -> MutexGuard<'static, ()> {
    MACHINE.lock().await
}

/// The address of a database, for commands.
fn address(db: &db::Db) -> String {
    match db {
        db::Db::Sqlite { write, .. } => format!("sqlite:{}", write.connect_options().get_filename().display()),
        db::Db::Postgres { pool, .. } => {
            let server = std::env::var(testing::POSTGRES).expect("a server");
            let (server, _) = server.rsplit_once('/').expect("the address ends with a database");
            format!("{server}/{}", pool.connect_options().get_database().expect("a name"))
        }
    }
}

/// Writes one test, run once on each database, each time a fresh one.
macro_rules! on_both {
    ($name:ident, |$db:ident| $body:block) => {
        mod $name {
            use super::*;

            async fn on_database($db: $crate::db::Db) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                on_database(crate::testing::sqlite().await).await
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                on_database(crate::testing::postgres().await).await
            }
        }
    };
}
pub(crate) use on_both;

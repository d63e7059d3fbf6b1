//! The log: one line an event, on standard error, in words or JSON.

use crate::server::config::Config;
use tracing_subscriber::EnvFilter;

/// Starts logging. A second call changes nothing.
pub fn start(settings: &Config) {
    let level = &settings.log_level;
    // Libraries speak up from warnings on; sqlx names slow statements by itself.
    let filter = EnvFilter::new(format!("warn,passalong={level}"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = if settings.log_format == "json" { log.json().try_init() } else { log.with_target(false).try_init() };
}

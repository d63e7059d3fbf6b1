//! Everything with a socket, a disk or a clock.

pub mod actions;
pub mod api;
pub mod assets;
pub mod auth;
pub mod chance;
pub mod cli;
pub mod clicks;
pub mod clock;
pub mod commands;
pub mod door;
pub mod errors;
pub mod forms;
pub mod health;
pub mod jobs;
pub mod limits;
pub mod links;
pub mod live;
pub mod log;
pub mod moved;
pub mod order;
pub mod passwords;
pub mod program;
pub mod relay;
pub mod router;
pub mod security;
pub mod settings;
pub mod sheets;
pub mod state;
pub mod store;

use settings::Settings;
use std::{future::Future, time::Duration};
use tokio::net::TcpListener;

/// How long requests in flight may take to finish when the server stops.
const GRACE: Duration = Duration::from_secs(4);

/// Why the server could not start or go on.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Serves until `stop` resolves: starts in order, stops in order.
pub async fn run(
    settings: Settings,
    site: assets::Site,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Failure> {
    let listener = TcpListener::bind(settings.listen())
        .await
        .map_err(|error| format!("LISTEN_ADDR: cannot listen on {}: {error}", settings.listen()))?;
    let bound = listener.local_addr()?;
    let db = store::Db::connect(&settings.database_url).await.map_err(|e| format!("DATABASE_URL: {e}"))?;
    db.migrate().await.map_err(|error| format!("DATABASE_URL: the schema cannot be brought up to date: {error}"))?;
    let (server, mut workers) = state::Server::start(settings, site, bound, db).await?;
    commands::admin::first_from_settings(&server).await?;
    actions::set_up::announce_token(&server).await?;
    tracing::info!(address = %server.base_url, "serving");

    let serving = tokio::spawn(router::serve(server.clone(), listener));
    stop.await;
    tracing::info!("stopping");
    server.stopping.cancel();
    if tokio::time::timeout(GRACE, serving).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
    server.clicks.finish().await;
    workers.shutdown().await;
    server.db.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Resolves when the process is asked to stop: SIGTERM or Ctrl-C.
pub async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        },
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be heard");
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

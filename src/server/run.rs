//! The running server: starts in order, stops in order.

use crate::server::{
    actions::accounts::{create_admin, set_up},
    api,
    auth::{email_hash::EmailHasher, guess_limiter::GuessLimiter, passwords::Passwords, rate_limiter::RateLimiter},
    clicks::{
        self, code_cache::CodeCache, dedup::ClickDedup, find_code::CodeFinder, network_cap::NetworkCap,
        recorder::ClickRecorder,
    },
    config::{Config, clock::Clock, rng::Rng, site::Site},
    errors::BoxError,
    http::{
        assets,
        connections::{self, Timeouts},
    },
    jobs,
    outbox::webhooks::{
        addresses::SystemNames,
        sender::{ANSWER_TIMEOUT, WebhookSender, public_roots},
    },
    realtime::{
        click_notices::{self, PendingClickNotices},
        cluster,
        code_updates_hub::{self, CodeUpdatesHub},
        live_streams::{self, LiveStreams},
        new_events::NewEvents,
        publisher::{Publisher, Subscriber},
        rewards_hub::RewardsHub,
        settings_cache::SettingsCache,
        user_stats_hub::{self, UserStatsHub},
    },
    state::{AppState, StateFields},
    store::{
        db::{Db, open_database},
        limits::Limits,
        probe::Probe,
        secrets,
        server_lock::{self, ServerLock},
    },
};
use dashmap::DashMap;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::{
    future::Future,
    net::SocketAddr,
    pin::pin,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::{
    net::TcpListener,
    sync::{RwLock, watch},
    task::JoinSet,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// How long requests in flight may take to finish when the server stops.
const GRACE_PERIOD: Duration = Duration::from_secs(4);

/// How long a mail that is being handed over may take then.
const MAIL_PERIOD: Duration = Duration::from_secs(2);

/// How long the connections to the database may take to close.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(500);

/// What goes on in the background until it is dropped.
pub type BackgroundTasks = JoinSet<()>;

/// Serves until `stop` resolves. That is heard at any time, also while the database keeps the start waiting.
pub async fn run(config: Config, site: Site, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), BoxError> {
    let mut stop = pin!(stop);
    let (state, mut tasks, listener, _only_server) = tokio::select! {
        prepared = prepare(config, site) => prepared?,
        () = &mut stop => return Ok(()),
    };
    tracing::info!(address = %state.base_url, "serving");

    let serving = tokio::spawn(connections::serve(state.clone(), listener, Timeouts::default()));
    stop.await;
    tracing::info!("stopping");
    state.shutdown.cancel();
    if timeout(GRACE_PERIOD, serving).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
    let (in_hand, ()) = tokio::join!(timeout(MAIL_PERIOD, state.mails_in_hand.write()), state.clicks.finish());
    if in_hand.is_err() {
        tracing::warn!("a mail was not handed over in time and may be sent twice");
    }
    tasks.shutdown().await;
    // What still runs there waits for a database that does not answer.
    let _ = timeout(CLOSE_TIMEOUT, state.db.close()).await;
    tracing::info!("stopped");
    Ok(())
}

type Prepared = (AppState, BackgroundTasks, TcpListener, Option<ServerLock>);

async fn prepare(config: Config, site: Site) -> Result<Prepared, BoxError> {
    let listener = TcpListener::bind(config.listen())
        .await
        .map_err(|error| format!("LISTEN_ADDR: cannot listen on {}: {error}", config.listen()))?;
    let bound = listener.local_addr()?;
    let only_server = server_lock::lock(&config.database_url).map_err(|error| format!("DATABASE_URL: {error}"))?;
    let limits = Limits::serving(config.database_connections);
    let db = open_database(&config.database_url, limits).await?;
    let (state, tasks) = start(config, site, bound, db, Clock::default(), Rng::from_system()).await?;
    create_admin::ensure_first_admin(&state).await?;
    set_up::announce_token(&state).await?;
    warn_of_links_to_nowhere(&state.config, &state.base_url, bound);
    if state.config.test_clock {
        tracing::warn!("TEST_CLOCK is on: whoever reaches this server can move its time; that is for tests only");
    }
    Ok((state, tasks, listener, only_server))
}

/// Prepares the state and starts the background tasks, on a database whose schema is current.
pub async fn start(
    config: Config,
    site: Site,
    bound: SocketAddr,
    db: Db,
    clock: Clock,
    rng: Rng,
) -> Result<(AppState, BackgroundTasks), BoxError> {
    let mut tx = db.begin().await?;
    let stored = secrets::keep(&mut tx, "app_secret", &rng.bytes::<32>(), clock.now()).await?;
    tx.commit().await?;
    let secret = config.app_secret.as_ref().map_or(stored, |secret| secret.clone().into_bytes());
    let base_url = config.base_url(bound);

    let settings = Arc::new(SettingsCache::load(db.clone()).await?);
    let code_cache = Arc::new(CodeCache::new(db.clone()));
    let (user_stats, changed_users) = UserStatsHub::new();
    let user_stats = Arc::new(user_stats);
    let rewards = Arc::new(RewardsHub::default());
    let code_updates = Arc::new(CodeUpdatesHub::default());
    // In this order: who is told of a change finds what it changed in the caches.
    let new_events = Arc::new(NewEvents::default());
    let subscribers: [Arc<dyn Subscriber>; 6] = [
        settings.clone(),
        code_cache.clone(),
        user_stats.clone(),
        rewards.clone(),
        code_updates.clone(),
        new_events.clone(),
    ];
    let (per_user, per_address) = (config.max_streams_per_user, config.max_streams_per_address);
    let live_streams = Arc::new(LiveStreams::new(config.limit(per_user), config.limit(per_address)));
    let publisher = Publisher::new(i64::from_le_bytes(rng.bytes()), subscribers);
    let notices = Arc::new(PendingClickNotices::default());

    let cap = if config.rate_limits { NetworkCap::Settings(settings.clone()) } else { NetworkCap::Off };
    let writer = clicks::writer::Writer {
        db: db.clone(),
        clock: clock.clone(),
        rng: rng.clone(),
        dedup: Arc::new(ClickDedup::new(cap)),
        visitors: Arc::default(),
        publisher: publisher.clone(),
        notices: notices.clone(),
        work: Arc::default(),
    };
    let clicks = ClickRecorder::start(clicks::recorder::Settings {
        clock: clock.clone(),
        rng: rng.clone(),
        cookie_key: derive_key(&secret, b"attribution cookie")?,
        base_url: base_url.clone(),
        writer,
    });

    let api_docs = api::docs_page::api_docs(&base_url);
    let state = AppState::from(StateFields {
        https: base_url.starts_with("https:"),
        base_url,
        probe: Probe::new(db.clone()),
        passwords: Passwords::new(),
        rate_limiter: RateLimiter::new(config.rate_limits),
        email_hasher: EmailHasher::new(derive_key(&secret, b"erased e-mails")?),
        api_key_uses: DashMap::new(),
        settings,
        code_cache: code_cache.clone(),
        code_finder: CodeFinder {
            codes: code_cache.clone(),
            guesses: GuessLimiter::new(config.rate_limits),
            clock: clock.clone(),
        },
        clicks,
        publisher: publisher.clone(),
        user_stats: user_stats.clone(),
        rewards,
        code_updates: code_updates.clone(),
        live_streams: live_streams.clone(),
        statistics: Default::default(),
        site,
        assets: Arc::new(assets::names(site)),
        api_docs,
        api_document: OnceLock::new(),
        new_job: watch::Sender::default(),
        new_events,
        mails_in_hand: RwLock::default(),
        webhooks: WebhookSender::new(
            config.webhook_allow_private,
            Arc::new(SystemNames),
            public_roots(),
            ANSWER_TIMEOUT,
        )?,
        shutdown: CancellationToken::new(),
        config,
        db: db.clone(),
        started_at: clock.now(),
        clock: clock.clone(),
        rng,
    });
    let mut tasks = JoinSet::new();
    tasks.spawn_blocking(clicks::automation::prepare);
    tasks.spawn(user_stats_hub::refresh(db.clone(), user_stats, changed_users));
    tasks.spawn(code_updates_hub::broadcast(code_updates));
    tasks.spawn(live_streams::end_with_sessions(db.clone(), clock, live_streams));
    tasks.spawn(cluster::listen(db.clone(), publisher.clone()));
    tasks.spawn(click_notices::flush_click_notices(db, publisher, notices));
    tasks.spawn(clicks::code_cache::load_at_start(code_cache));
    tasks.spawn(jobs::housekeeping::run(state.clone()));
    tasks.spawn(jobs::deliver_webhooks::run(state.clone()));
    tasks.spawn(jobs::recurring::run(state.clone(), &jobs::KINDS));
    tasks.spawn(jobs::send_mails::run(state.clone()));
    for most_steps in jobs::runner::WORKERS {
        tasks.spawn(jobs::runner::run(state.clone(), &jobs::KINDS, most_steps));
    }
    Ok((state, tasks))
}

/// Without BASE_URL links name the address that is listened on, which may be no address of any machine.
fn warn_of_links_to_nowhere(config: &Config, base_url: &str, bound: SocketAddr) {
    if config.base_url.is_none() && bound.ip().is_unspecified() {
        tracing::warn!(
            "share links begin with {base_url}, which nobody can open: set BASE_URL to the address that people use"
        );
    }
}

/// A key for one purpose, so that no signature made for one serves for another.
fn derive_key(secret: &[u8], purpose: &[u8]) -> Result<Hmac<Sha256>, BoxError> {
    let mut derive = Hmac::<Sha256>::new_from_slice(secret)?;
    derive.update(purpose);
    Ok(Hmac::new_from_slice(&derive.finalize().into_bytes())?)
}

/// Resolves when the process is asked to stop: SIGTERM or Ctrl-C.
pub async fn shutdown_signal() {
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

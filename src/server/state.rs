//! What the server holds while it runs: data and handles only.

use crate::{
    domain::{ids::ApiKeyId, time::Time},
    server::{
        auth::{email_hash::EmailHasher, passwords::Passwords, rate_limiter::RateLimiter},
        clicks::{code_cache::CodeCache, find_code::CodeFinder, recorder::ClickRecorder},
        config::{Config, clock::Clock, rng::Rng, site::Site},
        outbox::webhooks::sender::WebhookSender,
        realtime::{
            code_updates_hub::CodeUpdatesHub, live_streams::LiveStreams, new_events::NewEvents, publisher::Publisher,
            rewards_hub::RewardsHub, settings_cache::SettingsCache, user_stats_hub::UserStatsHub,
        },
        store::{db::Db, probe::Probe},
    },
    view_models::{api_docs::ApiDocs, overview::CachedStatistics, page::Assets},
};
use axum::body::Bytes;
use dashmap::DashMap;
use std::{
    collections::HashMap,
    ops::Deref,
    sync::{Arc, Mutex, OnceLock},
};
use tokio::sync::{RwLock, watch};
use tokio_util::sync::CancellationToken;

/// The state of the running server. Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<StateFields>);

/// What an [`AppState`] holds.
pub struct StateFields {
    pub config: Config,
    /// The site's own address, without a slash at the end.
    pub base_url: String,
    /// Whether people reach the site by https.
    pub https: bool,
    pub db: Db,
    pub probe: Probe,
    pub clock: Clock,
    /// When this server started.
    pub started_at: Time,
    pub rng: Rng,
    pub passwords: Passwords,
    pub rate_limiter: RateLimiter,
    /// Tells whether somebody who was erased comes again.
    pub email_hasher: EmailHasher,
    /// In which minute the use of an API key was last written down.
    pub api_key_uses: DashMap<ApiKeyId, i64>,
    pub settings: Arc<SettingsCache>,
    pub code_cache: Arc<CodeCache>,
    pub code_finder: CodeFinder,
    pub clicks: ClickRecorder,
    pub publisher: Publisher,
    pub user_stats: Arc<UserStatsHub>,
    /// Who watches their rewards.
    pub rewards: Arc<RewardsHub>,
    pub code_updates: Arc<CodeUpdatesHub>,
    pub live_streams: Arc<LiveStreams>,
    /// The statistics that take long to count, by the days of their period.
    pub statistics: Mutex<HashMap<i64, CachedStatistics>>,
    /// The built files.
    pub site: Site,
    /// Their addresses.
    pub assets: Arc<Assets>,
    /// The description of the API.
    pub api_docs: ApiDocs,
    /// The same for programs, written when somebody first asks for it.
    pub api_document: OnceLock<Bytes>,
    /// Told when there is a new job: every worker looks for it.
    pub new_job: watch::Sender<()>,
    /// Told when something happened that endpoints may want to know.
    pub new_events: Arc<NewEvents>,
    /// Sends webhooks.
    pub webhooks: WebhookSender,
    /// Shared by whoever hands a mail over. The stop takes it alone: a mail that the server has, and of which that is
    /// not written down, would be sent once more.
    pub mails_in_hand: RwLock<()>,
    /// Cancelled when the server stops: open streams end.
    pub shutdown: CancellationToken,
}

impl From<StateFields> for AppState {
    fn from(fields: StateFields) -> Self {
        Self(Arc::new(fields))
    }
}

impl Deref for AppState {
    type Target = StateFields;

    fn deref(&self) -> &StateFields {
        &self.0
    }
}

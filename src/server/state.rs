//! What the server holds while it runs.

use super::{
    Failure,
    actions::show_statistics::Counted,
    assets::{self, Site},
    chance::Chance,
    clicks::{Clicks, book::Book},
    clock::Clock,
    jobs,
    limits::Limits,
    live::Live,
    moved::Moved,
    order::Order,
    passwords::Passwords,
    program,
    relay::{self, Clicked},
    settings::Settings,
    store::{Db, secrets},
};
use crate::{components::frame::Assets, domain::ids::ApiKeyId};
use dashmap::DashMap;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::{net::SocketAddr, ops::Deref, sync::Arc};
use tokio::{sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;

/// The running server. Cheap to clone.
#[derive(Clone)]
pub struct Server(Arc<Inner>);

pub struct Inner {
    pub settings: Settings,
    /// The site's own address, without a slash at the end.
    pub base_url: String,
    /// Whether people reach the site by https.
    pub https: bool,
    /// A number that no other instance of this installation has had.
    pub instance: i64,
    pub db: Db,
    pub clock: Clock,
    pub chance: Chance,
    pub passwords: Passwords,
    pub limits: Limits,
    /// In which minute the use of a key was last written down.
    pub keys_in_use: DashMap<ApiKeyId, i64>,
    pub program: program::Current,
    pub book: Book,
    pub clicks: Clicks,
    pub clicked: Clicked,
    pub live: Live,
    pub moved: Moved,
    pub order: Order,
    pub counted: Counted,
    pub site: Site,
    /// Addresses of its files.
    pub assets: Arc<Assets>,
    /// Signs the attribution cookie.
    pub cookie_key: Hmac<Sha256>,
    /// Told when there is a new job.
    pub new_job: Notify,
    /// Cancelled when the server stops: open streams end.
    pub stopping: CancellationToken,
}

impl Deref for Server {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// What goes on in the background.
pub type Workers = JoinSet<()>;

impl Server {
    /// Starts on a database whose schema is current, with the real time and real chance.
    pub async fn start(settings: Settings, site: Site, bound: SocketAddr, db: Db) -> Result<(Self, Workers), Failure> {
        Self::start_with(settings, site, bound, db, Clock::default(), Chance::real()).await
    }

    /// Starts with what a test may replace.
    pub async fn start_with(
        settings: Settings,
        site: Site,
        bound: SocketAddr,
        db: Db,
        clock: Clock,
        chance: Chance,
    ) -> Result<(Self, Workers), Failure> {
        let mut tx = db.begin().await?;
        let instance = secrets::next_instance(&mut tx, clock.now()).await?;
        let kept = secrets::keep(&mut tx, "app_secret", &chance.bytes::<32>(), clock.now()).await?;
        tx.commit().await?;
        let secret = settings.app_secret.as_ref().map_or(kept, |secret| secret.clone().into_bytes());
        let base_url = settings.base_url(bound);
        let (clicks, inbox) = Clicks::new(instance);
        let (live, dirty) = Live::new();
        let server = Self(Arc::new(Inner {
            https: base_url.starts_with("https:"),
            base_url,
            instance,
            passwords: Passwords::new(),
            limits: Limits::new(settings.rate_limits),
            keys_in_use: DashMap::new(),
            program: program::Current::default(),
            book: Book::default(),
            clicks,
            clicked: Clicked::default(),
            live,
            moved: Moved::default(),
            order: Order::default(),
            counted: Counted::default(),
            site,
            assets: Arc::new(assets::names(site)),
            cookie_key: key(&secret, b"attribution cookie")?,
            new_job: Notify::new(),
            stopping: CancellationToken::new(),
            settings,
            db,
            clock,
            chance,
        }));
        server.program.reload(&server.db).await?;
        let mut workers = JoinSet::new();
        server.clicks.start(server.clone(), inbox);
        workers.spawn(super::live::refresh(server.clone(), dirty));
        workers.spawn(super::moved::run(server.clone()));
        workers.spawn(super::order::run(server.clone()));
        workers.spawn(relay::listen(server.clone()));
        workers.spawn(relay::tell(server.clone()));
        workers.spawn(jobs::schedule::run(server.clone()));
        workers.spawn(jobs::work::run(server.clone()));
        workers.spawn(super::clicks::book::fill(server.clone()));
        Ok((server, workers))
    }
}

/// A key for one purpose, so that no signature made for one serves for another.
fn key(secret: &[u8], purpose: &[u8]) -> Result<Hmac<Sha256>, Failure> {
    let mut derive = Hmac::<Sha256>::new_from_slice(secret)?;
    derive.update(purpose);
    Ok(Hmac::new_from_slice(&derive.finalize().into_bytes())?)
}

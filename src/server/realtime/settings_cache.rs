//! The settings of the program in memory, as they stand in the database.

use crate::{
    domain::settings::ProgramSettings,
    server::{
        realtime::{change_set::ChangeSet, publisher::Subscriber},
        store::{db::Db, json::json, settings},
    },
};
use arc_swap::ArcSwap;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures::future::BoxFuture;
use sha2::{Digest, Sha256};
use std::{ops::Deref, sync::Arc};
use tokio::sync::watch;

/// The current settings; reading them costs next to nothing.
pub struct SettingsCache {
    db: Db,
    settings: ArcSwap<ProgramSettings>,
    version: watch::Sender<Arc<str>>,
}

impl SettingsCache {
    /// Reads the stored settings.
    pub async fn load(db: Db) -> sqlx::Result<Self> {
        let cache = Self { db, settings: ArcSwap::default(), version: watch::Sender::default() };
        cache.reload().await?;
        Ok(cache)
    }

    /// The settings, to keep for a while.
    pub fn get(&self) -> Arc<ProgramSettings> {
        self.settings.load_full()
    }

    /// The settings for a moment: threads that look at once share nothing, not even a reference count.
    pub fn peek(&self) -> impl Deref<Target = Arc<ProgramSettings>> {
        self.settings.load()
    }

    /// A short name for these very settings, the same on every instance: a page that was made with another one is old.
    pub fn version(&self) -> watch::Receiver<Arc<str>> {
        self.version.subscribe()
    }

    /// Takes over what is stored.
    pub async fn reload(&self) -> sqlx::Result<()> {
        let settings = settings::load(&mut self.db.read().await?).await?;
        let version = version(&settings);
        self.settings.store(Arc::new(settings));
        self.version.send_if_modified(|last| std::mem::replace(last, version.clone()) != version);
        Ok(())
    }
}

impl Subscriber for SettingsCache {
    fn apply<'a>(&'a self, changes: &'a ChangeSet) -> BoxFuture<'a, sqlx::Result<()>> {
        Box::pin(async move { if changes.settings || changes.everything { self.reload().await } else { Ok(()) } })
    }
}

fn version(settings: &ProgramSettings) -> Arc<str> {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(json(settings))[..9]).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_settings_have_another_version() {
        let (settings, other) =
            (ProgramSettings::default(), ProgramSettings { default_goal: 25, ..ProgramSettings::default() });
        assert_eq!(version(&settings), version(&settings.clone()));
        assert_ne!(version(&settings), version(&other));
    }
}

//! The program's settings in memory, as they stand in the database.

use super::store::{Db, Tx, json, settings};
use crate::domain::program::Program;
use arc_swap::ArcSwap;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use std::{ops::Deref, sync::Arc};
use tokio::sync::watch;

/// The current settings; reading them costs next to nothing.
#[derive(Default)]
pub struct Current {
    program: ArcSwap<Program>,
    version: watch::Sender<Arc<str>>,
}

impl Current {
    /// To keep for a while.
    pub fn get(&self) -> Arc<Program> {
        self.program.load_full()
    }

    /// For a moment: threads that look at once share nothing, not even a count of who looks.
    pub fn now(&self) -> impl Deref<Target = Arc<Program>> {
        self.program.load()
    }

    /// A short name for these very settings, the same on every instance: a page that was made with another one is old.
    pub fn version(&self) -> watch::Receiver<Arc<str>> {
        self.version.subscribe()
    }

    /// Takes over what is stored. A stored value that does not fit is left at its default, with a warning.
    pub async fn reload(&self, db: &Db) -> sqlx::Result<()> {
        let program = stored(&mut db.read().await?).await?;
        let version = version(&program);
        self.program.store(Arc::new(program));
        self.version.send_if_modified(|last| std::mem::replace(last, version.clone()) != version);
        Ok(())
    }
}

fn version(program: &Program) -> Arc<str> {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(json(program))[..9]).into()
}

/// The settings as they are stored.
pub async fn stored(tx: &mut Tx) -> sqlx::Result<Program> {
    settings::all(tx).await.map(from_rows)
}

fn from_rows(rows: Vec<(String, String)>) -> Program {
    let mut program = Program::default();
    for (name, value) in rows {
        let mut fields = serde_json::to_value(&program).unwrap_or_default();
        let parsed = serde_json::from_str(&value).ok().and_then(|value| {
            fields.get_mut(&name).map(|field| *field = value)?;
            serde_json::from_value(fields).ok()
        });
        match parsed {
            Some(changed) => program = changed,
            None => tracing::warn!(name, "a stored setting cannot be read"),
        }
    }
    program
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_settings_have_another_version() {
        let (program, other) = (Program::default(), Program { default_goal: 25, ..Program::default() });
        assert_eq!(version(&program), version(&program.clone()));
        assert_ne!(version(&program), version(&other));
    }

    #[test]
    fn one_broken_setting_does_not_spoil_the_others() {
        let rows = [
            ("default_goal", "25"),
            ("attribution_model", "\"no such\""),
            ("unknown", "1"),
            ("referral_codes_enabled", "true"),
        ];
        let program = from_rows(rows.map(|(name, value)| (name.into(), value.into())).to_vec());
        assert_eq!(program, Program { default_goal: 25, referral_codes_enabled: true, ..Program::default() });
    }
}

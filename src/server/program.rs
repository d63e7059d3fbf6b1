//! The program's settings in memory, as they stand in the database.

use super::store::{Db, Tx, settings};
use crate::domain::program::Program;
use arc_swap::ArcSwap;
use std::sync::Arc;

/// The current settings; reading them costs next to nothing.
#[derive(Default)]
pub struct Current(ArcSwap<Program>);

impl Current {
    pub fn get(&self) -> Arc<Program> {
        self.0.load_full()
    }

    /// Takes over what is stored. A stored value that does not fit is left at its default, with a warning.
    pub async fn reload(&self, db: &Db) -> sqlx::Result<()> {
        self.0.store(Arc::new(stored(&mut db.read().await?).await?));
        Ok(())
    }
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

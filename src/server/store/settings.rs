//! The settings of the program, one row each, as JSON.

use crate::{
    domain::{settings::ProgramSettings, time::Time},
    server::store::db::{Tx, with_conn},
};
use serde_json::{Map, Value};

/// The settings as they are stored. What is not stored, or makes no sense, has its default.
pub async fn load(tx: &mut Tx) -> sqlx::Result<ProgramSettings> {
    let rows: Vec<(String, String)> =
        with_conn!(tx, conn => sqlx::query_as("SELECT name, value FROM settings").fetch_all(conn).await)?;
    Ok(from_rows(rows))
}

fn from_rows(rows: Vec<(String, String)>) -> ProgramSettings {
    let mut known = Map::new();
    for (name, value) in rows {
        let alone = serde_json::from_str(&value).ok().map(|value: Value| Map::from_iter([(name.clone(), value)]));
        match alone.filter(|alone| ProgramSettings::from_object(alone.clone()).is_some()) {
            Some(alone) => known.extend(alone),
            None => tracing::warn!(name, "a stored setting cannot be read"),
        }
    }
    ProgramSettings::from_object(known).unwrap_or_default()
}

/// Stores one setting.
pub async fn put(tx: &mut Tx, name: &str, value: &str, now: Time) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query(
        "INSERT INTO settings (name, value, changed_at)
         VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at")
        .bind(name)
        .bind(value)
        .bind(now)
        .execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::db_test;

    db_test!(the_last_value_of_a_setting_is_kept, |db| {
        let mut tx = db.begin().await?;
        put(&mut tx, "default_goal", "10", Time(1)).await?;
        put(&mut tx, "default_goal", "12", Time(2)).await?;
        assert_eq!(load(&mut tx).await?, ProgramSettings { default_goal: 12, ..ProgramSettings::default() });
        tx.commit().await
    });

    #[test]
    fn one_broken_setting_does_not_spoil_the_others() {
        let rows = [
            ("default_goal", "25"),
            ("attribution_model", "\"no such\""),
            ("unknown", "1"),
            ("referral_codes_enabled", "true"),
        ];
        let settings = from_rows(rows.map(|(name, value)| (name.into(), value.into())).to_vec());
        let expected = ProgramSettings { default_goal: 25, referral_codes_enabled: true, ..ProgramSettings::default() };
        assert_eq!(settings, expected);
    }
}

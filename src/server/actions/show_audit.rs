//! The audit log, newest first.

use super::super::{state::Server, store::audit};
use crate::{
    error::AppError,
    functions::administration::{AuditPage, AuditRow},
};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Entries of a page.
const ROWS: usize = 50;

pub async fn run(server: &Server, action: String, before: i64) -> Result<AuditPage, AppError> {
    let before = if before > 0 { before } else { i64::MAX };
    let mut tx = server.db.read().await?;
    let mut entries = audit::page(&mut tx, &action, before, ROWS as i64 + 1).await?;
    let actions = audit::actions(&mut tx).await?;
    let more = entries.len() > ROWS;
    entries.truncate(ROWS);
    let next = entries.last().filter(|_| more).map(|last| last.id);
    Ok(AuditPage { action, actions, rows: entries.into_iter().map(row).collect(), next })
}

fn row(entry: audit::Entry) -> AuditRow {
    let read = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default();
    let (before, after) = (read(&entry.before), read(&entry.after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let words = |value: Option<&Value>| match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let changes =
        names.into_iter().map(|name| (name.clone(), words(before.get(name)), words(after.get(name)))).collect();
    AuditRow { id: entry.id, at: entry.at, actor: entry.actor, action: entry.action, target: entry.target, changes }
}

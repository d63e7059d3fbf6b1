//! One import is one transaction: refused as a whole, or written down and committed.

use crate::{
    domain::time::Time,
    server::{
        actions::audit::{self, Target},
        auth::caller::Actor,
        commands::{
            console::{progress, tell},
            import::{table::Table, wrong::Wrong},
        },
        errors::BoxError,
        realtime::{change_set::ChangeSet, publisher::commit_and_notify},
        store::db::Tx,
    },
};
use indicatif::ProgressBar;
use serde_json::{Value, json};
use std::path::Path;

/// Lines that are read and written at once.
pub const CHUNK: usize = 5_000;

/// Refuses the file when any of its lines is wrong, and says which.
pub fn refuse(wrong: Wrong, file: &Path) -> Result<(), BoxError> {
    let Some((list, count)) = wrong.into_list() else { return Ok(()) };
    list.iter().for_each(|line| tell(line));
    if count > list.len() {
        tell(&format!("… and {} more", count - list.len()));
    }
    let lines = if count == 1 { "1 line is".to_owned() } else { format!("{count} lines are") };
    Err(format!("nothing was imported: {lines} wrong in {}", file.display()).into())
}

/// Writes the import down and makes it last. Instances that run hear of it.
pub async fn commit(
    mut tx: Tx,
    action: &str,
    file: &Path,
    count: u64,
    changes: &ChangeSet,
    now: Time,
) -> sqlx::Result<()> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let actor = Actor::command_line();
    let target = Target { kind: "file", id: None, name: &name };
    audit::write(&mut tx, &actor, action, target, Value::Null, json!({ "count": count }), now).await?;
    commit_and_notify(tx, changes).await
}

/// A bar over the bytes of a file.
pub fn bar(table: &Table, what: &'static str, quiet: bool) -> ProgressBar {
    progress(table.bytes(), what, quiet)
}

//! Writing down in the audit log what an action did, in its transaction.

use crate::server::auth::caller::Actor;
use crate::{
    domain::time::Time,
    server::store::{audit, db::Tx},
};
use serde_json::{Map, Value};

/// What something is done to.
pub struct Target<'a> {
    /// As `code`, `user`, `settings`.
    pub kind: &'a str,
    pub id: Option<i64>,
    pub name: &'a str,
}

/// Keeps what differs between `before` and `after` (JSON objects; null for nothing). An action that changed nothing
/// is not written down.
pub async fn write(
    tx: &mut Tx,
    actor: &Actor,
    action: &str,
    target: Target<'_>,
    before: Value,
    after: Value,
    now: Time,
) -> sqlx::Result<()> {
    let (before, after) = difference(before, after);
    if before.is_empty() && after.is_empty() {
        return Ok(());
    }
    let entry = audit::NewAuditEntry {
        at: now,
        actor_id: actor.id,
        actor: &actor.name,
        action,
        target_kind: target.kind,
        target_id: target.id,
        target: target.name,
        before: Value::Object(before).to_string(),
        after: Value::Object(after).to_string(),
    };
    audit::insert(tx, &entry).await
}

fn difference(before: Value, after: Value) -> (Map<String, Value>, Map<String, Value>) {
    let object = |value| if let Value::Object(map) = value { map } else { Map::new() };
    let (mut before, mut after) = (object(before), object(after));
    let same: Vec<String> =
        before.iter().filter(|(key, value)| after.get(*key) == Some(*value)).map(|(k, _)| k.clone()).collect();
    for key in same {
        before.remove(&key);
        after.remove(&key);
    }
    (before, after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_differs_is_kept() {
        let (before, after) = difference(json!({"a": 1, "b": 2}), json!({"a": 1, "b": 3, "c": 4}));
        assert_eq!((Value::Object(before), Value::Object(after)), (json!({"b": 2}), json!({"b": 3, "c": 4})));
        let (before, after) = difference(Value::Null, json!({"a": 1}));
        assert_eq!((before.len(), after.len()), (0, 1));
    }
}

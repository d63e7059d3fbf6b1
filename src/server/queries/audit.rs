//! The audit log, newest first.

use crate::{
    domain::{codes::bulk::BulkCodesJob, job::JobPayload, plain_text::search_text},
    error::AppError,
    server::{
        queries::split_page,
        state::AppState,
        store::audit::{self, AuditEntry},
    },
    view_models::audit::{AuditChange, AuditPage, AuditRow},
};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Entries of a page.
const PAGE_SIZE: usize = 50;

pub async fn run(state: &AppState, action: String, after: &str) -> Result<AuditPage, AppError> {
    let mut tx = state.db.read().await?;
    let before = after.parse().unwrap_or(i64::MAX);
    let entries = audit::page(&mut tx, &search_text(&action), before, PAGE_SIZE as i64 + 1).await?;
    let actions = audit::actions(&mut tx).await?;
    let (entries, next) = split_page(entries, PAGE_SIZE, |last| last.id);
    Ok(AuditPage { action, actions, rows: entries.into_iter().map(row).collect(), next })
}

fn row(entry: AuditEntry) -> AuditRow {
    let read = |text: &str| {
        let mut fields = Map::new();
        flatten("", serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default(), &mut fields);
        fields
    };
    let (before, after) = (read(&entry.before), read(&entry.after));
    let fields: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let text = |value: Option<&Value>| match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let change = |field: &String| AuditChange {
        field: field.clone(),
        before: text(before.get(field)),
        after: text(after.get(field)),
    };
    let changes = fields.into_iter().map(change).collect();
    AuditRow {
        id: entry.id,
        at: entry.at,
        target_page: target_page(&entry),
        actor: entry.actor,
        actor_user: entry.actor_user,
        action: entry.action,
        target_kind: entry.target_kind,
        target: entry.target,
        changes,
    }
}

/// Where something is that an entry is about; nothing for what is gone or has no page of its own.
fn target_page(entry: &AuditEntry) -> Option<String> {
    match entry.target_kind.as_str() {
        "api_key" => return Some("/admin/api-keys".into()),
        "settings" => return Some("/admin/settings".into()),
        _ => {}
    }
    let id = entry.target_id.filter(|_| entry.target_exists)?;
    let list = match (entry.target_kind.as_str(), entry.action.as_str()) {
        ("code", _) => "codes",
        ("job", "codes.create" | "codes.delete" | "codes.edit" | "codes.mail" | "codes.switch") => "codes/bulk",
        ("job", _) if entry.target == BulkCodesJob::KIND => "codes/bulk",
        ("payment", _) => "conversions",
        ("reward", _) => "rewards",
        ("rule", _) => "rules",
        ("webhook", _) => "webhooks",
        ("user", "referral.correct" | "review.approve" | "review.reject" | "review.take_back") => "referrals",
        ("user", _) => "users",
        _ => return None,
    };
    Some(format!("/admin/{list}/{id}"))
}

/// What stands inside of fields beside them, by names as `caps.budget`.
fn flatten(prefix: &str, fields: Map<String, Value>, flat: &mut Map<String, Value>) {
    for (name, value) in fields {
        match value {
            Value::Object(inner) => flatten(&format!("{prefix}{name}."), inner, flat),
            value => drop(flat.insert(format!("{prefix}{name}"), value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Time;
    use serde_json::json;

    fn entry(kind: &str, action: &str) -> AuditEntry {
        AuditEntry {
            id: 1,
            at: Time(0),
            actor: "admin".into(),
            actor_user: None,
            action: action.into(),
            target_kind: kind.into(),
            target_id: Some(7),
            target: "$10".into(),
            target_exists: true,
            before: "{}".into(),
            after: "{}".into(),
        }
    }

    #[test]
    fn what_is_there_has_its_page() {
        for (kind, action, page) in [
            ("code", "code.edit", Some("/admin/codes/7")),
            ("job", "codes.create", Some("/admin/codes/bulk/7")),
            ("job", "job.retry", None),
            ("user", "user.change", Some("/admin/users/7")),
            ("user", "review.reject", Some("/admin/referrals/7")),
            ("user", "review.approve_all", Some("/admin/users/7")),
            ("api_key", "api_key.create", Some("/admin/api-keys")),
            ("file", "users.import", None),
        ] {
            assert_eq!(row(entry(kind, action)).target_page.as_deref(), page, "{kind} {action}");
        }
        let gone = AuditEntry { target_exists: false, ..entry("code", "code.edit") };
        assert_eq!(row(gone).target_page, None);
    }

    #[test]
    fn what_changed_inside_of_a_field_is_named() {
        let entry = AuditEntry {
            before: json!({"caps": {"budget": null, "per_referrer": {"count": 5}}}).to_string(),
            after: json!({"caps": {"budget": 7, "per_referrer": null}, "active": true}).to_string(),
            ..entry("rule", "rule.change")
        };
        let changes = row(entry).changes;
        let change = |field: &str, before: &str, after: &str| AuditChange {
            field: field.into(),
            before: before.into(),
            after: after.into(),
        };
        assert_eq!(
            changes,
            [
                change("active", "", "true"),
                change("caps.budget", "", "7"),
                change("caps.per_referrer", "", ""),
                change("caps.per_referrer.count", "5", ""),
            ]
        );
    }
}

//! Events of codes.

use crate::{
    domain::{
        events::{EventKind, NewEvent},
        ids::CodeId,
        money::Money,
        time::Time,
    },
    server::store::{code_details, db::Tx, revenue},
    view_models::codes::CodeDetails,
};
use serde_json::{Value, json};

/// An event of a code as it is now; none when it is deleted.
pub async fn event(tx: &mut Tx, kind: EventKind, id: CodeId, at: Time) -> sqlx::Result<Option<NewEvent>> {
    let Some(code) = code_details::details_by_id(tx, id, at).await? else { return Ok(None) };
    let revenue = revenue::of_codes(tx, &[id]).await?.remove(&id).unwrap_or_default();
    let data = object(&code, &revenue);
    Ok(Some(NewEvent { kind, object_id: id.0, version: code.version, about: None, data, at }))
}

/// A code as the API shows one.
fn object(code: &CodeDetails, revenue: &[Money]) -> Value {
    json!({
        "id": code.id,
        "code": code.code,
        "kind": code.kind,
        "description": code.description,
        "category": code.category,
        "active": code.active,
        "status": code.status,
        "max_uses": code.max_uses,
        "uses": code.uses,
        "expires_at": code.expires_at.map(Time::rfc_3339),
        "beneficiary_id": code.beneficiary_id,
        "created_by": code.created_by,
        "created_at": code.created_at.rfc_3339(),
        "clicks": code.clicks,
        "unique_clicks": code.unique_clicks,
        "signups": code.signups,
        "conversions": code.conversions,
        "revenue": revenue,
        "version": code.version,
    })
}

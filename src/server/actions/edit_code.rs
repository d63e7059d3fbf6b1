//! Changing a campaign code.

use super::{
    super::{
        relay::{self, Change},
        state::Server,
        store::{
            campaigns::{self, CampaignRecord, Edit},
            order,
        },
    },
    create_code::{self, described},
    record::{self, Actor, Target},
};
use crate::{
    domain::{campaign::Form, ids::CodeId},
    error::AppError,
};
use serde_json::{Value, json};

/// Changes everything but the code itself. An end in the past is no error when it was not touched.
pub async fn run(server: &Server, actor: &Actor, id: CodeId, form: &Form) -> Result<(), AppError> {
    let now = server.clock.now();
    let mut tx = server.db.begin().await?;
    let before = campaigns::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let (draft, beneficiary) = create_code::read(&mut tx, form, now, before.expires_at).await?;
    // The form knows minutes only: an untouched end keeps its seconds.
    let untouched = before.expires_at.filter(|was| draft.expires_at.is_some_and(|at| at.minute() == was.minute()));
    let edit = Edit {
        description: &draft.description,
        category: draft.category.as_deref(),
        max_uses: draft.max_uses,
        expires_at: untouched.or(draft.expires_at),
        beneficiary,
        active: draft.active,
    };
    if !campaigns::update(&mut tx, id, &edit).await? {
        let message = format!("This code has been used {} times already; the limit cannot be lower.", before.uses);
        return Err(AppError::invalid("max_uses", message));
    }
    order::place(&mut tx, &[id], now).await?;
    let target = Target { kind: "code", id: Some(id.0), name: &before.code };
    let after = described(&draft, &form.beneficiary);
    record::run(&mut tx, actor, "code.edit", target, as_was(&before), after, now).await?;
    let change = Change { codes: vec![id], ..Change::default() };
    relay::announce(&mut tx, server.instance, &change).await?;
    tx.commit().await?;
    relay::apply(server, &change).await;
    Ok(())
}

fn as_was(record: &CampaignRecord) -> Value {
    json!({
        "description": record.description,
        "category": record.category,
        "max_uses": record.max_uses,
        "expires_at": record.expires_at.map(|at| at.minute()),
        "beneficiary": record.beneficiary_email.clone().unwrap_or_default(),
        "active": record.active,
    })
}

//! Changing a campaign code.

use super::{
    super::{
        relay::{self, Change},
        state::Server,
        store::{
            Tx,
            campaigns::{self, CampaignRecord, Edit},
        },
    },
    create_code::{Beneficiary, beneficiary, described},
    record::{self, Actor, Target},
};
use crate::{
    domain::{
        campaign::{Draft, Form},
        ids::CodeId,
    },
    error::AppError,
};
use serde_json::{Value, json};

/// Changes everything but the code itself. An end in the past is no error when it was not touched.
pub async fn run(server: &Server, actor: &Actor, id: CodeId, form: &Form) -> Result<(), AppError> {
    let mut tx = server.db.begin().await?;
    let before = campaigns::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let draft = Draft::parse(form, server.clock.now(), before.expires_at).map_err(AppError::Invalid)?;
    let beneficiary = beneficiary(&mut tx, &form.beneficiary).await?;
    let change = within(&mut tx, server, actor, &before, &draft, beneficiary.as_ref()).await?;
    relay::announce(&mut tx, server.instance, &change).await?;
    tx.commit().await?;
    relay::apply(server, &change).await;
    Ok(())
}

/// The same within a transaction of the caller's, who announces the change.
pub async fn within(
    tx: &mut Tx,
    server: &Server,
    actor: &Actor,
    before: &CampaignRecord,
    draft: &Draft,
    beneficiary: Option<&Beneficiary>,
) -> Result<Change, AppError> {
    let edit = Edit {
        description: &draft.description,
        category: draft.category.as_deref(),
        max_uses: draft.max_uses,
        expires_at: draft.expires_at,
        beneficiary: beneficiary.map(|user| user.id),
        active: draft.active,
    };
    if !campaigns::update(tx, before.id, &edit).await? {
        let message = format!("This code has been used {} times already; the limit cannot be lower.", before.uses);
        return Err(AppError::invalid("max_uses", message));
    }
    let target = Target { kind: "code", id: Some(before.id.0), name: &before.code };
    let after = described(draft, beneficiary);
    record::run(tx, actor, "code.edit", target, as_was(before), after, server.clock.now()).await?;
    Ok(Change { codes: vec![before.id], ..Change::default() })
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

//! Changing a campaign code.

use super::{
    super::{
        relay::{self, Change},
        state::Server,
        store::{
            Tx,
            campaigns::{self, CampaignRecord, Edit},
            order,
        },
    },
    create_code::{self, Beneficiary, described},
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
    let (mut draft, beneficiary) = create_code::read(&mut tx, form, server.clock.now(), before.expires_at).await?;
    // The form knows minutes only: an untouched end keeps its seconds.
    let untouched = before.expires_at.filter(|was| draft.expires_at.is_some_and(|at| at.minute() == was.minute()));
    draft.expires_at = untouched.or(draft.expires_at);
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
        return Err(used_more(before.uses));
    }
    let now = server.clock.now();
    order::place(tx, &[before.id], now).await?;
    let target = Target { kind: "code", id: Some(before.id.0), name: &before.code };
    let after = described(draft, beneficiary.map_or("", |user| &user.email));
    record::run(tx, actor, "code.edit", target, as_was(before), after, now).await?;
    Ok(Change { codes: vec![before.id], ..Change::default() })
}

/// The limit would be lower than what was used.
pub fn used_more(uses: i64) -> AppError {
    AppError::invalid("max_uses", format!("This code has been used {uses} times already; the limit cannot be lower."))
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

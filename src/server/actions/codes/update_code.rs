//! Changing a campaign code.

use crate::{
    domain::{
        codes::campaign::{CampaignFields, CampaignForm},
        ids::CodeId,
        message::Message,
    },
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            authorize,
            codes::create_code::{self, Beneficiary, audit_fields},
        },
        auth::caller::Actor,
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{
            code_details,
            codes::{self, CampaignUpdate},
            db::Tx,
        },
    },
    view_models::codes::CodeDetails,
};

/// Changes everything but the code itself and whether it is switched on. An expiry in the past is no error when it was
/// not touched.
pub async fn run(state: &AppState, actor: &Actor, id: CodeId, form: &CampaignForm) -> Result<(), AppError> {
    let now = state.clock.now();
    let mut tx = authorize::begin(&state.db, actor).await?;
    let before = code_details::campaign_by_id(&mut tx, id, now).await?.ok_or(AppError::NotFound)?;
    let form = CampaignForm { active: before.active, ..form.clone() };
    let (fields, beneficiary) =
        create_code::parse_form(&mut tx, &form, now, &state.settings.get().zone(), before.expires_at).await?;
    let changes = run_in(&mut tx, state, actor, &before, &fields, beneficiary.as_ref()).await?;
    Ok(state.publisher.commit_and_publish(tx, &changes).await?)
}

/// The same within a transaction of the caller's, who publishes the changes.
pub async fn run_in(
    tx: &mut Tx,
    state: &AppState,
    actor: &Actor,
    before: &CodeDetails,
    fields: &CampaignFields,
    beneficiary: Option<&Beneficiary>,
) -> Result<ChangeSet, AppError> {
    let update = CampaignUpdate {
        description: &fields.description,
        category: fields.category.as_deref(),
        max_uses: fields.max_uses,
        expires_at: fields.expires_at,
        beneficiary: beneficiary.map(|user| user.id),
        active: fields.active,
    };
    if !codes::update(tx, before.id, &update).await? {
        return Err(limit_below_uses(before.uses));
    }
    let target = Target { kind: "code", id: Some(before.id.0), name: &before.code };
    let was = CampaignFields {
        code: None,
        description: before.description.clone(),
        category: before.category.clone(),
        max_uses: before.max_uses,
        expires_at: before.expires_at,
        active: before.active,
    };
    let was = audit_fields(&was, before.beneficiary_email.as_deref().unwrap_or_default());
    let is = audit_fields(fields, beneficiary.map_or("", |user| &user.email));
    audit::write(tx, actor, "code.edit", target, was, is, state.clock.now()).await?;
    Ok(ChangeSet::of_codes(vec![before.id]))
}

/// The limit would be lower than what was used.
pub fn limit_below_uses(uses: i64) -> AppError {
    AppError::invalid("max_uses", Message::LimitBelowUses { uses })
}

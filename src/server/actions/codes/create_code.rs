//! Making a campaign code.

use crate::{
    domain::{
        codes::{
            campaign::{CampaignFields, CampaignForm},
            code::{Code, TRIES},
        },
        ids::{CodeId, UserId},
        message::Message,
        time::Time,
    },
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            authorize, sent_form,
        },
        auth::caller::{Actor, SentForm},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{codes, db::Tx, user_names, users},
    },
};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// Makes the code that was typed, or a random one. *Conflict* when the typed one is taken. The same form sent again
/// makes no other code.
pub async fn run(
    state: &AppState,
    actor: &Actor,
    form: &CampaignForm,
    sent: Option<SentForm>,
) -> Result<CodeId, AppError> {
    let now = state.clock.now();
    let mut tx = authorize::begin(&state.db, actor).await?;
    if let Some(made) = sent_form::made_before(&mut tx, actor, sent, now).await? {
        return Ok(CodeId(made));
    }
    let (fields, beneficiary) = parse_new(&mut tx, form, now, &state.settings.get().zone()).await?;
    let (id, changes) = run_in(&mut tx, state, actor, &fields, beneficiary.as_ref()).await?;
    sent_form::keep(&mut tx, actor, sent, id.0).await?;
    state.publisher.commit_and_publish(tx, &changes).await?;
    Ok(id)
}

/// The same within a transaction of the caller's, who announces the change.
pub async fn run_in(
    tx: &mut Tx,
    state: &AppState,
    actor: &Actor,
    fields: &CampaignFields,
    beneficiary: Option<&Beneficiary>,
) -> Result<(CodeId, ChangeSet), AppError> {
    let now = state.clock.now();
    let (code, id) = insert(tx, state, actor, fields, beneficiary.map(|user| user.id)).await?;
    let target = Target { kind: "code", id: Some(id.0), name: code.as_str() };
    let after = audit_fields(fields, beneficiary.map_or("", |user| &user.email));
    audit::write(tx, actor, "code.create", target, Value::Null, after, now).await?;
    Ok((id, ChangeSet::of_codes(vec![id])))
}

/// Who is credited for a campaign code.
pub struct Beneficiary {
    pub id: UserId,
    pub email: String,
}

async fn insert(
    tx: &mut Tx,
    state: &AppState,
    actor: &Actor,
    fields: &CampaignFields,
    beneficiary: Option<UserId>,
) -> Result<(Code, CodeId), AppError> {
    let length = usize::try_from(state.settings.get().random_code_length).unwrap_or_default();
    for attempt in 0..2 * TRIES {
        let longer = attempt / TRIES;
        let code = fields.code.clone().unwrap_or_else(|| Code::random(&state.rng.byte_vec(length + longer)));
        let new = codes::NewCampaign {
            code: &code,
            description: &fields.description,
            category: fields.category.as_deref(),
            active: fields.active,
            max_uses: fields.max_uses,
            expires_at: fields.expires_at,
            beneficiary,
            created_by: actor.id,
            created_at: state.clock.now(),
        };
        match codes::insert_campaign(tx, &new).await? {
            Some(id) => return Ok((code, id)),
            None if fields.code.is_some() => return Err(code_taken()),
            None => {}
        }
    }
    Err(AppError::conflict("code", Message::NoFreeCode))
}

/// The code that was typed belongs to somebody or something else.
pub fn code_taken() -> AppError {
    AppError::conflict("code", Message::CodeTaken)
}

/// What the form for a new code asks for, or all that is wrong with it, a code that is taken already among it.
async fn parse_new(
    tx: &mut Tx,
    form: &CampaignForm,
    now: Time,
    zone: &TimeZone,
) -> Result<(CampaignFields, Option<Beneficiary>), AppError> {
    let parsed = parse_form(tx, form, now, zone, None).await;
    let Err(AppError::Invalid(mut errors)) = parsed else { return parsed };
    if let Some(code) = Code::parse(&form.code)
        && codes::by_code(tx, &code).await?.is_some()
    {
        errors.splice(0..0, code_taken().fields());
    }
    Err(AppError::Invalid(errors))
}

/// What the form asks for and who is credited, or all that is wrong with it. Its times are in `zone`; `was` is the end
/// of the code that is edited.
pub async fn parse_form(
    tx: &mut Tx,
    form: &CampaignForm,
    now: Time,
    zone: &TimeZone,
    was: Option<Time>,
) -> Result<(CampaignFields, Option<Beneficiary>), AppError> {
    match (CampaignFields::parse(form, now, zone, was), beneficiary(tx, &form.beneficiary).await) {
        (Ok(fields), Ok(beneficiary)) => Ok((fields, beneficiary)),
        (Err(errors), Ok(_)) => Err(AppError::Invalid(errors)),
        (Err(errors), Err(AppError::Invalid(unknown))) => {
            Err(AppError::Invalid(errors.into_iter().chain(unknown).collect()))
        }
        (_, Err(error)) => Err(error),
    }
}

/// The user that an e-mail or a username names in full; nobody for no name.
pub async fn beneficiary(tx: &mut Tx, name: &str) -> Result<Option<Beneficiary>, AppError> {
    if name.trim().is_empty() {
        return Ok(None);
    }
    let unknown = || AppError::invalid("beneficiary", Message::BeneficiaryUnknown);
    let id = user_names::named(tx, name).await?.ok_or_else(unknown)?;
    let user = users::by_id(tx, id).await?.ok_or_else(unknown)?;
    Ok(Some(Beneficiary { id: user.id, email: user.email }))
}

/// The user that an id names; nobody for no id.
pub async fn beneficiary_by_id(tx: &mut Tx, id: Option<UserId>) -> Result<Option<Beneficiary>, AppError> {
    let Some(id) = id else { return Ok(None) };
    let unknown = || AppError::invalid("beneficiary_id", Message::BeneficiaryIdUnknown);
    let user = users::by_id(tx, id).await?.ok_or_else(unknown)?;
    Ok(Some(Beneficiary { id: user.id, email: user.email }))
}

/// The fields as the audit log keeps them.
pub fn audit_fields(fields: &CampaignFields, beneficiary: &str) -> Value {
    json!({
        "description": fields.description,
        "category": fields.category,
        "max_uses": fields.max_uses,
        "expires_at": fields.expires_at.map(|at| at.minute()),
        "beneficiary": beneficiary,
        "active": fields.active,
    })
}

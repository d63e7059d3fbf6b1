//! Making a campaign code.

use super::{
    super::{
        relay::{self, Change},
        state::Server,
        store::{Tx, codes, order, users},
    },
    record::{self, Actor, Target},
};
use crate::{
    domain::{
        campaign::{Draft, Form, LENGTH},
        code::{Code, TRIES},
        email::Email,
        ids::{CodeId, UserId},
        time::Time,
    },
    error::AppError,
};
use serde_json::{Value, json};

/// Makes the code that was typed, or a random one. *Conflict* when the typed one is taken.
pub async fn run(server: &Server, actor: &Actor, form: &Form) -> Result<CodeId, AppError> {
    let mut tx = server.db.begin().await?;
    let (draft, beneficiary) = read(&mut tx, form, server.clock.now(), None).await?;
    let (id, change) = within(&mut tx, server, actor, &draft, beneficiary.as_ref()).await?;
    relay::announce(&mut tx, server.instance, &change).await?;
    tx.commit().await?;
    relay::apply(server, &change).await;
    Ok(id)
}

/// The same within a transaction of the caller's, who announces the change.
pub async fn within(
    tx: &mut Tx,
    server: &Server,
    actor: &Actor,
    draft: &Draft,
    beneficiary: Option<&Beneficiary>,
) -> Result<(CodeId, Change), AppError> {
    let now = server.clock.now();
    let (code, id) = insert(tx, server, actor, draft, beneficiary.map(|user| user.id)).await?;
    order::place(tx, &[id], now).await?;
    let target = Target { kind: "code", id: Some(id.0), name: code.as_str() };
    let after = described(draft, beneficiary.map_or("", |user| &user.email));
    record::run(tx, actor, "code.create", target, Value::Null, after, now).await?;
    Ok((id, Change { codes: vec![id], ..Change::default() }))
}

/// Who is credited for a campaign code.
pub struct Beneficiary {
    pub id: UserId,
    pub email: String,
}

async fn insert(
    tx: &mut Tx,
    server: &Server,
    actor: &Actor,
    draft: &Draft,
    beneficiary: Option<UserId>,
) -> Result<(Code, CodeId), AppError> {
    for attempt in 0..2 * TRIES {
        let longer = attempt / TRIES;
        let code = draft.code.clone().unwrap_or_else(|| Code::random(&server.chance.some(LENGTH + longer)));
        let new = codes::NewCampaign {
            code: &code,
            description: &draft.description,
            category: draft.category.as_deref(),
            active: draft.active,
            max_uses: Some(draft.max_uses),
            expires_at: draft.expires_at,
            beneficiary,
            created_by: actor.id,
            created_at: server.clock.now(),
        };
        match codes::insert_campaign(tx, &new).await? {
            Some(id) => return Ok((code, id)),
            None if draft.code.is_some() => return Err(taken()),
            None => {}
        }
    }
    Err(AppError::conflict("code", "No free code was found. Please type one."))
}

/// The code that was typed belongs to somebody or something else.
pub fn taken() -> AppError {
    AppError::conflict("code", "This code is taken already.")
}

/// What the form asks for and who is credited, or all that is wrong with it. `was` is the end of the code that is edited.
pub async fn read(
    tx: &mut Tx,
    form: &Form,
    now: Time,
    was: Option<Time>,
) -> Result<(Draft, Option<Beneficiary>), AppError> {
    match (Draft::parse(form, now, was), beneficiary(tx, &form.beneficiary).await) {
        (Ok(draft), Ok(beneficiary)) => Ok((draft, beneficiary)),
        (Err(errors), Ok(_)) => Err(AppError::Invalid(errors)),
        (Err(errors), Err(AppError::Invalid(unknown))) => {
            Err(AppError::Invalid(errors.into_iter().chain(unknown).collect()))
        }
        (_, Err(error)) => Err(error),
    }
}

/// The user that an e-mail names; nobody for no e-mail.
pub async fn beneficiary(tx: &mut Tx, email: &str) -> Result<Option<Beneficiary>, AppError> {
    if email.trim().is_empty() {
        return Ok(None);
    }
    let unknown = || AppError::invalid("beneficiary", "Nobody has an account with this e-mail address.");
    let email = Email::parse(email).map_err(|_| unknown())?;
    let user = users::by_email(tx, &email).await?.ok_or_else(unknown)?;
    Ok(Some(Beneficiary { id: user.id, email: user.email }))
}

/// The user that an id names; nobody for no id.
pub async fn beneficiary_by_id(tx: &mut Tx, id: Option<UserId>) -> Result<Option<Beneficiary>, AppError> {
    let Some(id) = id else { return Ok(None) };
    let unknown = || AppError::invalid("beneficiary_id", "There is no user with this id.");
    let user = users::by_id(tx, id).await?.ok_or_else(unknown)?;
    Ok(Some(Beneficiary { id: user.id, email: user.email }))
}

/// A draft as the audit log keeps it.
pub fn described(draft: &Draft, beneficiary: &str) -> Value {
    json!({
        "description": draft.description,
        "category": draft.category,
        "max_uses": draft.max_uses,
        "expires_at": draft.expires_at.map(|at| at.minute()),
        "beneficiary": beneficiary,
        "active": draft.active,
    })
}

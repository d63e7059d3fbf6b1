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
    let now = server.clock.now();
    let mut tx = server.db.begin().await?;
    let (draft, beneficiary) = read(&mut tx, form, now, None).await?;
    let (code, id) = insert(&mut tx, server, actor, &draft, beneficiary).await?;
    order::place(&mut tx, &[id], now).await?;
    let target = Target { kind: "code", id: Some(id.0), name: code.as_str() };
    record::run(&mut tx, actor, "code.create", target, Value::Null, described(&draft, &form.beneficiary), now).await?;
    let change = Change { codes: vec![id], ..Change::default() };
    relay::announce(&mut tx, server.instance, &change).await?;
    tx.commit().await?;
    relay::apply(server, &change).await;
    Ok(id)
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
            None if draft.code.is_some() => return Err(AppError::conflict("code", "This code is taken already.")),
            None => {}
        }
    }
    Err(AppError::conflict("code", "No free code was found. Please type one."))
}

/// What the form asks for and who is credited, or all that is wrong with it. `was` is the end of the code that is edited.
pub async fn read(tx: &mut Tx, form: &Form, now: Time, was: Option<Time>) -> Result<(Draft, Option<UserId>), AppError> {
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
pub async fn beneficiary(tx: &mut Tx, email: &str) -> Result<Option<UserId>, AppError> {
    if email.trim().is_empty() {
        return Ok(None);
    }
    let unknown = || AppError::invalid("beneficiary", "Nobody has an account with this e-mail address.");
    let email = Email::parse(email).map_err(|_| unknown())?;
    let user = users::by_email(tx, &email).await?.ok_or_else(unknown)?;
    Ok(Some(user.id))
}

/// A draft as the audit log keeps it.
pub fn described(draft: &Draft, beneficiary: &str) -> Value {
    json!({
        "description": draft.description,
        "category": draft.category,
        "max_uses": draft.max_uses,
        "expires_at": draft.expires_at.map(|at| at.minute()),
        "beneficiary": beneficiary.trim().to_lowercase(),
        "active": draft.active,
    })
}

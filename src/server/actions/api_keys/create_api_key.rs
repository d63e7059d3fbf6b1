//! Creating a key of the API. Of a secret one only the hash is kept.

use crate::{
    domain::{
        accounts::{
            api_key::{Access, ApiKeySecret, Scope, parse_name},
            origins::Origins,
        },
        ids::{ApiKeyId, UserId},
        message::Message,
        time::Time,
    },
    error::{AppError, FieldError},
    server::{
        actions::{
            audit::{self, Target},
            authorize, sent_form,
        },
        auth::{
            caller::{Actor, Authority, SentForm},
            sessions::hash_token,
        },
        config::rng::Rng,
        store::{
            api_keys,
            db::{Db, Tx},
        },
    },
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use serde_json::{Value, json};

/// What a new key shall open, as it was typed.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'a> {
    /// A list of scopes like `read,write`, for a secret key.
    Scopes(&'a str),
    /// A list of origins, for a publishable key.
    Origins(&'a str),
}

/// A key that can be created.
pub struct KeyFields {
    name: String,
    access: Access,
}

impl KeyFields {
    pub fn parse(name: &str, wanted: Wanted<'_>) -> Result<Self, AppError> {
        let mut errors = vec![];
        let mut note = |field: &str, message| errors.push(FieldError { field: field.into(), message });
        let name = parse_name(name).map_err(|message| note("name", message)).ok();
        let access = match wanted {
            Wanted::Scopes(scopes) => {
                let scope = Scope::parse(scopes).map(Access::Scope);
                scope.ok_or_else(|| note("scopes", Message::ScopesUnknown)).ok()
            }
            Wanted::Origins(origins) => {
                Origins::parse(origins).map(Access::Origins).map_err(|message| note("origins", message)).ok()
            }
        };
        match (name, access) {
            (Some(name), Some(access)) => Ok(Self { name, access }),
            _ => Err(AppError::Invalid(errors)),
        }
    }
}

/// The id of the key, and the key itself: a secret one to be shown once. The same form sent again makes no other key
/// and is told so: what the first answer has shown is kept nowhere.
pub async fn run(
    db: &Db,
    rng: &Rng,
    actor: &Actor,
    fields: &KeyFields,
    sent: Option<SentForm>,
    now: Time,
) -> Result<(ApiKeyId, ApiKeySecret), AppError> {
    let mut tx = authorize::begin(db, actor).await?;
    if let Some(made) = sent_form::made_before(&mut tx, actor, sent, now).await? {
        let key = api_keys::by_id(&mut tx, ApiKeyId(made)).await?.ok_or(AppError::NotFound)?;
        return Err(AppError::conflict("", Message::KeyMadeBefore { ends_with: key.last_four }));
    }
    let (id, secret) = run_in(&mut tx, rng, actor, fields, now).await?;
    sent_form::keep(&mut tx, actor, sent, id.0).await?;
    tx.commit().await?;
    Ok((id, secret))
}

/// The same in a transaction of somebody who may.
pub async fn run_in(
    tx: &mut Tx,
    rng: &Rng,
    actor: &Actor,
    KeyFields { name, access }: &KeyFields,
    now: Time,
) -> Result<(ApiKeyId, ApiKeySecret), AppError> {
    let admin = owner(tx, actor, access).await?;
    let key = ApiKeySecret(format!("{}{}", access.prefix(), BASE64.encode(rng.bytes::<32>())));
    let secret_hash = hash_token(&key.0);
    let new = api_keys::NewApiKey { name, access, key: &key, secret_hash: &secret_hash, admin, created_at: now };
    let id = api_keys::insert(tx, &new).await?;
    let target = Target { kind: "api_key", id: Some(id.0), name };
    let after = match access {
        Access::Scope(scope) => json!({ "scopes": scope.contained(), "ends_with": key.last_four() }),
        Access::Origins(origins) => json!({ "origins": origins.as_str(), "ends_with": key.last_four() }),
    };
    audit::write(tx, actor, "api_key.create", target, Value::Null, after, now).await?;
    Ok((id, key))
}

/// The admin whom a new key belongs to. One that another key makes has the same admin, so that it ends with them, and
/// opens no more.
async fn owner(tx: &mut Tx, actor: &Actor, access: &Access) -> Result<Option<UserId>, AppError> {
    let Authority::ApiKey(maker) = actor.authority else { return Ok(actor.id) };
    let maker = api_keys::by_id(tx, maker).await?.ok_or(AppError::SignedOut)?;
    let needed = match access {
        Access::Scope(scope) => *scope,
        Access::Origins(_) => Scope::Write,
    };
    if maker.scope < Some(needed) { Err(AppError::Forbidden) } else { Ok(maker.admin_id) }
}

//! Making a key of the API. Only its hash is kept.

use super::{
    super::{
        auth::hash_token,
        chance::Chance,
        store::{Db, api_keys},
    },
    record::{self, Actor, Target},
};
use crate::{
    domain::{
        api_key::{Scope, Secret, parse_name},
        time::Time,
    },
    error::{AppError, FieldError},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use serde_json::{Value, json};

/// The key, to be shown once. `scopes` is a list like `read,write`.
pub async fn run(
    db: &Db,
    chance: &Chance,
    actor: &Actor,
    name: &str,
    scopes: &str,
    now: Time,
) -> Result<Secret, AppError> {
    let mut errors = vec![];
    let name =
        parse_name(name).map_err(|message| errors.push(FieldError { field: "name".into(), message: message.into() }));
    let scope = Scope::parse(scopes).ok_or_else(|| {
        let message = "Please choose among read, write and admin.".into();
        errors.push(FieldError { field: "scopes".into(), message });
    });
    let (Ok(name), Ok(scope)) = (name, scope) else { return Err(AppError::Invalid(errors)) };
    let secret = Secret(format!("{}{}", Secret::PREFIX, BASE64.encode(chance.bytes::<32>())));
    let mut tx = db.begin().await?;
    let new = api_keys::NewApiKey {
        name: &name,
        scope: scope.as_str(),
        secret_hash: &hash_token(&secret.0),
        last_four: secret.last_four(),
        created_by: &actor.name,
        created_at: now,
    };
    let id = api_keys::insert(&mut tx, &new).await?;
    let target = Target { kind: "api_key", id: Some(id.0), name: &name };
    let after = json!({ "scopes": scope.contained(), "ends_with": secret.last_four() });
    record::run(&mut tx, actor, "api_key.create", target, Value::Null, after, now).await?;
    tx.commit().await?;
    Ok(secret)
}

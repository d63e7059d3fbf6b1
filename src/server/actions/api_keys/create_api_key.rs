//! Creating a key of the API. Only its hash is kept.

use crate::{
    domain::{
        accounts::api_key::{ApiKeySecret, Scope, parse_name},
        ids::ApiKeyId,
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
            caller::{Actor, SentForm},
            sessions::hash_token,
        },
        config::rng::Rng,
        store::{api_keys, db::Db},
    },
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use serde_json::{Value, json};

/// The id of the key, and the key itself, to be shown once. `scopes` is a list like `read,write`. The same form sent again makes no other key and is told
/// so: what the first answer has shown is kept nowhere.
pub async fn run(
    db: &Db,
    rng: &Rng,
    actor: &Actor,
    name: &str,
    scopes: &str,
    sent: Option<SentForm>,
    now: Time,
) -> Result<(ApiKeyId, ApiKeySecret), AppError> {
    let mut errors = vec![];
    let name = parse_name(name).map_err(|message| errors.push(FieldError { field: "name".into(), message }));
    let scope = Scope::parse(scopes).ok_or_else(|| {
        errors.push(FieldError { field: "scopes".into(), message: Message::ScopesUnknown });
    });
    let (Ok(name), Ok(scope)) = (name, scope) else { return Err(AppError::Invalid(errors)) };
    let secret = ApiKeySecret(format!("{}{}", ApiKeySecret::PREFIX, BASE64.encode(rng.bytes::<32>())));
    let mut tx = authorize::begin(db, actor).await?;
    if let Some(made) = sent_form::made_before(&mut tx, actor, sent, now).await? {
        let key = api_keys::by_id(&mut tx, ApiKeyId(made)).await?.ok_or(AppError::NotFound)?;
        return Err(AppError::conflict("", Message::KeyMadeBefore { ends_with: key.last_four }));
    }
    let new = api_keys::NewApiKey {
        name: &name,
        scope,
        secret_hash: &hash_token(&secret.0),
        last_four: secret.last_four(),
        admin: actor.id,
        created_at: now,
    };
    let id = api_keys::insert(&mut tx, &new).await?;
    sent_form::keep(&mut tx, actor, sent, id.0).await?;
    let target = Target { kind: "api_key", id: Some(id.0), name: &name };
    let after = json!({ "scopes": scope.contained(), "ends_with": secret.last_four() });
    audit::write(&mut tx, actor, "api_key.create", target, Value::Null, after, now).await?;
    tx.commit().await?;
    Ok((id, secret))
}

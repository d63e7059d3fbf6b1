//! Deleting a campaign code: for good when it has no history, hidden when it has.

use super::{
    super::{
        relay::{self, Change},
        state::Server,
        store::campaigns,
    },
    record::{self, Actor, Target},
};
use crate::{domain::ids::CodeId, error::AppError};
use serde_json::{Value, json};

pub async fn run(server: &Server, actor: &Actor, id: CodeId) -> Result<(), AppError> {
    let now = server.clock.now();
    let mut tx = server.db.begin().await?;
    let code = campaigns::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let gone = campaigns::delete_unused(&mut tx, id).await?;
    if !gone {
        campaigns::hide(&mut tx, id, now).await?;
    }
    let target = Target { kind: "code", id: Some(id.0), name: &code.code };
    let before = json!({ "description": code.description, "uses": code.uses, "shown": true });
    let after =
        if gone { Value::Null } else { json!({ "description": code.description, "uses": code.uses, "shown": false }) };
    record::run(&mut tx, actor, "code.delete", target, before, after, now).await?;
    let change =
        Change { codes: vec![id], gone: gone.then(|| code.code.clone()).into_iter().collect(), ..Change::default() };
    relay::announce(&mut tx, server.instance, &change).await?;
    tx.commit().await?;
    relay::apply(server, &change).await;
    Ok(())
}

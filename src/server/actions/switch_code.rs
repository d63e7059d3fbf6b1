//! Switching a campaign code on or off: no link credits it from the next moment on.

use super::{
    super::{
        relay::{self, Change},
        state::Server,
        store::{Tx, campaigns, order},
    },
    record::{self, Actor, Target},
};
use crate::{domain::ids::CodeId, error::AppError};
use serde_json::json;

pub async fn run(server: &Server, actor: &Actor, id: CodeId, active: bool) -> Result<(), AppError> {
    let mut tx = server.db.begin().await?;
    let before = campaigns::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let change = within(&mut tx, server, actor, id, &before.code, before.active, active).await?;
    relay::announce(&mut tx, server.instance, &change).await?;
    tx.commit().await?;
    relay::apply(server, &change).await;
    Ok(())
}

/// The same for a code of either kind, within a transaction of the caller's, who announces the change.
pub async fn within(
    tx: &mut Tx,
    server: &Server,
    actor: &Actor,
    id: CodeId,
    code: &str,
    before: bool,
    active: bool,
) -> Result<Change, AppError> {
    campaigns::switch(tx, id, active).await?;
    let now = server.clock.now();
    order::place(tx, &[id], now).await?;
    let target = Target { kind: "code", id: Some(id.0), name: code };
    let (was, is) = (json!({ "active": before }), json!({ "active": active }));
    record::run(tx, actor, "code.switch", target, was, is, now).await?;
    Ok(Change { codes: vec![id], ..Change::default() })
}

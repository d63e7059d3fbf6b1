//! Switching a campaign code on or off: no link credits it from the next moment on.

use super::{
    super::{
        relay::{self, Change},
        state::Server,
        store::{campaigns, order},
    },
    record::{self, Actor, Target},
};
use crate::{domain::ids::CodeId, error::AppError};
use serde_json::json;

pub async fn run(server: &Server, actor: &Actor, id: CodeId, active: bool) -> Result<(), AppError> {
    let mut tx = server.db.begin().await?;
    let before = campaigns::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    campaigns::switch(&mut tx, id, active).await?;
    order::place(&mut tx, &[id], server.clock.now()).await?;
    let target = Target { kind: "code", id: Some(id.0), name: &before.code };
    let (was, is) = (json!({ "active": before.active }), json!({ "active": active }));
    record::run(&mut tx, actor, "code.switch", target, was, is, server.clock.now()).await?;
    let change = Change { codes: vec![id], ..Change::default() };
    relay::announce(&mut tx, server.instance, &change).await?;
    tx.commit().await?;
    relay::apply(server, &change).await;
    Ok(())
}

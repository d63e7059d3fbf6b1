//! Erasing a person: the account and every name go, the numbers stay.

use super::{
    super::{
        relay::{self, Change},
        state::Server,
        store::{audit, codes, histories, members, users},
    },
    record::{self, Actor, Target},
};
use crate::{domain::ids::UserId, error::AppError};
use serde_json::{Value, json};

pub async fn run(server: &Server, actor: &Actor, id: UserId) -> Result<(), AppError> {
    let mut tx = server.db.begin().await?;
    let user = members::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    if user.role == "admin" && user.disabled_at.is_none() && users::count_admins(&mut tx).await? == 1 {
        return Err(AppError::conflict("", "This is the only admin. Make somebody else an admin first."));
    }
    let change = Change { codes: codes::crediting(&mut tx, id).await?, ..Change::default() };
    histories::forget(&mut tx, id).await?;
    audit::forget(&mut tx, id, &user.email).await?;
    users::delete(&mut tx, id).await?;
    let target = Target { kind: "user", id: Some(id.0), name: "erased user" };
    record::run(&mut tx, actor, "user.erase", target, Value::Null, json!({ "erased": true }), server.clock.now())
        .await?;
    relay::announce(&mut tx, server.instance, &change).await?;
    tx.commit().await?;
    relay::apply(server, &change).await;
    Ok(())
}

//! Signing out: this browser's session ends.

use super::super::{
    door::Door,
    store::{sessions, visitors},
};
use crate::error::AppError;

pub async fn run(door: &Door) -> Result<(), AppError> {
    let Some(signed_in) = &door.caller.signed_in else { return Ok(()) };
    let mut tx = door.server.db.begin().await?;
    sessions::end(&mut tx, signed_in.user, signed_in.session).await?;
    if let Some(memory) = &door.caller.memory {
        visitors::remember(&mut tx, memory.visitor, signed_in.user).await?;
    }
    tx.commit().await?;
    Ok(())
}

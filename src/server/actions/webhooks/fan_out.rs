//! Making deliveries of what has happened.

use crate::{
    domain::time::Time,
    server::store::{db::Db, rights, webhook_deliveries, webhook_endpoints},
};

/// Makes deliveries of the next events for every active endpoint that wants them; whether there may be more. Instances
/// that do it at once do it one after the other, and each goes on where the one before it ended.
pub async fn run(db: &Db, now: Time) -> sqlx::Result<bool> {
    if !webhook_endpoints::any_behind(&mut db.read().await?).await? {
        return Ok(false);
    }
    let mut tx = db.begin().await?;
    // Nobody is forgotten while events about them are copied.
    rights::share(&mut tx).await?;
    let Some(after) = webhook_endpoints::lock_active(&mut tx).await? else { return Ok(false) };
    let Some(upto) = webhook_deliveries::fan_out(&mut tx, after, now).await? else { return Ok(false) };
    webhook_endpoints::move_on(&mut tx, upto).await?;
    tx.commit().await?;
    Ok(true)
}

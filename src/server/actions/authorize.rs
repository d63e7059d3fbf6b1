//! Beginning what an admin or a key of the API does. Whether they still may is read in the transaction that does it,
//! and stays so until its end.

use crate::{
    error::AppError,
    server::{
        auth::caller::{Actor, Authority},
        store::{
            api_keys,
            db::{Db, Tx},
            rights, sessions, users,
        },
    },
};

/// Begins a transaction of somebody who may; others do theirs at the same time. Nobody loses rights meanwhile.
pub async fn begin(db: &Db, actor: &Actor) -> Result<Tx, AppError> {
    let mut tx = db.begin().await?;
    rights::share(&mut tx).await?;
    require(&mut tx, actor).await?;
    Ok(tx)
}

/// Begins a transaction that takes rights or people away: alone among all those of [`begin`].
pub async fn begin_alone(db: &Db, actor: &Actor) -> Result<Tx, AppError> {
    let mut tx = db.begin().await?;
    rights::lock(&mut tx).await?;
    require(&mut tx, actor).await?;
    Ok(tx)
}

async fn require(tx: &mut Tx, actor: &Actor) -> Result<(), AppError> {
    match actor.authority {
        Authority::Server => Ok(()),
        Authority::Session(session) => match sessions::role_of(tx, session).await?.as_deref() {
            Some("admin") => Ok(()),
            Some(_) => Err(AppError::Forbidden),
            None => Err(AppError::SignedOut),
        },
        Authority::ApiKey(key) if api_keys::works(tx, key).await? => Ok(()),
        Authority::ApiKey(_) => Err(AppError::SignedOut),
    }
}

/// Refuses to take an admin away who is the only one that can come in. For transactions that are alone.
pub async fn require_another_admin(tx: &mut Tx) -> Result<(), AppError> {
    if users::count_admins(tx).await? > 1 { Ok(()) } else { Err(AppError::LastAdmin) }
}

//! Making an admin. The first one starts the program.

use super::super::{
    Failure,
    chance::Chance,
    clock::Clock,
    passwords::Passwords,
    program::stored,
    relay::Change,
    store::{Db, Tx, settings, users},
};
use super::make_code;
use crate::domain::{account::NewAccount, ids::UserId, time::Time};

/// Adds the admin with a personal code; the first admin turns the program on if `enable` says so. `None` when the
/// e-mail or the username is taken.
pub async fn insert(
    tx: &mut Tx,
    chance: &Chance,
    admin: &NewAccount,
    password_hash: &str,
    enable: bool,
    now: Time,
) -> Result<Option<(UserId, Change)>, Failure> {
    let first = !users::any_admin(tx).await?;
    let program = stored(tx).await?;
    let new = users::NewUser {
        email: &admin.email,
        username: &admin.username,
        password_hash: Some(password_hash),
        admin: true,
        goal: program.default_goal,
        consent_at: None,
        created_at: now,
    };
    let Some(user) = users::insert(tx, &new).await? else { return Ok(None) };
    let code = make_code::personal(tx, &program, chance, user, admin.username.as_str(), now).await?;
    let enables = first && enable;
    if enables {
        settings::put(tx, "referral_codes_enabled", "true", now).await?;
    }
    Ok(Some((user, Change { codes: vec![code], program: enables, ..Change::default() })))
}

/// Makes an admin without a running server, for the command line.
pub async fn alone(
    db: &Db,
    clock: &Clock,
    chance: &Chance,
    admin: &NewAccount,
    password: String,
    enable: bool,
) -> Result<(), Failure> {
    let hash = Passwords::new().hash(password, chance.bytes()).await?;
    let mut tx = db.begin().await?;
    let Some((_, change)) = insert(&mut tx, chance, admin, &hash, enable, clock.now()).await? else {
        return Err("that e-mail or username already has an account".into());
    };
    // No instance has the number 0: all of them listen.
    super::super::relay::announce(&mut tx, 0, &change).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether there is no admin yet.
pub async fn none_yet(db: &Db) -> sqlx::Result<bool> {
    Ok(!users::any_admin(&mut db.read().await?).await?)
}

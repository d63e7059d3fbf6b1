//! Changing a user's goal, role, and whether they may come in.

use super::{
    super::{
        relay::{self, Change},
        state::Server,
        store::{people, sessions},
    },
    record::{self, Actor, Target},
};
use crate::{domain::ids::UserId, error::AppError};
use serde_json::json;

/// Nobody takes away their own rights, so there is always an admin left.
pub async fn run(
    server: &Server,
    actor: &Actor,
    id: UserId,
    goal: &str,
    admin: bool,
    disabled: bool,
) -> Result<(), AppError> {
    let goal = goal.trim().parse().ok().filter(|goal| (1..=1_000_000).contains(goal));
    let goal = goal.ok_or_else(|| AppError::invalid("goal", "Please enter a whole number, 1 or more."))?;
    let now = server.clock.now();
    let mut tx = server.db.begin().await?;
    let before = people::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    if actor.id == Some(id) && (!admin || disabled) {
        return Err(AppError::conflict("admin", "You cannot take away your own rights. Another admin can."));
    }
    let disabled_at = disabled.then(|| before.disabled_at.unwrap_or(now));
    people::update(&mut tx, id, goal, admin, disabled_at).await?;
    if disabled {
        sessions::end_all(&mut tx, id).await?;
    }
    let was = json!({ "goal": before.referral_goal, "admin": before.role == "admin", "disabled": before.disabled_at.is_some() });
    let is = json!({ "goal": goal, "admin": admin, "disabled": disabled });
    let target = Target { kind: "user", id: Some(id.0), name: &before.username };
    record::run(&mut tx, actor, "user.change", target, was, is, now).await?;
    let change = Change::of_users(vec![id]);
    relay::announce(&mut tx, server.instance, &change).await?;
    tx.commit().await?;
    relay::apply(server, &change).await;
    Ok(())
}

//! Events of what an action does. They go into its change set, and its commit writes them. What they show of an object
//! is what the API answers about it at that moment.

pub mod codes;
pub mod conversions;
pub mod referrals;
pub mod users;

use crate::{
    domain::{
        events::{EventKind, NewEvent},
        ids::{CodeId, UserId},
        time::Time,
    },
    server::{
        state::AppState,
        store::{codes::ClaimedUse, counters, db::Tx},
    },
};

/// What the claim of a use brings about: the code is used up, its referrer is at their goal. For a claim that is in the
/// counters.
pub async fn of_claimed_use(
    tx: &mut Tx,
    state: &AppState,
    code: CodeId,
    claimed: ClaimedUse,
    referrer: Option<UserId>,
    now: Time,
) -> sqlx::Result<Vec<NewEvent>> {
    let mut events = vec![];
    if claimed.is_last {
        events.extend(codes::event(tx, EventKind::CodeLimitReached, code, now).await?);
    }
    if let Some(referrer) = referrer
        && counters::is_goal_reached(tx, referrer).await?
    {
        events.extend(users::event(tx, state, EventKind::GoalReached, referrer, now).await?);
    }
    Ok(events)
}

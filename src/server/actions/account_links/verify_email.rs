//! Marking somebody's e-mail as verified, and giving the rewards that waited for it.

use crate::{
    domain::{ids::UserId, time::Time},
    server::{
        actions::rewards::settle_rewards::{self, SignUp},
        realtime::change_set::ChangeSet,
        store::{attributions, db::Tx, users},
    },
};

/// Within a transaction of the caller's that holds the user and their referral. Doing it again changes nothing.
pub async fn run_in(tx: &mut Tx, user: UserId, now: Time, changes: &mut ChangeSet) -> sqlx::Result<()> {
    if !users::verify_email(tx, user, now).await? {
        return Ok(());
    }
    let Some(receipt) = attributions::of_user(tx, user).await? else { return Ok(()) };
    let sign_up = SignUp::Verified { recorded_at: receipt.decided_at };
    settle_rewards::run_in(tx, &[user], sign_up, now, changes).await
}

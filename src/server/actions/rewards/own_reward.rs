//! What somebody does with their own rewards, on their dashboard.

use crate::{
    domain::ids::RewardId,
    error::AppError,
    server::{
        actions::{
            accounts::own_account,
            rewards::{choose_option, redeem_reward},
        },
        auth::sessions::SignedIn,
        errors::{TxError, retry_races},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{
            db::{Db, Tx},
            rewards, rights,
        },
    },
};

/// Uses all that is left of a reward.
pub async fn redeem(state: &AppState, user: &SignedIn, id: RewardId) -> Result<(), AppError> {
    retry_races(|| async {
        let mut tx = begin(&state.db, user, id).await?;
        let mut changes = ChangeSet::default();
        redeem_reward::run_in(&mut tx, id, None, state.clock.now(), &mut changes).await?;
        Ok::<_, TxError>(state.publisher.commit_and_publish(tx, &changes).await?)
    })
    .await
}

/// Picks an option of a choice.
pub async fn choose(state: &AppState, user: &SignedIn, id: RewardId, option: &str) -> Result<(), AppError> {
    retry_races(|| async {
        let mut tx = begin(&state.db, user, id).await?;
        let mut changes = ChangeSet::default();
        choose_option::run_in(&mut tx, id, option, state.clock.now(), &mut changes).await?;
        Ok::<_, TxError>(state.publisher.commit_and_publish(tx, &changes).await?)
    })
    .await
}

/// A transaction of the recipient. *Not found* for a reward of somebody else, as for one that there is not.
async fn begin(db: &Db, user: &SignedIn, id: RewardId) -> Result<Tx, TxError> {
    let mut tx = db.begin().await?;
    rights::share(&mut tx).await?;
    own_account::lock(&mut tx, user).await?;
    match rewards::parties_of(&mut tx, id).await? {
        Some((recipient, _)) if recipient == user.user => Ok(tx),
        _ => Err(AppError::NotFound.into()),
    }
}

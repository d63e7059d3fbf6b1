//! Rewards for payments that turned out to be one: of each rule the one that is furthest stays, and nobody owes
//! anything for the other.

use crate::{
    domain::{
        ids::PaymentId,
        rewards::{
            earning::Occasion,
            reward::{Reward, RewardState},
        },
    },
    server::store::{db::Tx, payments::PaymentRecord, rewards},
};

/// Hands rewards for payments that are the same as others over to these.
pub async fn run_in(tx: &mut Tx, all: &mut [Reward], payments: &[PaymentRecord]) -> sqlx::Result<()> {
    let kept = |reward: &Reward| -> Option<PaymentId> {
        let Ok(Occasion::Payment(id)) = reward.occasion.parse() else { return None };
        payments.iter().find(|payment| payment.id == id)?.duplicate_of
    };
    // A choice comes with what was picked from it.
    let heads: Vec<usize> =
        (0..all.len()).filter(|place| all[*place].choice_id.is_none() && kept(&all[*place]).is_some()).collect();
    for place in heads {
        let Some(payment) = kept(&all[place]) else { continue };
        let occasion = Occasion::Payment(payment).to_string();
        let same = |other: &Reward| {
            (&other.granted_by, other.user_id, &other.occasion)
                == (&all[place].granted_by, all[place].user_id, &occasion)
        };
        let rival = all.iter().position(same);
        match rival {
            Some(rival) if rank(&all[place]) <= rank(&all[rival]) => leave(tx, all, place).await?,
            Some(rival) => {
                leave(tx, all, rival).await?;
                hand_over(tx, all, place, payment).await?;
            }
            None => hand_over(tx, all, place, payment).await?,
        }
    }
    Ok(())
}

/// How far a reward is.
fn rank(reward: &Reward) -> i64 {
    match reward.state {
        RewardState::Redeemed => 3,
        RewardState::Active | RewardState::Expired => 2,
        RewardState::Pending => 1,
        RewardState::Voided | RewardState::Reversed => 0,
    }
}

/// The places of a reward and of what was picked from it.
fn family(all: &[Reward], place: usize) -> Vec<usize> {
    let id = all[place].id;
    (0..all.len()).filter(|other| *other == place || all[*other].choice_id == Some(id)).collect()
}

async fn leave(tx: &mut Tx, all: &mut [Reward], place: usize) -> sqlx::Result<()> {
    for place in family(all, place) {
        let reward = &mut all[place];
        reward.spare();
        reward.occasion = Occasion::Merged(reward.id).to_string();
        rewards::leave_occasion(tx, reward.id).await?;
    }
    Ok(())
}

async fn hand_over(tx: &mut Tx, all: &mut [Reward], place: usize, payment: PaymentId) -> sqlx::Result<()> {
    for place in family(all, place) {
        let reward = &mut all[place];
        reward.occasion = Occasion::Payment(payment).to_string();
        reward.payment_id = Some(payment);
        rewards::move_to_payment(tx, reward.id, payment).await?;
    }
    Ok(())
}

//! Decisions about reviews take effect: the rewards of a referral go on, or the referral is none any more.

use crate::{
    domain::{
        attribution::Correction,
        events::EventKind,
        ids::UserId,
        reviews::{Decision, UNDO},
        rewards::{reward::EndReason, rule::MilestoneOf},
        time::Time,
    },
    server::{
        actions::{
            conversions::settle_payments,
            events,
            referrals::move_credit::{self, Credited},
            rewards::{
                save_rewards,
                settle_milestones::{self, NumberChange},
                settle_rewards::{self, SignUp},
            },
        },
        errors::TxError,
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{
            attributions,
            db::Tx,
            payments, referrals,
            reviews::{self, ReviewRecord},
            rewards, user_names, users,
        },
    },
    view_models::referrals::Referral,
};

/// Whose reviews were decided so long ago that nobody can take it back.
pub async fn due(tx: &mut Tx, now: Time, limit: i64) -> sqlx::Result<Vec<UserId>> {
    reviews::decided(tx, now.plus(-UNDO), limit).await
}

/// Lets what was decided about one referral take effect, in a transaction of the caller's. Nothing happens when it was
/// taken back meanwhile.
pub async fn run_in(
    tx: &mut Tx,
    state: &AppState,
    referee: UserId,
    now: Time,
    changes: &mut ChangeSet,
) -> Result<(), TxError> {
    users::lock(tx, referee).await?;
    referrals::lock(tx, &[referee]).await?;
    let Some(review) = reviews::close_decided(tx, referee, now.plus(-UNDO), now).await? else { return Ok(()) };
    referrals::bump_version(tx, referee).await?;
    match review.decision {
        Some(Decision::Rejected) => reject(tx, state, &review, now, changes).await,
        _ => {
            let referral = referrals::of_referee(tx, referee).await?;
            let numbers = referral.as_ref().map(counted).unwrap_or_default();
            settle_milestones::run_in(tx, &numbers, false, now, changes).await?;
            settle_rewards::run_in(tx, &[referee], SignUp::Known, now, changes).await?;
            changes.events.extend(events::referrals::event(tx, EventKind::ReferralReviewed, referee, now).await?);
            Ok(())
        }
    }
}

/// What the referrer gains by a friend who counts from now on.
fn counted(referral: &Referral) -> Vec<NumberChange> {
    let of = [Some(MilestoneOf::SignedUp), referral.converted_at.map(|_| MilestoneOf::Converted)];
    let gained = |of| referral.referrer_id.map(|referrer| NumberChange { referrer, of, gained: 1 });
    of.into_iter().flatten().filter_map(gained).collect()
}

/// Ends the rewards of both sides, and credits nobody.
async fn reject(
    tx: &mut Tx,
    state: &AppState,
    review: &ReviewRecord,
    now: Time,
    changes: &mut ChangeSet,
) -> Result<(), TxError> {
    let referee = review.referee_id;
    let receipt = attributions::of_user(tx, referee).await?;
    let name = user_names::names_of(tx, &[referee]).await?.pop().map(|(_, name)| name).unwrap_or_default();
    let credited = Credited { referee, name: &name, signed_up_at: review.opened_at, to: None };
    let numbers = move_credit::run_in(tx, state, &credited, EventKind::ReferralReviewed, now, changes).await?;
    settle_milestones::run_in(tx, &numbers, false, now, changes).await?;
    let before = rewards::lock_of_referees(tx, &[referee]).await?;
    let mut after = before.clone();
    for reward in after.iter_mut().filter(|reward| reward.cancelled_at.is_none()) {
        reward.end(EndReason::Rejected, review.reason.clone(), false, now);
    }
    save_rewards::update(tx, &before, after, None, now, changes).await?;
    changes.users.extend(review.referrer_id);
    let payments = payments::ids_of_user(tx, referee).await?;
    settle_payments::run_in(tx, &payments, now, changes).await?;
    if let Some(mut receipt) = receipt {
        let (from, reason) = (receipt.credit(), review.reason.clone().unwrap_or_default());
        receipt.corrections.push(Correction { at: now, reason, from, to: None });
        attributions::save(tx, referee, &receipt).await?;
    }
    Ok(())
}

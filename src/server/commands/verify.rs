//! `passalong verify`: whether the file is whole, every counter right, and every payment and reward what its facts
//! say.

use crate::{
    domain::{
        conversions::{facts::Fact, standing::ParkedReason},
        ids::{PaymentId, RewardId, UserId},
        rewards::{
            earning::{Occasion, PaidFacts},
            standing::{at_milestone, standing},
        },
        time::Time,
    },
    server::{
        actions::{
            conversions::settle_payments::work_out,
            rewards::{
                settle_milestones,
                settle_rewards::{paid_facts, referral_facts},
            },
        },
        commands::console::say,
        config::Config,
        errors::BoxError,
        store::{
            counter_check,
            db::{Db, Tx, bring_up_to_date},
            payment_check, payment_facts, payments, referrals, reward_check, reward_rules, rewards, users,
        },
    },
};
use std::process::ExitCode;

/// Payments or rewards that are worked out at a time.
const BATCH: i64 = 500;

/// Exit code 1 when any counter differs from what it counts.
pub async fn run(config: &Config, quiet: bool) -> Result<ExitCode, BoxError> {
    let db = Db::connect(&config.database_url).await.map_err(|error| format!("DATABASE_URL: {error}"))?;
    let corrupt = db.find_corruption().await.unwrap_or_else(|error| Some(error.to_string()));
    if let Some(what) = corrupt {
        return Err(format!("DATABASE_URL: the database is corrupt: {what}").into());
    }
    bring_up_to_date(&db).await?;
    // Instances may be at work meanwhile: all of it as it stood at one moment.
    let mut tx = db.snapshot().await?;
    let mut mismatches = counter_check::find_mismatches(&mut tx).await?;
    mismatches.extend(payment_check::find_mismatches(&mut tx).await?);
    let (codes, clicks, signups) = counter_check::totals(&mut tx).await?;
    mismatches.extend(reward_check::find_mismatches(&mut tx).await?);
    let (payments, wrong) = find_wrong_payments(&mut tx).await?;
    let (rewards, wrong_rewards) = find_wrong_rewards(&mut tx).await?;
    let untold = reward_check::without_event(&mut tx).await?;
    drop(tx);
    let drift = mismatches.len() + wrong.len() + wrong_rewards.len() + untold.len();
    db.close().await;
    for payment in &wrong {
        say(&format!("payment {payment}: it differs from what follows from its facts"));
    }
    for reward in &wrong_rewards {
        say(&format!("reward {reward}: it differs from what follows from its rule, its referral and its payment"));
    }
    for reward in &untold {
        say(&format!("reward {reward}: no event tells of it"));
    }
    for row in &mismatches {
        say(&format!("{}: the counter says {}, the rows say {}", row.what, row.counter, row.rows));
    }
    if !quiet {
        say(&format!(
            "Recounted {codes} codes, {clicks} clicks, {signups} sign-ups, {payments} payments and {rewards} rewards. Drift: {drift}"
        ));
    }
    Ok(if drift == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Works all payments out again: how many there are, and those that differ. Whether one came too late depended on when
/// it was looked at, and stays as it was.
async fn find_wrong_payments(tx: &mut Tx) -> sqlx::Result<(usize, Vec<PaymentId>)> {
    let (mut count, mut wrong, mut after) = (0, vec![], PaymentId(0));
    loop {
        let stored = payments::after(tx, after, BATCH).await?;
        let Some(last) = stored.last().map(|payment| payment.id) else { return Ok((count, wrong)) };
        let ids: Vec<PaymentId> = stored.iter().map(|payment| payment.id).collect();
        let facts = payment_facts::of_payments(tx, &ids).await?;
        let payers: Vec<UserId> = stored.iter().filter_map(|payment| payment.user_id).collect();
        let referrals = referrals::records(tx, &payers).await?;
        for payment in &stored {
            let own = facts.iter().filter(|known| known.payment == payment.id);
            let own: Vec<Fact> = own.map(|known| known.fact.clone()).collect();
            let referral = referrals.iter().find(|referral| Some(referral.referee_id) == payment.user_id);
            let late = payment.parked_because == Some(ParkedReason::TooLate);
            let now = if late { Time::MAX } else { payment.recorded_at };
            let mut again = payment.clone();
            work_out(&mut again, &own, referral, now);
            if again != *payment {
                wrong.push(payment.id);
            }
        }
        count += stored.len();
        after = last;
    }
}

/// Works all rewards out again: how many there are, and those of which something else stands than their rule, their
/// referral and their payment say, or that are in another state than their amounts.
pub async fn find_wrong_rewards(tx: &mut Tx) -> sqlx::Result<(usize, Vec<RewardId>)> {
    let rules = reward_rules::versions(tx).await?;
    let (mut count, mut wrong, mut after) = (0, vec![], RewardId(0));
    loop {
        let stored = rewards::after(tx, after, BATCH).await?;
        let Some(last) = stored.last().map(|reward| reward.id) else { return Ok((count, wrong)) };
        let referees: Vec<UserId> = stored.iter().map(|reward| reward.referee_id).collect();
        let payments = payments::of_users(tx, &referees).await?;
        let referrals = referrals::records(tx, &referees).await?;
        let people = users::standing_of(tx, &referees).await?;
        let (for_milestones, others): (Vec<_>, Vec<_>) =
            stored.into_iter().partition(|reward| matches!(reward.occasion.parse(), Ok(Occasion::Milestone(_))));
        count += for_milestones.len() + others.len();
        let reached = settle_milestones::reached_of(tx, &rules, &for_milestones).await?;
        for (reward, reached) in for_milestones.iter().zip(reached) {
            let found = at_milestone(reward, reached.map(|reached| reached.at));
            let mut again = reward.clone();
            again.stand_at(found.amount, found.reason);
            if again != *reward {
                wrong.push(reward.id);
            }
        }
        for reward in &others {
            let own = payments.iter().filter(|payment| payment.user_id == Some(reward.referee_id));
            let own: Vec<PaidFacts> = own.map(paid_facts).collect();
            let referral = referrals.iter().find(|referral| referral.referee_id == reward.referee_id);
            let referral = referral.map(|referral| referral_facts(referral, &people));
            let rule = rules.iter().find(|rule| (rule.rule, rule.version) == (reward.rule_id, reward.rule_version));
            let mut again = reward.clone();
            if let Some(rule) = rule {
                let found = standing(reward, &rule.terms, referral.as_ref(), &own);
                again.stand_at(found.amount, found.reason);
            }
            // Nothing of a referral in review takes a step.
            let in_review = referral.is_some_and(|referral| referral.in_review);
            let slipped = in_review && reward.state.is_open() && !reward.is_frozen();
            if rule.is_none() || again != *reward || slipped {
                wrong.push(reward.id);
            }
        }
        after = last;
    }
}

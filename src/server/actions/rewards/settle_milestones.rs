//! Giving rewards for milestones: how many friends of a referrer have signed up or paid. Each is given once, is taken
//! back while fewer count, and comes back.
//!
//! Whoever changes such a number holds the referrer's account until the end, after the codes and before the rewards: of
//! two whose friends pay at the same moment, one sees both.

use crate::{
    domain::{
        ids::{RuleId, UserId},
        rewards::{
            earning::{self, Earned, Occasion, ReferralFacts},
            reward::Reward,
            rule::{Milestone, MilestoneOf, RuleTerms, RuleVersion, Trigger},
            standing,
        },
        time::Time,
    },
    server::{
        actions::rewards::{
            grant_rewards::{self, Known},
            save_rewards,
        },
        realtime::change_set::ChangeSet,
        store::{
            db::Tx,
            milestones::{self, Reached, Wanted},
            reward_refusals, reward_rules, rewards,
            users::{self, Standing},
        },
    },
};
use std::collections::BTreeSet;

/// How a number of friends has changed in this transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberChange {
    pub referrer: UserId,
    pub of: MilestoneOf,
    /// Less than nothing for friends who count no longer; 0 where the referrer has changed.
    pub gained: i64,
}

/// Within a transaction of the caller's that has changed these numbers. What was used of a reward that is taken back is
/// owed, or stays with the referrer where `keep` says so.
pub async fn run_in(
    tx: &mut Tx,
    numbers: &[NumberChange],
    keep: bool,
    now: Time,
    changes: &mut ChangeSet,
) -> sqlx::Result<()> {
    if numbers.is_empty() {
        return Ok(());
    }
    let rules = of_milestones(reward_rules::versions(tx).await?);
    if rules.is_empty() {
        return Ok(());
    }
    let referrers: BTreeSet<UserId> = numbers.iter().map(|number| number.referrer).collect();
    users::lock_all(tx, &referrers.into_iter().collect::<Vec<_>>()).await?;
    settle(tx, &rules, numbers, keep, now, changes).await
}

/// A friend has signed up, in a transaction that holds the referrer's account already.
pub async fn of_newcomer(
    tx: &mut Tx,
    rules: &[RuleVersion],
    referrer: UserId,
    now: Time,
    changes: &mut ChangeSet,
) -> sqlx::Result<()> {
    let rules = of_milestones(rules.to_vec());
    let number = NumberChange { referrer, of: MilestoneOf::SignedUp, gained: 1 };
    match rules.is_empty() {
        true => Ok(()),
        false => settle(tx, &rules, &[number], false, now, changes).await,
    }
}

fn of_milestones(mut rules: Vec<RuleVersion>) -> Vec<RuleVersion> {
    rules.retain(|rule| rule.terms.trigger == Trigger::Milestone);
    rules
}

/// `rules` are those for milestones, in all versions.
async fn settle(
    tx: &mut Tx,
    rules: &[RuleVersion],
    numbers: &[NumberChange],
    keep: bool,
    now: Time,
    changes: &mut ChangeSet,
) -> sqlx::Result<()> {
    let ids: BTreeSet<RuleId> = rules.iter().map(|rule| rule.rule).collect();
    let ids: Vec<RuleId> = ids.into_iter().collect();
    let referrers: Vec<UserId> = numbers.iter().map(|number| number.referrer).collect();
    let wanted = may_be_new(rules, numbers, now);
    if numbers.iter().all(|number| number.gained > 0) && !milestones::is_any_new(tx, &ids, &referrers, &wanted).await? {
        return Ok(());
    }
    let before = rewards::lock_for_milestones(tx, &ids, &referrers).await?;
    let people = users::standing_of(tx, &referrers).await?;
    let mut after = before.clone();
    let found = reached_of(tx, rules, &before).await?;
    for (reward, found) in after.iter_mut().zip(found) {
        follow(reward, found, &people, keep, now);
    }
    save_rewards::advance(tx, &mut after, now).await?;
    save_rewards::update(tx, &before, after, None, now, changes).await?;
    let reached = milestones::reached(tx, &wanted).await?;
    for (wanted, reached) in wanted.iter().zip(reached) {
        let Some(reached) = reached.filter(|reached| reached.newly) else { continue };
        let referral = referral(wanted.referrer, &reached);
        let mut earned = earning::by_milestone(rules, &referral, wanted.milestone, reached.count, reached.at, now);
        if wanted.milestone.count.is_none() {
            // Whoever has another goal now has reached one before.
            earned.retain(|earned| !before.iter().any(|reward| is_for_same_goal(rules, reward, earned)));
        }
        let occasion = Occasion::Milestone(reached.count).to_string();
        let refused = match earned[..] {
            [] => continue,
            _ => reward_refusals::of_occasion(tx, wanted.referrer, &occasion).await?,
        };
        let known = Known { rewards: &before, refused: &refused, people: &people };
        grant_rewards::run_in(tx, &referral, earned, &known, |_| (), now, changes).await?;
    }
    Ok(())
}

/// The milestones that these numbers may have reached just now, each once.
fn may_be_new(rules: &[RuleVersion], numbers: &[NumberChange], now: Time) -> Vec<Wanted> {
    let current = rules.iter().filter(|rule| rule.terms.active && rule.was_current_at(now));
    let known: BTreeSet<Milestone> = current.filter_map(|rule| rule.terms.conditions.milestone).collect();
    let of = |number: &NumberChange| {
        let NumberChange { referrer, of, gained } = *number;
        let own = known.iter().filter(move |milestone| milestone.of == of && gained > 0);
        own.map(move |milestone| Wanted { referrer, milestone: *milestone, gained }).collect::<Vec<_>>()
    };
    numbers.iter().flat_map(of).collect()
}

/// Whether the milestones that these rewards are for are reached, and with whom. `rules` are those that gave them.
pub async fn reached_of(tx: &mut Tx, rules: &[RuleVersion], rewards: &[Reward]) -> sqlx::Result<Vec<Option<Reached>>> {
    let wanted = rewards.iter().map(|reward| {
        let of = made_by(rules, reward).and_then(|terms| terms.conditions.milestone).unwrap_or_default().of;
        let count = match reward.occasion.parse() {
            Ok(Occasion::Milestone(count)) => count,
            _ => i64::MAX,
        };
        Wanted { referrer: reward.user_id, milestone: Milestone { of, count: Some(count) }, gained: 0 }
    });
    milestones::reached(tx, &wanted.collect::<Vec<_>>()).await
}

fn made_by<'a>(rules: &'a [RuleVersion], reward: &Reward) -> Option<&'a RuleTerms> {
    let made_by = |rule: &&RuleVersion| (rule.rule, rule.version) == (reward.rule_id, reward.rule_version);
    rules.iter().find(made_by).map(|rule| &rule.terms)
}

/// Puts a reward where the number says.
fn follow(reward: &mut Reward, reached: Option<Reached>, people: &[Standing], keep: bool, now: Time) {
    let found = standing::at_milestone(reward, reached.map(|reached| reached.at));
    if let Some(reached) = reached {
        (reward.referral_id, reward.referee_id) = (Some(reached.referral_id), reached.referee_id);
    } else if keep {
        reward.spare();
    }
    reward.is_for(None, found.happened_at);
    reward.stand_at(found.amount, found.reason);
    let disabled = people.iter().any(|person| person.id == reward.user_id && person.disabled_at.is_some());
    reward.set_frozen(disabled, now);
}

/// Whether a reward is what was earned, given for the goal that its recipient had then.
fn is_for_same_goal(rules: &[RuleVersion], reward: &Reward, earned: &Earned) -> bool {
    let goal = made_by(rules, reward).and_then(|terms| terms.conditions.milestone);
    (reward.user_id, &reward.granted_by) == (earned.user, &earned.granted_by.to_string())
        && goal.is_some_and(|milestone| milestone.count.is_none())
}

/// The referral that reached a milestone, as a reward names it.
fn referral(referrer: UserId, reached: &Reached) -> ReferralFacts {
    ReferralFacts {
        id: reached.referral_id,
        referee: reached.referee_id,
        referrer: Some(referrer),
        signed_up_at: reached.at,
        corrected_at: None,
        in_review: false,
        email_verified: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::rewards::rule::Conditions,
        server::store::{
            fixtures,
            referrals::{self, NewReferral},
            testing,
        },
    };
    use std::time::Duration;

    /// A friend of the referrer has paid, within a transaction that goes on.
    async fn pays(tx: &mut Tx, referrer: UserId, referee: UserId) -> sqlx::Result<()> {
        referrals::set_converted(tx, &[(referee, Some(Time(9)))]).await?;
        let number = NumberChange { referrer, of: MilestoneOf::Converted, gained: 1 };
        run_in(tx, &[number], false, Time(9), &mut ChangeSet::default()).await
    }

    #[tokio::test]
    async fn of_two_friends_who_pay_at_once_one_reaches_the_milestone() -> sqlx::Result<()> {
        let db = testing::postgres().await;
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let code = fixtures::personal(&mut tx, ann, "ANN-1").await?;
        let milestone = Some(Milestone { of: MilestoneOf::Converted, count: Some(2) });
        let terms = RuleTerms {
            trigger: Trigger::Milestone,
            kind: "extra_messages".into(),
            amount: Some(10),
            conditions: Conditions { milestone, ..Conditions::default() },
            ..RuleTerms::default()
        };
        let rule = reward_rules::insert(&mut tx, &terms.validated("USD").expect("terms"), Time(0)).await?;
        for referee in [UserId(71), UserId(72)] {
            let (referee_name, referrer, click, signed_up_at) = ("bob", Some(ann), None, Time(5));
            let new = NewReferral { referee, referee_name, code, referrer, click, signed_up_at };
            referrals::insert(&mut tx, &new).await?;
        }
        tx.commit().await?;
        let (mut first, mut second) = (db.begin().await?, db.begin().await?);
        pays(&mut first, ann, UserId(71)).await?;
        let second = tokio::spawn(async move {
            pays(&mut second, ann, UserId(72)).await?;
            second.commit().await
        });
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(!second.is_finished());
        first.commit().await?;
        second.await.expect("no panic")?;
        let mut tx = db.begin().await?;
        assert_eq!(rewards::lock_for_milestones(&mut tx, &[rule], &[ann]).await?.len(), 1);
        Ok(())
    }
}

//! Bringing rewards up to date with the facts: what is earned is granted, what is given back is taken back.

use crate::{
    domain::{
        ids::UserId,
        rewards::{
            earning::{self, Earned, PaidFacts, ReferralFacts},
            reward::Reward,
            rule::{Recipient, RuleVersion},
            standing::standing,
        },
        time::Time,
    },
    server::{
        actions::rewards::{
            grant_rewards::{self, Known},
            merge_rewards, save_rewards, settle_milestones,
        },
        realtime::change_set::ChangeSet,
        store::{
            db::Tx,
            payments::{self, PaymentRecord},
            referrals::{self, ReferralRecord},
            reward_refusals, reward_rules, rewards,
            users::{self, Standing},
        },
    },
};

/// Whose sign-up is looked at besides payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignUp {
    /// It was looked at when it happened.
    Known,
    /// It has just happened, or is credited for the first time.
    New,
    /// It is credited to somebody else now.
    Moved,
    /// The friend's address is verified now: what the sign-up, told of at this time, has not earned without that.
    Verified { recorded_at: Time },
}

/// Within a transaction of the caller's that holds the referrals of these referees. Doing it again changes nothing.
pub async fn run_in(
    tx: &mut Tx,
    referees: &[UserId],
    sign_up: SignUp,
    now: Time,
    changes: &mut ChangeSet,
) -> sqlx::Result<()> {
    let rules = reward_rules::versions(tx).await?;
    if rules.is_empty() || referees.is_empty() {
        return Ok(());
    }
    let referrals = referrals::records(tx, referees).await?;
    let payments = payments::of_users(tx, referees).await?;
    let before = rewards::lock_of_referees(tx, referees).await?;
    let mut after = before.clone();
    merge_rewards::run_in(tx, &mut after, &payments).await?;
    let mut people: Vec<UserId> = referees.to_vec();
    people.extend(referrals.iter().filter_map(|referral| referral.referrer_id));
    people.extend(after.iter().map(|reward| reward.user_id));
    let people = users::standing_of(tx, &people).await?;

    let mut granted = vec![];
    for referee in referees {
        let own: Vec<PaidFacts> =
            payments.iter().filter(|payment| payment.user_id == Some(*referee)).map(paid_facts).collect();
        let referral = referrals.iter().find(|referral| referral.referee_id == *referee);
        let referral = referral.map(|referral| referral_facts(referral, &people));
        for reward in after.iter_mut().filter(|reward| reward.referee_id == *referee) {
            follow(reward, &rules, referral.as_ref(), &own, &people, now);
        }
        if let Some(referral) = referral {
            let earned = earned(&rules, &referral, &own, sign_up, now);
            granted.push((referral, earned));
        }
    }
    save_rewards::advance(tx, &mut after, now).await?;
    save_rewards::update(tx, &before, after, None, now, changes).await?;
    for (referral, earned) in granted {
        let own: Vec<PaidFacts> =
            payments.iter().filter(|payment| payment.user_id == Some(referral.referee)).map(paid_facts).collect();
        let refused =
            if earned.is_empty() { vec![] } else { reward_refusals::of_referees(tx, &[referral.referee]).await? };
        let known = Known { rewards: &before, refused: &refused, people: &people };
        // What was refunded before anybody told of it is given and taken back at once.
        let settle = |reward: &mut Reward| follow(reward, &rules, Some(&referral), &own, &people, now);
        grant_rewards::run_in(tx, &referral, earned, &known, settle, now, changes).await?;
    }
    Ok(())
}

/// What the sign-up of somebody who has just joined earns, in a transaction that holds their referrer's account.
/// Nothing else is known of them yet.
pub async fn of_newcomer(tx: &mut Tx, referee: UserId, now: Time, changes: &mut ChangeSet) -> sqlx::Result<()> {
    let rules = reward_rules::versions(tx).await?;
    if rules.is_empty() {
        return Ok(());
    }
    let Some(referral) = referrals::records(tx, &[referee]).await?.pop() else { return Ok(()) };
    let people: Vec<UserId> = [Some(referee), referral.referrer_id].into_iter().flatten().collect();
    let people = users::standing_of(tx, &people).await?;
    let referral = referral_facts(&referral, &people);
    let earned = earned(&rules, &referral, &[], SignUp::New, now);
    let known = Known { rewards: &[], refused: &[], people: &people };
    let settle = |reward: &mut Reward| reward.set_frozen(referral.in_review, now);
    grant_rewards::run_in(tx, &referral, earned, &known, settle, now, changes).await?;
    // A friend in review does not count yet.
    match referral.referrer.filter(|_| !referral.in_review) {
        Some(referrer) => settle_milestones::of_newcomer(tx, &rules, referrer, now, changes).await,
        None => Ok(()),
    }
}

/// Puts a reward where the facts say.
fn follow(
    reward: &mut Reward,
    rules: &[RuleVersion],
    referral: Option<&ReferralFacts>,
    payments: &[PaidFacts],
    people: &[Standing],
    now: Time,
) {
    let made_by = |rule: &&RuleVersion| (rule.rule, rule.version) == (reward.rule_id, reward.rule_version);
    let Some(rule) = rules.iter().find(made_by) else { return };
    let found = standing(reward, &rule.terms, referral, payments);
    let disabled = people.iter().any(|person| person.id == reward.user_id && person.disabled_at.is_some());
    reward.is_for(found.payment, found.happened_at);
    reward.stand_at(found.amount, found.reason);
    let in_review = referral.is_some_and(|referral| referral.in_review);
    reward.set_frozen(found.disputed || disabled || in_review, now);
}

fn earned(
    rules: &[RuleVersion],
    referral: &ReferralFacts,
    payments: &[PaidFacts],
    sign_up: SignUp,
    now: Time,
) -> Vec<Earned> {
    let mut earned = match sign_up {
        SignUp::Known => vec![],
        SignUp::New | SignUp::Moved => earning::by_sign_up(rules, referral, now),
        SignUp::Verified { recorded_at } => earning::by_sign_up(rules, referral, recorded_at),
    };
    match sign_up {
        SignUp::Moved => earned.retain(|earned| earned.recipient == Recipient::Referrer),
        SignUp::Verified { .. } => {
            earned.retain(|earned| earned.rules.iter().any(|rule| rule.terms.conditions.verified_email))
        }
        SignUp::Known | SignUp::New => {}
    }
    earned.extend(earning::by_payments(rules, referral, payments));
    earned
}

/// What is known of a payment, as rewards need it.
pub fn paid_facts(payment: &PaymentRecord) -> PaidFacts {
    PaidFacts {
        id: payment.id,
        recorded_at: payment.recorded_at,
        occurred_at: payment.occurred_at,
        amount: payment.amount,
        net_amount: payment.net_amount,
        currency: payment.money_currency(),
        refunded: payment.refunded,
        disputed: payment.disputed,
        counts: payment.code_id.is_some(),
        duplicate: payment.duplicate_of.is_some(),
        earns: payment.earns,
        product: payment.product.clone(),
        period_start: payment.period_start,
    }
}

/// What is known of a referral, as rewards need it.
pub fn referral_facts(referral: &ReferralRecord, people: &[Standing]) -> ReferralFacts {
    let referee = people.iter().find(|person| person.id == referral.referee_id);
    ReferralFacts {
        id: referral.id,
        referee: referral.referee_id,
        referrer: referral.referrer_id,
        signed_up_at: referral.signed_up_at,
        corrected_at: referral.corrected_at,
        in_review: referral.in_review,
        email_verified: referee.is_some_and(|referee| referee.email_verified_at.is_some()),
    }
}

//! What stands of a reward, by the facts about its payment and its referral.

use crate::domain::{
    ids::PaymentId,
    money::ratio,
    rewards::{
        earning::{Occasion, PaidFacts, ReferralFacts, full_amount, meets, total},
        kind,
        reward::{EndReason, Reward},
        rule::{Recipient, RuleTerms},
    },
    time::Time,
};

/// What the facts say of a reward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The payment that it is for now.
    pub payment: Option<PaymentId>,
    pub happened_at: Time,
    /// What stands of it, in the units of its kind.
    pub amount: i64,
    /// Why not all of it stands.
    pub reason: Option<EndReason>,
    /// Whether its payment is disputed.
    pub disputed: bool,
}

/// What stands of a reward for a milestone. `reached_at` is when the number of friends was reached that it is for;
/// nothing while fewer count.
pub fn at_milestone(reward: &Reward, reached_at: Option<Time>) -> Standing {
    Standing {
        payment: None,
        happened_at: reached_at.unwrap_or(reward.happened_at),
        amount: if reached_at.is_some() { reward.granted } else { 0 },
        reason: reached_at.is_none().then_some(EndReason::BelowMilestone),
        disputed: false,
    }
}

/// Works out what stands of a reward for one friend; for one for a milestone see [`at_milestone`]. `payments` are all
/// of the referee, in the order in which they were told of.
pub fn standing(
    reward: &Reward,
    terms: &RuleTerms,
    referral: Option<&ReferralFacts>,
    payments: &[PaidFacts],
) -> Standing {
    let nothing = |reason| Standing {
        payment: reward.payment_id,
        happened_at: reward.happened_at,
        amount: 0,
        reason: Some(reason),
        disputed: false,
    };
    let occasion = reward.occasion.parse();
    if !matches!(occasion, Ok(Occasion::Milestone(_)))
        && reward.recipient == Recipient::Referrer
        && referral.and_then(|referral| referral.referrer) != Some(reward.user_id)
    {
        return nothing(EndReason::Corrected);
    }
    // Without a referral nothing of the friend's is taken away.
    let counts = |payment: &&PaidFacts| payment.counts || (referral.is_none() && !payment.duplicate);
    let payment = match occasion {
        Ok(Occasion::Payment(id)) => payments.iter().find(|payment| payment.id == id).filter(counts),
        Ok(Occasion::First(_)) => {
            let qualifies =
                |payment: &&PaidFacts| referral.is_none_or(|referral| meets(terms, referral, payment, payments));
            let found = || payments.iter().filter(counts).filter(qualifies);
            let own = || payments.iter().find(|payment| Some(payment.id) == reward.payment_id).filter(counts);
            found().find(|payment| payment.left() > 0).or_else(own).or_else(|| found().next())
        }
        Ok(Occasion::Merged(_)) | Err(()) => return nothing(EndReason::Duplicate),
        Ok(Occasion::Signup(_) | Occasion::Milestone(_)) => {
            let (amount, happened_at) = (reward.granted, reward.happened_at);
            return Standing { payment: None, happened_at, amount, reason: None, disputed: false };
        }
    };
    let Some(payment) = payment else {
        let duplicate = payments.iter().any(|payment| Some(payment.id) == reward.payment_id && payment.duplicate);
        return nothing(if duplicate { EndReason::Duplicate } else { EndReason::NotCounted });
    };
    let amount = amount_left(reward, terms, payment, payments);
    Standing {
        payment: Some(payment.id),
        happened_at: payment.occurred_at,
        amount,
        reason: (payment.refunded > 0).then_some(EndReason::Refunded),
        disputed: payment.disputed,
    }
}

/// Money is taken back in proportion to what was given back; anything else when all was, or too little is left for the
/// conditions of its rule.
fn amount_left(reward: &Reward, terms: &RuleTerms, payment: &PaidFacts, payments: &[PaidFacts]) -> i64 {
    if kind::is_money(&reward.kind) {
        let full = if terms.amount.is_some() { reward.granted } else { full_amount(terms, payment) };
        return ratio(full, payment.left(), payment.amount);
    }
    let (min_amount, min_total) = (terms.conditions.min_amount, terms.conditions.min_total);
    let stands = payment.left() > 0
        && (payment.refunded == 0 || min_amount.is_none_or(|least| payment.left() >= least))
        && min_total.is_none_or(|least| total(payment, payments, PaidFacts::left) >= least);
    if stands { reward.granted } else { 0 }
}

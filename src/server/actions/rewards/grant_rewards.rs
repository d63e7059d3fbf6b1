//! Granting what was earned, as far as the rules' caps allow it.

use crate::{
    domain::{
        ids::UserId,
        money::Currency,
        rewards::{
            earning::{Earned, EarnedRule, GrantedBy, ReferralFacts},
            hold::Holds,
            kind,
            refusal::RefusalReason,
            reward::{NewReward, Reward},
            rule::{Approval, RuleTerms},
        },
        settings::ProgramSettings,
        time::{DAY, Time},
    },
    server::{
        actions::rewards::{
            caps::{self, Candidate},
            save_rewards,
        },
        realtime::change_set::ChangeSet,
        store::{
            db::Tx,
            json::json,
            reward_refusals::{self, RefusalRecord},
            settings,
            users::Standing,
        },
    },
    view_models::rewards::{OptionReward, RewardOption},
};

/// What is known when something is granted.
pub struct Known<'a> {
    /// What was granted for the same friend before.
    pub rewards: &'a [Reward],
    /// What was refused before.
    pub refused: &'a [RefusalRecord],
    pub people: &'a [Standing],
}

impl Known<'_> {
    fn holds(&self, earned: &Earned) -> bool {
        let (by, occasion) = (earned.granted_by.to_string(), earned.occasion.to_string());
        let key = (earned.user, &by, &occasion);
        self.rewards.iter().any(|reward| (reward.user_id, &reward.granted_by, &reward.occasion) == key)
            || self.refused.iter().any(|refused| (refused.user_id, &refused.granted_by, &refused.occasion) == key)
    }

    fn has_account(&self, user: UserId) -> bool {
        self.people.iter().any(|person| person.id == user && person.disabled_at.is_none())
    }
}

/// Grants what is neither granted nor refused yet; `settle` puts a new reward where the facts say. What is refused now
/// never comes later.
pub async fn run_in(
    tx: &mut Tx,
    referral: &ReferralFacts,
    earned: Vec<Earned>,
    known: &Known<'_>,
    settle: impl Fn(&mut Reward),
    now: Time,
    changes: &mut ChangeSet,
) -> sqlx::Result<()> {
    let earned: Vec<Earned> = earned.into_iter().filter(|earned| !known.holds(earned)).collect();
    if earned.is_empty() {
        return Ok(());
    }
    let settings = settings::load(tx).await?;
    let (mut waiting, mut refusals) = (vec![], vec![]);
    for earned in earned {
        let Some(rule) = earned.rules.first() else { continue };
        let choice = earned.rules.iter().any(|rule| rule.terms.group.is_some());
        let refusal = match known.has_account(earned.user) {
            false => Some(RefusalReason::NoAccount),
            // Caps are counted when an option is picked.
            true if choice => None,
            true => {
                if rule.terms.caps.any() {
                    // Those before it are counted too.
                    save_rewards::insert(tx, std::mem::take(&mut waiting), now, changes).await?;
                }
                let candidate = Candidate {
                    rule: rule.rule,
                    caps: &rule.terms.caps,
                    referrer: referral.referrer,
                    referee: referral.referee,
                    amount: rule.amount,
                };
                caps::refusal(tx, &candidate, &settings.time_zone, now).await?
            }
        };
        if let Some(reason) = refusal {
            refusals.push(RefusalRecord {
                granted_by: earned.granted_by.to_string(),
                user_id: earned.user,
                occasion: earned.occasion.to_string(),
                referee_id: referral.referee,
                reason,
                refused_at: now,
            });
            continue;
        }
        let mut reward = Reward::granted(match choice {
            true => choice_of(referral, &earned, rule, &settings, now),
            false => reward_of(referral, &earned, rule, &settings, now),
        });
        settle(&mut reward);
        waiting.push(reward);
    }
    reward_refusals::insert(tx, &refusals).await?;
    save_rewards::insert(tx, waiting, now, changes).await
}

fn reward_of(
    referral: &ReferralFacts,
    earned: &Earned,
    rule: &EarnedRule,
    settings: &ProgramSettings,
    now: Time,
) -> NewReward {
    let terms = &rule.terms;
    let hold_days = terms.days_on_hold(Holds::of(settings));
    NewReward {
        rule_id: rule.rule,
        rule_version: rule.version,
        granted_by: earned.granted_by.to_string(),
        user_id: earned.user,
        recipient: earned.recipient,
        occasion: earned.occasion.to_string(),
        referee_id: referral.referee,
        referral_id: Some(referral.id),
        referrer_id: referral.referrer,
        payment_id: earned.payment,
        choice_id: None,
        options: "[]".into(),
        kind: terms.kind.clone(),
        unit: terms.unit.clone(),
        currency: rule.currency.as_ref().map(Currency::to_string),
        description: terms.description.clone(),
        granted: rule.amount,
        hold_until: earned.happened_at.plus(hold_days.saturating_mul(DAY)),
        needs_approval: terms.approval == Approval::Manual,
        valid_days: terms.valid_days,
        happened_at: earned.happened_at,
        created_at: now,
    }
}

fn choice_of(
    referral: &ReferralFacts,
    earned: &Earned,
    rule: &EarnedRule,
    settings: &ProgramSettings,
    now: Time,
) -> NewReward {
    let mut options: Vec<RewardOption> = vec![];
    for rule in &earned.rules {
        let name = rule.terms.option.clone().unwrap_or_default();
        let reward = OptionReward {
            rule_id: rule.rule,
            rule_version: rule.version,
            kind: rule.terms.kind.clone(),
            unit: rule.terms.unit.clone(),
            amount: rule.amount,
            currency: rule.currency.as_ref().map(Currency::to_string),
            description: rule.terms.description.clone(),
        };
        match options.iter_mut().find(|known| known.option == name) {
            Some(known) => known.rewards.push(reward),
            None => options.push(RewardOption { option: name, rewards: vec![reward] }),
        }
    }
    NewReward {
        kind: kind::CHOICE.into(),
        unit: None,
        currency: None,
        description: String::new(),
        granted: 1,
        options: json(&options),
        needs_approval: false,
        ..reward_of(referral, earned, rule, settings, now)
    }
}

/// One of the rewards of an option that was picked from a choice.
pub fn picked(choice: &Reward, option: &OptionReward, terms: &RuleTerms, hold_until: Time, now: Time) -> Reward {
    Reward::granted(NewReward {
        rule_id: option.rule_id,
        rule_version: option.rule_version,
        granted_by: GrantedBy::Rule(option.rule_id).to_string(),
        user_id: choice.user_id,
        recipient: choice.recipient,
        occasion: choice.occasion.clone(),
        referee_id: choice.referee_id,
        referral_id: choice.referral_id,
        referrer_id: choice.referrer_id,
        payment_id: choice.payment_id,
        choice_id: Some(choice.id),
        options: "[]".into(),
        kind: option.kind.clone(),
        unit: option.unit.clone(),
        currency: option.currency.clone(),
        description: option.description.clone(),
        granted: option.amount,
        hold_until,
        needs_approval: terms.approval == Approval::Manual,
        valid_days: terms.valid_days,
        happened_at: choice.happened_at,
        created_at: now,
    })
}

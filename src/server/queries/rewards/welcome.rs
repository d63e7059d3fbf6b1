//! What a friend gets for joining, by the rules of now.

use crate::{
    domain::rewards::rule::{Recipient, Trigger},
    error::AppError,
    server::{state::AppState, store::reward_rules},
    text::Texts,
    view_models::rewards::{OptionReward, Welcome},
};

/// What both sides get by a sign-up today, in words; empty where they get nothing.
pub(crate) async fn run(state: &AppState, texts: &Texts) -> Result<Welcome, AppError> {
    if !state.settings.get().referral_codes_enabled {
        return Ok(Welcome::default());
    }
    let now = state.clock.now();
    let rules = reward_rules::current(&mut state.db.read().await?).await?;
    let of = |recipient: Recipient| {
        let given = rules.iter().filter(|rule| {
            (rule.terms.trigger, rule.terms.recipient) == (Trigger::Signup, recipient)
                && rule.terms.runs_at(now)
                && rule.terms.group.is_none()
        });
        let parts: Vec<String> = given
            .filter_map(|rule| {
                Some(texts.option_reward(&OptionReward {
                    rule_id: rule.rule,
                    rule_version: rule.version,
                    kind: rule.terms.kind.clone(),
                    unit: rule.terms.unit.clone(),
                    amount: rule.terms.amount?,
                    currency: rule.terms.currency.clone().filter(|_| rule.terms.unit.is_none()),
                    description: rule.terms.description.clone(),
                }))
            })
            .collect();
        texts.joined(&parts)
    };
    Ok(Welcome { friend: of(Recipient::Referee), referrer: of(Recipient::Referrer) })
}

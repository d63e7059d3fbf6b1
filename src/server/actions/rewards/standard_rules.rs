//! The rules that a new program begins with.

use crate::{
    domain::{
        rewards::{
            kind,
            rule::{Recipient, RuleTerms, Trigger},
        },
        time::Time,
    },
    server::store::{db::Tx, reward_rules},
};

/// The group of what a referrer can choose from when a friend pays for the first time.
const FIRST_PAYMENT: &str = "first-payment";

/// Makes them all, where there is no rule yet and never was one.
pub async fn run_in(tx: &mut Tx, currency: &str, now: Time) -> sqlx::Result<()> {
    if !reward_rules::versions(tx).await?.is_empty() {
        return Ok(());
    }
    for terms in standard(currency) {
        reward_rules::insert(tx, &terms, now).await?;
    }
    Ok(())
}

fn standard(currency: &str) -> Vec<RuleTerms> {
    let joined = |recipient, hold_days, kind: &str, amount, valid_days, description: &str| RuleTerms {
        trigger: Trigger::Signup,
        recipient,
        hold_days,
        valid_days,
        ..terms(kind, amount, description)
    };
    let referrer = |kind, amount, description| joined(Recipient::Referrer, None, kind, amount, Some(30), description);
    // So that the welcome is there at once.
    let referee = |kind, amount, days, text| joined(Recipient::Referee, Some(0), kind, amount, days, text);
    let paid = |option: &str, kind, amount, description| RuleTerms {
        trigger: Trigger::FirstConversion,
        recipient: Recipient::Referrer,
        group: Some(FIRST_PAYMENT.into()),
        option: Some(option.into()),
        ..terms(kind, amount, description)
    };
    let rules = vec![
        referrer(kind::EXTRA_MESSAGES, 10, "10 extra messages"),
        referrer(kind::EXTRA_REQUESTS, 5, "5 extra project requests"),
        paid("credit", kind::ACCOUNT_CREDIT, 1_000, "$10 credit"),
        paid("pro", kind::FEATURE_UNLOCK, 30, "a month of Pro"),
        paid("usage", kind::EXTRA_MESSAGES, 50, "50 extra messages"),
        paid("usage", kind::EXTRA_REQUESTS, 25, "25 extra requests"),
        referee(kind::EXTRA_MESSAGES, 5, Some(30), "5 extra messages"),
        referee(kind::EXTRA_REQUESTS, 2, Some(30), "2 extra requests"),
        referee(kind::FEATURE_UNLOCK, 7, None, "7 days of Pro"),
    ];
    rules.into_iter().filter_map(|terms| terms.validated(currency).ok()).collect()
}

fn terms(kind: &str, amount: i64, description: &str) -> RuleTerms {
    RuleTerms {
        name: String::new(),
        kind: kind.into(),
        amount: Some(amount),
        description: description.into(),
        ..RuleTerms::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_them_are_rules() {
        assert_eq!(standard("USD").len(), 9);
    }
}

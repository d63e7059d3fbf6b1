//! Rewards, in words.

use crate::{
    domain::{
        money::{Currency, Money},
        rewards::{
            kind,
            reward::{EndReason, RewardProblem, RewardState},
        },
        time::{DAY, Time},
    },
    text::Texts,
    view_models::rewards::{Balance, OptionReward, RewardOption, RewardView},
};

impl Texts {
    /// An amount of money or of a unit: `$10.00`, `50 messages`.
    pub(crate) fn amount(&self, amount: i64, unit: Option<&str>, currency: Option<&str>) -> String {
        if let Some(currency) = currency.and_then(Currency::parse) {
            return self.money(&Money { amount, currency });
        }
        let digits = self.number(amount);
        let Some(unit) = unit else { return digits };
        let is_of = |kind: &str| kind::standard_unit(kind) == Some(unit);
        if is_of(kind::EXTRA_MESSAGES) {
            self.amount_messages(amount, digits)
        } else if is_of(kind::EXTRA_REQUESTS) {
            self.amount_requests(amount, digits)
        } else if is_of(kind::FEATURE_UNLOCK) {
            self.amount_days(amount, digits)
        } else {
            // What an admin calls it, most likely in the plural.
            self.amount_own(digits, if amount == 1 { unit.strip_suffix('s').unwrap_or(unit) } else { unit })
        }
    }

    /// An amount of a reward's kind.
    pub(crate) fn reward_amount(&self, reward: &RewardView, amount: i64) -> String {
        self.amount(amount, reward.unit.as_deref(), reward.currency.as_deref())
    }

    /// An amount of a balance's kind.
    pub(crate) fn balance_amount(&self, balance: &Balance, amount: i64) -> String {
        self.amount(amount, balance.unit.as_deref(), balance.currency.as_deref())
    }

    /// A description of a rule: an admin's words as they are, and those that programs begin with in the reader's
    /// language.
    pub(crate) fn described(&self, description: &str) -> String {
        if description == "a month of Pro" {
            return self.month_of_pro();
        }
        let dollars = |amount: &&str| amount.strip_prefix('$').is_some_and(|amount| amount.parse::<i64>().is_ok());
        if let Some(amount) = description.strip_suffix(" credit").filter(dollars) {
            return self.credit_of(amount);
        }
        let counted = description.split_once(' ').and_then(|(number, what)| Some((number.parse::<i64>().ok()?, what)));
        match counted {
            Some((count, "extra messages")) => self.extra_messages(count, self.number(count)),
            Some((count, "extra requests")) => self.extra_requests(count, self.number(count)),
            Some((count, "extra project requests")) => self.extra_project_requests(count, self.number(count)),
            Some((count, "days of Pro")) => self.days_of_pro(count, self.number(count)),
            _ => description.to_owned(),
        }
    }

    /// Why a step was refused, for the recipient.
    pub(crate) fn reward_problem(&self, problem: RewardProblem) -> String {
        match problem {
            RewardProblem::AlreadyRedeemed => self.reward_problem_already_redeemed(),
            RewardProblem::Expired => self.reward_problem_expired(),
            RewardProblem::OnHold => self.reward_problem_on_hold(),
            RewardProblem::Frozen => self.reward_problem_frozen(),
            RewardProblem::ChoicePending => self.reward_problem_choice_pending(),
            RewardProblem::Voided => self.reward_problem_voided(),
            RewardProblem::Reversed => self.reward_problem_reversed(),
            RewardProblem::AlreadyChosen => self.reward_problem_already_chosen(),
            RewardProblem::NotPending => self.reward_problem_not_pending(),
            RewardProblem::OptionUnknown => self.reward_problem_option_unknown(),
            RewardProblem::CapReached => self.reward_problem_cap_reached(),
            RewardProblem::InsufficientBalance => self.reward_problem_insufficient_balance(),
            RewardProblem::NothingOwed => self.reward_problem_nothing_owed(),
        }
    }

    /// What a reward is: an amount of money, else what its rule calls it.
    pub(crate) fn reward_title(&self, reward: &RewardView) -> String {
        if reward.is_choice() {
            return self.reward_choice_title();
        }
        let amount = if reward.amount > 0 { reward.amount } else { reward.granted };
        match reward.description.as_str() {
            "" => self.reward_amount(reward, amount),
            _ if kind::is_money(&reward.kind) => self.reward_amount(reward, amount),
            description => self.described(description),
        }
    }

    /// What one of several rewards is.
    pub(crate) fn option_reward(&self, reward: &OptionReward) -> String {
        match reward.description.as_str() {
            "" => self.amount(reward.amount, reward.unit.as_deref(), reward.currency.as_deref()),
            _ if kind::is_money(&reward.kind) => self.amount(reward.amount, None, reward.currency.as_deref()),
            description => self.described(description),
        }
    }

    /// What an option of a choice gives.
    pub(crate) fn option(&self, option: &RewardOption) -> String {
        let parts: Vec<String> = option.rewards.iter().map(|reward| self.option_reward(reward)).collect();
        self.joined(&parts)
    }

    /// What a referrer has a reward for; `friend` is the beginning of a name, or nothing.
    pub(crate) fn reward_because(&self, occasion: &str, friend: String) -> String {
        let friend = if friend.is_empty() { self.reward_a_friend() } else { friend };
        match occasion.split(':').next() {
            Some("signup") => self.reward_for_sign_up(friend),
            Some("milestone") => {
                let count = occasion.rsplit(':').next().and_then(|count| count.parse().ok()).unwrap_or_default();
                self.reward_for_milestone(count, self.number(count))
            }
            Some("first") => self.reward_for_first_payment(friend),
            _ => self.reward_for_payment(friend),
        }
    }

    /// How a reward stands, with the time that is left.
    pub(crate) fn reward_status(&self, reward: &RewardView, now: Time) -> String {
        match reward.state {
            _ if reward.frozen => self.reward_frozen(),
            RewardState::Pending if reward.is_choice() => self.reward_choose(),
            RewardState::Pending if reward.needs_approval => self.reward_needs_approval(),
            RewardState::Pending if reward.hold_until <= now => self.reward_about_to_be_active(),
            RewardState::Pending => self.reward_on_hold(self.date(reward.hold_until)),
            RewardState::Active => match reward.valid_until {
                Some(until) => self.reward_active_until((until.since(now).max(0) + DAY - 1) / DAY, self.date(until)),
                None => self.reward_active(),
            },
            RewardState::Redeemed if reward.owed > 0 => self.reward_owed(self.reward_amount(reward, reward.owed)),
            RewardState::Redeemed => match reward.redeemed_at {
                Some(at) => self.reward_redeemed_on(self.date(at)),
                None => self.reward_redeemed(),
            },
            RewardState::Expired => match reward.valid_until {
                Some(at) => self.reward_expired_on(self.date(at)),
                None => self.reward_expired(),
            },
            RewardState::Voided | RewardState::Reversed => {
                let why = self.reward_ended(reward);
                match reward.owed {
                    0 => why,
                    owed => format!("{why} {}", self.reward_owed(self.reward_amount(reward, owed))),
                }
            }
        }
    }

    /// Why a reward is gone.
    pub(crate) fn reward_ended(&self, reward: &RewardView) -> String {
        match (reward.end_reason(), &reward.reason) {
            (Some(EndReason::Refunded), _) => self.reward_ended_refunded(),
            (Some(EndReason::Duplicate), _) => self.reward_ended_duplicate(),
            (Some(EndReason::NotCounted), _) => self.reward_ended_not_counted(),
            (Some(EndReason::Corrected), _) => self.reward_ended_corrected(),
            (Some(EndReason::BelowMilestone), _) => self.reward_ended_below_milestone(),
            (Some(EndReason::NotChosen), _) => self.reward_ended_not_chosen(),
            (Some(EndReason::Erased), _) => self.reward_ended_erased(),
            (Some(EndReason::Cancelled | EndReason::Rejected) | None, Some(note)) => self.reward_ended_by_admin(note),
            _ => self.reward_ended_not_counted(),
        }
    }

    /// Things one after the other, as in a sentence.
    pub(crate) fn joined(&self, parts: &[String]) -> String {
        match parts {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => {
                let sound = last.to_lowercase();
                let i = ["i", "í", "hi"].iter().any(|start| sound.starts_with(start));
                // "hie" and "hia" sound otherwise, as in "hielo".
                match i && !sound.starts_with("hie") && !sound.starts_with("hia") {
                    true => self.list_and_before_i(first.join(", "), last),
                    false => self.list_and(first.join(", "), last),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{english, spanish};

    #[test]
    fn an_option_is_said_by_what_it_gives() {
        let reward = |kind: &str, amount, currency: Option<&str>, description: &str| OptionReward {
            rule_id: 1.into(),
            rule_version: 1,
            kind: kind.into(),
            unit: None,
            amount,
            currency: currency.map(str::to_owned),
            description: description.into(),
        };
        let rewards = vec![reward("account_credit", 500, Some("USD"), "a credit"), reward("mug", 1, None, "a mug")];
        assert_eq!(english().option(&RewardOption { option: "both".into(), rewards }), "$5.00 and a mug");
    }

    #[test]
    fn things_are_joined_as_in_a_sentence() {
        let joined =
            |parts: &[&str]| english().joined(&parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>());
        assert_eq!(
            [joined(&[]), joined(&["a"]), joined(&["a", "b"]), joined(&["a", "b", "c"])],
            ["", "a", "a and b", "a, b and c"]
        );
        let spanish = |last: &str| spanish().joined(&["1".into(), "2".into(), last.into()]);
        assert_eq!(
            ["3", "ideas", "Índice", "hielo"].map(spanish),
            ["1, 2 y 3", "1, 2 e ideas", "1, 2 e Índice", "1, 2 y hielo"]
        );
    }

    #[test]
    fn an_amount_has_the_words_of_its_unit() {
        let said = |texts: Texts| {
            [(1, "messages"), (2_000, "requests"), (1, "days"), (1, "mugs"), (3, "mugs")]
                .map(|(amount, unit)| texts.amount(amount, Some(unit), None).replace('\u{a0}', " "))
        };
        assert_eq!(said(english()), ["1 message", "2,000 requests", "1 day", "1 mug", "3 mugs"]);
        assert_eq!(said(spanish()), ["1 mensaje", "2.000 solicitudes", "1 día", "1 mug", "3 mugs"]);
        assert_eq!(spanish().amount(1_000, None, Some("EUR")), "10,00\u{a0}€");
    }

    #[test]
    fn descriptions_that_programs_begin_with_are_said_in_spanish() {
        for (description, text) in [
            ("10 extra messages", "10 mensajes adicionales"),
            ("25 extra requests", "25 solicitudes adicionales"),
            ("5 extra project requests", "5 solicitudes de proyecto adicionales"),
            ("7 days of Pro", "7 días de Pro"),
            ("a month of Pro", "un mes de Pro"),
            ("$10 credit", "$10 de crédito"),
            ("store credit", "store credit"),
            ("2 mugs", "2 mugs"),
        ] {
            assert_eq!(english().described(description), description);
            assert_eq!(spanish().described(description), text);
        }
    }

    #[test]
    fn a_reward_says_in_spanish_what_it_is_for() {
        let because = |occasion| spanish().reward_because(occasion, String::new());
        assert_eq!(because("signup"), "Un amigo se unió");
        assert_eq!(because("first"), "Un amigo hizo su primer pago");
        assert_eq!(because("milestone:1"), "Llegaste a 1 amigo");
        assert_eq!(because("milestone:1000"), "Llegaste a 1.000 amigos");
    }
}

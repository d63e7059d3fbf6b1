//! How rewards and balances look from outside.

use super::{Picture, names, time};
use crate::model::{
    host::Host,
    program::Program,
    reward::{Balance, Occasion, Owner, State},
    reward_rules::{Kind, RULES},
};
use passalong::{
    domain::{ids::UserId, rewards::reward::RewardState, time::Time},
    server::store::{db::Tx, reward_balances},
    view_models::rewards::RewardRow,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// A reward as it is shown.
#[derive(Debug)]
#[expect(dead_code, reason = "compared as text")]
struct Shown {
    state: &'static str,
    amount: i64,
    granted: i64,
    currency: Option<String>,
    available: i64,
    owed: i64,
    frozen: bool,
    /// Whether it waits for an admin.
    waits: bool,
    hold: Option<String>,
    until: Option<String>,
    payment: Option<String>,
    picked: Option<String>,
    reason: Option<String>,
}

/// Several that look the same are counted.
fn add(lines: &mut Picture, rewards: Vec<String>, balances: BTreeMap<(Owner, String), Balance>) {
    let mut counts = BTreeMap::<String, usize>::new();
    for line in rewards {
        *counts.entry(line).or_default() += 1;
    }
    lines.extend(counts.into_iter().map(|(line, count)| format!("{count} reward {line}")));
    lines.extend(balances.into_iter().map(|((owner, kind), balance)| format!("{owner:?} has of {kind}: {balance:?}")));
}

fn kind_text(kind: &str, currency: Option<&str>) -> String {
    format!("{kind} {}", currency.unwrap_or_default())
}

/// What a reward is called.
pub fn label(program: &Program, index: usize) -> String {
    let (rule, owner, occasion) = program.rewards[index].key;
    let rule = rule.map_or("choice", |rule| RULES[rule].name);
    let occasion = match occasion {
        Occasion::SignUp(_) => "sign-up".into(),
        Occasion::First(_) => "first payment".into(),
        Occasion::Payment(payment) => names(program, payment),
        Occasion::Twin(_) => "twin".into(),
    };
    format!("{rule} of {owner:?} for {occasion} of person {}", program.rewards[index].friend)
}

/// What the site should show.
pub fn expect(program: &Program, lines: &mut Picture) {
    let now = program.now;
    let mut balances = BTreeMap::<(Owner, String), Balance>::new();
    let mut rewards = vec![];
    for (index, reward) in program.rewards.iter().enumerate() {
        let (state, balance) = (reward.state(now), reward.balance(now));
        let shown = Shown {
            state: state.text(),
            amount: reward.stands,
            granted: reward.granted,
            currency: reward.currency.map(str::to_owned),
            available: balance.available,
            owed: balance.owed,
            frozen: reward.frozen_since.is_some(),
            waits: state == State::Pending && reward.by_hand && !reward.approved,
            hold: (state == State::Pending).then(|| time(Some(reward.hold_until()))),
            until: reward.valid_until.map(|at| time(Some(at))),
            payment: reward.payment.map(|payment| names(program, payment)),
            picked: reward.picked.map(str::to_owned),
            reason: reward.reason.filter(|_| reward.stands == 0).map(str::to_owned),
        };
        rewards.push(format!("{}: {shown:?}", label(program, index)));
        if reward.kind != Kind::Choice {
            let kind = kind_text(reward.kind.text(), reward.currency);
            balances.entry((reward.key.1, kind)).or_default().add(balance);
        }
    }
    add(lines, rewards, balances);
}

impl Host<'_> {
    /// What the site shows.
    pub(super) async fn add_rewards(&self, tx: &mut Tx, payments: &[Value], lines: &mut Picture) {
        let at = |at: Time| time(Some(self.hours(at)));
        let mut rewards = vec![];
        for row in self.rewards(tx).await {
            let label = self.label(&row, payments);
            let reward = row.reward;
            let shown = Shown {
                state: reward.state.as_str(),
                amount: reward.amount,
                granted: reward.granted,
                currency: reward.currency,
                available: reward.available,
                owed: reward.owed,
                frozen: reward.frozen,
                waits: reward.needs_approval,
                hold: (reward.state == RewardState::Pending).then(|| at(reward.hold_until)),
                until: reward.valid_until.map(at),
                payment: reward.conversion_id.map(|id| self.names_of(payments, id.0)),
                picked: reward.chosen,
                reason: reward.reason.filter(|_| reward.amount == 0),
            };
            rewards.push(format!("{label}: {shown:?}"));
        }
        let mut balances = BTreeMap::new();
        for id in self.referrers.iter().chain(&self.people) {
            let owner = self.owner(*id).expect("an owner");
            for found in reward_balances::of_user(tx, *id, self.site.clock.now()).await.expect("read") {
                let balance = Balance {
                    pending: found.pending,
                    available: found.available,
                    frozen: found.frozen,
                    redeemed: found.redeemed,
                    expired: found.expired,
                    owed: found.owed,
                };
                balances.insert((owner, kind_text(&found.kind, found.currency.as_deref())), balance);
            }
        }
        add(lines, rewards, balances);
    }

    /// What a reward is called.
    pub fn label(&self, row: &RewardRow, payments: &[Value]) -> String {
        let rule = self.rules.iter().position(|rule| *rule == row.reward.rule_id).expect("a rule");
        let rule = if row.reward.is_choice() { "choice" } else { RULES[rule].name };
        let owner = self.owner(row.reward.user_id).expect("an owner");
        let occasion = match row.occasion.split_once(':').expect("an occasion") {
            ("signup", _) => "sign-up".into(),
            ("first", _) => "first payment".into(),
            ("payment", id) => self.names_of(payments, id.parse().expect("an id")),
            _ => "twin".into(),
        };
        let friend = self.people.iter().position(|id: &UserId| *id == row.referee_id).expect("a friend");
        format!("{rule} of {owner:?} for {occasion} of person {friend}")
    }
}

//! Rewards at the real site: what is done with them, and what comes by itself.

use super::Host;
use crate::model::{
    action::rewards::RewardAction,
    picture::label,
    program::{Program, REASON, Wanted},
    reward::Owner,
};
use passalong::{
    domain::{ids::UserId, time::HOUR},
    server::{
        actions::rewards::advance_rewards,
        realtime::change_set::ChangeSet,
        store::{
            db::Tx,
            reward_list::{self, RewardFilter},
        },
    },
    view_models::rewards::RewardRow,
};
use serde_json::json;

/// Steps that are taken at once.
const BATCH: i64 = 500;

impl Host<'_> {
    /// Lets everything come that comes by itself by now, also for sequences that are over.
    pub(super) async fn notice(&self) {
        let mut taken = 1;
        while taken > 0 {
            let (mut tx, mut changes) =
                (self.site.state.db.begin().await.expect("a transaction"), ChangeSet::default());
            taken = advance_rewards::run_in(&mut tx, BATCH, self.now(), &mut changes).await.expect("advanced");
            self.site.state.publisher.commit_and_publish(tx, &changes).await.expect("committed");
        }
    }

    pub(super) async fn step(&mut self, action: &RewardAction, program: &Program) -> (u16, String) {
        let (door, body) = match *action {
            RewardAction::Edit { rule, version } => {
                self.site.clock.advance(HOUR);
                self.notice().await;
                let body = version.json(rule);
                let answer = self.api.patch(&format!("/rules/{}", self.rules[rule]), body).await;
                return (answer.status, String::new());
            }
            RewardAction::Use { .. } => {
                let Wanted { owner, kind, currency, amount } = program.wanted(action).expect("a reward");
                self.sent += 1;
                let source = format!("use-{}", self.sent);
                let body = json!({"amount": amount, "source_id": source, "currency": currency});
                (format!("/users/{}/balances/{}/use", self.user(owner), kind.text()), body)
            }
            RewardAction::UseAgain => self.last_use.clone().expect("a use"),
            RewardAction::Redeem { .. } => {
                (self.door(action, program, "redeem").await, json!({"source_id": "redeemed"}))
            }
            RewardAction::Void { .. } => (self.door(action, program, "void").await, json!({"reason": REASON})),
            RewardAction::Approve { .. } => (self.door(action, program, "approve").await, json!({})),
            RewardAction::Choose { option, .. } => {
                (self.door(action, program, "choose").await, json!({"option": option}))
            }
        };
        let answer = self.api.post(&door, body.clone()).await;
        if answer.status == 201 {
            self.last_use = Some((door, body));
        }
        let code = if answer.status < 400 { String::new() } else { answer.code().to_owned() };
        (answer.status, code)
    }

    /// The path of a verb for the reward that an action is about.
    async fn door(&self, action: &RewardAction, program: &Program, verb: &str) -> String {
        let wanted = label(program, program.picked(action).expect("a reward"));
        let mut tx = self.site.state.db.read().await.expect("a transaction");
        let payments = self.payments(&mut tx).await;
        let rewards = self.rewards(&mut tx).await;
        let found = rewards.iter().find(|row| self.label(row, &payments) == wanted);
        format!("/rewards/{}/{verb}", found.map_or(0, |row| row.reward.id.0))
    }

    /// All rewards of the people of this sequence, the oldest first.
    pub async fn rewards(&self, tx: &mut Tx) -> Vec<RewardRow> {
        let mut page = reward_list::page(tx, &RewardFilter::default(), None, 200, self.now()).await.expect("read");
        page.retain(|row| self.owner(row.reward.user_id).is_some());
        page.reverse();
        page
    }

    pub fn user(&self, owner: Owner) -> UserId {
        match owner {
            Owner::Referrer(referrer) => self.referrers[referrer],
            Owner::Person(person) => self.people[person],
        }
    }

    pub fn owner(&self, id: UserId) -> Option<Owner> {
        let place = |all: &[UserId]| all.iter().position(|known| *known == id);
        place(&self.referrers).map(Owner::Referrer).or_else(|| place(&self.people).map(Owner::Person))
    }
}

//! The same happenings at the real site, through the doors that host products, Stripe and admins use.

mod fixtures;
mod messages;
mod rewards;

use super::{
    action::{Action, SLOTS},
    payment::Name,
    program::{Program, REASON},
    reward_rules::{CHANGED, RULES, Version},
};
use crate::{api::Api, site::Site, stripe};
use fixtures::{company, make_campaign, make_referrer};
use passalong::{
    domain::{
        ids::{CodeId, PaymentId, RuleId, UserId},
        time::{DAY, HOUR, SECOND, Time},
    },
    server::store::{
        db::Tx,
        payment_list::{self, PaymentFilter},
    },
};
use reqwest::Client;
use serde_json::{Value, json};

/// People, codes and payments of one sequence, apart from those of all others.
pub struct Host<'a> {
    pub site: &'a Site,
    pub api: &'a Api,
    client: &'a Client,
    /// In the order of the model.
    pub rules: &'a [RuleId],
    /// Stands in all names.
    pub sequence: String,
    pub began: Time,
    /// By their order in the model, as the people who sign up.
    pub referrers: Vec<UserId>,
    pub codes: Vec<(CodeId, String)>,
    pub people: Vec<UserId>,
    /// The last payment before the sequence.
    before: PaymentId,
    sent: usize,
    last_sent: Option<Value>,
    /// The last use of a balance: its path and its body.
    last_use: Option<(String, Value)>,
}

impl<'a> Host<'a> {
    /// Makes two referrers and two campaign codes, after all that has happened before, when the rules are as they were
    /// made.
    pub async fn start(site: &'a Site, api: &'a Api, client: &'a Client, rules: &'a [RuleId], number: usize) -> Self {
        site.clock.advance(HOUR);
        for (rule, id) in rules.iter().enumerate().take(CHANGED) {
            api.patch(&format!("/rules/{id}"), Version::First.json(rule)).await.with(200);
        }
        let began = site.clock.now();
        let (sequence, mut tx) = (format!("s{number}x"), site.state.db.begin().await.expect("a transaction"));
        let (mut referrers, mut codes) = (vec![], vec![]);
        for n in 0..2 {
            let (id, code) = make_referrer(&mut tx, &sequence, n, began).await;
            referrers.push(id);
            codes.push(code);
        }
        for (max_uses, beneficiary) in [(Some(2), Some(referrers[1])), (None, None)] {
            codes.push(make_campaign(&mut tx, &sequence, max_uses, beneficiary, began).await);
        }
        let last = payment_list::page(&mut tx, PaymentFilter::default(), None, 1).await.expect("read");
        let before = last.first().map_or(PaymentId(0), |payment| payment.id);
        tx.commit().await.expect("stored");
        let (people, sent, last_sent, last_use) = (vec![], 0, None, None);
        Self { site, api, client, rules, sequence, began, referrers, codes, people, before, sent, last_sent, last_use }
    }

    fn named(&self, name: &str) -> String {
        format!("{name}-{}", self.sequence)
    }

    fn now(&self) -> Time {
        self.site.clock.now()
    }

    fn external_id(&self, friend: usize) -> String {
        self.named(&format!("f{friend}"))
    }

    fn email(&self, friend: usize) -> String {
        format!("{}f{friend}@example.com", self.sequence)
    }

    /// Does it; the status of the answer, and the code of a refusal that is about rewards. `program` knows who is who.
    pub async fn perform(&mut self, action: &Action, program: &Program) -> (u16, String) {
        match action {
            Action::Reward(step) => self.step(step, program).await,
            _ => (self.happen(action, program).await, String::new()),
        }
    }

    async fn happen(&mut self, action: &Action, program: &Program) -> u16 {
        match action {
            Action::Tell { .. } | Action::TellTwo { .. } => {
                let body = self.payment(action, program);
                self.api.post("/conversions", body).await.status
            }
            Action::TellRefund { slot, n, part } => {
                let id = self.payment_of(*slot).await;
                let body =
                    json!({"source_id": self.named(&format!("r-{slot}-{n}")), "amount": part.of(SLOTS[*slot].amount)});
                self.api.post(&format!("/conversions/{id}/refunds"), body).await.status
            }
            Action::Invoice { .. }
            | Action::Checkout { .. }
            | Action::Charge { .. }
            | Action::Join { .. }
            | Action::Refund { .. }
            | Action::RefundTotal { .. }
            | Action::Dispute { .. } => {
                let (kind, object) = self.object(action, program);
                self.sent += 1;
                let mut event = stripe::event(&format!("evt_{}{}", self.sequence, self.sent), kind, object);
                event["created"] = json!(self.now().0 / SECOND);
                let status = self.send(&event).await;
                self.last_sent = Some(event);
                status
            }
            Action::Again => self.send(&self.last_sent.clone().expect("an event")).await,
            Action::Wait { hours, noticed } => {
                self.site.clock.advance(hours * HOUR);
                if *noticed {
                    self.notice().await;
                }
                200
            }
            _ => self.administer(action, program).await,
        }
    }

    async fn send(&self, event: &Value) -> u16 {
        stripe::send_with(self.client, self.site, event).await
    }

    async fn administer(&mut self, action: &Action, program: &Program) -> u16 {
        let person = |friend: usize| self.people[program.person(friend).expect("a person")];
        match *action {
            Action::SignUp { friend, code, external, colleague, days_ago } => {
                let body = json!({
                    "email": self.email(friend),
                    "external_id": external.then(|| self.external_id(friend)),
                    "account_id": company(&self.sequence, if colleague { "acme" } else { "elsewhere" }),
                    "code": code.map(|code| &self.codes[code].1),
                    "code_source": "link",
                    "signed_up_at": self.now().plus(-days_ago * DAY).rfc_3339(),
                });
                let made = self.api.post("/users", body).await;
                self.people.extend(made.body["id"].as_i64().map(UserId));
                made.status
            }
            Action::Correct { friend, code, keep } => {
                let code = code.map(|code| &self.codes[code].1);
                let body = json!({"code": code, "reason": REASON, "keep_rewards": keep});
                self.api.put(&format!("/users/{}/referral", person(friend)), body).await.status
            }
            Action::Erase { friend } => self.api.delete(&format!("/users/{}", person(friend))).await.status,
            Action::EraseReferrer { referrer } => {
                self.api.delete(&format!("/users/{}", self.referrers[referrer])).await.status
            }
            Action::Disable { referrer, disabled } => {
                let body = json!({"disabled": disabled});
                self.api.patch(&format!("/users/{}", self.referrers[referrer]), body).await.status
            }
            Action::DeleteCode { code } => self.api.delete(&format!("/codes/{}", self.codes[code].0)).await.status,
            _ => unreachable!("{action:?}"),
        }
    }

    /// All payments of this sequence, the oldest first, as the API shows them.
    pub async fn payments(&self, tx: &mut Tx) -> Vec<Value> {
        let page = payment_list::page(tx, PaymentFilter::default(), None, 100).await.expect("read");
        let own = page.iter().rev().filter(|payment| payment.id > self.before);
        own.map(|payment| serde_json::to_value(payment).expect("JSON")).collect()
    }

    /// The first payment of a slot that is none of another one's duplicates.
    async fn payment_of(&self, slot: usize) -> i64 {
        let names = Name::all_of(slot).map(|name| name.text(&self.sequence));
        let rows = self.payments(&mut self.site.state.db.read().await.expect("a transaction")).await;
        let named = |row: &&Value| {
            let refs = row["refs"].as_array().expect("names");
            row["state"] != "duplicate"
                && row["parked_because"] != "payment_missing"
                && names.iter().any(|name| refs.contains(&json!(name)) || row["source_id"] == *name)
        };
        rows.iter().find(named).map_or(0, id_of)
    }
}

/// Makes the rules of the program.
pub async fn make_rules(api: &Api) -> Vec<RuleId> {
    let mut made = vec![];
    for terms in RULES {
        made.push(RuleId(id_of(&api.post("/rules", terms.json()).await.with(201))));
    }
    made
}

pub fn id_of(it: &Value) -> i64 {
    it["id"].as_i64().expect("an id")
}

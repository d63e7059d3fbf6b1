//! The same happenings at the real site, through the doors that host products, Stripe and admins use.

use super::{
    action::{Action, Dispute, Refund, SLOTS, Slot, Who},
    payment::Name,
    program::Program,
};
use crate::{
    api::Api,
    site::{PASSWORD, START, Site},
    stripe,
};
use passalong::{
    domain::{
        accounts::new_account::NewAccount,
        codes::code::Code,
        ids::{CodeId, PaymentId, UserId},
        time::{DAY, HOUR, SECOND, Time},
    },
    server::store::{
        codes,
        db::Tx,
        payment_list::{self, PaymentFilter},
        users,
    },
};
use reqwest::Client;
use serde_json::{Value, json};

/// People, codes and payments of one sequence, apart from those of all others.
pub struct Host<'a> {
    pub site: &'a Site,
    pub api: &'a Api,
    client: &'a Client,
    /// Stands in all names.
    pub sequence: String,
    /// By their order in the model, as the people who sign up.
    pub referrers: Vec<UserId>,
    pub codes: Vec<(CodeId, String)>,
    pub people: Vec<UserId>,
    /// The last payment before the sequence.
    before: PaymentId,
    sent: usize,
    last_sent: Option<Value>,
}

impl<'a> Host<'a> {
    /// Makes two referrers and two campaign codes, at the time at which sites start.
    pub async fn start(site: &'a Site, api: &'a Api, client: &'a Client, number: usize) -> Self {
        site.clock.set(START);
        let (sequence, mut tx) = (format!("s{number}x"), site.state.db.begin().await.expect("a transaction"));
        let (mut referrers, mut codes) = (vec![], vec![]);
        for n in 0..2 {
            let (id, code) = make_referrer(&mut tx, &sequence, n).await;
            referrers.push(id);
            codes.push(code);
        }
        for (max_uses, beneficiary) in [(Some(2), Some(referrers[1])), (None, None)] {
            codes.push(make_campaign(&mut tx, &sequence, max_uses, beneficiary).await);
        }
        let last = payment_list::page(&mut tx, PaymentFilter::default(), None, 1).await.expect("read");
        let before = last.first().map_or(PaymentId(0), |payment| payment.id);
        tx.commit().await.expect("stored");
        let (people, sent, last_sent) = (vec![], 0, None);
        Self { site, api, client, sequence, referrers, codes, people, before, sent, last_sent }
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

    /// Does it; the status of the answer. `program` knows who is who.
    pub async fn perform(&mut self, action: &Action, program: &Program) -> u16 {
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
            Action::Wait { hours } => {
                self.site.clock.advance(hours * HOUR);
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
            Action::Correct { friend, code } => {
                let body = json!({"code": code.map(|code| &self.codes[code].1), "reason": "A test says so"});
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

    /// A payment as the host product tells of it.
    fn payment(&self, action: &Action, program: &Program) -> Value {
        match *action {
            Action::Tell { slot, who, other_amount, net, hours_ago, invoice, intent } => {
                let Slot { friend, currency, amount, net: without_tax, .. } = SLOTS[slot];
                let names = [invoice.then_some(Name::Invoice(slot)), intent.then_some(Name::Intent(slot))];
                let names: Vec<String> = names.into_iter().flatten().map(|name| name.text(&self.sequence)).collect();
                let mut body = json!({
                    "source_id": Name::Order(slot).text(&self.sequence),
                    "amount": amount + if other_amount { 100 } else { 0 },
                    "currency": currency,
                    "net_amount": net.then_some(without_tax),
                    "occurred_at": self.now().plus(-hours_ago * HOUR).rfc_3339(),
                    "provider_refs": names,
                });
                match who {
                    Who::Person => body["user_id"] = json!(self.people[program.person(friend).expect("a person")]),
                    Who::External | Who::CustomerAndExternal => body["external_id"] = json!(self.external_id(friend)),
                    _ => body["email"] = json!(self.email(friend)),
                }
                body
            }
            Action::TellTwo { slot, other } => {
                let Slot { friend, currency, amount, .. } = SLOTS[slot];
                json!({
                    "source_id": Name::Order(slot).text(&self.sequence),
                    "external_id": self.external_id(friend),
                    "amount": amount,
                    "currency": currency,
                    "provider_refs": [Name::Intent(other).text(&self.sequence), Name::Invoice(other).text(&self.sequence)],
                })
            }
            _ => unreachable!("{action:?}"),
        }
    }

    /// What an event of Stripe's is about, and its kind.
    fn object(&self, action: &Action, program: &Program) -> (&'static str, Value) {
        let name = |name: Name| json!(name.text(&self.sequence));
        let object = |slot: usize| json!({"currency": SLOTS[slot].currency.to_lowercase()});
        let units = |slot: usize, amount: i64| json!(amount * SLOTS[slot].stripe_units);
        match *action {
            Action::Invoice { slot, who, before_2025, by_hand } => {
                let Slot { amount, net, .. } = SLOTS[slot];
                let mut it = self.with_payer(object(slot), slot, who, program);
                (it["id"], it["object"]) = (name(Name::Invoice(slot)), json!("invoice"));
                (it["amount_paid"], it["total"]) = (units(slot, amount), units(slot, amount));
                it["total_excluding_tax"] = units(slot, net);
                it["billing_reason"] = json!(if by_hand { "manual" } else { "subscription_create" });
                it["attempt_count"] = json!(if by_hand { 0 } else { 1 });
                if before_2025 {
                    (it["payment_intent"], it["charge"]) = (name(Name::Intent(slot)), name(Name::Charge(slot)));
                }
                ("invoice.paid", it)
            }
            Action::Checkout { slot, who, with_invoice, paid } => {
                let Slot { amount, net, .. } = SLOTS[slot];
                let mut it = self.with_payer(object(slot), slot, who, program);
                (it["id"], it["object"]) = (name(Name::Session(slot)), json!("checkout.session"));
                it["mode"] = json!(if with_invoice { "subscription" } else { "payment" });
                it["payment_status"] = json!(if paid { "paid" } else { "unpaid" });
                it["amount_total"] = units(slot, amount);
                it["total_details"] = json!({"amount_tax": units(slot, amount - net)});
                match with_invoice {
                    true => it["invoice"] = name(Name::Invoice(slot)),
                    false => it["payment_intent"] = name(Name::Intent(slot)),
                }
                ("checkout.session.completed", it)
            }
            Action::Charge { slot, who, before_2025 } => {
                let mut it = self.with_payer(object(slot), slot, who, program);
                (it["id"], it["object"]) = (name(Name::Charge(slot)), json!("charge"));
                (it["payment_intent"], it["amount"]) = (name(Name::Intent(slot)), units(slot, SLOTS[slot].amount));
                if before_2025 {
                    it["invoice"] = name(Name::Invoice(slot));
                }
                ("charge.succeeded", it)
            }
            Action::Join { slot, other } => {
                let payment = json!({"type": "payment_intent", "payment_intent": name(Name::Intent(other))});
                let it = json!({"id": self.named("inpay"), "object": "invoice_payment", "invoice": name(Name::Invoice(slot)), "payment": payment});
                ("invoice_payment.paid", it)
            }
            Action::RefundTotal { slot, part } => {
                let mut it = object(slot);
                (it["id"], it["object"]) = (name(Name::Charge(slot)), json!("charge"));
                it["payment_intent"] = name(Name::Intent(slot));
                it["amount_refunded"] = units(slot, part.of(SLOTS[slot].amount));
                ("charge.refunded", it)
            }
            Action::Refund { slot, n, part, state } => {
                let (kind, status) = match state {
                    Refund::Pending => ("refund.created", "pending"),
                    Refund::Succeeded => ("refund.updated", "succeeded"),
                    Refund::Failed => ("refund.failed", "failed"),
                    Refund::Canceled => ("charge.refund.updated", "canceled"),
                };
                (kind, self.of_charge("refund", slot, n, units(slot, part.of(SLOTS[slot].amount)), status))
            }
            Action::Dispute { slot, n, part, state } => {
                let (kind, status) = match state {
                    Dispute::Open => ("charge.dispute.created", "needs_response"),
                    Dispute::Won => ("charge.dispute.closed", "won"),
                    Dispute::Lost => ("charge.dispute.closed", "lost"),
                    Dispute::Strange => ("charge.dispute.updated", "a_state_to_come"),
                };
                (kind, self.of_charge("dispute", slot, n, units(slot, part.of(SLOTS[slot].amount)), status))
            }
            _ => unreachable!("{action:?}"),
        }
    }

    /// A refund or dispute of a charge.
    fn of_charge(&self, object: &str, slot: usize, n: usize, amount: Value, status: &str) -> Value {
        json!({
            "id": self.named(&format!("{object}-{slot}-{n}")),
            "object": object,
            "charge": Name::Charge(slot).text(&self.sequence),
            "payment_intent": Name::Intent(slot).text(&self.sequence),
            "amount": amount,
            "currency": SLOTS[slot].currency.to_lowercase(),
            "status": status,
        })
    }

    fn with_payer(&self, mut object: Value, slot: usize, who: Who, program: &Program) -> Value {
        let friend = SLOTS[slot].friend;
        if matches!(who, Who::Customer | Who::CustomerAndExternal | Who::CustomerAndEmail) {
            object["customer"] = json!(self.named(&format!("cus-{friend}")));
        }
        match who {
            Who::Person => {
                let id = self.people[program.person(friend).expect("a person")];
                object["metadata"] = json!({"passalong_user": id.to_string()});
            }
            Who::External => object["client_reference_id"] = json!(self.external_id(friend)),
            Who::CustomerAndExternal => object["metadata"] = json!({"passalong_user": self.external_id(friend)}),
            Who::Email | Who::CustomerAndEmail => object["customer_email"] = json!(self.email(friend).to_uppercase()),
            Who::Nobody | Who::Customer => {}
        }
        object
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
                && names.iter().any(|name| refs.contains(&json!(name)) || row["source_id"] == *name)
        };
        rows.iter().find(named).map_or(0, id_of)
    }
}

pub fn id_of(payment: &Value) -> i64 {
    payment["id"].as_i64().expect("an id")
}

/// Somebody with a personal code, who works at a company of their own.
async fn make_referrer(tx: &mut Tx, sequence: &str, n: usize) -> (UserId, (CodeId, String)) {
    let name = format!("r{n}-{sequence}");
    let account = NewAccount::parse(&format!("{name}@example.com"), &name, PASSWORD).expect("an account");
    let new = users::NewUser {
        email: &account.email,
        username: &account.username,
        password_hash: None,
        admin: false,
        goal: 10,
        consent_at: None,
        created_at: START,
    };
    let id = users::insert(tx, &new).await.expect("stored").expect("a free name");
    let company = company(sequence, ["acme", "alone"][n]);
    let update = users::UserUpdate {
        email: &account.email,
        username: &account.username,
        external_id: None,
        account_id: Some(&company),
        full_name: None,
        phone: None,
        locale: None,
        goal: 10,
        admin: false,
        disabled_at: None,
    };
    users::update(tx, id, &update).await.expect("stored");
    let code = Code::parse(&name).expect("a code");
    let made = codes::insert_personal(tx, id, &code, START).await.expect("stored").expect("a free code");
    (id, (made, name))
}

async fn make_campaign(
    tx: &mut Tx,
    sequence: &str,
    max_uses: Option<i64>,
    beneficiary: Option<UserId>,
) -> (CodeId, String) {
    let name = format!("campaign-{}-{sequence}", max_uses.unwrap_or_default());
    let new = codes::NewCampaign {
        code: &Code::parse(&name).expect("a code"),
        description: "Made by a test",
        category: None,
        active: true,
        max_uses,
        expires_at: None,
        beneficiary,
        created_by: None,
        created_at: START,
    };
    (codes::insert_campaign(tx, &new).await.expect("stored").expect("a free code"), name)
}

/// The host product's id of a company. Friends work at that of the first referrer or elsewhere.
fn company(sequence: &str, name: &str) -> String {
    format!("{name}-{sequence}")
}

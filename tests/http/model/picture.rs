//! What a program looks like from outside, in lines that the model and the real site are compared by.

mod rewards;
pub use rewards::label;

use super::{
    host::{Host, id_of},
    payment::Name,
    program::{Numbers, Program},
};
use passalong::{
    domain::{
        ids::CodeId,
        money::Money,
        time::{HOUR, Time},
    },
    server::store::{code_details, counters, referrals, revenue},
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Lines in any order.
pub type Picture = BTreeSet<String>;

fn time(hour: Option<i64>) -> String {
    hour.map_or_else(|| "never".into(), |hour| format!("at hour {hour}"))
}

fn person(index: Option<usize>) -> String {
    index.map_or_else(|| "nobody".into(), |index| format!("person {index}"))
}

/// What the site should look like.
pub fn expected(program: &Program) -> Picture {
    let mut lines = Picture::new();
    let mut twins = BTreeMap::<String, usize>::new();
    for (index, payment) in program.payments.iter().enumerate() {
        let Some(standing) = program.standing(index) else {
            let waiting = payment.waiting();
            if !payment.is_live() {
                if payment.paid().is_some() {
                    *twins.entry(names(program, index)).or_default() += 1;
                }
            } else if let Some(given_back) = waiting {
                let payer = person(payment.payer.map(|payer| payer.person));
                lines.insert(waits(&names(program, index), given_back, &payer));
            }
            continue;
        };
        lines.insert(format!(
            "payment {}: {} {}, {} {}, net {}, refunded {}, by {}, {}, told by {}",
            names(program, index),
            standing.state,
            standing.parked_because.unwrap_or("in full"),
            standing.amount,
            standing.currency,
            standing.net,
            standing.refunded,
            person(payment.payer.map(|payer| payer.person)),
            time(Some(standing.at)),
            standing.source,
        ));
    }
    lines.extend(twins.into_iter().map(|(names, count)| format!("{count} duplicates of {names}")));
    for code in 0..program.codes.len() {
        let numbers = program.is_shown(code).then(|| program.numbers(&[code]));
        lines.insert(shown(&format!("code {code}"), numbers));
    }
    for (referrer, known) in program.referrers.iter().enumerate() {
        let codes = if referrer == 0 { &[0][..] } else { &[1, 2] };
        let numbers = (!known.erased).then(|| program.numbers(codes));
        lines.insert(shown(&format!("referrer {referrer}"), numbers));
    }
    for (index, known) in program.people.iter().enumerate() {
        let Some(referral) = known.referral else { continue };
        lines.insert(brought(index, referral.code, referral.referrer, program.converted_at(index)));
    }
    rewards::expect(program, &mut lines);
    lines
}

fn waits(names: &str, given_back: i64, payer: &str) -> String {
    format!("payment {names}: unknown as yet, refunded {given_back}, by {payer}")
}

fn shown(what: &str, numbers: Option<Numbers>) -> String {
    numbers.map_or_else(|| format!("{what}: gone"), |numbers| format!("{what}: {numbers:?}"))
}

fn brought(person: usize, code: usize, referrer: Option<usize>, converted_at: Option<i64>) -> String {
    let referrer = referrer.map_or_else(|| "nobody".into(), |index| format!("referrer {index}"));
    format!("person {person} came by code {code}, {referrer} is credited, converted {}", time(converted_at))
}

/// The names of a payment, or of the one that it turned out to be the same as.
fn names(program: &Program, index: usize) -> String {
    let payment = &program.payments[index];
    if let Some(other) = payment.duplicate_of {
        return names(program, other);
    }
    let of_stripe = payment.names.iter().filter(|name| !matches!(name, Name::Order(_)));
    let all: BTreeSet<String> = of_stripe.copied().chain(payment.host_name()).map(|name| name.text("")).collect();
    format!("{all:?}")
}

impl Host<'_> {
    /// What the site looks like.
    pub async fn picture(&self) -> Picture {
        let mut lines = Picture::new();
        let mut tx = self.site.state.db.read().await.expect("a transaction");
        let payments = self.payments(&mut tx).await;
        let mut twins = BTreeMap::<String, usize>::new();
        for row in &payments {
            if let Some(other) = row["duplicate_of"].as_i64() {
                *twins.entry(self.names_of(&payments, other)).or_default() += 1;
                continue;
            }
            if row["parked_because"] == "payment_missing" {
                let given_back = row["refunded"].as_i64().expect("an amount");
                lines.insert(waits(&self.names(row), given_back, &person(self.person(&row["user_id"]))));
                continue;
            }
            lines.insert(format!(
                "payment {}: {} {}, {} {}, net {}, refunded {}, by {}, {}, told by {}",
                self.names(row),
                text(&row["state"]),
                row["parked_because"].as_str().unwrap_or("in full"),
                row["amount"],
                text(&row["currency"]),
                row["net_amount"],
                row["refunded"],
                person(self.person(&row["user_id"])),
                time(self.hour(&row["occurred_at"])),
                text(&row["source"]),
            ));
        }
        lines.extend(twins.into_iter().map(|(names, count)| format!("{count} duplicates of {names}")));
        let ids: Vec<CodeId> = self.codes.iter().map(|(id, _)| *id).collect();
        let mut revenue = revenue::of_codes(&mut tx, &ids).await.expect("read");
        for (code, id) in ids.iter().enumerate() {
            let found = code_details::details_by_id(&mut tx, *id, self.site.clock.now()).await.expect("read");
            let revenue = revenue.remove(id).unwrap_or_default();
            let numbers = found.map(|code| numbers(code.signups, code.conversions, &revenue));
            lines.insert(shown(&format!("code {code}"), numbers));
        }
        for (referrer, id) in self.referrers.iter().enumerate() {
            let found = counters::of_user(&mut tx, *id).await.expect("read");
            let revenue = revenue::of_user(&mut tx, *id).await.expect("read");
            let numbers = found.map(|stats| numbers(stats.signups, stats.conversions, &revenue));
            lines.insert(shown(&format!("referrer {referrer}"), numbers));
        }
        for referral in referrals::of_referees(&mut tx, &self.people).await.expect("read") {
            let person = self.people.iter().position(|id| *id == referral.referee_id).expect("a person");
            let code = ids.iter().position(|id| *id == referral.code_id).expect("a code");
            let referrer = self.referrers.iter().position(|id| Some(*id) == referral.referrer_id);
            lines.insert(brought(person, code, referrer, referral.converted_at.map(|at| self.hours(at))));
        }
        self.add_rewards(&mut tx, &payments, &mut lines).await;
        lines
    }

    fn person(&self, id: &Value) -> Option<usize> {
        self.people.iter().position(|known| *id == json!(known))
    }

    fn names(&self, row: &Value) -> String {
        let refs = row["refs"].as_array().expect("names").iter();
        let all = refs.chain([&row["source_id"]]).filter_map(Value::as_str);
        let all: BTreeSet<String> = all.map(|name| name.replace(&self.sequence, "")).collect();
        format!("{all:?}")
    }

    /// The names of the payment with this id, or of the one that it turned out to be the same as.
    fn names_of(&self, payments: &[Value], id: i64) -> String {
        let Some(row) = payments.iter().find(|row| id_of(row) == id) else { return "unknown".into() };
        row["duplicate_of"].as_i64().map_or_else(|| self.names(row), |other| self.names_of(payments, other))
    }

    fn hour(&self, value: &Value) -> Option<i64> {
        Time::parse_rfc_3339(value.as_str()?).map(|at| self.hours(at))
    }

    fn hours(&self, at: Time) -> i64 {
        at.since(self.began) / HOUR
    }
}

fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}

fn numbers(sign_ups: i64, conversions: i64, revenue: &[Money]) -> Numbers {
    let revenue = revenue.iter().map(|money| (money.currency.to_string(), money.amount)).collect();
    Numbers { sign_ups, conversions, revenue }
}

//! The part of the load that pays, and uses what that earns: Stripe's events and the host product's own messages, each
//! sent until it is answered.

use crate::{
    crash::{serve, wait},
    stripe::{event, signed_now},
};
use passalong::{domain::time::SECOND, server::config::clock::Clock};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::sleep;

/// People who pay.
const PAYERS: usize = 4;

const AMOUNT: i64 = 4_900;

/// What the referrer gets for each payment, in cents, which are used one by one.
const REWARD: i64 = 100;

/// Who tells of payments.
#[derive(Clone, Copy)]
pub enum Teller {
    Stripe,
    Host,
    /// Of a cent of what payments have earned.
    Use,
}

/// How far one of them is.
#[derive(Default)]
struct Told {
    next: usize,
    unanswered: BTreeSet<usize>,
    answered: BTreeSet<usize>,
    repeats: usize,
}

/// All payments of a test, by number. Those with an even one are told of by both.
pub struct Payments {
    client: Client,
    base: String,
    key: String,
    referrers: Vec<Value>,
    told: [Mutex<Told>; 3],
}

impl Payments {
    /// Makes people who pay, each brought by one of the codes.
    pub async fn start(url: &str, port: u16, codes: &[String]) -> Arc<Self> {
        let _server = serve(url, port);
        let base = format!("http://127.0.0.1:{port}");
        wait(&base).await;
        let key = command(&["api-key", "create", "--name", "Shop", "--scopes", "admin", "--database-url", url]);
        let key = key.trim().to_owned();
        let mut payments =
            Self { client: crate::clients::client(), base, key, referrers: vec![], told: Default::default() };
        let rule = json!({
            "trigger": "every_conversion", "kind": "account_credit", "amount": REWARD, "currency": "USD", "hold_days": 0,
        });
        let made = payments.client.post(payments.address("/rules")).bearer_auth(&payments.key).json(&rule).send();
        assert_eq!(made.await.expect("an answer").status(), 201);
        for (n, code) in codes.iter().enumerate().take(PAYERS) {
            let payer =
                json!({"email": format!("payer-{n}@example.com"), "external_id": format!("payer-{n}"), "code": code});
            let made = payments.client.post(payments.address("/users")).bearer_auth(&payments.key).json(&payer).send();
            assert_eq!(made.await.expect("an answer").status(), 201);
            let referrer = payments.get(&format!("/users/ext:payer-{n}")).await["referred_by"].clone();
            payments.referrers.push(referrer);
        }
        Arc::new(payments)
    }

    fn address(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.base)
    }

    fn told(&self, teller: Teller) -> std::sync::MutexGuard<'_, Told> {
        self.told[teller as usize].lock().expect("no panic")
    }

    /// Tells of one payment after the other until the server is gone.
    pub async fn tell(self: Arc<Self>, teller: Teller) {
        loop {
            let n = self.told(teller).next();
            if !self.tell_of(teller, n).await {
                return;
            }
        }
    }

    /// Whether there is still somebody to tell. What is put off stays unanswered, and is told again.
    async fn tell_of(&self, teller: Teller, n: usize) -> bool {
        let sent = match teller {
            Teller::Stripe => {
                let body = invoice(n).to_string();
                let request = self.client.post(format!("{}/webhooks/stripe", self.base));
                request.header("stripe-signature", signed_now(&body)).body(body).send().await
            }
            Teller::Host => {
                let request = self.client.post(self.address("/conversions")).bearer_auth(&self.key);
                request.json(&order(n)).send().await
            }
            Teller::Use => {
                let referrer = &self.referrers[n % PAYERS];
                let request = self.client.post(self.address(&format!("/users/{referrer}/balances/account_credit/use")));
                let body = json!({"amount": 1, "source_id": format!("use-{n}")});
                request.bearer_auth(&self.key).json(&body).send().await
            }
        };
        let Ok(answer) = sent else { return false };
        // Of those who pay, some may not have yet.
        let nothing_yet = matches!(teller, Teller::Use) && answer.status() == StatusCode::CONFLICT;
        if answer.status() == StatusCode::SERVICE_UNAVAILABLE || nothing_yet {
            sleep(Duration::from_millis(50)).await;
            return true;
        }
        assert!(answer.status().is_success(), "payment {n} was answered with {}", answer.status());
        let mut told = self.told(teller);
        told.unanswered.remove(&n);
        told.answered.insert(n);
        true
    }

    /// Tells of what nobody has answered, and makes sure that all that was told of is there, once.
    pub async fn check(&self) {
        for teller in [Teller::Stripe, Teller::Host, Teller::Use] {
            let unanswered = self.told(teller).unanswered.clone();
            for n in unanswered {
                while self.told(teller).unanswered.contains(&n) {
                    assert!(self.tell_of(teller, n).await, "the server is gone");
                }
            }
        }
        let (by_stripe, by_host) =
            (self.told(Teller::Stripe).answered.clone(), self.told(Teller::Host).answered.clone());
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        let (mut rows, mut after) = (0, String::new());
        loop {
            let page = self.get(&format!("/conversions?limit=100{after}")).await;
            for row in page["data"].as_array().expect("rows") {
                assert_eq!((&row["state"], &row["amount"]), (&json!("counted"), &json!(AMOUNT)), "{row}");
                rows += 1;
                let refs = row["refs"].as_array().expect("names").iter().filter(|_| row["source"] == "stripe");
                for name in refs.chain([&row["source_id"]]).filter_map(Value::as_str) {
                    *found.entry(name.to_owned()).or_default() += 1;
                }
            }
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        let promised = by_stripe.iter().map(|n| format!("in_{n}")).chain(by_host.iter().map(|n| format!("order-{n}")));
        let lost: Vec<String> = promised.clone().filter(|name| !found.contains_key(name)).collect();
        assert!(lost.is_empty(), "{} payments were lost, as {:?}", lost.len(), lost.first());
        assert!(found.values().all(|count| *count == 1) && found.len() == promised.count(), "{found:?}");
        let (events, orders) = (by_stripe.len(), by_host.len());
        assert!(events.min(orders) > 20, "too few payments to tell anything: {events} by Stripe, {orders} by the host");
        let both = by_stripe.intersection(&by_host).filter(|n| *n % 2 == 0).count();
        assert_eq!(rows, by_stripe.len() + by_host.len() - both, "payments were doubled");
        let mut revenue = 0;
        for n in 0..PAYERS {
            let payer = self.get(&format!("/users/ext:payer-{n}")).await;
            let stats = self.get(&format!("/users/{}/stats", payer["referred_by"])).await;
            assert_eq!(stats["conversions"], 1, "{stats}");
            revenue += stats["revenue"][0]["amount"].as_i64().expect("an amount");
        }
        let rows = i64::try_from(rows).expect("a number");
        assert_eq!(revenue, AMOUNT * rows);
        let uses = self.told(Teller::Use).answered.len();
        assert!(uses > 20, "too few uses to tell anything: {uses}");
        let (mut available, mut redeemed) = (0, 0);
        for referrer in &self.referrers {
            let balances = self.get(&format!("/users/{referrer}/balances")).await;
            let credit =
                balances["data"].as_array().expect("balances").iter().find(|row| row["kind"] == "account_credit");
            let credit = credit.expect("credit");
            available += credit["available"].as_i64().expect("an amount");
            redeemed += credit["redeemed"].as_i64().expect("an amount");
        }
        assert_eq!(redeemed, i64::try_from(uses).expect("a number"), "uses were lost or doubled");
        assert_eq!(available + redeemed, REWARD * rows, "rewards were lost or doubled");
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.client.get(self.address(path)).bearer_auth(&self.key).send().await.expect("an answer");
        serde_json::from_str(&answer.text().await.expect("a body")).expect("JSON")
    }
}

impl Told {
    /// What nobody has answered comes first. One in five that were is sent again; what is sent once only is lost when
    /// it is lost.
    fn next(&mut self) -> usize {
        if let Some(n) = self.unanswered.first() {
            return *n;
        }
        self.repeats += 1;
        let again = self.repeats.is_multiple_of(6).then(|| 5 * (self.repeats % (self.next / 5 + 1)));
        if let Some(n) = again.filter(|n| self.answered.contains(n)) {
            return n;
        }
        self.next += 1;
        self.unanswered.insert(self.next - 1);
        self.next - 1
    }
}

fn invoice(n: usize) -> Value {
    let object = json!({
        "id": format!("in_{n}"), "object": "invoice", "amount_paid": AMOUNT, "total": AMOUNT, "currency": "usd",
        "customer": format!("cus_{}", n % PAYERS), "metadata": {"passalong_user": format!("payer-{}", n % PAYERS)},
    });
    let mut paid = event(&format!("evt_{n}"), "invoice.paid", object);
    paid["created"] = json!(Clock::real_now().0 / SECOND);
    paid
}

fn order(n: usize) -> Value {
    let mut names = vec![format!("in_{n}")];
    names.retain(|_| n.is_multiple_of(2));
    json!({
        "external_id": format!("payer-{}", n % PAYERS), "source_id": format!("order-{n}"), "amount": AMOUNT,
        "currency": "USD", "provider_refs": names,
    })
}

/// Runs a command of the program that goes well; what it prints.
pub fn command(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_passalong")).args(args).output().expect("the binary runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {}{said}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stdout).expect("UTF-8")
}

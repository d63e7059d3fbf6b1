//! A program with rules of its own, in which friends join, pay and are given their money back: for tests of rewards.

use crate::{
    api::{Answer, Api},
    site::Site,
    stripe,
};
use passalong::server::{
    actions::rewards::advance_rewards,
    commands::verify,
    realtime::change_set::ChangeSet,
    store::{db::Db, reward_check},
};
use serde_json::{Value, json};

/// A site whose program has these rules alone, Ann who shares, and Bob whom she brought; everything that comes by
/// itself comes when a test says so.
pub struct Program {
    pub site: Site,
    pub api: Api,
    pub ann: Value,
    pub rules: Vec<Value>,
}

impl Program {
    pub async fn start(db: Db, rules: &[Value]) -> Self {
        let stripe = ["--stripe-webhook-secret", stripe::SECRET];
        let site = Site::start_with(db, &stripe).await.with_admin().await.without_tasks().await.without_rules().await;
        let api = Api::new(&site, "admin").await;
        let mut made = vec![];
        for rule in rules {
            made.push(api.post("/rules", rule.clone()).await.with(201));
        }
        let ann = api.post("/users", json!({"email": "ann@example.com", "external_id": "ann"})).await.with(201);
        let program = Self { site, api, ann, rules: made };
        program.friend("bob").await;
        program
    }

    /// Somebody joins by Ann's link.
    pub async fn friend(&self, name: &str) -> Value {
        let body = json!({
            "email": format!("{name}@example.com"), "external_id": name, "code": self.ann["code"], "code_source": "link",
        });
        self.api.post("/users", body).await.with(201)
    }

    /// Bob pays in US dollars.
    pub async fn pay(&self, order: &str, amount: i64) -> Value {
        self.pay_with(order, amount, json!({})).await
    }

    pub async fn pay_with(&self, order: &str, amount: i64, more: Value) -> Value {
        let mut body = json!({"external_id": "bob", "source_id": order, "amount": amount, "currency": "USD"});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        self.api.post("/conversions", body).await.with(201)
    }

    pub async fn refund(&self, payment: &Value, id: &str, amount: i64) {
        let body = json!({"source_id": id, "amount": amount});
        self.api.post(&format!("/conversions/{}/refunds", payment["id"]), body).await.with(201);
    }

    /// The rewards of a user, the oldest first, after all books were found right.
    pub async fn rewards(&self, user: &str) -> Vec<Value> {
        self.check().await;
        let found = self.api.get(&format!("/users/ext:{user}/rewards?limit=100")).await.with(200);
        let mut found = found["data"].as_array().expect("rewards").clone();
        found.reverse();
        found
    }

    /// State and amount of each reward of a user.
    pub async fn states(&self, user: &str) -> Vec<(String, i64)> {
        let state = |reward: &Value| {
            (reward["state"].as_str().expect("a state").to_owned(), reward["amount"].as_i64().expect("an amount"))
        };
        self.rewards(user).await.iter().map(state).collect()
    }

    /// One balance of a user.
    pub async fn balance(&self, user: &str, kind: &str) -> Value {
        let balances = self.api.get(&format!("/users/ext:{user}/balances")).await.with(200);
        let found =
            balances["data"].as_array().expect("balances").iter().find(|balance| balance["kind"] == kind).cloned();
        found.unwrap_or_default()
    }

    /// Time goes on, and what comes by itself comes.
    pub async fn pass(&self, millis: i64) {
        self.wait(millis);
        let mut tx = self.site.state.db.begin().await.expect("a transaction");
        let mut changes = ChangeSet::default();
        advance_rewards::run_in(&mut tx, 500, self.site.clock.now(), &mut changes).await.expect("advanced");
        self.site.state.publisher.commit_and_publish(tx, &changes).await.expect("committed");
    }

    /// Time goes on, and nobody has noticed.
    pub fn wait(&self, millis: i64) {
        self.site.clock.advance(millis);
    }

    pub async fn redeem(&self, reward: &Value, body: Value) -> Answer {
        self.api.post(&format!("/rewards/{}/redeem", reward["id"]), body).await
    }

    pub async fn use_up(&self, user: &str, kind: &str, amount: i64, source: &str) -> Answer {
        let body = json!({"amount": amount, "source_id": source});
        self.api.post(&format!("/users/ext:{user}/balances/{kind}/use"), body).await
    }

    pub async fn check(&self) {
        let mut tx = self.site.state.db.read().await.expect("a transaction");
        assert_eq!(reward_check::find_mismatches(&mut tx).await.expect("counted"), []);
        assert_eq!(reward_check::without_event(&mut tx).await.expect("counted"), []);
        assert_eq!(verify::find_wrong_rewards(&mut tx).await.expect("worked out").1, []);
    }

    /// The types of all events about a reward.
    pub async fn told(&self, reward: &Value) -> Vec<String> {
        let events = self.api.get("/events?limit=100").await.with(200);
        let about = |event: &&Value| {
            event["type"].as_str().is_some_and(|name| name.starts_with("reward."))
                && event["data"]["object"]["id"] == reward["id"]
        };
        let name = |event: &Value| event["type"].as_str().unwrap_or_default().to_owned();
        events["data"].as_array().expect("events").iter().filter(about).map(name).collect()
    }
}

/// A rule about payments that gives the referrer a percentage at once.
pub fn percent(basis_points: i64) -> Value {
    json!({"trigger": "every_conversion", "kind": "account_credit", "basis_points": basis_points, "hold_days": 0})
}

/// A rule about payments that gives the referrer dollars at once.
pub fn credit(amount: i64) -> Value {
    json!({"trigger": "every_conversion", "kind": "account_credit", "amount": amount, "currency": "USD", "hold_days": 0})
}

/// A rule about sign-ups that gives the referrer messages at once.
pub fn messages(amount: i64, more: Value) -> Value {
    with(json!({"trigger": "signup", "kind": "extra_messages", "amount": amount, "hold_days": 0}), more)
}

pub fn with(mut body: Value, more: Value) -> Value {
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    body
}

pub fn all(state: &str, amounts: &[i64]) -> Vec<(String, i64)> {
    amounts.iter().map(|amount| (state.to_owned(), *amount)).collect()
}

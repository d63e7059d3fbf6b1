//! Killed at any moment while it delivers webhooks: a host product hears of everything that it was answered, some of it
//! twice, and then with the same id.

use crate::{
    crash::{make_codes, serve, wait},
    crash_payments::command,
    free_port::free_port,
    on_both,
    webhooks::Host,
};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// How often the server is killed.
const KILLS: u64 = 12;

/// How long the host product takes to answer, so that the server dies while it waits, too.
const THINKING: Duration = Duration::from_millis(30);

/// The host product, as it calls the API.
struct Caller {
    client: Client,
    base: String,
    key: String,
}

impl Caller {
    async fn post(&self, path: &str, body: Value) -> reqwest::Result<StatusCode> {
        let request = self.client.post(format!("{}/api/v1{path}", self.base)).bearer_auth(&self.key);
        Ok(request.json(&body).send().await?.status())
    }

    /// Deliveries that have not ended.
    async fn waiting(&self) -> usize {
        let address = format!("{}/api/v1/webhook-deliveries?state=waiting", self.base);
        let answer = self.client.get(address).bearer_auth(&self.key).send().await.expect("an answer");
        let page: Value = serde_json::from_str(&answer.text().await.expect("a body")).expect("JSON");
        page["data"].as_array().expect("a list").len()
    }

    /// Lets people join one after the other until the server is gone; adds those of whom it was told that they did.
    async fn tell(&self, round: u64, joined: &Mutex<BTreeSet<String>>) {
        for n in 0.. {
            let name = format!("u-{round}-{n}");
            let person = json!({"email": format!("{name}@example.com"), "external_id": name});
            match self.post("/users", person).await {
                Ok(StatusCode::CREATED) => joined.lock().expect("no panic").insert(name),
                Ok(StatusCode::SERVICE_UNAVAILABLE) | Err(_) => return,
                Ok(other) => panic!("{name}: {other}"),
            };
        }
    }
}

on_both!(hosts_hear_of_everything_however_often_the_server_is_killed, |db| {
    let url = crate::address(&db);
    db.close().await;
    make_codes(&url, 1).await;
    let host = Host::start().await;
    host.thinks(THINKING);
    let port = free_port();
    let key = command(&["api-key", "create", "--name", "Shop", "--scopes", "admin", "--database-url", &url]);
    let base = format!("http://127.0.0.1:{port}");
    let caller = Caller { client: crate::clients::client(), base: base.clone(), key: key.trim().to_owned() };
    let joined = Mutex::new(BTreeSet::new());

    for round in 0..KILLS {
        let server = serve(&url, port);
        wait(&base).await;
        if round == 0 {
            let endpoint = json!({"url": host.url(), "events": ["user.created"]});
            assert_eq!(caller.post("/webhook-endpoints", endpoint).await.expect("an answer"), StatusCode::CREATED);
        }
        let kill = async {
            sleep(Duration::from_millis(40 + round * 137 % 400)).await;
            drop(server);
        };
        tokio::join!(caller.tell(round, &joined), kill);
    }

    let _server = serve(&url, port);
    wait(&base).await;
    // What was under way is held by the dead one for half a minute.
    let until = Instant::now() + Duration::from_secs(120);
    loop {
        sleep(Duration::from_millis(500)).await;
        if caller.waiting().await == 0 {
            break;
        }
        assert!(Instant::now() < until, "{} deliveries do not end", caller.waiting().await);
    }
    let received = host.received();
    let mut bodies: BTreeMap<&str, &str> = BTreeMap::new();
    let mut heard = BTreeSet::new();
    for sent in &received {
        let same = *bodies.entry(sent.id()).or_insert(&sent.text) == sent.text;
        assert!(same, "{} is not always the same", sent.id());
        heard.insert(sent.object()["external_id"].as_str().expect("the host's id").to_owned());
    }
    let joined = joined.into_inner().expect("no panic");
    assert!(joined.len() > 20, "too few to tell anything: {}", joined.len());
    let unheard: Vec<_> = joined.difference(&heard).collect();
    assert!(unheard.is_empty(), "{unheard:?}");
    assert_eq!(bodies.len(), heard.len(), "everybody joined once");
    assert!(received.len() > bodies.len(), "no delivery was cut off");
});

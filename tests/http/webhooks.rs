//! Outgoing webhooks, as a host product receives them.

use crate::{
    api::Api,
    forgetting, on_both,
    reward_program::credit,
    site::{START, Site},
};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use passalong::{
    domain::{
        ids::{EventId, WebhookDeliveryId, WebhookEndpointId},
        message::Message,
        time::{DAY, HOUR, SECOND, Time},
        webhooks::{
            delivery::{AttemptProblem, DeliveryState, MAX_TRIES},
            endpoint::{EndpointFields, EndpointState},
        },
    },
    error::AppError,
    server::{
        actions::webhooks::{
            create_endpoint, delete_endpoint, fail_lost_rewards, fan_out, redeliver,
            replay::{self, Range},
            rotate_secret, send_test_event, settle_delivery, update_endpoint,
        },
        auth::caller::Actor,
        jobs::deliver_webhooks::{LEASE, deliver_due},
        queries,
        store::{
            db::Db,
            webhook_deliveries, webhook_endpoints,
            webhook_list::{self, DeliveryFilter},
        },
    },
    view_models::webhooks::{WebhookDelivery, WebhookDeliveryDetails, WebhookEndpoint},
};
use reqwest::header;
use serde_json::{Value, json};
use sha2::Sha256;
use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{net::TcpListener, time::sleep};

/// What a host product was sent.
#[derive(Clone, Debug)]
pub struct Received {
    headers: HeaderMap,
    pub text: String,
    body: Value,
}

impl Received {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).expect("the header").to_str().expect("text")
    }

    pub fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub fn object(&self) -> &Value {
        &self.body["data"]["object"]
    }

    /// Signatures that this secret made, worked out as Standard Webhooks says.
    fn signed_by(&self, secret: &str) -> usize {
        let key = BASE64_STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret")).expect("base64");
        let signed = format!("{}.{}.{}", self.id(), self.header("webhook-timestamp"), self.text);
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key");
        mac.update(signed.as_bytes());
        let expected = format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()));
        self.header("webhook-signature").split(' ').filter(|signature| *signature == expected).count()
    }
}

/// A host product that answers as it was told to, and 200 afterwards.
#[derive(Clone, Default)]
pub struct Host(Arc<Mutex<HostState>>);

#[derive(Default)]
struct HostState {
    answers: VecDeque<(u16, Option<String>)>,
    received: Vec<Received>,
    /// How long it takes to answer.
    thinking: Duration,
    url: String,
}

impl Host {
    pub async fn start() -> Self {
        let host = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        host.0.lock().expect("no panic").url = format!("http://{}/hooks", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(receive).with_state(host.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        host
    }

    pub fn url(&self) -> String {
        self.0.lock().expect("no panic").url.clone()
    }

    fn answers(&self, statuses: &[u16]) {
        self.0.lock().expect("no panic").answers.extend(statuses.iter().map(|status| (*status, None)));
    }

    fn asks_to_wait(&self, status: u16, seconds: i64) {
        self.0.lock().expect("no panic").answers.push_back((status, Some(seconds.to_string())));
    }

    pub fn thinks(&self, thinking: Duration) {
        self.0.lock().expect("no panic").thinking = thinking;
    }

    pub fn received(&self) -> Vec<Received> {
        self.0.lock().expect("no panic").received.clone()
    }

    fn kinds(&self) -> Vec<String> {
        self.received().iter().map(|sent| sent.body["type"].as_str().expect("a type").to_owned()).collect()
    }
}

/// Answers with what it was sent.
async fn receive(
    State(host): State<Host>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap, Bytes) {
    assert_eq!(uri.path(), "/hooks", "nobody is led elsewhere");
    let text = String::from_utf8(body.to_vec()).expect("text");
    let received = Received { headers, body: serde_json::from_str(&text).expect("JSON"), text };
    let ((status, wait), thinking) = {
        let mut state = host.0.lock().expect("no panic");
        state.received.push(received);
        (state.answers.pop_front().unwrap_or((200, None)), state.thinking)
    };
    sleep(thinking).await;
    let mut headers = HeaderMap::new();
    if let Some(wait) = wait {
        headers.insert(header::RETRY_AFTER, wait.parse().expect("a header"));
    }
    if (300..400).contains(&status) {
        headers.insert(header::LOCATION, "/elsewhere".parse().expect("a header"));
    }
    (StatusCode::from_u16(status).expect("a status"), headers, body)
}

/// A site without rules whose webhooks go out when a test says so, and its endpoint.
struct Program {
    site: Site,
    api: Api,
    host: Host,
    endpoint: WebhookEndpointId,
    secret: String,
}

const PRIVATE: [&str; 2] = ["--webhook-allow-private", "true"];

impl Program {
    async fn start(db: Db, events: &[&str]) -> Self {
        let site = Site::start_with(db, &PRIVATE).await.with_admin().await.without_tasks().await.without_rules().await;
        let (api, host) = (Api::new(&site, "admin").await, Host::start().await);
        let (endpoint, secret) = endpoint(&site, &host.url(), events).await.expect("an endpoint");
        Self { site, api, host, endpoint, secret }
    }

    async fn joins(&self, name: &str) -> Value {
        self.api.post("/users", json!({"email": format!("{name}@example.com"), "external_id": name})).await.with(201)
    }

    /// Time goes on, and all that is due goes out; how much that was.
    async fn pass(&self, millis: i64) -> usize {
        self.site.clock.advance(millis);
        deliver_due(&self.site.state).await.expect("delivered")
    }

    async fn endpoint(&self) -> WebhookEndpoint {
        let mut tx = self.site.state.db.read().await.expect("a transaction");
        webhook_endpoints::by_id(&mut tx, self.endpoint).await.expect("read").expect("the endpoint")
    }

    /// The deliveries, the first one first.
    async fn deliveries(&self) -> Vec<WebhookDelivery> {
        let mut tx = self.site.state.db.read().await.expect("a transaction");
        let mut all = webhook_list::page(&mut tx, DeliveryFilter::default(), None, 100).await.expect("read");
        all.reverse();
        all
    }

    async fn delivery(&self, id: WebhookDeliveryId) -> WebhookDeliveryDetails {
        let mut tx = self.site.state.db.read().await.expect("a transaction");
        queries::webhooks::delivery(&mut tx, id).await.expect("read").expect("the delivery")
    }

    async fn states(&self) -> Vec<DeliveryState> {
        self.deliveries().await.into_iter().map(|delivery| delivery.state).collect()
    }

    /// Whether somebody was told of a reward.
    async fn told(&self, reward: &Value) -> String {
        let now = self.api.get(&format!("/rewards/{}", reward["id"])).await.with(200);
        now["delivery"].as_str().expect("text").to_owned()
    }

    async fn switch(&self, active: bool) {
        let fields = EndpointFields { active: Some(active), ..EndpointFields::default() };
        let actor = Actor::command_line();
        update_endpoint::run(&self.site.state, &actor, self.endpoint, &fields).await.expect("switched");
    }

    async fn redeliver(&self, id: WebhookDeliveryId) {
        redeliver::run(&self.site.state, &Actor::command_line(), id).await.expect("sent again");
    }
}

async fn endpoint(site: &Site, url: &str, events: &[&str]) -> Result<(WebhookEndpointId, String), AppError> {
    let events = events.iter().map(|name| (*name).to_owned()).collect();
    let fields = EndpointFields { url: Some(url.into()), events: Some(events), ..EndpointFields::default() };
    let (id, secret) = create_endpoint::run(&site.state, &Actor::command_line(), &fields, None).await?;
    Ok((id, secret.0))
}

on_both!(what_happens_is_pushed_at_once_and_signed, |db| {
    let site = Site::start_with(db, &PRIVATE).await.with_admin().await.without_rules().await;
    let (api, host) = (Api::new(&site, "admin").await, Host::start().await);
    api.post("/users", json!({"email": "early@example.com"})).await.with(201);
    let (_, secret) = endpoint(&site, &host.url(), &["*"]).await.expect("an endpoint");
    api.post("/users", json!({"email": "ann@example.com"})).await.with(201);
    for _ in 0..400 {
        if !host.received().is_empty() {
            break;
        }
        sleep(Duration::from_millis(10)).await;
    }
    let sent = host.received().pop().expect("a message");
    let event = api.get("/events").await.with(200)["data"][1].clone();
    let mut expected = event.clone();
    expected["timestamp"] = event["created_at"].clone();
    assert_eq!(sent.body, expected);
    assert_eq!((sent.id(), sent.header("content-type")), (&*format!("evt_{}", event["id"]), "application/json"));
    assert_eq!(sent.header("webhook-timestamp"), (START.0 / SECOND).to_string());
    assert_eq!(sent.signed_by(&secret), 1);
    assert_eq!(host.received().len(), 1, "what happened before is not sent");
});

on_both!(a_delivery_is_tried_again_until_it_is_answered, |db| {
    let program = Program::start(db, &["user.created", "code.limit_reached"]).await;
    program.joins("ann").await;
    program.host.answers(&[500, 302]);
    assert_eq!((program.pass(0).await, program.pass(4 * SECOND).await), (1, 0));
    assert_eq!(program.endpoint().await.last_problem, Some(AttemptProblem::Refused));
    assert_eq!(program.pass(SECOND).await, 1);
    assert_eq!(program.endpoint().await.last_problem, Some(AttemptProblem::Redirected));
    // A later event does not wait for it.
    program.joins("bob").await;
    assert_eq!(program.pass(0).await, 1);
    // While the endpoint wants to be left alone, nothing is sent to it.
    program.host.asks_to_wait(503, 3_600);
    assert_eq!(program.pass(300 * SECOND).await, 1);
    program.joins("carl").await;
    assert_eq!(program.pass(HOUR - 1).await, 0);
    assert_eq!(program.pass(1).await, 2);
    assert_eq!(program.states().await, [DeliveryState::Delivered; 3]);
    let received = program.host.received();
    let of_ann: Vec<&Received> = received.iter().filter(|sent| sent.object()["external_id"] == "ann").collect();
    assert_eq!(of_ann.len(), 4);
    assert!(of_ann.iter().all(|sent| sent.id() == of_ann[0].id() && sent.text == of_ann[0].text));
    let times: HashSet<&str> = of_ann.iter().map(|sent| sent.header("webhook-timestamp")).collect();
    assert_eq!(times.len(), 4, "each try has its own time");
    assert!(received.iter().all(|sent| sent.signed_by(&program.secret) == 1));
    let first = program.delivery(program.deliveries().await[0].id).await;
    let tries: Vec<_> =
        first.attempts.iter().map(|attempt| (attempt.number, attempt.status, attempt.problem)).collect();
    assert_eq!(
        tries,
        [
            (1, Some(500), Some(AttemptProblem::Refused)),
            (2, Some(302), Some(AttemptProblem::Redirected)),
            (3, Some(503), Some(AttemptProblem::Refused)),
            (4, Some(200), None),
        ]
    );
    assert_eq!((first.body.as_str(), first.attempts[3].response.as_str()), (&*of_ann[0].text, &*of_ann[0].text));
});

on_both!(after_ten_tries_a_delivery_is_given_up_and_can_be_sent_again, |db| {
    let program = Program::start(db, &["*"]).await;
    program.joins("ann").await;
    program.host.answers(&[500; 10]);
    let mut waited = 0;
    for n in 0..MAX_TRIES {
        let wait = if n == 0 { 0 } else { program.deliveries().await[0].next_at.since(program.site.clock.now()) };
        waited += wait;
        assert_eq!(program.pass(wait).await, 1, "{n}");
    }
    assert!((3 * DAY..4 * DAY).contains(&waited), "{waited}");
    assert_eq!(program.pass(30 * HOUR).await, 0);
    let failed = program.deliveries().await.remove(0);
    assert_eq!((failed.state, failed.attempts, failed.last_status), (DeliveryState::Failed, 10, Some(500)));
    let endpoint = program.endpoint().await;
    assert_eq!((endpoint.state(), endpoint.failed), (EndpointState::Failing, 1));
    program.redeliver(failed.id).await;
    assert_eq!(program.pass(0).await, 1);
    assert_eq!(
        (program.states().await, program.endpoint().await.state()),
        (vec![DeliveryState::Delivered], EndpointState::Active)
    );
    let received = program.host.received();
    assert_eq!((received.len(), received[10].id()), (11, received[0].id()));
    // One that says that it is gone is switched off, and gets nothing until it is switched on.
    program.host.answers(&[410]);
    program.joins("bob").await;
    program.joins("carl").await;
    program.pass(0).await;
    let endpoint = program.endpoint().await;
    assert_eq!((endpoint.state(), endpoint.gone_at), (EndpointState::Gone, Some(program.site.clock.now())));
    program.joins("dora").await;
    let before = program.host.received().len();
    assert_eq!(program.pass(DAY).await, 0);
    let actor = Actor::command_line();
    let test = send_test_event::run(&program.site.state, &actor, program.endpoint).await;
    assert_eq!(test.err(), Some(AppError::conflict("", Message::EndpointOff)));
    program.switch(true).await;
    assert_eq!(program.endpoint().await.state(), EndpointState::Active);
    program.joins("eve").await;
    program.pass(0).await;
    let names: Vec<Value> =
        program.host.received()[before..].iter().map(|sent| sent.object()["external_id"].clone()).collect();
    assert!(names.contains(&json!("eve")) && !names.contains(&json!("dora")), "{names:?}");
});

on_both!(an_endpoint_gets_what_it_asks_for_and_a_replay_what_it_missed, |db| {
    let program = Program::start(db, &["user.created"]).await;
    let (state, actor) = (&program.site.state, Actor::command_line());
    let ann = program.joins("ann").await;
    let friend = json!({"email": "bob@example.com", "external_id": "bob", "code": ann["code"], "code_source": "link"});
    program.api.post("/users", friend).await.with(201);
    program.pass(0).await;
    assert_eq!(program.host.kinds(), ["user.created"; 2]);
    let both = EndpointFields {
        events: Some(vec!["user.created".into(), "referral.signed_up".into()]),
        ..EndpointFields::default()
    };
    update_endpoint::run(state, &actor, program.endpoint, &both).await.expect("changed");
    assert_eq!(program.pass(0).await, 0);
    let none = replay::run(state, &actor, program.endpoint, Range::default()).await;
    assert_eq!(none, Err(AppError::invalid("since", Message::ReplayWithoutStart)));
    let all = Range { after: Some(EventId(0)), ..Range::default() };
    assert_eq!(replay::run(state, &actor, program.endpoint, all).await, Ok(3));
    assert_eq!(program.pass(0).await, 3);
    let mut ids: Vec<String> = program.host.received().iter().map(|sent| sent.id().to_owned()).collect();
    assert_eq!(ids.len(), 5);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3, "an event has one id, however often it is sent");
    program.site.clock.advance(DAY);
    let late = Range { since: Some(program.site.clock.now()), ..Range::default() };
    assert_eq!(replay::run(state, &actor, program.endpoint, late).await, Ok(0));
    let early = Range { since: Some(START), until: Some(START.plus(HOUR)), upto: Some(EventId(1)), ..Range::default() };
    assert_eq!(replay::run(state, &actor, program.endpoint, early).await, Ok(1));
    send_test_event::run(state, &actor, program.endpoint).await.expect("a test");
    assert_eq!(program.pass(0).await, 2);
    let test = program.host.received().into_iter().find(|sent| sent.body["type"] == "webhook.test").expect("the test");
    assert_eq!((test.signed_by(&program.secret), &test.body["id"]), (1, &json!(0)));
    delete_endpoint::run(state, &actor, program.endpoint).await.expect("deleted");
    program.joins("carl").await;
    assert_eq!((program.pass(0).await, program.deliveries().await.len()), (0, 0));
});

on_both!(while_a_secret_rotates_both_sign, |db| {
    let program = Program::start(db, &["*"]).await;
    let (state, actor) = (&program.site.state, Actor::command_line());
    let new = rotate_secret::run(state, &actor, program.endpoint, None).await.expect("a secret").0;
    assert_ne!(new, program.secret);
    for (millis, old) in [(DAY - SECOND, 1), (SECOND, 0)] {
        program.joins(&format!("user-{millis}")).await;
        program.pass(millis).await;
        let sent = program.host.received().pop().expect("a message");
        assert_eq!((sent.signed_by(&new), sent.signed_by(&program.secret)), (1, old));
    }
});

on_both!(what_a_dead_instance_held_is_sent_again, |db| {
    let program = Program::start(db, &["*"]).await;
    let state = &program.site.state;
    program.joins("ann").await;
    let now = program.site.clock.now();
    // It died after it made the delivery, then after it took it, then after it sent it.
    while fan_out::run(&state.db, now).await.expect("made") {}
    let mut held = vec![];
    for _ in 0..2 {
        let now = program.site.clock.now();
        let mut tx = state.db.begin().await.expect("a transaction");
        held = webhook_deliveries::take(&mut tx, program.endpoint, 4, now, now.plus(LEASE)).await.expect("taken");
        tx.commit().await.expect("stored");
        assert_eq!((held.len(), program.pass(0).await), (1, 0));
        program.site.clock.advance(LEASE);
    }
    let held = held.remove(0);
    let mut tx = state.db.read().await.expect("a transaction");
    let destination = webhook_endpoints::destination(&mut tx, program.endpoint).await.expect("read").expect("one");
    drop(tx);
    let unsettled = state.webhooks.send(&destination, &held, &state.clock).await;
    assert_eq!(unsettled.problem, None);
    assert_eq!(program.pass(0).await, 1);
    let received = program.host.received();
    assert_eq!((received.len(), received[0].id()), (2, received[1].id()));
    // It was not dead, but late: what it says changes nothing.
    let late = passalong::server::outbox::webhooks::sender::Attempt {
        status: Some(500),
        problem: Some(AttemptProblem::Refused),
        ..unsettled
    };
    settle_delivery::run(state, &held, &late).await.expect("written");
    assert_eq!(program.states().await, [DeliveryState::Delivered]);
});

on_both!(instances_share_the_work_and_send_nothing_twice, |db| {
    let program = Program::start(db.clone(), &["*"]).await;
    let other = Site::start_with(db, &PRIVATE).await.without_tasks().await;
    for n in 0..30 {
        program.joins(&format!("user-{n}")).await;
    }
    let (one, two) = tokio::join!(deliver_due(&program.site.state), deliver_due(&other.state));
    assert_eq!(one.expect("delivered") + two.expect("delivered"), 30);
    let ids: HashSet<String> = program.host.received().iter().map(|sent| sent.id().to_owned()).collect();
    assert_eq!((ids.len(), program.host.received().len()), (30, 30));
});

on_both!(nothing_is_sent_to_private_addresses_unless_that_is_allowed, |db| {
    let program = Program::start(db.clone(), &["*"]).await;
    let careful = Site::start_with(db, &[]).await.without_tasks().await;
    for host in ["127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:10.0.0.1]", "169.254.169.254", "localhost"] {
        let refused = endpoint(&careful, &format!("http://{host}/hooks"), &["*"]).await;
        assert_eq!(refused, Err(AppError::invalid("url", Message::AddressForbidden)), "{host}");
    }
    for url in ["https://user:pass@host.example/", "ftp://host.example/", "host.example", "https://"] {
        let refused = endpoint(&careful, url, &["*"]).await;
        assert_eq!(refused, Err(AppError::invalid("url", Message::AddressMalformed)), "{url}");
    }
    // What was made while it was allowed.
    program.joins("ann").await;
    assert_eq!(deliver_due(&careful.state).await.expect("tried"), 1);
    assert_eq!(program.host.received().len(), 0);
    assert_eq!(program.endpoint().await.last_problem, Some(AttemptProblem::AddressForbidden));
    assert_eq!(program.pass(5 * SECOND).await, 1);
    assert_eq!(program.host.received().len(), 1);
    // It can be switched off, and not on again.
    let switch = async |active: bool| {
        let fields = EndpointFields { active: Some(active), ..EndpointFields::default() };
        update_endpoint::run(&careful.state, &Actor::command_line(), program.endpoint, &fields).await
    };
    assert_eq!(switch(false).await, Ok(()));
    assert_eq!(switch(true).await, Err(AppError::invalid("url", Message::AddressForbidden)));
});

/// A reward of ten dollars for Ann, because Bob has paid.
async fn earns(program: &Program, order: &str) -> Value {
    if program.api.get("/users/ext:ann").await.status == 404 {
        program.api.post("/rules", credit(1_000)).await.with(201);
        let ann = program.joins("ann").await;
        let bob = json!({"email": "bob@example.com", "external_id": "bob", "code": ann["code"], "code_source": "link"});
        program.api.post("/users", bob).await.with(201);
    }
    let order = json!({"external_id": "bob", "source_id": order, "amount": 5_000, "currency": "USD"});
    program.api.post("/conversions", order).await.with(201);
    program.api.get("/users/ext:ann/rewards").await.with(200)["data"][0].clone()
}

on_both!(the_answer_to_an_activated_reward_decides_whether_it_is_delivered, |db| {
    let program = Program::start(db, &["reward.activated"]).await;
    let delivery = async |reward: &Value| {
        let now = program.api.get(&format!("/rewards/{}", reward["id"])).await.with(200);
        (now["delivery"].as_str().expect("text").to_owned(), now["version"].as_i64().expect("a number"))
    };
    let reward = earns(&program, "order-1").await;
    assert_eq!(delivery(&reward).await, ("waiting".into(), 1));
    program.host.answers(&[500, 500, 500, 200, 200]);
    program.pass(0).await;
    for _ in 0..3 {
        assert_eq!(delivery(&reward).await, ("waiting".into(), 1));
        let next = program.deliveries().await[0].next_at;
        assert_eq!(program.pass(next.since(program.site.clock.now())).await, 1);
    }
    assert_eq!(delivery(&reward).await, ("delivered".into(), 2));
    program.redeliver(program.deliveries().await[0].id).await;
    assert_eq!(program.pass(0).await, 1);
    assert_eq!(delivery(&reward).await, ("delivered".into(), 2), "once");
    let received = program.host.received();
    assert!(received.len() == 5 && received.iter().all(|sent| sent.id() == received[0].id()));
    assert_eq!(received[0].object()["delivery"], "waiting");
    // The last try fails; what is sent again arrives.
    let reward = earns(&program, "order-2").await;
    program.host.answers(&[404; 10]);
    program.pass(0).await;
    for _ in 1..MAX_TRIES {
        let next = program.deliveries().await[1].next_at;
        program.pass(next.since(program.site.clock.now())).await;
    }
    assert_eq!(delivery(&reward).await, ("failed".into(), 2));
    program.redeliver(program.deliveries().await[1].id).await;
    program.pass(0).await;
    assert_eq!(delivery(&reward).await, ("delivered".into(), 3));
    // Whoever deletes the endpoint does not leave rewards behind that wait for it.
    let reward = earns(&program, "order-3").await;
    program.host.answers(&[500]);
    program.pass(0).await;
    let actor = Actor::command_line();
    delete_endpoint::run(&program.site.state, &actor, program.endpoint).await.expect("deleted");
    assert_eq!(delivery(&reward).await.0, "failed");
    assert_eq!(earns(&program, "order-4").await["delivery"], "none", "nobody is told of it");
});

on_both!(rewards_do_not_wait_for_an_endpoint_that_is_off, |db| {
    let program = Program::start(db, &["reward.activated"]).await;
    let first = earns(&program, "order-1").await;
    program.host.answers(&[500]);
    program.pass(0).await;
    let second = earns(&program, "order-2").await;
    program.host.answers(&[410]);
    program.pass(0).await;
    assert_eq!((program.told(&first).await, program.told(&second).await), ("failed".into(), "failed".into()));
    // What waited goes out when it is switched on again.
    program.switch(true).await;
    program.pass(5 * SECOND).await;
    assert_eq!((program.told(&first).await, program.told(&second).await), ("delivered".into(), "failed".into()));
    // An admin switches it off.
    let third = earns(&program, "order-3").await;
    program.host.answers(&[500]);
    program.pass(0).await;
    assert_eq!(program.told(&third).await, "waiting");
    program.switch(false).await;
    assert_eq!(program.told(&third).await, "failed");
    program.switch(true).await;
    program.pass(5 * SECOND).await;
    assert_eq!(program.told(&third).await, "delivered");
});

on_both!(rewards_that_nobody_will_be_told_of_have_failed, |db| {
    let program = Program::start(db, &["reward.activated"]).await;
    let (state, actor) = (&program.site.state, Actor::command_line());
    let swept = async |reward: &Value| {
        fail_lost_rewards::run(state).await.expect("marked");
        program.told(reward).await
    };
    let first = earns(&program, "order-1").await;
    assert_eq!(swept(&first).await, "waiting", "its delivery is not made yet");
    program.host.answers(&[500]);
    program.pass(0).await;
    assert_eq!(swept(&first).await, "waiting", "its delivery is tried again");
    let mut tx = state.db.begin().await.expect("a transaction");
    webhook_deliveries::prune(&mut tx, Time(i64::MAX)).await.expect("pruned");
    tx.commit().await.expect("stored");
    assert_eq!(swept(&first).await, "failed");
    // The endpoint changes between what happens and its delivery.
    let second = earns(&program, "order-2").await;
    let filter = |name: &str| EndpointFields { events: Some(vec![name.to_owned()]), ..EndpointFields::default() };
    update_endpoint::run(state, &actor, program.endpoint, &filter("user.created")).await.expect("changed");
    assert_eq!(swept(&second).await, "failed");
    update_endpoint::run(state, &actor, program.endpoint, &filter("reward.activated")).await.expect("changed");
    let third = earns(&program, "order-3").await;
    delete_endpoint::run(state, &actor, program.endpoint).await.expect("deleted");
    assert_eq!((program.told(&third).await, swept(&third).await), ("waiting".into(), "failed".into()));
});

on_both!(whoever_applies_by_version_ends_right_in_any_order, |db| {
    let program = Program::start(db, &["*"]).await;
    let reward = earns(&program, "order-1").await;
    program.host.answers(&[500; 20]);
    program.pass(0).await;
    program.host.0.lock().expect("no panic").answers.clear();
    program.api.post(&format!("/rewards/{}/redeem", reward["id"]), json!({})).await.with(200);
    program.pass(0).await;
    program.pass(5 * SECOND).await;
    program.pass(0).await;
    let versions: Vec<(i64, Value)> = program
        .host
        .received()
        .iter()
        .filter(|sent| sent.object()["id"] == reward["id"] && sent.object()["kind"] == "account_credit")
        .map(|sent| (sent.body["version"].as_i64().expect("a number"), sent.object()["state"].clone()))
        .collect();
    let numbers: Vec<i64> = versions.iter().map(|(version, _)| *version).collect();
    assert!(numbers.windows(2).any(|pair| pair[0] > pair[1]), "{numbers:?}");
    let last = versions.iter().max_by_key(|(version, _)| *version).expect("a version");
    let now = program.api.get(&format!("/rewards/{}", reward["id"])).await.with(200);
    assert_eq!((json!(last.0), &last.1), (now["version"].clone(), &now["state"]));
});

on_both!(who_is_erased_is_in_no_delivery, |db| {
    let program = Program::start(db, &["*"]).await;
    program.joins("annabel").await;
    program.host.answers(&[500]);
    program.pass(0).await;
    assert!(!forgetting::found(&program.site, "annabel").await.is_empty());
    assert!(program.delivery(program.deliveries().await[0].id).await.attempts[0].response.contains("annabel"));
    program.api.delete("/users/ext:annabel").await;
    assert_eq!(forgetting::found(&program.site, "annabel").await, Vec::<String>::new());
    program.pass(5 * SECOND).await;
    let sent = program.host.received().pop().expect("a message");
    assert_eq!((&sent.object()["email"], sent.signed_by(&program.secret)), (&Value::Null, 1));
    // All of it is gone with the events.
    let mut tx = program.site.state.db.begin().await.expect("a transaction");
    webhook_deliveries::prune(&mut tx, Time(i64::MAX)).await.expect("pruned");
    tx.commit().await.expect("stored");
    assert_eq!(program.deliveries().await, []);
});

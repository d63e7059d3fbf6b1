//! The pages of webhooks: endpoints with their secrets, and what became of their deliveries.

use crate::{
    api::Api,
    on_both,
    site::{Browser, Page, Site},
};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode as Status},
};
use reqwest::StatusCode;
use scraper::{Html, Selector};
use serde_json::{Value, json};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

/// A host product that answers with statuses of the test's choice, then with 204, and keeps what it is sent.
#[derive(Clone, Default)]
pub struct Receiver {
    answers: Arc<Mutex<VecDeque<u16>>>,
    messages: Arc<Mutex<Vec<Message>>>,
}

/// A message as it arrived.
#[derive(Clone, Debug)]
pub struct Message {
    pub id: String,
    pub body: Value,
}

impl Receiver {
    /// The address of one that begins with these answers, and the product.
    pub async fn start(answers: &[u16]) -> (String, Self) {
        let receiver = Self { answers: Arc::new(Mutex::new(answers.iter().copied().collect())), ..Self::default() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let app = Router::new().fallback(Self::receive).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        (format!("http://{address}/hooks"), receiver)
    }

    async fn receive(State(receiver): State<Self>, headers: HeaderMap, body: Bytes) -> (Status, &'static str) {
        let id = headers["webhook-id"].to_str().expect("text").to_owned();
        let body = serde_json::from_slice(&body).expect("JSON");
        receiver.messages.lock().expect("messages").push(Message { id, body });
        let answer = receiver.answers.lock().expect("answers").pop_front().unwrap_or(204);
        (Status::from_u16(answer).expect("a status"), if answer == 500 { "<b>broken</b>" } else { "" })
    }

    /// Waits for messages of a type, this many.
    pub async fn wait_for(&self, kind: &str, count: usize) -> Vec<Message> {
        let found = async {
            loop {
                let mut got = self.messages.lock().expect("messages").clone();
                got.retain(|message| message.body["type"] == kind);
                if got.len() >= count {
                    return got;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), found).await;
        waited.unwrap_or_else(|_| panic!("{kind}: {:?}", self.messages.lock().expect("messages")))
    }
}

/// A site that may send to this machine.
pub async fn private_site(db: passalong::server::store::db::Db) -> Site {
    Site::start_with(db, &["--webhook-allow-private", "true"]).await.with_admin().await
}

/// The form for a new endpoint with all events.
async fn create(admin: &Browser, url: &str) -> Page {
    let fields = [("form", "create_webhook_endpoint"), ("url", url), ("which", "all")];
    admin.post("/admin/webhooks", &fields).await
}

/// One of the forms of an endpoint.
async fn step(admin: &Browser, form: &str, more: &[(&str, &str)]) -> Page {
    let fields: Vec<_> = [("form", form), ("id", "1")].into_iter().chain(more.iter().copied()).collect();
    admin.post("/admin/webhooks/1", &fields).await
}

/// The texts of what a selector finds.
fn texts(page: &Page, selector: &str) -> Vec<String> {
    let html = Html::parse_document(&page.body);
    let selector = Selector::parse(selector).expect("a selector");
    let words =
        |element: scraper::ElementRef<'_>| element.text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
    html.select(&selector).map(words).collect()
}

on_both!(a_refused_endpoint_comes_back_with_what_was_typed, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    assert!(admin.get("/admin/webhooks").await.text().contains("No endpoints yet"));
    for (url, which, said) in [
        ("shop.example/hooks", "all", "Enter a full address"),
        ("http://127.0.0.1/hooks", "all", "Enter a public address"),
        ("http://[::1]/hooks", "all", "Enter a public address"),
        ("https://shop.example/hooks", "some", "Choose at least one event"),
    ] {
        let fields =
            [("form", "create_webhook_endpoint"), ("url", url), ("which", which), ("description", "My <shop>")];
        let page = admin.post("/admin/webhooks", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
        assert!(page.alerts().len() == 1 && page.alerts()[0].starts_with(said), "{url}: {:?}", page.alerts());
        assert_eq!(page.find("[name=url]").as_deref(), Some(url));
        assert_eq!(page.find("input[name=description]").as_deref(), Some("My <shop>"));
        assert_eq!(page.find("#which option[selected]").as_deref(), Some(which));
    }
    let ticked = [
        ("form", "create_webhook_endpoint"),
        ("url", ""),
        ("which", "some"),
        ("events", "user.created"),
        ("events", "goal.reached"),
    ];
    let page = admin.post("/admin/webhooks", &ticked).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = Html::parse_document(&page.body);
    let boxes = Selector::parse("[name=events][checked]").expect("a selector");
    let values: Vec<_> = html.select(&boxes).filter_map(|one| one.value().attr("value")).collect();
    assert_eq!(values, ["user.created", "goal.reached"]);
});

on_both!(the_secret_of_a_new_endpoint_is_shown_once, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let number = admin.get("/admin/webhooks").await.find("[name=form_number]").expect("a number");
    let fields = [
        ("form", "create_webhook_endpoint"),
        ("form_number", &number),
        ("url", "https://shop.example/hooks?a=1&b=2"),
        ("description", "The <b>shop</b>"),
        ("which", "some"),
        ("events", "reward.activated"),
        ("events", "user.created"),
    ];
    let made = admin.post("/admin/webhooks", &fields).await;
    assert_eq!((made.status, made.location()), (StatusCode::SEE_OTHER, "/admin/webhooks/1?secret=new"));
    // The browser alone holds the secret, for a minute and this page.
    let [cookie] = &made.cookies()[..] else { panic!("{:?}", made.cookies()) };
    assert!(cookie.starts_with("passalong_new_secret=whsec_"), "{cookie}");
    assert!(cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/admin/webhooks; Max-Age=60"), "{cookie}");
    let page = admin.get(made.location()).await;
    let secret = page.find("#secret").expect("the secret");
    assert!(secret.starts_with("whsec_") && secret.len() == 50, "{secret}");
    assert!(page.text().contains("Endpoint added") && page.text().contains("standardwebhooks"), "{}", page.text());
    let again = admin.get(made.location()).await;
    assert!(again.find("#secret").is_none() && again.text().contains("This secret was already shown"));
    assert!(!again.body.contains(&secret));
    // The same form once more makes nothing.
    let twice = admin.post("/admin/webhooks", &fields).await;
    assert_eq!((twice.status, twice.alerts().len()), (StatusCode::CONFLICT, 1), "{}", twice.text());
    let list = admin.get("/admin/webhooks").await;
    let rows = texts(&list, "[data-testid=webhook-row]");
    assert_eq!(rows, ["https://shop.example/hooks?a=1&b=2 The <b>shop</b> 2 events On None yet –"]);
    // What another browser holds is not taken for it.
    let other = site.admin().await;
    assert!(other.get(made.location()).await.find("#secret").is_none());
    let log = admin.get("/admin/audit").await;
    assert!(log.text().contains("https://shop.example/hooks") && !log.body.contains(&secret));
});

on_both!(an_endpoint_is_changed_switched_rotated_and_deleted, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let made = create(&admin, "https://shop.example/hooks").await;
    let first = admin.get(made.location()).await.find("#secret").expect("the secret");

    let url = ("url", "https://shop.example/new");
    let page = step(&admin, "update_webhook_endpoint", &[url, ("which", "some"), ("events", "goal.reached")]).await;
    assert_eq!(page.location(), "/admin/webhooks/1?done=webhook-saved", "{}", page.text());
    let page = admin.get(page.location()).await;
    assert!(page.text().contains("Endpoint saved"), "{}", page.text());
    assert_eq!(page.find("h1").as_deref(), Some("https://shop.example/new"));
    let refused = step(&admin, "update_webhook_endpoint", &[("url", "nowhere"), ("which", "all")]).await;
    assert_eq!((refused.status, refused.alerts().len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    assert_eq!(refused.find("[name=url]").as_deref(), Some("nowhere"));

    let off = step(&admin, "switch_webhook_endpoint", &[("active", "false")]).await;
    assert_eq!(off.location(), "/admin/webhooks/1?done=webhook-off");
    let page = admin.get(off.location()).await;
    assert!(page.text().contains("Nothing is sent while the endpoint is off."), "{}", page.text());
    let refused = step(&admin, "send_test_event", &[]).await;
    assert_eq!(refused.alerts(), ["This endpoint is off. Turn it on first."]);
    let on = step(&admin, "switch_webhook_endpoint", &[("active", "true")]).await;
    assert_eq!(on.location(), "/admin/webhooks/1?done=webhook-on");

    let rotated = step(&admin, "rotate_webhook_secret", &[]).await;
    assert_eq!(rotated.location(), "/admin/webhooks/1?secret=rotated");
    let page = admin.get(rotated.location()).await;
    let second = page.find("#secret").expect("the new secret");
    assert!(second != first && page.text().contains("Secret rotated"));
    assert!(page.text().contains("The old secret stays valid until 15 November 2026, 11:33 UTC"), "{}", page.text());

    let refused = step(&admin, "replay_events", &[("since", "soon")]).await;
    assert_eq!((refused.status, refused.alerts().len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    assert_eq!(refused.find("[name=since]").as_deref(), Some("soon"));
    let refused = step(&admin, "replay_events", &[("since", "")]).await;
    assert_eq!(refused.alerts(), ["Enter where to start."]);

    let gone = step(&admin, "delete_webhook_endpoint", &[]).await;
    assert_eq!(gone.location(), "/admin/webhooks?done=webhook-deleted");
    assert!(admin.get(gone.location()).await.text().contains("No endpoints yet"));
    assert_eq!(admin.get("/admin/webhooks/1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(step(&admin, "send_test_event", &[]).await.status, StatusCode::NOT_FOUND);
});

on_both!(a_delivery_shows_each_attempt_and_is_sent_again, |db| {
    let site = private_site(db).await;
    let admin = site.admin().await;
    let (url, product) = Receiver::start(&[500]).await;
    create(&admin, &url).await;

    let tested = step(&admin, "send_test_event", &[]).await;
    assert_eq!(tested.location(), "/admin/webhooks/deliveries/1?done=webhook-test", "{}", tested.text());
    let page = admin.get(tested.location()).await;
    let attempts = texts(&page, "[data-testid=attempt]");
    assert!(attempts.len() == 1 && attempts[0].contains("HTTP 500"), "{attempts:?}");
    assert!(attempts[0].ends_with("<b>broken</b>") && !page.body.contains("<b>broken"), "{attempts:?}");
    assert!(page.text().contains("Waiting") && page.text().contains("webhook.test"), "{}", page.text());
    let sent = product.wait_for("webhook.test", 1).await;
    assert!(page.text().contains(&sent[0].id), "{}", page.text());

    let again = admin.post("/admin/webhooks/deliveries/1", &[("form", "redeliver"), ("id", "1")]).await;
    assert_eq!(again.location(), "/admin/webhooks/deliveries/1?done=webhook-again");
    let page = admin.get(again.location()).await;
    assert_eq!((page.of("tries").as_str(), texts(&page, "[data-testid=attempt]").len()), ("2", 2), "{}", page.text());
    let sent = product.wait_for("webhook.test", 2).await;
    assert_eq!((&sent[0].id, &sent[0].body), (&sent[1].id, &sent[1].body));
    let rows = async |query: &str| {
        let page = admin.get(&format!("/admin/webhooks/1{query}")).await;
        texts(&page, "[data-testid=webhook-delivery]")
    };
    let listed = rows("?state=delivered").await;
    assert!(listed.len() == 1 && listed[0].starts_with("webhook.test Delivered HTTP 204 2 14 Nov"), "{listed:?}");
    assert!(rows("?state=failed").await.is_empty());
    assert!(admin.get("/admin/webhooks/1?state=failed").await.text().contains("No matching deliveries"));
    assert_eq!(rows("?state=nonsense").await.len(), 1);
    let missing = admin.post("/admin/webhooks/deliveries/9", &[("form", "redeliver"), ("id", "9")]).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
});

on_both!(past_events_are_replayed_and_a_reward_says_how_it_was_told, |db| {
    let site = private_site(db).await;
    site.set("signup_hold_days", "0").await;
    let admin = site.admin().await;
    let (url, product) = Receiver::start(&[]).await;
    create(&admin, &url).await;
    let api = Api::new(&site, "admin").await;
    let ann = api.post("/users", json!({"email": "ann@example.com"})).await.with(201);
    let bob = json!({"email": "bob@example.com", "code": ann["code"]});
    api.post("/users", bob).await.with(201);
    let told = product.wait_for("user.created", 2).await;
    assert_ne!(told[0].id, told[1].id);
    let activated = product.wait_for("reward.activated", 1).await;
    let reward = &activated[0].body["data"]["object"]["id"];
    let said = async {
        loop {
            let page = admin.get(&format!("/admin/rewards/{reward}")).await;
            if page.text().contains("Delivered") {
                return page;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let page = tokio::time::timeout(Duration::from_secs(20), said).await.expect("the reward is delivered");
    assert_eq!(page.find("#facts ~ dl a[href^='/admin/webhooks/deliveries/']").as_deref(), Some("See the webhook"));

    let replayed = step(&admin, "replay_events", &[("since", "2026-11-01T00:00"), ("until", "")]).await;
    assert_eq!(replayed.location(), "/admin/webhooks/1?done=webhook-replayed");
    let mut ids: Vec<_> = product.wait_for("user.created", 4).await.into_iter().map(|message| message.id).collect();
    ids.sort_unstable();
    assert_eq!((&ids[0], &ids[2]), (&ids[1], &ids[3]), "each once more, by its id");
});

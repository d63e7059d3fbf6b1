//! What is decided by what may change meanwhile: rights, keys, passwords, sessions.

use crate::{
    api::Api,
    on_both,
    site::{Browser, PASSWORD, Page, Site},
};
use futures::{StreamExt, stream};
use passalong::{
    domain::{
        accounts::{
            api_key::{Access, ApiKeySecret, Scope},
            email::Email,
            username::Username,
        },
        ids::{JobId, MailId, UserId},
        message::Message,
    },
    server::{
        auth::sessions::hash_token,
        store::{
            api_keys::{self, NewApiKey},
            db::Tx,
            rights, sessions,
            users::{self, NewUser},
            webhook_deliveries,
        },
    },
};
use reqwest::{StatusCode, header, redirect::Policy};
use serde_json::{Value, json};
use std::time::Duration;

/// How often each race is run.
const TRIES: usize = 50;

/// Long enough for a request to come to where it waits.
const A_MOMENT: Duration = Duration::from_millis(700);

async fn execute(tx: &mut Tx, sql: &'static str) {
    let done = match tx {
        Tx::Sqlite(tx) => sqlx::query(sql).execute(&mut **tx).await.map(|_| ()),
        Tx::Postgres(tx) => sqlx::query(sql).execute(&mut **tx).await.map(|_| ()),
    };
    done.expect(sql);
}

/// An admin in their browser, and with a key of their own.
#[derive(Clone)]
struct Admin {
    id: UserId,
    browser: Browser,
    api: Api,
}

/// Two who are the only admins from now on.
async fn two_admins(site: &Site, names: [String; 2]) -> [Admin; 2] {
    let now = site.clock.now();
    let hash = site.state.passwords.hash(PASSWORD.into(), [3; 16]).await.expect("a hash");
    let mut tx = site.state.db.begin().await.expect("a transaction");
    execute(&mut tx, "UPDATE users SET role = 'user'").await;
    let mut admins = vec![];
    for name in names {
        let new = NewUser {
            email: &Email::parse(&format!("{name}@example.com")).expect("an address"),
            username: &Username::parse(&name).expect("a name"),
            password_hash: Some(&hash),
            admin: true,
            goal: 10,
            consent_at: None,
            created_at: now,
        };
        let id = users::insert(&mut tx, &new).await.expect("written").expect("a free name");
        // As long as the tokens of sessions are.
        let token = format!("{name:-<43}");
        let session = sessions::NewSession {
            token_hash: &hash_token(&token),
            user_id: id,
            user_agent: "",
            network: "",
            now,
            expires_at: now.plus(1_000_000),
        };
        sessions::insert(&mut tx, &session).await.expect("written");
        let secret = format!("pal_{name}");
        let key = NewApiKey {
            name: &name,
            access: &Access::Scope(Scope::Admin),
            key: &ApiKeySecret(secret.clone()),
            secret_hash: &hash_token(&secret),
            admin: Some(id),
            created_at: now,
        };
        api_keys::insert(&mut tx, &key).await.expect("written");
        let mut cookie = header::HeaderMap::new();
        cookie.insert(header::COOKIE, format!("passalong_session={token}").parse().expect("a header"));
        let client =
            crate::clients::builder().default_headers(cookie).redirect(Policy::none()).build().expect("a client");
        let browser = Browser { client, base: site.state.base_url.clone() };
        admins.push(Admin { id, browser, api: Api::with(site, &secret) });
    }
    tx.commit().await.expect("stored");
    admins.try_into().unwrap_or_else(|_| panic!("two"))
}

async fn count_admins(site: &Site) -> i64 {
    users::count_admins(&mut site.state.db.read().await.expect("a transaction")).await.expect("counted")
}

/// What an admin may do to another on the page of a user.
async fn change(admin: &Admin, other: &Admin, rights: &[(&str, &str)]) -> Page {
    let id = other.id.to_string();
    let mut fields = vec![("form", "update_user"), ("id", id.as_str()), ("goal", "10")];
    fields.extend(rights);
    admin.browser.post(&format!("/admin/users/{id}"), &fields).await
}

on_both!(of_two_admins_who_demote_each_other_one_stays, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    for n in 0..TRIES {
        let [one, two] = two_admins(&site, [format!("one-{n}"), format!("two-{n}")]).await;
        let (a, b) = tokio::join!(change(&one, &two, &[]), change(&two, &one, &[]));
        assert_eq!(count_admins(&site).await, 1, "try {n}: {} {}", a.status, b.status);
        let (done, refused) = if a.status == StatusCode::SEE_OTHER { (a, b) } else { (b, a) };
        assert!(done.location().ends_with("?done=saved"), "try {n}: {}", done.location());
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "try {n}: {}", refused.text());
    }
});

on_both!(of_two_admins_who_disable_each_other_one_stays, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    let disabled = [("admin", "true"), ("disabled", "true")];
    for n in 0..TRIES {
        let [one, two] = two_admins(&site, [format!("one-{n}"), format!("two-{n}")]).await;
        let (a, b) = tokio::join!(change(&one, &two, &disabled), change(&two, &one, &disabled));
        assert_eq!(count_admins(&site).await, 1, "try {n}: {} {}", a.status, b.status);
        let (done, refused) = if a.location().ends_with("?done=saved") { (a, b) } else { (b, a) };
        assert!(done.location().ends_with("?done=saved"), "try {n}: {}", done.text());
        assert!(refused.location().starts_with("/signin"), "try {n}: {} {}", refused.status, refused.location());
    }
});

on_both!(of_two_admins_who_are_erased_at_once_one_stays, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    let key = Api::new(&site, "admin").await;
    for n in 0..TRIES {
        let [one, two] = two_admins(&site, [format!("one-{n}"), format!("two-{n}")]).await;
        let (first, second) = (format!("/users/{}", one.id), format!("/users/{}", two.id));
        // By a key that belongs to nobody, and by those of each other.
        let own = n % 2 == 1;
        let (by_one, by_two) = if own { (&one.api, &two.api) } else { (&key, &key) };
        let (a, b) = tokio::join!(by_one.delete(&second), by_two.delete(&first));
        assert_eq!(count_admins(&site).await, 1, "try {n}: {} {}", a.status, b.status);
        let (done, refused) = if a.status == 204 { (a, b) } else { (b, a) };
        let told = if own { (401, "unauthorized") } else { (409, "last_admin") };
        assert_eq!((done.status, (refused.status, refused.code())), (204, told), "try {n}");
    }
});

on_both!(of_two_admins_who_leave_at_once_one_stays, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    let leave = [("form", "delete_account"), ("password", PASSWORD)];
    for n in 0..TRIES {
        let [one, two] = two_admins(&site, [format!("one-{n}"), format!("two-{n}")]).await;
        let (a, b) = tokio::join!(one.browser.post("/profile", &leave), two.browser.post("/profile", &leave));
        assert_eq!(count_admins(&site).await, 1, "try {n}: {} {}", a.status, b.status);
        let (done, refused) = if a.status == StatusCode::SEE_OTHER { (a, b) } else { (b, a) };
        assert_eq!(done.location(), "/?done=deleted", "try {n}");
        let told = "This is the only admin. Make someone else an admin first.".to_owned();
        assert_eq!((refused.status, refused.alerts()), (StatusCode::CONFLICT, vec![told]), "try {n}");
    }
});

on_both!(of_ten_who_set_up_at_once_one_is_the_admin, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start_with(db, &[]).await;
    for n in 0..5 {
        let mut tx = site.state.db.begin().await.expect("a transaction");
        execute(&mut tx, "DELETE FROM users").await;
        let token = passalong::server::store::secrets::keep(&mut tx, "setup_token", b"token", site.clock.now()).await;
        token.expect("written");
        tx.commit().await.expect("stored");
        let answers = stream::iter(0..10)
            .map(|m| {
                let browser = site.browser();
                async move {
                    let (email, name) = (format!("root-{n}-{m}@example.com"), format!("root-{n}-{m}"));
                    let fields = [("token", "token"), ("email", &email), ("username", &name), ("password", PASSWORD)];
                    browser.post("/setup", &fields).await.status
                }
            })
            .buffer_unordered(10)
            .collect::<Vec<_>>()
            .await;
        assert_eq!(answers.iter().filter(|status| **status == StatusCode::SEE_OTHER).count(), 1, "{answers:?}");
        assert_eq!(count_admins(&site).await, 1);
    }
});

on_both!(nobody_sets_up_what_has_an_admin_meanwhile, |db| {
    let site = Site::start_with(db, &[]).await;
    let mut tx = site.state.db.begin().await.expect("a transaction");
    passalong::server::store::secrets::keep(&mut tx, "setup_token", b"token", site.clock.now()).await.expect("written");
    tx.commit().await.expect("stored");
    let mut tx = site.state.db.begin().await.expect("a transaction");
    rights::lock(&mut tx).await.expect("the lock");
    let (email, username) = (Email::parse("cli@example.com").expect("one"), Username::parse("cli").expect("one"));
    let new = NewUser {
        email: &email,
        username: &username,
        password_hash: None,
        admin: true,
        goal: 10,
        consent_at: None,
        created_at: site.clock.now(),
    };
    users::insert(&mut tx, &new).await.expect("written");
    let browser = site.browser();
    let set_up = tokio::spawn(async move {
        let fields = [("token", "token"), ("email", "r@example.com"), ("username", "root-1"), ("password", PASSWORD)];
        browser.post("/setup", &fields).await.status
    });
    tokio::time::sleep(A_MOMENT).await;
    tx.commit().await.expect("stored");
    assert_eq!(set_up.await.expect("an answer"), StatusCode::NOT_FOUND);
    assert_eq!(count_admins(&site).await, 1);
});

/// Every form by which an admin changes something: where it is, and what it says. `ID` is a code, `USER` a user, `KEY`
/// a key, `JOB` a failed job, `MAIL` a failed mail, `BATCH` one that has created codes, `PAYMENT` a payment of the
/// user, `REWARD` one of their rewards, `RULE` its rule, `ENDPOINT` one of webhooks, `SENT` its delivery, `FRIEND`
/// somebody whom they brought and who is in review.
const ADMIN_FORMS: [(&str, &str); 52] = [
    ("/admin", "form=hide_checklist"),
    ("/admin/codes/new", "form=create_code&code=LATE&description=Late&max_uses=5&active=true"),
    ("/admin/codes/bulk", "form=request_bulk_codes&description=Late&max_uses=5&count=3&length=8&active=true"),
    ("/admin/codes/bulk/BATCH", "form=switch_batch&id=BATCH&active=false"),
    ("/admin/codes/bulk/BATCH", "form=set_batch_expiry&id=BATCH"),
    ("/admin/codes/bulk/BATCH", "form=delete_batch&id=BATCH&confirmed=true"),
    ("/admin/codes/bulk/BATCH", "form=mail_codes&id=BATCH&addresses=late%40example.com&language=en"),
    ("/admin/codes", "form=set_code_active&id=ID&active=false"),
    ("/admin/codes/ID", "form=update_code&id=ID&description=Late&max_uses=7&active=true"),
    ("/admin/codes/ID", "form=set_code_active&id=ID&active=false"),
    ("/admin/codes/ID", "form=delete_code&id=ID"),
    ("/admin/users/USER", "form=update_user&id=USER&goal=33"),
    ("/admin/referrals/USER", "form=correct_attribution&id=USER&code=SPRING&reason=Late"),
    ("/admin/settings", "form=update_settings&SETTINGS"),
    ("/admin/api-keys", "form=create_api_key&name=Late&scopes=read"),
    ("/admin/api-keys", "form=create_publishable_key&name=Late&origins=https://shop.example"),
    ("/admin/api-keys", "form=set_key_origins&id=KEY&origins=https://shop.example"),
    ("/admin/api-keys", "form=take_over_api_key&id=KEY"),
    ("/admin/api-keys", "form=revoke_api_key&id=KEY"),
    ("/admin/system", "form=retry_job&id=JOB"),
    ("/admin/system", "form=resend_mail&id=MAIL"),
    ("/admin/system", "form=delete_mail&id=MAIL"),
    ("/admin/system", "form=send_test_mail"),
    ("/admin/conversions/new", "form=add_payment&person=ann%40example.com&amount=5"),
    ("/admin/conversions/PAYMENT", "form=refund_payment&id=PAYMENT&amount=1"),
    ("/admin/conversions/PAYMENT", "form=correct_amount&id=PAYMENT&amount=2&reason=Late"),
    ("/admin/conversions/PAYMENT", "form=link_payer&id=PAYMENT&person=one-1"),
    ("/admin/rewards", "form=approve_rewards&ids=REWARD"),
    ("/admin/rewards", "form=void_rewards&ids=REWARD&reason=Late"),
    ("/admin/rewards", "form=settle_rewards&ids=REWARD"),
    ("/admin/rewards", "form=write_off_rewards&ids=REWARD"),
    ("/admin/rewards/REWARD", "form=approve_rewards&ids=REWARD"),
    ("/admin/rewards/REWARD", "form=void_rewards&ids=REWARD&reason=Late"),
    ("/admin/rewards/REWARD", "form=settle_rewards&ids=REWARD"),
    ("/admin/rewards/REWARD", "form=write_off_rewards&ids=REWARD"),
    ("/admin/rewards/REWARD", "form=mark_reward_delivered&id=REWARD"),
    ("/admin/review", "form=approve_review&id=FRIEND"),
    ("/admin/review", "form=approve_reviews_of&id=USER"),
    ("/admin/review", "form=reject_review&id=FRIEND&reason=Late"),
    ("/admin/review", "form=undo_review&id=FRIEND"),
    ("/admin/rules", "form=set_rule_active&id=RULE&active=false"),
    ("/admin/rules/new", "form=create_rule&trigger=signup&recipient=referrer&kind=extra_messages&amount=5&active=true"),
    ("/admin/rules/RULE", "form=update_rule&id=RULE&trigger=signup&recipient=referrer&kind=extra_messages&amount=5"),
    ("/admin/rules/RULE", "form=delete_rule&id=RULE"),
    ("/admin/webhooks", "form=create_webhook_endpoint&url=https%3A%2F%2Fexample.com%2Flate&which=all"),
    (
        "/admin/webhooks/ENDPOINT",
        "form=update_webhook_endpoint&id=ENDPOINT&url=https%3A%2F%2Fexample.com%2Flate&which=all",
    ),
    ("/admin/webhooks/ENDPOINT", "form=switch_webhook_endpoint&id=ENDPOINT&active=true"),
    ("/admin/webhooks/ENDPOINT", "form=rotate_webhook_secret&id=ENDPOINT"),
    ("/admin/webhooks/ENDPOINT", "form=send_test_event&id=ENDPOINT"),
    ("/admin/webhooks/ENDPOINT", "form=replay_events&id=ENDPOINT&since=2026-01-01T00:00"),
    ("/admin/webhooks/ENDPOINT", "form=delete_webhook_endpoint&id=ENDPOINT"),
    ("/admin/webhooks/deliveries/SENT", "form=redeliver&id=SENT"),
];

/// What an API key can change.
fn api_calls(code: &str, user: &str) -> Vec<(&'static str, String, Value)> {
    vec![
        ("POST", "/codes".into(), json!({"code": "LATE", "description": "Late"})),
        ("POST", "/codes/bulk".into(), json!({"count": 3, "description": "Late"})),
        ("PATCH", format!("/codes/{code}"), json!({"description": "Late"})),
        ("DELETE", format!("/codes/{code}"), Value::Null),
        ("POST", "/users".into(), json!({"email": "late@example.com"})),
        ("PATCH", format!("/users/{user}"), json!({"goal": 33})),
        ("PATCH", format!("/users/{user}"), json!({"disabled": true})),
        ("DELETE", format!("/users/{user}"), Value::Null),
        ("PUT", format!("/users/{user}/referral"), json!({"code": "SPRING", "reason": "Late"})),
        ("PATCH", "/settings".into(), json!({"default_goal": 33})),
        ("POST", "/webhook-endpoints".into(), json!({"url": "https://example.com/late"})),
        ("POST", "/api-keys".into(), json!({"name": "Late", "scopes": ["admin"]})),
        ("DELETE", "/api-keys/1".into(), Value::Null),
    ]
}

#[test]
fn every_form_of_admins_is_tried() {
    for (path, forms) in passalong::server::http::router::FORMS {
        for (form, _) in forms.iter().filter(|_| path.starts_with("/admin")) {
            let path = path
                .replace("/codes/bulk/{id}", "/codes/bulk/BATCH")
                .replace("/codes/{id}", "/codes/ID")
                .replace("/users/{id}", "/users/USER")
                .replace("/referrals/{id}", "/referrals/USER")
                .replace("/conversions/{id}", "/conversions/PAYMENT")
                .replace("/rewards/{id}", "/rewards/REWARD")
                .replace("/rules/{id}", "/rules/RULE")
                .replace("/webhooks/{id}", "/webhooks/ENDPOINT")
                .replace("/deliveries/{id}", "/deliveries/SENT");
            let fields = format!("form={form}&");
            let tried = ADMIN_FORMS.iter().any(|(p, f)| *p == path && format!("{f}&").starts_with(&fields));
            assert!(tried, "{path} {form}");
        }
    }
}

/// What the tests below must not change: a code and somebody, by their ids.
struct Untouched {
    code: String,
    user: String,
    key: String,
    job: JobId,
    mail: MailId,
    batch: JobId,
    payment: String,
    reward: String,
    rule: String,
    friend: String,
    /// Mails that wait.
    waiting: i64,
    endpoint: String,
    sent: String,
    log: usize,
}

async fn entries(site: &Site) -> usize {
    let mut tx = site.state.db.read().await.expect("a transaction");
    passalong::server::store::audit::page(&mut tx, "", i64::MAX, 1_000).await.expect("the log").len()
}

async fn waiting_mails(site: &Site) -> i64 {
    let mut tx = site.state.db.read().await.expect("a transaction");
    passalong::server::store::mail_list::count_waiting(&mut tx, 99).await.expect("counted")
}

impl Untouched {
    async fn new(site: &Site) -> Self {
        let api = Api::new(site, "admin").await;
        let code = api.post("/codes", json!({"code": "SPRING", "description": "Spring"})).await.with(201)["id"].clone();
        let ann = api.post("/users", json!({"email": "ann@example.com"})).await.with(201);
        let user = ann["id"].clone();
        let bob = json!({"email": "bob@mailinator.com", "code": ann["code"]});
        let friend = api.post("/users", bob).await.with(201)["id"].to_string();
        let reward = api.get(&format!("/users/{user}/rewards")).await.with(200)["data"][0].clone();
        let paid = json!({"email": "ann@example.com", "source_id": "order-1", "amount": 500, "currency": "USD"});
        let payment = api.post("/conversions", paid).await.with(201)["id"].to_string();
        let mut tx = site.state.db.read().await.expect("a transaction");
        // The one of the other admin.
        let key = api_keys::all(&mut tx).await.expect("keys")[1].id.to_string();
        drop(tx);
        let many = json!({"count": 2, "description": "Many"});
        let batch = JobId(api.post("/codes/bulk", many).await.with(202)["id"].as_i64().expect("a job"));
        while api.get(&format!("/codes/bulk/{batch}")).await.with(200)["state"] != "done" {
            tokio::time::sleep(A_MOMENT).await;
        }
        let job = crate::system::failed_job(site, "trial", &Message::JobBroke).await;
        let mail = crate::mails::failed_mail(site).await;
        let (reward, rule) = (reward["id"].to_string(), reward["rule_id"].to_string());
        let off = json!({"url": "https://example.com/hooks", "active": false});
        let endpoint = api.post("/webhook-endpoints", off).await.with(201)["endpoint"]["id"].as_i64().expect("an id");
        let mut tx = site.state.db.begin().await.expect("a transaction");
        let now = site.clock.now();
        let sent =
            webhook_deliveries::insert_test(&mut tx, endpoint.into(), "test_1", "{}", now).await.expect("stored");
        tx.commit().await.expect("stored");
        let (endpoint, sent) = (endpoint.to_string(), sent.to_string());
        let (code, user) = (code.to_string(), user.to_string());
        let waiting = waiting_mails(site).await;
        let log = entries(site).await;
        Self { code, user, key, job, mail, waiting, batch, payment, reward, rule, friend, endpoint, sent, log }
    }

    /// Whatever is changed is written down.
    async fn check(&self, site: &Site) {
        assert_eq!(entries(site).await, self.log);
        let mut tx = site.state.db.read().await.expect("a transaction");
        let jobs = passalong::server::store::job_list::latest(&mut tx, "bulk_codes", 9).await.expect("jobs");
        assert_eq!(jobs.iter().map(|job| job.id).collect::<Vec<_>>(), [self.batch]);
        let failed = passalong::server::store::job_list::failed(&mut tx, None, 9).await.expect("jobs");
        assert_eq!(failed.iter().map(|job| job.id).collect::<Vec<_>>(), [self.job]);
        let failed = passalong::server::store::mail_list::failed(&mut tx, 9).await.expect("mails");
        assert_eq!(failed.iter().map(|mail| mail.id).collect::<Vec<_>>(), [self.mail]);
        assert_eq!(waiting_mails(site).await, self.waiting);
    }
}

/// Takes rights away while forms of an admin are on their way, and what comes of each.
async fn forms_while(site: &Site, sql: &'static str) -> (Untouched, Vec<(String, Page)>) {
    let [admin, _] = two_admins(site, ["one-1".into(), "two-2".into()]).await;
    let untouched = Untouched::new(site).await;
    let mut tx = site.state.db.begin().await.expect("a transaction");
    rights::lock(&mut tx).await.expect("the lock");
    execute(&mut tx, sql).await;
    let sent: Vec<_> = ADMIN_FORMS
        .iter()
        .map(|(path, fields)| {
            let fill = |text: &str| {
                text.replace("SETTINGS", &settings_form(site))
                    .replace("ID", &untouched.code)
                    .replace("USER", &untouched.user)
                    .replace("KEY", &untouched.key)
                    .replace("JOB", &untouched.job.to_string())
                    .replace("MAIL", &untouched.mail.to_string())
                    .replace("BATCH", &untouched.batch.to_string())
                    .replace("PAYMENT", &untouched.payment)
                    .replace("REWARD", &untouched.reward)
                    .replace("RULE", &untouched.rule)
                    .replace("FRIEND", &untouched.friend)
                    .replace("ENDPOINT", &untouched.endpoint)
                    .replace("SENT", &untouched.sent)
            };
            let (path, fields, browser) = (fill(path), fill(fields), admin.browser.clone());
            tokio::spawn(async move {
                let request = browser.client.post(browser.url(&path));
                let request = request.header("content-type", "application/x-www-form-urlencoded").body(fields.clone());
                (format!("{path} {fields}"), Page::read(request.send().await.expect("an answer")).await)
            })
        })
        .collect();
    tokio::time::sleep(A_MOMENT).await;
    tx.commit().await.expect("stored");
    let mut answers = vec![];
    for answer in sent {
        answers.push(answer.await.expect("an answer"));
    }
    (untouched, answers)
}

/// The settings as the form sends them, one of them changed.
fn settings_form(site: &Site) -> String {
    let settings = serde_json::to_value(site.settings()).expect("JSON");
    let fields = settings.as_object().expect("an object").iter().filter_map(|(name, value)| {
        let value = match value {
            Value::Null | Value::Bool(false) => return None,
            Value::String(text) => text.clone(),
            _ if name == "default_goal" => "33".into(),
            other => other.to_string(),
        };
        Some((name.clone(), value))
    });
    serde_urlencoded::to_string(fields.collect::<Vec<_>>()).expect("fields")
}

on_both!(an_admin_who_is_demoted_meanwhile_changes_nothing_more, |db| {
    let site = Site::start(db).await;
    let (untouched, answers) = forms_while(&site, "UPDATE users SET role = 'user'").await;
    for (form, page) in answers {
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{form}: {}", page.location());
    }
    untouched.check(&site).await;
});

on_both!(an_admin_who_is_disabled_meanwhile_changes_nothing_more, |db| {
    let site = Site::start(db).await;
    let (untouched, answers) = forms_while(&site, "UPDATE users SET disabled_at = 1").await;
    for (form, page) in answers {
        assert!(page.location().starts_with("/signin"), "{form}: {} {}", page.status, page.location());
    }
    untouched.check(&site).await;
});

on_both!(an_admin_whose_session_ends_meanwhile_changes_nothing_more, |db| {
    let site = Site::start(db).await;
    let (untouched, answers) = forms_while(&site, "DELETE FROM sessions").await;
    for (form, page) in answers {
        assert!(page.location().starts_with("/signin"), "{form}: {} {}", page.status, page.location());
    }
    untouched.check(&site).await;
});

/// The same for a key.
async fn calls_while(site: &Site, sql: &'static str) {
    let [admin, _] = two_admins(site, ["one-1".into(), "two-2".into()]).await;
    let untouched = Untouched::new(site).await;
    let mut tx = site.state.db.begin().await.expect("a transaction");
    rights::lock(&mut tx).await.expect("the lock");
    execute(&mut tx, sql).await;
    let mut sent = vec![];
    for (n, (method, path, body)) in api_calls(&untouched.code, &untouched.user).into_iter().enumerate() {
        let api = admin.api.clone();
        sent.push(tokio::spawn(async move {
            // Half of them name themselves.
            let name = n.to_string();
            let named: &[(&str, &str)] = if n % 2 == 0 { &[("idempotency-key", &name)] } else { &[] };
            let answer = api.send(method, &path, named, (!body.is_null()).then_some(body)).await;
            (format!("{method} {path}"), answer)
        }));
    }
    tokio::time::sleep(A_MOMENT).await;
    tx.commit().await.expect("stored");
    for answer in sent {
        let (call, answer) = answer.await.expect("an answer");
        assert_eq!((answer.status, answer.code()), (401, "unauthorized"), "{call}");
    }
    untouched.check(site).await;
}

on_both!(a_key_whose_admin_is_disabled_meanwhile_changes_nothing_more, |db| {
    calls_while(&Site::start(db).await, "UPDATE users SET disabled_at = 1").await;
});

on_both!(a_key_that_is_revoked_meanwhile_changes_nothing_more, |db| {
    calls_while(&Site::start(db).await, "UPDATE api_keys SET revoked_at = 1").await;
});

/// Sends a form while somebody changes an account, and gives the answer.
async fn form_while(
    site: &Site,
    browser: &Browser,
    path: &'static str,
    fields: &[(&'static str, &'static str)],
    changes: &[&'static str],
) -> Page {
    let mut tx = site.state.db.begin().await.expect("a transaction");
    for sql in changes {
        execute(&mut tx, sql).await;
    }
    let (browser, fields) = (browser.clone(), fields.to_vec());
    let sent = tokio::spawn(async move { browser.post(path, &fields).await });
    tokio::time::sleep(A_MOMENT).await;
    tx.commit().await.expect("stored");
    sent.await.expect("an answer")
}

const OTHER_PASSWORD: &str = "UPDATE users SET password_hash = 'other' WHERE username = 'ann'";
const DISABLED: &str = "UPDATE users SET disabled_at = 1 WHERE username = 'ann'";
const GONE: &str = "DELETE FROM users WHERE username = 'ann'";

/// What takes sessions away changes the account or holds it.
const NO_SESSIONS: [&str; 2] = ["UPDATE users SET referral_goal = 10", "DELETE FROM sessions"];

on_both!(a_sign_in_on_its_way_does_not_survive_what_ends_it, |db| {
    for sql in [OTHER_PASSWORD, DISABLED, GONE] {
        let site = Site::start(db.clone()).await;
        let mut tx = site.state.db.begin().await.expect("a transaction");
        execute(&mut tx, "DELETE FROM codes").await;
        execute(&mut tx, "DELETE FROM users").await;
        tx.commit().await.expect("stored");
        site.user("ann").await;
        let stranger = site.browser();
        let page =
            form_while(&site, &stranger, "/signin", &[("email", "ann@example.com"), ("password", PASSWORD)], &[sql])
                .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{sql}");
        assert_eq!(page.alerts(), ["Incorrect e-mail or password. Try again."]);
        assert!(page.cookies().iter().all(|cookie| !cookie.contains("session")), "{:?}", page.cookies());
    }
});

on_both!(a_password_is_changed_by_whoever_knows_the_latest_and_is_signed_in, |db| {
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let change = [("form", "change_password"), ("current", PASSWORD), ("password", "an0ther-line")];
    let leave = [("form", "delete_account"), ("password", PASSWORD)];
    for form in [&change[..], &leave[..]] {
        let fields: Vec<_> = form.to_vec();
        let mut tx = site.state.db.begin().await.expect("a transaction");
        let hash = site.state.passwords.hash(PASSWORD.into(), [3; 16]).await.expect("a hash");
        let email = Email::parse("ann@example.com").expect("an address");
        let id = users::by_email(&mut tx, &email).await.expect("read").expect("Ann").id;
        users::set_password(&mut tx, id, &hash).await.expect("written");
        tx.commit().await.expect("stored");
        let page = form_while(&site, &ann, "/profile", &fields, &[OTHER_PASSWORD]).await;
        assert_eq!((page.status, page.alerts().len()), (StatusCode::UNPROCESSABLE_ENTITY, 1), "{fields:?}");
    }
});

on_both!(a_session_that_ends_meanwhile_changes_nothing_more, |db| {
    let site = Site::start(db).await;
    let forms: [&[(&str, &str)]; 3] = [
        &[("form", "change_password"), ("current", PASSWORD), ("password", "an0ther-line")],
        &[("form", "delete_account"), ("password", PASSWORD)],
        &[("form", "end_session"), ("id", "1")],
    ];
    site.user("ann").await;
    for form in forms {
        let ann = site.browser();
        ann.post("/signin", &[("email", "ann@example.com"), ("password", PASSWORD)]).await;
        let page = form_while(&site, &ann, "/profile", form, &NO_SESSIONS).await;
        assert!(page.location().starts_with("/signin"), "{form:?}: {} {}", page.status, page.location());
        assert!(page.cookies().is_empty(), "{:?}", page.cookies());
    }
    let page = site.browser().post("/signin", &[("email", "ann@example.com"), ("password", PASSWORD)]).await;
    assert_eq!(page.location(), "/dashboard", "the account and its password are as they were");
});

on_both!(friends_join_while_the_referrer_leaves, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    for n in 0..10 {
        let name = format!("ann-{n}");
        let ann = site.user(&name).await;
        let link = ann.link().await;
        let code = link.trim_start_matches("/r/").to_owned();
        let friends = stream::iter(0..6).map(|m| {
            let (friend, code) = (site.browser(), code.clone());
            async move {
                let page = friend.sign_up(&format!("f-{n}-{m}"), &[("code", &code), ("linked", &code)]).await;
                (page.status, page.text())
            }
        });
        let leaving = ann.post("/profile", &[("form", "delete_account"), ("password", PASSWORD)]);
        let (joined, left) = tokio::join!(friends.buffer_unordered(6).collect::<Vec<_>>(), leaving);
        assert_eq!(left.location(), "/?done=deleted");
        for (status, text) in joined {
            assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
        }
    }
    assert_eq!(crate::forgetting::found(&site, "ann-").await, Vec::<String>::new());
});

//! Mails: sent once, tried again, given up, dropped when they make no sense any more.

use crate::{
    on_both,
    site::{Browser, START, Site},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use passalong::{
    domain::{
        accounts::email::Email,
        ids::{AccountLinkId, MailId, UserId},
        mails::{Mail, NewMail},
        message::Message,
        time::{DAY, HOUR, MINUTE},
    },
    server::{
        jobs::send_mails::{LEASE, MailSender, Turn},
        store::{
            audit,
            db::{Db, Tx},
            mail_list, mails, users,
        },
    },
};
use reqwest::StatusCode;
use scraper::{Html, Selector};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// What a mail server has taken, and what it answers to a command instead of yes.
#[derive(Default)]
struct Desk {
    taken: Vec<String>,
    answers: BTreeMap<&'static str, &'static str>,
    connections: usize,
}

/// A mail server on a port of its own.
#[derive(Clone)]
pub struct MailServer {
    pub url: String,
    desk: Arc<Mutex<Desk>>,
}

impl MailServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("smtp://127.0.0.1:{}", listener.local_addr().expect("an address").port());
        let server = Self { url, desk: Arc::default() };
        let desk = server.desk.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                desk.lock().expect("the desk").connections += 1;
                tokio::spawn(serve(client, desk.clone()));
            }
        });
        server
    }

    /// From now on answers so to a command; yes when there is no text.
    fn answer(&self, command: &'static str, answer: Option<&'static str>) {
        let mut desk = self.desk.lock().expect("the desk");
        match answer {
            Some(answer) => desk.answers.insert(command, answer),
            None => desk.answers.remove(command),
        };
    }

    pub fn taken(&self) -> Vec<String> {
        self.desk.lock().expect("the desk").taken.clone()
    }

    fn connections(&self) -> usize {
        self.desk.lock().expect("the desk").connections
    }
}

async fn serve(client: TcpStream, desk: Arc<Mutex<Desk>>) -> std::io::Result<()> {
    let (read, mut write) = client.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 trial\r\n").await?;
    let mut text = None::<String>;
    while let Some(line) = lines.next_line().await? {
        if let Some(so_far) = text.as_mut().filter(|_| line != ".") {
            so_far.push_str(&line);
            so_far.push('\n');
            continue;
        }
        let verb = if text.is_some() { "." } else { line.split([' ', ':']).next().unwrap_or_default() };
        let answer = {
            let mut desk = desk.lock().expect("the desk");
            let own = desk.answers.get(verb).copied();
            match verb {
                "." if own.is_none() => desk.taken.push(text.take().unwrap_or_default()),
                "." => text = None,
                "DATA" if own.is_none() => text = Some(String::new()),
                _ => {}
            }
            own.unwrap_or(if verb == "DATA" { "354 go on" } else { "250 yes" })
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

/// A site whose mails are sent by the test, and what sends them.
async fn stopped(db: Db, server: &MailServer) -> (Site, MailSender) {
    let site = Site::start_with(db, &["--smtp-url", &server.url]).await.with_admin().await.without_tasks().await;
    let sender = sender(&site);
    (site, sender)
}

pub fn sender(site: &Site) -> MailSender {
    MailSender::new(site.state.clone(), site.state.config.smtp_url.clone().expect("a mail server"))
}

fn mail_to(to: &str) -> NewMail {
    NewMail { to: to.into(), user_id: None, mail: Mail::Test, locale: None, expires_at: None }
}

async fn enqueue(site: &Site, mail: &NewMail) {
    let mut tx = site.state.db.begin().await.expect("a transaction");
    mails::enqueue(&mut tx, mail, site.clock.now()).await.expect("stored");
    tx.commit().await.expect("stored");
}

/// A mail that failed.
pub async fn failed_mail(site: &Site) -> MailId {
    let now = site.clock.now();
    let mut tx = site.state.db.begin().await.expect("a transaction");
    let id = mails::enqueue(&mut tx, &mail_to("late@example.com"), now).await.expect("stored");
    let taken = mails::take(&mut tx, now, now.plus(LEASE)).await.expect("taken").expect("the mail");
    let end = mails::End::Failed(&Message::MailServerSilent);
    assert!(taken.id == id && mails::end(&mut tx, &taken, end, now).await.expect("ended"));
    tx.commit().await.expect("stored");
    id
}

/// How many mails wait and how many failed.
async fn left(site: &Site) -> (i64, i64) {
    let mut tx = site.state.db.read().await.expect("a transaction");
    let waiting = mail_list::count_waiting(&mut tx, 99).await.expect("counted");
    (waiting, mail_list::count_failed(&mut tx, 99).await.expect("counted"))
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let held = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), held).await.unwrap_or_else(|_| panic!("{what}"));
}

fn texts(body: &str, selector: &str) -> Vec<String> {
    let html = Html::parse_document(body);
    let selector = Selector::parse(selector).expect("a selector");
    html.select(&selector).map(|element| element.text().collect::<Vec<_>>().join(" ")).collect()
}

async fn system_page(admin: &Browser, selector: &str) -> Vec<String> {
    texts(&admin.get("/admin/system").await.body, selector)
}

const FAILED: &str = "[data-testid='failed-mail']";

on_both!(an_admin_tries_mail_out_and_gets_one_however_often_they_press, |db| {
    let server = MailServer::start().await;
    let from = ["--smtp-url", server.url.as_str(), "--smtp-from", "Ácme <hello@example.com>"];
    let site = Site::start_with(db, &from).await.with_admin().await;
    let admin = site.admin().await;
    assert_eq!(system_page(&admin, "[data-testid='mail-last-sent']").await, ["None yet"]);
    for _ in 0..2 {
        let answer = admin.post("/admin/system", &[("form", "send_test_mail")]).await;
        assert_eq!(answer.location(), "/admin/system?done=mail-test");
    }
    until("a mail arrives", || !server.taken().is_empty()).await;
    let told = async {
        while system_page(&admin, "[data-testid='mails-waiting']").await != ["0"] {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), told).await.expect("it is marked as sent");
    let taken = server.taken();
    assert_eq!(taken.len(), 1);
    assert!(taken[0].contains("\nTo: admin@example.com\n") && taken[0].contains("<hello@example.com>"), "{}", taken[0]);
    assert!(system_page(&admin, "[data-testid='mail-last-sent']").await[0].contains("14 Nov"));
    // Others may not.
    let bob = site.user("bob").await;
    for form in ["send_test_mail", "resend_mail", "delete_mail"] {
        let answer = bob.post("/admin/system", &[("form", form), ("id", "1")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{form}");
    }
});

on_both!(without_a_mail_server_mails_wait, |db| {
    let site = Site::start(db).await;
    let admin = site.admin().await;
    enqueue(&site, &mail_to("ann@example.com")).await;
    let page = admin.get("/admin/system").await;
    assert_eq!(
        texts(&page.body, "[data-testid='mail-server']"),
        ["Not set. E-mails wait until SMTP_URL is set."],
        "{}",
        page.text()
    );
    assert_eq!(texts(&page.body, "[data-testid='mails-waiting']"), ["1"]);
    assert!(!page.text().contains("Send me a test"));
});

on_both!(a_mail_that_is_refused_for_good_says_why_and_is_sent_again_or_deleted, |db| {
    let server = MailServer::start().await;
    let (site, mut sender) = stopped(db, &server).await;
    let admin = site.admin().await;
    server.answer("RCPT", Some("550 5.1.1 <b>No such user</b>"));
    for address in ["ann@xn--bcher-kva.example", "bob@example.com"] {
        enqueue(&site, &mail_to(address)).await;
        assert_eq!(sender.next().await.expect("a turn"), Turn::Taken);
    }
    assert_eq!(left(&site).await, (0, 2));
    let failed = system_page(&admin, FAILED).await;
    for part in ["Test e-mail", "ann@bücher.example", "Mail server: 550 5.1.1 <b>No such user</b>", "14 Nov"] {
        assert!(failed[1].contains(part), "{part} in {}", failed[1]);
    }
    let ids: Vec<String> = {
        let mut tx = site.state.db.read().await.expect("a transaction");
        mail_list::failed(&mut tx, 9).await.expect("read").iter().map(|mail| mail.id.to_string()).collect()
    };
    server.answer("RCPT", None);
    for _ in 0..2 {
        let answer = admin.post("/admin/system", &[("form", "resend_mail"), ("id", &ids[0])]).await;
        assert_eq!(answer.location(), "/admin/system?done=mail-again");
        let answer = admin.post("/admin/system", &[("form", "delete_mail"), ("id", &ids[1])]).await;
        assert_eq!(answer.location(), "/admin/system?done=mail-deleted");
    }
    assert_eq!(left(&site).await, (1, 0));
    assert_eq!(sender.next().await.expect("a turn"), Turn::Taken);
    assert_eq!((left(&site).await, server.taken().len()), ((0, 0), 1));
    let mut tx = site.state.db.read().await.expect("a transaction");
    for action in ["mail.resend", "mail.delete"] {
        assert_eq!(audit::page(&mut tx, action, i64::MAX, 9).await.expect("the log").len(), 1, "{action}");
    }
    drop(tx);
    let log = admin.get("/admin/audit").await.text();
    assert!(log.contains("E-mail sent again") && log.contains("E-mail deleted"), "{log}");
});

on_both!(a_mail_that_cannot_be_prepared_holds_up_no_other, |db| {
    let server = MailServer::start().await;
    let (site, mut sender) = stopped(db, &server).await;
    let link = Mail::SignInLink { link: AccountLinkId(1) };
    enqueue(&site, &NewMail { mail: link, ..mail_to("ann@example.com") }).await;
    enqueue(&site, &mail_to("bob@example.com")).await;
    let mut tx = site.state.db.begin().await.expect("a transaction");
    let sql = "ALTER TABLE account_links RENAME TO gone";
    match &mut tx {
        Tx::Sqlite(tx) => sqlx::query(sql).execute(&mut **tx).await.map(|_| ()),
        Tx::Postgres(tx) => sqlx::query(sql).execute(&mut **tx).await.map(|_| ()),
    }
    .expect("renamed");
    tx.commit().await.expect("stored");
    sender.next().await.expect_err("it cannot be prepared");
    assert_eq!(sender.next().await.expect("a turn"), Turn::Taken);
    assert!(server.taken()[0].contains("\nTo: bob@example.com\n"));
    assert_eq!(sender.next().await.expect("a turn"), Turn::Idle);
    // In the end it is given up, whatever the reason.
    for _ in 0..20 {
        site.clock.advance(LEASE);
        sender.next().await.ok();
    }
    assert_eq!((left(&site).await, server.taken().len()), ((0, 1), 1));
});

on_both!(what_does_not_get_through_is_tried_ever_more_rarely_and_then_given_up, |db| {
    let server = MailServer::start().await;
    let (site, mut sender) = stopped(db, &server).await;
    server.answer("RCPT", Some("451 4.7.1 Greylisted"));
    enqueue(&site, &mail_to("ann@example.com")).await;
    for wait in [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR, DAY] {
        assert_eq!(sender.next().await.expect("a turn"), Turn::Taken);
        site.clock.advance(wait - 1);
        assert_eq!(sender.next().await.expect("a turn"), Turn::Idle);
        assert_eq!(left(&site).await, (1, 0));
        site.clock.advance(1);
    }
    assert_eq!(sender.next().await.expect("a turn"), Turn::Taken);
    assert_eq!((left(&site).await, server.taken().len()), ((0, 1), 0));
});

on_both!(a_server_that_is_down_costs_no_mail, |db| {
    let server = MailServer::start().await;
    let (site, mut sender) = stopped(db, &server).await;
    for (command, answer) in [("EHLO", "554 no"), ("MAIL", "530 5.7.0 Authentication required"), ("MAIL", "421 later")]
    {
        server.answer(command, Some(answer));
        enqueue(&site, &mail_to("ann@example.com")).await;
        assert_eq!(sender.next().await.expect("a turn"), Turn::Stuck, "{answer}");
        server.answer(command, None);
        site.clock.advance(MINUTE);
        assert_eq!(sender.next().await.expect("a turn"), Turn::Taken);
    }
    assert_eq!((left(&site).await, server.taken().len()), ((0, 0), 3));
    // One connection for as many mails as there are.
    let before = server.connections();
    for n in 0..5 {
        enqueue(&site, &mail_to(&format!("ann{n}@example.com"))).await;
    }
    while sender.next().await.expect("a turn") == Turn::Taken {}
    assert_eq!((server.taken().len(), server.connections()), (8, before));
});

/// Sends all that is due; how many it were.
async fn work(sender: &mut MailSender) -> usize {
    let mut turns = 0;
    while sender.next().await.expect("a turn") == Turn::Taken {
        turns += 1;
    }
    turns
}

on_both!(two_senders_share_the_mails_and_each_arrives_once, |db| {
    let server = MailServer::start().await;
    let (site, mut one) = stopped(db, &server).await;
    let mut two = sender(&site);
    for n in 0..20 {
        enqueue(&site, &mail_to(&format!("ann{n}@example.com"))).await;
    }
    let turns = futures::join!(work(&mut one), work(&mut two));
    assert_eq!(turns.0 + turns.1, 20, "{turns:?}");
    let taken = server.taken();
    let ids: std::collections::BTreeSet<_> =
        taken.iter().filter_map(|mail| mail.lines().find(|line| line.starts_with("Message-ID: "))).collect();
    assert_eq!((taken.len(), ids.len()), (20, 20));
});

on_both!(the_mail_of_somebody_who_died_is_sent_after_a_while, |db| {
    let server = MailServer::start().await;
    let (site, mut sender) = stopped(db, &server).await;
    enqueue(&site, &mail_to("ann@example.com")).await;
    let now = site.clock.now();
    let mut tx = site.state.db.begin().await.expect("a transaction");
    mails::take(&mut tx, now, now.plus(LEASE)).await.expect("taken").expect("the mail");
    tx.commit().await.expect("stored");
    site.clock.advance(LEASE - 1);
    assert_eq!(sender.next().await.expect("a turn"), Turn::Idle);
    site.clock.advance(1);
    assert_eq!(sender.next().await.expect("a turn"), Turn::Taken);
    assert_eq!(server.taken().len(), 1);
});

/// A link of this user that is good for an hour.
async fn link(tx: &mut Tx, user: UserId) -> AccountLinkId {
    let sql = "INSERT INTO account_links (user_id, purpose, email, created_at, expires_at)
               VALUES ($1, 'reset_password', 'ann@example.com', $2, $3) RETURNING id";
    let id: i64 = match tx {
        Tx::Sqlite(tx) => sqlx::query_scalar(sql)
            .bind(user)
            .bind(START)
            .bind(START.plus(HOUR))
            .fetch_one(&mut **tx)
            .await
            .expect("stored"),
        Tx::Postgres(tx) => sqlx::query_scalar(sql)
            .bind(user)
            .bind(START)
            .bind(START.plus(HOUR))
            .fetch_one(&mut **tx)
            .await
            .expect("stored"),
    };
    AccountLinkId(id)
}

/// The secret in a mail: its text part is the first one, in which long lines are broken by `=`.
fn secret(mail: &str) -> String {
    let mail = mail.replace("=\n", "").replace("=3D", "=");
    let (_, after) = mail.split_once("/reset?token=").expect("a link");
    after.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
}

on_both!(the_secret_of_a_link_is_made_when_its_mail_is_sent_and_kept_nowhere, |db| {
    let server = MailServer::start().await;
    let (site, mut sender) = stopped(db, &server).await;
    site.user("ann").await;
    let email = Email::parse("ann@example.com").expect("an address");
    let mut tx = site.state.db.begin().await.expect("a transaction");
    let ann = users::by_email(&mut tx, &email).await.expect("read").expect("Ann").id;
    // What she was sent when she joined.
    mails::forget(&mut tx, ann, &[]).await.expect("forgotten");
    let link = link(&mut tx, ann).await;
    tx.commit().await.expect("stored");
    let mail = NewMail {
        user_id: Some(ann),
        mail: Mail::ResetPassword { link },
        expires_at: Some(START.plus(HOUR)),
        ..mail_to("ann@example.com")
    };
    enqueue(&site, &mail).await;
    server.answer(".", Some("451 4.3.0 Not now"));
    assert_eq!(sender.next().await.expect("a turn"), Turn::Taken);
    site.clock.advance(MINUTE);
    server.answer(".", None);
    assert_eq!(sender.next().await.expect("a turn"), Turn::Taken);
    let taken = server.taken();
    assert_eq!((left(&site).await, taken.len()), ((0, 0), 1));
    let secret = secret(&taken[0]);
    assert_eq!(BASE64_URL_SAFE_NO_PAD.decode(&secret).map(|bytes| bytes.len()), Ok(32), "{secret}");
    assert_eq!(crate::forgetting::found(&site, &secret).await, Vec::<String>::new());

    // What makes no sense any more is not sent: its time is over, or that of the link in it.
    let connections = server.connections();
    enqueue(&site, &mail).await;
    site.clock.advance(HOUR);
    assert_eq!(sender.next().await.expect("a turn"), Turn::Taken);
    enqueue(&site, &NewMail { expires_at: None, ..mail.clone() }).await;
    assert_eq!(sender.next().await.expect("a turn"), Turn::Taken);
    assert_eq!((left(&site).await, server.taken().len(), server.connections()), ((0, 0), 1, connections));
});

on_both!(a_mail_is_in_the_language_of_the_account_or_its_own, |db| {
    let server = MailServer::start().await;
    let (site, mut sender) = stopped(db, &server).await;
    enqueue(&site, &NewMail { locale: Some("es-MX".into()), ..mail_to("ann@example.com") }).await;
    enqueue(&site, &NewMail { locale: Some("fr".into()), ..mail_to("bob@example.com") }).await;
    while sender.next().await.expect("a turn") == Turn::Taken {}
    let languages: Vec<_> = server
        .taken()
        .iter()
        .filter_map(|mail| mail.lines().find_map(|line| line.strip_prefix("Content-Language: ").map(str::to_owned)))
        .collect();
    assert_eq!(languages, ["es", "en"]);
});

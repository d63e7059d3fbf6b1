//! Codes of a batch that are sent by mail to a list of addresses, one each.

use crate::{
    api::Api,
    bulk::{ended, job, made, order},
    forgetting::found,
    mails::{MailServer, sender},
    on_both,
    site::{Browser, Page, Site},
};
use passalong::{
    domain::ids::JobId,
    server::{
        jobs::send_mails::{MailSender, Turn},
        store::db::Db,
    },
};
use reqwest::StatusCode;
use scraper::{Html, Selector};
use serde_json::json;
use std::collections::BTreeSet;

/// A site whose mails the test sends, its admin, and a batch of so many codes.
async fn with_batch(db: Db, more: &[&str], count: &str) -> (Site, Browser, JobId) {
    let site = Site::start_with(db, more).await.with_admin().await;
    let admin = site.admin().await;
    let batch = job(&order(&admin, &[("count", count), ("max_uses", "1")]).await);
    ended(&admin, batch).await;
    (site.without_tasks().await, admin, batch)
}

async fn mail(admin: &Browser, batch: JobId, addresses: &str, more: &[(&str, &str)]) -> Page {
    let id = batch.to_string();
    let mut fields = vec![("form", "mail_codes"), ("id", &*id), ("addresses", addresses)];
    fields.extend(more);
    if !more.iter().any(|(name, _)| *name == "language") {
        fields.push(("language", "en"));
    }
    admin.post(&format!("/admin/codes/bulk/{batch}"), &fields).await
}

fn done(batch: JobId, sent: usize, passed: usize) -> String {
    format!("/admin/codes/bulk/{batch}?done=codes-mailed&sent={sent}&passed={passed}")
}

/// Code and address of everybody who was sent a code, as the page shows them.
fn recipients(page: &Page) -> Vec<(String, String)> {
    let html = Html::parse_document(&page.body);
    let cells = Selector::parse("th, td").expect("a selector");
    let rows = Selector::parse("[data-testid='code-recipient']").expect("a selector");
    let text = |row: scraper::ElementRef<'_>| {
        let mut cells = row.select(&cells).map(|cell| cell.text().collect::<String>().trim().to_owned());
        (cells.next().expect("a code"), cells.next().expect("an address"))
    };
    html.select(&rows).map(text).collect()
}

/// How many mails with codes wait.
async fn waiting(site: &Site) -> usize {
    let mails = found(site, "your_code").await;
    mails.iter().filter(|row| row.starts_with("mails:") && row.contains("waiting")).count()
}

async fn send_all(sender: &mut MailSender) {
    while sender.next().await.expect("a turn") == Turn::Taken {}
}

on_both!(a_list_is_sent_codes_or_told_why_not, |db| {
    let (site, admin, batch) = with_batch(db, &[], "3").await;
    let path = format!("/admin/codes/bulk/{batch}");
    let page = admin.get(&path).await;
    assert_eq!(page.of("codes-left"), "3 unused codes left");
    assert!(page.text().contains("E-mails wait up to 30 days until SMTP_URL is set."), "{}", page.text());
    let used = made(&admin, batch).await[0].clone();
    let friend = site.browser().sign_up("bob", &[("code", &used)]).await;
    assert_eq!(friend.status, StatusCode::SEE_OTHER);
    for (list, told) in [
        ("", "Enter 1 to 1,000 e-mail addresses."),
        ("ann@example.com\nann\n\nx@example.com, @", "Lines 2, 4 have invalid e-mail addresses. Nothing was sent."),
        ("ann@", "Line 1 has an invalid e-mail address. Nothing was sent."),
        ("a@example.com\nb@example.com\nc@example.com", "Not enough unused codes: 3 needed, 2 left. Nothing was sent."),
    ] {
        let page = mail(&admin, batch, list, &[]).await;
        assert_eq!((page.status, page.alerts()), (StatusCode::UNPROCESSABLE_ENTITY, vec![told.to_owned()]), "{list}");
        assert_eq!(page.find("#addresses").as_deref(), Some(list), "the input is kept");
    }
    let page = mail(&admin, batch, "ann@example.com", &[("language", "xx")]).await;
    assert_eq!((page.status, page.alerts().len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    assert!(page.find("#language-error").is_some(), "{}", page.text());
    assert_eq!((waiting(&site).await, recipients(&admin.get(&path).await)), (0, vec![]));
    assert_eq!(mail(&admin, JobId(999_999), "ann@example.com", &[]).await.status, StatusCode::NOT_FOUND);

    let page = mail(&admin, batch, "Ann <Ann@Example.com>; zoe@bücher.example\r\nann@example.com", &[]).await;
    assert_eq!(page.location(), done(batch, 2, 0));
    let page = admin.get(page.location()).await;
    assert!(page.text().contains("2 e-mails queued."), "{}", page.text());
    assert_eq!(page.of("codes-left"), "0 unused codes left");
    assert!(page.find("#addresses").is_none(), "there is nothing to send");
    let sent = recipients(&page);
    let addresses: Vec<_> = sent.iter().map(|(_, address)| &**address).collect();
    assert_eq!(addresses, ["zoe@bücher.example", "ann@example.com"]);
    assert!(sent[0].0 != sent[1].0 && sent.iter().all(|(code, _)| *code != used), "{sent:?}");
    assert_eq!(waiting(&site).await, 2);

    // Whoever has one gets no second one.
    let again = mail(&admin, batch, "ann@example.com", &[]).await;
    assert_eq!((again.location(), waiting(&site).await), (&*done(batch, 0, 1), 2));
    let told = "No e-mails queued. 1 address already had a code from this batch.";
    assert!(admin.get(again.location()).await.text().contains(told));
    let log = admin.get("/admin/audit?action=codes.mail").await;
    assert!(log.text().contains("Codes sent by e-mail") && log.text().contains("FAIR-"), "{}", log.text());
    assert!(!log.body.contains("ann@example.com") && log.body.contains(&format!("\"{path}\"")), "{}", log.text());
});

on_both!(each_mail_has_its_code_while_that_works, |db| {
    let server = MailServer::start().await;
    let (site, admin, batch) = with_batch(db, &["--smtp-url", &server.url], "4").await;
    let path = format!("/admin/codes/bulk/{batch}");
    let mut sender = sender(&site);
    for (address, language) in [("ana@example.com", "es"), ("bob@example.com", "en")] {
        assert_eq!(mail(&admin, batch, address, &[("language", language)]).await.location(), done(batch, 1, 0));
    }
    let sent = recipients(&admin.get(&path).await);
    send_all(&mut sender).await;
    let taken: Vec<_> = server.taken().iter().map(|mail| mail.replace("=\n", "")).collect();
    let words = [("ana@example.com", "Content-Language: es"), ("bob@example.com", "Content-Language: en")];
    for ((mail, (address, language)), (code, _)) in taken.iter().zip(words).zip(sent.iter().rev()) {
        for part in [&format!("To: {address}"), language, &format!("{}/r/{code}", site.state.base_url)] {
            assert!(mail.contains(part), "{part} in {mail}");
        }
        assert!(!mail.contains("because of your account"), "{mail}");
    }
    assert_eq!(taken.len(), 2);

    // A code that does not work by then is sent to nobody, and its address can be sent another one.
    mail(&admin, batch, "eve@example.com", &[]).await;
    let (code, address) = recipients(&admin.get(&path).await)[0].clone();
    assert_eq!(address, "eve@example.com");
    let page = admin.get(&path).await;
    let (_, link) = page
        .body
        .split_once("href=\"/admin/codes/")
        .and_then(|(_, rest)| rest.split_once("code-recipient"))
        .expect("a row");
    let (_, id) = link.split_once("/admin/codes/").expect("a link");
    let id: String = id.chars().take_while(char::is_ascii_digit).collect();
    let off = [("form", "set_code_active"), ("id", &*id), ("active", "false")];
    assert_eq!(admin.post("/admin/codes", &off).await.status, StatusCode::SEE_OTHER);
    send_all(&mut sender).await;
    assert_eq!((server.taken().len(), waiting(&site).await), (2, 0));
    assert_eq!(recipients(&admin.get(&path).await), sent);
    assert_eq!(mail(&admin, batch, "eve@example.com", &[]).await.location(), done(batch, 1, 0));
    send_all(&mut sender).await;
    assert_eq!(server.taken().len(), 3);
    assert_ne!(recipients(&admin.get(&path).await)[0].0, code);
});

on_both!(two_presses_and_two_lists_at_once_give_each_address_one_code, |db| {
    let (site, admin, batch) = with_batch(db, &[], "130").await;
    let path = format!("/admin/codes/bulk/{batch}");
    let list = |names: std::ops::Range<usize>| names.map(|n| format!("a{n}@example.com\n")).collect::<String>();
    let number = admin.get(&path).await.find("[name=form_number]").expect("a number");
    let (first, second) = (list(0..60), list(40..100));
    let numbered = [("form_number", &*number)];
    let (one, two, other) = tokio::join!(
        mail(&admin, batch, &first, &numbered),
        mail(&admin, batch, &first, &numbered),
        mail(&admin, batch, &second, &[]),
    );
    assert_eq!(one.location(), two.location(), "{} {}", one.text(), two.text());
    // Twenty are on both lists: whichever came later passed over them.
    let orders = [[done(batch, 60, 0), done(batch, 40, 20)], [done(batch, 40, 20), done(batch, 60, 0)]];
    assert!(orders.contains(&[one.location().to_owned(), other.location().to_owned()]), "{}", other.location());
    let (page, next) = (admin.get(&path).await, format!("{path}?after="));
    assert_eq!((page.of("codes-left"), waiting(&site).await), ("30 unused codes left".into(), 100));
    let last = page.body.split(&next).nth(1).and_then(|rest| rest.split('"').next()).expect("a next page");
    let rest = admin.get(&format!("{next}{last}")).await;
    let sent: Vec<_> = [recipients(&page), recipients(&rest)].concat();
    let codes: BTreeSet<_> = sent.iter().map(|(code, _)| code).collect();
    let addresses: BTreeSet<_> = sent.iter().map(|(_, address)| address).collect();
    assert_eq!((sent.len(), codes.len(), addresses.len()), (100, 100, 100));
});

on_both!(whoever_is_erased_is_no_recipient_any_more, |db| {
    let (site, admin, batch) = with_batch(db, &[], "2").await;
    let api = Api::new(&site, "admin").await;
    let id = api.post("/users", json!({"email": "annabel@example.com"})).await.with(201)["id"].to_string();
    mail(&admin, batch, "annabel@example.com\nbob@example.com", &[]).await;
    api.delete(&format!("/users/{id}")).await.with(204);
    assert_eq!(found(&site, "annabel").await, Vec::<String>::new());
    let sent = recipients(&admin.get(&format!("/admin/codes/bulk/{batch}")).await);
    let addresses: Vec<_> = sent.iter().map(|(_, address)| &**address).collect();
    assert_eq!((addresses, waiting(&site).await), (vec!["bob@example.com", "Erased"], 1));
});

use crate::{
    on_both,
    site::{PASSWORD, Site},
};
use futures::{StreamExt, stream};
use passalong::server::store::tally;
use reqwest::StatusCode;
use std::collections::HashMap;

/// How many of each status came back.
fn tallied(statuses: Vec<StatusCode>) -> HashMap<StatusCode, usize> {
    statuses.into_iter().fold(HashMap::new(), |mut counts, status| {
        *counts.entry(status).or_default() += 1;
        counts
    })
}

on_both!(a_thousand_friends_join_at_once_through_one_link, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    let ann = site.user("ann").await;
    let link = ann.link().await;
    let code = link.trim_start_matches("/r/");
    let joined = stream::iter(0..1_000)
        .map(|n| {
            let friend = site.browser_named(&format!("Friend/{n}"));
            let link = link.clone();
            async move {
                friend.follow(&link).await;
                friend.sign_up(&format!("friend-{n}"), &[("code", code), ("linked", code)]).await.status
            }
        })
        .buffer_unordered(1_000)
        .collect::<Vec<_>>()
        .await;
    assert_eq!(tallied(joined), HashMap::from([(StatusCode::SEE_OTHER, 1_000)]));
    assert_eq!(ann.numbers().await, [1_000, 1_000, 0]);
    let mut tx = site.server.db.read().await.expect("a transaction");
    assert_eq!(tally::drift(&mut tx).await.expect("recounted"), []);
});

on_both!(one_email_makes_one_account_however_often_it_is_sent, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    let before = accounts(&site).await;
    let statuses = stream::iter(0..200)
        .map(|n| {
            let browser = site.browser();
            async move {
                let email = if n % 2 == 0 { "Same@Example.com" } else { "same@example.COM " };
                let username = format!("name-{n}");
                let fields = [("email", email), ("username", username.as_str()), ("password", PASSWORD)];
                browser.post("/signup", &fields).await.status
            }
        })
        .buffer_unordered(200)
        .collect::<Vec<_>>()
        .await;
    assert_eq!(tallied(statuses), HashMap::from([(StatusCode::SEE_OTHER, 1), (StatusCode::CONFLICT, 199)]));
    assert_eq!(accounts(&site).await, before + 1);
});

async fn accounts(site: &Site) -> i64 {
    let mut tx = site.server.db.read().await.expect("a transaction");
    tally::totals(&mut tx).await.expect("counted").0
}

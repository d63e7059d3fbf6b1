use crate::{
    on_both,
    site::{PASSWORD, Page, Site},
};
use futures::{StreamExt, stream};
use passalong::{
    domain::{codes::code::Code, ids::CodeId},
    server::realtime::change_set::ChangeSet,
    server::store::{codes, counter_check, referrals},
};
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
    let mut tx = site.state.db.read().await.expect("a transaction");
    assert_eq!(counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
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
    let mut tx = site.state.db.read().await.expect("a transaction");
    counter_check::totals(&mut tx).await.expect("counted").0
}

/// A campaign code that can be used so often.
async fn campaign(site: &Site, text: &str, max_uses: i64) -> CodeId {
    let code = Code::parse(text).expect("a code");
    let new = codes::NewCampaign {
        code: &code,
        description: "A campaign",
        category: None,
        active: true,
        max_uses: Some(max_uses),
        expires_at: None,
        beneficiary: None,
        created_by: None,
        created_at: site.clock.now(),
    };
    let mut tx = site.state.db.begin().await.expect("a transaction");
    let id = codes::insert_campaign(&mut tx, &new).await.expect("written").expect("a free code");
    tx.commit().await.expect("stored");
    site.state.publisher.apply_locally(&ChangeSet::of_codes(vec![id])).await;
    id
}

/// Uses on the counter and usages in the list; nothing else may have drifted either.
async fn usages(site: &Site, code: CodeId) -> (i64, usize) {
    let mut tx = site.state.db.read().await.expect("a transaction");
    assert_eq!(counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
    let counter = codes::by_ids(&mut tx, &[code]).await.expect("read")[0].uses;
    (counter, referrals::of_code(&mut tx, code, None, None, 5_000).await.expect("read").len())
}

/// So many people sign up at the same moment, each in a browser of their own.
async fn join_at_once(site: &Site, people: usize, fields: &[(&str, &str)]) -> Vec<Page> {
    let join = |n| {
        let browser = site.browser();
        async move { browser.sign_up(&format!("friend-{n}"), fields).await }
    };
    stream::iter(0..people).map(join).buffer_unordered(people).collect().await
}

const USED_UP: &str = "This code has been used up.";

on_both!(a_limit_is_a_limit_and_everybody_else_is_told, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    let code = campaign(&site, "SPRING", 100).await;
    let before = accounts(&site).await;
    let pages = join_at_once(&site, 1_000, &[("code", "spring")]).await;
    let (joined, refused): (Vec<_>, Vec<_>) = pages.iter().partition(|p| p.status == StatusCode::SEE_OTHER);
    assert_eq!((joined.len(), usages(&site, code).await), (100, (100, 100)));
    for page in refused {
        assert_eq!((page.status, page.alerts()), (StatusCode::UNPROCESSABLE_ENTITY, vec![USED_UP.to_owned()]));
    }
    // All or nothing: who was refused left no account behind.
    assert_eq!(accounts(&site).await, before + 100);
});

on_both!(who_came_too_late_by_a_link_joins_without_credit, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    let code = campaign(&site, "SPRING", 20).await;
    let pages = join_at_once(&site, 200, &[("code", "SPRING"), ("linked", "SPRING")]).await;
    let statuses = tallied(pages.iter().map(|page| page.status).collect());
    assert_eq!(statuses, HashMap::from([(StatusCode::SEE_OTHER, 200)]));
    assert_eq!(usages(&site, code).await, (20, 20));
});

on_both!(nobody_uses_a_code_twice, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    let code = campaign(&site, "SPRING", 100).await;
    let tries = stream::iter(0..40).map(|_| site.browser()).map(async |browser| {
        let page = browser.sign_up("bob", &[("code", "SPRING")]).await;
        (page.status, browser)
    });
    let tries: Vec<_> = tries.buffer_unordered(40).collect().await;
    let statuses = tallied(tries.iter().map(|(status, _)| *status).collect());
    assert_eq!(statuses, HashMap::from([(StatusCode::SEE_OTHER, 1), (StatusCode::CONFLICT, 39)]));
    assert_eq!(usages(&site, code).await, (1, 1));
    // Who is in cannot come in again, by whatever way.
    let (_, bob) = tries.iter().find(|(status, _)| *status == StatusCode::SEE_OTHER).expect("Bob");
    assert_eq!(bob.sign_up("bob", &[("code", "SPRING")]).await.status, StatusCode::CONFLICT);
    assert_eq!(usages(&site, code).await, (1, 1));
});

on_both!(of_two_who_want_the_last_use_one_gets_it, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    let mut ids = vec![];
    for n in 0..200 {
        ids.push(campaign(&site, &format!("LAST-{n}"), 1).await);
    }
    let race = |n: usize| {
        let (one, other) = (site.browser(), site.browser());
        async move {
            let code = format!("LAST-{n}");
            let (name, rival) = (format!("one-{n}"), format!("other-{n}"));
            let fields = [("code", code.as_str())];
            tokio::join!(one.sign_up(&name, &fields), other.sign_up(&rival, &fields))
        }
    };
    let races: Vec<_> = stream::iter(0..200).map(race).buffer_unordered(4).collect().await;
    for (one, other) in races {
        let (winner, loser) = if one.status == StatusCode::SEE_OTHER { (one, other) } else { (other, one) };
        assert_eq!(winner.status, StatusCode::SEE_OTHER);
        assert_eq!((loser.status, loser.alerts()), (StatusCode::UNPROCESSABLE_ENTITY, vec![USED_UP.to_owned()]));
    }
    for id in ids {
        let mut tx = site.state.db.read().await.expect("a transaction");
        assert_eq!(codes::by_ids(&mut tx, &[id]).await.expect("read")[0].uses, 1);
    }
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_counts_once_however_many_instances_see_the_visit() {
    let _machine = crate::the_machine().await;
    let db = crate::testing::postgres().await;
    let first = Site::start(db.clone()).await;
    let second = Site::at(db, &[], first.clock.clone()).await;
    let sites = [first, second];
    let ann = sites[0].user("ann").await;
    let link = ann.link().await;
    let answers = stream::iter(0..3_000)
        .map(|n| {
            // Three visits of each, on both sides; nobody brings a cookie.
            let friend = sites[n % 2].browser_named(&format!("Friend/{}", n / 3));
            let link = link.clone();
            async move { friend.get(&link).await.status }
        })
        .buffer_unordered(200)
        .collect::<Vec<_>>()
        .await;
    assert_eq!(tallied(answers), HashMap::from([(StatusCode::SEE_OTHER, 3_000)]));
    assert_eq!(ann.numbers().await[0], 1_000);
    let mut tx = sites[0].state.db.read().await.expect("a transaction");
    assert_eq!(counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
}

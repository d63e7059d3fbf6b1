//! Ids of clicks: no two alike, whatever instances and clocks do, and dates of clicks that are those of their clock.

use crate::{on_both, site::Site};
use futures::{StreamExt, stream};
use passalong::{
    domain::{
        accounts::email::Email,
        ids::{ClickId, UserId},
        time::{DAY, HOUR, Time},
    },
    server::store::{clicks, counter_check, counters, db::Db, users},
};
use reqwest::StatusCode;
use std::collections::HashSet;

/// Follows a link to the host product as somebody of this number; the id of the click.
async fn click_id(site: &Site, link: &str, n: usize) -> i64 {
    let agent = format!("Mozilla/5.0 (X11; Linux x86_64; rv:{n}.0) Gecko/20100101 Firefox/{n}.0");
    let page = site.browser_named(&agent).get(&format!("http://127.0.0.1:{}{link}", site.port)).await;
    let (_, id) = page.location().split_once("&click_id=").unwrap_or_else(|| panic!("{}", page.location()));
    id.parse().expect("a number")
}

/// The number of the instance that made an id.
fn instance(id: i64) -> i64 {
    (id >> 8) & 0xfff
}

async fn start(db: &Db) -> (Site, String) {
    let site = Site::start(db.clone()).await;
    let link = site.user("ann").await.link().await;
    site.set("link_destination", "\"https://host.example/join\"").await;
    (site, link)
}

async fn another(db: &Db, site: &Site) -> Site {
    Site::at(db.clone(), &["--base-url", &site.state.base_url], site.clock.clone()).await
}

on_both!(probes_use_up_no_numbers_and_instances_have_different_ones, |db| {
    let _machine = crate::the_machine().await;
    let (site, link) = start(&db).await;
    let number = instance(click_id(&site, &link, 0).await);
    let client = site.browser();
    let statuses = stream::iter(0..5_000).map(|_| async { client.get("/readyz").await.status });
    let statuses: HashSet<StatusCode> = statuses.buffer_unordered(16).collect().await;
    assert_eq!(statuses, HashSet::from([StatusCode::OK]));
    assert_eq!(instance(click_id(&site, &link, 1).await), number);
    let second = another(&db, &site).await;
    assert_eq!(instance(click_id(&second, &link, 2).await), number + 1);
    // A number is given back at the end.
    second.state.clicks.finish().await;
    let third = another(&db, &site).await;
    assert_eq!(instance(click_id(&third, &link, 3).await), number + 1);
});

on_both!(a_number_is_taken_over_and_its_first_holder_takes_another, |db| {
    let (site, link) = start(&db).await;
    let mut ids = vec![click_id(&site, &link, 0).await];
    // As if the first had been asleep for an hour.
    site.clock.set(site.clock.now().plus(HOUR));
    let second = another(&db, &site).await;
    for n in 1..4 {
        ids.push(click_id(&second, &link, 2 * n).await);
        ids.push(click_id(&site, &link, 2 * n + 1).await);
    }
    assert_eq!(instance(ids[1]), instance(ids[0]));
    assert_ne!(instance(ids[2]), instance(ids[0]));
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
});

/// The days of somebody's clicks, and how many.
async fn days(site: &Site, user: UserId) -> Vec<(Time, i64)> {
    let mut tx = site.state.db.read().await.expect("a transaction");
    let days = counters::days_of(&mut tx, user, 0).await.expect("read");
    days.into_iter().map(|day| (day.start, day.clicks)).collect()
}

on_both!(todays_clicks_have_todays_date_when_the_clock_goes_back, |db| {
    let (site, link) = start(&db).await;
    let now = site.clock.now();
    let ann = {
        let mut tx = db.read().await.expect("a transaction");
        let email = Email::parse("ann@example.com").expect("an address");
        users::by_email(&mut tx, &email).await.expect("read").expect("Ann").id
    };
    let mut ids = vec![click_id(&site, &link, 0).await];
    for (n, back) in [HOUR, DAY].into_iter().enumerate() {
        site.clock.set(now.plus(-back));
        for m in 1..4 {
            ids.push(click_id(&site, &link, 10 * n + m).await);
        }
        // The same visitor within the hour has another click, which does not count.
        ids.push(click_id(&site, &link, 10 * n + 3).await);
    }
    let today = Time(now.day() * DAY);
    assert_eq!(days(&site, ann).await, [(today.plus(-DAY), 3), (today, 4)]);
    // A server that starts now repeats no id, and knows who was counted.
    site.state.clicks.finish().await;
    let again = another(&db, &site).await;
    click_id(&again, &link, 13).await;
    ids.push(click_id(&again, &link, 99).await);
    assert!(ids.is_sorted(), "{ids:?}");
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
    assert_eq!(days(&again, ann).await, [(today.plus(-DAY), 4), (today, 4)]);
    let mut tx = db.read().await.expect("a transaction");
    let last = ClickId(*ids.last().expect("an id"));
    let last = clicks::by_ids(&mut tx, &[last]).await.expect("read").pop().expect("a click");
    assert_eq!(last.at, now.plus(-DAY));
    assert_eq!(counter_check::find_mismatches(&mut tx).await.expect("recounted"), []);
});

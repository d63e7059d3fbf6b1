use crate::{
    on_both,
    site::{Browser, Site},
};
use futures::StreamExt;
use reqwest::StatusCode;
use std::time::Duration;
use tokio::{
    sync::mpsc,
    time::{Instant, timeout},
};

/// The frames of a browser's live stream, as they come.
async fn watch(browser: &Browser, address: &str) -> mpsc::UnboundedReceiver<serde_json::Value> {
    let response = browser.client.get(address).send().await.expect("an answer");
    assert_eq!(response.status(), StatusCode::OK);
    assert!(response.headers()["content-type"].to_str().expect("text").starts_with("text/event-stream"));
    let (send, frames) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut bytes = response.bytes_stream();
        let mut text = String::new();
        while let Some(Ok(chunk)) = bytes.next().await {
            text.push_str(&String::from_utf8_lossy(&chunk));
            while let Some((frame, rest)) = text.split_once("\n\n") {
                if frame.contains("event: stats")
                    && let Some(data) = frame.lines().find_map(|line| line.strip_prefix("data: "))
                {
                    let _ = send.send(serde_json::from_str(data).expect("JSON"));
                }
                text = rest.to_owned();
            }
        }
    });
    frames
}

async fn next(frames: &mut mpsc::UnboundedReceiver<serde_json::Value>) -> serde_json::Value {
    timeout(Duration::from_secs(5), frames.recv()).await.expect("a frame in time").expect("an open stream")
}

on_both!(a_change_is_seen_at_once_and_a_burst_is_bundled, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    let (ann, bob) = (site.user("ann").await, site.user("bob").await);
    let link = ann.link().await;
    let mut frames = watch(&ann, &ann.url("/live")).await;
    let mut others = watch(&bob, &bob.url("/live")).await;
    assert_eq!(next(&mut frames).await["clicks"], 0);
    next(&mut others).await;
    let mut waits = vec![];
    for n in 1..=5 {
        site.browser_named(&format!("Friend/{n}")).get(&link).await;
        let answered = Instant::now();
        assert_eq!(next(&mut frames).await["clicks"], n);
        waits.push(answered.elapsed());
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    waits.sort();
    assert!(waits[2] < Duration::from_millis(100), "{waits:?}");
    let begun = Instant::now();
    for n in 6..=40 {
        site.browser_named(&format!("Friend/{n}")).get(&link).await;
    }
    let mut seen = 0;
    while next(&mut frames).await["clicks"] != 40 {
        seen += 1;
    }
    let most = begun.elapsed().as_millis() / 250 + 2;
    assert!(seen <= most, "{seen} frames in {:?}", begun.elapsed());
    assert!(others.try_recv().is_err(), "numbers of somebody else");
});

on_both!(without_a_session_there_is_no_stream, |db| {
    let site = Site::start(db).await;
    assert_eq!(site.browser().get("/live").await.status, StatusCode::UNAUTHORIZED);
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_on_one_instance_is_seen_on_the_other() {
    let _machine = crate::the_machine().await;
    let db = crate::testing::postgres().await;
    let site = Site::start(db.clone()).await;
    let other = Site::at(db, &["--base-url", &site.server.base_url], site.clock.clone()).await;
    let ann = site.user("ann").await;
    let link = ann.link().await;
    let mut frames = watch(&ann, &format!("http://127.0.0.1:{}/live", site.port)).await;
    next(&mut frames).await;
    // The other instance learns of the new code, too.
    let friend = other.browser();
    let there = format!("http://127.0.0.1:{}", other.port);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let page = friend.get(&format!("{there}{link}")).await;
    assert!(page.location().contains("ref="));
    assert_eq!(next(&mut frames).await["clicks"], 1);
    let mut waits = vec![];
    for n in 2..=6 {
        tokio::time::sleep(Duration::from_millis(300)).await;
        other.browser_named(&format!("Friend/{n}")).get(&format!("{there}{link}")).await;
        let answered = Instant::now();
        assert_eq!(next(&mut frames).await["clicks"], n);
        waits.push(answered.elapsed());
    }
    waits.sort();
    assert!(waits[2] < Duration::from_millis(100), "{waits:?}");
    let fields = [("email", "bob@example.com"), ("username", "bob"), ("password", crate::site::PASSWORD)];
    assert_eq!(friend.post(&format!("{there}/signup"), &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(next(&mut frames).await["signups"], 1);
}

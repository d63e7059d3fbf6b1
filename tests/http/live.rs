use crate::{
    on_both,
    site::{Browser, PASSWORD, Site},
};
use futures::StreamExt;
use passalong::server::store::{sessions, user_names};
use reqwest::StatusCode;
use std::time::Duration;
use tokio::{
    sync::mpsc,
    time::{Instant, timeout},
};

/// The numbers of a browser's live stream, as they come.
async fn watch(browser: &Browser, address: &str) -> mpsc::UnboundedReceiver<serde_json::Value> {
    listen(browser, address, "stats").await
}

/// The frames of one kind in a browser's live stream, as they come.
async fn listen(browser: &Browser, address: &str, kind: &str) -> mpsc::UnboundedReceiver<serde_json::Value> {
    let kind = format!("event: {kind}");
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
                if frame.contains(&kind)
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

on_both!(an_old_page_of_somebody_else_gets_no_numbers, |db| {
    let site = Site::start(db).await;
    let browser = site.user("ann").await;
    watch(&browser, &browser.url("/live?for=ann")).await;
    browser.post("/signout", &[]).await;
    assert_eq!(browser.get("/live?for=ann").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.sign_up("bob", &[]).await.status, StatusCode::SEE_OTHER);
    for name in ["ann", "", "bo", "bob%20"] {
        assert_eq!(browser.get(&format!("/live?for={name}")).await.status, StatusCode::FORBIDDEN, "{name}");
    }
    let mut frames = watch(&browser, &browser.url("/live?for=bob")).await;
    assert_eq!(next(&mut frames).await["clicks"], 0);
});

/// A campaign code, made by an admin's form; its id.
async fn campaign(admin: &Browser, code: &str, more: &[(&str, &str)]) -> i64 {
    let fields = [("form", "create_code"), ("code", code), ("description", "Spring"), ("active", "true")];
    let fields: Vec<_> = fields.into_iter().chain(more.iter().copied()).collect();
    let page = admin.post("/admin/codes/new", &fields).await;
    let id = page.location().trim_start_matches("/admin/codes/").split('?').next().and_then(|id| id.parse().ok());
    id.unwrap_or_else(|| panic!("{:?}", page.alerts()))
}

/// The row of a code, as an open table asks for it.
async fn row(admin: &Browser, id: i64) -> serde_json::Value {
    let ask = admin.client.post(admin.url("/fn/load_code_rows")).json(&serde_json::json!({ "ids": [id, 999_999] }));
    let rows: serde_json::Value = ask.send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(rows.as_array().map(Vec::len), Some(1), "{rows}");
    rows[0].clone()
}

on_both!(admins_are_told_which_codes_move_and_nobody_else_is, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    let (admin, ann) = (site.admin().await, site.user("ann").await);
    let id = campaign(&admin, "SPRING", &[("max_uses", "1")]).await;
    let mut codes = listen(&admin, &admin.url("/live?for=admin"), "codes").await;
    let mut others = listen(&ann, &ann.url("/live"), "codes").await;
    // First of all it is told to look at everything.
    assert_eq!(next(&mut codes).await, serde_json::Value::Null);
    let (mut waits, mut by_id) = (vec![], 0);
    for n in 1..=5 {
        let friend = site.browser_named(&format!("Friend/{n}"));
        friend.get("/r/SPRING").await;
        let answered = Instant::now();
        // An instance that begins to hear others tells to look at everything, whatever else there is to tell.
        let told = next(&mut codes).await;
        assert!(told.is_null() || told == serde_json::json!([id]), "{told}");
        by_id += usize::from(!told.is_null());
        waits.push(answered.elapsed());
        assert_eq!(row(&admin, id).await["clicks"], n.to_string());
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    waits.sort();
    assert!(waits[2] < Duration::from_millis(100), "{waits:?}");
    assert!(by_id >= 3, "{by_id} of 5 were told by id");
    // A burst is bundled.
    let begun = Instant::now();
    for n in 6..=40 {
        site.browser_named(&format!("Friend/{n}")).get("/r/SPRING").await;
    }
    site.browser().sign_up("bob", &[("code", "SPRING")]).await;
    let most = begun.elapsed().as_millis() / 250 + 2;
    tokio::time::sleep(Duration::from_millis(600)).await;
    let mut frames = 0;
    while codes.try_recv().is_ok() {
        frames += 1;
    }
    assert!((1..=most).contains(&frames), "{frames} frames in {:?}", begun.elapsed());
    let row = row(&admin, id).await;
    assert_eq!(
        (&row["clicks"], &row["sign_ups"], &row["status"]),
        (&"40".into(), &"1 / 1".into(), &"limit-reached".into())
    );
    assert!(others.try_recv().is_err(), "codes are no business of users");
});

/// Names the program as the settings page does.
async fn rename(admin: &Browser, name: &str) {
    let fields = [("form", "update_settings"), ("program_name", name)];
    assert_eq!(admin.post("/admin/settings", &fields).await.location(), "/admin/settings?done=saved");
}

/// The version of the settings that a page was made with.
fn version(page: &crate::site::Page) -> Option<&str> {
    let (_, rest) = page.body.split_once("data-settings=\"")?;
    rest.split('"').next()
}

on_both!(open_pages_hear_of_other_settings, |db| {
    let site = Site::start(db).await;
    let (admin, ann) = (site.admin().await, site.user("ann").await);
    let page = ann.get("/dashboard").await;
    let old = version(&page).expect("a version");
    let mut settings = listen(&ann, &ann.url("/live"), "settings").await;
    assert_eq!(next(&mut settings).await["version"], old);
    rename(&admin, "Acme").await;
    let new = next(&mut settings).await;
    assert_ne!(new["version"], old);
    assert_eq!(version(&ann.get("/dashboard").await), new["version"].as_str());
    // What answers a form would be sent once more, and people who are not signed in hear nothing.
    let refused = ann.post("/profile", &[("form", "change_password"), ("current", "no"), ("password", "no")]).await;
    assert_eq!((refused.status, version(&refused)), (StatusCode::UNPROCESSABLE_ENTITY, None));
    assert!(!site.browser().get("/").await.body.contains("data-who"));
});

on_both!(the_order_of_the_table_follows_the_numbers, |db| {
    let _machine = crate::the_machine().await;
    let site = Site::start(db).await;
    let admin = site.admin().await;
    let end = site.clock.now().plus(passalong::domain::time::DAY).minute();
    let most = [("max_uses", "9"), ("expires_at", end.as_str())];
    campaign(&admin, "FIRST", &most).await;
    campaign(&admin, "SECOND", &most[..1]).await;
    for n in 0..3 {
        site.browser_named(&format!("Friend/{n}")).get("/r/SECOND").await;
    }
    site.browser_named("Friend/9").get("/r/FIRST").await;
    let first = async |query: &str| {
        let page = admin.get(&format!("/admin/codes?{query}")).await;
        page.find("[data-testid='code-row'] th a").unwrap_or_default()
    };
    let becomes = async |query: &str, expected: &str| {
        let begun = Instant::now();
        while first(query).await != expected {
            assert!(begun.elapsed() < Duration::from_secs(10), "{query} is {}", first(query).await);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    becomes("sort=clicks&descending=true", "SECOND").await;
    becomes("sort=clicks", "FIRST").await;
    assert_eq!(first("status=expired").await, "");
    site.clock.set(site.clock.now().plus(2 * passalong::domain::time::DAY));
    becomes("status=expired", "FIRST").await;
    becomes("status=active", "SECOND").await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_that_moves_on_one_instance_is_told_on_the_other() {
    let _machine = crate::the_machine().await;
    let db = crate::testing::postgres().await;
    let site = Site::start(db.clone()).await;
    let other = Site::at(db, &["--base-url", &site.state.base_url], site.clock.clone()).await;
    let admin = site.admin().await;
    let id = campaign(&admin, "SPRING", &[("max_uses", "9")]).await;
    let there = format!("http://127.0.0.1:{}", other.port);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut codes = listen(&admin, &format!("http://127.0.0.1:{}/live", site.port), "codes").await;
    assert_eq!(next(&mut codes).await, serde_json::Value::Null);
    other.browser_named("Friend/1").get(&format!("{there}/r/SPRING")).await;
    next(&mut codes).await;
    assert_eq!(row(&admin, id).await["clicks"], "1");
    other.browser_named("Friend/2").get(&format!("{there}/r/SPRING")).await;
    assert_eq!(next(&mut codes).await, serde_json::json!([id]));
    // So are other settings.
    let mut settings = listen(&admin, &format!("{there}/live"), "settings").await;
    let old = next(&mut settings).await;
    rename(&admin, "Acme").await;
    assert_ne!(next(&mut settings).await, old);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_on_one_instance_is_seen_on_the_other() {
    let _machine = crate::the_machine().await;
    let db = crate::testing::postgres().await;
    let site = Site::start(db.clone()).await;
    let other = Site::at(db, &["--base-url", &site.state.base_url], site.clock.clone()).await;
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
    let fields = [("email", "bob@example.com"), ("username", "bob"), ("password", PASSWORD)];
    assert_eq!(friend.post(&format!("{there}/signup"), &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(next(&mut frames).await["signups"], 1);
}

/// A live stream that is open; how long it takes until it ends.
async fn open_stream(browser: &Browser, address: &str) -> tokio::task::JoinHandle<String> {
    let response = browser.client.get(address).send().await.expect("an answer");
    assert_eq!(response.status(), StatusCode::OK);
    tokio::spawn(async move { response.text().await.unwrap_or_default() })
}

/// Waits until a stream has ended by itself; what it said.
async fn ended(what: &str, stream: tokio::task::JoinHandle<String>) -> String {
    let ended = timeout(Duration::from_secs(15), stream).await;
    ended.unwrap_or_else(|_| panic!("{what}: the stream goes on")).expect("no panic")
}

/// Whatever ends a session ends its streams: those of a site, and what is done to it from the same or another one.
async fn streams_end_with_their_sessions(watched: &Site, acting: &Site) {
    let there = format!("http://127.0.0.1:{}", acting.port);
    let admin = watched.admin().await;
    let names = ["control", "leaver", "changer", "ender", "banned", "risen", "erased", "deleter"];
    let (mut people, mut streams, mut ids, mut sessions) = (vec![], vec![], vec![], vec![]);
    for name in names {
        let browser = watched.user(name).await;
        streams.push(open_stream(&browser, &format!("http://127.0.0.1:{}/live", watched.port)).await);
        people.push(browser);
        let mut tx = watched.state.db.read().await.expect("a transaction");
        let id = user_names::named(&mut tx, name).await.expect("an answer").expect("a user");
        let session = sessions::of_user(&mut tx, id, watched.clock.now()).await.expect("sessions")[0].id;
        ids.push(id.0.to_string());
        sessions.push(session.0.to_string());
    }
    let post = async |browser: &Browser, path: &str, fields: &[(&str, &str)]| {
        let page = browser.post(&format!("{there}{path}"), fields).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}: {:?}", page.alerts());
    };
    // A password is changed and a session is ended from another browser.
    let [changer, ender] = [acting.browser(), acting.browser()];
    for (browser, email) in [(&changer, "changer@example.com"), (&ender, "ender@example.com")] {
        post(browser, "/signin", &[("email", email), ("password", PASSWORD)]).await;
    }
    let change = [("form", "change_password"), ("current", PASSWORD), ("password", "n3w-tram-8")];
    post(&changer, "/profile", &change).await;
    post(&ender, "/profile", &[("form", "end_session"), ("id", &sessions[3])]).await;
    post(&people[1], "/signout", &[]).await;
    post(&people[7], "/profile", &[("form", "delete_account"), ("password", PASSWORD)]).await;
    for (id, change) in [(&ids[4], "disabled"), (&ids[5], "admin")] {
        let fields = [("form", "update_user"), ("id", id), ("goal", "10"), (change, "true")];
        post(&admin, &format!("/admin/users/{id}"), &fields).await;
    }
    let api = crate::api::Api::new(acting, "admin").await;
    assert_eq!(api.delete(&format!("/users/{}", ids[6])).await.status, 204);
    let mut streams = streams.into_iter();
    let control = streams.next().expect("a stream");
    for (name, stream) in names[1..].iter().zip(streams) {
        ended(name, stream).await;
    }
    assert!(!control.is_finished(), "it was nobody's business");
    // Sessions end by themselves, too.
    watched.clock.set(watched.clock.now().plus(40 * passalong::domain::time::DAY));
    ended("control", control).await;
}

on_both!(a_stream_ends_with_its_session, |db| {
    let site = Site::start(db).await;
    streams_end_with_their_sessions(&site, &site).await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_ends_when_its_session_is_ended_on_another_instance() {
    let db = crate::testing::postgres().await;
    let site = Site::start(db.clone()).await;
    let other = Site::at(db, &["--base-url", &site.state.base_url], site.clock.clone()).await;
    streams_end_with_their_sessions(&site, &other).await;
}

on_both!(a_user_has_only_so_many_streams_and_an_address_too, |db| {
    let limits = ["--rate-limits", "on", "--max-streams-per-user", "3", "--max-streams-per-address", "4"];
    let site = Site::start_with(db, &limits).await.with_admin().await;
    let (ann, bob) = (site.user("ann").await, site.user("bob").await);
    let address = ann.url("/live");
    let mut streams = vec![];
    for _ in 0..50 {
        streams.push(open_stream(&ann, &address).await);
        // To look who is signed in opens none.
        assert_eq!(ann.client.head(&address).send().await.expect("an answer").status(), StatusCode::OK);
    }
    assert_eq!(site.state.live_streams.count(), 3);
    // Those that made room do not come back at once and push out others.
    for stream in streams.drain(..47) {
        let said = ended("displaced", stream).await;
        assert!(said.ends_with("retry:60000\n\n") || said.ends_with("retry: 60000\n\n"), "{said:?}");
    }
    assert!(streams.iter().all(|stream| !stream.is_finished()));
    let _fourth = open_stream(&bob, &address).await;
    let refused = bob.get("/live").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0));
    // There is room again as soon as somebody goes.
    streams.pop().expect("a stream").abort();
    let begun = Instant::now();
    while bob.client.get(&address).send().await.expect("an answer").status() != StatusCode::OK {
        assert!(begun.elapsed() < Duration::from_secs(5));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
});

//! Clients that are slow, that send too much, or of which there are too many; on real sockets.

use crate::{
    free_port::free_port,
    on_both,
    site::{START, Site},
    testing,
};
use passalong::server::{config::clock::Clock, http::connections::Timeouts, store::db::Db};
use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{Instant, sleep, timeout},
};

const FIRST_HEADERS: Duration = Duration::from_millis(800);
const IDLE: Duration = Duration::from_millis(2_500);
const BODY: Duration = Duration::from_millis(1_000);

/// Longer than anything here may take.
const LONG: Duration = Duration::from_secs(12);

/// A site that is as patient as these tests, with limits and more settings.
async fn site(db: Db, more: &[&str]) -> Site {
    let timeouts = Timeouts {
        first_headers: FIRST_HEADERS,
        idle: IDLE,
        body: BODY,
        write: Duration::from_millis(1_000),
        linger: Duration::from_millis(500),
    };
    let settings = [&["--rate-limits", "on"], more].concat();
    Site::waiting(db, &settings, Clock::standing(START), timeouts).await
}

/// A connection of our own.
struct Wire {
    stream: TcpStream,
    begun: Instant,
}

impl Wire {
    async fn to(port: u16) -> Self {
        Self::from("127.0.0.1", port).await
    }

    /// From an address of this machine.
    async fn from(ip: &str, port: u16) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(format!("{ip}:0").parse().expect("an address")).expect("an address of this machine");
        let to = format!("127.0.0.1:{port}").parse().expect("an address");
        Self { stream: socket.connect(to).await.expect("a connection"), begun: Instant::now() }
    }

    /// Sends; whether that went.
    async fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).await.is_ok()
    }

    /// One answer: head and body, or only the head of one without a length. Empty when the connection ends first.
    async fn answer(&mut self) -> String {
        timeout(LONG, self.read_answer()).await.expect("an answer in time")
    }

    async fn read_answer(&mut self) -> String {
        let (mut answer, mut whole) = (vec![], None);
        let mut part = [0; 16_384];
        loop {
            if whole.is_none()
                && let Some(end) = answer.windows(4).position(|end| end == b"\r\n\r\n")
            {
                let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
                whole = Some(end + 4 + length.unwrap_or(0));
            }
            // One byte at a time up to the end of the head: what follows may be another answer.
            let next = whole.map_or(1, |whole: usize| whole.saturating_sub(answer.len()).min(part.len()));
            if next == 0 {
                return String::from_utf8_lossy(&answer).into_owned();
            }
            match self.stream.read(&mut part[..next]).await {
                Ok(n) if n > 0 => answer.extend_from_slice(&part[..n]),
                _ => return String::from_utf8_lossy(&answer).into_owned(),
            }
        }
    }

    /// Waits until the server has closed the connection; how long ago it began.
    async fn closed(&mut self) -> Duration {
        let mut scrap = vec![0; 65_536];
        let end = async { while self.stream.read(&mut scrap).await.is_ok_and(|n| n > 0) {} };
        timeout(LONG, end).await.expect("the server hangs up");
        self.begun.elapsed()
    }

    /// Sends a byte every now and then, until the server has closed the connection; how long ago it began.
    async fn drip(&mut self) -> Duration {
        let end = async {
            loop {
                let mut byte = [0];
                match timeout(Duration::from_millis(100), self.stream.read(&mut byte)).await {
                    Ok(Ok(1..)) => {}
                    Ok(_) => return,
                    Err(_) => drop(self.stream.write_all(b"x").await),
                }
            }
        };
        timeout(LONG, end).await.expect("the server hangs up");
        self.begun.elapsed()
    }
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default()
}

const HEALTH: &str = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

/// Asserts that a connection was closed about when it should have been, however busy the machine is.
#[track_caller]
fn assert_about(took: Duration, patience: Duration) {
    assert!(took >= patience - Duration::from_millis(50), "{took:?} is less than {patience:?}");
    assert!(took < patience + Duration::from_secs(2), "{took:?} is more than {patience:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_nothing_is_not_waited_for() {
    let site = site(testing::sqlite().await, &[]).await;
    let (mut silent, mut begun, mut dripping) =
        (Wire::to(site.port).await, Wire::to(site.port).await, Wire::to(site.port).await);
    begun.send("GET /healthz HTTP/1.1\r\nHost:").await;
    dripping.send("GET /healthz HTTP/1.1\r\nX: ").await;
    let (silent, begun, dripping) = tokio::join!(silent.closed(), begun.closed(), dripping.drip());
    for took in [silent, begun, dripping] {
        assert_about(took, FIRST_HEADERS);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_is_kept_between_requests_for_a_while() {
    let site = site(testing::sqlite().await, &[]).await;
    let kept = async || {
        let mut wire = Wire::to(site.port).await;
        for pause in [0, 1_200, 1_200] {
            sleep(Duration::from_millis(pause)).await;
            wire.send(HEALTH).await;
            assert_eq!(status(&wire.answer().await), 200);
        }
        wire.begun = Instant::now();
        wire
    };
    let (mut idle, mut dripping) = tokio::join!(kept(), kept());
    dripping.send("GET /healthz HTTP/1.1\r\nX: ").await;
    let (idle, dripping) = tokio::join!(idle.closed(), dripping.drip());
    assert_about(idle, IDLE);
    assert_about(dripping, IDLE);
}

/// Doors that take a body, with what else a request there needs.
const DOORS: [(&str, &str); 4] = [
    ("POST /signin", "application/x-www-form-urlencoded"),
    ("POST /fn/sign_in", "application/x-www-form-urlencoded"),
    ("POST /fn/check_code", "application/json"),
    ("POST /api/v1/codes/validate", "application/json"),
];

/// The head of a request that has a body.
async fn head(site: &Site, door: &str, kind: &str, more: &str) -> String {
    let key = crate::api::Api::new(site, "write").await.key;
    format!("{door} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nAuthorization: Bearer {key}\r\n{more}\r\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_does_not_come_is_answered_408_at_every_door() {
    let site = site(testing::sqlite().await, &[]).await;
    for (door, kind) in DOORS {
        let mut wire = Wire::to(site.port).await;
        wire.send(head(&site, door, kind, "Content-Length: 100\r\n").await + "email=a").await;
        let begun = Instant::now();
        let answer = wire.answer().await;
        assert_eq!(status(&answer), 408, "{door}: {answer}");
        assert_about(begun.elapsed(), BODY);
        assert_eq!(answer.contains("application/problem+json"), door.contains("/api/"), "{answer}");
        wire.closed().await;
        // Some bytes now and then are no body either.
        let mut wire = Wire::to(site.port).await;
        wire.send(head(&site, door, kind, "Content-Length: 10000\r\n").await).await;
        wire.begun = Instant::now();
        let took = wire.drip().await;
        assert!(took < BODY + Duration::from_secs(3), "{door}: {took:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_is_too_large_is_answered_413_at_every_door() {
    let site = site(testing::sqlite().await, &[]).await;
    let megabyte = "a".repeat(1 << 20);
    for (door, kind) in DOORS {
        // It is known beforehand, or it shows. The client reads only when it has sent all, as many do.
        for more in ["Content-Length: 1048576\r\n", "Transfer-Encoding: chunked\r\n"] {
            let mut wire = Wire::to(site.port).await;
            wire.send(head(&site, door, kind, more).await).await;
            let body =
                if more.starts_with('C') { megabyte.clone() } else { format!("100000\r\n{megabyte}\r\n0\r\n\r\n") };
            assert!(wire.send(body).await, "{door}: all of it is taken");
            let answer = wire.answer().await;
            assert_eq!(status(&answer), 413, "{door}, {more}: {answer}");
            assert_eq!(answer.contains("application/problem+json"), door.contains("/api/"), "{answer}");
        }
        // Who asks before sending is told at once.
        let mut wire = Wire::to(site.port).await;
        wire.send(head(&site, door, kind, "Content-Length: 1048576\r\nExpect: 100-continue\r\n").await).await;
        assert_eq!(status(&wire.answer().await), 413, "{door}");
        let mut wire = Wire::to(site.port).await;
        wire.send(head(&site, door, kind, "Content-Length: 2\r\nExpect: 100-continue\r\n").await).await;
        assert_eq!(status(&wire.answer().await), 100, "{door}");
        wire.send("{}").await;
        assert!((200..500).contains(&status(&wire.answer().await)), "{door}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_nobody_takes_is_given_up() {
    let site = site(testing::sqlite().await, &[]).await;
    let asked = "GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut wire = Wire::to(site.port).await;
    wire.send(asked).await;
    let size = wire.answer().await.len();
    let count = 1_000;
    assert!(wire.send(asked.repeat(count)).await);
    sleep(Duration::from_secs(4)).await;
    let mut taken = vec![];
    let _ = timeout(LONG, wire.stream.read_to_end(&mut taken)).await.expect("the server hangs up");
    assert!(taken.len() < size * count / 2, "{} of {}", taken.len(), size * count);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_connections_make_room_for_those_who_ask() {
    let site = site(testing::sqlite().await, &["--max-connections-per-address", "20", "--max-connections", "40"]).await;
    let mut idle = vec![];
    for _ in 0..100 {
        idle.push(Wire::to(site.port).await);
    }
    let begun = Instant::now();
    let mut visitor = Wire::to(site.port).await;
    visitor.send(HEALTH).await;
    assert_eq!(status(&visitor.answer().await), 200);
    assert!(begun.elapsed() < FIRST_HEADERS / 2, "{:?}", begun.elapsed());
}

/// A connection that is at work: its body is on the way.
async fn busy(ip: &str, port: u16) -> Wire {
    let mut wire = Wire::from(ip, port).await;
    wire.send("POST /signin HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n").await;
    wire
}

/// Whether somebody at an address is answered.
async fn is_answered(ip: &str, port: u16) -> bool {
    let mut wire = Wire::from(ip, port).await;
    wire.send(HEALTH).await;
    status(&wire.answer().await) == 200
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_has_only_so_many_connections_and_there_are_only_so_many() {
    let settings = ["--max-connections-per-address", "10", "--max-connections", "30", "--trusted-proxies", "127.0.0.9"];
    let site = site(testing::sqlite().await, &settings).await;
    let mut held = vec![];
    for _ in 0..10 {
        held.push(busy("127.0.0.1", site.port).await);
    }
    sleep(Duration::from_millis(100)).await;
    assert!(!is_answered("127.0.0.1", site.port).await);
    assert!(is_answered("127.0.0.2", site.port).await);
    // A proxy speaks for many.
    for _ in 0..19 {
        held.push(busy("127.0.0.9", site.port).await);
    }
    sleep(Duration::from_millis(100)).await;
    assert!(is_answered("127.0.0.9", site.port).await);
    held.push(busy("127.0.0.9", site.port).await);
    sleep(Duration::from_millis(100)).await;
    assert!(!is_answered("127.0.0.9", site.port).await && !is_answered("127.0.0.2", site.port).await);
    // Those bodies never come.
    sleep(BODY + Duration::from_millis(500)).await;
    assert!(is_answered("127.0.0.1", site.port).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_limits_there_are_as_many_connections_as_like() {
    let settings = ["--rate-limits", "off", "--max-connections-per-address", "1", "--max-connections", "1"];
    let site = Site::start_with(testing::sqlite().await, &settings).await;
    let mut held = vec![];
    for _ in 0..20 {
        held.push(busy("127.0.0.1", site.port).await);
    }
    sleep(Duration::from_millis(100)).await;
    assert!(is_answered("127.0.0.1", site.port).await);
}

on_both!(what_is_too_much_of_anything_is_refused, |db| {
    let site = site(db, &[]).await;
    let form = "application/x-www-form-urlencoded";
    let keys = (0..10_000).map(|n| format!("{n}=")).collect::<Vec<_>>();
    let pairs = (0..5_000).map(|n| format!("\"k{n}\":1")).collect::<Vec<_>>().join(",");
    let nested = format!("{}1{}", "[".repeat(30_000), "]".repeat(30_000));
    let deep_key = format!("email{}=1", "[a]".repeat(10_000));
    let bodies = [
        ("POST /signin", form, keys.join("&")),
        ("POST /fn/sign_in", form, keys.join("&")),
        ("POST /fn/sign_in", form, deep_key),
        ("POST /signup", form, format!("email={}", "a".repeat(60_000))),
        ("POST /api/v1/codes/validate", "application/json", format!("{{{pairs}}}")),
        ("POST /api/v1/codes/validate", "application/json", format!("{{\"code\":{nested}}}")),
        ("POST /api/v1/users", "application/json", "{\"a\":".repeat(10_000)),
    ];
    for (door, kind, body) in bodies {
        let mut wire = Wire::to(site.port).await;
        let length = format!("Content-Length: {}\r\n", body.len());
        assert!(wire.send(head(&site, door, kind, &length).await + &body).await);
        let answer = wire.answer().await;
        assert!((400..500).contains(&status(&answer)), "{door}: {answer:.500}");
    }
    let heads = [
        (431, format!("GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "a".repeat(64_000))),
        (431, format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "X-Many: 1\r\n".repeat(200))),
        (431, format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(100_000))),
        (400, "GET / HTTP/1.1\r\nHost : x\r\n\r\n".to_owned()),
        (400, "what is this\r\n\r\n".to_owned()),
    ];
    for (expected, head) in heads {
        let mut wire = Wire::to(site.port).await;
        wire.send(&head).await;
        let answer = wire.answer().await;
        assert_eq!(status(&answer), expected, "{head:.80}: {answer}");
    }
    let mut wire = Wire::to(site.port).await;
    wire.send(format!("GET /healthz?{} HTTP/1.1\r\nHost: x\r\n\r\n", "a=1&".repeat(7_000))).await;
    assert_eq!(status(&wire.answer().await), 200);
});

/// Every header that every answer carries.
const HEADERS: [&str; 5] = [
    "x-content-type-options: nosniff",
    "referrer-policy: strict-origin-when-cross-origin",
    "content-security-policy: ",
    "cross-origin-opener-policy: same-origin",
    "permissions-policy: ",
];

on_both!(every_answer_carries_the_headers_that_protect, |db| {
    drop(Site::start(db.clone()).await);
    for base in ["http://refer.example", "https://refer.example"] {
        let site = site(db.clone(), &["--base-url", base]).await;
        let https = base.starts_with("https");
        let mut seen = std::collections::BTreeSet::new();
        let mut ask = async |request: &str| {
            let mut wire = Wire::to(site.port).await;
            wire.send(request).await;
            let answer = wire.answer().await;
            let head = answer.split("\r\n\r\n").next().unwrap_or_default().to_ascii_lowercase();
            for header in HEADERS {
                assert_eq!(head.matches(&format!("\r\n{header}")).count(), 1, "{header} in {request:.80}: {head}");
            }
            let hsts = head.contains("\r\nstrict-transport-security: max-age=31536000; includesubdomains");
            assert_eq!(hsts, https, "{request:.80}: {head}");
            seen.insert(status(&answer));
            answer
        };
        let form = "Host: x\r\nContent-Type: application/x-www-form-urlencoded\r\n";
        let credentials = format!("email=admin%40example.com&password={}", crate::site::PASSWORD);
        let signed_in =
            ask(&format!("POST /signin HTTP/1.1\r\n{form}Content-Length: {}\r\n\r\n{credentials}", credentials.len()))
                .await;
        let cookie = signed_in.lines().find_map(|line| line.split_once("_session=")?.1.split(';').next());
        let name = if https { "__Host-passalong_session" } else { "passalong_session" };
        let cookie = format!("Cookie: {name}={}\r\n", cookie.expect("a session"));
        let key = crate::api::Api::new(&site, "admin").await.key;
        let key = format!("Authorization: Bearer {key}\r\n");
        let code = "{\"code\":\"SPRING\",\"description\":\"Spring\"}";
        let json = format!("Host: x\r\n{key}Content-Type: application/json\r\nContent-Length: {}\r\n", code.len());
        ask(&format!("POST /api/v1/codes HTTP/1.1\r\n{json}\r\n{code}")).await;
        for (line, more) in [
            ("GET /r/NOTHING", ""),
            ("HEAD /r/NOTHING", ""),
            ("GET /r/SPRING", ""),
            ("HEAD /r/SPRING", ""),
            ("POST /r/NOTHING", "Content-Length: 0\r\n"),
            ("GET /", ""),
            ("HEAD /", ""),
            ("GET /signup?ref=NOTHING", ""),
            ("GET /nothing", ""),
            ("GET /dashboard", ""),
            ("GET /dashboard", &cookie),
            ("GET /admin/codes.csv", ""),
            ("GET /admin/codes.csv", &cookie),
            ("GET /live", ""),
            ("GET /live", &cookie),
            ("HEAD /live", &cookie),
            ("GET /live?for=else", &cookie),
            ("GET /theme/112233.css", ""),
            ("GET /theme/nothing", ""),
            ("PUT /signin", ""),
            ("DELETE /nothing", ""),
            ("OPTIONS /", ""),
            ("OPTIONS *", ""),
            ("TRACE /", ""),
            ("GET /healthz", ""),
            ("POST /healthz", "Content-Length: 0\r\n"),
            ("GET /readyz", ""),
            ("GET /metrics", ""),
            ("GET /metrics", "X-Forwarded-For: 192.0.2.1\r\n"),
            ("GET /api/docs", ""),
            ("GET /api/v1/openapi.json", ""),
            ("GET /api/v1/", ""),
            ("GET /api/v1/codes", ""),
            ("GET /api/v1/codes", &key),
            ("GET /api/v1/codes/999", &key),
            ("PUT /api/v1/codes", &key),
            ("OPTIONS /api/v1/codes", ""),
            ("POST /api/v1/codes", &format!("{key}Content-Length: 0\r\n")),
            ("POST /api/v1/codes", &format!("{key}Content-Type: text/plain\r\nContent-Length: 0\r\n")),
            ("POST /fn/nothing", "Content-Length: 0\r\n"),
            ("POST /fn/load_profile", "Content-Length: 0\r\n"),
            ("POST /fn/load_profile", "Sec-Fetch-Site: cross-site\r\nContent-Length: 0\r\n"),
            ("GET /fn/load_profile", ""),
            ("POST /signin", "Content-Length: 99999\r\n"),
            ("POST /signin", "Content-Length: 9\r\n"),
            ("POST /fn/sign_in", "Content-Length: 9\r\n"),
            ("POST /api/v1/codes", &format!("{key}Content-Type: application/json\r\nContent-Length: 9\r\n")),
            ("POST /api/v1/codes", &format!("{key}Content-Type: application/json\r\nContent-Length: 99999\r\n")),
            ("GET /", &format!("X-Long: {}\r\n", "a".repeat(64_000))),
            ("GET /", "broken\r\n"),
        ] {
            let close = if line.starts_with("HEAD") { "Connection: close\r\n" } else { "" };
            ask(&format!("{line} HTTP/1.1\r\nHost: x\r\n{close}{more}\r\n")).await;
        }
        ask("GET / HTTP/1.0\r\n\r\n").await;
        ask("nothing\r\n\r\n").await;
        for n in 0..25 {
            let body = format!("email=nobody&password={n}");
            ask(&format!("POST /signin HTTP/1.1\r\n{form}Content-Length: {}\r\n\r\n{body}", body.len())).await;
        }
        let all = [200, 303, 400, 401, 403, 404, 405, 408, 413, 415, 422, 429, 431];
        assert!(all.iter().all(|status| seen.contains(status)), "{seen:?}");
    }
    // An answer that follows another on the same connection, and what comes after both.
    let site = site(db, &["--base-url", "https://refer.example"]).await;
    let mut wire = Wire::to(site.port).await;
    wire.send(HEALTH).await;
    assert!(!wire.answer().await.is_empty());
    sleep(Duration::from_millis(50)).await;
    wire.send("nothing\r\n\r\n").await;
    let answer = wire.answer().await;
    assert_eq!((status(&answer), answer.matches("strict-transport-security").count()), (400, 1), "{answer}");
});

/// A server in a process of its own.
struct Process {
    child: Child,
    port: u16,
    file: std::path::PathBuf,
}

impl Process {
    /// A server that may have so many files open.
    async fn start(files: u32) -> Self {
        let port = free_port();
        let file = std::env::temp_dir().join(format!("passalong-flood-{port}.db"));
        let child = Command::new("sh")
            .args(["-c", &format!("ulimit -n {files}; exec {}", env!("CARGO_BIN_EXE_passalong"))])
            .env("DATABASE_URL", format!("sqlite:{}", file.display()))
            .env("LISTEN_ADDR", format!("127.0.0.1:{port}"))
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary runs");
        for _ in 0..500 {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                break;
            }
            sleep(Duration::from_millis(20)).await;
        }
        Self { child, port, file }
    }

    /// Bytes of memory that it has.
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("a process");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1_024
    }

    /// Hundredths of a second that its processors have spent.
    fn cpu(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("a process");
        let (_, fields) = stat.rsplit_once(')').expect("its name");
        fields.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.file.display()));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_of_64_megabytes_take_no_more_than_their_room() {
    let _machine = crate::the_machine().await;
    let server = Process::start(4_096).await;
    let before = server.memory();
    let mut held = vec![];
    let form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 65536\r\n";
    let request = format!("POST /signin HTTP/1.1\r\nHost: x\r\n{form}\r\n{}", "a".repeat(65_535));
    for n in 0..1_200 {
        let mut wire = Wire::from(if n % 2 == 0 { "127.0.0.1" } else { "127.0.0.2" }, server.port).await;
        wire.send(&request).await;
        held.push(wire);
    }
    let begun = Instant::now();
    assert!(is_answered("127.0.0.3", server.port).await);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    let grown = server.memory().saturating_sub(before) >> 20;
    assert!(grown < 400, "{grown} MB");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_are_files_left_however_many_connect() {
    let _machine = crate::the_machine().await;
    let server = Process::start(300).await;
    let mut held = vec![];
    for n in 0..1_000 {
        let mut wire = Wire::from(if n % 2 == 0 { "127.0.0.1" } else { "127.0.0.2" }, server.port).await;
        wire.send("GET /").await;
        held.push(wire);
    }
    let begun = Instant::now();
    let mut wire = Wire::from("127.0.0.3", server.port).await;
    wire.send("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(status(&wire.answer().await), 200);
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_without_files_goes_on_when_there_are_some() {
    let _machine = crate::the_machine().await;
    let server = Process::start(4_096).await;
    let mut idle = vec![];
    for _ in 0..40 {
        idle.push(Wire::to(server.port).await);
    }
    assert!(is_answered("127.0.0.1", server.port).await);
    let pid = server.child.id().try_into().expect("a process");
    let only = |files| rlimit::prlimit(pid, rlimit::Resource::NOFILE, Some((files, 4_096)), None).expect("a limit");
    // Fewer than are open: those that wait make room.
    only(50);
    assert!(is_answered("127.0.0.1", server.port).await);
    // While all are at work there is none, and that costs next to nothing.
    let mut held = vec![];
    for _ in 0..30 {
        held.push(busy("127.0.0.1", server.port).await);
    }
    sleep(Duration::from_millis(200)).await;
    only(10);
    let mut visitor = Wire::to(server.port).await;
    visitor.send(HEALTH).await;
    let before = server.cpu();
    sleep(Duration::from_secs(2)).await;
    let spent = server.cpu() - before;
    assert!(spent < 50, "{spent} hundredths of a second in two seconds");
    only(4_096);
    assert_eq!(status(&visitor.answer().await), 200);
}

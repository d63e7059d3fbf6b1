use super::*;
use crate::domain::{
    ids::{EventId, WebhookDeliveryId, WebhookEndpointId},
    webhooks::endpoint::WebhookSecret,
};
use futures::future::BoxFuture;
use std::{
    net::IpAddr,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// A server that answers every request with the same bytes, and counts connections.
struct Server {
    port: u16,
    connections: Arc<AtomicUsize>,
}

impl Server {
    async fn answering(answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = connections.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(async move {
                    let mut request = [0; 8_192];
                    let _ = stream.read(&mut request).await;
                    let _ = stream.write_all(answer.as_bytes()).await;
                    // What is not finished stays open.
                    tokio::time::sleep(Duration::from_secs(60)).await;
                });
            }
        });
        Self { port, connections }
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// Answers each look-up with the next list of addresses.
struct Rebinding(Mutex<Vec<Vec<IpAddr>>>);

impl Names for Rebinding {
    fn look_up(&self, _: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let mut lists = self.0.lock().expect("no panic");
        let next = if lists.is_empty() { vec![] } else { lists.remove(0) };
        Box::pin(async { Ok(next) })
    }
}

fn names(lists: &[&[&str]]) -> Arc<Rebinding> {
    let list = |list: &&[&str]| list.iter().map(|address| address.parse().expect("an address")).collect();
    Arc::new(Rebinding(Mutex::new(lists.iter().map(list).collect())))
}

fn sender(allow_private: bool, names: Arc<Rebinding>) -> WebhookSender {
    WebhookSender::new(allow_private, names, Duration::from_millis(400)).expect("a sender")
}

async fn send(sender: &WebhookSender, url: &str) -> Attempt {
    let destination = Destination {
        url: url.into(),
        secret: WebhookSecret("whsec_AAAA".into()),
        old_secret: None,
        old_secret_until: None,
    };
    let taken = Taken {
        id: WebhookDeliveryId(1),
        endpoint_id: WebhookEndpointId(1),
        event_id: Some(EventId(1)),
        message_id: "evt_1".into(),
        kind: "user.created".into(),
        object_id: 1,
        version: 1,
        data: "{}".into(),
        occurred_at: Time(0),
        attempts: 1,
        tries: 1,
        lease: 1,
    };
    sender.send(&destination, &taken, &Clock::standing(Time(1_794_656_000_000))).await
}

#[tokio::test]
async fn nothing_connects_to_a_private_address() {
    let server = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let port = server.port;
    let private: &[&[&str]] = &[
        &["127.0.0.1"],
        &["::1"],
        &["::ffff:127.0.0.1"],
        &["0.0.0.0"],
        &["::"],
        &["10.0.0.1", "192.168.0.1", "fd00::1", "64:ff9b::7f00:1"],
    ];
    let by_name = sender(false, names(private));
    for _ in private {
        let attempt = send(&by_name, &format!("http://hooks.example:{port}/")).await;
        assert_eq!((attempt.problem, attempt.status), (Some(AttemptProblem::AddressForbidden), None));
    }
    let by_address = sender(false, names(&[]));
    for host in ["127.0.0.1", "2130706433", "0x7f000001", "0177.1", "127.1", "0", "[::1]", "[::ffff:127.0.0.1]", "[::]"]
    {
        let attempt = send(&by_address, &format!("http://{host}:{port}/")).await;
        assert_eq!(attempt.problem, Some(AttemptProblem::AddressForbidden), "{host}");
    }
    assert_eq!(server.connections(), 0);
    let allowed = sender(true, names(&[]));
    assert_eq!(send(&allowed, &format!("http://2130706433:{port}/")).await.problem, None);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_name_that_becomes_private_after_it_was_looked_at_is_refused() {
    let server = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    // An address of the internet on which nobody listens from here, then that of this machine.
    let sender = sender(false, names(&[&["1.1.1.1"], &["127.0.0.1"]]));
    let url = format!("http://hooks.example:{}/", server.port);
    let first = send(&sender, &url).await;
    assert!(matches!(first.problem, Some(AttemptProblem::TimedOut | AttemptProblem::NotConnected)), "{first:?}");
    assert_eq!(send(&sender, &url).await.problem, Some(AttemptProblem::AddressForbidden));
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let inner = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let location = format!(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:{}/\r\ncontent-length: 0\r\n\r\n",
        inner.port
    );
    let outer = Server::answering(location.leak()).await;
    let attempt = send(&sender(true, names(&[])), &format!("http://127.0.0.1:{}/", outer.port)).await;
    assert_eq!((attempt.status, attempt.problem), (Some(307), Some(AttemptProblem::Redirected)));
    assert_eq!((outer.connections(), inner.connections()), (1, 0));
}

#[tokio::test]
async fn whoever_does_not_answer_in_time_has_not_answered() {
    let silent = Server::answering("").await;
    let sender = sender(true, names(&[&[]]));
    let attempt = send(&sender, &format!("http://127.0.0.1:{}/", silent.port)).await;
    assert_eq!((attempt.status, attempt.problem), (None, Some(AttemptProblem::TimedOut)));
    assert!(attempt.duration_ms >= 300, "{attempt:?}");
    let slow = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\nhalf").await;
    let attempt = send(&sender, &format!("http://127.0.0.1:{}/", slow.port)).await;
    assert_eq!((attempt.status, attempt.problem, attempt.response.as_str()), (Some(200), None, "half"));
    assert_eq!(send(&sender, "http://nobody.example/").await.problem, Some(AttemptProblem::NameUnknown));
    assert_eq!(
        send(&sender, &format!("https://127.0.0.1:{}/", slow.port)).await.problem,
        Some(AttemptProblem::NotTrusted)
    );
}

#[tokio::test]
async fn an_answer_is_kept_as_text_and_may_ask_to_wait() {
    let sender = sender(true, names(&[]));
    for (head, wait) in [
        ("retry-after: 120\r\n", Some(120 * SECOND)),
        ("retry-after: Sat, 14 Nov 2026 11:34:20 GMT\r\n", Some(60 * SECOND)),
        ("retry-after: Sat, 14 Nov 2026 11:32:20 GMT\r\n", None),
        ("retry-after: soon\r\n", None),
        ("", None),
    ] {
        let answer = format!("HTTP/1.1 503 Service Unavailable\r\n{head}content-length: 6\r\n\r\na\0b\n\u{1b}c");
        let server = Server::answering(answer.leak()).await;
        let attempt = send(&sender, &format!("http://127.0.0.1:{}/", server.port)).await;
        assert_eq!((attempt.status, attempt.problem), (Some(503), Some(AttemptProblem::Refused)));
        assert_eq!((attempt.retry_after, attempt.response.as_str()), (wait, "ab\nc"), "{head}");
    }
    let long = format!("HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n{}", "é".repeat(4_500));
    let server = Server::answering(long.leak()).await;
    let attempt = send(&sender, &format!("http://127.0.0.1:{}/", server.port)).await;
    assert_eq!(attempt.response.chars().count(), 1_024);
}

use super::*;
use crate::domain::{
    ids::{EventId, WebhookDeliveryId, WebhookEndpointId},
    webhooks::endpoint::WebhookSecret,
};
use futures::future::BoxFuture;
use rustls::pki_types::PrivatePkcs8KeyDer;
use std::{
    net::IpAddr,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

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
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(respond(stream, answer));
            }
        });
        Self { port, connections }
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// Answers one request. What is not finished stays open.
async fn respond(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: &str) {
    let mut request = [0; 8_192];
    let _ = stream.read(&mut request).await;
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.flush().await;
    tokio::time::sleep(Duration::from_secs(60)).await;
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
    WebhookSender::new(allow_private, names, public_roots(), Duration::from_millis(400)).expect("a sender")
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

#[tokio::test]
async fn a_certificate_is_trusted_for_its_name_alone() {
    let made = rcgen::generate_simple_self_signed(["hooks.example".to_owned()]).expect("a certificate");
    let certificate = made.cert.der().clone();
    let tls = rustls::ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()).into())
        .expect("a certificate and its key");
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(stream) = acceptor.accept(stream).await {
                tokio::spawn(respond(stream, "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n"));
            }
        }
    });
    let here = || names(&[&["127.0.0.1"], &["127.0.0.1"]]);
    let sender = |roots| WebhookSender::new(true, here(), roots, Duration::from_secs(5)).expect("a sender");
    let mut roots = public_roots();
    roots.add(certificate).expect("a root");
    let trusting = sender(roots);
    let delivered = send(&trusting, &format!("https://hooks.example:{port}/")).await;
    assert_eq!((delivered.status, delivered.problem), (Some(202), None));
    let other_name = send(&trusting, &format!("https://other.example:{port}/")).await;
    assert_eq!((other_name.status, other_name.problem), (None, Some(AttemptProblem::NotTrusted)));
    let unknown = send(&sender(public_roots()), &format!("https://hooks.example:{port}/")).await;
    assert_eq!((unknown.status, unknown.problem), (None, Some(AttemptProblem::NotTrusted)));
}

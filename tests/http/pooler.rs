//! Poolers before PostgreSQL, as far as they matter: what they refuse at the start of a connection, and whether a
//! client keeps its session.

use crate::testing;
use passalong::server::store::{db::Db, limits::Limits};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// The only parameters of a start that PgBouncer knows.
const KNOWN: [&str; 8] = [
    "user",
    "database",
    "client_encoding",
    "DateStyle",
    "TimeZone",
    "application_name",
    "standard_conforming_strings",
    "datestyle",
];

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Session,
    Transaction,
}

struct Pooler {
    server: String,
    mode: Mode,
    /// Processes of the server that nobody uses.
    idle: Mutex<Vec<TcpStream>>,
    /// Whether the one that was given back last is lent first.
    last_first: bool,
}

/// One message: its kind, and all of it.
async fn message(from: &mut TcpStream) -> std::io::Result<(u8, Vec<u8>)> {
    let kind = from.read_u8().await?;
    let length = from.read_u32().await?;
    let mut all = vec![kind];
    all.extend(length.to_be_bytes());
    all.resize(1 + length as usize, 0);
    from.read_exact(&mut all[5..]).await?;
    Ok((kind, all))
}

/// The message with which a connection starts.
async fn start_of(client: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    loop {
        let length = client.read_u32().await?;
        let mut rest = vec![0; length as usize - 4];
        client.read_exact(&mut rest).await?;
        // It asks for TLS first; there is none.
        if rest[..4] == 80_877_103_u32.to_be_bytes() {
            client.write_all(b"N").await?;
            continue;
        }
        return Ok([&length.to_be_bytes()[..], &rest].concat());
    }
}

fn unknown_parameter(start: &[u8]) -> Option<String> {
    let words: Vec<_> = start[8..].split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word)).collect();
    let parameters: HashMap<_, _> = words.chunks_exact(2).map(|pair| (&*pair[0], &pair[1])).collect();
    parameters.keys().find(|name| !name.is_empty() && !KNOWN.contains(name)).map(|name| (*name).to_owned())
}

impl Pooler {
    /// Starts before the server of `url`; the address that leads through it.
    async fn start(url: &str, mode: Mode, last_first: bool) -> String {
        let (before, rest) = url.split_once('@').expect("somebody");
        let (server, database) = rest.split_once('/').expect("a database");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let pooler = Arc::new(Self { server: server.to_owned(), mode, idle: Mutex::default(), last_first });
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let pooler = pooler.clone();
                tokio::spawn(async move { pooler.serve(client).await });
            }
        });
        format!("{before}@127.0.0.1:{port}/{database}")
    }

    async fn serve(&self, mut client: TcpStream) -> std::io::Result<()> {
        let start = start_of(&mut client).await?;
        if let Some(name) = unknown_parameter(&start) {
            let text = format!("SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: {name}\0\0");
            let length = u32::try_from(text.len() + 4).expect("short");
            client.write_all(&[&b"E"[..], &length.to_be_bytes(), text.as_bytes()].concat()).await?;
            return client.shutdown().await;
        }
        let mut server = TcpStream::connect(&self.server).await?;
        server.write_all(&start).await?;
        if self.mode == Mode::Session {
            tokio::io::copy_bidirectional(&mut client, &mut server).await?;
            return Ok(());
        }
        relay_until_ready(&mut server, &mut client).await?;
        self.give_back(server);
        let mut lent = None;
        loop {
            let (kind, all) = message(&mut client).await?;
            if kind == b'X' {
                return Ok(());
            }
            let mut server = match lent.take().or_else(|| self.take()) {
                Some(server) => server,
                None => {
                    let mut server = TcpStream::connect(&self.server).await?;
                    server.write_all(&start).await?;
                    while message(&mut server).await?.0 != b'Z' {}
                    server
                }
            };
            server.write_all(&all).await?;
            if relay_until_ready(&mut server, &mut client).await? == b'I' {
                self.give_back(server);
            } else {
                lent = Some(server);
            }
        }
    }

    fn give_back(&self, server: TcpStream) {
        self.idle.lock().expect("no panic").push(server);
    }

    fn take(&self) -> Option<TcpStream> {
        let mut idle = self.idle.lock().expect("no panic");
        if idle.is_empty() {
            return None;
        }
        let at = if self.last_first { idle.len() - 1 } else { 0 };
        Some(idle.remove(at))
    }
}

/// Hands on what the server says; whether it is in a transaction at the end.
async fn relay_until_ready(server: &mut TcpStream, client: &mut TcpStream) -> std::io::Result<u8> {
    loop {
        let (kind, all) = message(server).await?;
        client.write_all(&all).await?;
        if kind == b'Z' {
            return Ok(all[5]);
        }
    }
}

async fn address() -> String {
    let Db::Postgres { pool, .. } = testing::postgres().await else { panic!("PostgreSQL was asked for") };
    let server = std::env::var(testing::POSTGRES).expect("a server");
    let (base, _) = server.rsplit_once('/').expect("an address");
    format!("{base}/{}", pool.connect_options().get_database().expect("a name"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pooler_in_session_mode_is_as_good_as_the_server() {
    let through = Pooler::start(&address().await, Mode::Session, true).await;
    let db = Db::connect_with(&through, Limits::serving(5)).await.expect("a pooler that pools by session");
    let site = crate::site::Site::start(db).await;
    let link = site.user("ann").await.link().await;
    let friend = site.browser();
    friend.get(&link).await;
    let joined = friend.sign_up("friend", &[]).await;
    assert_eq!(joined.location(), "/dashboard?done=joined", "{}", joined.text());
    // The click was written by its own connection.
    let click = site.browser().get(&link).await;
    assert!(click.headers.contains_key("set-cookie"));
    assert_eq!(site.state.db.begin().await.expect("a transaction").commit().await.map_err(|e| e.to_string()), Ok(()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pooler_in_transaction_mode_is_refused() {
    for last_first in [true, false] {
        let through = Pooler::start(&address().await, Mode::Transaction, last_first).await;
        let refused = Db::connect_with(&through, Limits::serving(5)).await.err().expect("refused").to_string();
        assert_eq!(
            refused,
            "the pooler before PostgreSQL keeps no sessions; let it pool by session, not by transaction"
        );
    }
}

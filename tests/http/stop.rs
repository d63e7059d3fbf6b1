use crate::{free_port::free_port, site::PASSWORD, testing};
use passalong::server::{
    config::{cli, site::Site},
    run::run,
};
use reqwest::StatusCode;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
    time::{Instant, sleep},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_stops_in_time_with_streams_open_and_starts_again() {
    let db = testing::sqlite().await;
    let passalong::server::store::db::Db::Sqlite { write, .. } = &db else { panic!("SQLite was asked for") };
    let file = write.connect_options().get_filename().display().to_string();
    let port = free_port();
    let address = format!("127.0.0.1:{port}");
    let args = [
        "passalong",
        "--database-url",
        &format!("sqlite:{file}"),
        "--listen-addr",
        &address,
        "--admin-email",
        "a@example.com",
        "--admin-password",
        PASSWORD,
        "--rate-limits",
        "off",
    ];
    let config = cli::parse(args.map(Into::into)).map_err(|(line, _)| line).expect("settings").config;
    for _ in 0..2 {
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(run(config.clone(), Site::EMPTY, async {
            let _ = stopped.await;
        }));
        let client = crate::clients::builder().cookie_store(true).build().expect("a client");
        let base = format!("http://{address}");
        for _ in 0..100 {
            if client.get(format!("{base}/healthz")).send().await.is_ok() {
                break;
            }
            sleep(Duration::from_millis(20)).await;
        }
        let fields = [("email", "a@example.com"), ("password", PASSWORD)];
        client.post(format!("{base}/signin")).form(&fields).send().await.expect("an answer");
        let mut streams = vec![];
        for _ in 0..500 {
            let stream = client.get(format!("{base}/live")).send().await.expect("an answer");
            assert_eq!(stream.status(), StatusCode::OK);
            streams.push(stream);
        }
        // Connections on which nothing or only half a request comes do not hold it up, and what is at work is finished.
        let _silent = TcpStream::connect(&address).await.expect("a connection");
        let mut begun = TcpStream::connect(&address).await.expect("a connection");
        begun.write_all(b"GET /healthz HTTP/1.1\r\nHost:").await.expect("sent");
        let mut at_work = TcpStream::connect(&address).await.expect("a connection");
        let head = b"POST /signin HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\n";
        at_work.write_all(head).await.expect("sent");
        sleep(Duration::from_millis(100)).await;
        let finished = tokio::spawn(async move {
            sleep(Duration::from_millis(500)).await;
            at_work.write_all(b"email=a").await.expect("sent");
            let mut answer = String::new();
            at_work.read_to_string(&mut answer).await.expect("an answer");
            answer
        });
        let asked = Instant::now();
        stop.send(()).expect("the server listens");
        server.await.expect("no panic").expect("a clean stop");
        assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
        let answer = finished.await.expect("no panic");
        assert!(answer.starts_with("HTTP/1.1 422"), "{answer:.200}");
    }
}

//! Watchers for `cargo xtask bench`: many open streams of live numbers, and clicks that move these.
//!
//! `watchers ADDRESS COOKIES CODE WATCHERS CLICKS` prints one line: for each click the milliseconds from its answer to
//! the moment when the last watcher had the new number. The streams stay open until standard input ends.
use std::{
    error::Error,
    io::{Read, Write, stdin, stdout},
    sync::Arc,
    time::Duration,
};

use tokio::{
    net::TcpStream,
    sync::{Semaphore, mpsc},
    time::{Instant, sleep, timeout},
};

type Res<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// A stream has shown this many clicks, at this moment.
type Shown = (u64, Instant);

/// Streams that are being opened at once.
const OPENING: usize = 64;

/// Between two clicks: longer than frames of the same numbers are kept apart.
const PAUSE: Duration = Duration::from_millis(500);

const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::main]
async fn main() -> Res {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [address, cookies, code, watchers, clicks] = &args[..] else {
        return Err("usage: watchers ADDRESS COOKIES CODE WATCHERS CLICKS".into());
    };
    let (watchers, clicks): (usize, usize) = (watchers.parse()?, clicks.parse()?);
    let (report, mut shown) = mpsc::unbounded_channel();
    let turns = Arc::new(Semaphore::new(OPENING));
    let request = request(address, "/live", &format!("Accept: text/event-stream\r\nCookie: {cookies}\r\n"));
    for _ in 0..watchers {
        tokio::spawn(watch(address.clone(), request.clone(), turns.clone(), report.clone()));
    }
    let mut number = 0;
    for _ in 0..watchers {
        number = next(&mut shown).await?.0;
    }
    let mut line = vec![];
    for click in 0..clicks {
        sleep(PAUSE).await;
        let answered = visit(address, code, &format!("{watchers}.{click}")).await?;
        number += 1;
        let mut last = answered;
        for _ in 0..watchers {
            let (clicks, at) = next(&mut shown).await?;
            if clicks != number {
                return Err(format!("{number} clicks expected, a stream shows {clicks}").into());
            }
            last = last.max(at);
        }
        line.push(format!("{:.3}", (last - answered).as_secs_f64() * 1e3));
    }
    writeln!(stdout(), "{}", line.join(" "))?;
    stdin().read_to_end(&mut vec![])?;
    Ok(())
}

async fn next(shown: &mut mpsc::UnboundedReceiver<Res<Shown>>) -> Res<Shown> {
    timeout(PATIENCE, shown.recv()).await.map_err(|_| "not every stream has shown the number")?.ok_or("no stream")?
}

/// Reports every number that a stream shows, and how it ends.
async fn watch(address: String, request: String, turns: Arc<Semaphore>, report: mpsc::UnboundedSender<Res<Shown>>) {
    if let Err(error) = follow(&address, &request, &turns, &report).await {
        let _ = report.send(Err(error));
    }
}

async fn follow(address: &str, request: &str, turns: &Semaphore, report: &mpsc::UnboundedSender<Res<Shown>>) -> Res {
    let mut turn = Some(turns.acquire().await?);
    let stream = TcpStream::connect(address).await?;
    write(&stream, request).await?;
    let mut text = String::new();
    loop {
        if !read(&stream, &mut text).await? {
            return Err(format!("a stream has ended: {text}").into());
        }
        while let Some(end) = text.find("\n\n") {
            let frame: String = text.drain(..end + 2).collect();
            if let Some(clicks) = clicks_of(&frame) {
                report.send(Ok((clicks, Instant::now())))?;
                turn.take();
            }
        }
    }
}

/// The number of clicks in a frame of numbers.
fn clicks_of(frame: &str) -> Option<u64> {
    let (_, rest) = frame.split_once("\"clicks\":")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Follows the link with a browser that has not been seen before; gives back when it was answered.
async fn visit(address: &str, code: &str, version: &str) -> Res<Instant> {
    let browser = format!("User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:{version}) Gecko/20100101 Firefox/140.0\r\n");
    let stream = TcpStream::connect(address).await?;
    write(&stream, &request(address, &format!("/r/{code}"), &browser)).await?;
    let mut answer = String::new();
    while !answer.contains("\r\n\r\n") {
        if !read(&stream, &mut answer).await? {
            break;
        }
    }
    let answered = Instant::now();
    if answer.starts_with("HTTP/1.1 303") { Ok(answered) } else { Err(format!("a click was answered {answer}").into()) }
}

fn request(address: &str, path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{headers}\r\n")
}

async fn write(stream: &TcpStream, text: &str) -> Res {
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        stream.writable().await?;
        match stream.try_write(rest) {
            Ok(written) => rest = &rest[written..],
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Adds what has come to `text`; whether there was anything before the end.
async fn read(stream: &TcpStream, text: &mut String) -> Res<bool> {
    let mut buffer = [0; 2048];
    loop {
        stream.readable().await?;
        match stream.try_read(&mut buffer) {
            Ok(length) => {
                text.push_str(&String::from_utf8_lossy(&buffer[..length]));
                return Ok(length > 0);
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
    }
}

//! As much of an HTTP client as the checks need.
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    time::Duration,
};

use crate::process::Res;

/// An answer to a GET.
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body as text; what is not UTF-8 is replaced.
    pub text: String,
    /// How many bytes the body had.
    pub bytes: usize,
}

/// GET `path` from `address` (`host:port`).
pub fn get(address: &str, path: &str) -> Res<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    // HTTP/1.0 spares us chunked bodies: the server ends the body by closing.
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n")?;
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw)?;
    let head_end = raw.windows(4).position(|w| w == b"\r\n\r\n").ok_or("not an HTTP answer")?;
    let head = String::from_utf8_lossy(&raw[..head_end]);
    let status = head.split_whitespace().nth(1).ok_or("no status line")?.parse()?;
    let body = &raw[head_end + 4..];
    Ok(Answer { status, text: String::from_utf8_lossy(body).into_owned(), bytes: body.len() })
}

/// A port of 127.0.0.1 that nobody listens on.
pub fn free_port() -> Res<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

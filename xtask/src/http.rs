//! As much of an HTTP client as the checks need.
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use crate::process::Res;

/// An answer to a GET.
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The cookies that it sets, as they are sent back.
    pub cookies: String,
    /// The body as text; what is not UTF-8 is replaced.
    pub text: String,
    /// How many bytes the body had.
    pub bytes: usize,
}

/// GET `path` from `address` (`host:port`).
pub fn get(address: &str, path: &str) -> Res<Answer> {
    get_as(address, path, "")
}

/// The same with cookies, as `name=value`.
pub fn get_as(address: &str, path: &str, cookies: &str) -> Res<Answer> {
    send(address, &format!("GET {path} HTTP/1.0\r\nHost: {address}\r\nCookie: {cookies}\r\n\r\n"))
}

/// Sends a form, already encoded.
pub fn post(address: &str, path: &str, form: &str) -> Res<Answer> {
    let head =
        format!("POST {path} HTTP/1.0\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\n");
    send(address, &format!("{head}Content-Length: {}\r\n\r\n{form}", form.len()))
}

fn send(address: &str, request: &str) -> Res<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    // HTTP/1.0 spares us chunked bodies: the server ends the body by closing.
    stream.write_all(request.as_bytes())?;
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw)?;
    let head_end = raw.windows(4).position(|w| w == b"\r\n\r\n").ok_or("not an HTTP answer")?;
    let head = String::from_utf8_lossy(&raw[..head_end]);
    let status = head.split_whitespace().nth(1).ok_or("no status line")?.parse()?;
    let body = &raw[head_end + 4..];
    let cookies = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    let cookies = cookies.filter_map(|(_, cookie)| cookie.split(';').next()).collect::<Vec<_>>().join("; ");
    Ok(Answer { status, cookies, text: String::from_utf8_lossy(body).into_owned(), bytes: body.len() })
}

//! Ports for servers that tests and measurements start.
use std::{
    net::TcpListener,
    process,
    sync::atomic::{AtomicU32, Ordering},
};

/// Ports below those that systems give to outgoing connections (32768 and above on Linux). One of those may be taken
/// between being found and being listened on, and while its server starts anew.
const FIRST: u32 = 11_000;
const COUNT: u32 = 20_000;

static TRIED: AtomicU32 = AtomicU32::new(0);

/// A port of 127.0.0.1 that nobody listens on; another one each time.
pub fn free_port() -> u16 {
    // Processes side by side begin in different places.
    let begin = process::id() % COUNT * 101;
    let mut ports = (0..COUNT).filter_map(|_| {
        let next = begin + TRIED.fetch_add(1, Ordering::Relaxed);
        let port = u16::try_from(FIRST + next % COUNT).ok()?;
        TcpListener::bind(("127.0.0.1", port)).ok().map(|_| port)
    });
    ports.next().expect("a free port")
}

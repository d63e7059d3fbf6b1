//! The socket of a connection: says when a client takes no more, and hangs up last.

use crate::server::http::connections::progress::Progress;
use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// Bytes of what nobody wants that are read at once.
const SCRAP: usize = 4_096;

/// A socket that tells the progress of its connection.
pub struct Socket {
    stream: TcpStream,
    progress: Arc<Progress>,
    /// Lines that belong into the head of every answer.
    header_lines: Arc<str>,
    /// An answer that the protocol has made by itself, not written yet.
    own_answer: Vec<u8>,
    blocked: bool,
    finished: bool,
}

impl Socket {
    pub fn new(stream: TcpStream, progress: Arc<Progress>, header_lines: Arc<str>) -> Self {
        Self { stream, progress, header_lines, own_answer: vec![], blocked: false, finished: false }
    }

    /// What is no request is answered before anything of the site has seen it, in one piece, without the headers that
    /// every answer carries. How many bytes were taken.
    fn take_own_answer(&mut self, bufs: &[IoSlice<'_>]) -> usize {
        let answer: Vec<u8> = bufs.iter().flat_map(|buf| buf.iter().copied()).collect();
        let status_line = answer.windows(2).position(|end| end == b"\r\n").map_or(answer.len(), |end| end + 2);
        let (status_line, rest) = answer.split_at(status_line);
        for part in [status_line, self.header_lines.as_bytes(), rest] {
            self.own_answer.extend_from_slice(part);
        }
        answer.len()
    }

    fn written(&mut self, result: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if result.is_pending() != self.blocked {
            self.blocked = result.is_pending();
            self.progress.set_blocked(self.blocked);
        }
        result
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if !self.progress.is_answering() {
            return Poll::Ready(Ok(self.take_own_answer(&[IoSlice::new(buf)])));
        }
        let result = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.written(result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if !self.progress.is_answering() {
            return Poll::Ready(Ok(self.take_own_answer(bufs)));
        }
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.written(result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        while !this.own_answer.is_empty() {
            let written = ready!(Pin::new(&mut this.stream).poll_write(cx, &this.own_answer))?;
            this.own_answer.drain(..written);
        }
        ready!(Pin::new(&mut this.stream).poll_flush(cx))?;
        this.progress.flushed();
        Poll::Ready(Ok(()))
    }

    /// Ends the answers and waits for the client to hang up: who closes a socket with bytes in it that were not read
    /// takes the last answer from a client that is still sending.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.finished {
            ready!(self.as_mut().poll_flush(cx))?;
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
            self.finished = true;
            self.progress.begin_closing();
        }
        let mut scrap = [0; SCRAP];
        loop {
            let mut unwanted = ReadBuf::new(&mut scrap);
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut unwanted))?;
            if unwanted.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

//! Serving connections: share links before anything is routed, then everything else. Clients that let the server wait
//! are not waited for, and nobody takes all the room.

mod bodies;
mod limits;
mod progress;
mod socket;

pub use progress::Timeouts;

use crate::server::{
    config::Config,
    http::{
        connections::{
            bodies::{AnswerBody, request_body},
            limits::{Connections, Place},
            progress::Progress,
            socket::Socket,
        },
        headers, router, share_link,
    },
    state::AppState,
};
use axum::{
    Router,
    extract::{ConnectInfo, Request},
    response::Response,
};
use futures::{FutureExt, TryFutureExt};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use std::{convert::Infallible, future::Future, io::ErrorKind, net::SocketAddr, pin::pin, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::sleep,
};
use tower::ServiceExt;

/// Bytes that the headers of a request may have.
const MAX_HEADERS: usize = 32 * 1_024;

/// Bytes of a connection that are kept while they are read or written.
const BUFFER: usize = MAX_HEADERS;

/// Files that the database and the program itself may have open beside the connections.
const OTHER_FILES: u64 = 128;

/// How long nothing is accepted after the system had no room.
const PAUSE: Duration = Duration::from_millis(100);

/// Everything that connections share.
struct Server {
    site: (Router, AppState),
    http: http1::Builder,
    connections: Arc<Connections>,
    timeouts: Timeouts,
    /// What the head of every answer says.
    header_lines: Arc<str>,
}

/// Answers until the server stops; requests in flight are finished.
pub async fn serve(state: AppState, listener: TcpListener, timeouts: Timeouts) -> std::io::Result<()> {
    let mut http = http1::Builder::new();
    http.max_buf_size(BUFFER).max_header_size(MAX_HEADERS);
    let shutdown = state.shutdown.clone();
    let connections = Arc::new(connections(&state.config));
    let header_lines = headers::lines(state.https).into();
    let site = (router::router(state.clone()), state);
    let server = Arc::new(Server { site, http, connections, timeouts, header_lines });
    let (mut tasks, mut failing) = (JoinSet::new(), false);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = tasks.join_next() => continue,
            () = shutdown.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                failing = false;
                let progress = Arc::new(Progress::new(timeouts));
                match server.connections.admit(peer.ip(), &progress) {
                    Some(place) => drop(tasks.spawn(server.clone().connection(stream, peer, progress, place))),
                    None => metrics::counter!("passalong_connections_refused_total").increment(1),
                }
            }
            Err(error) if is_of_the_client(error.kind()) => {}
            Err(error) => {
                if !std::mem::replace(&mut failing, true) {
                    tracing::error!(%error, "no connection can be accepted; it is tried again");
                }
                server.connections.make_room();
                tokio::select! { () = sleep(PAUSE) => {}, () = shutdown.cancelled() => break }
            }
        }
    }
    drop(listener);
    while tasks.join_next().await.is_some() {}
    Ok(())
}

/// As many connections as the settings say and the system has files for.
fn connections(config: &Config) -> Connections {
    let wanted = config.limit(config.max_connections);
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(1_024).saturating_sub(OTHER_FILES).max(1);
    let most = wanted.min(usize::try_from(files).unwrap_or(usize::MAX));
    if most < wanted && config.rate_limits {
        tracing::warn!(most, "MAX_CONNECTIONS: the system lets this process have fewer files open (ulimit -n)");
    }
    Connections::new(most, config.limit(config.max_connections_per_address), config.trusted_proxies.clone())
}

/// The client was gone before it was accepted.
fn is_of_the_client(error: ErrorKind) -> bool {
    matches!(error, ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::ConnectionRefused)
}

impl Server {
    /// Answers one connection until it ends, or until it has been waited for long enough.
    async fn connection(self: Arc<Self>, stream: TcpStream, peer: SocketAddr, progress: Arc<Progress>, _place: Place) {
        // The end of a page does not wait until its beginning has been acknowledged.
        let _ = stream.set_nodelay(true);
        let service = service_fn(|request| {
            progress.begin_request();
            let progress = progress.clone();
            answer(&self.site, peer, request, self.timeouts.body)
                .map_ok(|response| response.map(|body| AnswerBody { body, progress }))
        });
        let socket = TokioIo::new(Socket::new(stream, progress.clone(), self.header_lines.clone()));
        let mut connection = pin!(self.http.serve_connection(socket, service));
        let mut stopping = pin!(self.site.1.shutdown.cancelled());
        let mut overdue = pin!(progress.overdue());
        tokio::select! {
            _ = connection.as_mut() => return,
            () = overdue.as_mut() => return,
            () = stopping.as_mut() => {}
        }
        if progress.waiting_since().is_some() {
            return;
        }
        connection.as_mut().graceful_shutdown();
        tokio::select! { _ = connection => {}, () = overdue => {} }
    }
}

/// Share links come first: there is nothing between them and the writer, not even a router.
fn answer(
    (site, state): &(Router, AppState),
    peer: SocketAddr,
    request: hyper::Request<Incoming>,
    body_timeout: Duration,
) -> impl Future<Output = Result<Response, Infallible>> + Send + use<> {
    let mut request: Request = request.map(|body| request_body(body, body_timeout));
    if share_link::is_link_request(&request) {
        return share_link::redirect(state.clone(), peer.ip(), request).map(Ok).left_future();
    }
    share_link::tidy_landing(&mut request);
    request.extensions_mut().insert(ConnectInfo(peer));
    site.clone().oneshot(request).right_future()
}

//! Serving connections: share links before anything is routed, then everything else.

use crate::server::{
    http::{router, share_link},
    state::AppState,
};
use axum::{
    Router,
    extract::{ConnectInfo, Request},
    response::Response,
    serve::{IncomingStream, ListenerExt},
};
use futures::FutureExt;
use std::{
    convert::Infallible,
    future::{Future, ready},
    net::SocketAddr,
    sync::Arc,
};
use tokio::net::TcpListener;
use tower::{ServiceExt, service_fn};

/// Answers until the server stops; requests in flight are finished.
pub async fn serve(state: AppState, listener: TcpListener) -> std::io::Result<()> {
    // The end of a page does not wait until its beginning has been acknowledged.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let shutdown = state.shutdown.clone();
    let site = Arc::new((router::router(state.clone()), state));
    let connections = service_fn(move |stream: IncomingStream<'_, _>| {
        let (site, peer) = (site.clone(), *stream.remote_addr());
        ready(Ok(service_fn(move |request| answer(&site, peer, request))))
    });
    axum::serve(listener, connections).with_graceful_shutdown(shutdown.cancelled_owned()).await
}

/// Share links come first: there is nothing between them and the writer, not even a router.
fn answer(
    (site, state): &(Router, AppState),
    peer: SocketAddr,
    mut request: Request,
) -> impl Future<Output = Result<Response, Infallible>> + Send + use<> {
    if share_link::is_link_request(&request) {
        return share_link::redirect(state.clone(), peer.ip(), request).map(Ok).left_future();
    }
    request.extensions_mut().insert(ConnectInfo(peer));
    site.clone().oneshot(request).right_future()
}

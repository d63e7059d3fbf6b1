//! The yardstick of `cargo xtask bench`: a redirect that remembers nothing.
//! Prints the address it listens on.
use std::io::Write;

use axum::{Router, extract::Path, response::Redirect, routing::get};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    writeln!(std::io::stdout(), "{}", listener.local_addr()?)?;
    let router = Router::new().route("/r/{code}", get(redirect));
    axum::serve(listener, router).await
}

async fn redirect(Path(_code): Path<String>) -> Redirect {
    Redirect::to("/signup")
}

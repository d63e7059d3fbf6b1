//! HTTP clients of the tests. They speak with servers of this machine without TLS: reading the machine's certificates
//! for each of them would take longer than most tests.

use reqwest::{Client, ClientBuilder, Response};

/// A client to be set up.
pub fn builder() -> ClientBuilder {
    // A client wants one even when it never uses it, and takes what is there already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().tls_certs_only([])
}

/// A client as it is.
pub fn client() -> Client {
    builder().build().expect("a client")
}

/// Asks an address once.
pub async fn get(address: impl AsRef<str>) -> reqwest::Result<Response> {
    client().get(address.as_ref()).send().await
}

//! `passalong healthcheck`: whether the server on this machine serves.

use crate::server::{config::Config, errors::BoxError};
use std::{net::IpAddr, net::Ipv4Addr, process::ExitCode, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const PATIENCE: Duration = Duration::from_secs(5);

/// Asks `/healthz`; an error when the answer is not 200.
pub async fn run(config: &Config) -> Result<ExitCode, BoxError> {
    let mut address = config.listen();
    if address.ip().is_unspecified() {
        address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok::<_, BoxError>(answer)
    };
    let answer = tokio::time::timeout(PATIENCE, ask)
        .await
        .map_err(|_| format!("no answer from {address}"))?
        .map_err(|error| format!("no answer from {address}: {error}"))?;
    if answer.starts_with("HTTP/1.1 200") {
        Ok(ExitCode::SUCCESS)
    } else {
        Err(format!("{address} answers {}", answer.lines().next().unwrap_or("nothing")).into())
    }
}

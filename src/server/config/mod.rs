//! Every setting: name, default, meaning. One definition serves flags, environment and help.

pub mod cli;
pub mod clock;
pub mod logging;
pub mod rng;
pub mod site;

use clap::{Args, builder::TypedValueParser};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The settings of the server and of all commands that use its database.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Where the data lives: sqlite:PATH or postgres://…
    #[arg(long, env, global = true, default_value = "sqlite:./data/passalong.db", value_parser = database_url)]
    pub database_url: String,

    /// The address to listen on
    #[arg(long, env, global = true, default_value = "127.0.0.1:3000")]
    pub listen_addr: SocketAddr,

    /// Listen on all addresses at this port, instead of LISTEN_ADDR
    #[arg(long, env, global = true)]
    pub port: Option<u16>,

    /// The address that people use, as https://refer.example.com; every absolute link is made from it [default: http://LISTEN_ADDR]
    #[arg(long, env, global = true, value_parser = base_url)]
    pub base_url: Option<String>,

    /// Signs cookies; at least 32 bytes [default: made once, kept in the database]
    #[arg(long, env, global = true, hide_env_values = true, value_parser = secret)]
    pub app_secret: Option<String>,

    /// E-mail of the first admin, made at start when there is none; together with ADMIN_PASSWORD
    #[arg(long, env, global = true, requires = "admin_password")]
    pub admin_email: Option<String>,

    /// Password of the first admin
    #[arg(long, env, global = true, hide_env_values = true, requires = "admin_email")]
    pub admin_password: Option<String>,

    /// Leave the program switched off when ADMIN_EMAIL makes the first admin
    #[arg(long, global = true)]
    pub program_off: bool,

    /// Proxies whose X-Forwarded-For is believed, as a comma-separated list of networks
    #[arg(long, env, global = true, value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,

    /// Lets /metrics answer others than this machine, who send it as a bearer token
    #[arg(long, env, global = true, hide_env_values = true)]
    pub metrics_token: Option<String>,

    /// Limits on sign-ups, sign-ins and checks; off is for tests only
    #[arg(long, env, global = true, default_value = "on", action = clap::ArgAction::Set, value_parser = on_off())]
    pub rate_limits: bool,

    /// How much is logged: error, warn, info, debug or trace
    #[arg(long, env, global = true, default_value = "info", value_parser = ["error", "warn", "info", "debug", "trace"])]
    pub log_level: String,

    /// How the log is written: text or json
    #[arg(long, env, global = true, default_value = "text", value_parser = ["text", "json"])]
    pub log_format: String,
}

impl Config {
    /// Where to listen.
    pub fn listen(&self) -> SocketAddr {
        match self.port {
            Some(port) => SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), port),
            None => self.listen_addr,
        }
    }

    /// The site's own address, without a slash at the end. `bound` is where the server really listens.
    pub fn base_url(&self, bound: SocketAddr) -> String {
        self.base_url.clone().unwrap_or_else(|| format!("http://{bound}"))
    }
}

fn database_url(value: &str) -> Result<String, String> {
    let known = ["sqlite:", "postgres://", "postgresql://"];
    if known.iter().any(|scheme| value.starts_with(scheme)) {
        Ok(value.to_owned())
    } else {
        Err("it must begin with sqlite: or postgres://".into())
    }
}

fn base_url(value: &str) -> Result<String, String> {
    let uri: axum::http::Uri = value.parse().map_err(|_| "it is not an address")?;
    let plain = matches!(uri.scheme_str(), Some("http" | "https"))
        && uri.host().is_some_and(|host| !host.is_empty())
        && uri.path() == "/"
        && uri.query().is_none()
        && !value.contains('@');
    if plain {
        Ok(value.trim_end_matches('/').to_owned())
    } else {
        Err("it must be like https://refer.example.com, without a path".into())
    }
}

fn secret(value: &str) -> Result<String, String> {
    if value.len() >= 32 { Ok(value.to_owned()) } else { Err("it must have at least 32 bytes".into()) }
}

fn network(value: &str) -> Result<IpNet, String> {
    let value = value.trim();
    value
        .parse()
        .or_else(|_| value.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| format!("{value:?} is not a network like 10.0.0.0/8"))
}

fn on_off() -> impl TypedValueParser<Value = bool> {
    clap::builder::PossibleValuesParser::new(["on", "off"]).map(|value| value == "on")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_without_its_last_slash() {
        assert_eq!(base_url("https://refer.example.com/"), Ok("https://refer.example.com".into()));
        for wrong in ["refer.example.com", "ftp://a.example", "https://a.example/path", "https://u:p@a.example"] {
            assert!(base_url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_single_address_is_a_network_too() {
        assert_eq!(network(" 10.1.2.3 ").map(|net| net.to_string()), Ok("10.1.2.3/32".into()));
        assert!(network("ten").is_err());
    }
}

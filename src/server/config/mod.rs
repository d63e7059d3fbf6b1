//! Every setting: name, default, meaning. One definition serves flags, environment and help.

pub mod cli;
pub mod clock;
pub mod logging;
pub mod rng;
pub mod site;
pub mod smtp;

use crate::{domain::plain_text::is_invisible, server::config::smtp::SmtpServer};
use clap::{Args, builder::TypedValueParser};
use ipnet::IpNet;
use lettre::message::Mailbox;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use url::{ParseError, Url};

/// The settings of the server and of all commands that use its database.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Where the data lives: sqlite:PATH or postgres://…
    #[arg(long, env, global = true, default_value = "sqlite:./data/passalong.db", value_parser = database_url)]
    pub database_url: String,

    /// Connections to PostgreSQL that this process opens at most
    #[arg(long, env, global = true, default_value = "10", value_parser = clap::value_parser!(u32).range(3..=1_000))]
    pub database_connections: u32,

    /// The address to listen on
    #[arg(long, env, global = true, default_value = "127.0.0.1:3000")]
    pub listen_addr: SocketAddr,

    /// Listen on all addresses at this port, instead of LISTEN_ADDR
    #[arg(long, env, global = true)]
    pub port: Option<u16>,

    /// The address that people use, as https://refer.example.com; every absolute link is made from it [default:
    /// http://LISTEN_ADDR]
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

    /// Secrets by which Stripe signs its events, as a comma-separated list; without one /webhooks/stripe is closed
    #[arg(long, env, global = true, hide_env_values = true, value_delimiter = ',', value_parser = webhook_secret)]
    pub stripe_webhook_secret: Vec<String>,

    /// The server that sends mail, as smtp://user:password@smtp.example.com:587; without one mails wait
    #[arg(long, env, global = true, hide_env_values = true, value_parser = smtp::server)]
    pub smtp_url: Option<SmtpServer>,

    /// Whom mails are from, as Acme <hello@example.com> [default: the program's name and no-reply@ the host of
    /// BASE_URL]
    #[arg(long, env, global = true, value_parser = smtp::sender)]
    pub smtp_from: Option<Mailbox>,

    /// Lets webhooks go to addresses of this machine and of private networks
    #[arg(long, env, global = true, default_value = "false", action = clap::ArgAction::Set)]
    pub webhook_allow_private: bool,

    /// Connections that may be open at once
    #[arg(long, env, global = true, default_value_t = 10_000, value_parser = at_least_one())]
    pub max_connections: u32,

    /// The same from one address; TRUSTED_PROXIES may have as many as they need
    #[arg(long, env, global = true, default_value_t = 1_000, value_parser = at_least_one())]
    pub max_connections_per_address: u32,

    /// Browsers of one user that are told of new numbers while they watch; of more, the latest are
    #[arg(long, env, global = true, default_value_t = 20, value_parser = at_least_one())]
    pub max_streams_per_user: u32,

    /// The same from one address
    #[arg(long, env, global = true, default_value_t = 500, value_parser = at_least_one())]
    pub max_streams_per_address: u32,

    /// Limits on sign-ups, sign-ins, checks, connections and streams; off is for tests only
    #[arg(long, env, global = true, default_value = "on", action = clap::ArgAction::Set, value_parser = on_off())]
    pub rate_limits: bool,

    /// Lets POST /test/clock move the time forward, of this server and no other on its database; on is for tests only
    #[arg(long, env, global = true, default_value = "off", action = clap::ArgAction::Set, value_parser = on_off())]
    pub test_clock: bool,

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

    /// How many there may be of what a setting limits: as many as like where limits are off.
    pub fn limit(&self, most: u32) -> usize {
        if self.rate_limits { usize::try_from(most).unwrap_or(usize::MAX) } else { usize::MAX }
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

fn webhook_secret(value: &str) -> Result<String, String> {
    match value.trim() {
        "" => Err("a secret is empty".into()),
        secret => Ok(secret.to_owned()),
    }
}

/// The site's own address in the form that browsers give it, so that the two can be compared.
fn base_url(value: &str) -> Result<String, String> {
    let refused = |why: &str| Err(format!("{why}; it must be like https://refer.example.com"));
    // The parser passes over some of these.
    if value.contains(|c: char| c.is_whitespace() || is_invisible(c) || c == '\\') {
        return refused("it has spaces, backslashes or characters that cannot be seen");
    }
    let web = |scheme: &str| matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https");
    let Some((_, rest)) = value.split_once("://").filter(|(scheme, _)| web(scheme)) else {
        return refused("it does not begin with http:// or https://");
    };
    if rest.is_empty() || rest.starts_with(['/', ':', '?', '#']) {
        return refused("it has no host");
    }
    let url = match Url::parse(value) {
        Ok(url) => url,
        Err(ParseError::InvalidPort) => return refused("its port is no number up to 65535"),
        Err(error) => return refused(&format!("its host cannot be one ({error})")),
    };
    let host = url.host_str().unwrap_or_default();
    if value.contains('@') {
        return refused("it has a user name");
    }
    if url.path() != "/" {
        return refused("it has a path");
    }
    if url.query().is_some() {
        return refused("it has a query");
    }
    if url.fragment().is_some() {
        return refused("it has a fragment");
    }
    if url.port() == Some(0) {
        return refused("its port is 0");
    }
    if host.split('.').any(str::is_empty) {
        return refused("its host has an empty part between dots");
    }
    if host.len() > 253 || host.split('.').any(|label| label.len() > 63) {
        return refused("its host is too long");
    }
    Ok(url.origin().ascii_serialization())
}

fn secret(value: &str) -> Result<String, String> {
    if value.len() >= 32 { Ok(value.to_owned()) } else { Err("it must have at least 32 bytes".into()) }
}

fn network(value: &str) -> Result<IpNet, String> {
    let value = value.trim();
    let net = value.parse().or_else(|_| value.parse::<IpAddr>().map(IpNet::from));
    let net: IpNet = net.map_err(|_| format!("{value:?} is not a network like 10.0.0.0/8"))?;
    // Addresses that are compared with it are IPv4 where they can be.
    let v4 = match net {
        IpNet::V6(v6) if v6.prefix_len() >= 96 => v6.addr().to_ipv4_mapped().map(|v4| (v4, v6.prefix_len() - 96)),
        _ => None,
    };
    Ok(v4.and_then(|(v4, bits)| IpNet::new(v4.into(), bits).ok()).unwrap_or(net))
}

fn at_least_one() -> impl TypedValueParser<Value = u32> {
    clap::value_parser!(u32).range(1..)
}

fn on_off() -> impl TypedValueParser<Value = bool> {
    clap::builder::PossibleValuesParser::new(["on", "off"]).map(|value| value == "on")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_the_form_that_browsers_give_it() {
        for (written, kept) in [
            ("https://refer.example.com/", "https://refer.example.com"),
            ("HTTPS://Refer.Example.COM:443", "https://refer.example.com"),
            ("http://refer.example.com:80/", "http://refer.example.com"),
            ("http://refer.example.com:8080", "http://refer.example.com:8080"),
            ("https://refer.example.com:80", "https://refer.example.com:80"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("https://XN--BCHER-KVA.example", "https://xn--bcher-kva.example"),
            ("http://[2001:DB8::1]:3000/", "http://[2001:db8::1]:3000"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("http://my_host:3000", "http://my_host:3000"),
            ("http://localhost", "http://localhost"),
        ] {
            assert_eq!(base_url(written).as_deref(), Ok(kept), "{written}");
        }
    }

    #[test]
    fn what_is_wrong_with_an_address_is_named() {
        let long = format!("https://{}.example", "a".repeat(64));
        for (wrong, reason) in [
            ("refer.example.com", "http://"),
            ("ftp://a.example", "http://"),
            ("https:a.example", "http://"),
            ("//a.example", "http://"),
            ("", "http://"),
            ("https://", "host"),
            ("https:///a.example", "host"),
            ("https://:443", "host"),
            ("https://a.example/path", "path"),
            ("https://a.example//", "path"),
            ("https://a.example?x=1", "query"),
            ("https://a.example/?", "query"),
            ("https://a.example#top", "fragment"),
            ("https://a.example/#", "fragment"),
            ("https://u:p@a.example", "user name"),
            ("https://@a.example", "user name"),
            ("https://a.example:99999", "port"),
            ("https://a.example:web", "port"),
            ("https://a.example:0", "port"),
            ("https://a..example", "empty part"),
            ("https://.a.example", "empty part"),
            ("https://a.example.", "empty part"),
            (" https://a.example", "spaces"),
            ("https://a .example", "spaces"),
            ("https://a\n.example", "spaces"),
            ("https://a\u{ad}.example", "cannot be seen"),
            ("https:\\\\a.example", "backslashes"),
            ("https://xn--a.example", "host"),
            ("https://a<b.example", "host"),
            ("https://[::1", "host"),
            (&long, "too long"),
        ] {
            let said = base_url(wrong).expect_err(wrong);
            assert!(said.contains(reason), "{wrong}: {said}");
        }
    }

    #[test]
    fn a_single_address_is_a_network_too() {
        assert_eq!(network(" 10.1.2.3 ").map(|net| net.to_string()), Ok("10.1.2.3/32".into()));
        assert!(network("ten").is_err());
        assert_eq!(network("::ffff:10.1.2.3").map(|net| net.to_string()), Ok("10.1.2.3/32".into()));
        assert_eq!(network("::ffff:10.0.0.0/104").map(|net| net.to_string()), Ok("10.0.0.0/8".into()));
        assert_eq!(network("2001:db8::/32").map(|net| net.to_string()), Ok("2001:db8::/32".into()));
    }
}

//! The mail server, and whom mails are from.

use crate::domain::{plain_text::is_invisible, web_address::ascii_host};
use lettre::{Address, message::Mailbox};
use percent_encoding::percent_decode_str;
use std::net::IpAddr;
use url::Url;

/// A mail server, as `SMTP_URL` names it.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpServer {
    /// A name in ASCII, or an address without brackets.
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// User name and password.
    pub credentials: Option<(String, String)>,
}

/// Without the password.
impl std::fmt::Debug for SmtpServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{} ({:?})", self.host, self.port, self.security)
    }
}

/// How a connection to a mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// From its first byte on.
    Tls,
    /// After a command in plain text, without which nothing is sent.
    StartTls,
    /// The same where the server offers it.
    StartTlsIfOffered,
    Plain,
}

/// Reads `smtp://user:password@host:587` or `smtps://host:465`.
pub fn server(value: &str) -> Result<SmtpServer, String> {
    let refused = |why: &str| Err(format!("{why}; it must be like smtp://user:password@smtp.example.com:587"));
    let value = value.trim();
    let implicit = match value.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase()).as_deref() {
        Some("smtp") => false,
        Some("smtps") => true,
        _ => return refused("it does not begin with smtp:// or smtps://"),
    };
    let Ok(url) = Url::parse(value) else {
        return refused("it cannot be read (in user names and passwords write %40 for @, %2F for /, %23 for #)");
    };
    if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
        return refused("it has more than a host, a port and ?tls=");
    }
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().map(String::from);
    let written = url.host_str().unwrap_or_default();
    let bare = written.trim_start_matches('[').trim_end_matches(']');
    let ip = bare.parse::<IpAddr>().ok();
    let host = match ip {
        Some(_) => Some(bare.to_owned()),
        None => decoded(written).ok().and_then(|name| ascii_host(&name)),
    };
    let Some(host) = host else { return refused("it has no host that can be one") };
    let (Ok(user), Ok(password)) = (decoded(url.username()), decoded(url.password().unwrap_or_default())) else {
        return refused("its user name or password is not UTF-8");
    };
    if user.is_empty() != password.is_empty() {
        return refused("it has a user name without a password, or the reverse");
    }
    let loopback = host == "localhost" || ip.is_some_and(|ip| ip.is_loopback());
    let security = match (implicit, url.query()) {
        (true, None) => Security::Tls,
        (false, None) if loopback => Security::Plain,
        (false, None | Some("tls=required")) => Security::StartTls,
        (false, Some("tls=opportunistic")) => Security::StartTlsIfOffered,
        (false, Some("tls=none")) => Security::Plain,
        _ => return refused("after ? it can have tls=required, tls=opportunistic or tls=none, with smtp:// only"),
    };
    let default_port = match security {
        Security::Tls => 465,
        Security::StartTls | Security::StartTlsIfOffered => 587,
        Security::Plain => 25,
    };
    let port = url.port().unwrap_or(default_port);
    if port == 0 {
        return refused("its port is 0");
    }
    Ok(SmtpServer { host, port, security, credentials: (!user.is_empty()).then_some((user, password)) })
}

/// Reads `Name <name@example.com>`, or the address alone.
pub fn sender(value: &str) -> Result<Mailbox, String> {
    let malformed = || "it must be like Acme <hello@example.com>".to_owned();
    let value = value.trim();
    if value.chars().any(is_invisible) {
        return Err(malformed());
    }
    let (name, address) = match value.strip_suffix('>') {
        Some(value) => value.rsplit_once('<').ok_or_else(malformed)?,
        None => ("", value),
    };
    let name = name.trim();
    let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name).trim();
    let (local, host) = address.trim().rsplit_once('@').ok_or_else(malformed)?;
    let host = ascii_host(host).ok_or_else(malformed)?;
    let address = Address::new(local, host).map_err(|_| malformed())?;
    Ok(Mailbox::new((!name.is_empty()).then(|| name.to_owned()), address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_has_a_host_a_port_and_a_way_to_encrypt() {
        use Security::{Plain, StartTls, StartTlsIfOffered, Tls};
        for (value, host, port, security) in [
            ("smtp://mail.example.com", "mail.example.com", 587, StartTls),
            ("smtp://mail.example.com:25/", "mail.example.com", 25, StartTls),
            ("smtp://mail.example.com:2525?tls=required", "mail.example.com", 2_525, StartTls),
            ("smtp://mail.example.com?tls=opportunistic", "mail.example.com", 587, StartTlsIfOffered),
            ("smtp://relay:1025?tls=none", "relay", 1_025, Plain),
            ("SMTPS://Bücher.example", "xn--bcher-kva.example", 465, Tls),
            ("smtp://127.0.0.1:2525", "127.0.0.1", 2_525, Plain),
            ("smtp://localhost", "localhost", 25, Plain),
            ("smtp://localhost:587?tls=required", "localhost", 587, StartTls),
            ("smtps://[::1]:465", "::1", 465, Tls),
        ] {
            let server = server(value).expect(value);
            assert_eq!((server.host.as_str(), server.port, server.security), (host, port, security), "{value}");
            assert_eq!(server.credentials, None);
        }
    }

    #[test]
    fn a_password_may_have_any_character_and_is_not_shown() {
        let server = server("smtp://ann%40example.com:p%40ss%2Fw%C3%B6rd@mail.example.com").expect("a server");
        assert_eq!(server.credentials, Some(("ann@example.com".into(), "p@ss/wörd".into())));
        assert!(!format!("{server:?}").contains("ss"));
    }

    #[test]
    fn what_is_wrong_with_a_server_is_named() {
        for (value, reason) in [
            ("", "smtp://"),
            ("mail.example.com:587", "smtp://"),
            ("http://mail.example.com", "smtp://"),
            ("smtp://", "host"),
            ("smtp://:25", "read"),
            ("smtp://a..b", "host"),
            ("smtp://user:pa/ss@mail.example.com", "read"),
            ("smtp://mail.example.com/path", "more"),
            ("smtp://mail.example.com#top", "more"),
            ("smtp://ann@mail.example.com", "password"),
            ("smtp://mail.example.com:0", "port"),
            ("smtp://mail.example.com:99999", "read"),
            ("smtp://mail.example.com?tls=maybe", "tls="),
            ("smtps://mail.example.com?tls=none", "tls="),
        ] {
            let said = server(value).expect_err(value);
            assert!(said.contains(reason), "{value}: {said}");
        }
    }

    #[test]
    fn a_sender_is_a_name_and_an_address_or_an_address() {
        for (value, name, address) in [
            ("hello@example.com", None, "hello@example.com"),
            (" Acme <hello@example.com> ", Some("Acme"), "hello@example.com"),
            ("\"Acme, Inc.\" <hello+mail@Bücher.example>", Some("Acme, Inc."), "hello+mail@xn--bcher-kva.example"),
            ("Café Ñandú <root@localhost>", Some("Café Ñandú"), "root@localhost"),
        ] {
            let sender = sender(value).expect(value);
            assert_eq!((sender.name.as_deref(), sender.email.as_ref()), (name, address), "{value}");
        }
        for wrong in ["", "Acme", "Acme <>", "Acme <hello>", "a@b <c@d> e", "a@b\r\nBcc: c@d.com", "a b@example.com"] {
            assert!(sender(wrong).is_err(), "{wrong}");
        }
    }
}

//! Handing mails to a server.

use crate::{
    domain::message::Message as Problem,
    server::config::smtp::{Security, SmtpServer},
};
use lettre::{
    Message,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter},
    },
};
use std::time::Duration;
use tokio::time::timeout;

/// How long a server may take for a step.
const STEP: Duration = Duration::from_secs(10);

/// The same once it has all of a mail: it may look at what is in it, and a mail that is not waited for is sent twice.
const TAKING: Duration = Duration::from_secs(60);

/// How much is kept of what a server says, in characters.
const MOST_WORDS: usize = 300;

/// Why a mail was not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No mail gets through now.
    Server(Problem),
    /// This one does not get through now.
    Later(Problem),
    /// This one never does.
    Never(Problem),
}

/// Sends mails one after another, by one connection.
pub struct Mailer {
    server: SmtpServer,
    connection: Option<AsyncSmtpConnection>,
}

impl Mailer {
    pub fn new(server: SmtpServer) -> Self {
        Self { server, connection: None }
    }

    /// Hands a mail over. When this says yes, the server answers for it.
    pub async fn send(&mut self, message: &Message) -> Result<(), Refusal> {
        let reused = self.connection.is_some();
        match self.send_once(message).await {
            // Servers end connections that were idle or brought many mails.
            Err(Refusal::Server(_)) if reused => self.send_once(message).await,
            sent => sent,
        }
    }

    /// Takes leave of the server.
    pub async fn close(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            let _ = timeout(STEP, connection.quit()).await;
        }
    }

    async fn send_once(&mut self, message: &Message) -> Result<(), Refusal> {
        // What fails leaves no connection: nobody knows what the server waits for.
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => connect(&self.server).await.map_err(Refusal::Server)?,
        };
        hand_over(&mut connection, message).await?;
        self.connection = Some(connection);
        Ok(())
    }
}

async fn connect(server: &SmtpServer) -> Result<AsyncSmtpConnection, Problem> {
    let name = ClientId::default();
    let tls = || TlsParameters::new(server.host.clone()).map_err(problem);
    let implicit = if server.security == Security::Tls { Some(tls()?) } else { None };
    let address = (server.host.as_str(), server.port);
    let connecting = AsyncSmtpConnection::connect_tokio1(address, Some(STEP), &name, implicit, None);
    let mut connection = step(STEP, connecting).await.map_err(Failure::problem)?;
    let offered = connection.can_starttls();
    match server.security {
        Security::StartTls if !offered => return Err(Problem::MailServerUnencrypted),
        Security::StartTls | Security::StartTlsIfOffered if offered => {
            step(STEP, connection.starttls(tls()?, &name)).await.map_err(Failure::problem)?;
        }
        _ => {}
    }
    if let Some((user, password)) = &server.credentials {
        let credentials = Credentials::new(user.clone(), password.clone());
        step(STEP, connection.auth(DEFAULT_MECHANISMS, &credentials)).await.map_err(Failure::problem)?;
    }
    Ok(connection)
}

async fn hand_over(connection: &mut AsyncSmtpConnection, message: &Message) -> Result<(), Refusal> {
    let envelope = message.envelope();
    let text = message.formatted();
    let mut options = vec![];
    if envelope.to().iter().chain(envelope.from()).any(|address| !AsRef::<str>::as_ref(address).is_ascii()) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(Refusal::Never(Problem::MailAddressUnusable));
        }
        options.push(MailParameter::SmtpUtfEight);
        if connection.server_info().supports_feature(Extension::EightBitMime) {
            options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
    }
    let from = Mail::new(envelope.from().cloned(), options);
    step(STEP, connection.command(from)).await.map_err(|failure| Refusal::Server(failure.problem()))?;
    for to in envelope.to() {
        step(STEP, connection.command(Rcpt::new(to.clone(), vec![]))).await.map_err(Failure::of_mail)?;
    }
    step(STEP, connection.command(Data)).await.map_err(Failure::of_mail)?;
    step(TAKING, connection.message(&text)).await.map_err(Failure::of_mail)?;
    Ok(())
}

/// Why a step was not taken.
enum Failure {
    Late,
    Smtp(Error),
}

impl Failure {
    fn problem(self) -> Problem {
        match self {
            Self::Late => Problem::MailServerSilent,
            Self::Smtp(error) => problem(error),
        }
    }

    /// What it means for a mail of which the server has heard for whom it is.
    fn of_mail(self) -> Refusal {
        match self {
            Self::Smtp(error) if error.is_permanent() => Refusal::Never(problem(error)),
            failure => Refusal::Later(failure.problem()),
        }
    }
}

async fn step<T>(limit: Duration, step: impl Future<Output = Result<T, Error>>) -> Result<T, Failure> {
    match timeout(limit, step).await {
        Err(_) => Err(Failure::Late),
        Ok(taken) => taken.map_err(Failure::Smtp),
    }
}

/// What a failure is called, with the server's words if it said any.
fn problem(error: Error) -> Problem {
    let source = std::error::Error::source(&error).map(ToString::to_string);
    match (error.status(), source) {
        (Some(code), words) => {
            Problem::MailServerSaid { answer: brief(&format!("{code} {}", words.unwrap_or_default())) }
        }
        _ if error.is_timeout() => Problem::MailServerSilent,
        (None, source) => {
            Problem::MailServerUnreachable { reason: brief(&source.unwrap_or_else(|| error.to_string())) }
        }
    }
}

/// On one line and not too long.
fn brief(words: &str) -> String {
    let line: Vec<_> =
        words.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    line.join(" ").chars().take(MOST_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_is_one_short_line() {
        assert_eq!(brief("550 5.1.1\r\nno such\tuser \u{1b}[31m"), "550 5.1.1 no such user [31m");
        assert_eq!(brief(&"é".repeat(999)).chars().count(), MOST_WORDS);
    }
}

//! Sending the mails that are due. Not a job among jobs: a server that keeps one waiting must not keep any of those
//! waiting. Instances share the mails: each takes one at a time under a lease, and when it dies another one takes the
//! mail over.

use crate::{
    domain::{
        codes::code::CodeStatus,
        mails::{Mail, retry_delay},
        message::Message,
        time::{MINUTE, Time},
    },
    server::{
        auth::sessions::new_token,
        config::smtp::SmtpServer,
        outbox::mails::{
            content::{Content, Details, GivenCode, Program},
            letter::{self, Envelope},
            mailer::{Mailer, Refusal},
        },
        state::AppState,
        store::{
            account_links, code_recipients, codes,
            db::Tx,
            mails::{self, End, MailRecord},
        },
    },
    text::{Texts, language::Language},
};
use futures::FutureExt;
use jiff::tz::TimeZone;
use std::{panic::AssertUnwindSafe, time::Duration};

/// How long a mail is held, in milliseconds: longer than a server can keep its sender waiting.
pub const LEASE: i64 = 5 * MINUTE;

/// How often it is looked for mails that nobody told of.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// How often it is tried to write down that a mail was sent, a second after the last time.
const MARK_TRIES: u32 = 60;

/// What came of looking for a mail to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// One was taken; there may be more.
    Taken,
    /// None is due.
    Idle,
    /// The server takes none now.
    Stuck,
}

/// Sends mails until the server stops; none without a mail server.
pub async fn run(state: AppState) {
    let Some(server) = state.config.smtp_url.clone() else { return };
    let mut sender = MailSender::new(state.clone(), server);
    let mut wake = state.new_job.subscribe();
    loop {
        let turn = match AssertUnwindSafe(sender.next()).catch_unwind().await {
            Ok(Ok(turn)) => turn,
            Ok(Err(error)) => {
                tracing::error!(%error, "mails cannot be taken");
                Turn::Stuck
            }
            Err(_) => {
                tracing::error!("sending a mail panicked");
                Turn::Stuck
            }
        };
        if turn == Turn::Taken && !state.shutdown.is_cancelled() {
            continue;
        }
        sender.mailer.close().await;
        tokio::select! {
            _ = wake.changed() => {}
            () = tokio::time::sleep(POLL_INTERVAL) => {}
            () = state.shutdown.cancelled() => return,
        }
    }
}

/// Sends one mail after another.
pub struct MailSender {
    state: AppState,
    mailer: Mailer,
}

/// What becomes of a mail that was taken.
enum Outcome {
    Sent,
    /// Nobody needs it any more.
    Dropped,
    PutOff(Message),
    Failed(Message),
}

impl MailSender {
    pub fn new(state: AppState, server: SmtpServer) -> Self {
        Self { state, mailer: Mailer::new(server) }
    }

    /// Sends the mail that has been due for longest.
    pub async fn next(&mut self) -> sqlx::Result<Turn> {
        let now = self.state.clock.now();
        if !mails::any_due(&mut self.state.db.read().await?, now).await? {
            return Ok(Turn::Idle);
        }
        let state = self.state.clone();
        let _in_hand = state.mails_in_hand.read().await;
        let mut tx = self.state.db.begin().await?;
        let Some(mail) = mails::take(&mut tx, now, now.plus(LEASE)).await? else { return Ok(Turn::Idle) };
        // Counted and held, whatever goes wrong from here on: else it would be the next one again, before all others.
        tx.commit().await?;
        let mut tx = self.state.db.begin().await?;
        let prepared = self.prepare(&mut tx, &mail, now).await?;
        tx.commit().await?;
        let (outcome, turn) = match prepared {
            Err(outcome) => (outcome, Turn::Taken),
            Ok(message) => match self.mailer.send(&message).await {
                Ok(()) => (Outcome::Sent, Turn::Taken),
                Err(Refusal::Server(problem)) => (Outcome::PutOff(problem), Turn::Stuck),
                Err(Refusal::Later(problem)) => (Outcome::PutOff(problem), Turn::Taken),
                Err(Refusal::Never(problem)) => (Outcome::Failed(problem), Turn::Taken),
            },
        };
        match outcome {
            Outcome::Sent => self.mark_sent(&mail).await?,
            Outcome::Dropped => self.end(&mail, End::Dropped).await?,
            Outcome::PutOff(problem) => self.put_off(&mail, &problem).await?,
            Outcome::Failed(problem) => self.fail(&mail, &problem).await?,
        }
        Ok(turn)
    }

    /// Asks whether a mail still makes sense, and writes it if so; else what becomes of it.
    async fn prepare(
        &self,
        tx: &mut Tx,
        mail: &MailRecord,
        now: Time,
    ) -> sqlx::Result<Result<lettre::Message, Outcome>> {
        if mail.expires_at <= now {
            return Ok(Err(Outcome::Dropped));
        }
        // Its last holders did not come to say what happened.
        if mail.attempts > 1 && retry_delay(mail.attempts - 1).is_none() {
            return Ok(Err(Outcome::Failed(Message::JobNeverEnds)));
        }
        let Some(about) = mail.mail() else {
            return Ok(Err(Outcome::PutOff(Message::MailUnknown)));
        };
        let Some(details) = self.details(tx, &about, now).await? else {
            return Ok(Err(Outcome::Dropped));
        };
        let state = &self.state;
        let settings = state.settings.get();
        let program = Program {
            name: settings.program_name.clone(),
            base_url: state.base_url.clone(),
            accent_color: settings.accent_color.clone(),
        };
        let language = Language::of_reader(mail.locale.as_deref(), "");
        let texts = Texts::new(language, TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC));
        let content = Content::of(&about, &program, &details, mail.expires_at, &texts);
        let envelope = Envelope {
            from: letter::sender(state.config.smtp_from.as_ref(), &program),
            to: &mail.recipient,
            id: format!("{}.{}", mail.id, mail.created_at.0),
            at: now,
        };
        Ok(letter::letter(envelope, &content, &program, &texts).map_err(|error| {
            tracing::warn!(mail = %mail.id, %error, "a mail cannot be written");
            Outcome::Failed(Message::MailAddressUnusable)
        }))
    }

    /// What a mail is about, as it is now; nothing when the mail makes no sense any more.
    async fn details(&self, tx: &mut Tx, about: &Mail, now: Time) -> sqlx::Result<Option<Details>> {
        if let Some(link) = about.link() {
            let (secret, hash) = new_token(&self.state.rng);
            let armed = account_links::arm(tx, link, &hash, now).await?;
            return Ok(armed.then_some(Details { secret: Some(secret), code: None }));
        }
        let Mail::YourCode { code_id } = about else { return Ok(Some(Details::default())) };
        let code = codes::by_ids(tx, &[*code_id]).await?.pop();
        let Some(code) = code.filter(|code| code.limits().status(now) == CodeStatus::Active) else {
            // Whoever was to get it can be sent another one.
            code_recipients::release(tx, *code_id).await?;
            return Ok(None);
        };
        let given = GivenCode { code: code.code, expires_at: code.expires_at };
        Ok(Some(Details { secret: None, code: Some(given) }))
    }

    /// Writes down that a mail was sent, however long the database takes: else it would be sent again.
    async fn mark_sent(&self, mail: &MailRecord) -> sqlx::Result<()> {
        let mut tries = 1;
        while let Err(error) = self.end(mail, End::Sent).await {
            if tries == MARK_TRIES {
                return Err(error);
            }
            tries += 1;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        metrics::counter!("passalong_mails_sent_total").increment(1);
        Ok(())
    }

    /// Lets a mail go until its next try; it has failed after the last one.
    async fn put_off(&self, mail: &MailRecord, problem: &Message) -> sqlx::Result<()> {
        let Some(delay) = retry_delay(mail.attempts) else { return self.fail(mail, problem).await };
        let mut tx = self.state.db.begin().await?;
        mails::retry_later(&mut tx, mail, problem, self.state.clock.now().plus(delay)).await?;
        tx.commit().await?;
        metrics::counter!("passalong_mails_retried_total").increment(1);
        tracing::warn!(mail = %mail.id, kind = mail.kind, ?problem, attempts = mail.attempts, "a mail is tried again later");
        Ok(())
    }

    async fn fail(&self, mail: &MailRecord, problem: &Message) -> sqlx::Result<()> {
        self.end(mail, End::Failed(problem)).await?;
        metrics::counter!("passalong_mails_failed_total").increment(1);
        tracing::error!(mail = %mail.id, kind = mail.kind, ?problem, attempts = mail.attempts, "a mail failed");
        Ok(())
    }

    async fn end(&self, mail: &MailRecord, how: End<'_>) -> sqlx::Result<()> {
        let mut tx = self.state.db.begin().await?;
        if !mails::end(&mut tx, mail, how, self.state.clock.now()).await? {
            tracing::warn!(mail = %mail.id, "a mail was taken over or deleted meanwhile");
        }
        tx.commit().await
    }
}

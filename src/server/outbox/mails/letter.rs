//! A mail as it goes out: plain text and HTML, with its headers.

use crate::{
    domain::{theme::Color, time::Time},
    server::outbox::mails::content::{Button, Content, Program},
    text::Texts,
};
use askama::Template;
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};
use std::time::{Duration, UNIX_EPOCH};

/// The colour of buttons where the program has none of its own: the one of the style.
const ACCENT: &str = "#3550c4";

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    language: &'a str,
    content: &'a Content,
    program: &'a Program,
    /// Accent and the text on it, on light ground and on dark.
    light: [String; 2],
    dark: [String; 2],
    fallback: String,
}

/// The HTML of a mail.
pub(crate) fn html(content: &Content, program: &Program, texts: &Texts) -> Result<String, askama::Error> {
    let own = program.accent_color.as_deref().and_then(Color::parse);
    let accent = own.or_else(|| Color::parse(ACCENT)).unwrap_or_default();
    let html = Html {
        language: texts.language.tag(),
        content,
        program,
        light: accent.on_light().map(|color| color.to_string()),
        dark: accent.on_dark().map(|color| color.to_string()),
        fallback: texts.mail_link_fallback(),
    };
    html.render()
}

/// The same as plain text.
pub(crate) fn plain(content: &Content, program: &Program) -> String {
    let button = content.button.iter().map(|Button { text, address }| format!("{text}:\n{address}"));
    let body: Vec<_> = content.paragraphs.iter().cloned().chain(button).chain(content.notes.iter().cloned()).collect();
    format!("{}\n\n-- \n{}\n{}\n", body.join("\n\n"), content.footer, program.base_url)
}

/// Whom a mail is from: as it is set, else the program at the host of its own address.
pub fn sender(set: Option<&Mailbox>, program: &Program) -> Mailbox {
    if let Some(set) = set {
        let name = set.name.as_deref().unwrap_or(&program.name);
        return Mailbox::new(Some(one_line(name)), set.email.clone());
    }
    let authority = program.base_url.split_once("://").map_or("", |(_, authority)| authority);
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    // Names end with letters, addresses do not.
    let named = host.ends_with(|c: char| c.is_ascii_alphabetic()).then(|| Address::new("no-reply", host).ok());
    let address = named.flatten().unwrap_or_else(|| Address::new_dangerous("no-reply", "localhost"));
    Mailbox::new(Some(one_line(&program.name)), address)
}

/// Text as a header can have it.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// What tells a mail from all others.
pub struct Envelope<'a> {
    pub from: Mailbox,
    pub to: &'a str,
    /// The left half of the Message-ID: the same at every try.
    pub id: String,
    pub at: Time,
}

/// Puts a mail together. Fails when it is for an address that no mail can have.
pub(crate) fn letter(
    envelope: Envelope<'_>,
    content: &Content,
    program: &Program,
    texts: &Texts,
) -> Result<Message, Box<dyn std::error::Error + Send + Sync>> {
    let Envelope { from, to, id, at } = envelope;
    let message_id = format!("<{id}@{}>", from.email.domain());
    let raw = |name, value: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned());
    let date = UNIX_EPOCH + Duration::from_millis(at.0.unsigned_abs());
    let message = Message::builder()
        .message_id(Some(message_id))
        .date(date)
        .from(from)
        .to(Mailbox::new(None, to.parse()?))
        .subject(one_line(&content.subject))
        // No out-of-office note is sent in answer.
        .raw_header(raw("Auto-Submitted", "auto-generated"))
        .raw_header(raw("X-Auto-Response-Suppress", "All"))
        .raw_header(raw("Content-Language", texts.language.tag()))
        .multipart(MultiPart::alternative_plain_html(plain(content, program), html(content, program, texts)?))?;
    Ok(message)
}

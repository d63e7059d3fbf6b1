//! Mails: what each says, how it looks, and how it is handed to a server.

pub mod content;
pub mod letter;
pub mod mailer;
#[cfg(test)]
mod tests;

//! Forms that make something: sent twice, because the network was slow or somebody went back, they make it once.
//! Whoever changes something in a form asks for something else.

use crate::{
    domain::{ids::UserId, time::Time},
    server::{
        auth::caller::{Actor, SentForm},
        store::{db::Tx, sent_forms},
    },
};
use sha2::{Digest, Sha256};

/// Whoever has sent a form.
pub struct Sender(Option<UserId>);

impl Sender {
    /// Somebody who is about to have an account.
    pub const NEWCOMER: Self = Self(None);
}

impl From<&Actor> for Sender {
    fn from(actor: &Actor) -> Self {
        Self(actor.id)
    }
}

/// The id of what the form made before. Without one the form is taken by this transaction, which shall [`keep`] what it
/// makes.
pub async fn made_before(
    tx: &mut Tx,
    sender: impl Into<Sender>,
    sent: Option<SentForm>,
    now: Time,
) -> sqlx::Result<Option<i64>> {
    let Some(form) = sent.map(|sent| id(sender.into(), sent)) else { return Ok(None) };
    if sent_forms::claim(tx, &form, now).await? {
        return Ok(None);
    }
    sent_forms::made(tx, &form).await
}

/// The id of what the form has made, without taking it.
pub async fn made(tx: &mut Tx, sender: impl Into<Sender>, sent: Option<SentForm>) -> sqlx::Result<Option<i64>> {
    match sent.map(|sent| id(sender.into(), sent)) {
        Some(form) => sent_forms::made(tx, &form).await,
        None => Ok(None),
    }
}

/// Keeps the id of what the form has made.
pub async fn keep(tx: &mut Tx, sender: impl Into<Sender>, sent: Option<SentForm>, made: i64) -> sqlx::Result<()> {
    match sent.map(|sent| id(sender.into(), sent)) {
        Some(form) => sent_forms::keep(tx, &form, made).await,
        None => Ok(()),
    }
}

/// The same form of somebody else is another form.
fn id(Sender(user): Sender, SentForm(hash): SentForm) -> [u8; 32] {
    let who = user.map_or(0, |user| user.0);
    Sha256::new().chain_update(who.to_le_bytes()).chain_update(hash).finalize().into()
}

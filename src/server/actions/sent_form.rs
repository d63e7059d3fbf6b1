//! Forms that make something: sent twice, because the network was slow or somebody went back, they make it once. Whoever
//! changes something in a form asks for something else.

use crate::{
    domain::time::Time,
    server::{
        auth::caller::{Actor, SentForm},
        store::{db::Tx, sent_forms},
    },
};
use sha2::{Digest, Sha256};

/// The id of what the form made before. Without one the form is taken by this transaction, which shall [`keep`] what it
/// makes.
pub async fn made_before(tx: &mut Tx, actor: &Actor, sent: Option<SentForm>, now: Time) -> sqlx::Result<Option<i64>> {
    let Some(form) = sent.map(|sent| id(actor, sent)) else { return Ok(None) };
    if sent_forms::claim(tx, &form, now).await? {
        return Ok(None);
    }
    sent_forms::made(tx, &form).await
}

/// Keeps the id of what the form has made.
pub async fn keep(tx: &mut Tx, actor: &Actor, sent: Option<SentForm>, made: i64) -> sqlx::Result<()> {
    match sent.map(|sent| id(actor, sent)) {
        Some(form) => sent_forms::keep(tx, &form, made).await,
        None => Ok(()),
    }
}

/// The same form of somebody else is another form.
fn id(actor: &Actor, SentForm(hash): SentForm) -> [u8; 32] {
    let who = actor.id.map_or(0, |user| user.0);
    Sha256::new().chain_update(who.to_le_bytes()).chain_update(hash).finalize().into()
}

//! A refund that an admin tells of.

use crate::{
    domain::{
        conversions::{facts::PaymentSource, references::made_name},
        ids::PaymentId,
        money::{decimal, parse_decimal},
    },
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            authorize,
            conversions::refund_conversion,
            sent_form,
        },
        auth::caller::{Actor, SentForm},
        errors::{TxError, retry_races},
        realtime::change_set::ChangeSet,
        state::AppState,
    },
};
use serde_json::{Value, json};

/// Gives back `amount`, written as `49.90` in the currency of the payment; a name is made for a refund without one.
/// Returns the payment that was meant. The same form sent again gives back nothing more.
pub async fn run(
    state: &AppState,
    actor: &Actor,
    id: PaymentId,
    amount: &str,
    source_id: &str,
    sent: Option<SentForm>,
) -> Result<PaymentId, AppError> {
    let made = made_name("refund", &state.rng.byte_vec(10));
    let source_id = if source_id.trim().is_empty() { &made } else { source_id };
    retry_races(|| async {
        let now = state.clock.now();
        let mut tx = authorize::begin(&state.db, actor).await?;
        if let Some(made) = sent_form::made_before(&mut tx, actor, sent, now).await? {
            return Ok::<_, TxError>(PaymentId(made));
        }
        let payment = refund_conversion::locked(&mut tx, id).await?;
        let currency = payment.money_currency().ok_or(AppError::NotFound)?;
        let amount = parse_decimal(amount, currency).map_err(|message| AppError::invalid("amount", message))?;
        let mut changes = ChangeSet::default();
        let source = PaymentSource::Hand;
        let (id, new) =
            refund_conversion::run_in(&mut tx, payment.id, source_id, amount, source, now, &mut changes).await?;
        if new {
            let target = Target { kind: "payment", id: Some(id.0), name: &payment.name() };
            let after = json!({ "amount": decimal(amount, currency), "currency": currency });
            audit::write(&mut tx, actor, "payment.refund", target, Value::Null, after, now).await?;
        }
        sent_form::keep(&mut tx, actor, sent, id.0).await?;
        state.publisher.commit_and_publish(tx, &changes).await?;
        Ok(id)
    })
    .await
}

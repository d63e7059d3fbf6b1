//! Correcting what was paid, where the host product or an admin said it wrong.

use crate::{
    domain::{
        conversions::{
            facts::{Fact, FactKind, PaidDetails, PaymentSource},
            references::made_name,
        },
        field::FieldError,
        ids::PaymentId,
        message::Message,
        money::{Currency, decimal, parse_decimal},
        plain_text,
    },
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            authorize,
            conversions::{record_conversion::MAX_AMOUNT, refund_conversion, settle_payments},
        },
        auth::caller::Actor,
        errors::{TxError, retry_races},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::payment_facts,
    },
};
use serde_json::json;

/// Says that `amount` was paid, written as `49.90` in the currency of the payment. Nothing happens when that is known.
/// Returns the payment that was meant. *Conflict* for one whose amount Stripe tells.
pub async fn run(
    state: &AppState,
    actor: &Actor,
    id: PaymentId,
    amount: &str,
    reason: &str,
) -> Result<PaymentId, AppError> {
    let random = state.rng.byte_vec(5);
    retry_races(|| async {
        let mut tx = authorize::begin(&state.db, actor).await?;
        let payment = refund_conversion::locked(&mut tx, id).await?;
        if payment.source == Some(PaymentSource::Stripe) {
            return Err(TxError::from(AppError::conflict("amount", Message::AmountFromStripe)));
        }
        let currency = payment.money_currency().ok_or(AppError::NotFound)?;
        let (amount, reason) = read(amount, reason, currency)?;
        if amount == payment.amount {
            return Ok(payment.id);
        }
        let now = state.clock.now();
        let known = payment_facts::of_payments(&mut tx, &[payment.id]).await?;
        let before = || known.iter().map(|record| &record.fact).filter(|fact| fact.kind == FactKind::Correction);
        // The latest counts, also where the clock was set back.
        let at = before().map(|fact| fact.at).max().map_or(now, |last| last.max(now));
        // Of those of one instant the last is the latest.
        let key = made_name(&format!("correction-{:04}", before().count()), &random);
        let fact = Fact::new(FactKind::Correction, PaymentSource::Hand, key, at).of(amount, Some(currency));
        let details = PaidDetails { reason: Some(reason.to_owned()), ..PaidDetails::default() };
        payment_facts::save(&mut tx, payment.id, &[Fact { paid: Some(details), ..fact }], now).await?;
        let mut changes = ChangeSet::default();
        settle_payments::run_in(&mut tx, &[payment.id], now, &mut changes).await?;
        let before = json!({ "amount": decimal(payment.amount, currency) });
        let after = json!({ "amount": decimal(amount, currency), "currency": currency, "reason": reason });
        let target = Target { kind: "payment", id: Some(payment.id.0), name: &payment.name() };
        audit::write(&mut tx, actor, "payment.correct", target, before, after, now).await?;
        state.publisher.commit_and_publish(tx, &changes).await?;
        Ok(payment.id)
    })
    .await
}

/// Both fields, or all that is wrong with them.
fn read<'a>(amount: &str, reason: &'a str, currency: Currency) -> Result<(i64, &'a str), AppError> {
    let amount = parse_decimal(amount, currency).and_then(|amount| match amount {
        ..=0 => Err(Message::AmountNotPositive),
        1..=MAX_AMOUNT => Ok(amount),
        _ => Err(Message::WholeNumber { min: 1, max: MAX_AMOUNT }),
    });
    match (amount, plain_text::reason(reason)) {
        (Ok(amount), Ok(reason)) => Ok((amount, reason)),
        (amount, reason) => {
            let error = |field: &str, message| FieldError { field: field.into(), message };
            let amount = amount.err().map(|message| error("amount", message));
            let reason = reason.err().map(|message| error("reason", message));
            Err(AppError::Invalid(amount.into_iter().chain(reason).collect()))
        }
    }
}

//! A refund that the host product or an admin tells of.

use crate::{
    domain::{
        accounts::new_account::optional_line,
        conversions::{
            facts::{Fact, FactKind, FactState, PaymentSource},
            references::Provider,
        },
        ids::PaymentId,
        message::Message,
        money::{Currency, Money},
        time::Time,
    },
    error::AppError,
    server::{
        actions::conversions::settle_payments,
        errors::TxError,
        realtime::change_set::ChangeSet,
        store::{
            db::Tx,
            payment_facts,
            payments::{self, PaymentRecord},
        },
    },
};

/// Within a transaction of the caller's, who publishes the changes. The payment, and whether the refund is new. *Not
/// found* for a payment of which no money is known.
pub async fn run_in(
    tx: &mut Tx,
    id: PaymentId,
    source_id: &str,
    amount: i64,
    source: PaymentSource,
    now: Time,
    changes: &mut ChangeSet,
) -> Result<(PaymentId, bool), TxError> {
    let key = optional_line("source_id", source_id, 255).map_err(|error| AppError::Invalid(vec![error]))?;
    let key = key.ok_or_else(|| AppError::invalid("source_id", Message::OneLine { max: 255 }))?;
    if amount < 1 {
        return Err(AppError::invalid("amount", Message::AmountNotPositive).into());
    }
    let payment = locked(tx, id).await?;
    let facts = payment_facts::of_payments(tx, &[payment.id]).await?;
    let by_host = facts
        .iter()
        .map(|record| &record.fact)
        .filter(|fact| fact.kind == FactKind::Refund && fact.source.provider() == Provider::Host);
    match by_host.clone().find(|fact| fact.key == key) {
        Some(before) if before.amount == amount => return Ok((payment.id, false)),
        Some(_) => return Err(AppError::conflict("amount", Message::OtherRefund).into()),
        None => {}
    }
    let currency = payment.currency.as_deref().and_then(Currency::parse);
    // Stripe may have told of the same refunds: the greater sum counts.
    let left = payment.amount - by_host.map(|fact| fact.amount).sum::<i64>();
    if amount > left {
        let left = Money { amount: left, currency: currency.ok_or(AppError::NotFound)? };
        return Err(AppError::RefundExceedsPayment { left }.into());
    }
    let fact = Fact::new(FactKind::Refund, source, key, now).of(amount, currency);
    let fact = Fact { state: Some(FactState::Succeeded), ..fact };
    payment_facts::save(tx, payment.id, &[fact], now).await?;
    settle_payments::run_in(tx, &[payment.id], now, changes).await?;
    Ok((payment.id, true))
}

/// A payment by its id, or by the id of one that turned out to be the same, held until the end of the transaction. *Not
/// found* for one of which no money is known.
pub async fn locked(tx: &mut Tx, id: PaymentId) -> Result<PaymentRecord, TxError> {
    let mut id = id;
    loop {
        let payment = payments::lock(tx, &[id]).await?.pop().ok_or(AppError::NotFound)?;
        match payment.duplicate_of {
            Some(other) => id = other,
            None if !payment.is_paid() => return Err(AppError::NotFound.into()),
            None => return Ok(payment),
        }
    }
}

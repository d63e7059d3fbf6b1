//! Recording what one message says of a payment.

use crate::{
    domain::{
        conversions::{
            clues::Clue,
            message::PaymentMessage,
            references::{Provider, Reference},
        },
        ids::PaymentId,
        settings::{ConversionAmount, ProgramSettings},
        time::Time,
    },
    server::{
        actions::conversions::{add_facts, merge_payments, settle_payments},
        realtime::change_set::ChangeSet,
        store::{db::Tx, name_locks, payment_clues, payment_refs, payments},
    },
};

/// What a message did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It told of a payment that nobody had told of.
    New(PaymentId),
    /// It told more of a payment that is known.
    Known(PaymentId),
    /// It showed that several payments are one: the one that stays.
    Merged(PaymentId),
    /// It would have made one of payments by different people; nothing was written.
    Conflict,
}

/// Within a transaction of the caller's, who publishes the changes.
pub async fn run_in(
    tx: &mut Tx,
    settings: &ProgramSettings,
    message: &PaymentMessage,
    now: Time,
    changes: &mut ChangeSet,
) -> sqlx::Result<Recorded> {
    lock_names(tx, &message.references, &message.clues).await?;
    run_locked(tx, settings, message, now, changes).await
}

/// Where nobody else can write down the same payment or person meanwhile.
pub async fn run_locked(
    tx: &mut Tx,
    settings: &ProgramSettings,
    message: &PaymentMessage,
    now: Time,
    changes: &mut ChangeSet,
) -> sqlx::Result<Recorded> {
    let found = find(tx, &message.references).await?;
    let recorded = match found[..] {
        [] => {
            let gross = settings.conversion_amount == ConversionAmount::Gross;
            Recorded::New(payments::insert(tx, message.livemode, gross, message.earns, now).await?)
        }
        [payment] => Recorded::Known(payment),
        _ => match merge_payments::run_in(tx, &found, now).await? {
            Some(payment) => Recorded::Merged(payment),
            None => return Ok(Recorded::Conflict),
        },
    };
    let (Recorded::New(payment) | Recorded::Known(payment) | Recorded::Merged(payment)) = recorded else {
        return Ok(recorded);
    };
    payment_refs::insert(tx, payment, &message.references).await?;
    payment_clues::insert(tx, payment, &message.clues).await?;
    add_facts::run_in(tx, payment, &message.facts, now).await?;
    let mut settled = vec![payment];
    settled.extend(found);
    settle_payments::run_in(tx, &settled, now, changes).await?;
    Ok(recorded)
}

/// The payments of these names, held until the end of the transaction. Others may have joined some of them while this
/// one waited.
pub async fn find(tx: &mut Tx, references: &[Reference]) -> sqlx::Result<Vec<PaymentId>> {
    let mut found = payment_refs::payments_of(tx, references).await?;
    loop {
        payments::lock(tx, &found).await?;
        let again = payment_refs::payments_of(tx, references).await?;
        if again == found {
            return Ok(found);
        }
        found = again;
    }
}

/// Lets whoever speaks of the same payments or people wait until the end of the transaction.
pub async fn lock_names(tx: &mut Tx, references: &[Reference], clues: &[Clue]) -> sqlx::Result<()> {
    let reference = |reference: &Reference| match reference.provider {
        Provider::Stripe => format!("stripe:{}", reference.id),
        Provider::Host => format!("host:{}", reference.id),
    };
    let names: Vec<String> =
        references.iter().map(reference).chain(clues.iter().map(|clue| format!("payer:{}", clue.value))).collect();
    name_locks::lock(tx, &names).await
}

//! What the people of the demonstration pay, as a host product and Stripe tell of it.

use crate::{
    domain::{
        conversions::{
            clues::{Clue, ClueKind},
            facts::{Fact, FactKind, FactState, PaymentSource},
            message::PaymentMessage,
            references::Reference,
        },
        ids::{PaymentId, UserId},
        money::Currency,
        settings::ProgramSettings,
        time::{DAY, HOUR, Time},
    },
    server::{
        actions::conversions::{
            record_conversion::{self, ConversionInput},
            record_payment, refund_conversion,
        },
        errors::{BoxError, TxError},
        realtime::change_set::ChangeSet,
        store::db::Tx,
    },
};

/// From one payment of a subscription to the next, and from the beginning of a trial to the first one.
const MONTH: i64 = 30 * DAY;
const TRIAL: i64 = 14 * DAY;

/// Somebody who may pay.
#[derive(Clone, Copy)]
pub struct Payer {
    pub id: UserId,
    pub joined_at: Time,
}

/// Where payments are written.
struct Ledger<'a> {
    tx: &'a mut Tx,
    settings: &'a ProgramSettings,
    now: Time,
    changes: &'a mut ChangeSet,
}

/// Every third person subscribes, some after a trial, and pays each month until `now`. Some payments are given back or
/// disputed, and two are by people whom nobody knows.
pub async fn record(
    tx: &mut Tx,
    settings: &ProgramSettings,
    people: &[Payer],
    now: Time,
    changes: &mut ChangeSet,
) -> Result<(), BoxError> {
    let mut ledger = Ledger { tx, settings, now, changes };
    for (n, payer) in people.iter().enumerate().filter(|(n, _)| n % 3 == 1) {
        let wait = if n % 5 == 0 { TRIAL } else { HOUR };
        if n % 5 == 0 {
            ledger.trial(n, *payer).await?;
        }
        let Some(first) = ledger.subscription(n, *payer, payer.joined_at.plus(wait)).await? else { continue };
        let later = payer.joined_at.plus(wait + 2 * DAY).min(now);
        match n % 12 {
            4 => ledger.refund(n, first, plan(n).amount / 4, later).await?,
            7 => ledger.refund(n, first, plan(n).amount, later).await?,
            10 if n % 36 == 10 => ledger.dispute(n, later).await?,
            _ => {}
        }
    }
    for (n, email) in ["lea@elsewhere.example", "jon@elsewhere.example"].into_iter().enumerate() {
        let name = format!("order-guest-{n}");
        let at = now.plus(-5 * DAY);
        let input = ConversionInput { email: Some(email), source_id: &name, occurred_at: Some(at), ..plan(n) };
        ledger.tell(&input, at).await?;
    }
    Ok(())
}

/// What the `n`th person buys: in dollars, or in euros with tax.
fn plan(n: usize) -> ConversionInput<'static> {
    match n % 4 {
        0 => ConversionInput {
            amount: 2_400,
            net_amount: Some(2_017),
            currency: "EUR",
            product: Some("Team"),
            ..ConversionInput::default()
        },
        _ => ConversionInput { amount: 1_900, currency: "USD", product: Some("Pro"), ..ConversionInput::default() },
    }
}

/// Stripe's name of the first invoice with money in it.
fn first_invoice(n: usize) -> String {
    format!("in_demo{n}month0")
}

impl Ledger<'_> {
    /// A payment each month. The first of them, if it has come.
    async fn subscription(&mut self, n: usize, payer: Payer, begin: Time) -> Result<Option<PaymentId>, BoxError> {
        let (mut first, mut at, mut month) = (None, begin, 0);
        while at <= self.now {
            let name = format!("order-{n}-{month}");
            let refs = if month == 0 { vec![first_invoice(n)] } else { vec![format!("in_demo{n}month{month}")] };
            let input = ConversionInput {
                user: Some(payer.id),
                source_id: &name,
                occurred_at: Some(at),
                provider_refs: &refs,
                period_start: Some(at),
                ..plan(n)
            };
            let id = self.tell(&input, at).await?;
            first = first.or(Some(id));
            at = at.plus(MONTH);
            month += 1;
        }
        Ok(first)
    }

    async fn tell(&mut self, input: &ConversionInput<'_>, at: Time) -> Result<PaymentId, BoxError> {
        record_conversion::run_in(self.tx, self.settings, input, PaymentSource::Api, at, self.changes)
            .await
            .map(|told| told.id)
            .map_err(refused)
    }

    /// Stripe's invoice of a trial, which has no money in it.
    async fn trial(&mut self, n: usize, payer: Payer) -> Result<(), BoxError> {
        let whose = Clue { kind: ClueKind::ClientReference, value: payer.id.to_string() };
        let references = vec![Reference::stripe(format!("in_demo{n}trial"))];
        self.hear(
            PaymentMessage { references, clues: vec![whose], facts: vec![], livemode: true, earns: true },
            payer.joined_at,
        )
        .await
    }

    /// The payer's bank takes the first payment back for now.
    async fn dispute(&mut self, n: usize, at: Time) -> Result<(), BoxError> {
        let paid = plan(n);
        let fact = Fact::new(FactKind::Dispute, PaymentSource::Stripe, format!("dp_demo{n}"), at)
            .of(paid.amount, Currency::parse(paid.currency));
        let facts = vec![Fact { state: Some(FactState::Pending), ..fact }];
        let references = vec![Reference::stripe(first_invoice(n))];
        self.hear(PaymentMessage { references, clues: vec![], facts, livemode: true, earns: true }, at).await
    }

    async fn hear(&mut self, message: PaymentMessage, at: Time) -> Result<(), BoxError> {
        record_payment::run_in(self.tx, self.settings, &message, at, self.changes).await?;
        Ok(())
    }

    async fn refund(&mut self, n: usize, payment: PaymentId, amount: i64, at: Time) -> Result<(), BoxError> {
        let (name, source) = (format!("refund-{n}"), PaymentSource::Api);
        refund_conversion::run_in(self.tx, payment, &name, amount, source, at, self.changes).await.map_err(refused)?;
        Ok(())
    }
}

fn refused(error: TxError) -> BoxError {
    match error {
        TxError::Database(error) => error.into(),
        TxError::Rejected(error) => format!("a demonstration payment is refused: {error:?}").into(),
    }
}

//! A payment that the host product, an admin or a file tells of.

use crate::{
    domain::{
        accounts::{email::Email, new_account::optional_line},
        attribution::CLOCK_TOLERANCE,
        conversions::{
            clues::{Clue, ClueKind},
            facts::{Fact, FactKind, PaidDetails, PaymentSource},
            message::PaymentMessage,
            references::{Provider, Reference},
        },
        field::FieldError,
        ids::{PaymentId, UserId},
        message::Message,
        money::Currency,
        settings::ProgramSettings,
        time::Time,
    },
    error::AppError,
    server::{
        actions::conversions::record_payment::{self, Recorded},
        errors::TxError,
        realtime::change_set::ChangeSet,
        store::{
            db::Tx,
            payment_facts,
            payments::{self, PaymentRecord},
            user_names,
        },
    },
};

/// The largest amount, in smallest units: a thousand million millions.
pub const MAX_AMOUNT: i64 = 1_000_000_000_000_000;

/// Stripe's names that one payment can be told with.
const MAX_REFERENCES: usize = 20;

/// A payment as it is told, not yet checked.
#[derive(Clone, Debug, Default)]
pub struct ConversionInput<'a> {
    pub user: Option<UserId>,
    pub external_id: Option<&'a str>,
    pub email: Option<&'a str>,
    /// The host product's name of it.
    pub source_id: &'a str,
    /// In smallest units.
    pub amount: i64,
    /// The same without tax.
    pub net_amount: Option<i64>,
    pub currency: &'a str,
    /// Just now, if nothing is said.
    pub occurred_at: Option<Time>,
    /// Stripe's names of it.
    pub provider_refs: &'a [String],
    pub period_start: Option<Time>,
    pub product: Option<&'a str>,
}

/// A payment that was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordedConversion {
    pub id: PaymentId,
    /// Whether nobody had told of it before.
    pub new: bool,
}

/// Within a transaction of the caller's, who publishes the changes. A payment that is known is told again only with the
/// same amount, and of the same person.
pub async fn run_in(
    tx: &mut Tx,
    settings: &ProgramSettings,
    input: &ConversionInput<'_>,
    source: PaymentSource,
    now: Time,
    changes: &mut ChangeSet,
) -> Result<RecordedConversion, TxError> {
    let message = message(input, source, now)?;
    record_payment::lock_names(tx, &message.references, &message.clues).await?;
    run_locked(tx, settings, &message, now, changes).await
}

/// The same where nobody else can write down the same payment or person meanwhile, with a payment that was checked.
pub async fn run_locked(
    tx: &mut Tx,
    settings: &ProgramSettings,
    message: &PaymentMessage,
    now: Time,
    changes: &mut ChangeSet,
) -> Result<RecordedConversion, TxError> {
    let found = record_payment::find(tx, &message.references).await?;
    require_same_amount(tx, &found, message).await?;
    require_same_person(tx, &found, message).await?;
    let known = payments::lock(tx, &found).await?.iter().any(PaymentRecord::is_paid);
    match record_payment::run_locked(tx, settings, message, now, changes).await? {
        Recorded::New(id) | Recorded::Known(id) | Recorded::Merged(id) => Ok(RecordedConversion { id, new: !known }),
        Recorded::Conflict => Err(AppError::conflict("provider_refs", Message::PaymentsOfDifferentPeople).into()),
    }
}

/// Checks every field, or says all that is wrong.
pub fn message(input: &ConversionInput<'_>, source: PaymentSource, now: Time) -> Result<PaymentMessage, AppError> {
    let mut errors = vec![];
    let mut wrong = |field: &str, message: Message| errors.push(FieldError { field: field.into(), message });
    let clues = clues(input).unwrap_or_else(|error| {
        wrong(&error.field, error.message);
        vec![]
    });
    let source_id = optional_line("source_id", input.source_id, 255).unwrap_or_else(|error| {
        wrong(&error.field, error.message);
        Some(String::new())
    });
    if source_id.is_none() {
        wrong("source_id", Message::OneLine { max: 255 });
    }
    if input.amount < 1 {
        wrong("amount", Message::AmountNotPositive);
    } else if input.amount > MAX_AMOUNT {
        wrong("amount", Message::WholeNumber { min: 1, max: MAX_AMOUNT });
    }
    match input.net_amount {
        Some(net) if net > input.amount => wrong("net_amount", Message::NetAboveGross),
        Some(net) if net < 0 => wrong("net_amount", Message::AtLeast { min: 0 }),
        _ => {}
    }
    let currency = Currency::parse(input.currency);
    if currency.is_none() {
        wrong("currency", Message::CurrencyMalformed);
    }
    let occurred_at = input.occurred_at.unwrap_or(now);
    if occurred_at.since(now) > CLOCK_TOLERANCE {
        wrong("occurred_at", Message::PaymentInFuture);
    }
    let product = optional_line("product", input.product.unwrap_or_default(), 255).unwrap_or_else(|error| {
        wrong(&error.field, error.message);
        None
    });
    let plain = |id: &String| (1..=255).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic());
    if input.provider_refs.len() > MAX_REFERENCES || !input.provider_refs.iter().all(plain) {
        wrong("provider_refs", Message::ReferencesMalformed { max: MAX_REFERENCES });
    }
    if !errors.is_empty() {
        return Err(AppError::Invalid(errors));
    }
    let source_id = source_id.unwrap_or_default();
    let mut references = vec![Reference::host(&source_id)];
    references.extend(input.provider_refs.iter().map(Reference::stripe));
    let details =
        PaidDetails { net: input.net_amount, product, period_start: input.period_start, ..PaidDetails::default() };
    let fact = Fact::new(FactKind::Paid, source, source_id, occurred_at.min(now)).of(input.amount, currency);
    Ok(PaymentMessage {
        references,
        clues,
        facts: vec![Fact { paid: Some(details), ..fact }],
        livemode: true,
        earns: source != PaymentSource::Import,
    })
}

/// Who has paid, in every way that was told.
fn clues(input: &ConversionInput<'_>) -> Result<Vec<Clue>, FieldError> {
    let mut clues = vec![];
    clues.extend(input.user.map(|user| Clue { kind: ClueKind::Id, value: user.to_string() }));
    if let Some(external_id) = optional_line("external_id", input.external_id.unwrap_or_default(), 255)? {
        clues.push(Clue { kind: ClueKind::ExternalId, value: external_id });
    }
    if let Some(email) = input.email.map(str::trim).filter(|email| !email.is_empty()) {
        let email = Email::parse(email).map_err(|message| FieldError { field: "email".into(), message })?;
        clues.push(Clue { kind: ClueKind::Email, value: email.as_str().to_owned() });
    }
    match clues[..] {
        [] => Err(FieldError { field: String::new(), message: Message::PayerMissing }),
        _ => Ok(clues),
    }
}

/// What is known by the same name, or of which money is known, was not told with another amount.
async fn require_same_amount(tx: &mut Tx, found: &[PaymentId], message: &PaymentMessage) -> Result<(), TxError> {
    let Some(told) = message.facts.first() else { return Ok(()) };
    let records = payments::lock(tx, found).await?;
    let facts = payment_facts::of_payments(tx, found).await?;
    let paid = facts.iter().map(|record| &record.fact).filter(|fact| fact.kind == FactKind::Paid);
    let named = paid.clone().find(|fact| fact.source.provider() == Provider::Host && fact.key == told.key);
    let known: Vec<(i64, Option<Currency>)> = match named {
        Some(fact) => vec![(fact.amount, fact.currency)],
        None => records
            .iter()
            .filter(|record| record.is_paid())
            .map(|record| (record.amount, record.money_currency()))
            .collect(),
    };
    match known.into_iter().find(|known| *known != (told.amount, told.currency)) {
        Some((amount, Some(currency))) => {
            let message = Message::OtherAmount { known: amount, currency: currency.to_string() };
            Err(AppError::conflict("amount", message).into())
        }
        _ => Ok(()),
    }
}

/// Nobody takes a payment away from whom it was explicitly told of.
async fn require_same_person(tx: &mut Tx, found: &[PaymentId], message: &PaymentMessage) -> Result<(), TxError> {
    let (ids, external_ids) = named_people(message);
    let named = user_names::identify(tx, &ids, &external_ids, &[]).await?;
    if named.len() > 1 {
        return Err(AppError::invalid("", Message::PayersDiffer).into());
    }
    let Some(person) = named.first().map(|user| user.id) else { return Ok(()) };
    let records = payments::lock(tx, found).await?;
    let explicit = records.iter().filter(|record| record.known_by.is_some_and(ClueKind::is_explicit));
    match explicit.filter_map(|record| record.user_id).all(|user| user == person) {
        true => Ok(()),
        false => Err(AppError::conflict("source_id", Message::PaymentOfSomebodyElse).into()),
    }
}

/// Our ids and the host product's, by which a payment names who has paid.
pub fn named_people(message: &PaymentMessage) -> (Vec<UserId>, Vec<&str>) {
    let of = |kind| message.clues.iter().filter(move |clue| clue.kind == kind).map(|clue| clue.value.as_str());
    let ids = of(ClueKind::Id).filter_map(|id| id.parse().ok().map(UserId)).collect();
    (ids, of(ClueKind::ExternalId).collect())
}

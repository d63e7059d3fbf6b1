//! A payment that an admin adds.

use crate::{
    domain::{
        conversions::{facts::PaymentSource, references::made_name},
        field::FieldError,
        ids::{PaymentId, UserId},
        local_time::parse_local,
        message::Message,
        money::{Currency, decimal, parse_decimal},
        settings::ProgramSettings,
        time::Time,
    },
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            authorize,
            conversions::record_conversion::{self, ConversionInput, RecordedConversion},
            sent_form,
        },
        auth::caller::{Actor, SentForm},
        errors::{TxError, retry_races},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{db::Tx, user_names},
    },
};
use serde_json::{Value, json};

/// The form for a payment, as it was filled in.
#[derive(Clone, Debug, Default)]
pub struct PaymentForm {
    /// An e-mail, a username or the host product's id.
    pub person: String,
    /// With a point, as `49.90`.
    pub amount: String,
    /// That of the program, if it is empty.
    pub currency: String,
    /// `2026-12-31T18:00` in the program's time zone; now, if it is empty.
    pub occurred_at: String,
    /// The host product's name of it; one is made, if it is empty.
    pub source_id: String,
    pub product: String,
}

/// Adds the payment. One that is known by its reference is told again only with the same amount, and of the same
/// person. The same form sent again adds no other.
pub async fn run(
    state: &AppState,
    actor: &Actor,
    form: &PaymentForm,
    sent: Option<SentForm>,
) -> Result<RecordedConversion, AppError> {
    let made = made_name("hand", &state.rng.byte_vec(10));
    retry_races(|| async {
        let now = state.clock.now();
        let mut tx = authorize::begin(&state.db, actor).await?;
        if let Some(made) = sent_form::made_before(&mut tx, actor, sent, now).await? {
            return Ok::<_, TxError>(RecordedConversion { id: PaymentId(made), new: true });
        }
        let settings = state.settings.get();
        let fields = read(&mut tx, form, &settings).await?;
        let source_id = if form.source_id.trim().is_empty() { &made } else { &form.source_id };
        let input = ConversionInput {
            user: Some(fields.person),
            source_id,
            amount: fields.amount,
            currency: fields.currency.as_str(),
            occurred_at: fields.occurred_at,
            product: Some(&form.product),
            ..ConversionInput::default()
        };
        let mut changes = ChangeSet::default();
        let source = PaymentSource::Hand;
        let recorded = record_conversion::run_in(&mut tx, &settings, &input, source, now, &mut changes).await?;
        if recorded.new {
            let target = Target { kind: "payment", id: Some(recorded.id.0), name: source_id.trim() };
            let after = json!({
                "amount": decimal(fields.amount, fields.currency),
                "currency": fields.currency,
                "user_id": fields.person,
            });
            audit::write(&mut tx, actor, "payment.add", target, Value::Null, after, now).await?;
        }
        sent_form::keep(&mut tx, actor, sent, recorded.id.0).await?;
        state.publisher.commit_and_publish(tx, &changes).await?;
        Ok(recorded)
    })
    .await
}

/// What the form says, where it is read as something else than text.
struct Fields {
    person: UserId,
    amount: i64,
    currency: Currency,
    occurred_at: Option<Time>,
}

/// Reads the form, or says all that is wrong with it.
async fn read(tx: &mut Tx, form: &PaymentForm, settings: &ProgramSettings) -> Result<Fields, TxError> {
    let mut errors = vec![];
    let mut wrong = |field: &str, message: Message| errors.push(FieldError { field: field.into(), message });
    let person = user_names::known_as(tx, &form.person).await?;
    if person.is_none() {
        wrong("person", Message::PayerUnknown);
    }
    let typed = form.currency.trim();
    let currency = Currency::parse(if typed.is_empty() { &settings.currency } else { typed });
    let amount = match currency {
        Some(currency) => parse_decimal(&form.amount, currency).map_err(|message| wrong("amount", message)).ok(),
        None => {
            wrong("currency", Message::CurrencyMalformed);
            None
        }
    };
    let occurred_at = Some(form.occurred_at.trim()).filter(|text| !text.is_empty());
    let occurred_at = occurred_at.map(|text| parse_local(text, &settings.zone()));
    if occurred_at == Some(None) {
        wrong("occurred_at", Message::MomentMalformed);
    }
    match (person, amount, currency) {
        (Some(person), Some(amount), Some(currency)) if errors.is_empty() => {
            Ok(Fields { person, amount, currency, occurred_at: occurred_at.flatten() })
        }
        _ => Err(AppError::Invalid(errors).into()),
    }
}

//! `passalong import conversions FILE`: payments of before, or of a program without an API.

use crate::{
    domain::{
        conversions::{
            facts::{Fact, FactKind, FactState, PaymentSource},
            message::PaymentMessage,
            standing::ParkedReason,
        },
        field::FieldError,
        ids::UserId,
        money::{Currency, decimal, parse_decimal},
        time::Time,
    },
    error::AppError,
    server::{
        actions::conversions::{
            import_conversions::{self, Imported},
            record_conversion::{self, ConversionInput},
        },
        commands::{
            console::{open_database, say},
            import::{
                columns::Columns,
                table::{Line, Table},
                transaction::{bar, commit, refuse},
                wrong::Wrong,
            },
        },
        config::{Config, cli::CsvFile, clock::Clock},
        errors::BoxError,
        realtime::change_set::ChangeSet,
        store::{
            db::{Db, Tx},
            payments, settings,
        },
    },
    text::english,
};
use std::{process::ExitCode, time::Duration};
use tokio::time::{Instant, sleep};

/// The columns, as the API names the fields of a payment; `id` and `state` of the export are passed over.
const COLUMNS: [&str; 14] = [
    "id",
    "user_id",
    "external_id",
    "email",
    "source_id",
    "amount",
    "net_amount",
    "refunded",
    "currency",
    "occurred_at",
    "provider_refs",
    "period_start",
    "product",
    "state",
];

/// Payments that are recorded at once.
const BATCH: usize = 500;

/// How long to wait for a moment in which nobody else writes, and between two looks.
const MOST_WAITING: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

pub async fn run(config: &Config, csv: &CsvFile) -> Result<ExitCode, BoxError> {
    let now = Clock::default().now();
    let needed = &["source_id", "amount", "currency"];
    let columns = Columns { known: &COLUMNS, needed, ignore_unknown: csv.ignore_unknown };
    let mut table = Table::open(csv, columns, None)?;
    let db = open_database(config).await?;
    let bar = bar(&table, "Payments", csv.quiet);
    let (mut wrong, mut changes) = (Wrong::default(), ChangeSet::default());
    let (mut new, mut joined, mut told_before) = (0, 0, 0);
    let mut tx = begin_alone(&db).await?;
    let settings = settings::load(&mut tx).await?;
    let before = payments::newest(&mut tx).await?;
    while let Some(lines) = table.chunk(BATCH, &mut wrong, |line| parse(line, now)) {
        let (numbers, messages): (Vec<u64>, Vec<PaymentMessage>) = lines.into_iter().unzip();
        let outcomes = import_conversions::run_in(&mut tx, &settings, &messages, now, &mut changes).await?;
        for (number, outcome) in numbers.into_iter().zip(outcomes) {
            match outcome {
                Ok(Imported::New) => new += 1,
                Ok(Imported::Joined) => joined += 1,
                Ok(Imported::ToldBefore) => told_before += 1,
                Err(error) => wrong.add(number, &sentences(&error)),
            }
        }
        bar.set_position(table.position());
    }
    bar.finish_and_clear();
    refuse(wrong, &csv.file)?;
    let parked = payments::count_parked(&mut tx, before).await?;
    if new + joined > 0 {
        let changes = ChangeSet { events: changes.events, ..ChangeSet::everything() };
        commit(tx, "conversions.import", &csv.file, new, &changes, now).await?;
    } else {
        drop(tx);
    }
    db.close().await;
    if !csv.quiet {
        say(&format!("Imported payments: {new} new, {} already known.", joined + told_before));
        if let Some(parked) = in_words(&parked) {
            say(&parked);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A transaction beside which nobody else writes down payments, people or codes. It waits without holding anything, so
/// that others and it never wait for each other.
async fn begin_alone(db: &Db) -> Result<Tx, BoxError> {
    let start = Instant::now();
    loop {
        let mut tx = db.begin().await?;
        if payments::try_lock_all(&mut tx).await? {
            return Ok(tx);
        }
        drop(tx);
        if start.elapsed() > MOST_WAITING {
            return Err("the database is too busy for an import; please try again later".into());
        }
        sleep(LOOK_AGAIN).await;
    }
}

/// A payment, checked, or all that is wrong with it.
fn parse(line: &Line, now: Time) -> Result<PaymentMessage, String> {
    let mut wrong = vec![];
    let mut keep = |field: Result<Option<i64>, String>| {
        field.unwrap_or_else(|why| {
            wrong.push(why);
            None
        })
    };
    let currency = Currency::parse(line.text("currency"));
    let user = keep(whole(line, "user_id"));
    let amount = keep(amount(line, "amount", currency).and_then(|amount| match amount {
        Some(amount) => Ok(Some(amount)),
        None => Err("amount: It is missing.".into()),
    }));
    let net_amount = keep(self::amount(line, "net_amount", currency));
    let refunded = keep(self::amount(line, "refunded", currency)).filter(|refunded| *refunded != 0);
    let occurred_at = keep(line.moment("occurred_at").map(|at| at.map(|at| at.0)));
    let period_start = keep(line.moment("period_start").map(|at| at.map(|at| at.0)));
    let provider_refs: Vec<String> = line.text("provider_refs").split_whitespace().map(str::to_owned).collect();
    let input = ConversionInput {
        user: user.map(UserId),
        external_id: line.get("external_id"),
        email: line.get("email"),
        source_id: line.text("source_id"),
        // One that could not be read is told above, and is not wrong in other ways.
        amount: amount.unwrap_or(record_conversion::MAX_AMOUNT),
        net_amount,
        currency: line.text("currency"),
        occurred_at: occurred_at.map(Time),
        provider_refs: &provider_refs,
        period_start: period_start.map(Time),
        product: line.get("product"),
    };
    let message = record_conversion::message(&input, PaymentSource::Import, now);
    wrong.extend(message.as_ref().err().map(sentences));
    if refunded.is_some_and(|refunded| !(0..=input.amount).contains(&refunded)) {
        wrong.push("refunded: Please write no more than the amount.".into());
    }
    match message {
        Ok(mut message) if wrong.is_empty() => {
            message.facts.extend(refunded.map(|refunded| refund(&input, refunded, currency, now)));
            Ok(message)
        }
        _ => Err(wrong.join(" ")),
    }
}

/// All that was given back of a payment, as it is told of with the payment.
fn refund(input: &ConversionInput<'_>, refunded: i64, currency: Option<Currency>, now: Time) -> Fact {
    let at = input.occurred_at.unwrap_or(now).min(now);
    let key = input.source_id.trim();
    let fact = Fact::new(FactKind::RefundTotal, PaymentSource::Import, key, at).of(refunded, currency);
    Fact { state: Some(FactState::Succeeded), ..fact }
}

/// A whole number.
fn whole(line: &Line, column: &str) -> Result<Option<i64>, String> {
    match line.text(column) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| format!("{column}: Please write a whole number.")),
    }
}

/// An amount in smallest units. One with a point is refused: it would be read as a hundredth of what somebody means, or
/// a hundred times that.
fn amount(line: &Line, column: &str, currency: Option<Currency>) -> Result<Option<i64>, String> {
    let read = whole(line, column);
    let (Err(_), Some(currency)) = (&read, currency) else { return read };
    let unit = decimal(1, currency);
    let rule = format!("{column}: Please write a whole number of the smallest unit, which is {unit} {currency}");
    let text = line.text(column);
    Err(match parse_decimal(text, currency) {
        Ok(meant) => format!("{rule}: {meant} for {text}."),
        Err(_) => format!("{rule}."),
    })
}

/// What is wrong, with the names of the columns.
fn sentences(error: &AppError) -> String {
    let sentence = |error: &FieldError| match error.field.as_str() {
        "" => english().message(&error.message),
        field => format!("{field}: {}", english().message(&error.message)),
    };
    error.fields().iter().map(sentence).collect::<Vec<_>>().join(" ")
}

/// How many payments count for nobody yet, and why.
fn in_words(parked: &[(ParkedReason, i64)]) -> Option<String> {
    let total: i64 = parked.iter().map(|(_, count)| count).sum();
    let reason = |(reason, count): &(ParkedReason, i64)| format!("{}: {count}", english().parked_reason(*reason));
    let reasons: Vec<String> = parked.iter().map(reason).collect();
    (total > 0).then(|| format!("Parked, counting for nobody: {total}. {}.", reasons.join(". ")))
}

//! `passalong export FILE`: everything of the program as JSON lines.

use crate::{
    domain::rewards::reward::Reward,
    server::{
        commands::console::{open_database, progress, say},
        config::Config,
        errors::BoxError,
        store::{
            db::Tx,
            export::{self, Attribution, Audit, Click, Code, Event, Referral, Row, User},
            export_payments::{PaymentClue, PaymentCustomer, PaymentFact, PaymentRef, StripeEvent},
            payments::PaymentRecord,
            reviews::ReviewRecord,
            reward_refusals::RefusalRecord,
            reward_rules::{RuleRecord, VersionRecord},
            reward_uses::RewardUse,
            rewards::Transfer,
            sequences, settings,
        },
    },
};
use indicatif::ProgressBar;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    fs::{File, OpenOptions},
    io::{BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    process::ExitCode,
};

/// Rows that are read at once.
const ROWS: i64 = 5_000;

/// A line of the file: what it is, and its columns.
#[derive(Serialize)]
struct Line<'a, R> {
    r#type: &'static str,
    #[serde(flatten)]
    row: &'a R,
}

/// A setting of the program.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    pub name: String,
    pub value: Value,
}

/// The last id that a table has given.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sequence {
    pub table: String,
    pub last: i64,
}

/// The last line, without which a file is not whole: how many lines come before it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    pub lines: u64,
}

pub const SETTING: &str = "setting";
pub const SEQUENCE: &str = "sequence";
pub const END: &str = "end";

/// Writes a new file that only its owner can read; it has its name when it is whole.
pub async fn run(config: &Config, file: &Path, quiet: bool) -> Result<ExitCode, BoxError> {
    if file.exists() {
        return Err(format!("{} is there already", file.display()).into());
    }
    let unfinished = file.with_added_extension("unfinished");
    let cannot = |error: std::io::Error| format!("cannot write {}: {error}", file.display());
    let mut options = OpenOptions::new();
    let out = options.write(true).create(true).truncate(true).mode(0o600).open(&unfinished).map_err(cannot)?;
    let written = write(config, out, quiet).await;
    if written.is_err() {
        let _ = std::fs::remove_file(&unfinished);
    }
    let lines = written?;
    std::fs::rename(&unfinished, file).map_err(cannot)?;
    if !quiet {
        say(&format!("Wrote {lines} lines."));
    }
    Ok(ExitCode::SUCCESS)
}

/// Everything as it stands at one moment.
async fn write(config: &Config, out: File, quiet: bool) -> Result<u64, BoxError> {
    let db = open_database(config).await?;
    let mut tx = db.snapshot().await?;
    let total = export::count::<User>(&mut tx).await?
        + export::count::<Code>(&mut tx).await?
        + export::count::<Click>(&mut tx).await?
        + export::count::<Referral>(&mut tx).await?
        + export::count::<Attribution>(&mut tx).await?
        + export::count::<Audit>(&mut tx).await?
        + export::count::<Event>(&mut tx).await?
        + export::count::<PaymentRecord>(&mut tx).await?
        + export::count::<PaymentRef>(&mut tx).await?
        + export::count::<PaymentClue>(&mut tx).await?
        + export::count::<PaymentCustomer>(&mut tx).await?
        + export::count::<PaymentFact>(&mut tx).await?
        + export::count::<StripeEvent>(&mut tx).await?
        + export::count::<RuleRecord>(&mut tx).await?
        + export::count::<VersionRecord>(&mut tx).await?
        + export::count::<Reward>(&mut tx).await?
        + export::count::<RefusalRecord>(&mut tx).await?
        + export::count::<RewardUse>(&mut tx).await?
        + export::count::<Transfer>(&mut tx).await?
        + export::count::<ReviewRecord>(&mut tx).await?;
    let bar = progress(u64::try_from(total)?, "Lines", quiet);
    let mut out = BufWriter::new(out);
    for (name, value) in settings::load(&mut tx).await?.into_object() {
        let row = Setting { name, value };
        line(&mut out, SETTING, &row)?;
        bar.inc_length(1);
        bar.inc(1);
    }
    table::<User>(&mut tx, &mut out, &bar).await?;
    table::<Code>(&mut tx, &mut out, &bar).await?;
    table::<Click>(&mut tx, &mut out, &bar).await?;
    table::<Referral>(&mut tx, &mut out, &bar).await?;
    table::<Attribution>(&mut tx, &mut out, &bar).await?;
    table::<Audit>(&mut tx, &mut out, &bar).await?;
    table::<Event>(&mut tx, &mut out, &bar).await?;
    table::<PaymentRecord>(&mut tx, &mut out, &bar).await?;
    table::<PaymentRef>(&mut tx, &mut out, &bar).await?;
    table::<PaymentClue>(&mut tx, &mut out, &bar).await?;
    table::<PaymentCustomer>(&mut tx, &mut out, &bar).await?;
    table::<PaymentFact>(&mut tx, &mut out, &bar).await?;
    table::<StripeEvent>(&mut tx, &mut out, &bar).await?;
    table::<RuleRecord>(&mut tx, &mut out, &bar).await?;
    table::<VersionRecord>(&mut tx, &mut out, &bar).await?;
    table::<Reward>(&mut tx, &mut out, &bar).await?;
    table::<RefusalRecord>(&mut tx, &mut out, &bar).await?;
    table::<RewardUse>(&mut tx, &mut out, &bar).await?;
    table::<Transfer>(&mut tx, &mut out, &bar).await?;
    table::<ReviewRecord>(&mut tx, &mut out, &bar).await?;
    // Read last: what was given meanwhile is more than what the rows above have.
    for table in sequences::TABLES {
        let last = sequences::last(&mut tx, table).await?;
        line(&mut out, SEQUENCE, &Sequence { table: table.into(), last })?;
        bar.inc_length(1);
        bar.inc(1);
    }
    line(&mut out, END, &End { lines: bar.position() })?;
    bar.inc_length(1);
    bar.inc(1);
    out.into_inner().map_err(|error| error.into_error())?.sync_all()?;
    drop(tx);
    db.close().await;
    bar.finish_and_clear();
    Ok(bar.position())
}

async fn table<R: Row>(tx: &mut Tx, out: &mut BufWriter<File>, bar: &ProgressBar) -> Result<(), BoxError> {
    let mut after = R::Key::default();
    loop {
        let rows: Vec<R> = export::page(tx, &after, ROWS).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.key();
        for row in &rows {
            line(out, R::TYPE, row)?;
        }
        bar.inc(rows.len() as u64);
    }
}

fn line<R: Serialize>(out: &mut BufWriter<File>, r#type: &'static str, row: &R) -> Result<(), BoxError> {
    serde_json::to_writer(&mut *out, &Line { r#type, row })?;
    out.write_all(b"\n")?;
    Ok(())
}

//! `passalong import FILE`: everything that `export` wrote, back into an empty database.

use crate::{
    domain::{
        ids::CLICK_ID_BITS,
        rewards::reward::Reward,
        settings::ProgramSettings,
        time::{DAY, Time},
    },
    server::{
        commands::{
            console::{open_database, progress, say},
            export::{END, End, SEQUENCE, SETTING, Sequence, Setting},
            import::transaction::CHUNK,
        },
        config::{Config, clock::Clock},
        errors::BoxError,
        realtime::{change_set::ChangeSet, publisher::commit_and_notify},
        store::{
            click_partitions,
            db::Tx,
            export::{Attribution, Audit, Click, Code, Event, Referral, Row, User},
            export_payments::{PaymentClue, PaymentCustomer, PaymentFact, PaymentRef, StripeEvent},
            payments::PaymentRecord,
            program_import,
            reviews::ReviewRecord,
            reward_refusals::RefusalRecord,
            reward_rules::{RuleRecord, VersionRecord},
            reward_uses::RewardUse,
            rewards::Transfer,
            sequences, server_lock, settings,
        },
    },
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::{
    collections::{BTreeSet, HashMap},
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::ExitCode,
};

/// Bytes of a line at most.
const MAX_LINE: u64 = 16 * 1_024 * 1_024;

pub async fn run(config: &Config, file: &Path, quiet: bool) -> Result<ExitCode, BoxError> {
    let cannot = |error: std::io::Error| format!("cannot read {}: {error}", file.display());
    let source = File::open(file).map_err(cannot)?;
    let bar = progress(source.metadata().map_err(cannot)?.len(), "Everything", quiet);
    // A server would go on with what it knew of the empty database.
    let _no_server = server_lock::lock(&config.database_url)?;
    let db = open_database(config).await?;
    let mut tx = db.begin().await?;
    if !program_import::is_empty(&mut tx).await? {
        return Err("DATABASE_URL: the database holds a program already; an import needs an empty one".into());
    }
    let mut lines = Lines { reader: BufReader::new(source), number: 0, bytes: 0, next: None };
    let mut program = Program::default();
    let refused = |error: BoxError| format!("nothing was imported: {}: {error}", file.display());
    while let Some(batch) = lines.batch().map_err(refused)? {
        program.take(&mut tx, batch).await.map_err(refused)?;
        bar.set_position(lines.bytes);
    }
    program.finish(&mut tx).await.map_err(refused)?;
    let changes = ChangeSet { settings: true, ..ChangeSet::everything() };
    commit_and_notify(tx, &changes).await?;
    db.close().await;
    bar.finish_and_clear();
    if !quiet {
        say(&format!("Imported {} lines.", lines.number));
    }
    Ok(ExitCode::SUCCESS)
}

/// Lines of one type, as they stand together.
struct Batch {
    kind: String,
    /// Each with its number.
    lines: Vec<(u64, Value)>,
}

/// A line: its number, its type and its columns.
struct Line {
    number: u64,
    kind: String,
    row: Map<String, Value>,
}

/// A file of JSON lines.
struct Lines {
    reader: BufReader<File>,
    number: u64,
    bytes: u64,
    /// A line of another type than those before it.
    next: Option<Line>,
}

impl Lines {
    /// Up to [`CHUNK`] lines of one type; nothing at the end of the file.
    fn batch(&mut self) -> Result<Option<Batch>, BoxError> {
        let first = match self.next.take() {
            Some(line) => line,
            None => match self.read()? {
                Some(line) => line,
                None => return Ok(None),
            },
        };
        let mut batch = Batch { kind: first.kind, lines: vec![(first.number, Value::Object(first.row))] };
        while batch.lines.len() < CHUNK {
            match self.read()? {
                Some(line) if line.kind == batch.kind => batch.lines.push((line.number, Value::Object(line.row))),
                other => {
                    self.next = other;
                    break;
                }
            }
        }
        Ok(Some(batch))
    }

    fn read(&mut self) -> Result<Option<Line>, BoxError> {
        let mut line = vec![];
        let read = self.reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        self.bytes += read as u64;
        let number = self.number;
        let mut row: Map<String, Value> =
            serde_json::from_slice(&line).map_err(|error| format!("line {number}: {error}"))?;
        let kind = row.remove("type").and_then(|kind| kind.as_str().map(str::to_owned));
        let kind = kind.ok_or_else(|| format!("line {number}: it has no type"))?;
        Ok(Some(Line { number, kind, row }))
    }
}

/// What is written when all rows are there.
#[derive(Default)]
struct Program {
    settings: Map<String, Value>,
    sequences: HashMap<String, i64>,
    /// Columns that name rows of the same table, by the type of its rows.
    later: HashMap<&'static str, Vec<Map<String, Value>>>,
    /// Whether the last line has come.
    whole: bool,
}

impl Program {
    async fn take(&mut self, tx: &mut Tx, batch: Batch) -> Result<(), BoxError> {
        let first = batch.lines.first().map_or(0, |(number, _)| *number);
        if self.whole {
            return Err(format!("line {first}: it comes after the end").into());
        }
        match batch.kind.as_str() {
            SETTING => {
                let rows: Vec<Setting> = read(batch.lines)?;
                self.settings.extend(rows.into_iter().map(|row| (row.name, row.value)));
                Ok(())
            }
            User::TYPE => self.insert::<User>(tx, batch).await,
            Code::TYPE => self.insert::<Code>(tx, batch).await,
            Click::TYPE => self.insert_clicks(tx, batch).await,
            Referral::TYPE => self.insert::<Referral>(tx, batch).await,
            Attribution::TYPE => self.insert::<Attribution>(tx, batch).await,
            Audit::TYPE => self.insert::<Audit>(tx, batch).await,
            Event::TYPE => self.insert::<Event>(tx, batch).await,
            PaymentRecord::TYPE => self.insert::<PaymentRecord>(tx, batch).await,
            PaymentRef::TYPE => self.insert::<PaymentRef>(tx, batch).await,
            PaymentClue::TYPE => self.insert::<PaymentClue>(tx, batch).await,
            PaymentCustomer::TYPE => self.insert::<PaymentCustomer>(tx, batch).await,
            PaymentFact::TYPE => self.insert::<PaymentFact>(tx, batch).await,
            StripeEvent::TYPE => self.insert::<StripeEvent>(tx, batch).await,
            RuleRecord::TYPE => self.insert::<RuleRecord>(tx, batch).await,
            VersionRecord::TYPE => self.insert::<VersionRecord>(tx, batch).await,
            Reward::TYPE => self.insert::<Reward>(tx, batch).await,
            RefusalRecord::TYPE => self.insert::<RefusalRecord>(tx, batch).await,
            ReviewRecord::TYPE => self.insert::<ReviewRecord>(tx, batch).await,
            RewardUse::TYPE => self.insert::<RewardUse>(tx, batch).await,
            Transfer::TYPE => self.insert::<Transfer>(tx, batch).await,
            SEQUENCE => {
                let rows: Vec<Sequence> = read(batch.lines)?;
                self.sequences.extend(rows.into_iter().map(|row| (row.table, row.last)));
                Ok(())
            }
            END => {
                let rows: Vec<End> = read(batch.lines)?;
                self.whole = rows.iter().any(|end| end.lines + 1 == first);
                match self.whole {
                    true => Ok(()),
                    false => Err(format!("line {first}: lines are missing before it").into()),
                }
            }
            other => Err(format!("line {first}: there is no type {other:?}").into()),
        }
    }

    async fn insert<R: Row>(&mut self, tx: &mut Tx, batch: Batch) -> Result<(), BoxError> {
        let (first, last) = (batch.lines.first().map_or(0, |line| line.0), batch.lines.last().map_or(0, |line| line.0));
        let rows: Vec<R> = read(batch.lines)?;
        let later = program_import::insert(tx, &rows).await;
        self.later
            .entry(R::TYPE)
            .or_default()
            .extend(later.map_err(|error| format!("lines {first} to {last}: {error}"))?);
        Ok(())
    }

    /// Clicks of PostgreSQL lie in a table a month.
    async fn insert_clicks(&mut self, tx: &mut Tx, batch: Batch) -> Result<(), BoxError> {
        let ids = batch.lines.iter().filter_map(|(_, row)| row.get("id")?.as_str()?.parse::<i64>().ok());
        let days: BTreeSet<i64> = ids.map(|id| Time(id >> CLICK_ID_BITS).day()).collect();
        for day in days {
            click_partitions::ensure_months_in(tx, Time(day * DAY), 1).await?;
        }
        self.insert::<Click>(tx, batch).await
    }

    async fn set_later<R: Row>(&mut self, tx: &mut Tx) -> sqlx::Result<()> {
        for part in self.later.remove(R::TYPE).unwrap_or_default().chunks(CHUNK) {
            program_import::set_later::<R>(tx, part).await?;
        }
        Ok(())
    }

    async fn finish(mut self, tx: &mut Tx) -> Result<(), BoxError> {
        if !self.whole {
            return Err("its end is missing".into());
        }
        self.set_later::<User>(tx).await?;
        self.set_later::<PaymentRecord>(tx).await?;
        self.set_later::<Reward>(tx).await?;
        program_import::count_all(tx).await?;
        for table in sequences::TABLES {
            sequences::set(tx, table, self.sequences.get(table).copied().unwrap_or_default()).await?;
        }
        let known = ProgramSettings::default().into_object();
        if let Some(name) = self.settings.keys().find(|name| !known.contains_key(*name)) {
            return Err(format!("there is no setting {name:?}").into());
        }
        let settings = ProgramSettings::from_object(self.settings).ok_or("a setting has a value that does not fit")?;
        let settings = settings.validated().map_err(|_| "a setting has a value that does not fit")?;
        for (name, value) in settings.into_object() {
            settings::put(tx, &name, &value.to_string(), Clock::default().now()).await?;
        }
        Ok(())
    }
}

/// Lines as rows, or what is wrong with the first that is none.
fn read<T: DeserializeOwned>(lines: Vec<(u64, Value)>) -> Result<Vec<T>, BoxError> {
    let row = |(number, row)| serde_json::from_value(row).map_err(|error| format!("line {number}: {error}").into());
    lines.into_iter().map(row).collect()
}

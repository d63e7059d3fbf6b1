//! Reading a CSV file line by line, without believing anything about it.

use crate::{
    domain::{accounts::new_account::optional_line, time::Time},
    server::{errors::BoxError, exports::unescape_formula},
    text::english,
};
use csv::{ByteRecord, Reader, ReaderBuilder};
use std::{
    cell::Cell,
    collections::HashMap,
    fs::File,
    io::{self, Read},
    path::Path,
    rc::Rc,
};

/// Bytes of a line at most. No line that fits the rules comes near it.
const MAX_LINE: usize = 256 * 1_024;

/// Wrong lines that are named.
const MAX_NAMED: usize = 20;

/// What has been read since the last whole line, and of quotes in all.
#[derive(Default)]
struct Watch {
    bytes: Cell<usize>,
    quotes: Cell<u64>,
}

/// A file that is not read further when a line does not end.
struct Watched {
    file: File,
    watch: Rc<Watch>,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.watch.bytes.get() > MAX_LINE {
            return Err(io::Error::other(format!("a line is longer than {MAX_LINE} bytes")));
        }
        let count = self.file.read(buffer)?;
        self.watch.bytes.set(self.watch.bytes.get() + count);
        let quotes = buffer[..count].iter().filter(|byte| **byte == b'"').count();
        self.watch.quotes.set(self.watch.quotes.get() + quotes as u64);
        Ok(count)
    }
}

/// A CSV file with a head.
pub struct Table {
    reader: Reader<Watched>,
    watch: Rc<Watch>,
    columns: Rc<HashMap<&'static str, usize>>,
    width: usize,
    bytes: u64,
    /// Whether there is no telling any more where lines begin.
    broken: bool,
}

/// One line below the head.
pub struct Line {
    cells: Vec<String>,
    columns: Rc<HashMap<&'static str, usize>>,
}

impl Line {
    /// A cell, trimmed; `None` when the file has no such column.
    pub fn get(&self, column: &str) -> Option<&str> {
        self.columns.get(column).and_then(|at| self.cells.get(*at)).map(|cell| cell.trim())
    }

    /// A cell; empty when the file has no such column.
    pub fn text(&self, column: &str) -> &str {
        self.get(column).unwrap_or_default()
    }

    /// A line of `most` characters, or nothing.
    pub fn short(&self, column: &str, most: usize) -> Result<Option<String>, String> {
        optional_line(column, self.text(column), most)
            .map_err(|error| format!("{column}: {}", english().message(&error.message)))
    }

    /// Yes or no; `missing` when the cell is empty.
    pub fn flag(&self, column: &str, missing: bool) -> Result<bool, String> {
        match self.text(column).to_lowercase().as_str() {
            "" => Ok(missing),
            "true" | "yes" | "1" => Ok(true),
            "false" | "no" | "0" => Ok(false),
            _ => Err(format!("{column}: Please write true or false.")),
        }
    }

    /// When the line says that it was created; now when it does not say.
    pub fn created_at(&self, now: Time) -> Result<Time, String> {
        match self.text("created_at") {
            "" => Ok(now),
            text => Time::parse_minute(text)
                .filter(|at| *at <= now)
                .ok_or_else(|| "created_at: Please write a time in the past like 2026-12-31T18:00:00Z.".into()),
        }
    }
}

impl Table {
    /// Opens a file. Its head names columns of `known`, in any order, those of `needed` among them.
    pub fn open(path: &Path, needed: &[&str], known: &[&'static str]) -> Result<Self, BoxError> {
        let cannot = |error: io::Error| format!("cannot read {}: {error}", path.display());
        let file = File::open(path).map_err(cannot)?;
        let bytes = file.metadata().map_err(cannot)?.len();
        let watch = Rc::new(Watch::default());
        let mut reader =
            ReaderBuilder::new().has_headers(false).flexible(true).from_reader(Watched { file, watch: watch.clone() });
        let mut head = ByteRecord::new();
        if !reader.read_byte_record(&mut head).map_err(|error| format!("line 1: {error}"))? {
            return Err(format!("{} is empty; its first line must name the columns", path.display()).into());
        }
        watch.bytes.set(0);
        let mut columns = HashMap::new();
        for (at, name) in head.iter().enumerate() {
            let name = String::from_utf8_lossy(name);
            let name = name.trim_start_matches('\u{feff}').trim().to_lowercase();
            let Some(column) = known.iter().find(|known| **known == name) else {
                let name: String = name.chars().take(40).collect();
                return Err(format!("line 1: there is no column {name:?}; there are {}", known.join(", ")).into());
            };
            if columns.insert(*column, at).is_some() {
                return Err(format!("line 1: the column {name:?} is there twice").into());
            }
        }
        if let Some(missing) = needed.iter().find(|needed| !columns.contains_key(**needed)) {
            return Err(format!("line 1: the column {missing:?} is missing").into());
        }
        Ok(Self { reader, watch, columns: Rc::new(columns), width: head.len(), bytes, broken: false })
    }

    /// The size of the file.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How far it has been read.
    pub fn position(&self) -> u64 {
        self.reader.position().byte()
    }

    /// Up to `count` lines as what `parse` makes of them; what is wrong goes to `wrong`. `None` at the end of the file.
    pub fn chunk<T>(
        &mut self,
        count: usize,
        wrong: &mut Wrong,
        parse: impl Fn(&Line) -> Result<T, String>,
    ) -> Option<Vec<(u64, T)>> {
        if self.broken {
            return None;
        }
        let mut parsed = vec![];
        let mut record = ByteRecord::new();
        for n in 0..count {
            match self.reader.read_byte_record(&mut record) {
                Ok(true) => {}
                Ok(false) => {
                    if !self.watch.quotes.get().is_multiple_of(2) {
                        wrong.add(self.reader.position().line(), "a quote is opened and never closed");
                        self.watch.quotes.set(0);
                    }
                    return (n > 0).then_some(parsed);
                }
                Err(error) => {
                    self.broken = true;
                    wrong.add(self.reader.position().line(), &error.to_string());
                    return (n > 0).then_some(parsed);
                }
            }
            self.watch.bytes.set(0);
            let number = record.position().map_or(0, csv::Position::line);
            match self.line(&record).and_then(|line| parse(&line)) {
                Ok(value) => parsed.push((number, value)),
                Err(why) => wrong.add(number, &why),
            }
        }
        Some(parsed)
    }

    fn line(&self, record: &ByteRecord) -> Result<Line, String> {
        if record.len() != self.width {
            return Err(format!("it has {} cells, and the first line has {}", record.len(), self.width));
        }
        let cells = record.iter().map(|cell| Ok(unescape_formula(std::str::from_utf8(cell)?).to_owned()));
        let cells = cells.collect::<Result<_, std::str::Utf8Error>>().map_err(|_| "it is not UTF-8")?;
        Ok(Line { cells, columns: self.columns.clone() })
    }
}

/// What is wrong with which lines. Many are counted, some are named.
#[derive(Default)]
pub struct Wrong {
    count: usize,
    named: Vec<(u64, String)>,
}

impl Wrong {
    pub fn add(&mut self, line: u64, why: &str) {
        self.count += 1;
        if self.is_open() {
            self.named.push((line, format!("line {line}: {why}")));
        }
    }

    /// Whether another wrong line would be named.
    pub fn is_open(&self) -> bool {
        self.named.len() < MAX_NAMED
    }

    /// The named lines in order, and how many there are in all; `None` when nothing is wrong.
    pub fn into_list(mut self) -> Option<(Vec<String>, usize)> {
        self.named.sort_by_key(|(line, _)| *line);
        (self.count > 0).then(|| (self.named.into_iter().map(|(_, text)| text).collect(), self.count))
    }
}

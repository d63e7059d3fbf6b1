//! Reading a table from a file line by line, without believing anything about it.

use crate::{
    domain::{
        accounts::new_account::optional_line,
        time::{HOUR, Time},
    },
    server::{
        commands::{
            console::say,
            import::{
                columns::{Columns, Places},
                file_format::FileFormat,
                moment,
                wrong::Wrong,
            },
        },
        config::cli::{CsvFile, Vendor},
        errors::BoxError,
        exports::unescape_formula,
    },
    text::english,
};
use csv::{ByteRecord, Reader, ReaderBuilder};
use std::{
    cell::Cell,
    fs::File,
    io::{self, Cursor, Read},
    path::Path,
    rc::Rc,
};

/// Bytes of a line at most. No line that fits the rules comes near it.
const MAX_LINE: usize = 256 * 1_024;

/// Bytes by which a file is recognised; heads are shorter.
const START: u64 = 64 * 1_024;

/// No time zone is further ahead of UTC: a time without an offset may seem to be in the future by so much.
const FURTHEST_ZONE: i64 = 14 * HOUR;

/// What has been read since the last whole line, and of quotes in all.
#[derive(Default)]
struct Watch {
    bytes: Cell<usize>,
    quotes: Cell<u64>,
}

/// A file that is not read further when a line does not end.
struct Watched {
    file: io::Chain<Cursor<Vec<u8>>, File>,
    bare_returns: bool,
    watch: Rc<Watch>,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.watch.bytes.get() > MAX_LINE {
                return Err(io::Error::other(format!("a line is longer than {MAX_LINE} bytes")));
            }
            let count = self.file.read(buffer)?;
            self.watch.bytes.set(self.watch.bytes.get() + count);
            let kept = self.with_line_feeds(&mut buffer[..count]);
            let quotes = buffer[..kept].iter().filter(|byte| **byte == b'"').count();
            self.watch.quotes.set(self.watch.quotes.get() + quotes as u64);
            if kept > 0 || count == 0 {
                return Ok(kept);
            }
        }
    }
}

impl Watched {
    /// Lets every line end with a line feed alone, by which the reader counts them; how many bytes are left.
    fn with_line_feeds(&self, bytes: &mut [u8]) -> usize {
        let mut kept = 0;
        for at in 0..bytes.len() {
            let byte = match bytes[at] {
                b'\r' if self.bare_returns => b'\n',
                b'\r' => continue,
                byte => byte,
            };
            bytes[kept] = byte;
            kept += 1;
        }
        kept
    }
}

/// A table with a head.
pub struct Table {
    reader: Reader<Watched>,
    watch: Rc<Watch>,
    columns: Rc<Places>,
    width: usize,
    bytes: u64,
    format: FileFormat,
    /// Whether there is no telling any more where lines begin.
    broken: bool,
}

/// One line below the head.
pub struct Line {
    cells: Vec<String>,
    columns: Rc<Places>,
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
        short(column, self.text(column), most)
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

    /// A time, if there is one.
    pub fn moment(&self, column: &str) -> Result<Option<Time>, String> {
        match self.text(column) {
            "" => Ok(None),
            text => moment::read(text).map(Some).ok_or_else(|| {
                format!("{column}: Please write a time like 2026-12-31T18:00:00Z or 2026-12-31; UTC without an offset.")
            }),
        }
    }

    /// When the line says that it was created; now when it does not say.
    pub fn created_at(&self, now: Time) -> Result<Time, String> {
        match self.moment("created_at")? {
            Some(at) if at.since(now) > FURTHEST_ZONE => Err("created_at: Please write a time in the past.".into()),
            at => Ok(at.unwrap_or(now).min(now)),
        }
    }
}

/// One line of text of `most` characters, or nothing.
pub fn short(column: &str, text: &str, most: usize) -> Result<Option<String>, String> {
    optional_line(column, text, most).map_err(|error| format!("{column}: {}", english().message(&error.message)))
}

impl Table {
    /// Opens a file whose head names columns in any order: these, or those of a vendor's export. Says so when they are
    /// not separated by commas.
    pub fn open(csv: &CsvFile, columns: Columns, from: Option<Vendor>) -> Result<Self, BoxError> {
        let (mut table, head) = Self::read_head(&csv.file)?;
        let line = table.format.skipped_lines + 1;
        let places = match from {
            Some(vendor) => vendor.find(&head),
            None => columns.find(&head),
        };
        table.columns = Rc::new(places.map_err(|why| format!("line {line}: {why}{}", table.in_words()))?);
        if let Some(name) = table.format.unusual_separator().filter(|_| !csv.quiet) {
            say(&format!("{} is separated by {name}.", csv.file.display()));
        }
        Ok(table)
    }

    /// What may be the reason why nothing in the head is known.
    fn in_words(&self) -> String {
        let separated = self.format.unusual_separator().map(|name| format!(" (read as separated by {name})"));
        separated.unwrap_or_default()
    }

    /// The names in the head of a file.
    pub fn head(file: &Path) -> Result<Vec<String>, BoxError> {
        Ok(Self::read_head(file)?.1)
    }

    fn read_head(path: &Path) -> Result<(Self, Vec<String>), BoxError> {
        let cannot = |error: io::Error| format!("cannot read {}: {error}", path.display());
        let mut file = File::open(path).map_err(cannot)?;
        let bytes = file.metadata().map_err(cannot)?.len();
        let mut start = vec![];
        file.by_ref().take(START).read_to_end(&mut start).map_err(cannot)?;
        let format = FileFormat::of(&start).map_err(|what| format!("{} {what}", path.display()))?;
        let watch = Rc::new(Watch::default());
        start.drain(..format.skipped);
        let file = Cursor::new(start).chain(file);
        let watched = Watched { file, bare_returns: format.bare_returns, watch: watch.clone() };
        let mut reader =
            ReaderBuilder::new().has_headers(false).flexible(true).delimiter(format.separator).from_reader(watched);
        let mut head = ByteRecord::new();
        if !reader.read_byte_record(&mut head).map_err(|error| format!("line 1: {error}"))? {
            return Err(format!("{} is empty; its first line must name the columns", path.display()).into());
        }
        watch.bytes.set(0);
        let names: Result<Vec<String>, _> =
            head.iter().map(|name| std::str::from_utf8(name).map(|name| name.trim().to_owned())).collect();
        let names = names.map_err(|_| format!("line 1: {NOT_UTF_8}"))?;
        let columns = Rc::default();
        Ok((Self { reader, watch, columns, width: head.len(), bytes, format, broken: false }, names))
    }

    /// The size of the file.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How far it has been read.
    pub fn position(&self) -> u64 {
        self.reader.position().byte()
    }

    /// Whether the file has this column.
    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
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
                        wrong.add(self.line_number(None), "a quote is opened and never closed");
                        self.watch.quotes.set(0);
                    }
                    return (n > 0).then_some(parsed);
                }
                Err(error) => {
                    self.broken = true;
                    wrong.add(self.line_number(None), &error.to_string());
                    return (n > 0).then_some(parsed);
                }
            }
            self.watch.bytes.set(0);
            let number = self.line_number(record.position());
            match self.line(&record).and_then(|line| parse(&line)) {
                Ok(value) => parsed.push((number, value)),
                Err(why) => wrong.add(number, &why),
            }
        }
        Some(parsed)
    }

    /// The number of a line in the file, or of the line that has been reached.
    fn line_number(&self, record: Option<&csv::Position>) -> u64 {
        self.format.skipped_lines + record.unwrap_or(self.reader.position()).line()
    }

    fn line(&self, record: &ByteRecord) -> Result<Line, String> {
        if record.len() != self.width {
            return Err(format!("it has {} cells, and the first line has {}", record.len(), self.width));
        }
        let cells = record.iter().map(|cell| Ok(unescape_formula(std::str::from_utf8(cell)?).to_owned()));
        let cells = cells.collect::<Result<_, std::str::Utf8Error>>().map_err(|_| NOT_UTF_8)?;
        Ok(Line { cells, columns: self.columns.clone() })
    }
}

const NOT_UTF_8: &str =
    "it is not UTF-8 (perhaps Windows-1252, as older Excel writes it): save the file as “CSV UTF-8”";

//! What a file is, by how it begins: one of the tables that programs write as text, or something that is none.

/// How a table is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileFormat {
    pub separator: u8,
    /// Bytes before the head: a byte order mark, and a line that only names the separator.
    pub skipped: usize,
    /// Lines among them.
    pub skipped_lines: u64,
    /// Whether lines end as on old Macs, by a carriage return alone.
    pub bare_returns: bool,
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The separators that programs use, the most usual last.
const SEPARATORS: [(u8, &str); 3] = [(b'\t', "tabs"), (b';', "semicolons"), (b',', "commas")];

impl FileFormat {
    /// Looks at how a file begins, at the whole head if it can be. An error says what it is instead, and what to do.
    pub fn of(start: &[u8]) -> Result<Self, &'static str> {
        if let Some(other) = what_else(start) {
            return Err(other);
        }
        let mark = if start.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        let table = &start[mark..];
        let (first, end) = first_line(table);
        let bare_returns = end == b"\r";
        match first {
            [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] => Ok(Self {
                separator: *separator,
                skipped: mark + first.len() + end.len(),
                skipped_lines: 1,
                bare_returns,
            }),
            _ => Ok(Self { separator: separator_of(first), skipped: mark, skipped_lines: 0, bare_returns }),
        }
    }

    /// The separator in words, where it is not the usual one.
    pub fn unusual_separator(&self) -> Option<&'static str> {
        let name = SEPARATORS.iter().find(|(byte, _)| *byte == self.separator).map(|(_, name)| *name);
        (self.separator != b',').then(|| name.unwrap_or("another character"))
    }
}

/// What a file is that is no table in UTF-8.
fn what_else(start: &[u8]) -> Option<&'static str> {
    let has = |part: &[u8]| start.windows(part.len()).any(|window| window == part);
    let text = start.strip_prefix(BYTE_ORDER_MARK).unwrap_or(start).trim_ascii_start();
    let begins = |name: &str| text.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name.as_bytes()));
    if start.starts_with(b"PK\x03\x04") {
        return Some(if has(b"opendocument.spreadsheet") {
            "is an OpenDocument spreadsheet (.ods), not CSV: open it and save it as CSV in UTF-8"
        } else if has(b"[Content_Types].xml") || has(b"xl/") {
            "is an Excel workbook (.xlsx), not CSV: open it and save it as “CSV UTF-8”"
        } else {
            "is a zip archive: unpack it and import the CSV file inside"
        });
    }
    if start.starts_with(b"\xd0\xcf\x11\xe0") {
        return Some("is an old Excel workbook (.xls), not CSV: open it and save it as “CSV UTF-8”");
    }
    if start.starts_with(b"\x1f\x8b") {
        return Some("is compressed with gzip: unpack it with gunzip and import the CSV file");
    }
    if begins("%PDF") {
        return Some("is a PDF, not CSV: export the table as CSV");
    }
    if is_utf_16(start) {
        return Some("is in UTF-16 (Excel’s “Unicode Text”): save it as “CSV UTF-8”");
    }
    if begins("<!doctype html") || begins("<html") {
        return Some("is a web page, not CSV: download the table anew, while you are signed in there");
    }
    if begins("{") || begins("[") {
        return Some("is JSON, not CSV: a file of `passalong export` is read by `passalong import FILE`");
    }
    None
}

/// By its byte order mark, or because every other byte is zero as in plain English text.
fn is_utf_16(start: &[u8]) -> bool {
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        return true;
    }
    let pairs = start.as_chunks::<2>().0;
    let pairs = &pairs[..pairs.len().min(256)];
    let zeros = |at: usize| pairs.iter().filter(|pair| pair[at] == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    first.max(second) * 10 > pairs.len() * 7 && first.min(second) * 10 < pairs.len().max(1)
}

/// The first line and what ends it. Breaks within quotes belong to the line.
fn first_line(text: &[u8]) -> (&[u8], &[u8]) {
    let mut quoted = false;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'\r' | b'\n' if !quoted => {
                let end = if text[at..].starts_with(b"\r\n") { 2 } else { 1 };
                return (&text[..at], &text[at..at + end]);
            }
            _ => {}
        }
    }
    (text, b"")
}

/// What separates the names of the columns: what stands most often between them.
fn separator_of(head: &[u8]) -> u8 {
    let mut counts = SEPARATORS.map(|(byte, _)| (0, byte));
    let mut quoted = false;
    for byte in head {
        match byte {
            b'"' => quoted = !quoted,
            byte if !quoted => {
                counts.iter_mut().filter(|(_, separator)| separator == byte).for_each(|(count, _)| *count += 1);
            }
            _ => {}
        }
    }
    // Of equals the last is taken, which is the most usual.
    counts.into_iter().max_by_key(|(count, _)| *count).map_or(b',', |(_, byte)| byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn utf_16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn other_files_are_known_by_how_they_begin() {
        for (start, what) in [
            (b"PK\x03\x04\x14\0\x06\0..[Content_Types].xml".to_vec(), "Excel workbook (.xlsx)"),
            (b"PK\x03\x04\x14\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet".to_vec(), ".ods"),
            (b"PK\x03\x04\x14\0subscribed_members.csv".to_vec(), "zip archive"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "old Excel workbook"),
            (b"\x1f\x8b\x08\0".to_vec(), "gzip"),
            (b"%PDF-1.7\n".to_vec(), "PDF"),
            (b"\n <!DOCTYPE html><html>".to_vec(), "web page"),
            (b"{\"type\":\"setting\"}\n".to_vec(), "JSON"),
            (b"\xff\xfee\0".to_vec(), "UTF-16"),
            (b"\xfe\xff\0e".to_vec(), "UTF-16"),
            (utf_16("email,name\n", u16::to_le_bytes), "UTF-16"),
            (utf_16("email,name\n", u16::to_be_bytes), "UTF-16"),
        ] {
            let said = FileFormat::of(&start).expect_err(what);
            assert!(said.contains(what), "{what}: {said}");
        }
    }

    #[test]
    fn a_line_may_name_the_separator() {
        let format = FileFormat::of(b"\xef\xbb\xbfsep=;\r\nemail;a,b,c\r\n").expect("a table");
        assert_eq!((format.separator, format.skipped, format.skipped_lines), (b';', 10, 1));
        assert_eq!(format.unusual_separator(), Some("semicolons"));
        let plain = FileFormat::of(b"email").expect("a table");
        assert_eq!((plain.separator, plain.skipped, plain.unusual_separator()), (b',', 0, None));
    }

    proptest! {
        #[test]
        fn every_table_is_recognised(
            head in prop::collection::vec("[a-z_]{1,12}|\"[a-z]{1,6}[,;\t \n]{0,2}[a-z]{0,6}\"", 2..30),
            cells in prop::collection::vec("[a-zé0-9,; ]{0,20}", 0..9),
            separator in prop::sample::select(vec![b',', b';', b'\t']),
            end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
            mark in any::<bool>(),
        ) {
            let joined = |cells: &[String]| cells.join(std::str::from_utf8(&[separator]).expect("ASCII"));
            let mark = if mark { "\u{feff}" } else { "" };
            let text = format!("{mark}{}{end}{}{end}", joined(&head), joined(&cells));
            let format = FileFormat::of(text.as_bytes()).expect("a table");
            let expected = FileFormat {
                separator,
                skipped: mark.len(),
                skipped_lines: 0,
                bare_returns: end == "\r",
            };
            prop_assert_eq!(format, expected);
        }

        #[test]
        fn nothing_makes_it_panic(start in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = FileFormat::of(&start);
        }
    }
}

//! A place in a list, from which the next page goes on.

use std::{fmt, str::FromStr};

/// The row that a page of a list ended with: its value in the sorted column, and its id, by which ties go.
///
/// As text it is `17` for lists sorted by id alone, `17.n250` for numbers and `17.tSPRING` for text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub id: i64,
    pub key: Option<CursorKey>,
}

/// The value of a row in the sorted column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CursorKey {
    Number(i64),
    Text(String),
}

impl Cursor {
    /// A place in a list that is sorted by id.
    pub fn of_id(id: i64) -> Self {
        Self { id, key: None }
    }

    /// A place in a list that is sorted by a number.
    pub fn of_number(number: i64, id: i64) -> Self {
        Self { id, key: Some(CursorKey::Number(number)) }
    }

    /// A place in a list that is sorted by a text.
    pub fn of_text(text: impl Into<String>, id: i64) -> Self {
        Self { id, key: Some(CursorKey::Text(text.into())) }
    }

    /// The number of the row in the sorted column, for lists that are sorted by one.
    pub fn number(&self) -> Option<i64> {
        match self.key {
            Some(CursorKey::Number(number)) => Some(number),
            _ => None,
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            None => write!(f, "{}", self.id),
            Some(CursorKey::Number(number)) => write!(f, "{}.n{number}", self.id),
            Some(CursorKey::Text(text)) => write!(f, "{}.t{text}", self.id),
        }
    }
}

/// A text that names no place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACursor;

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (id, key) = text.split_once('.').map_or((text, None), |(id, key)| (id, Some(key)));
        let id = id.parse().map_err(|_| NotACursor)?;
        let key = match key {
            None => None,
            Some(key) => Some(match key.strip_prefix('t') {
                Some(text) if text.contains(char::is_control) => return Err(NotACursor),
                Some(text) => CursorKey::Text(text.to_owned()),
                None => CursorKey::Number(key.strip_prefix('n').and_then(|n| n.parse().ok()).ok_or(NotACursor)?),
            }),
        };
        Ok(Self { id, key })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text() {
        for cursor in [Cursor::of_id(17), Cursor::of_number(-5, 9), Cursor::of_text("a.b c", 1), Cursor::of_text("", 2)]
        {
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for wrong in ["", "x", "1.", "1.ta\0b", "1.x5", "1.n", "1.nx", "9999999999999999999"] {
            assert_eq!(wrong.parse::<Cursor>(), Err(NotACursor), "{wrong}");
        }
    }
}

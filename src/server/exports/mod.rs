//! What is there to save: tables as CSV, streamed a page of rows at a time, so that memory stays flat whatever their
//! number; and QR codes.

pub mod audit;
pub mod codes;
pub mod conversions;
pub mod qr_code;
pub mod rewards;
pub mod usages;
pub mod users;

use crate::{
    error::AppError,
    server::{
        context::request_context::{Identity, sign_in_address},
        state::AppState,
    },
    text::english,
};
use axum::{
    Extension,
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::stream;
use std::borrow::Cow;

/// Rows that are read at once.
const PAGE_SIZE: i64 = 2_000;

/// What tells Excel that a table is in UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Some rows of a table, and where the next ones begin.
pub struct RowPage<C> {
    pub rows: Vec<Vec<String>>,
    pub next: Option<C>,
}

impl<C> RowPage<C> {
    /// Turns records into rows. A page that is not full is the last one.
    fn of<R>(records: Vec<R>, cursor: impl Fn(&R) -> C, row: impl Fn(R) -> Vec<String>) -> Self {
        let full = records.len() as i64 == PAGE_SIZE;
        let next = records.last().filter(|_| full).map(cursor);
        Self { rows: records.into_iter().map(row).collect(), next }
    }
}

/// Whether a spreadsheet would take a cell that begins like this for a formula.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// A cell that no spreadsheet takes for a formula: one that begins like a formula gets an apostrophe before it. So does
/// one that begins with apostrophes and then like a formula, so that [`unescape_formula`] gives every cell back.
pub fn escape_formula(cell: &str) -> Cow<'_, str> {
    if is_formula(cell.trim_start_matches('\'')) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// The cell that was escaped.
pub fn unescape_formula(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest,
        _ => cell,
    }
}

/// Rows as CSV.
fn to_csv<'a, R: IntoIterator<Item = &'a str>>(rows: impl IntoIterator<Item = R>) -> csv::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(vec![]);
    for row in rows {
        writer.write_record(row.into_iter().map(escape_formula).map(|cell| cell.into_owned().into_bytes()))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// The answer to whoever is no admin.
fn refuse_others(identity: &Identity, uri: &Uri) -> Option<Response> {
    match identity.caller.signed_in() {
        Ok(Some(user)) if user.admin => None,
        Ok(Some(_)) => Some(plain_error(&AppError::Forbidden)),
        Err(error) => Some(plain_error(&error)),
        Ok(None) => Some((StatusCode::SEE_OTHER, [(header::LOCATION, sign_in_address(uri))]).into_response()),
    }
}

/// The rows after `start`, as a file to save. `page` reads some of them.
async fn stream_csv<C, F>(
    state: AppState,
    name: &str,
    columns: &'static [&'static str],
    start: C,
    page: impl Fn(AppState, C) -> F + Send + 'static,
) -> Response
where
    C: Send + 'static,
    F: Future<Output = sqlx::Result<RowPage<C>>> + Send,
{
    // Read before the answer begins: what fails now has a status.
    let first = match page(state.clone(), start).await {
        Ok(first) => first,
        Err(error) => return plain_error(&AppError::from(error)),
    };
    let head = stream::once(async {
        let head = to_csv([columns.iter().copied()]).map_err(axum::Error::new)?;
        Ok::<_, axum::Error>(Bytes::from([BYTE_ORDER_MARK, &head].concat()))
    });
    let rest = stream::try_unfold((state, page, Some(first)), |(state, page, shown)| async move {
        let Some(RowPage { rows, next }) = shown else { return Ok(None) };
        let bytes = to_csv(rows.iter().map(|row| row.iter().map(String::as_str))).map_err(axum::Error::new)?;
        let next = match next {
            Some(cursor) => Some(page(state.clone(), cursor).await.map_err(|error| {
                // The connection breaks off: nobody takes half a table for a whole one.
                tracing::error!(%error, "a table could not be read to its end");
                axum::Error::new(error)
            })?),
            None => None,
        };
        Ok(Some((Bytes::from(bytes), (state, page, next))))
    });
    let headers: [(HeaderName, String); 3] = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".into()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".into()),
    ];
    (headers, Body::from_stream(futures::StreamExt::chain(head, rest))).into_response()
}

/// An error in one line, where there is no page to show it on. The router says it in the reader's language.
pub fn plain_error(error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Extension(error.clone()), english().error(error)).into_response();
    if let Some(seconds) = error.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "''+1"] {
            assert_eq!(escape_formula(cell), format!("'{cell}"), "{cell:?}");
            assert!(!is_formula(&escape_formula(cell)));
        }
        for cell in ["", "a=1", "'", "'quoted'", "3 - 2", "ann@example.com"] {
            assert_eq!(escape_formula(cell), cell);
        }
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let rows = [["a", "x,y", "say \"hi\"", "two\nlines", "=1"]];
        let text = String::from_utf8(to_csv(rows).expect("CSV")).expect("text");
        assert_eq!(text, "a,\"x,y\",\"say \"\"hi\"\"\",\"two\nlines\",'=1\n");
    }

    proptest::proptest! {
        #[test]
        fn every_cell_comes_back(cell in "['=+@\t a-]{0,6}") {
            let escaped = escape_formula(&cell);
            proptest::prop_assert_eq!(unescape_formula(&escaped), cell.as_str());
            proptest::prop_assert!(!is_formula(&escaped));
        }
    }
}

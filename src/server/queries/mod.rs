//! Reads for pages, CSV and API, a folder per noun.

pub mod accounts;
pub mod api_keys;
pub mod audit;
pub mod codes;
pub mod conversions;
pub mod friends;
pub mod home;
pub mod overview;
pub mod referrals;
pub mod reviews;
pub mod rewards;
pub mod statistics;
pub mod system;
pub mod users;
pub mod waiting;
pub mod webhook_pages;
pub mod webhooks;

/// A page of rows of which one too many was read, to see whether there are more; and where the next page begins.
pub fn split_page<R, C: ToString>(mut rows: Vec<R>, size: usize, cursor: impl Fn(&R) -> C) -> (Vec<R>, Option<String>) {
    let more = rows.len() > size;
    rows.truncate(size);
    let next = rows.last().filter(|_| more).map(|last| cursor(last).to_string());
    (rows, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_knows_whether_there_is_another() {
        assert_eq!(split_page(vec![1, 2], 2, |row| *row), (vec![1, 2], None));
        assert_eq!(split_page(vec![1, 2, 3], 2, |row| *row), (vec![1, 2], Some("2".into())));
    }
}

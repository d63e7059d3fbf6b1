//! Numbers and days in words, and text inside addresses.

use crate::domain::time::Time;
use std::fmt::Write;

/// A whole number with its thousands apart: `1,234,567`.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = if number < 0 { "−".to_owned() } else { String::new() };
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its noun: `1 click`, `2 clicks`.
pub fn counted(number: i64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// A day without its year: `3 May`.
pub fn short_day(time: Time) -> String {
    let date = time.date();
    date.rsplit_once(' ').map(|(day, _year)| day.to_owned()).unwrap_or(date)
}

/// Text as it stands in a query: everything but the unreserved characters of RFC 3986 percent-encoded.
pub fn encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// Text for a `<title>`, which Leptos writes as it is.
pub fn as_title(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let all = [0, 999, 1_000, 1_234_567, -45_000].map(grouped);
        assert_eq!(all, ["0", "999", "1,000", "1,234,567", "−45,000"]);
    }

    #[test]
    fn one_has_no_plural() {
        assert_eq!((counted(1, "day", "days"), counted(0, "day", "days")), ("1 day".into(), "0 days".into()));
    }

    #[test]
    fn queries_are_safe_for_any_text() {
        assert_eq!(encoded("a b&c=ü/?"), "a%20b%26c%3D%C3%BC%2F%3F");
    }

    #[test]
    fn a_title_ends_where_it_should() {
        assert_eq!(as_title("A & B</title><script>"), "A &amp; B&lt;/title>&lt;script>");
    }

    #[test]
    fn a_day_loses_its_year() {
        assert_eq!(short_day(Time(1_777_766_400_000)), "3 May");
    }
}

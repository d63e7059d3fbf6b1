//! Money: whole numbers in the smallest units of a currency, which has its own number of digits.

use crate::domain::{message::Message, number::grouped};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A currency by its three letters (ISO 4217), in capitals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Reads three letters, in capitals or not.
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 3] = text.trim().as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_alphabetic).then(|| Self(letters.map(|b| b.to_ascii_uppercase())))
    }

    /// The three letters.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Digits after the decimal point, by ISO 4217.
    pub fn digits(self) -> u32 {
        match self.as_str() {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND"
            | "VUV" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            "CLF" | "UYW" => 4,
            _ => 2,
        }
    }

    /// Digits after the decimal point of the whole numbers that Stripe sends. It keeps two for currencies that have
    /// lost theirs, and none for the ariary, whose parts nobody pays with.
    fn stripe_digits(self) -> u32 {
        match self.as_str() {
            "ISK" | "UGX" => 2,
            "MGA" => 0,
            _ => self.digits(),
        }
    }

    /// A whole number of Stripe's in the smallest units of the currency. Halves go away from zero.
    pub fn amount_of_stripe(self, amount: i64) -> i64 {
        let (from, to) = (self.stripe_digits(), self.digits());
        match from.checked_sub(to) {
            Some(fewer) => ratio(amount, 1, 10_i64.pow(fewer)),
            None => amount.saturating_mul(10_i64.pow(to - from)),
        }
    }

    /// What stands before an amount in English; the letters where no sign is common.
    pub fn sign(self) -> Option<&'static str> {
        Some(match self.as_str() {
            "USD" => "$",
            "EUR" => "€",
            "GBP" => "£",
            "JPY" => "¥",
            "INR" => "₹",
            "KRW" => "₩",
            "BRL" => "R$",
            "AUD" => "A$",
            "CAD" => "CA$",
            "MXN" => "MX$",
            "NZD" => "NZ$",
            _ => return None,
        })
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for Currency {
    type Error = UnknownCurrency;

    fn try_from(text: String) -> Result<Self, UnknownCurrency> {
        Self::parse(&text).ok_or(UnknownCurrency)
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::try_from(String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// A text that is no currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCurrency;

impl fmt::Display for UnknownCurrency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a currency is three letters, as USD")
    }
}

impl std::error::Error for UnknownCurrency {}

/// An amount of money. Amounts of different currencies are never added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema, sqlx::FromRow))]
pub struct Money {
    /// In the smallest units of the currency, as cents.
    pub amount: i64,
    /// Three letters (ISO 4217).
    #[cfg_attr(feature = "ssr", schema(value_type = String), sqlx(try_from = "String"))]
    pub currency: Currency,
}

impl fmt::Display for Money {
    /// As in English: `$1,234.50`, `¥500`, `KWD 1.250`, `−€3.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minus = if self.amount < 0 { "−" } else { "" };
        let (whole, part) = parts(self.amount, self.currency);
        let point = if part.is_empty() { "" } else { "." };
        let whole = grouped(i64::try_from(whole).unwrap_or(i64::MAX));
        match self.currency.sign() {
            Some(sign) => write!(f, "{minus}{sign}{whole}{point}{part}"),
            None => write!(f, "{minus}{}\u{a0}{whole}{point}{part}", self.currency),
        }
    }
}

/// The amount as digits with a point, as a form field takes it: `1234.50`.
pub fn decimal(amount: i64, currency: Currency) -> String {
    let (whole, part) = parts(amount, currency);
    let point = if part.is_empty() { "" } else { "." };
    format!("{}{whole}{point}{part}", if amount < 0 { "-" } else { "" })
}

/// Reads what [`decimal`] writes: a number of no more digits after the point than the currency has, 0 or more.
pub fn parse_decimal(text: &str, currency: Currency) -> Result<i64, Message> {
    let digits = currency.digits();
    let wrong = || Message::AmountMalformed { currency: currency.to_string(), digits };
    let (whole, part) = text.trim().split_once('.').map_or((text.trim(), None), |(whole, part)| (whole, Some(part)));
    let part = part.unwrap_or_default();
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let fits = !whole.is_empty() && whole.len() <= 15 && part.len() <= digits as usize;
    if !fits || !all_digits(whole) || !all_digits(part) {
        return Err(wrong());
    }
    format!("{whole}{part:0<width$}", width = digits as usize).parse().map_err(|_| wrong())
}

/// A number that somebody has typed, with a point before its decimals, for [`parse_decimal`]. `point` is what the
/// language of the form puts there, `.` or `,`; the other one is understood as well, and both together, as in
/// `1,234.50`. What could mean a thousand as well as a one, as `1,234` in English, keeps a comma: nothing reads it, so
/// that nobody gives a thousand times what was meant.
pub fn with_point(typed: &str, point: &str) -> String {
    let typed = typed.trim();
    let Some(last) = typed.rfind(['.', ',']) else { return typed.to_owned() };
    let (whole, part) = (&typed[..last], &typed[last + 1..]);
    let (mark, other) = if typed[last..].starts_with('.') { ('.', ',') } else { (',', '.') };
    let (first, rest) = whole.split_once(other).unwrap_or((whole, ""));
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let clear = if whole.contains(mark) {
        false
    } else if whole.contains(other) {
        (1..=3).contains(&first.len()) && rest.split(other).all(|group| group.len() == 3)
    } else {
        point.starts_with(mark) || digits(part) != 3
    };
    if clear { format!("{}.{part}", whole.replace(other, "")) } else { typed.replace('.', ",") }
}

/// Whole units without their sign, and the digits of the rest where the currency has parts.
pub fn parts(amount: i64, currency: Currency) -> (u64, String) {
    let digits = currency.digits();
    let unit = 10_u64.pow(digits);
    let (whole, part) = (amount.unsigned_abs() / unit, amount.unsigned_abs() % unit);
    let part = if digits == 0 { String::new() } else { format!("{part:0width$}", width = digits as usize) };
    (whole, part)
}

/// `amount × numerator ÷ denominator`, halves away from zero. 0 for a denominator of 0.
pub fn ratio(amount: i64, numerator: i64, denominator: i64) -> i64 {
    if denominator == 0 {
        return 0;
    }
    let (product, denominator) = (i128::from(amount) * i128::from(numerator), i128::from(denominator));
    let (product, denominator) = if denominator < 0 { (-product, -denominator) } else { (product, denominator) };
    let half = if product < 0 { -denominator } else { denominator };
    i64::try_from((2 * product + half) / (2 * denominator)).unwrap_or(if product < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Currency {
        Currency::parse(text).expect("a currency")
    }

    #[test]
    fn each_currency_has_its_digits() {
        let shown = |amount, currency| Money { amount, currency: of(currency) }.to_string();
        assert_eq!(shown(123_450, "usd"), "$1,234.50");
        assert_eq!(shown(-300, "EUR"), "−€3.00");
        assert_eq!(shown(500, "JPY"), "¥500");
        assert_eq!(shown(1_250, "KWD"), "KWD\u{a0}1.250");
        assert_eq!(shown(1_990, "ISK"), "ISK\u{a0}1,990");
        assert_eq!(shown(5, "CHF"), "CHF\u{a0}0.05");
        for wrong in ["", "US", "USDX", "U5D", "€€€"] {
            assert_eq!(Currency::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn amounts_of_stripe_have_the_units_of_iso_4217() {
        let amounts = [("USD", 1_999), ("JPY", 500), ("KWD", 1_250), ("ISK", 199_000), ("UGX", 500_000), ("MGA", 7)];
        let converted = amounts.map(|(currency, amount)| of(currency).amount_of_stripe(amount));
        assert_eq!(converted, [1_999, 500, 1_250, 1_990, 5_000, 700]);
    }

    #[test]
    fn an_amount_survives_its_field() {
        for (text, currency, amount) in [
            ("10", "USD", 1_000),
            ("10.5", "USD", 1_050),
            (" 0.05 ", "EUR", 5),
            ("1.250", "KWD", 1_250),
            ("7", "JPY", 7),
        ] {
            assert_eq!(parse_decimal(text, of(currency)), Ok(amount), "{text}");
            assert_eq!(parse_decimal(&decimal(amount, of(currency)), of(currency)), Ok(amount));
        }
        for (wrong, currency) in [
            ("", "USD"),
            ("1.234", "USD"),
            ("1,50", "USD"),
            ("-1", "USD"),
            ("1.5", "JPY"),
            ("1e3", "USD"),
            (".5", "USD"),
            ("9999999999999999", "USD"),
        ] {
            assert!(parse_decimal(wrong, of(currency)).is_err(), "{wrong} {currency}");
        }
    }

    #[test]
    fn either_mark_stands_before_decimals_unless_it_may_part_thousands() {
        for (typed, english, spanish) in [
            (" 10 ", "10", "10"),
            ("12.50", "12.50", "12.50"),
            ("12,50", "12.50", "12.50"),
            ("12,5", "12.5", "12.5"),
            ("1,234", "1,234", "1.234"),
            ("1.234", "1.234", "1,234"),
            ("1,234.50", "1234.50", "1234.50"),
            ("1.234,50", "1234.50", "1234.50"),
            ("1.234.567,8", "1234567.8", "1234567.8"),
            ("1,234,567", "1,234,567", "1,234,567"),
            ("1.234.567", "1,234,567", "1,234,567"),
            ("12,34.50", "12,34,50", "12,34,50"),
            (",234.50", ",234,50", ",234,50"),
            (",50", ".50", ".50"),
            ("", "", ""),
            ("1é,5", "1é.5", "1é.5"),
            ("11,25%", "11.25%", "11.25%"),
        ] {
            assert_eq!((with_point(typed, "."), with_point(typed, ",")), (english.into(), spanish.into()), "{typed}");
        }
        assert_eq!(parse_decimal(&with_point("1.250", "."), of("KWD")), Ok(1_250));
        assert_eq!(parse_decimal(&with_point("1,250", ","), of("KWD")), Ok(1_250));
        for unclear in [with_point("1,250", "."), with_point("1.250", ","), with_point("1,234", ".")] {
            assert!(parse_decimal(&unclear, of("KWD")).is_err(), "{unclear}");
        }
    }

    #[test]
    fn halves_go_away_from_zero() {
        assert_eq!((ratio(5, 1, 2), ratio(-5, 1, 2), ratio(1_000, 667, 1_000), ratio(7, 1, 0)), (3, -3, 667, 0));
        assert_eq!(ratio(i64::MAX, i64::MAX, 1), i64::MAX);
    }

    proptest::proptest! {
        #[test]
        fn no_amount_is_too_strange(amount: i64, numerator: i64, denominator: i64, text in "\\PC{0,20}") {
            let _ = (Money { amount, currency: of("KWD") }.to_string(), ratio(amount, numerator, denominator));
            let _ = (of("USD").amount_of_stripe(amount), of("ISK").amount_of_stripe(amount), of("MGA").amount_of_stripe(amount));
            let _ = (parse_decimal(&with_point(&text, ","), of("USD")), Currency::parse(&text));
        }
    }
}

//! Formatting of numbers, percentages, days and titles.

pub use crate::domain::number::grouped;
use crate::domain::{money::Money, time::Time};

/// A text, or a dash where there is none.
pub fn or_dash(text: String) -> String {
    if text.is_empty() { "–".into() } else { text }
}

/// Amounts beside each other, one for each currency; a dash where there are none.
pub fn amounts(money: &[Money]) -> String {
    or_dash(money.iter().map(Money::to_string).collect::<Vec<_>>().join("\u{a0}· "))
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

/// An instant to the minute: `3 May 2026, 18:00 UTC`.
pub fn moment(time: Time) -> String {
    let minute = time.minute();
    let clock = minute.split_once('T').map(|(_day, clock)| clock).unwrap_or_default();
    format!("{}, {clock} UTC", time.date())
}

/// How much of `whole` a `part` is, in percent with one decimal; a dash where there is no whole.
pub fn percent(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return "–".into();
    }
    let tenths = (i128::from(part) * 2_000 + i128::from(whole)) / (2 * i128::from(whole));
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// Text for a `<title>`, which Leptos writes as it is.
pub fn as_title(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;

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
    fn amounts_of_different_currencies_stand_beside_each_other() {
        let of = |amount, currency| Money { amount, currency: Currency::parse(currency).expect("a currency") };
        assert_eq!(amounts(&[of(19_000, "EUR"), of(231_050, "USD")]), "€190.00\u{a0}· $2,310.50");
        assert_eq!(amounts(&[]), "–");
    }

    #[test]
    fn a_title_ends_where_it_should() {
        assert_eq!(as_title("A & B</title><script>"), "A &amp; B&lt;/title>&lt;script>");
    }

    #[test]
    fn an_instant_says_its_zone() {
        assert_eq!(moment(Time(1_777_831_200_000)), "3 May 2026, 18:00 UTC");
    }

    #[test]
    fn percentages_are_rounded_to_a_tenth() {
        let all = [(0, 0), (0, 5), (1, 3), (2, 3), (5, 5), (7, 2)].map(|(part, whole)| percent(part, whole));
        assert_eq!(all, ["–", "0.0 %", "33.3 %", "66.7 %", "100.0 %", "350.0 %"]);
    }

    #[test]
    fn a_day_loses_its_year() {
        assert_eq!(short_day(Time(1_777_766_400_000)), "3 May");
    }
}

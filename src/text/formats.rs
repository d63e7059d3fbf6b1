//! Numbers, money and times, as the reader's language writes them, in the program's time zone.

use crate::{
    domain::{
        local_time::local_minute,
        money::{self, Currency, Money},
        number::sign,
        time::{DAY, HOUR, MINUTE, Time},
    },
    text::Texts,
};
use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};

/// What stands where there is nothing.
const NOTHING: &str = "–";

impl Texts {
    /// A whole number with its thousands apart: `1,234,567`.
    pub(crate) fn number(&self, number: i64) -> String {
        format!("{}{}", sign(number), self.digits(number.unsigned_abs()))
    }

    fn digits(&self, number: u64) -> String {
        let digits = number.to_string();
        let group = self.number_group();
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push_str(&group);
            }
            text.push(digit);
        }
        text
    }

    /// How much of `whole` a `part` is, in percent with one decimal: `33.3%`; a dash where there is no whole.
    pub(crate) fn percent(&self, part: i64, whole: i64) -> String {
        if whole <= 0 {
            return NOTHING.into();
        }
        let tenths = (i128::from(part) * 2_000 + i128::from(whole)) / (2 * i128::from(whole));
        let number = format!("{}{}{}", self.number((tenths / 10) as i64), self.number_point(), tenths % 10);
        self.number_percent(number)
    }

    /// A percentage in hundredths of a percent, with as many decimals as it needs: `11.5%`.
    pub(crate) fn basis_points(&self, points: i64) -> String {
        let decimals = format!("{:02}", points.rem_euclid(100));
        let decimals = decimals.trim_end_matches('0');
        let point = if decimals.is_empty() { String::new() } else { self.number_point() };
        self.number_percent(format!("{}{point}{decimals}", self.number(points.div_euclid(100))))
    }

    /// An amount with its currency: `$1,234.50`, `KWD 1.250`, `−€3.00`.
    pub(crate) fn money(&self, money: &Money) -> String {
        let (whole, part) = money::parts(money.amount, money.currency);
        let point = if part.is_empty() { String::new() } else { self.number_point() };
        let amount = format!("{}{point}{part}", self.digits(whole));
        let minus = sign(money.amount);
        let letters = money.currency.as_str();
        match money.currency.sign() {
            Some(sign) => self.money_with_sign(minus, self.currency_sign(letters, sign), amount),
            None => self.money_with_letters(minus, letters, amount),
        }
    }

    /// An amount as a field of a form has it: `1234.50`.
    pub(crate) fn money_field(&self, amount: i64, currency: Currency) -> String {
        self.decimal_field(&money::decimal(amount, currency))
    }

    /// A number with a point as a field of a form has it.
    pub(crate) fn decimal_field(&self, number: &str) -> String {
        number.replace('.', &self.number_point())
    }

    /// What was typed into a field for a number, with a point before its decimals: see [`money::with_point`].
    pub(crate) fn typed_number(&self, typed: &str) -> String {
        money::with_point(typed, &self.number_point())
    }

    /// Amounts beside each other, one for each currency; a dash where there are none.
    pub(crate) fn amounts(&self, amounts: &[Money]) -> String {
        match amounts {
            [] => NOTHING.into(),
            some => some.iter().map(|money| self.money(money)).collect::<Vec<_>>().join("\u{a0}· "),
        }
    }

    /// The day of an instant: `3 May 2026`.
    pub(crate) fn date(&self, time: Time) -> String {
        self.calendar_date(self.zoned(time).date())
    }

    /// The day of an instant without its year: `3 May`.
    pub(crate) fn day(&self, time: Time) -> String {
        let date = self.zoned(time).date();
        self.date_day(date.day(), self.date_month_short(date.month()))
    }

    /// A day that is counted as one, without its year: `3 May`. Days are counted in UTC.
    pub(crate) fn counted_day(&self, time: Time) -> String {
        let date = zoned(time, TimeZone::UTC).date();
        self.date_day(date.day(), self.date_month_short(date.month()))
    }

    /// A day that is counted as one: `3 May 2026`. Days are counted in UTC.
    pub(crate) fn counted_date(&self, time: Time) -> String {
        self.calendar_date(zoned(time, TimeZone::UTC).date())
    }

    /// An instant to the minute, with its zone: `3 May 2026, 18:00 UTC`.
    pub(crate) fn moment(&self, time: Time) -> String {
        let at = self.zoned(time);
        let zone = at.strftime("%Z").to_string();
        self.date_moment(self.calendar_date(at.date()), at.strftime("%H:%M").to_string(), zone)
    }

    /// The time of day of an instant, to the minute: `18:00`.
    pub(crate) fn clock(&self, time: Time) -> String {
        self.zoned(time).strftime("%H:%M").to_string()
    }

    /// How long ago an instant was: `2 hours ago`; its day from a month on.
    pub(crate) fn ago(&self, time: Time, now: Time) -> String {
        match now.since(time) {
            ..MINUTE => self.time_just_now(),
            age @ MINUTE..HOUR => self.time_minutes_ago(age / MINUTE),
            age @ HOUR..DAY => self.time_hours_ago(age / HOUR),
            age if age < 30 * DAY => self.time_days_ago(age / DAY),
            _ => self.date(time),
        }
    }

    /// An instant as a field for date and time has it, in the time zone of all times.
    pub(crate) fn moment_field(&self, time: Time) -> String {
        local_minute(time, &self.zone)
    }

    /// The name of the time zone of all times: `Europe/Berlin`.
    pub(crate) fn zone_name(&self) -> String {
        self.zone.iana_name().unwrap_or("UTC").replace('_', " ")
    }

    fn calendar_date(&self, date: Date) -> String {
        self.date_full(date.day(), self.date_month(date.month()), date.year().to_string())
    }

    fn zoned(&self, time: Time) -> Zoned {
        zoned(time, self.zone.clone())
    }
}

/// The last day of the year 9999 is no day of all zones: what is later than all of them know is shown as the last that
/// is.
fn zoned(time: Time, zone: TimeZone) -> Zoned {
    Timestamp::from_millisecond(time.0).unwrap_or(Timestamp::MAX).to_zoned(zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::money::Currency,
        text::{english, language::Language},
    };

    fn of(amount: i64, currency: &str) -> Money {
        Money { amount, currency: Currency::parse(currency).expect("a currency") }
    }

    fn spanish() -> Texts {
        Texts::new(Language::parse("es").expect("a language"), TimeZone::get("America/Bogota").expect("a zone"))
    }

    #[test]
    fn thousands_stand_apart() {
        let all = [0, 999, 1_000, 1_234_567, -45_000].map(|number| english().number(number));
        assert_eq!(all, ["0", "999", "1,000", "1,234,567", "−45,000"]);
        assert_eq!(spanish().number(-1_234_567), "−1.234.567");
    }

    #[test]
    fn percentages_are_rounded_to_a_tenth() {
        let all = [(0, 0), (0, 5), (1, 3), (2, 3), (5, 5), (7, 2)].map(|(part, whole)| english().percent(part, whole));
        assert_eq!(all, ["–", "0.0%", "33.3%", "66.7%", "100.0%", "350.0%"]);
        assert_eq!(spanish().percent(13, 1_000), "1,3\u{a0}%");
        assert_eq!([1_150, 1_000, 5].map(|points| english().basis_points(points)), ["11.5%", "10%", "0.05%"]);
    }

    #[test]
    fn money_stands_with_its_currency() {
        let all = [of(123_450, "USD"), of(-300, "EUR"), of(500, "JPY"), of(1_250, "KWD"), of(5, "CHF")];
        let english: Vec<String> = all.iter().map(|money| english().money(money)).collect();
        assert_eq!(english, ["$1,234.50", "−€3.00", "¥500", "KWD\u{a0}1.250", "CHF\u{a0}0.05"]);
        assert_eq!(
            spanish().amounts(&[of(19_000, "EUR"), of(231_050, "USD")]),
            "190,00\u{a0}€\u{a0}· 2.310,50\u{a0}US$"
        );
        assert_eq!(spanish().amounts(&[]), "–");
    }

    #[test]
    fn what_a_field_shows_is_what_it_takes() {
        let kwd = Currency::parse("KWD").expect("a currency");
        for texts in [english(), spanish()] {
            assert_eq!(texts.typed_number(&texts.money_field(1_234_500, kwd)), "1234.500");
        }
        assert_eq!((spanish().decimal_field("11.5"), spanish().typed_number("11,5")), ("11,5".into(), "11.5".into()));
    }

    #[test]
    fn an_instant_has_the_day_of_the_zone() {
        let midnight = Time(1_777_766_400_000);
        assert_eq!((english().date(midnight), english().day(midnight)), ("3 May 2026".into(), "3 May".into()));
        assert_eq!(english().moment(midnight), "3 May 2026, 00:00 UTC");
        assert_eq!((english().clock(midnight), spanish().clock(midnight)), ("00:00".into(), "19:00".into()));
        assert_eq!((spanish().date(midnight), spanish().day(midnight)), ("2 de mayo de 2026".into(), "2 may".into()));
        assert_eq!(spanish().counted_day(midnight), "3 may");
        assert_eq!(spanish().moment_field(midnight), "2026-05-02T19:00");
        assert_eq!((spanish().zone_name(), english().zone_name()), ("America/Bogota".into(), "UTC".into()));
        assert_eq!(spanish().moment(midnight), "2 de mayo de 2026, 19:00 -05");
    }

    #[test]
    fn what_ends_with_the_calendar_is_not_shown_as_its_beginning() {
        assert_eq!(
            (english().date(Time::MAX), english().date(Time(0))),
            ("30 December 9999".into(), "1 January 1970".into())
        );
    }

    #[test]
    fn an_age_has_the_unit_that_fits() {
        let now = Time(1_777_766_400_000);
        let ago = |age: i64| english().ago(now.plus(-age), now);
        assert_eq!([59_999, MINUTE, 2 * HOUR, DAY].map(ago), ["just now", "1 minute ago", "2 hours ago", "1 day ago"]);
        assert_eq!(ago(30 * DAY), "3 April 2026");
    }
}

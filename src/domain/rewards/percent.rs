//! Percentages, in hundredths of a percent.

use crate::domain::message::Message;

/// As people write it: `11.5` for 1150.
pub fn percent(basis_points: i64) -> String {
    let (whole, part) = (basis_points / 100, basis_points % 100);
    let text = format!("{whole}.{part:02}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Reads what [`percent`] writes, with a `%` or without: from 0.01 to 100.
pub fn parse_percent(text: &str) -> Result<i64, Message> {
    let text = text.trim();
    let text = text.strip_suffix('%').unwrap_or(text).trim_end();
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let fits = (1..=3).contains(&whole.len()) && part.len() <= 2;
    let digits = whole.bytes().chain(part.bytes()).all(|b| b.is_ascii_digit());
    let number = (fits && digits).then(|| format!("{whole}{part:0<2}").parse().ok()).flatten();
    number.filter(|number| (1..=10_000).contains(number)).ok_or(Message::RewardPercentMalformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_survives_its_field() {
        for (text, basis_points) in [("11.5", 1_150), ("10", 1_000), ("0.05", 5), ("100", 10_000), ("1.25", 125)] {
            assert_eq!(percent(basis_points), text);
            assert_eq!(parse_percent(text), Ok(basis_points), "{text}");
        }
        assert_eq!((parse_percent(" 7.50 % "), parse_percent("007%")), (Ok(750), Ok(700)));
        for wrong in ["", "%", "0", "0.001", "100.01", "1,5", "-1", "1.2.3", ".5", "1e1", "٣"] {
            assert_eq!(parse_percent(wrong), Err(Message::RewardPercentMalformed), "{wrong}");
        }
    }
}

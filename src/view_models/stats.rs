//! The numbers that a referrer watches.

use crate::domain::number::grouped_by;
use serde::{Deserialize, Serialize};

/// A referrer's counters, as shown on the dashboard and sent by live updates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct UserStats {
    pub clicks: i64,
    pub unique_clicks: i64,
    pub signups: i64,
    pub conversions: i64,
    /// How many sign-ups the referrer aims at; at least 1.
    pub goal: i64,
}

impl UserStats {
    /// Progress toward the goal in whole percent, 0–100.
    pub fn percent(&self) -> i64 {
        (self.signups.saturating_mul(100) / self.goal.max(1)).clamp(0, 100)
    }
}

/// Where the number stands in the sentences of a [`CountText`].
const NUMBER: &str = "{}";

/// How a number is written and what is said with it: made on the server for numbers that change in the browser.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountText {
    /// What stands between thousands.
    group: String,
    /// The sentence for one.
    one: String,
    /// The sentence for any other number.
    other: String,
}

impl CountText {
    /// Numbers with `group` between their thousands, in the sentence for a count and its digits.
    pub fn new(group: String, sentence: impl Fn(i64, &str) -> String) -> Self {
        Self { group, one: sentence(1, NUMBER), other: sentence(2, NUMBER) }
    }

    /// The bare digits, which programs read, too.
    pub fn bare() -> Self {
        Self::new(String::new(), |_, digits| digits.to_owned())
    }

    /// The digits: `1,234`.
    pub fn digits(&self, number: i64) -> String {
        grouped_by(number, &self.group)
    }

    /// What is said before and after the digits.
    pub fn around(&self, number: i64) -> (&str, &str) {
        let sentence = if number == 1 { &self.one } else { &self.other };
        sentence.split_once(NUMBER).unwrap_or((sentence, ""))
    }

    /// The whole sentence.
    pub fn say(&self, number: i64) -> String {
        let (before, after) = self.around(number);
        format!("{before}{}{after}", self.digits(number))
    }
}

/// What is said about the goal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoalWords {
    /// How many are left.
    pub left: CountText,
    pub reached: String,
    /// How many came after it was reached.
    pub over: CountText,
    /// What the bar measures.
    pub bar: String,
    /// Leads to the link, once the goal is reached.
    pub share: String,
    /// Leads to the rewards; empty where there are none.
    pub rewards: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_fits_its_number() {
        let people = CountText::new(".".into(), |count, digits| {
            format!("from {digits} {}", if count == 1 { "person" } else { "people" })
        });
        let said = [0, 1, 2, 1_234].map(|number| people.say(number));
        assert_eq!(said, ["from 0 people", "from 1 person", "from 2 people", "from 1.234 people"]);
        assert_eq!(people.around(1), ("from ", " person"));
        let bare = CountText::bare();
        assert_eq!((bare.around(5), bare.say(1_234)), (("", ""), "1234".into()));
    }

    #[test]
    fn progress_ends_at_the_goal() {
        let at = |signups, goal| UserStats { signups, goal, ..UserStats::default() }.percent();
        assert_eq!((at(0, 10), at(3, 10), at(10, 10), at(25, 10), at(1, 0)), (0, 30, 100, 100, 100));
    }
}

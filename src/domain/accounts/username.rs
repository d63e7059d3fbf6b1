//! The name shown in public places such as the leaderboard.

use crate::domain::message::Message;

/// 3–30 of letters, digits, `_` and `-`; unique without regard to case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Reads a name, or says what is wrong with it.
    pub fn parse(input: &str) -> Result<Self, Message> {
        let name = input.trim();
        if !(3..=30).contains(&name.chars().count()) {
            return Err(Message::UsernameLength { min: 3, max: 30 });
        }
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
            return Err(Message::UsernameCharacters);
        }
        Ok(Self(name.to_owned()))
    }

    /// The name as its owner wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which names are unique.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_case_and_compare_without() {
        let name = Username::parse(" Ann_9 ").expect("a name");
        assert_eq!((name.as_str(), name.key().as_str()), ("Ann_9", "ann_9"));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for wrong in ["", "ab", &"a".repeat(31)] {
            assert_eq!(Username::parse(wrong), Err(Message::UsernameLength { min: 3, max: 30 }), "{wrong}");
        }
        for wrong in ["añn", "a b c", "<b>x"] {
            assert_eq!(Username::parse(wrong), Err(Message::UsernameCharacters), "{wrong}");
        }
    }
}

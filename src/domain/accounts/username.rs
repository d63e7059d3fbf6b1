//! The name shown in public places such as the leaderboard.

/// 3–30 of letters, digits, `_` and `-`; unique without regard to case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Reads a name, or says in one sentence what is wrong with it.
    pub fn parse(input: &str) -> Result<Self, &'static str> {
        let name = input.trim();
        if !(3..=30).contains(&name.chars().count()) {
            return Err("A username has 3 to 30 characters.");
        }
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
            return Err("Please use only letters (a–z), digits, “_” and “-”.");
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
        for wrong in ["", "ab", "añn", "a b c", "<b>x", &"a".repeat(31)] {
            assert!(Username::parse(wrong).is_err(), "{wrong}");
        }
    }
}

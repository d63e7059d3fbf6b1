//! What a password must be.

/// Longer ones only cost time to hash.
const MAX_BYTES: usize = 512;

/// Passwords that attackers try first, one a line, in lower case.
static COMMON: &str = include_str!("common_passwords.txt");

/// Says in one sentence why `password` cannot be used, if so. `names` are the user's own: e-mail and username.
pub fn problem(password: &str, names: &[&str]) -> Option<&'static str> {
    if password.chars().count() < 8 {
        return Some("A password has at least 8 characters.");
    }
    if password.len() > MAX_BYTES {
        return Some("That password is too long: 512 bytes at most.");
    }
    let lower = password.to_lowercase();
    let mut chars = lower.chars();
    let first = chars.next();
    if chars.all(|c| Some(c) == first) || COMMON.lines().any(|common| common == lower) {
        return Some("That password is one of the first that others would guess. Please choose another.");
    }
    if names.iter().any(|name| lower == name.to_lowercase()) {
        return Some("Please choose a password that is not your name or e-mail address.");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_common_and_personal_passwords_are_refused() {
        for wrong in ["", "1234567", "Password123", "iloveyou1", "aaaaaaaa", "ann@example.com", &"x y".repeat(200)] {
            assert!(problem(wrong, &["ann@example.com"]).is_some(), "{wrong}");
        }
    }

    #[test]
    fn eight_unusual_characters_are_enough() {
        assert_eq!(problem("tr4m-öl!", &["ann"]), None);
    }
}

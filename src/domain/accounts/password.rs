//! What a password must be.

use crate::domain::{message::Message, plain_text::has_invisible};
use unicode_normalization::UnicodeNormalization;

/// Characters at least.
const MIN_CHARS: usize = 8;

/// Longer ones only cost time to hash.
const MAX_BYTES: usize = 512;

/// Passwords that attackers try first, one a line, in lower case.
static COMMON: &str = include_str!("common_passwords.txt");

/// The form in which passwords are hashed and compared, so that every keyboard can type them: composed, and all spaces
/// are plain ones (RFC 8265, the profile OpaqueString).
pub fn normalised(password: &str) -> String {
    password.chars().map(|c| if c.is_whitespace() && !c.is_ascii() { ' ' } else { c }).nfc().collect()
}

/// Says why `password` cannot be used, if so. `names` are the user's own: e-mail and username.
pub fn problem(password: &str, names: &[&str]) -> Option<Message> {
    let password = normalised(password);
    if has_invisible(&password) {
        return Some(Message::InvisibleCharacters);
    }
    if password.chars().count() < MIN_CHARS {
        return Some(Message::PasswordTooShort { min: MIN_CHARS });
    }
    if password.len() > MAX_BYTES {
        return Some(Message::PasswordTooLong { max: MAX_BYTES });
    }
    let lower = password.to_lowercase();
    let mut chars = lower.chars();
    let first = chars.next();
    if chars.all(|c| Some(c) == first) || COMMON.lines().any(|common| common == lower) {
        return Some(Message::PasswordCommon);
    }
    if names.iter().any(|name| lower == name.to_lowercase()) {
        return Some(Message::PasswordIsName);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_common_and_personal_passwords_are_refused() {
        for (wrong, message) in [
            ("", Message::PasswordTooShort { min: 8 }),
            ("1234567", Message::PasswordTooShort { min: 8 }),
            ("Password123", Message::PasswordCommon),
            ("iloveyou1", Message::PasswordCommon),
            ("aaaaaaaa", Message::PasswordCommon),
            ("ann@example.com", Message::PasswordIsName),
            (&"x y".repeat(200), Message::PasswordTooLong { max: 512 }),
            ("tr4m-\0line", Message::InvisibleCharacters),
            ("tr4m-\u{200b}line", Message::InvisibleCharacters),
            ("a\u{308}o\u{308}u\u{308}4", Message::PasswordTooShort { min: 8 }),
        ] {
            assert_eq!(problem(wrong, &["ann@example.com"]), Some(message), "{wrong}");
        }
    }

    #[test]
    fn eight_unusual_characters_are_enough() {
        assert_eq!(problem("tr4m-öl!", &["ann"]), None);
        assert_eq!(problem(&"a\u{308}b".repeat(128), &[]), None, "384 bytes when composed");
    }

    #[test]
    fn every_keyboard_types_the_same_password() {
        assert_eq!(normalised("o\u{308}l\u{a0}\u{3000}x"), "\u{f6}l  x");
    }
}

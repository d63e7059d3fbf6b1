//! E-mail addresses: as written, and as compared by fraud rules.

use crate::domain::{
    message::Message,
    plain_text::is_invisible,
    web_address::{ascii_host, readable_host},
};
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// An address that can be one, in the one form that its mailbox has: trimmed, in lower case, composed (NFC), its host
/// in ASCII (`xn--…`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// Reads an address, or says what is wrong with it.
    pub fn parse(input: &str) -> Result<Self, Message> {
        let address = input.trim();
        if address.chars().any(is_invisible) {
            return Err(Message::InvisibleCharacters);
        }
        let (local, host) = address.rsplit_once('@').ok_or(Message::EmailMalformed)?;
        let local: String = local.to_lowercase().nfc().collect();
        let host = ascii_host(host).filter(|host| host.contains('.')).ok_or(Message::EmailMalformed)?;
        let local_ok = (1..=64).contains(&local.len())
            && !local.contains('@')
            && !local.chars().any(|c| c.is_whitespace() || "<>()[],;:\\\"".contains(c));
        let address = format!("{local}@{host}");
        if local_ok && address.len() <= 254 { Ok(Self(address)) } else { Err(Message::EmailMalformed) }
    }

    /// The address, for storing and sending.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that fraud rules compare: no `+tag`, and no dots where the provider ignores them.
    pub fn normalised(&self) -> String {
        let (local, host) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        let local = local.split('+').next().filter(|l| !l.is_empty()).unwrap_or(local);
        match host {
            "gmail.com" | "googlemail.com" => format!("{}@gmail.com", local.replace('.', "")),
            _ => format!("{local}@{host}"),
        }
    }
}

impl std::fmt::Display for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A stored address as its owner writes it: `xn--bcher-kva.example` is `bücher.example`.
pub fn readable(stored: &str) -> Cow<'_, str> {
    match stored.rsplit_once('@') {
        Some((local, host)) if host.contains("xn--") => Cow::Owned(format!("{local}@{}", readable_host(host))),
        _ => Cow::Borrowed(stored),
    }
}

/// What a search for a person's e-mail or username begins with, in the form that is stored.
pub fn search_form(q: &str) -> String {
    match Email::parse(q) {
        Ok(email) => email.0,
        Err(_) => crate::domain::plain_text::search_text(q).to_lowercase().nfc().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<String, Message> {
        Email::parse(text).map(|email| email.to_string())
    }

    #[test]
    fn an_address_is_trimmed_and_lower_case() {
        assert_eq!(parsed("  Ann@Example.COM "), Ok("ann@example.com".into()));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for wrong in [
            "",
            "ann",
            "@example.com",
            "ann@",
            "ann@example",
            "a b@example.com",
            "a@b@c.de",
            "a@-b.com",
            "a@b-.com",
            "a@b..com",
            "a@b.com.",
            "a@b_c.com",
            "a@xn--a.com",
            "a@\u{301}b.com",
            "a@b.com:25",
            "a@[10.0.0.1]",
        ] {
            assert_eq!(parsed(wrong), Err(Message::EmailMalformed), "{wrong}");
        }
        assert!(parsed(&format!("{}@example.com", "a".repeat(65))).is_err());
        assert!(parsed(&format!("a@{}.com", "b".repeat(64))).is_err());
    }

    #[test]
    fn nothing_invisible_makes_a_twin() {
        let hidden = "\0\n\u{ad}\u{34f}\u{61c}\u{180e}\u{200b}\u{200c}\u{200d}\u{200f}\u{202e}\u{2060}\u{2069}\u{feff}\u{fe0f}\
                      \u{e0041}\u{e0100}";
        for c in hidden.chars() {
            for twin in [format!("a{c}nn@example.com"), format!("ann@exa{c}mple.com"), format!("ü{c}ü@example.com")] {
                assert_eq!(parsed(&twin), Err(Message::InvisibleCharacters), "{twin:?}");
            }
        }
    }

    #[test]
    fn a_host_has_one_form_in_all_scripts() {
        let ascii = "ann@xn--bcher-kva.example";
        for same in
            ["ann@bücher.example", "ann@BÜCHER.example", "ann@bu\u{308}cher.example", "Ann@XN--BCHER-KVA.Example"]
        {
            assert_eq!(parsed(same), Ok(ascii.into()), "{same}");
        }
        assert_eq!(readable(ascii), "ann@bücher.example");
        assert_eq!(parsed(&readable(ascii)), Ok(ascii.into()));
        assert_eq!(parsed("ann@ｅxample。com"), Ok("ann@example.com".into()));
        for host in ["हिन्दी.भारत", "ตัวอย่าง.ไทย", "தமிழ்.இந்தியா", "例え.テスト", "مثال.مصر"]
        {
            let stored = parsed(&format!("ann@{host}")).expect(host);
            assert!(stored.is_ascii(), "{stored}");
            assert_eq!(readable(&stored), format!("ann@{host}"));
        }
    }

    #[test]
    fn composed_and_decomposed_are_one() {
        assert_eq!(parsed("zoe\u{308}@example.com"), Ok("zo\u{eb}@example.com".into()));
        assert_eq!(parsed("ZOE\u{308}@example.com"), parsed("zo\u{eb}@example.com"));
    }

    #[test]
    fn a_search_finds_what_is_stored() {
        assert_eq!(search_form(" Ann@BÜCHER.example"), "ann@xn--bcher-kva.example");
        assert_eq!(search_form(" Zoe\u{308}\0"), "zo\u{eb}");
    }

    #[test]
    fn tags_and_gmail_dots_do_not_make_another_person() {
        let normalised = |s| Email::parse(s).map(|e| e.normalised());
        assert_eq!(normalised("a.n.n+x@googlemail.com"), Ok("ann@gmail.com".into()));
        assert_eq!(normalised("a.n.n+x@example.com"), Ok("a.n.n@example.com".into()));
        assert_eq!(normalised("+x@example.com"), Ok("+x@example.com".into()));
    }

    proptest::proptest! {
        #[test]
        fn no_input_panics(input in "\\PC*") {
            if let Ok(email) = Email::parse(&input) { email.normalised(); }
        }

        #[test]
        fn what_was_read_stays_as_it_is(local in "\\PC{1,12}", host in "\\PC{1,8}") {
            if let Ok(email) = Email::parse(&format!("{local}@{host}.example")) {
                proptest::prop_assert_eq!(Email::parse(email.as_str()), Ok(email.clone()));
                let decomposed: String = email.as_str().nfd().collect();
                proptest::prop_assert_eq!(Email::parse(&decomposed), Ok(email.clone()));
                proptest::prop_assert_eq!(Email::parse(&readable(email.as_str())), Ok(email));
            }
        }
    }
}

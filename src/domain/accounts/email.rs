//! E-mail addresses: as written, and as compared by fraud rules.

use crate::domain::message::Message;

/// An address that can be one: trimmed and in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// Reads an address, or says what is wrong with it.
    pub fn parse(input: &str) -> Result<Self, Message> {
        let address = input.trim().to_lowercase();
        let (local, host) = address.rsplit_once('@').ok_or(Message::EmailMalformed)?;
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && !local.contains('@')
            && !local.chars().any(|c| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"".contains(c));
        let labels_ok = host.contains('.')
            && host.split('.').all(|label| {
                !label.is_empty()
                    && label.len() <= 63
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            });
        if local_ok && labels_ok && address.len() <= 254 { Ok(Self(address)) } else { Err(Message::EmailMalformed) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_trimmed_and_lower_case() {
        assert_eq!(Email::parse("  Ann@Example.COM ").map(|e| e.to_string()), Ok("ann@example.com".into()));
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
            "a@b..com",
            "a\n@b.com",
        ] {
            assert_eq!(Email::parse(wrong), Err(Message::EmailMalformed), "{wrong}");
        }
        assert!(Email::parse(&format!("{}@example.com", "a".repeat(65))).is_err());
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
    }
}

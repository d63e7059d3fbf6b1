//! What every new account needs.

use crate::domain::{
    accounts::{email::Email, password, username::Username},
    field::FieldError,
    message::Message,
    plain_text::one_line,
};

/// Fields that can become an account; the password is checked, but not kept.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub email: Email,
    pub username: Username,
}

impl NewAccount {
    /// Reads the fields, or says all that is wrong with them at once.
    pub fn parse(email: &str, username: &str, password: &str) -> Result<Self, Vec<FieldError>> {
        let mut errors = vec![];
        let mut wrong = |field: &str, message: Message| errors.push(FieldError { field: field.into(), message });
        let parsed_email = Email::parse(email).map_err(|message| wrong("email", message));
        let parsed_username = Username::parse(username).map_err(|message| wrong("username", message));
        if let Some(message) = password::problem(password, &[email.trim(), username.trim()]) {
            wrong("password", message);
        }
        match (parsed_email, parsed_username) {
            (Ok(email), Ok(username)) if errors.is_empty() => Ok(Self { email, username }),
            _ => Err(errors),
        }
    }
}

/// Reads a line that may be left out: trimmed, of at most `most` characters. Empty text is none.
pub fn optional_line(field: &str, text: &str, most: usize) -> Result<Option<String>, FieldError> {
    let text = match one_line(text) {
        Ok(text) if text.chars().count() > most => Err(Message::OneLine { max: most }),
        read => read,
    };
    let text = text.map_err(|message| FieldError { field: field.into(), message })?;
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(optional_line("phone", " 1 2 ", 3), Ok(Some("1 2".into())));
        assert_eq!(optional_line("phone", "  ", 3), Ok(None));
        for (wrong, message) in [
            ("1234", Message::OneLine { max: 3 }),
            ("a\0b", Message::InvisibleCharacters),
            ("a\nb", Message::InvisibleCharacters),
            ("a\u{200b}", Message::InvisibleCharacters),
        ] {
            let error = FieldError { field: "phone".into(), message };
            assert_eq!(optional_line("phone", wrong, 3), Err(error), "{wrong:?}");
        }
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let errors = NewAccount::parse("ann", "a", "1234").expect_err("three errors");
        assert_eq!(errors.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["email", "username", "password"]);
        assert!(NewAccount::parse("ann@example.com", "ann", "ann@example.com").is_err());
        assert!(NewAccount::parse("ann@example.com", "ann", "tr4m-line").is_ok());
    }
}

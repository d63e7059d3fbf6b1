//! The language and region that somebody reads in.

use crate::domain::message::Message;

/// Reads a tag like `en` or `pt-BR` (BCP 47), also with underscores. Empty text is none.
pub fn optional_locale(text: &str) -> Result<Option<String>, Message> {
    let tag = text.trim().replace('_', "-");
    if tag.is_empty() {
        return Ok(None);
    }
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    let fits = tag.len() <= 35
        && (2..=3).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if fits { Ok(Some(tag)) } else { Err(Message::LocaleMalformed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_is_a_short_tag() {
        for (text, tag) in [("en", "en"), (" pt_BR ", "pt-BR"), ("zh-Hant-TW", "zh-Hant-TW")] {
            assert_eq!(optional_locale(text), Ok(Some(tag.into())));
        }
        assert_eq!(optional_locale(" "), Ok(None));
        for wrong in ["e", "english", "en-", "en us", "12", "en-<b>"] {
            assert_eq!(optional_locale(wrong), Err(Message::LocaleMalformed), "{wrong}");
        }
    }
}

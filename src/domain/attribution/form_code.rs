//! The code in a sign-up form, and whether a person typed it.

use crate::domain::{attribution::Source, codes::code::Code};

/// The code of a sign-up form.
#[derive(Clone, Debug, Default)]
pub struct FormCode {
    pub text: String,
    /// What the form was filled with from a link; the same text then was not typed.
    pub linked: String,
    /// Whether it is to look unknown: it comes from where codes are guessed.
    pub withheld: bool,
}

impl FormCode {
    /// Whether a person wrote it, so that they should hear what is wrong with it.
    pub fn typed(&self) -> bool {
        let text = Code::read(&self.text);
        !self.text.trim().is_empty() && (text.is_none() || text != Code::read(&self.linked))
    }

    /// How the form came to its code; nothing without one.
    pub fn source(&self) -> Option<Source> {
        if self.text.trim().is_empty() {
            None
        } else if self.typed() {
            Some(Source::Typed)
        } else {
            Some(Source::Link)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str, linked: &str) -> Option<Source> {
        FormCode { text: text.into(), linked: linked.into(), withheld: false }.source()
    }

    #[test]
    fn only_what_differs_from_the_link_was_typed() {
        assert_eq!(typed("", "ABC"), None);
        assert_eq!(typed(" abc ", "ABC"), Some(Source::Link));
        assert_eq!(typed("https://pass.example/r/abc?via=copy", "ABC"), Some(Source::Link));
        assert_eq!(typed("ABD", "ABC"), Some(Source::Typed));
        assert_eq!(typed("ABC", ""), Some(Source::Typed));
        assert_eq!(typed("?!", ""), Some(Source::Typed));
        assert_eq!(typed("?!", "!?"), Some(Source::Typed));
    }
}

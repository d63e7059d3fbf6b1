//! Languages, and which of them somebody reads in.

use crate::text::l10n::L10n;

/// A language that the program speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Language(&'static L10n);

impl Language {
    /// What is spoken where nothing says otherwise.
    pub(crate) const ENGLISH: Self = Self(&L10n::En);

    /// English with changed letters, made by `build.rs`, in which what is not translated stands out. Nobody is offered
    /// it.
    const PSEUDO: Self = Self(&L10n::Qps);

    /// All that a reader can choose from.
    pub(crate) fn offered() -> impl Iterator<Item = Self> {
        L10n::iter().map(Self).filter(|language| *language != Self::PSEUDO)
    }

    /// The language of a tag like `es` or `es-MX`, if it is spoken here.
    pub(crate) fn parse(tag: &str) -> Option<Self> {
        let language = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        L10n::iter().find(|known| ***known == *language).map(Self)
    }

    /// The language that somebody has chosen (`choices` in their order), else the first one of `accepted` (the header
    /// `Accept-Language`) that is spoken here, else English.
    pub(crate) fn of_reader<'a>(choices: impl IntoIterator<Item = &'a str>, accepted: &str) -> Self {
        choices
            .into_iter()
            .find_map(Self::parse)
            .unwrap_or_else(|| Self::parse(&L10n::langneg(accepted)).unwrap_or(Self::ENGLISH))
    }

    /// Its tag, as `es`.
    pub(crate) fn tag(self) -> &'static str {
        self.0
    }

    /// What it calls itself.
    pub(crate) fn name(self) -> &'static str {
        self.0.language_name()
    }

    pub(in crate::text) fn l10n(self) -> L10n {
        *self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_comes_before_what_the_browser_accepts() {
        for (choices, accepted, tag) in [
            (&[][..], "", "en"),
            (&[], "fr, es;q=0.7, en;q=0.5", "es"),
            (&[], "en;q=0.5, es-MX", "es"),
            (&["en"], "es", "en"),
            (&["fr", "es-MX"], "en", "es"),
            (&["ES"], "en", "es"),
            (&["zz", ""], "zz, *;q=x", "en"),
        ] {
            assert_eq!(Language::of_reader(choices.iter().copied(), accepted).tag(), tag, "{choices:?} {accepted}");
        }
    }

    #[test]
    fn two_languages_are_offered_by_their_own_names() {
        let offered: Vec<_> = Language::offered().map(|language| (language.tag(), language.name())).collect();
        assert_eq!(offered, [("en", "English"), ("es", "Español")]);
    }
}

//! All that the program says to people, from `locales/`, in the language of whoever reads it. Another language is
//! another folder there.
//!
//! Made on the server: the browser gets finished sentences.

mod attribution;
mod audit;
mod browsers;
mod channels;
mod codes;
mod conversions;
mod errors;
mod formats;
mod jobs;
#[expect(
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::derivable_impls,
    clippy::unwrap_used,
    reason = "a crate of others writes this; it unwraps texts that it has seen while building"
)]
mod l10n;
pub(crate) mod language;
mod messages;
mod reviews;
mod reward_pages;
mod rewards;
mod rules;
mod settings;
mod webhooks;

use jiff::tz::TimeZone;
use l10n::{L10n, L10nLanguage};
use language::Language;
use leptos::prelude::use_context;
use std::{
    ops::Deref,
    sync::{Arc, LazyLock},
};

static ALL: LazyLock<Vec<(L10n, Arc<L10nLanguage>)>> =
    LazyLock::new(|| L10n::iter().map(|language| (*language, Arc::new(language.load()))).collect());

/// The texts of one language, and how it writes numbers and times. Pages and functions find it as context.
#[derive(Clone)]
pub(crate) struct Texts {
    /// The language that these are in.
    pub(crate) language: Language,
    texts: Arc<L10nLanguage>,
    zone: TimeZone,
}

impl Texts {
    /// All texts in a language; times are those of `zone`.
    pub(crate) fn new(language: Language, zone: TimeZone) -> Self {
        let (_, texts) = ALL.iter().find(|(known, _)| *known == language.l10n()).unwrap_or(&ALL[0]);
        Self { language, texts: texts.clone(), zone }
    }
}

impl Deref for Texts {
    type Target = L10nLanguage;

    fn deref(&self) -> &L10nLanguage {
        &self.texts
    }
}

/// The texts in the language of whoever reads the answer to this request.
pub(crate) fn texts() -> Texts {
    use_context().unwrap_or_else(english)
}

/// The texts in English, with times in UTC: for whoever runs the server, and for tests.
pub(crate) fn english() -> Texts {
    Texts::new(Language::ENGLISH, TimeZone::UTC)
}

/// The texts in Spanish, with times in UTC.
#[cfg(test)]
pub(crate) fn spanish() -> Texts {
    Texts::new(Language::parse("es").expect("a language"), TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs, path::Path};

    /// What is the same in both languages: names, and words that they share.
    const SHARED: [&str; 10] = [
        "API",
        "Endpoint",
        "Endpoints",
        "Error",
        "HTTP { $status }",
        "Stripe",
        "Webhooks",
        "no",
        "pal_…{ $ending }",
        "{ $ms } ms",
    ];

    /// The texts of a language by their keys, as they stand in its files.
    fn texts_of(language: &str) -> BTreeMap<String, String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(language);
        let files = fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
        let mut texts = BTreeMap::new();
        for file in files.filter(|file| !file.ends_with("formats.ftl")) {
            let mut key = String::new();
            for line in fs::read_to_string(&file).expect("a text").lines().filter(|line| !line.starts_with('#')) {
                match line.split_once(" = ") {
                    Some((name, text)) if !line.starts_with(' ') => {
                        key = name.to_owned();
                        assert!(texts.insert(key.clone(), text.to_owned()).is_none(), "{key} is there twice");
                    }
                    _ => texts.entry(key.clone()).or_default().push_str(line),
                }
            }
        }
        texts
    }

    #[test]
    fn every_text_is_there_in_spanish() {
        let (english, spanish) = (texts_of("en"), texts_of("es"));
        let missing: Vec<_> = english.keys().filter(|key| !spanish.contains_key(*key)).collect();
        assert!(missing.is_empty(), "not in Spanish: {missing:#?}");
        let extra: Vec<_> = spanish.keys().filter(|key| !english.contains_key(*key)).collect();
        assert!(extra.is_empty(), "in Spanish only: {extra:#?}");
        let words = |text: &str| text.split(['{', '}']).step_by(2).any(|part| part.chars().any(char::is_alphabetic));
        let same: Vec<_> = english
            .iter()
            .filter(|(key, text)| words(text) && spanish[*key] == **text && !SHARED.contains(&text.as_str()))
            .collect();
        assert!(same.is_empty(), "not translated: {same:#?}");
    }
}

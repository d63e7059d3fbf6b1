//! All that the program says to people, from `locales/`, in the language of whoever reads it. Another language is
//! another folder there.
//!
//! Made on the server: the browser gets finished sentences.

mod attribution;
mod codes;
mod conversions;
mod errors;
mod formats;
mod jobs;
pub(crate) mod language;
mod messages;
mod reviews;
mod reward_pages;
mod rewards;
mod rules;

use jiff::tz::TimeZone;
use leptos::prelude::use_context;
use std::{
    ops::Deref,
    sync::{Arc, LazyLock},
};

/// Made by `build.rs`: a function per text. One that nobody calls is a warning, as is a missing one an error.
#[expect(
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::derivable_impls,
    clippy::unwrap_used,
    reason = "a crate of others writes this; it unwraps texts that it has seen while building"
)]
mod l10n {
    include!(concat!(env!("OUT_DIR"), "/l10n.rs"));

    // What is made along with the texts and nobody needs yet; only texts shall count as unused.
    const _: fn() -> L10nLanguageVec = L10n::load_all;
    const _: fn(&L10n) -> &'static str = L10n::language_name;
    const _: fn(&'static str, &[u8]) -> Result<L10nLanguage, L10nError> = L10nLanguage::new_external;
}
use l10n::{L10n, L10nLanguage};
use language::Language;

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
    fn new(language: Language, zone: TimeZone) -> Self {
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
    Language::ENGLISH.texts(TimeZone::UTC)
}

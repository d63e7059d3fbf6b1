//! All that the program says to people, from `locales/`, in the language of whoever reads it. Another language is
//! another folder there.
//!
//! Made on the server: the browser gets finished sentences.

mod attribution;
mod conversions;
mod errors;
mod jobs;
mod messages;
mod reviews;
mod reward_pages;
mod rewards;
mod rules;

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

static ALL: LazyLock<Vec<Texts>> =
    LazyLock::new(|| L10n::iter().map(|language| Texts(*language, Arc::new(language.load()))).collect());

/// The texts of one language. Pages and functions find it as context where a request has chosen one.
#[derive(Clone)]
pub(crate) struct Texts(L10n, Arc<L10nLanguage>);

impl Texts {
    fn of(language: L10n) -> Self {
        ALL.iter().find(|texts| texts.0 == language).unwrap_or(&ALL[0]).clone()
    }
}

impl Deref for Texts {
    type Target = L10nLanguage;

    fn deref(&self) -> &L10nLanguage {
        &self.1
    }
}

/// The texts in the language of this request.
pub(crate) fn texts() -> Texts {
    use_context().unwrap_or_else(english)
}

/// The texts in English: for API clients, and for whoever runs the server.
pub(crate) fn english() -> Texts {
    Texts::of(L10n::En)
}

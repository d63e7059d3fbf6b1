//! Made by `build.rs`: a function per text. One that nobody calls is a warning, as is a missing one an error.

include!(concat!(env!("OUT_DIR"), "/l10n.rs"));

// What is made along with the texts and nobody needs yet; only texts shall count as unused.
const _: fn() -> L10nLanguageVec = L10n::load_all;
const _: fn(&L10n) -> &'static str = L10n::language_name;
const _: fn(&'static str, &[u8]) -> Result<L10nLanguage, L10nError> = L10nLanguage::new_external;

//! A button that copies what another element of the page shows.

use crate::{
    components::icon::{Icon, Symbol},
    text::texts,
};
use leptos::prelude::*;

/// Copies the element with the id `of`, by `public/js/early.js`. What it is called is *Copy*, unless `label` says more.
#[component]
pub fn CopyButton(
    #[prop(into)] of: String,
    #[prop(optional, into)] label: Option<String>,
    /// Whether it is what the page is for: shown more strongly, with an icon.
    #[prop(optional)]
    primary: bool,
) -> impl IntoView {
    let texts = texts();
    view! {
        <button
            type="button"
            class=if primary { "button primary needs-script" } else { "button needs-script" }
            aria-label=label
            data-copy=of
            data-copied=texts.copy_button_done()
            data-by-hand=texts.copy_button_by_hand()
        >
            {primary.then(|| view! { <Icon of=Symbol::Copy /> })}
            {texts.copy_button()}
        </button>
    }
}

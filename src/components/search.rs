//! The search field of a list.

use crate::{
    components::{
        button::{Submit, Weight},
        field::Labelled,
    },
    text::texts,
};
use leptos::prelude::*;

/// A form that asks this page again with `?q=`.
#[component]
pub fn Search(#[prop(into)] label: String, value: String) -> impl IntoView {
    view! {
        <form method="get" role="search" class="filters">
            <Labelled id="q" label=label>
                <input id="q" type="search" name="q" value=value autocomplete="off" autocapitalize="none" spellcheck="false" />
            </Labelled>
            <Submit weight=Weight::Plain>{texts().list_search()}</Submit>
        </form>
    }
}

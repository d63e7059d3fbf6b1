//! A group of fields with a title.

use leptos::prelude::*;

/// A card of fields, with one line about them.
#[component]
pub fn Fieldset(#[prop(into)] title: String, #[prop(into)] note: String, children: Children) -> impl IntoView {
    view! {
        <fieldset class="card">
            <legend>{title}</legend>
            <p class="note">{note}</p>
            {children()}
        </fieldset>
    }
}

//! A card with a title.

use leptos::prelude::*;

/// A titled part of a page. `id` names it for links and screen readers.
#[component]
pub fn Card(
    id: &'static str,
    #[prop(into)] title: String,
    /// One line under the title.
    #[prop(optional, into)]
    note: Option<String>,
    #[prop(optional)] class: &'static str,
    /// What it is kept up to date with: see `public/js/partial-refresh.js`.
    #[prop(optional, into)]
    refresh_on: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <section class=format!("card {class}") aria-labelledby=id data-refresh-on=refresh_on>
            <h2 id=id>{title}</h2>
            {note.map(|note| view! { <p class="note">{note}</p> })}
            {children()}
        </section>
    }
}

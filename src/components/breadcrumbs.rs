//! The way back from a detail page: the pages above it.

use crate::text::texts;
use leptos::prelude::*;

/// Links to the pages above this one, from the furthest: address and text each. Stands before the title.
#[component]
pub fn Breadcrumbs(trail: Vec<(&'static str, String)>) -> impl IntoView {
    let links = trail.into_iter().map(|(href, text)| {
        view! {
            <li>
                <a href=href>{text}</a>
            </li>
        }
    });
    view! {
        <nav class="crumbs" aria-label=texts().admin_breadcrumbs()>
            <ol>{links.collect_view()}</ol>
        </nav>
    }
}

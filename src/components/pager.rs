//! Links to the first and the next page of a list.

use crate::components::button::{LinkButton, Weight};
use leptos::prelude::*;

/// Links to the first and the next page, as far as there are such.
#[component]
pub fn Pager(
    /// The address of the first page, unless it is this one.
    first: Option<String>,
    /// The address of the next page.
    next: Option<String>,
) -> impl IntoView {
    let link = |href: Option<String>, text: &'static str| {
        href.map(|href| {
            view! {
                <LinkButton weight=Weight::Plain href=href>
                    {text}
                </LinkButton>
            }
        })
    };
    (first.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="actions" aria-label="Pages">
                {link(first, "First page")}
                {link(next, "Next page")}
            </nav>
        }
    })
}

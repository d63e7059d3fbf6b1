//! Links to the first and the next page of a list.

use crate::{
    components::button::{LinkButton, Weight},
    text::texts,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The words of the links, for a list that is an island.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PagerWords {
    pub label: String,
    pub first: String,
    pub next: String,
}

/// Links to the first and the next page, as far as there are such.
#[component]
pub fn Pager(
    /// The address of the first page, unless it is this one.
    first: Option<String>,
    /// The address of the next page.
    next: Option<String>,
) -> impl IntoView {
    let texts = texts();
    let (label, first_page, next_page) = (texts.list_pages(), texts.list_first_page(), texts.list_next_page());
    view! { <PagerLinks first=first next=next words=PagerWords { label, first: first_page, next: next_page } /> }
}

/// The same in an island, which gets its words.
#[component]
pub fn PagerLinks(first: Option<String>, next: Option<String>, words: PagerWords) -> impl IntoView {
    let link = |href: Option<String>, text: String| {
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
            <nav class="actions" aria-label=words.label>
                {link(first, words.first)}
                {link(next, words.next)}
            </nav>
        }
    })
}

//! The styles of pages. Their text is written as it is: the product wrote it, and of people only a checked colour is in
//! it.

use crate::view_models::page::{PageContext, StyleSheet};
use leptos::{either::Either, nonce::use_nonce, prelude::*};

/// Said in the page itself: a browser gives up the transition to a page whose style is not there yet.
/// Allowed by its hash: with a nonce, which every page has another of, the next page would not count as the same style.
pub const TRANSITIONS: &str = "@media(prefers-reduced-motion:no-preference){@view-transition{navigation:auto}}";

/// Fades from page to page.
#[component]
pub fn Transitions() -> impl IntoView {
    view! { <style>{TRANSITIONS}</style> }
}

/// The page's style sheets. Needs a [`PageContext`] as context.
#[component]
pub fn Styles() -> impl IntoView {
    let PageContext { styles, .. } = expect_context::<PageContext>();
    styles
        .into_iter()
        .map(|style| match style {
            StyleSheet::Linked(href) => Either::Left(view! { <link rel="stylesheet" href=href /> }),
            StyleSheet::Inline(css) => Either::Right(view! { <style nonce=use_nonce()>{css}</style> }),
        })
        .collect_view()
}

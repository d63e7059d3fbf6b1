//! A badge: a status in one word.

use crate::components::alert::Tone;
use leptos::prelude::*;

/// A small coloured word.
#[component]
pub fn Badge(#[prop(default = Tone::Neutral)] tone: Tone, #[prop(into)] text: String) -> impl IntoView {
    view! { <span class=format!("badge {}", tone.class())>{text}</span> }
}

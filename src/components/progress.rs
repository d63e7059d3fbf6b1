//! A progress bar.

use leptos::prelude::*;

/// A bar; `label` says what it measures.
#[component]
pub fn Progress(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<i64>,
    #[prop(into)] max: Signal<i64>,
) -> impl IntoView {
    let max = move || max.get().max(1);
    view! {
        <progress aria-label=label max=max value=move || value.get().clamp(0, max())></progress>
    }
}

//! One number with its name.

use leptos::prelude::*;

/// A number in large type; `children` is the number, `note` a line below it.
#[component]
pub fn Stat(
    #[prop(into)] label: String,
    #[prop(optional, into)] note: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="stat">
            <dt>{label}</dt>
            <dd>{children()}</dd>
            <dd class="note">{note.run()}</dd>
        </div>
    }
}

//! One number with its name.

use crate::{domain::money::Money, text::texts};
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

/// Amounts for a [`Stat`], one for each currency; in smaller type where there are several.
#[component]
pub fn Amounts(money: Vec<Money>) -> impl IntoView {
    let several = money.len() > 1;
    view! { <span class:several=several>{texts().amounts(&money)}</span> }
}

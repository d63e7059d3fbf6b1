//! The empty state of a list or card: a symbol, a title and what to do.

use crate::components::icon::{Icon, Symbol};
use leptos::prelude::*;

/// Says what will appear here, and when.
#[component]
pub fn Empty(symbol: Symbol, #[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon of=symbol />
            <p>
                <strong>{title}</strong>
            </p>
            <p>{children()}</p>
        </div>
    }
}

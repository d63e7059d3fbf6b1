//! One number with its name.

use crate::{
    components::metric_tiles::{Change, Changed},
    domain::money::Money,
    text::texts,
};
use leptos::prelude::*;

/// What a number was lately.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recent {
    pub text: String,
    /// Nothing where nothing was there in the period before.
    pub change: Option<Change>,
    /// What it is kept up to date with: see `public/js/partial-refresh.js`.
    pub refresh_on: &'static str,
}

/// A number in large type; `children` is the number, `note` a line below it.
#[component]
pub fn Stat(
    #[prop(into)] label: String,
    #[prop(optional, into)] note: ViewFnOnce,
    #[prop(optional)] recent: Option<Recent>,
    children: Children,
) -> impl IntoView {
    let recent = recent.map(|Recent { text, change, refresh_on }| {
        view! {
            <dd class="note" data-refresh-on=refresh_on>
                {text}
                " "
                {change.map(|change| view! { <Changed change=Some(change) /> })}
            </dd>
        }
    });
    view! {
        <div class="stat">
            <dt>{label}</dt>
            <dd>{children()}</dd>
            <dd class="note">{note.run()}</dd>
            {recent}
        </div>
    }
}

/// Amounts for a [`Stat`], one for each currency; in smaller type where there are several.
#[component]
pub fn Amounts(money: Vec<Money>) -> impl IntoView {
    let several = money.len() > 1;
    view! { <span class:several=several>{texts().amounts(&money)}</span> }
}

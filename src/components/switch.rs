//! Switches: on or off, sent at once.

use crate::domain::ids::CodeId;
use leptos::prelude::*;

/// What stands in a form that switches a code: its fields and the switch, which sends them.
#[component]
pub fn CodeSwitch(
    id: CodeId,
    /// What is switched, for those who hear the page.
    #[prop(into)]
    label: String,
    #[prop(into)] on: Signal<bool>,
    /// Where a browser without a script goes next.
    #[prop(into)]
    back: Signal<String>,
) -> impl IntoView {
    view! {
        <input type="hidden" name="back" value=move || back.get() />
        <Switch form="set_code_active" id=id.to_string() label=label on=on />
    }
}

/// What stands in a form that calls `form` with an `id` and what is `active` from then on: its fields and the switch,
/// which sends them.
#[component]
pub fn Switch(
    form: &'static str,
    id: String,
    /// What is switched, for those who hear the page.
    #[prop(into)]
    label: String,
    #[prop(into)] on: Signal<bool>,
) -> impl IntoView {
    view! {
        <input type="hidden" name="form" value=form />
        <input type="hidden" name="id" value=id />
        <input type="hidden" name="active" value=move || (!on.get()).to_string() />
        <button type="submit" class="switch" role="switch" aria-checked=move || on.get().to_string() aria-label=label>
            <span></span>
        </button>
    }
}

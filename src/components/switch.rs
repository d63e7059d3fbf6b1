//! The on/off switch of a code.

use crate::domain::ids::CodeId;
use leptos::prelude::*;

/// What stands in a form that switches a code: its fields and the switch, which sends them.
#[component]
pub fn CodeSwitch(
    id: CodeId,
    /// What is switched, for those who hear the page.
    label: String,
    #[prop(into)] on: Signal<bool>,
    /// Where a browser without a script goes next.
    #[prop(into)]
    back: Signal<String>,
) -> impl IntoView {
    view! {
        <input type="hidden" name="form" value="set_code_active" />
        <input type="hidden" name="id" value=id.to_string() />
        <input type="hidden" name="active" value=move || (!on.get()).to_string() />
        <input type="hidden" name="back" value=move || back.get() />
        <button type="submit" class="switch" role="switch" aria-checked=move || on.get().to_string() aria-label=label>
            <span></span>
        </button>
    }
}

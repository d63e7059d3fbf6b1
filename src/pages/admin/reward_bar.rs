//! What can be done to the rewards that are selected in a list.

use crate::{
    components::{
        button::{Submit, Weight},
        field::{Field, Kind},
        form::Submitted,
    },
    text::texts,
};
use leptos::prelude::*;

/// The buttons, in the form around the list. Each names what it calls.
#[component]
pub fn Bar() -> impl IntoView {
    let unfinished = use_context::<Submitted>().unwrap_or_default().error("reason").is_some();
    view! {
        // The Enter key presses the first button of a form: it shall press none of those that do something.
        <button type="submit" disabled hidden></button>
        <div class="bar actions" role="group" aria-label=texts().admin_rewards_selected()>
            <Submit weight=Weight::Plain form="approve_rewards">{texts().admin_reward_approve()}</Submit>
            <Submit weight=Weight::Plain form="settle_rewards">{texts().admin_reward_mark_paid_back()}</Submit>
            <Submit weight=Weight::Plain form="write_off_rewards">{texts().admin_reward_write_off()}</Submit>
            <details open=unfinished>
                <summary>{texts().admin_rewards_void_open()}</summary>
                <p class="note">{texts().admin_reward_void_note()}</p>
                <Field
                    name="reason"
                    label=texts().admin_reward_reason()
                    kind=Kind::Prose
                    hint=texts().admin_reward_reason_hint()
                />
                <Submit weight=Weight::Danger form="void_rewards">{texts().admin_reward_void()}</Submit>
            </details>
        </div>
    }
}

//! A field for a user's e-mail address, which looks for users while somebody types.

use crate::{
    components::field::{Labelled, Wrong, described_by},
    functions::campaigns::{Choice, find_users},
};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// How long the typing must rest before it is looked for.
const REST: Duration = Duration::from_millis(250);

/// A plain input named `beneficiary`; `error` is what the server said about it, if anything.
#[island]
pub fn UserField(value: String, error: String) -> impl IntoView {
    let choices = RwSignal::new(Vec::<Choice>::new());
    let turn = StoredValue::new(0_u32);
    let typed = move |text: String| {
        let this = turn.get_value() + 1;
        turn.set_value(this);
        let newest = move || turn.try_get_value() == Some(this);
        let chosen = choices.with_untracked(|choices| choices.iter().any(|choice| choice.email == text));
        if text.trim().is_empty() || chosen {
            return;
        }
        let look = move || {
            if !newest() {
                return;
            }
            spawn_local(async move {
                // Without suggestions the address can still be typed, and is checked when the form is sent.
                let found = find_users(text).await.unwrap_or_default();
                if newest() {
                    choices.set(found);
                }
            });
        };
        set_timeout(look, REST);
    };
    let invalid = !error.is_empty();
    view! {
        <Labelled
            id="beneficiary"
            label="Beneficiary"
            optional=true
            hint="Who is credited for sign-ups with this code. Type the beginning of an e-mail address or a username."
        >
            <input
                id="beneficiary"
                type="email"
                name="beneficiary"
                value=value
                list="beneficiary-list"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                autofocus=invalid
                aria-invalid=invalid.then_some("true")
                aria-describedby=described_by("beneficiary", true, invalid)
                on:input:target=move |event| typed(event.target().value())
            />
            <datalist id="beneficiary-list">
                <For each=move || choices.get() key=|choice| choice.id let:choice>
                    <option value=choice.email>{choice.username}</option>
                </For>
            </datalist>
            <Wrong id="beneficiary" error=invalid.then_some(error) />
        </Labelled>
    }
}

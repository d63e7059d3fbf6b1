//! A field for a user's e-mail address or username, which looks for users while somebody types.

use crate::{
    components::field::{FieldMessage, Labelled, described_by},
    functions::users::find_users,
    view_models::{codes::BeneficiaryWords, users::UserSuggestion},
};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// How long the typing must rest before it is looked for.
const DEBOUNCE: Duration = Duration::from_millis(250);

/// The list of suggestions that inputs name in `list`.
pub const LIST_ID: &str = "beneficiary-list";

/// Users with what is typed in their names.
#[derive(Clone, Copy)]
pub struct Suggestions {
    choices: RwSignal<Vec<UserSuggestion>>,
    /// Counts the requests: only the answer to the newest is shown.
    request_id: StoredValue<u32>,
}

impl Default for Suggestions {
    fn default() -> Self {
        Self { choices: RwSignal::new(vec![]), request_id: StoredValue::new(0) }
    }
}

impl Suggestions {
    /// Whether this is the e-mail or the username of somebody who is suggested.
    pub fn has(self, text: &str) -> bool {
        self.choices
            .with_untracked(|choices| choices.iter().any(|choice| choice.email == text || choice.username == text))
    }

    /// Looks for users, once the typing rests.
    pub fn typed(self, text: String) {
        let this = self.request_id.get_value() + 1;
        self.request_id.set_value(this);
        let newest = move || self.request_id.try_get_value() == Some(this);
        if text.trim().is_empty() || self.has(&text) {
            return;
        }
        let look = move || {
            if !newest() {
                return;
            }
            spawn_local(async move {
                // Without suggestions the name can still be typed in full.
                let found = find_users(text).await.unwrap_or_default();
                if newest() {
                    self.choices.set(found);
                }
            });
        };
        set_timeout(look, DEBOUNCE);
    }

    /// The list itself.
    pub fn list(self) -> impl IntoView {
        view! {
            <datalist id=LIST_ID>
                <For each=move || self.choices.get() key=|choice| choice.id let:choice>
                    <option value=choice.email>{choice.username}</option>
                </For>
            </datalist>
        }
    }
}

/// A plain input named `beneficiary`; `error` is what the server said about it, if anything.
#[island]
pub fn UserField(value: String, error: String, words: BeneficiaryWords) -> impl IntoView {
    let suggestions = Suggestions::default();
    let invalid = !error.is_empty();
    view! {
        <Labelled id="beneficiary" label=words.label optional=words.optional hint=words.hint>
            <input
                id="beneficiary"
                type="text"
                name="beneficiary"
                value=value
                list=LIST_ID
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                autofocus=invalid
                aria-invalid=invalid.then_some("true")
                aria-describedby=described_by("beneficiary", true, invalid)
                on:input:target=move |event| suggestions.typed(event.target().value())
            />
            {suggestions.list()}
            <FieldMessage id="beneficiary" error=invalid.then_some(error) />
        </Labelled>
    }
}

//! The code field of the sign-up form, which checks what is typed into it.

use crate::{
    components::field::{Labelled, described_by},
    functions::code_check::check_code,
};
use leptos::{html::Input, prelude::*, task::spawn_local};
use std::time::Duration;

/// How long the typing must rest before a code is checked.
const DEBOUNCE: Duration = Duration::from_millis(400);

/// Shorter ones cannot be codes.
const MIN_LENGTH: usize = 3;

/// What stands below the field.
#[derive(Clone, Debug, PartialEq, Eq)]
enum FieldStatus {
    Nothing,
    /// By the server, when the form was sent.
    Refused(String),
    Problem(String),
    Works,
}

/// A plain input named `code`; `error` is what the server said about it, if anything, `optional` what stands beside the
/// label when it may stay empty, and `works` what stands below it when the code can be used.
#[island]
pub fn CodeField(value: String, error: String, label: String, optional: String, works: String) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let status = RwSignal::new(if error.is_empty() { FieldStatus::Nothing } else { FieldStatus::Refused(error) });
    let request_id = StoredValue::new(0_u32);

    let typed = move |code: String| {
        let this = request_id.get_value() + 1;
        request_id.set_value(this);
        let newest = move || request_id.try_get_value() == Some(this);
        status.set(FieldStatus::Nothing);
        if code.trim().len() < MIN_LENGTH {
            return;
        }
        let check = move || {
            if !newest() {
                return;
            }
            spawn_local(async move {
                let answer = check_code(code).await;
                // An answer that failed says nothing about the code; sending the form will.
                if let (true, Ok(problem)) = (newest(), answer) {
                    status.set(problem.map_or(FieldStatus::Works, FieldStatus::Problem));
                }
            });
        };
        set_timeout(check, DEBOUNCE);
    };

    let rendered = value.clone();
    Effect::new(move |_| {
        let now = input.get().map(|input| input.value());
        if let Some(early) = now.filter(|now| *now != rendered) {
            typed(early);
        }
    });

    let wrong = move || matches!(status.get(), FieldStatus::Refused(_) | FieldStatus::Problem(_));
    let begins = status.with_untracked(|status| matches!(status, FieldStatus::Refused(_)));
    let required = optional.is_empty();
    view! {
        <Labelled id="code" label=label optional=optional>
            <input
                node_ref=input
                id="code"
                name="code"
                type="text"
                value=value
                required=required
                autocomplete="off"
                autocapitalize="characters"
                spellcheck="false"
                autofocus=begins
                aria-invalid=move || wrong().then_some("true")
                aria-describedby=described_by("code", false, true)
                on:input:target=move |event| typed(event.target().value())
            />
            <div id="code-error" role="status">
                {move || match status.get() {
                    FieldStatus::Nothing => None,
                    FieldStatus::Refused(why) => Some(view! { <p class="error" role="alert">{why}</p> }.into_any()),
                    FieldStatus::Problem(problem) => Some(view! { <p class="error">{problem}</p> }.into_any()),
                    FieldStatus::Works => Some(view! { <p class="fine">{works.clone()}</p> }.into_any()),
                }}
            </div>
        </Labelled>
    }
}

//! A select field and its options.

use crate::components::{
    field::{FieldMessage, Labelled, described_by},
    form::Submitted,
};
use leptos::prelude::*;

/// The choices of a select, as value and text, with one of them chosen.
#[component]
pub fn Options(choices: Vec<(String, String)>, #[prop(into)] chosen: String) -> impl IntoView {
    choices
        .into_iter()
        .map(|(value, text)| {
            let selected = value == chosen;
            view! {
                <option value=value selected=selected>
                    {text}
                </option>
            }
        })
        .collect_view()
}

/// A choice in a [`PostForm`](super::form::PostForm).
#[component]
pub fn Select(
    name: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    /// The choices, as value and text.
    choices: Vec<(&'static str, &'static str)>,
    /// Chosen until something was sent.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    let sent = use_context::<Submitted>().unwrap_or_default();
    let error = sent.error(name);
    let invalid = error.is_some();
    let choices = choices.into_iter().map(|(value, text)| (value.to_owned(), text.to_owned())).collect();
    view! {
        <Labelled id=name label=label hint=hint>
            <select
                id=name
                name=name
                autofocus=sent.begins_with(name)
                aria-invalid=invalid.then_some("true")
                aria-describedby=described_by(name, !hint.is_empty(), invalid)
            >
                <Options choices=choices chosen=sent.value(name).unwrap_or(value) />
            </select>
            <FieldMessage id=name error=error />
        </Labelled>
    }
}

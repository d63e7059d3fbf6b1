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
pub fn Select<N>(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    /// The choices, as value and text.
    choices: Vec<(&'static str, N)>,
    /// Chosen until something was sent.
    #[prop(into)]
    value: String,
) -> impl IntoView
where
    N: Into<String> + 'static,
{
    let sent = use_context::<Submitted>().unwrap_or_default();
    let error = sent.error(name);
    let invalid = error.is_some();
    let hinted = !hint.is_empty();
    let choices = choices.into_iter().map(|(value, text)| (value.to_owned(), text.into())).collect();
    view! {
        <Labelled id=name label=label hint=hint>
            <select
                id=name
                name=name
                autofocus=sent.begins_with(name)
                aria-invalid=invalid.then_some("true")
                aria-describedby=described_by(name, hinted, invalid)
            >
                <Options choices=choices chosen=sent.value(name).unwrap_or(value) />
            </select>
            <FieldMessage id=name error=error />
        </Labelled>
    }
}

//! What is wrong with a long form, above it: each problem leads to its field.

use crate::{
    components::{
        form::Submitted,
        icon::{Icon, Symbol},
    },
    error::FieldText,
};
use leptos::prelude::*;

/// The problems of a form that was sent and refused, if there are any. It has the focus when the page comes.
#[component]
pub fn ProblemList(
    sent: Submitted,
    /// What is said of so many problems.
    title: fn(i64) -> String,
    /// What a field is called.
    label: fn(&str) -> Option<String>,
) -> impl IntoView {
    let problems: Vec<FieldText> = sent.errors.into_iter().filter(|error| !error.field.is_empty()).collect();
    (!problems.is_empty()).then(|| {
        let title = title(problems.len() as i64);
        let problems = problems.into_iter().map(|FieldText { field, message }| {
            let label = label(&field).map(|label| view! { <strong>{label} ": "</strong> });
            view! {
                <li>
                    <a href=format!("#{field}")>{label} {message}</a>
                </li>
            }
        });
        view! {
            <div class="notice bad problems" tabindex="-1" autofocus role="group" aria-labelledby="problems">
                <Icon of=Symbol::Alert />
                <div>
                    <p id="problems">
                        <strong>{title}</strong>
                    </p>
                    <ul>{problems.collect_view()}</ul>
                </div>
            </div>
        }
    })
}

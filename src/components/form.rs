//! Forms, and what a refused form is shown again with.

use crate::{
    components::alert::{Alert, Tone},
    error::FieldText,
    view_models::page::PageContext,
};
use leptos::{context::Provider, prelude::*};
use std::collections::HashMap;

/// A refused form: what was sent (never passwords) and what is wrong with it. Provided as context by the router.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submitted {
    /// The name of the form on a page with several: its hidden field `form`.
    pub form: String,
    pub values: HashMap<String, String>,
    pub errors: Vec<FieldText>,
}

impl Submitted {
    /// What was sent by the form of this name, on a page with several; by the only one when the name is empty.
    pub fn by(form: &str) -> Self {
        use_context::<Self>().filter(|sent| form.is_empty() || sent.form == form).unwrap_or_default()
    }

    /// What was sent for a field; nothing for a form that was not sent.
    pub fn value(&self, field: &str) -> Option<String> {
        self.values.get(field).cloned()
    }

    /// What is wrong with a field, in a sentence. The empty name stands for the whole form.
    pub fn error(&self, field: &str) -> Option<String> {
        self.errors.iter().find(|e| e.field == field).map(|e| e.message.clone())
    }

    /// Whether a checkbox was ticked; `untouched` for a form that was not sent.
    pub fn ticked(&self, field: &str, untouched: bool) -> bool {
        if self.values.is_empty() { untouched } else { self.values.contains_key(field) }
    }

    /// Whether the eye should go to this field first.
    pub fn begins_with(&self, field: &str) -> bool {
        self.errors.first().is_some_and(|e| e.field == field)
    }
}

/// A form that posts to its page's own address. Its fields find what was sent before as context.
#[component]
pub fn PostForm(
    /// The server function it calls; needed on pages with several forms.
    #[prop(optional)]
    name: &'static str,
    /// Whether it makes something that one press of its button shall make once.
    #[prop(optional)]
    once: bool,
    /// Where to ask, while it is filled in, what is wrong: see `public/js/form-checks.js`.
    #[prop(optional)]
    checks: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let sent = Submitted::by(name);
    let refused = sent.error("");
    let number = once.then(|| expect_context::<PageContext>().form_number);
    view! {
        <form method="post" class="form" data-checks=checks novalidate>
            {(!name.is_empty()).then(|| view! { <input type="hidden" name="form" value=name /> })}
            {number.map(|number| view! { <input type="hidden" name="form_number" value=number /> })}
            {refused.map(|message| view! { <Alert tone=Tone::Bad>{message}</Alert> })}
            <Provider value=sent>{children()}</Provider>
        </form>
    }
}

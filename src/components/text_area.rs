//! A field of several lines. What is inside a `<textarea>` is written as it is, so it is made safe here.

use crate::{
    components::{
        field::{FieldMessage, Labelled, described_by},
        form::Submitted,
    },
    text::texts,
};
use leptos::prelude::*;

/// Text of several lines in a [`PostForm`](super::form::PostForm), which may stay empty unless it is a list.
#[component]
pub fn TextArea(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] hint: String,
    /// Shown until something was sent.
    #[prop(into)]
    value: String,
    /// Whether it is a list of addresses and the like: no words, and needed.
    #[prop(optional)]
    list: bool,
) -> impl IntoView {
    let sent = use_context::<Submitted>().unwrap_or_default();
    let error = sent.error(name);
    let invalid = error.is_some();
    let text = escaped(&sent.value(name).unwrap_or(value));
    let mark = if list { String::new() } else { texts().field_optional() };
    view! {
        <Labelled id=name label=label optional=mark hint=hint>
            <textarea
                id=name
                name=name
                rows=if list { "8" } else { "4" }
                required=list
                autocomplete="off"
                autocapitalize=if list { "none" } else { "sentences" }
                spellcheck=if list { "false" } else { "true" }
                autofocus=sent.begins_with(name)
                aria-invalid=invalid.then_some("true")
                aria-describedby=described_by(name, true, invalid)
            >
                {text}
            </textarea>
            <FieldMessage id=name error=error />
        </Labelled>
    }
}

/// The text as HTML: nothing in it ends the field, nor is read as a character by its name. Browsers leave out a line
/// break at the beginning, so there is one for them.
fn escaped(text: &str) -> String {
    format!("\n{}", text.replace('&', "&amp;").replace('<', "&lt;"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_typed_ends_the_field() {
        assert_eq!(escaped("a\n</textarea><b>&lt;"), "\na\n&lt;/textarea>&lt;b>&amp;lt;");
    }
}

//! Form fields with their label, hint and error message.

use crate::{components::form::Submitted, text::texts};
use leptos::prelude::*;

/// What kind of text a field takes; decides keyboard, filling-in and correction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    #[default]
    Text,
    /// Words of a language.
    Prose,
    /// A whole number. What is no number comes back as it was typed, which `type="number"` would lose.
    Number,
    /// A number that may have decimals, as an amount of money.
    Decimal,
    /// A day and a time of day.
    Moment,
    /// A full web address.
    Address,
    Email,
    Username,
    /// The password of an account that exists.
    Password,
    /// A password that is chosen here.
    NewPassword,
}

impl Kind {
    fn input_type(self) -> &'static str {
        match self {
            Self::Text | Self::Prose | Self::Number | Self::Decimal | Self::Username => "text",
            Self::Moment => "datetime-local",
            Self::Address => "url",
            Self::Email => "email",
            Self::Password | Self::NewPassword => "password",
        }
    }

    fn autocomplete(self) -> &'static str {
        match self {
            Self::Text | Self::Prose | Self::Number | Self::Decimal | Self::Moment | Self::Address => "off",
            Self::Email => "email",
            Self::Username => "username",
            Self::Password => "current-password",
            Self::NewPassword => "new-password",
        }
    }

    fn input_mode(self) -> Option<&'static str> {
        match self {
            Self::Number => Some("numeric"),
            Self::Decimal => Some("decimal"),
            _ => None,
        }
    }

    fn min_length(self) -> Option<u8> {
        match self {
            Self::Username => Some(3),
            Self::NewPassword => Some(8),
            _ => None,
        }
    }
}

/// Label and hint above an input, which names them in `aria-describedby`: see [`described_by`].
#[component]
pub fn Labelled(
    id: &'static str,
    #[prop(into)] label: String,
    /// Stands beside the label of a field that may stay empty, and says so.
    #[prop(optional, into)]
    optional: String,
    #[prop(optional, into)] hint: String,
    children: Children,
) -> impl IntoView {
    let optional = (!optional.is_empty()).then(|| view! { <span class="note">" " {optional}</span> });
    let hint = (!hint.is_empty()).then(|| {
        view! {
            <p class="note" id=format!("{id}-hint")>
                {hint}
            </p>
        }
    });
    view! {
        <div class="field">
            <label for=id>{label} {optional}</label>
            {hint}
            {children()}
        </div>
    }
}

/// What is wrong with the field `id`.
#[component]
pub fn FieldMessage(id: &'static str, error: Option<String>) -> impl IntoView {
    error.map(|error| {
        view! {
            <p class="error" id=format!("{id}-error") role="alert">
                {error}
            </p>
        }
    })
}

/// The ids of a field's hint and error, as far as it has them.
pub fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (true, true) => Some(format!("{id}-hint {id}-error")),
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (false, false) => None,
    }
}

/// A line of text in a [`PostForm`](super::form::PostForm). Passwords come back empty.
#[component]
pub fn Field(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional)] kind: Kind,
    #[prop(optional, into)] hint: String,
    /// Shown until something was sent.
    #[prop(optional, into)]
    value: String,
    /// Needed where a page has several fields of one name.
    #[prop(optional)]
    id: Option<&'static str>,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
    /// Offered while typing; anything else may be typed as well.
    #[prop(optional)]
    suggestions: Vec<String>,
) -> impl IntoView {
    let id = id.unwrap_or(name);
    let list = (!suggestions.is_empty()).then(|| format!("{id}-list"));
    let prose = kind == Kind::Prose;
    let sent = use_context::<Submitted>().unwrap_or_default();
    let error = sent.error(name);
    let invalid = error.is_some();
    let hinted = !hint.is_empty();
    let secret = matches!(kind, Kind::Password | Kind::NewPassword);
    let value = (!secret).then(|| sent.value(name).unwrap_or(value));
    let mark = if optional { texts().field_optional() } else { String::new() };
    view! {
        <Labelled id=id label=label optional=mark hint=hint>
            <input
                id=id
                name=name
                r#type=kind.input_type()
                value=value
                list=list.clone()
                required=!optional
                autocomplete=kind.autocomplete()
                inputmode=kind.input_mode()
                minlength=kind.min_length()
                autocapitalize=if prose { "sentences" } else { "none" }
                spellcheck=if prose { "true" } else { "false" }
                autofocus=sent.begins_with(name)
                aria-invalid=invalid.then_some("true")
                aria-describedby=described_by(id, hinted, invalid)
            />
            {list.map(|list| view! { <Suggestions id=list values=suggestions /> })}
            <FieldMessage id=id error=error />
        </Labelled>
    }
}

#[component]
fn Suggestions(id: String, values: Vec<String>) -> impl IntoView {
    view! {
        <datalist id=id>
            {values.into_iter().map(|value| view! { <option value=value></option> }).collect_view()}
        </datalist>
    }
}

/// A box to tick; sends `true`.
#[component]
pub fn Checkbox(
    name: &'static str,
    /// Whether it is ticked before anything was sent.
    #[prop(optional)]
    ticked: bool,
    children: Children,
) -> impl IntoView {
    let sent = use_context::<Submitted>().unwrap_or_default();
    let error = sent.error(name);
    let invalid = error.is_some();
    view! {
        <div class="field">
            <label class="tick">
                <input
                    id=name
                    type="checkbox"
                    name=name
                    value="true"
                    checked=sent.ticked(name, ticked)
                    aria-invalid=invalid.then_some("true")
                    aria-describedby=described_by(name, false, invalid)
                />
                <span>{children()}</span>
            </label>
            <FieldMessage id=name error=error />
        </div>
    }
}

//! Buttons and links that look like buttons.

use leptos::prelude::*;

/// How much a button asks to be pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// The one thing to do here.
    #[default]
    Primary,
    /// One of several.
    Plain,
    /// Takes something away for good.
    Danger,
}

impl Weight {
    /// The classes of a button of this weight.
    pub fn class(self) -> &'static str {
        match self {
            Self::Primary => "button primary",
            Self::Plain => "button",
            Self::Danger => "button danger",
        }
    }
}

/// Sends the form it stands in.
#[component]
pub fn Submit(
    #[prop(optional)] weight: Weight,
    /// Says more than the text can, for those who hear the page.
    #[prop(optional, into)]
    label: Option<String>,
    /// The server function that it calls, in a form whose buttons call several.
    #[prop(optional)]
    form: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    view! {
        <button type="submit" class=weight.class() aria-label=label name=form.map(|_| "form") value=form>
            {children()}
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(#[prop(optional)] weight: Weight, #[prop(into)] href: String, children: Children) -> impl IntoView {
    view! {
        <a class=weight.class() href=href>
            {children()}
        </a>
    }
}

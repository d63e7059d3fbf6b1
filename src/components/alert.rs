//! Alerts and notices.

use crate::components::icon::{Icon, Symbol};
use leptos::prelude::*;

/// What a colour says; always together with words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Neutral,
    Good,
    Warn,
    Bad,
}

impl Tone {
    /// The class that colours an element so.
    pub fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// A refusal: read out at once.
#[component]
pub fn Alert(#[prop(default = Tone::Bad)] tone: Tone, children: Children) -> impl IntoView {
    view! {
        <div class=format!("notice {}", tone.class()) role="alert">
            <Icon of=Symbol::Alert />
            <p>{children()}</p>
        </div>
    }
}

/// A circumstance: there for whoever reads the page.
#[component]
pub fn Notice(
    #[prop(default = Tone::Neutral)] tone: Tone,
    #[prop(into)] title: String,
    children: Children,
) -> impl IntoView {
    view! {
        <div class=format!("notice {}", tone.class())>
            <Icon of=Symbol::Info />
            <p>
                <strong>{title}</strong>
                " "
                {children()}
            </p>
        </div>
    }
}

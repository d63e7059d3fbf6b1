//! A secret that was just made, shown this once.

use crate::components::{
    alert::{Notice, Tone},
    copy_button::CopyButton,
    field::Labelled,
};
use leptos::{either::Either, prelude::*};

/// What is said above and beside the secret.
pub struct NewSecretWords {
    pub title: String,
    pub note: String,
    /// The name of the secret.
    pub label: String,
    /// Said instead when the secret was shown before.
    pub shown: String,
    pub shown_note: String,
}

/// The secret with a button that copies it; without one, that it was shown before.
#[component]
pub fn NewSecret(secret: Option<String>, words: NewSecretWords) -> impl IntoView {
    let Some(secret) = secret else {
        return Either::Left(view! { <Notice title=words.shown>{words.shown_note}</Notice> });
    };
    Either::Right(view! {
        <Notice tone=Tone::Good title=words.title>
            {words.note}
        </Notice>
        <div class="card">
            <Labelled id="secret" label=words.label>
                <input id="secret" type="text" readonly=true autocomplete="off" spellcheck="false" value=secret />
            </Labelled>
            <p class="actions">
                <CopyButton of="secret" primary=true />
            </p>
        </div>
    })
}

//! The badge for the status of a code.

use crate::{
    components::{alert::Tone, badge::Badge},
    domain::codes::code::CodeStatus,
};
use leptos::prelude::*;

fn tone(status: CodeStatus) -> Tone {
    match status {
        CodeStatus::Active => Tone::Good,
        CodeStatus::Inactive => Tone::Neutral,
        CodeStatus::Expired => Tone::Bad,
        CodeStatus::LimitReached => Tone::Warn,
    }
}

/// A small coloured word; `text` is the name of the status.
#[component]
pub fn StatusBadge(status: CodeStatus, text: String) -> impl IntoView {
    view! { <Badge tone=tone(status) text=text /> }
}

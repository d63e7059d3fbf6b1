//! The badge for the status of a code.

use crate::{
    components::{alert::Tone, badge::Badge},
    domain::codes::code::CodeStatus,
};
use leptos::prelude::*;

/// The name of a status for people.
pub fn word(status: CodeStatus) -> &'static str {
    match status {
        CodeStatus::Active => "Active",
        CodeStatus::Inactive => "Inactive",
        CodeStatus::Expired => "Expired",
        CodeStatus::LimitReached => "Limit reached",
    }
}

fn tone(status: CodeStatus) -> Tone {
    match status {
        CodeStatus::Active => Tone::Good,
        CodeStatus::Inactive => Tone::Neutral,
        CodeStatus::Expired => Tone::Bad,
        CodeStatus::LimitReached => Tone::Warn,
    }
}

/// A small coloured word.
#[component]
pub fn StatusBadge(status: CodeStatus) -> impl IntoView {
    view! { <Badge tone=tone(status) text=word(status) /> }
}

//! The status of a code, in a colour and a word.

use super::{alert::Tone, badge::Badge};
use crate::domain::code::CodeStatus;
use leptos::prelude::*;

/// All statuses, for choosing one.
pub const ALL: [CodeStatus; 4] =
    [CodeStatus::Active, CodeStatus::Inactive, CodeStatus::Expired, CodeStatus::LimitReached];

/// The name in addresses and attributes.
pub fn name(status: CodeStatus) -> &'static str {
    match status {
        CodeStatus::Active => "active",
        CodeStatus::Inactive => "inactive",
        CodeStatus::Expired => "expired",
        CodeStatus::LimitReached => "limit-reached",
    }
}

/// The name for people.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_api() {
        for status in ALL {
            assert_eq!(serde_json::to_value(status).ok(), Some(name(status).into()));
        }
    }
}

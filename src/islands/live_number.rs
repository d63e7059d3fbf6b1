//! A counter, updated live.

use crate::{islands::live, view_models::stats::UserStats};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Which of a referrer's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Counter {
    Clicks,
    UniqueClicks,
    Signups,
    Conversions,
}

impl Counter {
    fn of(self, stats: &UserStats) -> i64 {
        match self {
            Self::Clicks => stats.clicks,
            Self::UniqueClicks => stats.unique_clicks,
            Self::Signups => stats.signups,
            Self::Conversions => stats.conversions,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Clicks => "clicks",
            Self::UniqueClicks => "unique-clicks",
            Self::Signups => "signups",
            Self::Conversions => "conversions",
        }
    }

    /// What follows the number in a sentence; nothing where the number stands alone.
    fn noun(self, number: i64) -> &'static str {
        match (self, number) {
            (Self::UniqueClicks, 1) => " person",
            (Self::UniqueClicks, _) => " different people",
            _ => "",
        }
    }
}

/// The bare number, and its noun where it is part of a sentence.
#[island]
pub fn LiveNumber(initial: UserStats, which: Counter) -> impl IntoView {
    let shown = live::follow(which.of(&initial), move |stats| which.of(stats));
    view! {
        <span data-testid=which.name() class=move || live::changed(shown.get().1)>
            {move || shown.get().0}
        </span>
        {move || which.noun(shown.get().0)}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_is_not_different_people() {
        let nouns = [0, 1, 2].map(|number| Counter::UniqueClicks.noun(number));
        assert_eq!(nouns, [" different people", " person", " different people"]);
        assert_eq!(Counter::Clicks.noun(1), "");
    }
}

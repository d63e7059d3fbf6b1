//! A counter that moves while one looks at it.

use super::live;
use crate::domain::stats::Stats;
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
    fn of(self, stats: &Stats) -> i64 {
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
}

/// The bare number.
#[island]
pub fn LiveNumber(initial: Stats, which: Counter) -> impl IntoView {
    let shown = live::follow(which.of(&initial), move |stats| which.of(stats));
    view! {
        <span data-testid=which.name() class=move || live::changed(shown.get().1)>
            {move || shown.get().0}
        </span>
    }
}

//! A counter, updated live.

use crate::{
    islands::live,
    view_models::stats::{CountText, UserStats},
};
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
}

/// The number, inside its sentence where it has one.
#[island]
pub fn LiveNumber(initial: UserStats, which: Counter, text: CountText) -> impl IntoView {
    let shown = live::follow(which.of(&initial), move |stats| which.of(stats));
    let text = StoredValue::new(text);
    let number = move || shown.get().0;
    let before = move || text.with_value(|text| text.around(number()).0.to_owned());
    let after = move || text.with_value(|text| text.around(number()).1.to_owned());
    view! {
        {before}
        <span data-testid=which.name() class=move || live::changed(shown.get().1)>
            {move || text.with_value(|text| text.digits(number()))}
        </span>
        {after}
    }
}

//! What happened day by day.

use crate::{
    components::{
        card::Card,
        chart::{Bar, DayChart, Noun},
        empty::Empty,
        icon::Symbol,
    },
    view_models::statistics::DayCounts,
};
use leptos::{either::Either, prelude::*};

/// A card with clicks and sign-ups by day.
#[component]
pub fn Activity(
    title: &'static str,
    /// Said where nothing happened.
    quiet: &'static str,
    days: Vec<DayCounts>,
    /// What it is kept up to date with.
    #[prop(into)]
    refresh_on: String,
) -> impl IntoView {
    let bars =
        days.iter().map(|day| Bar { start: day.start, whole: day.clicks, part: day.signups }).collect::<Vec<_>>();
    let content = if days.iter().all(|day| day.clicks == 0 && day.signups == 0) {
        Either::Left(view! {
            <Empty symbol=Symbol::Chart title="Quiet so far">
                {quiet}
            </Empty>
        })
    } else {
        let whole = Noun { one: "click", many: "clicks", title: "Clicks" };
        let part = Noun { one: "sign-up", many: "sign-ups", title: "Sign-ups" };
        Either::Right(view! { <DayChart bars=bars whole=whole part=part /> })
    };
    view! {
        <Card id="activity" title=title class="activity" refresh_on=refresh_on>
            {content}
        </Card>
    }
}

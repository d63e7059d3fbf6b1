//! Numbers that are links: each chooses what the chart beneath them shows.

use crate::text::{Texts, texts};
use leptos::prelude::*;
use std::cmp::Ordering;

/// Fewer than these before are told by how many, more in percent.
const FEW: i64 = 20;

/// How a number differs from that of the period before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    order: Ordering,
    by: String,
}

impl Change {
    /// Of a count; nothing where there was none before.
    pub(crate) fn of_count(texts: &Texts, now: i64, before: i64) -> Option<Self> {
        if before >= FEW {
            return Self::of_ratio(texts, (now, 1), (before, 1));
        }
        let by = || texts.number((now - before).abs());
        (before > 0).then(|| Self { order: now.cmp(&before), by: by() })
    }

    /// Of a part of a whole, in percent of what it was; nothing where that was nothing.
    pub(crate) fn of_ratio(texts: &Texts, now: (i64, i64), before: (i64, i64)) -> Option<Self> {
        if now.1 <= 0 || before.0 <= 0 || before.1 <= 0 {
            return None;
        }
        let is = i128::from(now.0) * i128::from(before.1);
        let was = i128::from(before.0) * i128::from(now.1);
        let percent = ((is - was).abs() * 200 + was) / (2 * was);
        let by = texts.number_percent(texts.number(i64::try_from(percent).unwrap_or(i64::MAX)));
        Some(Self { order: if percent == 0 { Ordering::Equal } else { is.cmp(&was) }, by })
    }
}

/// A number among others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    pub label: String,
    pub value: String,
    /// Nothing where there is no period before; nothing in it where nothing was there before.
    pub change: Option<Option<Change>>,
    /// The page with the chart of it.
    pub href: String,
    /// Whether the chart shows it.
    pub chosen: bool,
}

/// Numbers beside each other.
#[component]
pub fn MetricTiles(
    /// Names them for those who hear the page.
    label: String,
    tiles: Vec<Tile>,
) -> impl IntoView {
    let tiles = tiles.into_iter().map(|Tile { label, value, change, href, chosen }| {
        view! {
            <li>
                <a class="tile" href=href aria-current=chosen.then_some("true")>
                    <span class="label">{label}</span>
                    <strong class="value">{value}</strong>
                    {change.map(|change| view! { <Changed change=change /> })}
                </a>
            </li>
        }
    });
    view! {
        <ul class="metric-tiles" aria-label=label>
            {tiles.collect_view()}
        </ul>
    }
}

/// How a number differs from that of the period before; nothing where nothing was there before.
#[component]
pub fn Changed(change: Option<Change>) -> impl IntoView {
    let texts = texts();
    let (class, shown, said) = match change {
        None => ("", "–".to_owned(), texts.number_nothing_before()),
        Some(Change { order, by }) => match order {
            Ordering::Greater => ("up", texts.number_up(&by), texts.number_more(&by)),
            Ordering::Less => ("down", texts.number_down(&by), texts.number_less(&by)),
            Ordering::Equal => ("", texts.number_same(), texts.number_no_change()),
        },
    };
    view! {
        <span class=format!("change {class}")>
            <span aria-hidden="true">{shown}</span>
            <span class="unseen">{said}</span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::english;

    #[test]
    fn few_are_told_by_number_and_many_in_percent() {
        let change =
            |now, before| Change::of_count(&english(), now, before).map(|Change { order, by }| (order as i8, by));
        let told = |order, by: &str| Some((order, by.to_owned()));
        assert_eq!((change(5, 0), change(0, 0)), (None, None));
        assert_eq!((change(5, 3), change(3, 5), change(3, 3)), (told(1, "2"), told(-1, "2"), told(0, "0")));
        assert_eq!((change(104, 100), change(50, 100)), (told(1, "4%"), told(-1, "50%")));
        assert_eq!((change(1_001, 1_000), change(99_000, 20)), (told(0, "0%"), told(1, "494,900%")));
    }

    #[test]
    fn rates_are_compared_as_rates() {
        let change = |now, before| Change::of_ratio(&english(), now, before).map(|change| change.by);
        assert_eq!(change((3, 100), (2, 100)).as_deref(), Some("50%"));
        assert_eq!((change((1, 0), (2, 100)), change((1, 5), (0, 100))), (None, None));
    }
}

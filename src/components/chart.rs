//! A bar chart of a few numbers a day, as SVG without script or style attributes.

use crate::{
    components::{
        format::{grouped, short_day},
        table::Table,
    },
    domain::{
        money::{Currency, Money},
        time::{DAY, Time},
    },
    text::texts,
};
use leptos::prelude::*;

/// What the numbers of a chart are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Clicks,
    SignUps,
    Conversions,
    /// Revenue in smallest units.
    Money(Currency),
}

impl Unit {
    fn title(self) -> String {
        let texts = texts();
        match self {
            Self::Clicks => texts.chart_clicks(),
            Self::SignUps => texts.chart_sign_ups(),
            Self::Conversions => texts.number_conversions(),
            Self::Money(currency) => texts.chart_revenue(currency.to_string()),
        }
    }

    /// A number as it stands in a table and beside the scale.
    fn short(self, number: i64) -> String {
        match self {
            Self::Money(currency) => Money { amount: number, currency }.to_string(),
            _ => grouped(number),
        }
    }

    /// A number with what it counts.
    fn counted(self, number: i64) -> String {
        let (texts, digits) = (texts(), grouped(number));
        match self {
            Self::Clicks => texts.chart_clicks_counted(number, digits),
            Self::SignUps => texts.chart_sign_ups_counted(number, digits),
            Self::Conversions => texts.chart_conversions_counted(number, digits),
            Self::Money(_) => self.short(number),
        }
    }
}

/// Numbers of one kind, one for each day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    pub unit: Unit,
    pub values: Vec<i64>,
}

/// How series are drawn, the first one behind: its class, and how many units narrower than its day it is on each side.
const BARS: [(&str, usize); 3] = [("whole", 2), ("part", 2), ("rest", 4)];

/// Units of the drawing that one day is wide.
const STEP: usize = 10;

/// The drawing's height in its own units; style sheets stretch it.
const HEIGHT: f64 = 100.0;

/// The even round number that the scale ends at.
fn ceiling(most: i64) -> i64 {
    let tens = (0..17).flat_map(|power| [10, 20, 30, 40, 60, 80].map(|unit| unit * 10_i64.pow(power)));
    [2, 4, 6, 8].into_iter().chain(tens).find(|end| *end >= most).unwrap_or(most)
}

/// Bars by day with a scale, and the same as a table for those who rather read.
#[component]
pub fn DayChart(
    /// The first day, at midnight UTC.
    first: Time,
    /// Up to three, of the same unit of measure and as many days.
    series: Vec<Series>,
) -> impl IntoView {
    let days = series.first().map_or(0, |series| series.values.len());
    let starts: Vec<Time> = (0..days).map(|day| first.plus(day as i64 * DAY)).collect();
    let sums = series.iter().map(|series| series.unit.counted(series.values.iter().sum()));
    let summary = texts().chart_summary(days as i64, sums.collect::<Vec<_>>().join(", "));
    let end = ceiling(series.iter().flat_map(|series| &series.values).copied().max().unwrap_or_default());
    let scale = series.first().map(|series| [end, end / 2, 0].map(|value| series.unit.short(value)));
    let bar = move |(class, inset): (&'static str, usize), x: usize, value: i64| {
        let height = (value as f64 / end as f64 * HEIGHT * 10.0).round() / 10.0;
        let rect = || view! { <rect class=class x=x + inset y=HEIGHT - height width=STEP - 2 * inset height=height /> };
        (value > 0).then(rect)
    };
    // One alone has the strongest colour.
    let styles = if series.len() == 1 { &BARS[1..] } else { &BARS[..] };
    let width = days * STEP;
    let columns = starts.iter().enumerate().map(|(i, start)| {
        let counted = series.iter().map(|series| series.unit.counted(series.values[i]));
        let title = format!("{}: {}", short_day(*start), counted.collect::<Vec<_>>().join(", "));
        let bars = series.iter().zip(styles).map(|(series, style)| bar(*style, i * STEP, series.values[i]));
        view! {
            <g>
                <title>{title}</title>
                <rect class="day" x=i * STEP y="0" width=STEP height=HEIGHT />
                {bars.collect_view()}
            </g>
        }
    });
    let rows = starts.iter().enumerate().rev().map(|(i, start)| {
        let cells = series.iter().map(|series| view! { <td class="number">{series.unit.short(series.values[i])}</td> });
        view! {
            <tr>
                <th scope="row">{start.date()}</th>
                {cells.collect_view()}
            </tr>
        }
    });
    let rows = rows.collect_view();
    let columns = columns.collect_view();
    let keys = series.iter().zip(styles).map(|(series, (class, _))| {
        view! { <span class=format!("key {class}")>{series.unit.title()}</span> }
    });
    let keys = keys.collect_view();
    let mut heads = vec![(texts().chart_day(), false)];
    heads.extend(series.iter().map(|series| (series.unit.title(), true)));
    let labels = [starts.first(), starts.get(days / 2), starts.last()].map(|start| start.copied().map(short_day));
    view! {
        <figure class="chart">
            <figcaption>{keys}</figcaption>
            <div class="plot">
                <div class="scale" aria-hidden="true">
                    {scale.into_iter().flatten().map(|value| view! { <span>{value}</span> }).collect_view()}
                </div>
                <svg
                    role="img"
                    aria-label=summary.clone()
                    viewBox=format!("0 0 {width} {HEIGHT}")
                    preserveAspectRatio="none"
                >
                    <path class="grid" d=format!("M0 0H{width}M0 50H{width}M0 100H{width}") />
                    {columns}
                </svg>
                <div class="days" aria-hidden="true">
                    {labels.map(|day| view! { <span>{day}</span> })}
                </div>
            </div>
        </figure>
        <details>
            <summary>{texts().chart_as_table()}</summary>
            <Table caption=summary columns=heads>
                {rows}
            </Table>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_at_even_round_numbers() {
        assert_eq!([0, 1, 3, 9, 11, 22, 99, 401].map(ceiling), [2, 2, 4, 10, 20, 30, 100, 600]);
    }
}

//! A bar chart of two numbers a day, as SVG without script or style attributes.

use crate::{
    components::{
        format::{counted, grouped, short_day},
        table::Table,
    },
    domain::time::Time,
};
use leptos::prelude::*;

/// One day: of a `whole`, a `part`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Midnight UTC.
    pub start: Time,
    pub whole: i64,
    pub part: i64,
}

/// What a number of a chart is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noun {
    pub one: &'static str,
    pub many: &'static str,
    /// As the head of a column.
    pub title: &'static str,
}

impl Noun {
    fn count(self, number: i64) -> String {
        counted(number, self.one, self.many)
    }
}

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
pub fn DayChart(bars: Vec<Bar>, whole: Noun, part: Noun) -> impl IntoView {
    let (all, parts) = bars.iter().fold((0, 0), |(a, b), bar| (a + bar.whole, b + bar.part));
    let summary = format!("{} days: {} and {}", bars.len(), whole.count(all), part.count(parts));
    let end = ceiling(bars.iter().map(|bar| bar.whole.max(bar.part)).max().unwrap_or_default());
    let column = move |class: &'static str, x: usize, value: i64| {
        let height = (value as f64 / end as f64 * HEIGHT * 10.0).round() / 10.0;
        let rect = || view! { <rect class=class x=x + 2 y=HEIGHT - height width=STEP - 4 height=height /> };
        (value > 0).then(rect)
    };
    let day = |bar: Option<&Bar>| bar.map(|bar| short_day(bar.start));
    let days = [day(bars.first()), day(bars.get(bars.len() / 2)), day(bars.last())];
    let width = bars.len() * STEP;
    let columns = bars
        .iter()
        .enumerate()
        .map(|(i, bar)| {
            let x = i * STEP;
            let title = format!("{}: {}, {}", short_day(bar.start), whole.count(bar.whole), part.count(bar.part));
            view! {
                <g>
                    <title>{title}</title>
                    <rect class="day" x=x y="0" width=STEP height=HEIGHT />
                    {column("whole", x, bar.whole)}
                    {column("part", x, bar.part)}
                </g>
            }
        })
        .collect_view();
    let rows = bars
        .iter()
        .rev()
        .map(|bar| {
            view! {
                <tr>
                    <th scope="row">{bar.start.date()}</th>
                    <td class="number">{grouped(bar.whole)}</td>
                    <td class="number">{grouped(bar.part)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <figure class="chart">
            <figcaption>
                <span class="key whole">{whole.title}</span>
                <span class="key part">{part.title}</span>
            </figcaption>
            <div class="plot">
                <div class="scale" aria-hidden="true">
                    <span>{grouped(end)}</span>
                    <span>{grouped(end / 2)}</span>
                    <span>"0"</span>
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
                    {days.map(|day| view! { <span>{day}</span> })}
                </div>
            </div>
        </figure>
        <details>
            <summary>"Show as a table"</summary>
            <Table
                caption=summary
                columns=vec![("Day", false), (whole.title, true), (part.title, true)]
            >
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

//! One kind of number over time, as SVG without script or style attributes: bars for counts, a line for rates.

use crate::{
    components::table::Table,
    domain::money::{Currency, Money},
    text::{Texts, texts},
    view_models::{overview::Timeline, page::PageContext},
};
use leptos::{either::Either, nonce::use_nonce, prelude::*};

/// What the values of a metric are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Count,
    /// Tenths of a percent.
    Rate,
    /// Smallest units of a currency.
    Money(Currency),
}

/// A kind of number over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    pub name: String,
    pub unit: Unit,
    /// An entry for each step of the timeline; nothing where there is no rate.
    pub values: Vec<Option<i64>>,
    /// The same of the period before, as far as there is one.
    pub before: Vec<Option<i64>>,
    /// All of them together, as text.
    pub total: String,
}

impl Metric {
    /// Numbers of what was counted.
    pub fn counts(name: String, values: &[i64]) -> Self {
        Self::sums(name, Unit::Count, values)
    }

    /// Amounts of money.
    pub fn money(name: &str, currency: Currency, amounts: &[i64]) -> Self {
        Self::sums(texts().chart_in_currency(name, currency.as_str()), Unit::Money(currency), amounts)
    }

    fn sums(name: String, unit: Unit, values: &[i64]) -> Self {
        let total = unit.text(&texts(), values.iter().sum());
        Self { name, unit, values: values.iter().copied().map(Some).collect(), before: vec![], total }
    }

    /// What the parts are of the wholes.
    pub fn rates(name: String, parts: &[i64], wholes: &[i64]) -> Self {
        let rate = |(part, whole): (&i64, &i64)| (*whole > 0).then(|| (part * 2_000 + whole) / (2 * whole));
        let total = texts().percent(parts.iter().sum(), wholes.iter().sum());
        let values = parts.iter().zip(wholes).map(rate).collect();
        Self { name, unit: Unit::Rate, values, before: vec![], total }
    }

    /// The same beside the one of the period before.
    pub fn compared_with(self, before: Self) -> Self {
        Self { before: before.values, ..self }
    }

    /// Whether there is anything to draw.
    pub fn is_empty(&self) -> bool {
        self.values.iter().chain(&self.before).flatten().all(|value| *value == 0)
    }

    /// The even round number that the scale ends at.
    fn end(&self) -> i64 {
        let most = self.values.iter().chain(&self.before).flatten().copied().max().unwrap_or_default();
        ceiling(if self.unit == Unit::Rate { most.max(20) } else { most })
    }
}

impl Unit {
    fn text(self, texts: &Texts, value: i64) -> String {
        match self {
            Self::Count => texts.number(value),
            Self::Rate => texts.percent(value, 1_000),
            Self::Money(currency) => texts.money(&Money { amount: value, currency }),
        }
    }

    /// The same beside others; a dash where there is nothing, and for no money.
    fn text_or_dash(self, texts: &Texts, value: Option<i64>) -> String {
        match (self, value) {
            (_, None) | (Self::Money(_), Some(0)) => "–".into(),
            (_, Some(value)) => self.text(texts, value),
        }
    }
}

/// The even round number at or above `most`.
fn ceiling(most: i64) -> i64 {
    let tens = (0..17).flat_map(|power| [10, 20, 30, 40, 60, 80].map(|unit| unit * 10_i64.pow(power)));
    [2, 4, 6, 8].into_iter().chain(tens).find(|end| *end >= most).unwrap_or(most)
}

/// Units of the drawing that one step is wide.
const STEP: usize = 10;

/// Units that a bar leaves free of its step on each side.
const GAP: usize = 2;

/// The drawing's height in its own units; style sheets stretch it.
const HEIGHT: f64 = 100.0;

/// How high a value stands in the drawing.
fn height(value: i64, end: i64) -> f64 {
    (value.clamp(0, end) as f64 / end as f64 * HEIGHT * 10.0).round() / 10.0
}

/// A line through the middle of each step, with gaps where there is no value.
fn line(values: &[Option<i64>], from: usize, end: i64) -> String {
    let mut path = String::new();
    let mut open = false;
    for (step, value) in values.iter().enumerate().skip(from) {
        if let Some(value) = value {
            let (x, y) = (step * STEP + STEP / 2, HEIGHT - height(*value, end));
            // Something alone is a dot.
            path += &if open { format!("L{x} {y}") } else { format!("M{x} {y}h0") };
        }
        open = value.is_some();
    }
    path
}

/// The name of a step.
fn step_name(texts: &Texts, timeline: &Timeline, step: usize) -> String {
    if timeline.step_days == 1 {
        return texts.counted_day(timeline.start_of(step));
    }
    texts.chart_days(texts.counted_date(timeline.start_of(step)), texts.counted_date(timeline.last_day_of(step)))
}

/// A metric as a picture that shows its values under the pointer, the finger and the keyboard, and as a table that may
/// have others beside it. Needs [`ChartScript`] on the page.
#[component]
pub fn Chart(
    timeline: Timeline,
    metric: Metric,
    /// What the table has besides.
    #[prop(optional)]
    others: Vec<Metric>,
) -> impl IntoView {
    let texts = texts();
    let summary = texts.chart_summary(timeline.steps * timeline.step_days, &metric.name, &metric.total);
    let scale = {
        let end = metric.end();
        [end, end / 2, 0].map(|value| view! { <span>{metric.unit.text(&texts, value)}</span> })
    };
    let last = metric.values.len().saturating_sub(1);
    let days = [0, last / 2, last].map(|step| view! { <span>{texts.counted_day(timeline.last_day_of(step))}</span> });
    let kind = if metric.unit == Unit::Rate { "line" } else { "column" };
    let before = (!metric.before.is_empty()).then(|| view! { <span class="key before">{texts.chart_before()}</span> });
    view! {
        <figure class="chart">
            <figcaption>
                <span class=format!("key now {kind}")>{metric.name.clone()}</span>
                {before}
                <span class=format!("key today {kind}")>{texts.chart_unfinished()}</span>
            </figcaption>
            <div class="plot">
                <div class="scale" aria-hidden="true">
                    {scale}
                </div>
                <div class="canvas">
                    <Drawing metric=metric.clone() summary=summary.clone() />
                    <Points metric=metric.clone() timeline=timeline />
                </div>
                <div class="days" aria-hidden="true">
                    {days}
                </div>
            </div>
        </figure>
        <AsTable timeline=timeline metric=metric others=others caption=summary />
    }
}

#[component]
fn Drawing(metric: Metric, summary: String) -> impl IntoView {
    let end = metric.end();
    let width = metric.values.len() * STEP;
    let last = metric.values.len().saturating_sub(1);
    let marks = if metric.unit == Unit::Rate {
        let done = &metric.values[..last.min(metric.values.len())];
        // The way from yesterday to today is not known yet.
        let today = line(&metric.values, last.saturating_sub(1), end);
        Either::Left(view! {
            <path class="line now" d=line(done, 0, end) />
            <path class="line today" d=today />
        })
    } else {
        let bars = metric.values.iter().enumerate().map(|(step, value)| {
            let (value, height) = (value.unwrap_or_default(), height(value.unwrap_or_default(), end).max(1.0));
            let class = if step == last { "column today" } else { "column now" };
            let (x, y, width) = (step * STEP + GAP, HEIGHT - height, STEP - 2 * GAP);
            (value > 0).then(|| view! { <rect class=class x=x y=y width=width height=height /> })
        });
        Either::Right(bars.collect_view())
    };
    let before = line(&metric.before, 0, end);
    view! {
        <svg role="img" aria-label=summary viewBox=format!("0 0 {width} {HEIGHT}") preserveAspectRatio="none">
            <path class="grid" d=format!("M0 0H{width}M0 50H{width}M0 100H{width}") />
            {marks}
            <path class="line before" d=before />
        </svg>
    }
}

/// The values over the drawing, one of which is shown. `public/js/chart.js` lets the arrow keys move it.
#[component]
fn Points(metric: Metric, timeline: Timeline) -> impl IntoView {
    let texts = texts();
    let count = metric.values.len();
    let value = |value: &Option<i64>| metric.unit.text_or_dash(&texts, *value);
    let said = |step: usize| {
        let name = step_name(&texts, &timeline, step);
        let now = format!("{}: {}", metric.name, metric.values.get(step).map(value).unwrap_or_default());
        let before = metric.before.get(step).map(|before| format!("{}: {}", texts.chart_before(), value(before)));
        (name, now, before)
    };
    let latest = count.checked_sub(1).map(|step| {
        let (name, now, before) = said(step);
        [Some(name), Some(now), before].into_iter().flatten().collect::<Vec<_>>().join(", ")
    });
    let points = (0..count).map(|step| {
        let (name, now, before) = said(step);
        let side = match step * 3 / count {
            0 => "left",
            1 => "middle",
            _ => "right",
        };
        view! {
            <div class=format!("point {side}") class:shown=step + 1 == count>
                <div class="tip">
                    <strong>{name}</strong>
                    <span>{now}</span>
                    {before.map(|before| view! { <span>{before}</span> })}
                </div>
            </div>
        }
    });
    view! {
        <div
            class="points"
            role="slider"
            tabindex="0"
            aria-label=texts.chart_values(&metric.name)
            aria-valuemin="1"
            aria-valuemax=count
            aria-valuenow=count
            aria-valuetext=latest
        >
            {points.collect_view()}
        </div>
    }
}

#[component]
fn AsTable(timeline: Timeline, metric: Metric, others: Vec<Metric>, caption: String) -> impl IntoView {
    let texts = texts();
    let mut heads = vec![(texts.chart_day(), false), (metric.name.clone(), true)];
    let has_before = !metric.before.is_empty();
    heads.extend(has_before.then(|| (texts.chart_before(), true)));
    heads.extend(others.iter().map(|other| (other.name.clone(), true)));
    let rows = (0..metric.values.len()).rev().map(|step| {
        let cell = |unit: Unit, values: &[Option<i64>]| {
            let text = unit.text_or_dash(&texts, values.get(step).copied().flatten());
            view! { <td class="number">{text}</td> }
        };
        let before = has_before.then(|| cell(metric.unit, &metric.before));
        let others = others.iter().map(|other| cell(other.unit, &other.values)).collect_view();
        view! {
            <tr>
                <th scope="row">{step_name(&texts, &timeline, step)}</th>
                {cell(metric.unit, &metric.values)}
                {before}
                {others}
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <details>
            <summary>{texts.chart_as_table()}</summary>
            <Table caption=caption columns=heads>
                {rows}
            </Table>
        </details>
    }
}

/// Lets the arrow keys move through the values of a page's charts.
#[component]
pub fn ChartScript() -> impl IntoView {
    let PageContext { assets, .. } = expect_context();
    view! { <script type="module" src=assets.chart.clone() nonce=use_nonce()></script> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_at_even_round_numbers() {
        assert_eq!([0, 1, 3, 9, 11, 22, 99, 401].map(ceiling), [2, 2, 4, 10, 20, 30, 100, 600]);
    }

    #[test]
    fn a_line_has_gaps_where_there_is_no_value() {
        let values = [Some(0), Some(10), None, Some(5)];
        assert_eq!(line(&values, 0, 10), "M5 100h0L15 0M35 50h0");
        assert_eq!((line(&values, 2, 10), line(&[], 0, 10)), ("M35 50h0".into(), String::new()));
    }

    #[test]
    fn rates_are_tenths_of_a_percent() {
        let rates = Metric::rates("Rate".into(), &[1, 0, 0], &[3, 5, 0]);
        assert_eq!((rates.values, rates.total.as_str()), (vec![Some(333), Some(0), None], "12.5%"));
    }
}

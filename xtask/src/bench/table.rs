//! The targets, and the tables that say how they were met.
use std::{fs, path::Path, thread::available_parallelism};

use super::load::Sample;
use crate::process::Res;

const DOCUMENT: &str = "docs/performance.md";
const START: &str = "<!-- bench:start -->";
const END: &str = "<!-- bench:end -->";

/// Which way is better.
#[derive(Clone, Copy)]
pub enum Better {
    /// The measured value may not be below the target.
    More,
    /// The measured value may not be above the target.
    Less,
}

/// A measured value beside what it should be.
pub struct Row {
    /// What was measured.
    pub what: &'static str,
    /// Which way is better.
    pub better: Better,
    /// What we aim at.
    pub aim: f64,
    /// What makes the benchmark fail.
    pub must: f64,
    /// What came out.
    pub measured: f64,
    /// The unit of the three, with its leading space; empty for a ratio.
    pub unit: &'static str,
}

impl Row {
    /// Whether the value is good enough for `target`.
    fn meets(&self, target: f64) -> bool {
        match self.better {
            Better::More => self.measured >= target,
            Better::Less => self.measured <= target,
        }
    }

    /// Whether the value is good enough at all.
    pub fn passes(&self) -> bool {
        self.meets(self.must)
    }

    fn markdown(&self) -> String {
        let sign = match self.better {
            Better::More => '≥',
            Better::Less => '≤',
        };
        let verdict = match (self.meets(self.aim), self.passes()) {
            (true, _) => "yes",
            (false, true) => "yes, short of the aim",
            (false, false) => "**no**",
        };
        let Self { what, aim, must, measured, unit, .. } = self;
        // Ratios want two decimals, sizes and times one.
        let measured = if unit.is_empty() { format!("{measured:.2}") } else { format!("{measured:.1}{unit}") };
        format!("| {what} | {sign} {aim}{unit} | {must}{unit} | {measured} | {verdict} |\n")
    }
}

/// The targets as Markdown.
pub fn targets(rows: &[Row]) -> String {
    let mut text = String::from("| what | aim | must | measured | ok? |\n| --- | --- | --- | --- | --- |\n");
    text.extend(rows.iter().map(Row::markdown));
    text
}

/// Medians of each kind of round as Markdown.
pub fn details(rounds: &[(&str, u32, Vec<Sample>)]) -> String {
    let mut text = String::from(
        "| | connections | requests/s | CPU µs per request | p50 ms | p99 ms |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for (name, connections, samples) in rounds {
        let of = |value: fn(&Sample) -> f64| median(samples.iter().map(value));
        text += &format!(
            "| {name} | {connections} | {:.0} | {:.1} | {:.1} | {:.1} |\n",
            of(|s| s.per_second),
            of(|s| s.cpu_micros),
            of(|s| s.p50_millis),
            of(|s| s.p99_millis),
        );
    }
    text
}

/// The machine in one line.
pub fn machine() -> String {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown processor", |(_, model)| model);
    let cores = available_parallelism().map_or(1, usize::from);
    format!("{cores} cores, {model}")
}

/// Puts the text between the markers of docs/performance.md.
pub fn write(text: &str) -> Res {
    let old = match fs::read_to_string(DOCUMENT) {
        Ok(old) => old,
        Err(_) => format!("{INTRODUCTION}{START}\n{END}\n"),
    };
    let new = with_text(&old, text).ok_or("docs/performance.md has lost its bench markers")?;
    if let Some(folder) = Path::new(DOCUMENT).parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(DOCUMENT, new)?)
}

/// The document with this text between its markers.
fn with_text(document: &str, text: &str) -> Option<String> {
    let (before, rest) = document.split_once(START)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{START}\n{text}{END}{after}"))
}

/// The middle value; of an even number of values the mean of the two in the middle.
pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let upper = values.len() / 2;
    if values.len().is_multiple_of(2) { f64::midpoint(values[upper - 1], values[upper]) } else { values[upper] }
}

const INTRODUCTION: &str = "\
# Performance

A click on a link is answered only when it is on disk. What that costs is measured against a bare
axum handler (`examples/bare.rs`) that answers the same redirect and remembers nothing. All servers
are measured in turn on the same machine; each number is the median of several rounds. Absolute
numbers differ from machine to machine and from day to day, the ratios hardly. CPU time is that of
the whole process tree, the database included and the load generator not. Every click in a round is
a different visitor's, and after each round the server's own counter must show all of them.

";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()), 2.5);
    }

    #[test]
    fn only_what_is_between_the_markers_changes() {
        let old = format!("a\n{START}\nold\n{END}\nb\n");
        let new = format!("a\n{START}\nnew\n{END}\nb\n");
        assert_eq!(with_text(&old, "new\n"), Some(new));
        assert_eq!(with_text("no markers", "new\n"), None);
    }

    #[test]
    fn a_row_says_how_it_went() {
        let row = |measured| Row { what: "memory", better: Better::Less, aim: 30.0, must: 60.0, measured, unit: " MB" };
        assert_eq!(row(29.0).markdown(), "| memory | ≤ 30 MB | 60 MB | 29.0 MB | yes |\n");
        assert!(row(31.0).markdown().ends_with("| yes, short of the aim |\n"));
        assert!(row(61.0).markdown().ends_with("| **no** |\n"));
        assert!(!row(61.0).passes());
    }
}

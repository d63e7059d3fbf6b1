//! Circles of files.
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Files that all use each other, directly or not.
pub struct Circle<'a> {
    pub files: Vec<&'a str>,
    /// The arrows of the shortest circle among them.
    pub shortest: Vec<(&'a str, &'a str)>,
}

/// All circles, the largest first.
pub fn of<'a>(arrows: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Circle<'a>> {
    let mut uses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, to) in arrows {
        uses.entry(from).or_default().insert(to);
    }
    let reached: BTreeMap<&str, BTreeSet<&str>> = uses.keys().map(|from| (*from, reached(&uses, from))).collect();
    let mut circles = Vec::new();
    let mut done = BTreeSet::new();
    for (file, from_here) in &reached {
        let in_circle = |other: &&&str| reached.get(**other).is_some_and(|back| back.contains(file));
        let files: Vec<&str> = from_here.iter().filter(in_circle).copied().collect();
        if !files.is_empty() && done.insert(files.clone()) {
            let ways = files.iter().filter_map(|start| shortest(&uses, start));
            circles.push(Circle { shortest: ways.min_by_key(Vec::len).unwrap_or_default(), files });
        }
    }
    circles.sort_by_key(|circle| std::cmp::Reverse(circle.files.len()));
    circles
}

/// What a file uses, directly or not; itself only when there is a way back.
fn reached<'a>(uses: &BTreeMap<&'a str, BTreeSet<&'a str>>, from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut next = vec![from];
    while let Some(file) = next.pop() {
        for to in uses.get(file).into_iter().flatten() {
            if reached.insert(*to) {
                next.push(to);
            }
        }
    }
    reached
}

/// The shortest way from a file back to it.
fn shortest<'a>(uses: &BTreeMap<&'a str, BTreeSet<&'a str>>, start: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut next = VecDeque::from([start]);
    while let Some(file) = next.pop_front() {
        for to in uses.get(file).into_iter().flatten() {
            if came_from.contains_key(to) {
                continue;
            }
            came_from.insert(to, file);
            if *to == start {
                let mut way = vec![(file, start)];
                while way[way.len() - 1].0 != start {
                    let here = way[way.len() - 1].0;
                    way.push((came_from[here], here));
                }
                way.reverse();
                return Some(way);
            }
            next.push_back(to);
        }
    }
    None
}

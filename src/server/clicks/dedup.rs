//! Visitors that were counted lately: each counts once per code and hour.

use crate::{
    domain::{
        clicks::suspicion::Suspicion,
        ids::{ClickId, CodeId},
    },
    server::{
        clicks::network_cap::{CappedBatch, NetworkCap, NetworkCounts},
        store::clicks::{CountedClick, NewClick, network_key},
    },
};
use foldhash::fast::RandomState;
use std::{
    collections::{HashMap, HashSet},
    sync::{PoisonError, RwLock},
};

/// Visitors of a generation. Two are kept, so that at least so many are always remembered, in bounded memory.
const GENERATION_SIZE: usize = 500_000;

/// Click and hour, by code and visitor.
type Generation = HashMap<(CodeId, i64), (ClickId, i64), RandomState>;

/// The visitors counted last, by code.
pub struct ClickDedup {
    seen: RwLock<Seen>,
    cap: NetworkCap,
}

#[derive(Default)]
struct Seen {
    latest: Generation,
    before: Generation,
    networks: NetworkCounts,
}

impl ClickDedup {
    /// Of nobody yet; `cap` says how many of one network count.
    pub fn new(cap: NetworkCap) -> Self {
        Self { seen: RwLock::default(), cap }
    }

    /// The click by which this visitor was counted for a code in this hour.
    pub fn counted_click(&self, code: CodeId, visitor: i64, hour: i64) -> Option<ClickId> {
        find(&self.seen.read().unwrap_or_else(PoisonError::into_inner), code, visitor, hour)
    }

    /// Sets of each click of a batch whether it counts, as far as this instance knows: people, each once per code and
    /// hour, and of one network only so many.
    pub fn mark_duplicates(&self, batch: &mut [NewClick]) {
        let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
        let mut within = HashSet::with_capacity_and_hasher(batch.len(), RandomState::default());
        let mut capped = CappedBatch::new(&seen.networks, self.cap.limit());
        for click in batch {
            let hour = click.at.hour();
            click.counts = click.suspicion.is_none()
                && find(&seen, click.code_id, click.visitor, hour).is_none()
                && within.insert((click.code_id, click.visitor, hour));
            if click.counts && !capped.admits(click.code_id, network_key(&click.network), hour) {
                click.counts = false;
                click.suspicion = Some(Suspicion::Burst.as_str());
            }
        }
    }

    /// Remembers who was counted just now.
    pub fn remember(&self, counted: impl Iterator<Item = CountedClick>) {
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        for counted in counted {
            let (key, value) = ((counted.code_id, counted.visitor), (counted.id, counted.at.hour()));
            // What is read again after a reconnection is not counted again.
            let known = [&seen.latest, &seen.before].iter().any(|seen| seen.get(&key) == Some(&value));
            if !known {
                seen.networks.add(&counted);
            }
            seen.latest.insert(key, value);
        }
        if seen.latest.len() >= GENERATION_SIZE {
            seen.before = std::mem::take(&mut seen.latest);
        }
    }
}

fn find(seen: &Seen, code: CodeId, visitor: i64, hour: i64) -> Option<ClickId> {
    let (click, counted) = seen.latest.get(&(code, visitor)).or_else(|| seen.before.get(&(code, visitor)))?;
    (*counted == hour).then_some(*click)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{HOUR, Time};

    fn click(id: i64, code: i64, visitor: i64) -> NewClick {
        NewClick {
            id: ClickId(id),
            code_id: CodeId(code),
            at: Time(0),
            visitor,
            network: String::new(),
            user_agent: String::new(),
            referring_host: None,
            channel: None,
            first: true,
            suspicion: None,
            earlier: None,
            counts: false,
            referrer: None,
        }
    }

    #[test]
    fn a_visitor_counts_once_per_code_and_hour() {
        let dedup = ClickDedup::new(NetworkCap::Off);
        let bot = NewClick { suspicion: Some("bot"), ..click(4, 1, 9) };
        let counts = |clicks: &[NewClick]| {
            let mut batch = clicks.to_vec();
            dedup.mark_duplicates(&mut batch);
            batch.iter().map(|click| click.counts).collect::<Vec<_>>()
        };
        assert_eq!(counts(&[click(1, 1, 7), click(2, 1, 7), click(3, 2, 7), bot]), [true, false, true, false]);
        dedup.remember([CountedClick::of(&click(1, 1, 7))].into_iter());
        assert_eq!(dedup.counted_click(CodeId(1), 7, 0), Some(ClickId(1)));
        assert_eq!(counts(&[click(5, 1, 7)]), [false]);
        assert_eq!(counts(&[NewClick { at: Time(HOUR), ..click(6, 1, 7) }]), [true]);
    }

    #[test]
    fn memory_is_bounded_and_the_latest_are_in_it() {
        let dedup = ClickDedup::new(NetworkCap::Off);
        for part in 0..5 {
            let from = part * GENERATION_SIZE as i64;
            dedup.remember((from..from + GENERATION_SIZE as i64).map(|n| CountedClick::of(&click(n, 1, n))));
        }
        let held = |dedup: &ClickDedup| {
            let seen = dedup.seen.read().expect("no panic");
            seen.latest.len() + seen.before.len()
        };
        assert!(held(&dedup) <= 2 * GENERATION_SIZE);
        assert!(dedup.counted_click(CodeId(1), 5 * GENERATION_SIZE as i64 - 1, 0).is_some());
        assert!(dedup.counted_click(CodeId(1), 0, 0).is_none());
    }
}

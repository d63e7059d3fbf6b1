//! Visitors that were counted lately: each counts once per code and hour.

use crate::{
    domain::ids::{ClickId, CodeId},
    server::store::clicks::{CountedClick, NewClick},
};
use foldhash::fast::RandomState;
use std::{
    collections::{HashMap, HashSet},
    sync::{PoisonError, RwLock},
};

/// Visitors of a generation. Two are kept, so that at least so many are always remembered, in bounded memory.
const GENERATION_SIZE: usize = 500_000;

type Generation = HashMap<(CodeId, i64), ClickId, RandomState>;

/// The visitors counted last, by code. A click's id tells its hour.
#[derive(Default)]
pub struct ClickDedup(RwLock<(Generation, Generation)>);

impl ClickDedup {
    /// The click by which this visitor was counted for a code in this hour.
    pub fn counted_click(&self, code: CodeId, visitor: i64, hour: i64) -> Option<ClickId> {
        find(&self.0.read().unwrap_or_else(PoisonError::into_inner), code, visitor, hour)
    }

    /// Sets of each click of a batch whether it counts, as far as this instance knows: people, each once per code and
    /// hour.
    pub fn mark_duplicates(&self, batch: &mut [NewClick]) {
        let seen = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut within = HashSet::with_capacity_and_hasher(batch.len(), RandomState::default());
        for click in batch {
            let hour = click.id.at().hour();
            click.counts = click.suspicion.is_none()
                && find(&seen, click.code_id, click.visitor, hour).is_none()
                && within.insert((click.code_id, click.visitor, hour));
        }
    }

    /// Remembers who was counted just now.
    pub fn remember(&self, counted: impl Iterator<Item = CountedClick>) {
        let mut seen = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let (latest, before) = &mut *seen;
        for (code, visitor, click) in counted {
            latest.insert((code, visitor), click);
        }
        if latest.len() >= GENERATION_SIZE {
            *before = std::mem::take(latest);
        }
    }
}

fn find((latest, before): &(Generation, Generation), code: CodeId, visitor: i64, hour: i64) -> Option<ClickId> {
    let click = latest.get(&(code, visitor)).or_else(|| before.get(&(code, visitor)))?;
    (click.at().hour() == hour).then_some(*click)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{HOUR, Time};

    fn click(id: i64, code: i64, visitor: i64) -> NewClick {
        NewClick {
            id: ClickId(id),
            code_id: CodeId(code),
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
        let dedup = ClickDedup::default();
        let bot = NewClick { suspicion: Some("bot"), ..click(4, 1, 9) };
        let counts = |clicks: &[NewClick]| {
            let mut batch = clicks.to_vec();
            dedup.mark_duplicates(&mut batch);
            batch.iter().map(|click| click.counts).collect::<Vec<_>>()
        };
        assert_eq!(counts(&[click(1, 1, 7), click(2, 1, 7), click(3, 2, 7), bot]), [true, false, true, false]);
        dedup.remember([(CodeId(1), 7, ClickId(1))].into_iter());
        assert_eq!(dedup.counted_click(CodeId(1), 7, 0), Some(ClickId(1)));
        assert_eq!(counts(&[click(5, 1, 7)]), [false]);
        let later = ClickId::first_at(Time(HOUR)).0;
        assert_eq!(counts(&[click(later, 1, 7)]), [true]);
    }

    #[test]
    fn memory_is_bounded_and_the_latest_are_in_it() {
        let dedup = ClickDedup::default();
        for part in 0..5 {
            let from = part * GENERATION_SIZE as i64;
            dedup.remember((from..from + GENERATION_SIZE as i64).map(|n| (CodeId(1), n, ClickId(n))));
        }
        let held = |dedup: &ClickDedup| {
            let seen = dedup.0.read().expect("no panic");
            seen.0.len() + seen.1.len()
        };
        assert!(held(&dedup) <= 2 * GENERATION_SIZE);
        assert!(dedup.counted_click(CodeId(1), 5 * GENERATION_SIZE as i64 - 1, 0).is_some());
        assert!(dedup.counted_click(CodeId(1), 0, 0).is_none());
    }
}

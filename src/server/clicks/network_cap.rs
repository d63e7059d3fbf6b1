//! How many visitors of one network count for a code in an hour: more of them are a burst.

use crate::{
    domain::ids::CodeId,
    server::{
        realtime::settings_cache::SettingsCache,
        store::clicks::{CountedClick, NO_NETWORK},
    },
};
use foldhash::fast::RandomState;
use std::{collections::HashMap, sync::Arc};

/// Codes and networks of a generation. Two are kept, so that at least so many are always remembered, in bounded memory.
const GENERATION_SIZE: usize = 250_000;

/// A code and a network, as [`CountedClick`] has it.
type Key = (CodeId, i64);

/// What was counted in an hour.
#[derive(Clone, Copy)]
struct Counted {
    hour: i64,
    clicks: i64,
}

/// What was counted lately, by code and network.
#[derive(Default)]
pub struct NetworkCounts {
    latest: HashMap<Key, Counted, RandomState>,
    before: HashMap<Key, Counted, RandomState>,
}

impl NetworkCounts {
    fn get(&self, key: Key, hour: i64) -> i64 {
        let found = self.latest.get(&key).or_else(|| self.before.get(&key));
        found.filter(|counted| counted.hour == hour).map_or(0, |counted| counted.clicks)
    }

    /// Remembers that a click was counted; those without a network are not capped.
    pub fn add(&mut self, &CountedClick { code_id, network, at, .. }: &CountedClick) {
        if network == NO_NETWORK {
            return;
        }
        let (key, hour) = ((code_id, network), at.hour());
        let clicks = self.get(key, hour) + 1;
        let counted = self.latest.entry(key).or_insert(Counted { hour, clicks });
        if counted.hour <= hour {
            *counted = Counted { hour, clicks };
        }
        if self.latest.len() >= GENERATION_SIZE {
            self.before = std::mem::take(&mut self.latest);
        }
    }
}

/// Where the cap is set.
pub enum NetworkCap {
    /// None, as for tests and benchmarks.
    Off,
    /// By the program.
    Settings(Arc<SettingsCache>),
}

impl NetworkCap {
    /// Counted clicks of a network, a code and an hour at most.
    pub fn limit(&self) -> Option<i64> {
        match self {
            Self::Off => None,
            Self::Settings(settings) => Some(settings.peek().clicks_per_network_hour).filter(|most| *most > 0),
        }
    }
}

/// Looks whom of a batch the cap lets count, on top of what is counted already.
pub struct CappedBatch<'a> {
    counts: &'a NetworkCounts,
    limit: Option<i64>,
    within: HashMap<(Key, i64), i64, RandomState>,
}

impl<'a> CappedBatch<'a> {
    pub fn new(counts: &'a NetworkCounts, limit: Option<i64>) -> Self {
        Self { counts, limit, within: HashMap::default() }
    }

    /// Whether one more click may count; if so, it has.
    pub fn admits(&mut self, code: CodeId, network: i64, hour: i64) -> bool {
        let Some(limit) = self.limit.filter(|_| network != NO_NETWORK) else { return true };
        let key = (code, network);
        let within = self.within.entry((key, hour)).or_insert(0);
        let admitted = self.counts.get(key, hour) + *within < limit;
        *within += i64::from(admitted);
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            ids::ClickId,
            time::{HOUR, Time},
        },
        server::store::clicks::network_key,
    };

    fn counted(code: i64, network: i64, at: Time) -> CountedClick {
        CountedClick { code_id: CodeId(code), visitor: 1, id: ClickId(1), at, network }
    }

    fn admitted(counts: &NetworkCounts, limit: Option<i64>, clicks: &[(i64, &str)]) -> Vec<bool> {
        let mut batch = CappedBatch::new(counts, limit);
        clicks.iter().map(|(code, network)| batch.admits(CodeId(*code), network_key(network), 0)).collect()
    }

    #[test]
    fn a_network_counts_so_often_per_code_and_hour() {
        let mut counts = NetworkCounts::default();
        let home = "192.0.2.0/24";
        assert_eq!(
            admitted(&counts, Some(2), &[(1, home), (1, home), (1, home), (2, home)]),
            [true, true, false, true]
        );
        counts.add(&counted(1, network_key(home), Time(1)));
        assert_eq!(admitted(&counts, Some(2), &[(1, home), (1, home), (1, "10.0.0.0/24")]), [true, false, true]);
        assert_eq!(admitted(&counts, None, &[(1, home); 5]), [true; 5]);
        assert_eq!(admitted(&counts, Some(1), &[(1, ""); 5]), [true; 5]);
        // Another hour begins anew, and a late click of the last one does not bring it back.
        counts.add(&counted(1, network_key(home), Time(HOUR)));
        counts.add(&counted(1, network_key(home), Time(2)));
        assert_eq!(
            (counts.get((CodeId(1), network_key(home)), 1), counts.get((CodeId(1), network_key(home)), 0)),
            (1, 0)
        );
    }

    #[test]
    fn memory_is_bounded_and_who_is_busy_is_remembered() {
        let mut counts = NetworkCounts::default();
        for n in 1..=4 * GENERATION_SIZE as i64 {
            counts.add(&counted(n, 7, Time(0)));
            if n % 1_000 == 0 {
                counts.add(&counted(0, 7, Time(0)));
            }
        }
        assert!(counts.latest.len() + counts.before.len() <= 2 * GENERATION_SIZE);
        assert_eq!(counts.get((CodeId(0), 7), 0), 4 * GENERATION_SIZE as i64 / 1_000);
    }
}

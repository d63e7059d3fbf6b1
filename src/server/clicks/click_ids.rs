//! Ids for clicks that are about to be written.

use crate::{
    domain::{
        ids::{CLICK_ID_BITS, ClickId},
        time::Time,
    },
    server::store::instances::Lease,
};

/// How many low bits tell the clicks apart that an instance writes in one millisecond.
const COUNTER_BITS: u32 = 8;

/// Makes ids that no other click has: a time, then 12 bits of the instance's number, then a counter. They only grow,
/// also when the clock goes back.
#[derive(Debug)]
pub struct ClickIds {
    pub lease: Lease,
    last: ClickId,
}

impl ClickIds {
    pub fn new(lease: Lease) -> Self {
        Self { lease, last: ClickId(ClickId::first_at(lease.ids_from).0 - 1) }
    }

    /// The next id, at `time` at the earliest. Nothing when the lease does not reach so far: then it is to be renewed.
    pub fn next(&mut self, time: Time) -> Option<ClickId> {
        let number = self.lease.number << COUNTER_BITS;
        let last = self.last.0;
        let fresh = ClickId::first_at(time).0 | number;
        let next = if last < fresh {
            fresh
        } else if last & 0xff < 0xff {
            last + 1
        } else {
            // This millisecond is full: borrow from the next one.
            ((last >> CLICK_ID_BITS) + 1) << CLICK_ID_BITS | number
        };
        if next >= ClickId::first_at(self.lease.ids_until).0 {
            return None;
        }
        self.last = ClickId(next);
        Some(self.last)
    }

    /// The time from which on no id has been made.
    pub fn unused_from(&self) -> Time {
        Time((self.last.0 >> CLICK_ID_BITS) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_only_grow_and_carry_the_number_of_the_instance() {
        let lease = Lease { number: 0x234, holder: 1, ids_from: Time(990), ids_until: Time(6_000) };
        let mut ids = ClickIds::new(lease);
        let mut last = ClickId(0);
        for n in 0..1_000 {
            let id = ids.next(Time(1_000 - n % 2)).expect("an id");
            assert!(id > last);
            assert_eq!((id.0 >> COUNTER_BITS) & 0xfff, 0x234);
            last = id;
        }
        assert_eq!(ids.next(Time(5_000)).map(|id| id.0 >> CLICK_ID_BITS), Some(5_000));
        // The clock goes back: later ids are still larger.
        assert_eq!(ids.next(Time(10)).map(|id| id.0 >> CLICK_ID_BITS), Some(5_000));
        assert_eq!(ids.unused_from(), Time(5_001));
    }

    #[test]
    fn ids_stay_within_the_lease() {
        let lease = Lease { number: 1, holder: 1, ids_from: Time(1_000), ids_until: Time(1_002) };
        let mut ids = ClickIds::new(lease);
        let made: Vec<_> = std::iter::from_fn(|| ids.next(Time(1))).collect();
        assert_eq!(made.len(), 2 * 256);
        assert!(made[0] >= ClickId::first_at(Time(1_000)) && made[511] < ClickId::first_at(Time(1_002)));
        ids.lease.ids_until = Time(1_003);
        assert!(ids.next(Time(1)).is_some_and(|id| id > made[511]));
    }
}

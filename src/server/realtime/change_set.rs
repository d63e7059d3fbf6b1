//! What a transaction changed that others keep in memory or watch.

use crate::{
    domain::{
        events::NewEvent,
        ids::{CodeId, JobId, UserId},
    },
    server::store::json::json,
};
use serde::{Deserialize, Serialize};

/// PostgreSQL carries at most 8,000 bytes in one notification.
const MAX_BYTES: usize = 7_900;

/// The changes of one transaction, or of many that are told together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangeSet {
    /// The instance that they happened on.
    pub from: i64,
    /// Users whose numbers changed.
    pub users: Vec<UserId>,
    /// Users whose rewards changed.
    pub rewarded: Vec<UserId>,
    /// Codes that were clicked.
    pub clicked_codes: Vec<CodeId>,
    /// Whether more numbers changed than can be listed: then `users`, `rewarded` and `clicked_codes` are empty.
    pub all_stats: bool,
    /// Codes that are new or can be used differently now.
    pub codes: Vec<CodeId>,
    /// Jobs whose codes can be used from now on.
    pub bulk_jobs: Vec<JobId>,
    /// The text of deleted codes.
    pub deleted_codes: Vec<String>,
    /// Whether settings of the program changed.
    pub settings: bool,
    /// Whether too much changed to list: everything must be read again.
    pub everything: bool,
    /// What happened, for host products: written by the commit, in this order, and told to no instance.
    #[serde(skip)]
    pub events: Vec<NewEvent>,
}

impl ChangeSet {
    /// The numbers of these users changed.
    pub fn of_users(users: Vec<UserId>) -> Self {
        Self { users, ..Self::default() }
    }

    /// Codes that are new or can be used differently now.
    pub fn of_codes(codes: Vec<CodeId>) -> Self {
        Self { codes, ..Self::default() }
    }

    /// More than can be listed.
    pub fn everything() -> Self {
        Self { everything: true, ..Self::default() }
    }

    /// Whether other instances have nothing to do. They read deleted codes again by their ids, and events in the
    /// database.
    pub(super) fn is_local(&self) -> bool {
        Self { deleted_codes: vec![], events: vec![], ..self.clone() } == Self::default()
    }

    /// The changes as a notification, with no more than fits into one. Numbers are left out first: to read the watched
    /// ones again is cheap, to read all codes again is not.
    pub(super) fn payload(&self, instance: i64) -> String {
        let changes = Self { from: instance, ..self.clone() };
        let full = json(&changes);
        if full.len() <= MAX_BYTES {
            return full;
        }
        let (from, settings) = (changes.from, changes.settings);
        let shorter =
            json(&Self { users: vec![], rewarded: vec![], clicked_codes: vec![], all_stats: true, ..changes });
        if shorter.len() <= MAX_BYTES {
            return shorter;
        }
        json(&Self { from, everything: true, settings, ..Self::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{events::EventKind, time::Time};

    #[test]
    fn a_payload_fits_and_keeps_what_matters_most() {
        let read = |changes: &ChangeSet| {
            let text = changes.payload(1);
            assert!(text.len() <= MAX_BYTES);
            serde_json::from_str::<ChangeSet>(&text).expect("changes")
        };
        let many = |n: i64| (1_000_000..1_000_000 + n).collect::<Vec<_>>();
        let small =
            ChangeSet { from: 1, users: vec![UserId(2)], clicked_codes: vec![CodeId(3)], ..ChangeSet::default() };
        assert_eq!(read(&small), small);
        let users = many(1_000).into_iter().map(UserId).collect();
        let crowd = ChangeSet { from: 1, users, codes: vec![CodeId(3)], ..ChangeSet::default() };
        let without_numbers = ChangeSet { from: 1, all_stats: true, codes: vec![CodeId(3)], ..ChangeSet::default() };
        assert_eq!(read(&crowd), without_numbers);
        let codes = many(1_000).into_iter().map(CodeId).collect();
        assert_eq!(
            read(&ChangeSet { from: 1, codes, ..ChangeSet::default() }),
            ChangeSet { from: 1, everything: true, ..ChangeSet::default() }
        );
    }

    #[test]
    fn events_are_for_the_database_alone() {
        let event = NewEvent {
            kind: EventKind::UserCreated,
            object_id: 2,
            version: 1,
            about: None,
            data: serde_json::json!({ "id": 2 }),
            at: Time(0),
        };
        let changes = ChangeSet { events: vec![event], ..ChangeSet::default() };
        assert!(changes.is_local());
        assert_eq!(changes.payload(0), ChangeSet::default().payload(0));
    }
}

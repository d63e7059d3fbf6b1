//! What people, a host product and admins do with rewards and their rules.

use super::{Part, part};
use crate::model::reward_rules::{CHANGED, OPTIONS, Version};
use proptest::prelude::*;

/// `pick` says which of those rewards that it can be about, in the order in which they were made.
#[derive(Clone, Copy, Debug)]
pub enum RewardAction {
    /// Always by the same name, so that a second time changes nothing.
    Redeem {
        pick: usize,
    },
    /// Uses a part of all that the owner of the reward has of its kind.
    Use {
        pick: usize,
        part: Part,
        names_currency: bool,
    },
    /// The host product sends the last use once more.
    UseAgain,
    Void {
        pick: usize,
    },
    Approve {
        pick: usize,
    },
    Choose {
        pick: usize,
        option: &'static str,
    },
    /// An hour later, a rule has another version.
    Edit {
        rule: usize,
        version: Version,
    },
}

pub fn actions() -> impl Strategy<Value = RewardAction> {
    use RewardAction::{Approve, Choose, Edit, Redeem, Use, UseAgain, Void};
    let pick = || 0..12_usize;
    let version = prop_oneof![1 => Just(Version::First), 2 => Just(Version::Larger), 1 => Just(Version::Off)];
    prop_oneof![
        5 => pick().prop_map(|pick| Redeem { pick }),
        7 => (pick(), part(), prop::bool::weighted(0.8)).prop_map(
            |(pick, part, names_currency)| Use { pick, part, names_currency }),
        1 => Just(UseAgain),
        2 => pick().prop_map(|pick| Void { pick }),
        3 => pick().prop_map(|pick| Approve { pick }),
        4 => (pick(), prop::sample::select(&OPTIONS[..])).prop_map(|(pick, option)| Choose { pick, option }),
        2 => (0..CHANGED, version).prop_map(|(rule, version)| Edit { rule, version }),
    ]
}

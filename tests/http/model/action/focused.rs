//! What happens around one friend who pays, for sequences in which rewards come far.

use super::{Action, Dispute, Part, Refund, Who, rewards, wait};
use proptest::prelude::*;

/// Both slots are of this friend, and in one currency.
const FRIEND: usize = 0;

/// They sign up with the code of a referrer, and mostly pay.
pub fn beginning() -> impl Strategy<Value = Vec<Action>> {
    let sign_up = (0..3_usize).prop_map(|code| Action::SignUp {
        friend: FRIEND,
        code: Some(code),
        external: true,
        colleague: false,
        days_ago: 0,
    });
    let payment = prop_oneof![3 => tell().prop_map(Some), 1 => Just(None)];
    (sign_up, payment).prop_map(|(sign_up, payment)| [Some(sign_up), payment].into_iter().flatten().collect())
}

pub fn action() -> impl Strategy<Value = Action> {
    let slot = || 0..2_usize;
    let code = prop_oneof![1 => Just(None), 3 => (0..3_usize).prop_map(Some)];
    let refund = prop_oneof![2 => Just(Refund::Succeeded), 1 => Just(Refund::Pending), 2 => Just(Refund::Failed)];
    let dispute = prop_oneof![3 => Just(Dispute::Open), 2 => Just(Dispute::Won), 1 => Just(Dispute::Lost)];
    prop_oneof![
        6 => tell(),
        1 => (slot(), slot()).prop_map(|(slot, other)| Action::TellTwo { slot, other }),
        4 => (slot(), slot()).prop_map(|(slot, other)| Action::Join { slot, other }),
        1 => slot().prop_map(|slot| Action::Charge { slot, who: Who::External, before_2025: true }),
        2 => (slot(), 0..2_usize, part()).prop_map(|(slot, n, part)| Action::TellRefund { slot, n, part }),
        5 => (slot(), 0..2_usize, part(), refund).prop_map(
            |(slot, n, part, state)| Action::Refund { slot, n, part, state }),
        4 => (slot(), part(), dispute).prop_map(|(slot, part, state)| Action::Dispute { slot, n: 0, part, state }),
        3 => (code, any::<bool>()).prop_map(|(code, keep)| Action::Correct { friend: FRIEND, code, keep }),
        2 => (0..2_usize, prop::bool::weighted(0.4)).prop_map(
            |(referrer, disabled)| Action::Disable { referrer, disabled }),
        8 => (wait(), prop::bool::weighted(0.8)).prop_map(|(hours, noticed)| Action::Wait { hours, noticed }),
        24 => rewards::actions().prop_map(Action::Reward),
    ]
}

fn tell() -> impl Strategy<Value = Action> {
    let often = || prop::bool::weighted(0.7);
    (0..2_usize, any::<bool>(), often(), often(), prop_oneof![3 => Just(0), 1 => Just(20)]).prop_map(
        |(slot, net, invoice, intent, hours_ago)| Action::Tell {
            slot,
            who: Who::External,
            other_amount: false,
            net,
            hours_ago,
            invoice,
            intent,
        },
    )
}

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![3 => Just(Part::Third), 2 => Just(Part::Half), 2 => Just(Part::All)]
}

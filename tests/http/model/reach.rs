//! Whether the sequences reach what they are there for, seen from the model alone.

use super::{action::Action, program::Program};
use std::collections::BTreeMap;

/// How often at least.
const OFTEN: usize = 5;

const ANSWERS: [&str; 22] = [
    "Redeem 200",
    "Redeem 409 already_redeemed",
    "Redeem 409 choice_pending",
    "Redeem 409 expired",
    "Redeem 409 frozen",
    "Redeem 409 on_hold",
    "Redeem 409 reversed",
    "Redeem 409 voided",
    "Use 201",
    "Use 409 insufficient_balance",
    "UseAgain 200",
    "Void 200",
    "Void 409 already_chosen",
    "Void 409 reversed",
    "Approve 200",
    "Approve 409 not_pending",
    "Choose 200",
    "Choose 409 already_chosen",
    "Choose 409 frozen",
    "Choose 409 voided",
    "Edit 200",
    "Reward is owed",
];

/// State before and after, and why nothing stands.
const STEPS: [&str; 17] = [
    "Pending Active",
    "Pending Redeemed",
    "Pending Voided refunded",
    "Pending Voided corrected",
    "Pending Voided duplicate",
    "Pending Voided erased",
    "Pending Voided not_chosen",
    "Active Redeemed",
    "Active Expired",
    "Active Reversed refunded",
    "Active Reversed corrected",
    "Active Reversed erased",
    "Redeemed Reversed refunded",
    "Redeemed Reversed corrected",
    "Reversed Active",
    "Reversed Redeemed",
    "Voided Pending",
];

#[test]
fn sequences_reach_every_answer_and_step_of_rewards() {
    let mut reached = BTreeMap::<String, usize>::new();
    let mut reach = |what: String| *reached.entry(what.trim_end().to_owned()).or_default() += 1;
    for number in 0..1_000 {
        let mut program = Program::default();
        for action in super::actions(number) {
            let before = program.clone();
            let Some((status, code)) = program.apply(&action) else { continue };
            if let Action::Reward(step) = action {
                let step = format!("{step:?}");
                let (name, _) = step.split_once(' ').unwrap_or((&step, ""));
                reach(format!("{name} {status} {code}"));
            }
            for (was, is) in before.rewards.iter().zip(&program.rewards) {
                let (from, to) = (was.state(before.now), is.state(program.now));
                let reason = is.reason.filter(|_| is.stands == 0).unwrap_or_default();
                if from != to {
                    reach(format!("{from:?} {to:?} {reason}"));
                }
                if was.balance(before.now).owed < is.balance(program.now).owed {
                    reach("Reward is owed".into());
                }
            }
        }
    }
    let often = |what: &&str| reached.get(*what).is_some_and(|times| *times >= OFTEN);
    let missed: Vec<_> = ANSWERS.iter().chain(&STEPS).filter(|what| !often(what)).collect();
    assert!(missed.is_empty(), "missed {missed:?} of {reached:#?}");
}

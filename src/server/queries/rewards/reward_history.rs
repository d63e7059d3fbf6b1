//! What happened to a reward, put together from its movements, the facts about its payment, and what admins did.

use crate::{
    domain::{
        conversions::facts::{Fact, FactKind, FactState},
        rewards::{
            ledger::Cause,
            reward::{EndReason, Reward},
        },
        time::Time,
    },
    server::store::{audit::AuditEntry, payment_facts::FactRecord, reward_history::Moved},
    view_models::reward_pages::{HistoryEntry, RewardStep},
};

/// The steps in their order. `moved` are its movements, `facts` those about its payment, `done` what admins did to it.
pub fn entries(reward: &Reward, moved: &[Moved], facts: &[FactRecord], done: &[AuditEntry]) -> Vec<HistoryEntry> {
    let moved = one_for_each_step(moved);
    let last = |cause| moved.iter().rposition(|step| step.cause == cause);
    let (last_use, last_taken) = (last(Cause::Redeemed), last(Cause::TakenBack));
    let by = |action: &str, at: Time| {
        let entry = done.iter().find(|entry| entry.action == action && entry.at == at);
        entry.map(|entry| entry.actor.clone()).unwrap_or_default()
    };
    let ended = || RewardStep::Ended {
        by: reward.cancelled_at.map(|at| by("reward.void", at)).unwrap_or_default(),
        reason: reward.reason.unwrap_or(EndReason::Cancelled),
        note: reward.note.clone().unwrap_or_default(),
    };
    let mut entries = vec![HistoryEntry { at: reward.created_at, step: RewardStep::Granted, amount: reward.granted }];
    if let Some(at) = reward.approved_at {
        entries.push(HistoryEntry { at, step: RewardStep::Approved { by: by("reward.approve", at) }, amount: 0 });
    }
    for (place, moved) in moved.iter().enumerate() {
        let step = match moved.cause {
            // It is there already.
            Cause::Granted => continue,
            Cause::Raised => RewardStep::Raised,
            Cause::Activated => RewardStep::Activated,
            Cause::Redeemed if reward.is_choice() => {
                RewardStep::Chosen { option: reward.redeemed_as.clone().unwrap_or_default() }
            }
            Cause::Redeemed => {
                RewardStep::Used { source: reward.redeemed_as.clone().filter(|_| last_use == Some(place)) }
            }
            Cause::Used => RewardStep::Used { source: moved.source_id.clone() },
            Cause::Expired => RewardStep::Expired,
            Cause::TakenBack => RewardStep::TakenBack {
                because: takes(facts, moved.at),
                reason: reward.reason.filter(|reason| last_taken == Some(place) && !reason.is_final()),
            },
            Cause::GivenBack => RewardStep::GivenBack { because: failed(facts, moved.at) },
            Cause::Cancelled => ended(),
            Cause::Settled => RewardStep::PaidBack { by: by("reward.settle", moved.at) },
            Cause::WrittenOff => RewardStep::WrittenOff { by: by("reward.write_off", moved.at) },
        };
        entries.push(HistoryEntry { at: moved.at, step, amount: moved.amount });
    }
    if let Some(at) = reward.cancelled_at
        && !moved.iter().any(|moved| moved.cause == Cause::Cancelled)
    {
        entries.push(HistoryEntry { at, step: ended(), amount: 0 });
    }
    entries.sort_by_key(|entry| entry.at);
    entries
}

/// One step can take from several places: its movements together.
fn one_for_each_step(moved: &[Moved]) -> Vec<Moved> {
    let mut steps: Vec<Moved> = vec![];
    for moved in moved {
        match steps.last_mut() {
            Some(step) if (step.at, step.cause, step.use_id) == (moved.at, moved.cause, moved.use_id) => {
                step.amount += moved.amount;
            }
            _ => steps.push(moved.clone()),
        }
    }
    steps
}

/// The refunds that were told of at this instant; else the one dispute that was lost.
fn takes(facts: &[FactRecord], at: Time) -> Vec<Fact> {
    let refund = |record: &&FactRecord| {
        record.told_at == at && matches!(record.fact.kind, FactKind::Refund | FactKind::RefundTotal)
    };
    let refunds: Vec<Fact> = facts.iter().filter(refund).map(|record| record.fact.clone()).collect();
    if refunds.is_empty() { only(facts, at, FactKind::Dispute, FactState::Lost).into_iter().collect() } else { refunds }
}

/// The refund that failed. It is not known when, so that there must be one only.
fn failed(facts: &[FactRecord], at: Time) -> Option<Fact> {
    only(facts, at, FactKind::Refund, FactState::Failed)
}

fn only(facts: &[FactRecord], at: Time, kind: FactKind, state: FactState) -> Option<Fact> {
    let like =
        |record: &&FactRecord| (record.fact.kind, record.fact.state) == (kind, Some(state)) && record.told_at <= at;
    let mut found = facts.iter().filter(like);
    let first = found.next()?;
    found.next().is_none().then(|| first.fact.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::RewardUseId;

    #[test]
    fn what_moves_in_one_step_is_one_step() {
        let moved = |at, cause, amount, used: Option<i64>| Moved {
            at: Time(at),
            cause,
            amount,
            use_id: used.map(RewardUseId),
            source_id: None,
        };
        let all = [
            moved(1, Cause::TakenBack, 3, None),
            moved(1, Cause::TakenBack, 4, None),
            moved(2, Cause::TakenBack, 5, None),
            moved(2, Cause::Used, 1, Some(1)),
            moved(2, Cause::Used, 1, Some(2)),
        ];
        let steps: Vec<_> = one_for_each_step(&all).iter().map(|step| (step.at, step.amount)).collect();
        assert_eq!(steps, [(Time(1), 7), (Time(2), 5), (Time(2), 1), (Time(2), 1)]);
    }
}

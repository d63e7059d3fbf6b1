//! Writing down an attempt to deliver, with all that follows from it.

use crate::{
    domain::{
        events::EventKind,
        ids::RewardId,
        webhooks::delivery::{AttemptProblem, DeliveryState, may_ask_to_wait, next_try},
    },
    error::AppError,
    server::{
        actions::rewards::{mark_delivered, mark_undelivered},
        errors::{TxError, retry_races},
        outbox::webhooks::sender::Attempt,
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{
            rights,
            webhook_deliveries::{self, NewAttempt, Next, Taken},
            webhook_endpoints::{self, Seen},
        },
    },
};

/// Keeps the attempt, lets the delivery go, and notes what it shows about the endpoint. The answer to a
/// `reward.activated` decides whether the reward is delivered.
pub async fn run(state: &AppState, taken: &Taken, attempt: &Attempt) -> Result<(), AppError> {
    let now = state.clock.now();
    let asked = attempt.retry_after.filter(|_| attempt.status.is_some_and(may_ask_to_wait));
    let next = match attempt.problem {
        None => Next::End(DeliveryState::Delivered),
        Some(AttemptProblem::Gone) => Next::End(DeliveryState::Failed),
        Some(_) => next_try(taken.tries, asked, now).map_or(Next::End(DeliveryState::Failed), Next::Try),
    };
    let status = attempt.status.map(i64::from);
    let new = NewAttempt {
        at: attempt.at,
        duration_ms: attempt.duration_ms,
        status,
        response: &attempt.response,
        problem: attempt.problem,
    };
    // The other deliveries to it wait as well.
    let not_before = match (asked, next) {
        (Some(_), Next::Try(at)) => Some(at),
        _ => None,
    };
    retry_races(|| async {
        let mut tx = state.db.begin().await?;
        // Nobody is forgotten while their reward is written.
        rights::share(&mut tx).await?;
        webhook_deliveries::insert_attempt(&mut tx, taken, &new).await?;
        let held = webhook_deliveries::settle(&mut tx, taken, next, now).await?;
        let given_up = held && next == Next::End(DeliveryState::Failed);
        let seen = Seen { status, problem: attempt.problem, given_up, not_before, at: attempt.at };
        webhook_endpoints::note_attempt(&mut tx, taken.endpoint_id, &seen).await?;
        let mut changes = ChangeSet::default();
        if taken.kind == EventKind::RewardActivated.as_str() {
            let reward = RewardId(taken.object_id);
            if attempt.problem.is_none() {
                match mark_delivered::run_in(&mut tx, reward, now, &mut changes).await {
                    // It is gone by now.
                    Ok(()) | Err(TxError::Rejected(_)) => {}
                    Err(error) => return Err(error),
                }
            } else if given_up {
                mark_undelivered::run_in(&mut tx, &[reward], now, &mut changes).await?;
            }
        }
        if attempt.problem == Some(AttemptProblem::Gone) {
            // It is switched off now: what waits for it alone does not arrive.
            let waiting = webhook_deliveries::waiting_rewards(&mut tx, taken.endpoint_id).await?;
            mark_undelivered::run_in(&mut tx, &waiting, now, &mut changes).await?;
        }
        Ok::<_, TxError>(state.publisher.commit_and_publish(tx, &changes).await?)
    })
    .await?;
    let outcome = match next {
        Next::End(DeliveryState::Delivered) => "delivered",
        Next::End(_) => "failed",
        Next::Try(_) => "retried",
    };
    metrics::counter!("passalong_webhook_attempts_total", "outcome" => outcome).increment(1);
    Ok(())
}

//! What an admin decides about referrals that look wrong. It takes effect a little later, and can be taken back until
//! then.

use crate::{
    domain::{ids::UserId, plain_text, reviews::Decision},
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            authorize,
        },
        auth::caller::Actor,
        errors::{TxError, retry_races},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{
            db::Tx,
            reviews::{self, NewDecision},
            user_names,
        },
    },
};
use serde_json::{Value, json};

/// Reviews that are decided at once at most.
const MAX_AT_ONCE: i64 = 1_000;

/// What is decided.
#[derive(Clone, Copy, Debug)]
pub enum Verdict<'a> {
    /// The referral of this referee is right.
    Approve(UserId),
    /// All referrals of this referrer that wait are right.
    ApproveAll(UserId),
    /// The referral of this referee is none.
    Reject {
        referee: UserId,
        /// Why; whoever loses a reward by it reads it.
        reason: &'a str,
    },
    /// What was decided about this referee is not decided, if it has not taken effect.
    TakeBack(UserId),
}

/// Keeps the verdict; whose reviews it is about. One that was decided before, or is none, is passed over.
pub async fn run(state: &AppState, actor: &Actor, verdict: Verdict<'_>) -> Result<Vec<UserId>, AppError> {
    let reason = match verdict {
        Verdict::Reject { reason, .. } => {
            Some(plain_text::reason(reason).map_err(|message| AppError::invalid("reason", message))?)
        }
        _ => None,
    };
    retry_races(|| async {
        let mut tx = authorize::begin(&state.db, actor).await?;
        let now = state.clock.now();
        let decide = |decision| NewDecision { decision, reason, by: actor.id, at: now };
        let (about, done) = match verdict {
            Verdict::Approve(referee) => {
                (referee, reviews::decide(&mut tx, &[referee], &decide(Decision::Approved)).await?)
            }
            Verdict::ApproveAll(referrer) => {
                let referees = reviews::waiting_of_referrer(&mut tx, referrer, MAX_AT_ONCE).await?;
                (referrer, reviews::decide(&mut tx, &referees, &decide(Decision::Approved)).await?)
            }
            Verdict::Reject { referee, .. } => {
                (referee, reviews::decide(&mut tx, &[referee], &decide(Decision::Rejected)).await?)
            }
            Verdict::TakeBack(referee) => (referee, reviews::take_back(&mut tx, &[referee]).await?),
        };
        if done.is_empty() {
            return Ok::<_, TxError>(done);
        }
        let name = name_of(&mut tx, about).await?;
        let target = Target { kind: "user", id: Some(about.0), name: &name };
        let after = match verdict {
            Verdict::Approve(_) => json!({ "decision": Decision::Approved }),
            Verdict::ApproveAll(_) | Verdict::TakeBack(_) => json!({ "referees": done }),
            Verdict::Reject { .. } => json!({ "decision": Decision::Rejected, "reason": reason }),
        };
        audit::write(&mut tx, actor, action(verdict), target, Value::Null, after, now).await?;
        state.publisher.commit_and_publish(tx, &ChangeSet::default()).await?;
        Ok(done)
    })
    .await
}

fn action(verdict: Verdict<'_>) -> &'static str {
    match verdict {
        Verdict::Approve(_) => "review.approve",
        Verdict::ApproveAll(_) => "review.approve_all",
        Verdict::Reject { .. } => "review.reject",
        Verdict::TakeBack(_) => "review.take_back",
    }
}

async fn name_of(tx: &mut Tx, user: UserId) -> sqlx::Result<String> {
    Ok(user_names::names_of(tx, &[user]).await?.pop().map(|(_, name)| name).unwrap_or_default())
}

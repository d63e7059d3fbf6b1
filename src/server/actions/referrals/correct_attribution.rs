//! Correcting who is credited for somebody. The use of the code moves along, and the receipt shows both decisions.

use crate::{
    domain::{
        attribution::{Correction, Credit, Receipt},
        codes::code::CodeProblem,
        events::EventKind,
        ids::UserId,
        message::Message,
        plain_text,
        rewards::{reward::Reward, rule::Recipient},
        time::Time,
    },
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            authorize,
            conversions::settle_payments,
            referrals::move_credit::{self, Credited},
            rewards::{
                save_rewards, settle_milestones,
                settle_rewards::{self, SignUp},
            },
        },
        auth::caller::Actor,
        errors::{TxError, retry_races},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{
            attributions,
            codes::{self, CodeRecord},
            db::Tx,
            payments, reviews, rewards,
            user_profiles::{self, UserProfile},
            users,
        },
    },
};
use serde_json::json;

/// Credits `code` for the sign-up of a user, or nobody when it is empty. Nothing happens when it is credited already.
/// Only the code's limit of uses can refuse it, and that it is their own or a colleague's: what the code was like when
/// they joined is the admin's to know. What a former referrer has used of their rewards is owed, unless `keep_rewards`
/// says otherwise.
pub async fn run(
    state: &AppState,
    actor: &Actor,
    id: UserId,
    code: &str,
    reason: &str,
    keep_rewards: bool,
) -> Result<(), AppError> {
    let reason = plain_text::reason(reason).map_err(|message| AppError::invalid("reason", message))?;
    retry_races(|| async {
        let mut tx = authorize::begin(&state.db, actor).await?;
        users::lock(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let user = user_profiles::profile(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let mut receipt =
            attributions::of_user(&mut tx, id).await?.unwrap_or_else(|| Receipt::undecided(user.created_at));
        let to = target(&mut tx, id, code).await?;
        let from = receipt.credit();
        if from.as_ref().map(|credit| credit.code_id) == to.as_ref().map(|record| record.id) {
            return Ok::<_, TxError>(());
        }
        refuse_colleague(&mut tx, &user, to.as_ref()).await?;
        let now = state.clock.now();
        let mut changes = ChangeSet::default();
        let credited =
            Credited { referee: id, name: &user.username, signed_up_at: receipt.signed_up_at, to: to.as_ref() };
        let kind = EventKind::ReferralCorrected;
        let numbers = move_credit::run_in(&mut tx, state, &credited, kind, now, &mut changes).await?;
        // Somebody has looked at it.
        reviews::close_corrected(&mut tx, id, reason, actor.id, now).await?;
        let former = from.as_ref().and_then(|credit| credit.referrer);
        if let Some(former) = former.filter(|_| keep_rewards) {
            spare_rewards(&mut tx, id, former, now, &mut changes).await?;
        }
        changes.users.extend(former);
        let payments = payments::ids_of_user(&mut tx, id).await?;
        settle_milestones::run_in(&mut tx, &numbers, keep_rewards, now, &mut changes).await?;
        let sign_up = if from.is_some() { SignUp::Moved } else { SignUp::New };
        settle_rewards::run_in(&mut tx, &[id], sign_up, now, &mut changes).await?;
        settle_payments::run_in(&mut tx, &payments, now, &mut changes).await?;
        let to = to.map(|record| Credit {
            code: record.code,
            code_id: record.id,
            referrer: record.referrer_id,
            click: None,
        });
        let name = |credit: &Option<Credit>| credit.as_ref().map(|credit| credit.code.clone());
        let (before, after) = (json!({ "code": name(&from) }), json!({ "code": name(&to), "reason": reason }));
        receipt.corrections.push(Correction { at: now, reason: reason.to_owned(), from, to });
        attributions::save(&mut tx, id, &receipt).await?;
        let target = Target { kind: "user", id: Some(id.0), name: &user.username };
        audit::write(&mut tx, actor, "referral.correct", target, before, after, now).await?;
        Ok(state.publisher.commit_and_publish(tx, &changes).await?)
    })
    .await
}

/// The code to credit; nothing for an empty text.
async fn target(tx: &mut Tx, user: UserId, code: &str) -> Result<Option<CodeRecord>, TxError> {
    if code.trim().is_empty() {
        return Ok(None);
    }
    let unknown = || AppError::BadCode(CodeProblem::CodeNotFound);
    let record = codes::by_text(tx, code).await?.ok_or_else(unknown)?;
    if record.referrer_id == Some(user) {
        return Err(AppError::invalid("code", Message::OwnCode).into());
    }
    Ok(Some(record))
}

/// Refuses a code of somebody in the account that the user belongs to.
async fn refuse_colleague(tx: &mut Tx, user: &UserProfile, to: Option<&CodeRecord>) -> Result<(), TxError> {
    let (Some(account), Some(referrer)) = (&user.account_id, to.and_then(|record| record.referrer_id)) else {
        return Ok(());
    };
    let referrer = users::by_id(tx, referrer).await?;
    match referrer.is_some_and(|referrer| referrer.account_id.as_ref() == Some(account)) {
        true => Err(AppError::invalid("code", Message::SameAccount).into()),
        false => Ok(()),
    }
}

/// Lets the former referrer keep what they have used of what they got for somebody. What others owe since an earlier
/// correction, they still owe.
async fn spare_rewards(
    tx: &mut Tx,
    referee: UserId,
    former: UserId,
    now: Time,
    changes: &mut ChangeSet,
) -> sqlx::Result<()> {
    let before = rewards::lock_of_referees(tx, &[referee]).await?;
    let mut after = before.clone();
    let theirs = |reward: &Reward| (reward.user_id, reward.recipient) == (former, Recipient::Referrer);
    for reward in after.iter_mut().filter(|reward| theirs(reward)) {
        reward.spare();
    }
    save_rewards::update(tx, &before, after, None, now, changes).await
}

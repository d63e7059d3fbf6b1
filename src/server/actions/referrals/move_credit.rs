//! Crediting another code for somebody, or none, with everything that counts it.

use crate::{
    domain::{codes::code::CodeProblem, events::EventKind, ids::UserId, rewards::rule::MilestoneOf, time::Time},
    error::AppError,
    server::{
        actions::{events, rewards::settle_milestones::NumberChange},
        errors::TxError,
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{
            codes::{self, CodeRecord},
            counters,
            db::Tx,
            referrals::{self, NewReferral},
            revenue::{self, ConversionChange},
            users,
        },
    },
    view_models::referrals::Referral,
};

/// Whom a code is to be credited for.
#[derive(Clone, Copy)]
pub struct Credited<'a> {
    pub referee: UserId,
    pub name: &'a str,
    pub signed_up_at: Time,
    /// Nothing for nobody.
    pub to: Option<&'a CodeRecord>,
}

/// Gives the use back to the code that had it, and claims one of the other; `kind` is what is told of it. Payments, and
/// milestones by the numbers that it returns, are to be settled afterwards.
pub async fn run_in(
    tx: &mut Tx,
    state: &AppState,
    credited: &Credited<'_>,
    kind: EventKind,
    now: Time,
    changes: &mut ChangeSet,
) -> Result<Vec<NumberChange>, TxError> {
    let Credited { referee, name, signed_up_at, to } = *credited;
    referrals::lock(tx, &[referee]).await?;
    let before = referrals::of_referee(tx, referee).await?;
    let at = before.as_ref().map_or(signed_up_at, |referral| referral.signed_up_at);
    if let Some(referral) = &before {
        codes::release(tx, referral.code_id).await?;
        counters::add_signups(tx, referral.code_id, at, -1).await?;
        // Payments convert the referral again, for whoever is credited then.
        let unconverted = referral.converted_at.map(|at| ConversionChange { code: referral.code_id, at, count: -1 });
        revenue::add_conversions(tx, &unconverted.into_iter().collect::<Vec<_>>()).await?;
        changes.codes.push(referral.code_id);
    }
    let referrer = to.and_then(|record| record.referrer_id);
    let mut claimed = None;
    if let Some(record) = to {
        claimed = codes::claim_by_correction(tx, record.id).await?;
        if claimed.is_none() {
            return Err(AppError::BadCode(CodeProblem::UsageLimitReached).into());
        }
        counters::add_signups(tx, record.id, at, 1).await?;
        changes.codes.push(record.id);
        changes.users.extend(referrer);
    }
    let numbers = number_changes(before.as_ref(), referrer);
    // Both at once, before the goal of one is looked at.
    users::lock_all(tx, &numbers.iter().map(|number| number.referrer).collect::<Vec<_>>()).await?;
    match (&before, to) {
        (Some(_), Some(record)) => referrals::move_to(tx, referee, record.id, referrer, now).await?,
        (Some(referral), None) => {
            referrals::delete(tx, referee).await?;
            changes.events.push(events::referrals::removed(referral, kind, now));
        }
        (None, Some(record)) => {
            let referral =
                NewReferral { referee, referee_name: name, code: record.id, referrer, click: None, signed_up_at: at };
            referrals::insert(tx, &referral).await?;
            referrals::set_corrected(tx, referee, now).await?;
        }
        (None, None) => {}
    }
    users::set_referred_by(tx, referee, referrer).await?;
    if let (Some(record), Some(claimed)) = (to, claimed) {
        changes.events.extend(events::referrals::event(tx, kind, referee, now).await?);
        // From one code of a referrer to another they gain nothing.
        let gains = referrer.filter(|referrer| before.and_then(|referral| referral.referrer_id) != Some(*referrer));
        changes.events.extend(events::of_claimed_use(tx, state, record.id, claimed, gains, now).await?);
    }
    Ok(numbers)
}

/// A friend less for who brought them before, and one more for whom they are credited to now. Payments say anew whether
/// they are converted.
fn number_changes(before: Option<&Referral>, referrer: Option<UserId>) -> Vec<NumberChange> {
    // One in review does not count.
    let counted = before.filter(|referral| !referral.in_review);
    let former = counted.and_then(|referral| Some((referral.referrer_id?, referral.converted_at.is_some())));
    if former.map(|(referrer, _)| referrer) == referrer {
        return vec![];
    }
    let change = |referrer, of, gained| NumberChange { referrer, of, gained };
    let mut numbers = vec![];
    if let Some((former, converted)) = former {
        numbers.push(change(former, MilestoneOf::SignedUp, -1));
        numbers.extend(converted.then(|| change(former, MilestoneOf::Converted, -1)));
    }
    numbers.extend(referrer.map(|referrer| change(referrer, MilestoneOf::SignedUp, 1)));
    numbers
}

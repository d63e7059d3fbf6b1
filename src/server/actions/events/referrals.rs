//! Events of referrals.

use crate::{
    domain::{
        events::{EventKind, NewEvent},
        ids::UserId,
        time::Time,
    },
    server::store::{db::Tx, referrals},
    view_models::referrals::Referral,
};
use serde_json::{Value, json};

/// An event of the referral of this referee as it is now; none when there is none. The transaction has made or locked
/// the referee, so that nobody forgets them before it is written.
pub async fn event(tx: &mut Tx, kind: EventKind, referee: UserId, at: Time) -> sqlx::Result<Option<NewEvent>> {
    let referral = referrals::of_referee(tx, referee).await?;
    Ok(referral.map(|referral| of(kind, &referral, at)))
}

/// Events of the referrals of these referees, that they converted or that they have not any more.
pub async fn of_conversions(tx: &mut Tx, referees: &[UserId], at: Time) -> sqlx::Result<Vec<NewEvent>> {
    if referees.is_empty() {
        return Ok(vec![]);
    }
    let kind = |referral: &Referral| match referral.converted_at {
        Some(_) => EventKind::ReferralConverted,
        None => EventKind::ReferralSignedUp,
    };
    let referrals = referrals::of_referees(tx, referees).await?;
    Ok(referrals.iter().map(|referral| of(kind(referral), referral, at)).collect())
}

/// The event of a correction or a review that takes this referral away: from then on it is of no code.
pub fn removed(referral: &Referral, kind: EventKind, at: Time) -> NewEvent {
    let mut event = of(kind, referral, at);
    event.version += 1;
    for (name, value) in [
        ("code", Value::Null),
        ("code_id", Value::Null),
        ("referrer_id", Value::Null),
        ("click_id", Value::Null),
        ("state", if kind == EventKind::ReferralReviewed { "rejected".into() } else { "removed".into() }),
        ("in_review", false.into()),
        ("version", event.version.into()),
    ] {
        event.data[name] = value;
    }
    event
}

fn of(kind: EventKind, referral: &Referral, at: Time) -> NewEvent {
    NewEvent {
        kind,
        object_id: referral.id,
        version: referral.version,
        about: Some(referral.referee_id),
        data: object(referral),
        at,
    }
}

/// A referral as the API shows one.
fn object(referral: &Referral) -> Value {
    json!({
        "id": referral.id,
        "user_id": referral.referee_id,
        "username": Some(&referral.referee_name).filter(|name| !name.is_empty()),
        "external_id": referral.external_id,
        "referrer_id": referral.referrer_id,
        "code": referral.code,
        "code_id": referral.code_id,
        "click_id": referral.click_id.map(|id| id.to_string()),
        "state": if referral.converted_at.is_some() { "converted" } else { "signed_up" },
        "signed_up_at": referral.signed_up_at.rfc_3339(),
        "converted_at": referral.converted_at.map(Time::rfc_3339),
        "in_review": referral.in_review,
        "version": referral.version,
    })
}

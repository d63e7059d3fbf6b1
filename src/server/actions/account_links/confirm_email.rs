//! Confirming an address by a mailed link: that of an account, or the one that it is to have from then on.

use crate::{
    domain::{
        accounts::{account_link::LinkPurpose, email::Email},
        ids::UserId,
        mails::{Mail, NewMail},
        time::Time,
    },
    error::AppError,
    server::{
        actions::{
            account_links::{use_link, verify_email},
            audit::{self, Target},
            conversions::take_up_payments,
        },
        auth::{
            caller::{Actor, Authority, Caller},
            rate_limiter::RateLimit,
        },
        errors::{TxError, retry_races},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{
            account_links,
            db::Tx,
            mails, user_profiles,
            users::{self, UserRecord},
        },
    },
};
use serde_json::json;

/// Whose address is confirmed now.
pub async fn run(state: &AppState, caller: &Caller, token: &str, locale: &str) -> Result<UserId, AppError> {
    state.rate_limiter.network(RateLimit::UseLink, caller.client_ip.0)?;
    let user = retry_races(|| async {
        let now = state.clock.now();
        let (mut tx, link, user) = use_link::begin(state, token, &LinkPurpose::CONFIRM).await?;
        let mut changes = ChangeSet::default();
        if link.purpose == LinkPurpose::ChangeEmail {
            let email = Email::parse(&link.email).map_err(|_| AppError::LinkExpired)?;
            change(&mut tx, &user, &email, locale, now, &mut changes).await?;
        }
        verify_email::run_in(&mut tx, user.id, now, &mut changes).await?;
        state.publisher.commit_and_publish(tx, &changes).await?;
        Ok::<_, TxError>(user.id)
    })
    .await?;
    state.new_job.send_replace(());
    Ok(user)
}

/// Gives the account its new address, and tells the old one.
async fn change(
    tx: &mut Tx,
    user: &UserRecord,
    email: &Email,
    locale: &str,
    now: Time,
    changes: &mut ChangeSet,
) -> Result<(), TxError> {
    users::change_email(tx, user.id, email).await?;
    account_links::end_all(tx, user.id).await?;
    let mail = NewMail {
        to: user.email.clone(),
        user_id: Some(user.id),
        mail: Mail::EmailChanged { new_address: email.as_str().to_owned() },
        locale: Some(locale.to_owned()),
        expires_at: None,
    };
    mails::enqueue(tx, &mail, now).await?;
    let actor = Actor { id: Some(user.id), name: user.username.clone(), authority: Authority::Server };
    let target = Target { kind: "user", id: Some(user.id.0), name: &user.username };
    let (before, after) = (json!({ "email": user.email }), json!({ "email": email.as_str() }));
    audit::write(tx, &actor, "user.change", target, before, after, now).await?;
    changes.users.push(user.id);
    // Payments may have waited under the new address.
    let external_id = user_profiles::profile(tx, user.id).await?.and_then(|profile| profile.external_id);
    Ok(take_up_payments::run_in(tx, user.id, email.as_str(), external_id.as_deref(), now, changes).await?)
}

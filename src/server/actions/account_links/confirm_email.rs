//! Confirming an address by a mailed link: that of an account, or the one that it is to have from then on.

use crate::{
    domain::{
        accounts::{account_link::LinkPurpose, email::Email},
        mails::{Mail, NewMail},
        time::Time,
    },
    error::AppError,
    server::{
        actions::{
            account_links::{lock_out_others, use_link, verify_email},
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
            mails,
            users::{self, UserRecord},
        },
    },
};
use serde_json::json;

/// Who has confirmed an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmedBy {
    /// Its owner, who is signed in.
    Owner,
    /// Somebody who is not.
    Stranger,
    /// The same, and the password that somebody had chosen before is gone.
    StrangerWithoutPassword,
}

/// Confirms it. Who is not signed in as its owner may not know who chose the password.
pub async fn run(state: &AppState, caller: &Caller, token: &str, locale: &str) -> Result<ConfirmedBy, AppError> {
    state.rate_limiter.network(RateLimit::UseLink, caller.client_ip.0)?;
    let signed_in = caller.signed_in()?.map(|signed_in| signed_in.user);
    let by = retry_races(|| async {
        let now = state.clock.now();
        let (mut tx, link, user) = use_link::begin(state, token, &LinkPurpose::CONFIRM).await?;
        let by = if signed_in == Some(user.id) {
            ConfirmedBy::Owner
        } else if lock_out_others::run_in(&mut tx, user.id).await? && user.password_hash.is_some() {
            ConfirmedBy::StrangerWithoutPassword
        } else {
            ConfirmedBy::Stranger
        };
        let mut changes = ChangeSet::default();
        if link.purpose == LinkPurpose::ChangeEmail {
            let email = Email::parse(&link.email).map_err(|_| AppError::LinkExpired)?;
            change(&mut tx, &user, &email, locale, now, &mut changes).await?;
        }
        verify_email::run_in(&mut tx, user.id, now, &mut changes).await?;
        state.publisher.commit_and_publish(tx, &changes).await?;
        Ok::<_, TxError>(by)
    })
    .await?;
    state.new_job.send_replace(());
    Ok(by)
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
    let external_id = users::profile(tx, user.id).await?.and_then(|profile| profile.external_id);
    Ok(take_up_payments::run_in(tx, user.id, email.as_str(), external_id.as_deref(), now, changes).await?)
}

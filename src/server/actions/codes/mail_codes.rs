//! Sending codes of a batch to a list of addresses, one each: all of the list or nothing.

use crate::{
    domain::{
        codes::{bulk::BulkCodesJob, recipients},
        ids::JobId,
        mails::{Mail, NewMail},
        message::Message,
    },
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            authorize,
            codes::change_batch::is_done_batch,
            sent_form,
        },
        auth::caller::{Actor, SentForm},
        state::AppState,
        store::{code_recipients, job_list, mails},
    },
};
use serde_json::{Value, json};
use std::collections::HashSet;

/// What came of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mailed {
    /// Addresses that are sent a code.
    pub sent: i64,
    /// Addresses that have been sent one of the batch before.
    pub passed_over: i64,
}

/// `locale` is the language of the mails. *Not found* for what is no batch, or is not done. The same form sent again
/// sends nothing more.
pub async fn run(
    state: &AppState,
    actor: &Actor,
    id: JobId,
    addresses: &str,
    locale: &str,
    form: Option<SentForm>,
) -> Result<Mailed, AppError> {
    let now = state.clock.now();
    let mut tx = authorize::begin(&state.db, actor).await?;
    let job = job_list::by_id(&mut tx, id).await?.filter(is_done_batch).ok_or(AppError::NotFound)?;
    let BulkCodesJob { codes: batch, .. } = serde_json::from_str(&job.payload).map_err(|_| AppError::NotFound)?;
    let emails = recipients::parse(addresses).map_err(|message| AppError::invalid("addresses", message))?;
    let mailed = |sent: i64| Mailed { sent, passed_over: emails.len() as i64 - sent };
    if let Some(sent) = sent_form::made_before(&mut tx, actor, form, now).await? {
        return Ok(mailed(sent));
    }
    code_recipients::lock_batch(&mut tx, id).await?;
    let all: Vec<&str> = emails.iter().map(|email| email.as_str()).collect();
    let known: HashSet<String> = code_recipients::known(&mut tx, id, &all).await?.into_iter().collect();
    let new: Vec<&str> = all.into_iter().filter(|email| !known.contains(*email)).collect();
    let needed = new.len() as i64;
    if needed > 0 {
        let codes = code_recipients::left(&mut tx, id, now, needed).await?;
        let left = codes.len() as i64;
        if left < needed {
            return Err(AppError::invalid("addresses", Message::CodesTooFew { needed, left }));
        }
        let given: Vec<_> = codes.into_iter().zip(new).collect();
        code_recipients::insert(&mut tx, id, &given, now).await?;
        let mail = |(code_id, to): &(_, &str)| NewMail {
            to: (*to).to_owned(),
            user_id: None,
            mail: Mail::YourCode { code_id: *code_id },
            locale: Some(locale.to_owned()),
            expires_at: None,
        };
        let mails: Vec<_> = given.iter().map(mail).collect();
        mails::enqueue_many(&mut tx, &mails, now).await?;
        let target = Target { kind: "job", id: Some(id.0), name: &batch.prefix };
        audit::write(&mut tx, actor, "codes.mail", target, Value::Null, json!({ "count": needed }), now).await?;
    }
    sent_form::keep(&mut tx, actor, form, needed).await?;
    tx.commit().await?;
    state.new_job.send_replace(());
    Ok(mailed(needed))
}

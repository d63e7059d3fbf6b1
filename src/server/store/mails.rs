//! Mails to be sent, and who holds the lease on each.

use crate::{
    domain::{
        ids::{MailId, UserId},
        mails::{Mail, NewMail, RETENTION},
        message::Message,
        time::Time,
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
};
use sqlx::QueryBuilder;

/// A mail that somebody has taken to send it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct MailRecord {
    pub id: MailId,
    pub kind: String,
    pub recipient: String,
    payload: String,
    /// How often it was begun, this time included.
    pub attempts: i64,
    pub expires_at: Time,
    /// How often it was taken. Whoever sends it writes with this number only.
    pub lease: i64,
    pub created_at: Time,
    /// The language of the account, else that of the mail.
    pub locale: Option<String>,
}

impl MailRecord {
    /// What it is about; nothing when another version has written it.
    pub fn mail(&self) -> Option<Mail> {
        serde_json::from_str(&self.payload).ok()
    }
}

/// Asks for a mail, within the transaction that causes it. Whoever commits it wakes the sender by `new_job`, or it is
/// found within seconds.
pub async fn enqueue(tx: &mut Tx, new: &NewMail, now: Time) -> sqlx::Result<MailId> {
    insert(tx, new, None, now).await?.ok_or(sqlx::Error::RowNotFound)
}

/// The same unless there is or was one with this key, in the last month.
pub async fn enqueue_once(tx: &mut Tx, new: &NewMail, key: &str, now: Time) -> sqlx::Result<Option<MailId>> {
    insert(tx, new, Some(key), now).await
}

/// The same for many at once.
pub async fn enqueue_many(tx: &mut Tx, new: &[NewMail], now: Time) -> sqlx::Result<()> {
    let sql = tx.dialect(
        "INSERT INTO mails (kind, recipient, user_id, payload, locale, next_at, expires_at, created_at)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, $2, value ->> 5, $2
         FROM json_each($1)",
        "INSERT INTO mails (kind, recipient, user_id, payload, locale, next_at, expires_at, created_at)
         SELECT value ->> 0, value ->> 1, (value ->> 2)::bigint, value ->> 3, value ->> 4, $2, (value ->> 5)::bigint, $2
         FROM json_array_elements($1::json)",
    );
    let row = |new: &NewMail| {
        let expires_at = new.expires_at.unwrap_or(now.plus(RETENTION));
        json(&(new.mail.kind(), &new.to, new.user_id, json(&new.mail), &new.locale, expires_at))
    };
    let rows: Vec<_> = new.iter().map(row).collect();
    with_conn!(tx, conn => sqlx::query(sql)
        .bind(format!("[{}]", rows.join(",")))
        .bind(now)
        .execute(conn).await.map(|_| ()))
}

async fn insert(tx: &mut Tx, new: &NewMail, key: Option<&str>, now: Time) -> sqlx::Result<Option<MailId>> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "INSERT INTO mails (kind, recipient, user_id, unique_key, payload, locale, next_at, expires_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7)
         ON CONFLICT DO NOTHING
         RETURNING id")
        .bind(new.mail.kind())
        .bind(&new.to)
        .bind(new.user_id)
        .bind(key)
        .bind(json(&new.mail))
        .bind(&new.locale)
        .bind(now)
        .bind(new.expires_at.unwrap_or(now.plus(RETENTION)))
        .fetch_optional(conn).await)
}

/// Whether a mail is due that nobody holds.
pub async fn any_due(tx: &mut Tx, now: Time) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM mails WHERE state = 'waiting' AND next_at <= $1 AND leased_until <= $1)")
        .bind(now)
        .fetch_one(conn).await)
}

/// Takes the mail that has been due for longest, of those that nobody holds, until an instant; senders that ask at once
/// get different ones.
pub async fn take(tx: &mut Tx, now: Time, until: Time) -> sqlx::Result<Option<MailRecord>> {
    // Senders that take at once pass over the rows that another one is taking; SQLite has one writer.
    let lock = tx.dialect("", " FOR UPDATE SKIP LOCKED");
    with_conn!(tx, conn => QueryBuilder::new("UPDATE mails SET lease = lease + 1, attempts = attempts + 1, leased_until = ")
        .push_bind(until)
        .push(" WHERE id = (SELECT id FROM mails WHERE state = 'waiting' AND next_at <= ")
        .push_bind(now)
        .push(" AND leased_until <= ")
        .push_bind(now)
        .push(" ORDER BY next_at, id LIMIT 1")
        .push(lock)
        .push(
            ") RETURNING id, kind, recipient, payload, attempts, expires_at, lease, created_at, \
             COALESCE((SELECT u.locale FROM users u WHERE u.id = mails.user_id), locale) AS locale",
        )
        .build_query_as()
        .fetch_optional(conn).await)
}

/// How a mail ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End<'a> {
    /// The server has taken it.
    Sent,
    /// It makes no sense any more.
    Dropped,
    Failed(&'a Message),
}

/// Ends a mail; `false` when somebody else has it by now. Only of one that failed it is kept what it says, so that it
/// can be sent again.
pub async fn end(tx: &mut Tx, mail: &MailRecord, how: End<'_>, now: Time) -> sqlx::Result<bool> {
    let (state, problem) = match how {
        End::Sent => ("sent", None),
        End::Dropped => ("dropped", None),
        End::Failed(problem) => ("failed", Some(json(problem))),
    };
    with_conn!(tx, conn => sqlx::query(
        "UPDATE mails
         SET state = $3, problem = $4, ended_at = $5, payload = CASE $3 WHEN 'failed' THEN payload ELSE '{}' END
         WHERE id = $1
           AND lease = $2
           AND state = 'waiting'")
        .bind(mail.id)
        .bind(mail.lease)
        .bind(state)
        .bind(problem)
        .bind(now)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// Lets a mail go that did not get through, to be taken again from an instant on; `false` when somebody else has it by
/// now.
pub async fn retry_later(tx: &mut Tx, mail: &MailRecord, problem: &Message, next_at: Time) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE mails
         SET problem = $3, next_at = $4, leased_until = 0
         WHERE id = $1
           AND lease = $2
           AND state = 'waiting'")
        .bind(mail.id)
        .bind(mail.lease)
        .bind(json(problem))
        .bind(next_at)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// Lets a mail that failed begin anew; `false` when it has not failed.
pub async fn reopen(tx: &mut Tx, id: MailId, now: Time) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE mails
         SET state = 'waiting', problem = NULL, attempts = 0, next_at = $2, leased_until = 0, ended_at = NULL
         WHERE id = $1
           AND state = 'failed'")
        .bind(id)
        .bind(now)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// Deletes a mail that failed; `false` when it has not.
pub async fn delete_failed(tx: &mut Tx, id: MailId) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query("DELETE FROM mails WHERE id = $1 AND state = 'failed'")
        .bind(id)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// Drops mails that nobody holds and that make no sense any more, and deletes those that have ended before an instant.
pub async fn prune(tx: &mut Tx, now: Time, before: Time) -> sqlx::Result<()> {
    with_conn!(tx, conn => {
        sqlx::query(
            "UPDATE mails
             SET state = 'dropped', payload = '{}', ended_at = $1
             WHERE state = 'waiting'
               AND expires_at <= $1
               AND leased_until <= $1")
            .bind(now)
            .execute(&mut *conn).await?;
        sqlx::query("DELETE FROM mails WHERE ended_at <= $1").bind(before).execute(conn).await.map(|_| ())
    })
}

/// Deletes the mails about somebody who is to be forgotten, and those to their addresses.
pub async fn forget(tx: &mut Tx, user: UserId, emails: &[String]) -> sqlx::Result<()> {
    let (before, after) =
        tx.dialect(("(SELECT value FROM json_each(", "))"), ("(SELECT json_array_elements_text(", "::json))"));
    with_conn!(tx, conn => QueryBuilder::new("DELETE FROM mails WHERE user_id = ")
        .push_bind(user)
        .push(" OR recipient IN ")
        .push(before)
        .push_bind(json(emails))
        .push(after)
        .build()
        .execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::{db_test, fixtures, mail_list, users};

    fn to(address: &str, user_id: Option<UserId>) -> NewMail {
        NewMail { to: address.into(), user_id, mail: Mail::Test, locale: Some("es".into()), expires_at: None }
    }

    db_test!(a_mail_is_taken_by_one_and_written_by_its_holder_only, |db| {
        let mut tx = db.begin().await?;
        let id = enqueue(&mut tx, &to("ann@example.com", None), Time(10)).await?;
        assert!(!any_due(&mut tx, Time(9)).await? && any_due(&mut tx, Time(10)).await?);
        let first = take(&mut tx, Time(10), Time(20)).await?.expect("the mail");
        assert_eq!((first.id, first.attempts, first.mail()), (id, 1, Some(Mail::Test)));
        assert_eq!((first.locale.as_deref(), first.expires_at), (Some("es"), Time(10 + RETENTION)));
        assert!(!any_due(&mut tx, Time(19)).await? && take(&mut tx, Time(19), Time(30)).await?.is_none());
        let second = take(&mut tx, Time(20), Time(30)).await?.expect("the mail of somebody who died");
        assert!(!retry_later(&mut tx, &first, &Message::MailServerSilent, Time(99)).await?);
        assert!(!end(&mut tx, &first, End::Sent, Time(25)).await?);
        assert!(retry_later(&mut tx, &second, &Message::MailServerSilent, Time(40)).await?);
        assert_eq!(mail_list::waiting_problem(&mut tx).await?, Some(Message::MailServerSilent));
        let third = take(&mut tx, Time(40), Time(50)).await?.expect("the mail");
        assert!(end(&mut tx, &third, End::Sent, Time(41)).await?);
        assert!(!end(&mut tx, &third, End::Sent, Time(41)).await?);
        assert_eq!(mail_list::last_sent(&mut tx).await?, Some(Time(41)));
        assert_eq!(mail_list::count_waiting(&mut tx, 9).await?, 0);
        tx.commit().await
    });

    db_test!(a_mail_that_failed_is_kept_and_can_begin_anew, |db| {
        let mut tx = db.begin().await?;
        let id = enqueue(&mut tx, &to("ann@example.com", None), Time(10)).await?;
        assert!(!reopen(&mut tx, id, Time(11)).await? && !delete_failed(&mut tx, id).await?);
        let taken = take(&mut tx, Time(10), Time(20)).await?.expect("the mail");
        assert!(end(&mut tx, &taken, End::Failed(&Message::MailAddressUnusable), Time(12)).await?);
        let failed = mail_list::failed(&mut tx, 9).await?;
        assert_eq!((failed.len(), failed[0].problem()), (1, Message::MailAddressUnusable));
        assert_eq!(mail_list::kind_of_failed(&mut tx, id).await?.as_deref(), Some("test"));
        assert!(reopen(&mut tx, id, Time(30)).await? && !reopen(&mut tx, id, Time(30)).await?);
        let again = take(&mut tx, Time(30), Time(40)).await?.expect("the mail");
        assert_eq!((again.attempts, again.mail()), (1, Some(Mail::Test)));
        assert!(end(&mut tx, &again, End::Failed(&Message::MailAddressUnusable), Time(32)).await?);
        assert!(delete_failed(&mut tx, id).await? && mail_list::failed(&mut tx, 9).await?.is_empty());
        tx.commit().await
    });

    db_test!(of_mails_with_a_key_there_is_one, |db| {
        let mut tx = db.begin().await?;
        let mail = to("ann@example.com", None);
        assert!(enqueue_once(&mut tx, &mail, "one", Time(1)).await?.is_some());
        assert!(enqueue_once(&mut tx, &mail, "one", Time(2)).await?.is_none());
        assert!(enqueue_once(&mut tx, &mail, "two", Time(2)).await?.is_some());
        tx.commit().await
    });

    db_test!(many_mails_are_each_as_one_would_be, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let short = NewMail { expires_at: Some(Time(50)), locale: None, ..to("o'ann@example.com", Some(ann)) };
        enqueue_many(&mut tx, &[to("bob@example.com", None), short], Time(10)).await?;
        let bobs = take(&mut tx, Time(10), Time(20)).await?.expect("a mail");
        assert_eq!((&*bobs.recipient, &*bobs.kind, bobs.mail()), ("bob@example.com", "test", Some(Mail::Test)));
        assert_eq!((bobs.locale.as_deref(), bobs.expires_at), (Some("es"), Time(10 + RETENTION)));
        let anns = take(&mut tx, Time(10), Time(20)).await?.expect("a mail");
        assert_eq!((&*anns.recipient, anns.locale, anns.expires_at), ("o'ann@example.com", None, Time(50)));
        assert!(take(&mut tx, Time(10), Time(20)).await?.is_none());
        forget(&mut tx, ann, &[]).await?;
        assert_eq!(mail_list::count_waiting(&mut tx, 9).await?, 1);
        tx.commit().await
    });

    db_test!(what_is_old_goes_and_what_makes_no_sense_is_dropped, |db| {
        let mut tx = db.begin().await?;
        let short = NewMail { expires_at: Some(Time(50)), ..to("ann@example.com", None) };
        enqueue(&mut tx, &short, Time(10)).await?;
        enqueue(&mut tx, &to("bob@example.com", None), Time(10)).await?;
        prune(&mut tx, Time(49), Time(0)).await?;
        assert_eq!(mail_list::count_waiting(&mut tx, 9).await?, 2);
        prune(&mut tx, Time(50), Time(0)).await?;
        assert_eq!(mail_list::count_waiting(&mut tx, 9).await?, 1);
        let taken = take(&mut tx, Time(50), Time(60)).await?.expect("the other mail");
        assert!(end(&mut tx, &taken, End::Sent, Time(55)).await?);
        prune(&mut tx, Time(60), Time(54)).await?;
        assert!(mail_list::last_sent(&mut tx).await?.is_some());
        prune(&mut tx, Time(60), Time(55)).await?;
        assert!(mail_list::last_sent(&mut tx).await?.is_none());
        tx.commit().await
    });

    db_test!(mails_go_with_whom_they_are_about_and_whose_address_they_have, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        enqueue(&mut tx, &to("ann@example.com", Some(ann)), Time(1)).await?;
        enqueue(&mut tx, &to("ann-before@example.com", None), Time(1)).await?;
        enqueue(&mut tx, &to("bob@example.com", None), Time(1)).await?;
        forget(&mut tx, ann, &["ann-before@example.com".into()]).await?;
        assert_eq!(mail_list::count_waiting(&mut tx, 9).await?, 1);
        enqueue(&mut tx, &to("other@example.com", Some(ann)), Time(1)).await?;
        users::delete(&mut tx, ann).await?;
        assert_eq!(mail_list::count_waiting(&mut tx, 9).await?, 1);
        tx.commit().await
    });
}

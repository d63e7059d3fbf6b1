//! Codes of batches that were mailed, and to whom.

use crate::{
    domain::{
        ids::{CodeId, JobId},
        time::Time,
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
    view_models::bulk_codes::CodeRecipient,
};

/// Which codes of job `$1` can be sent to somebody at `$2`: they work, nobody signed up with them and nobody was sent
/// them.
macro_rules! left {
    ($select:literal, $end:literal) => {
        concat!(
            $select,
            " FROM codes c
             WHERE c.job_id = $1
               AND c.deleted_at IS NULL
               AND c.active
               AND c.uses = 0
               AND (c.expires_at IS NULL OR c.expires_at > $2)
               AND NOT EXISTS (SELECT 1 FROM code_recipients r WHERE r.code_id = c.id)",
            $end
        )
    };
}

/// Holds a batch until the transaction ends: nobody else sends its codes meanwhile.
pub async fn lock_batch(tx: &mut Tx, job: JobId) -> sqlx::Result<()> {
    let sql = tx.dialect("SELECT id FROM jobs WHERE id = $1", "SELECT id FROM jobs WHERE id = $1 FOR UPDATE");
    with_conn!(tx, conn => sqlx::query(sql).bind(job).execute(conn).await.map(|_| ()))
}

/// How many codes can be sent.
pub async fn count_left(tx: &mut Tx, job: JobId, now: Time) -> sqlx::Result<i64> {
    with_conn!(tx, conn => sqlx::query_scalar(left!("SELECT COUNT(*)", ""))
        .bind(job)
        .bind(now)
        .fetch_one(conn).await)
}

/// Up to `limit` codes that can be sent, by id.
pub async fn left(tx: &mut Tx, job: JobId, now: Time, limit: i64) -> sqlx::Result<Vec<CodeId>> {
    with_conn!(tx, conn => sqlx::query_scalar(left!("SELECT c.id", " ORDER BY c.id LIMIT $3"))
        .bind(job)
        .bind(now)
        .bind(limit)
        .fetch_all(conn).await)
}

/// Which of these addresses were sent a code of the job.
pub async fn known(tx: &mut Tx, job: JobId, emails: &[&str]) -> sqlx::Result<Vec<String>> {
    let sql = tx.dialect(
        "SELECT email FROM code_recipients WHERE job_id = $1 AND email IN (SELECT value FROM json_each($2))",
        "SELECT email FROM code_recipients
         WHERE job_id = $1
           AND email IN (SELECT json_array_elements_text($2::json))",
    );
    with_conn!(tx, conn => sqlx::query_scalar(sql).bind(job).bind(json(emails)).fetch_all(conn).await)
}

/// Writes down who is sent which code of the job.
pub async fn insert(tx: &mut Tx, job: JobId, given: &[(CodeId, &str)], now: Time) -> sqlx::Result<()> {
    let sql = tx.dialect(
        "INSERT INTO code_recipients (code_id, job_id, email, mailed_at)
         SELECT value ->> 0, $2, value ->> 1, $3
         FROM json_each($1)",
        "INSERT INTO code_recipients (code_id, job_id, email, mailed_at)
         SELECT (value ->> 0)::bigint, $2, value ->> 1, $3
         FROM json_array_elements($1::json)",
    );
    with_conn!(tx, conn => sqlx::query(sql)
        .bind(json(given))
        .bind(job)
        .bind(now)
        .execute(conn).await.map(|_| ()))
}

/// Forgets that a code was to be sent, for one that was not.
pub async fn release(tx: &mut Tx, code: CodeId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("DELETE FROM code_recipients WHERE code_id = $1")
        .bind(code)
        .execute(conn).await.map(|_| ()))
}

/// Up to `limit` of those who were sent codes of the job, the last codes first, before `before`.
pub async fn page(tx: &mut Tx, job: JobId, before: Option<CodeId>, limit: i64) -> sqlx::Result<Vec<CodeRecipient>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT r.code_id, c.code, r.email, r.mailed_at
         FROM code_recipients r
         JOIN codes c ON c.id = r.code_id
         WHERE r.job_id = $1
           AND r.code_id < $2
         ORDER BY r.code_id DESC
         LIMIT $3")
        .bind(job)
        .bind(before.unwrap_or(CodeId(i64::MAX)))
        .bind(limit)
        .fetch_all(conn).await)
}

/// Forgets whose addresses these are. That the codes were sent is kept.
pub async fn forget(tx: &mut Tx, emails: &[String]) -> sqlx::Result<()> {
    let sql = tx.dialect(
        "UPDATE code_recipients SET email = NULL WHERE email IN (SELECT value FROM json_each($1))",
        "UPDATE code_recipients SET email = NULL WHERE email IN (SELECT json_array_elements_text($1::json))",
    );
    with_conn!(tx, conn => sqlx::query(sql).bind(json(emails)).execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::codes::{campaign::CampaignFields, code::Code},
        server::store::{
            bulk_codes::{self, SharedFields},
            codes, db_test,
        },
    };

    db_test!(a_code_that_works_is_sent_to_one_address, |db| {
        let fields = CampaignFields {
            code: None,
            description: "Fair".into(),
            category: None,
            max_uses: None,
            expires_at: Some(Time(100)),
            active: true,
        };
        let job = JobId(7);
        let shared = SharedFields { job, fields: &fields, beneficiary: None, created_by: None, created_at: Time(1) };
        let mut tx = db.begin().await?;
        let codes = ["AAAA", "BBBB", "CCCC"].map(|code| Code::parse(code).expect("a code"));
        bulk_codes::insert(&mut tx, &codes, &shared).await?;
        assert_eq!(count_left(&mut tx, job, Time(5)).await?, 0, "they are hidden still");
        bulk_codes::publish(&mut tx, job).await?;
        lock_batch(&mut tx, job).await?;
        let ids = left(&mut tx, job, Time(5), 9).await?;
        assert_eq!(ids.len(), 3);
        assert_eq!(count_left(&mut tx, job, Time(100)).await?, 0, "their time is over");
        assert_eq!(left(&mut tx, JobId(8), Time(5), 9).await?, []);
        codes::claim(&mut tx, ids[1], Time(5)).await?.expect("a use");
        assert_eq!(left(&mut tx, job, Time(5), 9).await?, [ids[0], ids[2]]);
        insert(&mut tx, job, &[(ids[0], "ann@example.com"), (ids[2], "bob@example.com")], Time(6)).await?;
        assert_eq!(count_left(&mut tx, job, Time(7)).await?, 0);
        assert_eq!(known(&mut tx, job, &["ann@example.com", "eve@example.com"]).await?, ["ann@example.com"]);
        assert!(known(&mut tx, JobId(8), &["ann@example.com"]).await?.is_empty());
        let first = page(&mut tx, job, None, 1).await?;
        assert_eq!((&*first[0].code, first[0].email.as_deref()), ("CCCC", Some("bob@example.com")));
        let second = page(&mut tx, job, Some(first[0].code_id), 9).await?;
        assert_eq!((second.len(), second[0].code_id, second[0].mailed_at), (1, ids[0], Time(6)));
        forget(&mut tx, &["bob@example.com".into()]).await?;
        assert_eq!(page(&mut tx, job, None, 1).await?[0].email, None);
        assert_eq!(count_left(&mut tx, job, Time(7)).await?, 0);
        release(&mut tx, ids[0]).await?;
        assert_eq!(left(&mut tx, job, Time(7), 9).await?, [ids[0]]);
        tx.commit().await
    });
}

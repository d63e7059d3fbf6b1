//! Campaign codes that are created in bulk: hidden while a job creates them, then shown together.

use crate::{
    domain::{
        codes::{campaign::CampaignFields, code::Code},
        ids::{CodeId, JobId, UserId},
        time::Time,
    },
    server::store::{
        codes::{CodeRecord, RECORD},
        db::{Tx, with_conn},
        json::json,
    },
    view_models::bulk_codes::BatchCodes,
};
use sqlx::QueryBuilder;

/// What the codes of a job share.
pub struct SharedFields<'a> {
    pub job: JobId,
    pub fields: &'a CampaignFields,
    pub beneficiary: Option<UserId>,
    pub created_by: Option<UserId>,
    pub created_at: Time,
}

/// Makes those of the codes that are free, hidden; how many they were.
pub async fn insert(tx: &mut Tx, codes: &[Code], shared: &SharedFields<'_>) -> sqlx::Result<i64> {
    // Who is gone by now is credited no more.
    let sql = tx.dialect(
        "INSERT INTO codes (code, kind, description, category, active, max_uses, expires_at, beneficiary_id, created_by, created_at, job_id, deleted_at)
         SELECT value, 'campaign', $2, $3, $4, $5, $6,
                (SELECT id FROM users WHERE id = $7), (SELECT id FROM users WHERE id = $8), $9, $10, 0
         FROM json_each($1)
         WHERE TRUE
         ON CONFLICT DO NOTHING",
        "INSERT INTO codes (code, kind, description, category, active, max_uses, expires_at, beneficiary_id, created_by, created_at, job_id, deleted_at)
         SELECT value, 'campaign', $2, $3, $4, $5, $6,
                (SELECT id FROM users WHERE id = $7), (SELECT id FROM users WHERE id = $8), $9, $10, 0
         FROM json_array_elements_text($1::json)
         ON CONFLICT DO NOTHING",
    );
    with_conn!(tx, conn => sqlx::query(sql)
        .bind(json(codes))
        .bind(&shared.fields.description)
        .bind(&shared.fields.category)
        .bind(shared.fields.active)
        .bind(shared.fields.max_uses)
        .bind(shared.fields.expires_at)
        .bind(shared.beneficiary)
        .bind(shared.created_by)
        .bind(shared.created_at)
        .bind(shared.job)
        .execute(conn).await.map(|done| i64::try_from(done.rows_affected()).unwrap_or(i64::MAX)))
}

/// Shows all codes of a job.
pub async fn publish(tx: &mut Tx, job: JobId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE codes SET deleted_at = NULL WHERE job_id = $1 AND deleted_at = 0")
        .bind(job)
        .execute(conn).await.map(|_| ()))
}

/// Deletes up to `limit` codes of a job that are still hidden; how many they were.
pub async fn discard(tx: &mut Tx, job: JobId, limit: i64) -> sqlx::Result<i64> {
    with_conn!(tx, conn => sqlx::query(
        "DELETE FROM codes
         WHERE id IN (SELECT id FROM codes WHERE job_id = $1 AND deleted_at = 0 LIMIT $2)")
        .bind(job)
        .bind(limit)
        .execute(conn).await.map(|done| i64::try_from(done.rows_affected()).unwrap_or(i64::MAX)))
}

/// How many codes of a job there are, those that are deleted apart.
pub async fn counts(tx: &mut Tx, job: JobId) -> sqlx::Result<BatchCodes> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT COUNT(*) AS codes, COUNT(CASE WHEN active THEN 1 END) AS active, COUNT(CASE WHEN uses > 0 THEN 1 END) AS used,
                MAX(expires_at) AS expires_at
         FROM codes
         WHERE job_id = $1
           AND deleted_at IS NULL")
        .bind(job)
        .fetch_one(conn).await)
}

/// Switches all codes of a job on or off; how many were not so.
pub async fn set_active(tx: &mut Tx, job: JobId, active: bool) -> sqlx::Result<u64> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE codes
         SET active = $2, version = version + 1
         WHERE job_id = $1
           AND deleted_at IS NULL
           AND active <> $2")
        .bind(job)
        .bind(active)
        .execute(conn).await.map(|done| done.rows_affected()))
}

/// Gives all codes of a job one end, or none; how many had another.
pub async fn set_expiry(tx: &mut Tx, job: JobId, expires_at: Option<Time>) -> sqlx::Result<u64> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE codes
         SET expires_at = $2, version = version + 1
         WHERE job_id = $1
           AND deleted_at IS NULL
           AND expires_at IS DISTINCT FROM $2")
        .bind(job)
        .bind(expires_at)
        .execute(conn).await.map(|done| done.rows_affected()))
}

/// Hides all codes of a job; how many they were. Their rows stay: by them every instance learns that they are gone.
pub async fn hide(tx: &mut Tx, job: JobId, now: Time) -> sqlx::Result<u64> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE codes
         SET deleted_at = $2, version = version + 1
         WHERE job_id = $1
           AND deleted_at IS NULL")
        .bind(job)
        .bind(now)
        .execute(conn).await.map(|done| done.rows_affected()))
}

/// Up to `limit` codes of a job after `after`, by id: for the code cache.
pub async fn page(tx: &mut Tx, job: JobId, after: CodeId, limit: i64) -> sqlx::Result<Vec<CodeRecord>> {
    with_conn!(tx, conn => QueryBuilder::new(RECORD)
        .push("job_id = ")
        .push_bind(job)
        .push(" AND id > ")
        .push_bind(after)
        .push(" ORDER BY id LIMIT ")
        .push_bind(limit)
        .build_query_as()
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        server::store::{
            code_list::{self, CodeQuery},
            codes, db_test,
        },
        view_models::codes::CodeSort,
    };

    fn code(text: &str) -> Code {
        Code::parse(text).expect("a code")
    }

    db_test!(codes_of_a_job_are_hidden_until_it_is_done, |db| {
        let fields = CampaignFields {
            code: None,
            description: "Fair".into(),
            category: Some("Events".into()),
            max_uses: Some(3),
            expires_at: None,
            active: true,
        };
        let shared = SharedFields {
            job: JobId(7),
            fields: &fields,
            // Nobody has this id.
            beneficiary: Some(UserId(99)),
            created_by: None,
            created_at: Time(1),
        };
        let mut tx = db.begin().await?;
        assert_eq!(insert(&mut tx, &[code("AAAA"), code("BBBB"), code("AAAA")], &shared).await?, 2);
        assert_eq!(insert(&mut tx, &[code("BBBB"), code("CCCC")], &shared).await?, 1);
        let all = CodeQuery { sort: CodeSort::Created, limit: 10, ..CodeQuery::default() };
        assert!(code_list::page(&mut tx, &all).await?.is_empty());
        assert!(codes::page(&mut tx, CodeId(0), 10).await?.is_empty(), "a hidden code is in no cache");
        let hidden = page(&mut tx, JobId(7), CodeId(0), 10).await?;
        assert!(hidden.len() == 3 && hidden.iter().all(|code| !code.active));
        assert!(codes::claim(&mut tx, hidden[0].id, Time(5)).await?.is_none());

        assert_eq!(discard(&mut tx, JobId(7), 1).await?, 1);
        publish(&mut tx, JobId(7)).await?;
        assert_eq!(discard(&mut tx, JobId(7), 9).await?, 0);
        let shown = code_list::page(&mut tx, &CodeQuery { job: Some(JobId(7)), ..all.clone() }).await?;
        assert_eq!((shown.len(), shown[0].max_uses, shown[0].beneficiary_id), (2, Some(3), None));
        assert!(code_list::page(&mut tx, &CodeQuery { job: Some(JobId(8)), ..all }).await?.is_empty());
        let rest = page(&mut tx, JobId(7), shown[0].id, 10).await?;
        assert!(rest.len() == 1 && rest[0].active);

        // All of a batch change together.
        assert!(codes::claim(&mut tx, shown[0].id, Time(5)).await?.is_some());
        assert_eq!(set_expiry(&mut tx, JobId(7), Some(Time(90))).await?, 2);
        assert_eq!(set_expiry(&mut tx, JobId(7), Some(Time(90))).await?, 0);
        assert_eq!(set_active(&mut tx, JobId(7), false).await?, 2);
        assert_eq!(set_active(&mut tx, JobId(7), false).await?, 0);
        let batch = BatchCodes { codes: 2, active: 0, used: 1, expires_at: Some(Time(90)) };
        assert_eq!(counts(&mut tx, JobId(7)).await?, batch);
        assert_eq!(set_expiry(&mut tx, JobId(7), None).await?, 2);
        assert_eq!(hide(&mut tx, JobId(7), Time(8)).await?, 2);
        assert_eq!(counts(&mut tx, JobId(7)).await?, BatchCodes::default());
        assert!(page(&mut tx, JobId(7), CodeId(0), 10).await?.iter().all(|code| !code.active));
        tx.commit().await
    });
}

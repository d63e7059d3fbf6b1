//! Many campaign codes at once: hidden while they are made, then shown together.

use super::{Tx, codes::CodeRecord, on};
use crate::domain::{
    campaign::Draft,
    code::Code,
    ids::{CodeId, JobId, UserId},
    time::Time,
};

/// What the codes of a job have in common.
pub struct Common<'a> {
    pub job: JobId,
    pub draft: &'a Draft,
    pub beneficiary: Option<UserId>,
    pub created_by: Option<UserId>,
    pub created_at: Time,
}

/// Makes those of the codes that are free, hidden; how many they were.
pub async fn insert(tx: &mut Tx, codes: &[Code], common: &Common<'_>) -> sqlx::Result<i64> {
    // Who is gone by now is credited no more.
    let sql = tx.pick(
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
    on!(tx, conn => sqlx::query(sql)
        .bind(super::json(codes))
        .bind(&common.draft.description)
        .bind(&common.draft.category)
        .bind(common.draft.active)
        .bind(common.draft.max_uses)
        .bind(common.draft.expires_at)
        .bind(common.beneficiary)
        .bind(common.created_by)
        .bind(common.created_at)
        .bind(common.job)
        .execute(conn).await.map(|done| i64::try_from(done.rows_affected()).unwrap_or(i64::MAX)))
}

/// Shows all codes of a job.
pub async fn publish(tx: &mut Tx, job: JobId) -> sqlx::Result<()> {
    on!(tx, conn => sqlx::query("UPDATE codes SET deleted_at = NULL WHERE job_id = $1 AND deleted_at = 0")
        .bind(job)
        .execute(conn).await.map(|_| ()))
}

/// Deletes up to `limit` codes of a job that are still hidden; how many they were.
pub async fn discard(tx: &mut Tx, job: JobId, limit: i64) -> sqlx::Result<i64> {
    on!(tx, conn => sqlx::query(
        "DELETE FROM codes
         WHERE id IN (SELECT id FROM codes WHERE job_id = $1 AND deleted_at = 0 LIMIT $2)")
        .bind(job)
        .bind(limit)
        .execute(conn).await.map(|done| i64::try_from(done.rows_affected()).unwrap_or(i64::MAX)))
}

/// Up to `limit` codes of a job after `after`, by id: for the memory of codes.
pub async fn page(tx: &mut Tx, job: JobId, after: CodeId, limit: i64) -> sqlx::Result<Vec<CodeRecord>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT id, code, COALESCE(owner_id, beneficiary_id) AS referrer_id, max_uses, uses, expires_at,
                active AND deleted_at IS NULL AND (kind = 'campaign' OR owner_id IS NOT NULL) AS active
         FROM codes
         WHERE job_id = $1
           AND id > $2
         ORDER BY id
         LIMIT $3")
        .bind(job)
        .bind(after)
        .bind(limit)
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{code_pages, codes, db_test},
        *,
    };

    fn code(text: &str) -> Code {
        Code::parse(text).expect("a code")
    }

    db_test!(codes_of_a_job_are_hidden_until_it_is_done, |db| {
        let draft = Draft {
            code: None,
            description: "Fair".into(),
            category: Some("Events".into()),
            max_uses: 3,
            expires_at: None,
            active: true,
        };
        let common = Common {
            job: JobId(7),
            draft: &draft,
            // Nobody has this id.
            beneficiary: Some(UserId(99)),
            created_by: None,
            created_at: Time(1),
        };
        let mut tx = db.begin().await?;
        assert_eq!(insert(&mut tx, &[code("AAAA"), code("BBBB"), code("AAAA")], &common).await?, 2);
        assert_eq!(insert(&mut tx, &[code("BBBB"), code("CCCC")], &common).await?, 1);
        let wanted = code_pages::Wanted { limit: 10, ..code_pages::Wanted::default() };
        assert!(code_pages::page(&mut tx, &wanted).await?.is_empty());
        assert!(codes::page(&mut tx, CodeId(0), 10).await?.is_empty(), "a hidden code is in nobody's memory");
        let hidden = page(&mut tx, JobId(7), CodeId(0), 10).await?;
        assert!(hidden.len() == 3 && hidden.iter().all(|code| !code.active));
        assert!(!codes::claim(&mut tx, hidden[0].id, Time(5)).await?);

        assert_eq!(discard(&mut tx, JobId(7), 1).await?, 1);
        publish(&mut tx, JobId(7)).await?;
        assert_eq!(discard(&mut tx, JobId(7), 9).await?, 0);
        let shown = code_pages::page(&mut tx, &code_pages::Wanted { job: Some(JobId(7)), ..wanted.clone() }).await?;
        assert_eq!((shown.len(), shown[0].max_uses, shown[0].beneficiary_id), (2, Some(3), None));
        assert!(code_pages::page(&mut tx, &code_pages::Wanted { job: Some(JobId(8)), ..wanted }).await?.is_empty());
        let rest = page(&mut tx, JobId(7), shown[0].id, 10).await?;
        assert!(rest.len() == 1 && rest[0].active);
        tx.commit().await
    });
}

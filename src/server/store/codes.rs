//! Personal and campaign codes.

use super::{Tx, on};
use crate::domain::{
    code::{Code, Limits},
    ids::{CodeId, UserId},
    time::Time,
};

/// A code as following a link or signing up needs it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CodeRecord {
    pub id: CodeId,
    pub code: String,
    /// Who is credited: the owner of a personal code or the beneficiary of a campaign code.
    pub referrer_id: Option<UserId>,
    /// Whether it is switched on, not deleted, and not left behind by a deleted owner.
    pub active: bool,
    pub max_uses: Option<i64>,
    pub uses: i64,
    pub expires_at: Option<Time>,
}

impl CodeRecord {
    /// What the code's status depends on.
    pub fn limits(&self) -> Limits {
        Limits { active: self.active, expires_at: self.expires_at, max_uses: self.max_uses, uses: self.uses }
    }
}

/// Makes a personal code; `None` when the code is taken or the owner has one.
pub async fn insert_personal(tx: &mut Tx, owner: UserId, code: &Code, now: Time) -> sqlx::Result<Option<CodeId>> {
    on!(tx, conn => sqlx::query_scalar(
        "INSERT INTO codes (code, kind, owner_id, created_by, created_at)
         VALUES ($1, 'personal', $2, $2, $3)
         ON CONFLICT DO NOTHING
         RETURNING id")
        .bind(code.as_str())
        .bind(owner)
        .bind(now)
        .fetch_optional(conn).await)
}

/// Makes many personal codes in one statement; returns the owners who got theirs. Pairs of owner and code, as JSON.
pub async fn insert_personal_many(tx: &mut Tx, pairs: &[(UserId, Code)], now: Time) -> sqlx::Result<Vec<UserId>> {
    let sql = tx.pick(
        "INSERT INTO codes (code, kind, owner_id, created_by, created_at)
         SELECT value ->> 1, 'personal', value ->> 0, value ->> 0, $2
         FROM json_each($1)
         WHERE TRUE
         ON CONFLICT DO NOTHING
         RETURNING owner_id",
        "INSERT INTO codes (code, kind, owner_id, created_by, created_at)
         SELECT value ->> 1, 'personal', (value ->> 0)::bigint, (value ->> 0)::bigint, $2
         FROM json_array_elements($1::json)
         ON CONFLICT DO NOTHING
         RETURNING owner_id",
    );
    let pairs = super::json(pairs);
    on!(tx, conn => sqlx::query_scalar(sql).bind(pairs).bind(now).fetch_all(conn).await)
}

/// A campaign code as an admin makes it.
pub struct NewCampaign<'a> {
    pub code: &'a Code,
    pub description: &'a str,
    pub category: Option<&'a str>,
    pub active: bool,
    pub max_uses: Option<i64>,
    pub expires_at: Option<Time>,
    pub beneficiary: Option<UserId>,
    pub created_by: Option<UserId>,
    pub created_at: Time,
}

/// Makes a campaign code; `None` when the code is taken.
pub async fn insert_campaign(tx: &mut Tx, new: &NewCampaign<'_>) -> sqlx::Result<Option<CodeId>> {
    on!(tx, conn => sqlx::query_scalar(
        "INSERT INTO codes (code, kind, description, category, active, max_uses, expires_at, beneficiary_id, created_by, created_at)
         VALUES ($1, 'campaign', $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT DO NOTHING
         RETURNING id")
        .bind(new.code.as_str())
        .bind(new.description)
        .bind(new.category)
        .bind(new.active)
        .bind(new.max_uses)
        .bind(new.expires_at)
        .bind(new.beneficiary)
        .bind(new.created_by)
        .bind(new.created_at)
        .fetch_optional(conn).await)
}

pub async fn by_code(tx: &mut Tx, code: &Code) -> sqlx::Result<Option<CodeRecord>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT id, code, COALESCE(owner_id, beneficiary_id) AS referrer_id, max_uses, uses, expires_at,
                active AND deleted_at IS NULL AND (kind = 'campaign' OR owner_id IS NOT NULL) AS active
         FROM codes
         WHERE code = $1")
        .bind(code.as_str())
        .fetch_optional(conn).await)
}

/// The codes of these ids; unknown ids are left out.
pub async fn by_ids(tx: &mut Tx, ids: &[CodeId]) -> sqlx::Result<Vec<CodeRecord>> {
    let sql = tx.pick(
        "SELECT id, code, COALESCE(owner_id, beneficiary_id) AS referrer_id, max_uses, uses, expires_at,
                active AND deleted_at IS NULL AND (kind = 'campaign' OR owner_id IS NOT NULL) AS active
         FROM codes
         WHERE id IN (SELECT value FROM json_each($1))",
        "SELECT id, code, COALESCE(owner_id, beneficiary_id) AS referrer_id, max_uses, uses, expires_at,
                active AND deleted_at IS NULL AND (kind = 'campaign' OR owner_id IS NOT NULL) AS active
         FROM codes
         WHERE id IN (SELECT value::bigint FROM json_array_elements_text($1::json))",
    );
    on!(tx, conn => sqlx::query_as(sql).bind(super::json(ids)).fetch_all(conn).await)
}

/// Up to `limit` codes after `after`, by id: for filling the memory of codes. Without those that a job still makes.
pub async fn page(tx: &mut Tx, after: CodeId, limit: i64) -> sqlx::Result<Vec<CodeRecord>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT id, code, COALESCE(owner_id, beneficiary_id) AS referrer_id, max_uses, uses, expires_at,
                active AND deleted_at IS NULL AND (kind = 'campaign' OR owner_id IS NOT NULL) AS active
         FROM codes
         WHERE id > $1
           AND (deleted_at IS NULL OR deleted_at > 0)
         ORDER BY id
         LIMIT $2")
        .bind(after)
        .bind(limit)
        .fetch_all(conn).await)
}

/// The personal code of a user: text and whether it is switched on.
pub async fn personal(tx: &mut Tx, owner: UserId) -> sqlx::Result<Option<(String, bool)>> {
    on!(tx, conn => sqlx::query_as("SELECT code, active FROM codes WHERE owner_id = $1")
        .bind(owner)
        .fetch_optional(conn).await)
}

/// The ids of all codes that credit this user.
pub async fn crediting(tx: &mut Tx, user: UserId) -> sqlx::Result<Vec<CodeId>> {
    on!(tx, conn => sqlx::query_scalar("SELECT id FROM codes WHERE owner_id = $1 OR beneficiary_id = $1")
        .bind(user)
        .fetch_all(conn).await)
}

/// Claims one use for a sign-up, if the code can be used at this very moment: one conditional update, so that a limit
/// is a limit under any concurrency.
pub async fn claim(tx: &mut Tx, id: CodeId, now: Time) -> sqlx::Result<bool> {
    on!(tx, conn => sqlx::query(
        "UPDATE codes
         SET uses = uses + 1, signups = signups + 1
         WHERE id = $1
           AND active
           AND deleted_at IS NULL
           AND (kind = 'campaign' OR owner_id IS NOT NULL)
           AND (expires_at IS NULL OR expires_at > $2)
           AND (max_uses IS NULL OR uses < max_uses)")
        .bind(id)
        .bind(now)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            db_test,
            fixtures::{self, parsed as code, user},
            users,
        },
        *,
    };
    use crate::domain::code::CodeStatus;

    db_test!(a_user_has_one_personal_code_and_no_two_share_one, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (user(&mut tx, "ann").await?, user(&mut tx, "bob").await?);
        assert!(insert_personal(&mut tx, ann, &code("AAAA"), Time(1)).await?.is_some());
        assert_eq!(insert_personal(&mut tx, ann, &code("BBBB"), Time(1)).await?, None);
        assert_eq!(insert_personal(&mut tx, bob, &code("aaaa"), Time(1)).await?, None);
        assert_eq!(personal(&mut tx, ann).await?, Some(("AAAA".into(), true)));
        let many = insert_personal_many(&mut tx, &[(ann, code("CCCC")), (bob, code("DDDD"))], Time(1)).await?;
        assert_eq!(many, [bob]);
        assert_eq!(crediting(&mut tx, bob).await?.len(), 1);
        tx.commit().await
    });

    db_test!(a_code_is_claimed_until_its_limit_and_its_end, |db| {
        let mut tx = db.begin().await?;
        let limited = fixtures::Campaign { max_uses: Some(2), expires_at: Some(Time(100)), ..Default::default() };
        let id = limited.insert(&mut tx, "SPRING").await?;
        assert!(!claim(&mut tx, id, Time(100)).await?);
        assert!(claim(&mut tx, id, Time(99)).await?);
        assert!(claim(&mut tx, id, Time(99)).await?);
        assert!(!claim(&mut tx, id, Time(99)).await?);
        let record = by_code(&mut tx, &code("spring")).await?.expect("a code");
        assert_eq!((record.uses, record.limits().status(Time(99))), (2, CodeStatus::LimitReached));
        tx.commit().await
    });

    db_test!(the_code_of_a_deleted_owner_is_inactive, |db| {
        let mut tx = db.begin().await?;
        let ann = user(&mut tx, "ann").await?;
        let id = fixtures::personal(&mut tx, ann, "AAAA").await?;
        assert!(by_ids(&mut tx, &[id]).await?[0].active);
        users::delete(&mut tx, ann).await?;
        let left = page(&mut tx, CodeId(0), 10).await?;
        assert_eq!((left.len(), left[0].active, left[0].referrer_id), (1, false, None));
        assert!(!claim(&mut tx, id, Time(2)).await?);
        tx.commit().await
    });
}

//! Personal and campaign codes.

use crate::{
    domain::{
        codes::code::{Code, CodeLimits},
        ids::{CodeId, UserId},
        time::{DAY, Time},
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
    view_models::statistics::DayCounts,
};
use sqlx::QueryBuilder;

/// A code as following a link or signing up needs it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CodeRecord {
    pub id: CodeId,
    pub code: String,
    /// Who is credited: the owner of a personal code, or the beneficiary of a campaign code who is not disabled.
    pub referrer_id: Option<UserId>,
    /// Whether it is switched on and not deleted, and its owner is there and not disabled.
    pub active: bool,
    pub max_uses: Option<i64>,
    pub uses: i64,
    pub expires_at: Option<Time>,
}

impl CodeRecord {
    /// What the code's status depends on.
    pub fn limits(&self) -> CodeLimits {
        CodeLimits { active: self.active, expires_at: self.expires_at, max_uses: self.max_uses, uses: self.uses }
    }
}

/// Makes a personal code; `None` when the code is taken or the owner has one.
pub async fn insert_personal(tx: &mut Tx, owner: UserId, code: &Code, now: Time) -> sqlx::Result<Option<CodeId>> {
    with_conn!(tx, conn => sqlx::query_scalar(
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
    let sql = tx.dialect(
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
    let pairs = json(pairs);
    with_conn!(tx, conn => sqlx::query_scalar(sql).bind(pairs).bind(now).fetch_all(conn).await)
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
    with_conn!(tx, conn => sqlx::query_scalar(
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

/// Whether code `c` is switched on: by an admin, and a personal one by an owner who is there and not disabled.
macro_rules! switched_on {
    () => {
        "(c.active AND (c.kind = 'campaign'
              OR EXISTS (SELECT 1 FROM users o WHERE o.id = c.owner_id AND o.disabled_at IS NULL)))"
    };
}
pub(super) use switched_on;

/// Begins a query for [`CodeRecord`] of codes `c`.
pub(super) const RECORD: &str = concat!(
    "SELECT c.id, c.code, c.max_uses, c.uses, c.expires_at,
       COALESCE(c.owner_id, (SELECT b.id FROM users b WHERE b.id = c.beneficiary_id AND b.disabled_at IS NULL)) AS referrer_id,
       c.deleted_at IS NULL AND ",
    switched_on!(),
    " AS active
FROM codes c
WHERE "
);

pub async fn by_code(tx: &mut Tx, code: &Code) -> sqlx::Result<Option<CodeRecord>> {
    with_conn!(tx, conn => QueryBuilder::new(RECORD)
        .push("code = ")
        .push_bind(code.as_str().to_owned())
        .build_query_as()
        .fetch_optional(conn).await)
}

/// The codes of these ids; unknown ids are left out.
pub async fn by_ids(tx: &mut Tx, ids: &[CodeId]) -> sqlx::Result<Vec<CodeRecord>> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new(RECORD)
        .push("id IN ")
        .push(before)
        .push_bind(json(ids))
        .push(after)
        .build_query_as()
        .fetch_all(conn).await)
}

/// Up to `limit` codes after `after`, by id: for filling the code cache. Without those that a job still creates.
pub async fn page(tx: &mut Tx, after: CodeId, limit: i64) -> sqlx::Result<Vec<CodeRecord>> {
    with_conn!(tx, conn => QueryBuilder::new(RECORD)
        .push("(deleted_at IS NULL OR deleted_at > 0) AND id > ")
        .push_bind(after)
        .push(" ORDER BY id LIMIT ")
        .push_bind(limit)
        .build_query_as()
        .fetch_all(conn).await)
}

/// The personal code of a user: text and whether it is switched on.
pub async fn personal(tx: &mut Tx, owner: UserId) -> sqlx::Result<Option<(String, bool)>> {
    with_conn!(tx, conn => sqlx::query_as("SELECT code, active FROM codes WHERE owner_id = $1")
        .bind(owner)
        .fetch_optional(conn).await)
}

/// The ids of all codes that credit this user.
pub async fn crediting(tx: &mut Tx, user: UserId) -> sqlx::Result<Vec<CodeId>> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT id FROM codes WHERE owner_id = $1 OR beneficiary_id = $1")
        .bind(user)
        .fetch_all(conn).await)
}

/// Holds the codes that credit a user until the end of the transaction.
pub async fn lock_crediting(tx: &mut Tx, user: UserId) -> sqlx::Result<()> {
    if matches!(tx, Tx::Sqlite(_)) {
        return Ok(());
    }
    with_conn!(tx, conn => sqlx::query(
        "SELECT id FROM codes WHERE owner_id = $1 OR beneficiary_id = $1 ORDER BY id FOR NO KEY UPDATE")
        .bind(user)
        .execute(conn).await.map(|_| ()))
}

/// A use of a code that was claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ClaimedUse {
    /// Whether it was the last one that the code's limit allows.
    pub is_last: bool,
}

/// Claims one use for a sign-up, if the code can be used at this very moment: one conditional update, so that a limit
/// is a limit under any concurrency.
pub async fn claim(tx: &mut Tx, id: CodeId, now: Time) -> sqlx::Result<Option<ClaimedUse>> {
    with_conn!(tx, conn => sqlx::query_as(concat!(
        "UPDATE codes AS c
         SET uses = uses + 1, signups = signups + 1, version = version + 1
         WHERE c.id = $1
           AND c.deleted_at IS NULL
           AND (c.expires_at IS NULL OR c.expires_at > $2)
           AND (c.max_uses IS NULL OR c.uses < c.max_uses)
           AND ", switched_on!(), "
         RETURNING COALESCE(uses = max_uses, FALSE) AS is_last"))
        .bind(id)
        .bind(now)
        .fetch_optional(conn).await)
}

/// Claims one use because an admin says so: only the limit of uses can refuse it.
pub async fn claim_by_correction(tx: &mut Tx, id: CodeId) -> sqlx::Result<Option<ClaimedUse>> {
    with_conn!(tx, conn => sqlx::query_as(
        "UPDATE codes
         SET uses = uses + 1, signups = signups + 1, version = version + 1
         WHERE id = $1
           AND (max_uses IS NULL OR uses < max_uses)
         RETURNING COALESCE(uses = max_uses, FALSE) AS is_last")
        .bind(id)
        .fetch_optional(conn).await)
}

/// Gives back a use that was credited wrongly.
pub async fn release(tx: &mut Tx, id: CodeId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE codes
         SET uses = uses - 1, signups = signups - 1, version = version + 1
         WHERE id = $1")
        .bind(id)
        .execute(conn).await.map(|_| ()))
}

/// Which of these codes are campaign codes that are not deleted.
pub async fn campaigns(tx: &mut Tx, ids: &[CodeId]) -> sqlx::Result<Vec<CodeId>> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new("SELECT id FROM codes WHERE kind = 'campaign' AND deleted_at IS NULL AND id IN ")
        .push(before)
        .push_bind(json(ids))
        .push(after)
        .build_query_scalar()
        .fetch_all(conn).await)
}

/// What an admin may change of a campaign code.
pub struct CampaignUpdate<'a> {
    pub description: &'a str,
    pub category: Option<&'a str>,
    /// None for no limit.
    pub max_uses: Option<i64>,
    pub expires_at: Option<Time>,
    pub beneficiary: Option<UserId>,
    pub active: bool,
}

/// Changes a code; `false` when it has more uses by now than the new limit allows.
pub async fn update(tx: &mut Tx, id: CodeId, update: &CampaignUpdate<'_>) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE codes
         SET description = $2, category = $3, max_uses = $4, expires_at = $5, beneficiary_id = $6, active = $7,
             version = version + 1
         WHERE id = $1
           AND ($4 IS NULL OR uses <= $4)")
        .bind(id)
        .bind(update.description)
        .bind(update.category)
        .bind(update.max_uses)
        .bind(update.expires_at)
        .bind(update.beneficiary)
        .bind(update.active)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// Switches a code on or off.
pub async fn set_active(tx: &mut Tx, id: CodeId, active: bool) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE codes SET active = $2, version = version + 1 WHERE id = $1")
        .bind(id)
        .bind(active)
        .execute(conn).await.map(|_| ()))
}

/// Notes that the personal code of this user is switched on or off with its owner.
pub async fn bump_version_of_owned(tx: &mut Tx, owner: UserId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE codes SET version = version + 1 WHERE owner_id = $1")
        .bind(owner)
        .execute(conn).await.map(|_| ()))
}

/// Deletes a code that has no history at all; whether it had none.
pub async fn delete_unused(tx: &mut Tx, id: CodeId) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query(
        "DELETE FROM codes
         WHERE id = $1
           AND uses = 0
           AND NOT EXISTS (SELECT 1 FROM code_days WHERE code_id = $1)")
        .bind(id)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// Hides a code; its history stays.
pub async fn hide(tx: &mut Tx, id: CodeId, now: Time) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE codes SET deleted_at = $2, version = version + 1 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(conn).await.map(|_| ()))
}

/// All categories in use, in order: from each to the next one, whatever the number of codes.
pub async fn categories(tx: &mut Tx) -> sqlx::Result<Vec<String>> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "WITH RECURSIVE found (category) AS (
             SELECT MIN(category)
             FROM codes
             WHERE kind = 'campaign'
               AND deleted_at IS NULL
             UNION ALL
             SELECT (SELECT MIN(codes.category)
                     FROM codes
                     WHERE kind = 'campaign'
                       AND deleted_at IS NULL
                       AND codes.category > found.category)
             FROM found
             WHERE found.category IS NOT NULL
         )
         SELECT category
         FROM found
         WHERE category IS NOT NULL
         LIMIT 200")
        .fetch_all(conn).await)
}

/// What happened with a code by day. Empty days are left out.
pub async fn days(tx: &mut Tx, id: CodeId, from_day: i64) -> sqlx::Result<Vec<DayCounts>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT day * $3 AS start, clicks, signups, conversions
         FROM code_days
         WHERE code_id = $1
           AND day >= $2
         ORDER BY day")
        .bind(id)
        .bind(from_day)
        .bind(DAY)
        .fetch_all(conn).await)
}

/// The code that a text means, in the order of its readings.
pub async fn by_text(tx: &mut Tx, text: &str) -> sqlx::Result<Option<CodeRecord>> {
    for code in Code::readings(text) {
        if let Some(record) = by_code(tx, &code).await? {
            return Ok(Some(record));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::codes::code::CodeStatus,
        server::store::{
            code_details::{campaign_by_id, campaigns_by_ids, details_by_id},
            counters, db_test,
            fixtures::{self, Campaign, parsed as code, user},
            referrals, users,
        },
    };

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
        let limited = Campaign { max_uses: Some(2), expires_at: Some(Time(100)), ..Default::default() };
        let id = limited.insert(&mut tx, "SPRING").await?;
        assert_eq!(claim(&mut tx, id, Time(100)).await?, None);
        assert_eq!(claim(&mut tx, id, Time(99)).await?, Some(ClaimedUse { is_last: false }));
        assert_eq!(claim(&mut tx, id, Time(99)).await?, Some(ClaimedUse { is_last: true }));
        assert_eq!(claim(&mut tx, id, Time(99)).await?, None);
        release(&mut tx, id).await?;
        assert_eq!(claim_by_correction(&mut tx, id).await?, Some(ClaimedUse { is_last: true }));
        assert_eq!(claim_by_correction(&mut tx, id).await?, None);
        let endless = Campaign::default().insert(&mut tx, "ENDLESS").await?;
        assert_eq!(claim(&mut tx, endless, Time(1)).await?, Some(ClaimedUse { is_last: false }));
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
        assert!(claim(&mut tx, id, Time(2)).await?.is_none());
        tx.commit().await
    });

    db_test!(a_disabled_user_is_credited_for_nothing, |db| {
        let mut tx = db.begin().await?;
        let ann = user(&mut tx, "ann").await?;
        let own = fixtures::personal(&mut tx, ann, "AAAA").await?;
        let campaign = Campaign::default().credits(ann).insert(&mut tx, "SPRING").await?;
        for disabled in [true, false] {
            with_conn!(&mut tx, conn => sqlx::query("UPDATE users SET disabled_at = $2 WHERE id = $1")
                .bind(ann)
                .bind(disabled.then_some(1_i64))
                .execute(conn).await.map(|_| ()))?;
            let records = by_ids(&mut tx, &[own, campaign]).await?;
            let active: Vec<_> = records.iter().map(|record| record.active).collect();
            assert_eq!(active, [!disabled, true]);
            assert_eq!(records[1].referrer_id, (!disabled).then_some(ann));
            let status = details_by_id(&mut tx, own, Time(2)).await?.map(|code| code.status);
            assert_eq!(status, Some(if disabled { CodeStatus::Inactive } else { CodeStatus::Active }));
            assert_eq!(claim(&mut tx, own, Time(2)).await?.is_some(), !disabled);
            assert!(claim(&mut tx, campaign, Time(2)).await?.is_some());
        }
        tx.commit().await
    });

    db_test!(campaigns_and_their_categories_are_listed, |db| {
        let mut tx = db.begin().await?;
        let mut ids = vec![];
        for (code, category) in [("ALPHA", Some("y")), ("BETA", None), ("GAMMA", Some("x")), ("DELTA", Some("y"))] {
            ids.push(Campaign { category, ..Campaign::default() }.insert(&mut tx, code).await?);
        }
        assert_eq!(categories(&mut tx).await?, ["x", "y"]);
        hide(&mut tx, ids[2], Time(1)).await?;
        assert_eq!(categories(&mut tx).await?, ["y"]);
        let found = campaigns_by_ids(&mut tx, &[ids[0], ids[2], CodeId(999)], Time(9)).await?;
        assert_eq!(found.iter().map(|row| row.code.as_str()).collect::<Vec<_>>(), ["ALPHA"]);
        tx.commit().await
    });

    db_test!(a_limit_below_the_uses_is_not_set, |db| {
        let mut tx = db.begin().await?;
        let id = Campaign { max_uses: Some(5), ..Campaign::default() }.insert(&mut tx, "ALPHA").await?;
        for _ in 0..2 {
            claim(&mut tx, id, Time(5)).await?;
        }
        let edit = |max_uses| CampaignUpdate {
            description: "new",
            category: Some("y"),
            max_uses,
            expires_at: None,
            beneficiary: None,
            active: true,
        };
        assert!(!update(&mut tx, id, &edit(Some(1))).await?);
        assert!(update(&mut tx, id, &edit(None)).await?);
        assert_eq!(campaign_by_id(&mut tx, id, Time(9)).await?.and_then(|row| row.max_uses), None);
        assert!(update(&mut tx, id, &edit(Some(2))).await?);
        assert_eq!(
            campaign_by_id(&mut tx, id, Time(9)).await?.map(|row| (row.max_uses, row.description)),
            Some((Some(2), "new".into()))
        );
        set_active(&mut tx, id, false).await?;
        assert_eq!(campaign_by_id(&mut tx, id, Time(9)).await?.map(|row| row.active), Some(false));
        tx.commit().await
    });

    db_test!(a_used_code_is_hidden_and_keeps_its_history, |db| {
        let mut tx = db.begin().await?;
        let make = Campaign::default();
        let (used, unused) = (make.insert(&mut tx, "USED").await?, make.insert(&mut tx, "UNUSED").await?);
        claim(&mut tx, used, Time(5)).await?;
        counters::add_signups(&mut tx, used, Time(5), 1).await?;
        let referral = referrals::NewReferral {
            referee: UserId(7),
            referee_name: "bob",
            code: used,
            referrer: None,
            click: None,
            signed_up_at: Time(5),
        };
        referrals::insert(&mut tx, &referral).await?;
        assert!(!delete_unused(&mut tx, used).await?);
        assert!(delete_unused(&mut tx, unused).await?);
        hide(&mut tx, used, Time(9)).await?;
        assert!(campaign_by_id(&mut tx, used, Time(9)).await?.is_none());
        assert!(claim(&mut tx, used, Time(9)).await?.is_none());
        assert_eq!(referrals::of_code(&mut tx, used, None, None, 10).await?[0].referee_name, "bob");
        assert_eq!(
            days(&mut tx, used, 0).await?,
            [DayCounts { start: Time(0), clicks: 0, signups: 1, conversions: 0 }]
        );
        tx.commit().await
    });

    db_test!(no_index_holds_a_counter, |db| {
        let mut tx = db.begin().await?;
        let sql = tx.dialect(
            "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'codes' AND sql IS NOT NULL",
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'codes'",
        );
        let indexes: Vec<String> = with_conn!(&mut tx, conn => sqlx::query_scalar(sql).fetch_all(conn).await)?;
        assert!(indexes.len() >= 5, "{indexes:?}");
        for index in indexes {
            let words: Vec<_> = index.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
            for counter in ["clicks", "unique_clicks", "uses", "signups", "conversions"] {
                assert!(!words.contains(&counter), "a click or a sign-up would move {index}");
            }
        }
        Ok(())
    });
}

//! Campaign codes, as admins see and change them.

use super::{Tx, on};
use crate::domain::{
    code::Limits,
    ids::{CodeId, UserId},
    time::Time,
};

/// A campaign code with everything about it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CampaignRecord {
    pub id: CodeId,
    pub code: String,
    pub description: String,
    pub category: Option<String>,
    pub active: bool,
    pub max_uses: Option<i64>,
    pub uses: i64,
    pub expires_at: Option<Time>,
    pub beneficiary_id: Option<UserId>,
    pub beneficiary_email: Option<String>,
    pub clicks: i64,
    pub unique_clicks: i64,
    pub created_at: Time,
    /// What the code is sorted by: see [`super::order`].
    pub order_status: i64,
    pub order_uses: i64,
    pub order_clicks: i64,
    pub order_beneficiary: String,
}

impl CampaignRecord {
    /// What the code's status depends on.
    pub fn limits(&self) -> Limits {
        Limits { active: self.active, expires_at: self.expires_at, max_uses: self.max_uses, uses: self.uses }
    }
}

pub async fn by_id(tx: &mut Tx, id: CodeId) -> sqlx::Result<Option<CampaignRecord>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT c.id, c.code, c.description, c.category, c.active, c.max_uses, c.uses, c.expires_at,
                c.beneficiary_id, u.email AS beneficiary_email, c.clicks, c.unique_clicks, c.created_at,
                c.order_status, c.order_uses, c.order_clicks, c.order_beneficiary
         FROM counted_codes c
         LEFT JOIN users u ON u.id = c.beneficiary_id
         WHERE c.id = $1
           AND c.kind = 'campaign'
           AND c.deleted_at IS NULL")
        .bind(id)
        .fetch_optional(conn).await)
}

/// The campaign codes of these ids; others are left out.
pub async fn by_ids(tx: &mut Tx, ids: &[CodeId]) -> sqlx::Result<Vec<CampaignRecord>> {
    let sql = tx.pick(
        "SELECT c.id, c.code, c.description, c.category, c.active, c.max_uses, c.uses, c.expires_at,
                c.beneficiary_id, u.email AS beneficiary_email, c.clicks, c.unique_clicks, c.created_at,
                c.order_status, c.order_uses, c.order_clicks, c.order_beneficiary
         FROM counted_codes c
         LEFT JOIN users u ON u.id = c.beneficiary_id
         WHERE c.id IN (SELECT value FROM json_each($1))
           AND c.kind = 'campaign'
           AND c.deleted_at IS NULL",
        "SELECT c.id, c.code, c.description, c.category, c.active, c.max_uses, c.uses, c.expires_at,
                c.beneficiary_id, u.email AS beneficiary_email, c.clicks, c.unique_clicks, c.created_at,
                c.order_status, c.order_uses, c.order_clicks, c.order_beneficiary
         FROM counted_codes c
         LEFT JOIN users u ON u.id = c.beneficiary_id
         WHERE c.id IN (SELECT value::bigint FROM json_array_elements_text($1::json))
           AND c.kind = 'campaign'
           AND c.deleted_at IS NULL",
    );
    on!(tx, conn => sqlx::query_as(sql).bind(super::json(ids)).fetch_all(conn).await)
}

/// What an edit sets.
pub struct Edit<'a> {
    pub description: &'a str,
    pub category: Option<&'a str>,
    pub max_uses: i64,
    pub expires_at: Option<Time>,
    pub beneficiary: Option<UserId>,
    pub active: bool,
}

/// Changes a code; `false` when it has more uses by now than the new limit allows.
pub async fn update(tx: &mut Tx, id: CodeId, edit: &Edit<'_>) -> sqlx::Result<bool> {
    on!(tx, conn => sqlx::query(
        "UPDATE codes
         SET description = $2, category = $3, max_uses = $4, expires_at = $5, beneficiary_id = $6, active = $7
         WHERE id = $1
           AND uses <= $4")
        .bind(id)
        .bind(edit.description)
        .bind(edit.category)
        .bind(edit.max_uses)
        .bind(edit.expires_at)
        .bind(edit.beneficiary)
        .bind(edit.active)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

pub async fn switch(tx: &mut Tx, id: CodeId, active: bool) -> sqlx::Result<()> {
    on!(tx, conn => sqlx::query("UPDATE codes SET active = $2 WHERE id = $1")
        .bind(id)
        .bind(active)
        .execute(conn).await.map(|_| ()))
}

/// Deletes a code that has no history at all; whether it had none.
pub async fn delete_unused(tx: &mut Tx, id: CodeId) -> sqlx::Result<bool> {
    on!(tx, conn => sqlx::query(
        "DELETE FROM codes
         WHERE id = $1
           AND uses = 0
           AND NOT EXISTS (SELECT 1 FROM code_days WHERE code_id = $1)")
        .bind(id)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// Hides a code; its history stays.
pub async fn hide(tx: &mut Tx, id: CodeId, now: Time) -> sqlx::Result<()> {
    on!(tx, conn => sqlx::query("UPDATE codes SET deleted_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(conn).await.map(|_| ()))
}

/// All categories in use, in order: from each to the next one, whatever the number of codes.
pub async fn categories(tx: &mut Tx) -> sqlx::Result<Vec<String>> {
    on!(tx, conn => sqlx::query_scalar(
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

/// Who used a code when, the latest first: username and e-mail are empty when the account is gone.
pub async fn usages(tx: &mut Tx, id: CodeId, limit: i64) -> sqlx::Result<Vec<(String, String, Time)>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT r.referee_name, COALESCE(u.email, ''), r.signed_up_at
         FROM referrals r
         LEFT JOIN users u ON u.id = r.referee_id
         WHERE r.code_id = $1
         ORDER BY r.signed_up_at DESC, r.id DESC
         LIMIT $2")
        .bind(id)
        .bind(limit)
        .fetch_all(conn).await)
}

/// Clicks and sign-ups of a code by day: day number, clicks, sign-ups. Empty days are left out.
pub async fn days(tx: &mut Tx, id: CodeId, from_day: i64) -> sqlx::Result<Vec<(i64, i64, i64)>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT day, clicks, signups
         FROM code_days
         WHERE code_id = $1
           AND day >= $2
         ORDER BY day")
        .bind(id)
        .bind(from_day)
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{codes, counters, db_test, fixtures::Campaign, referrals},
        *,
    };

    db_test!(campaigns_and_their_categories_are_listed, |db| {
        let mut tx = db.begin().await?;
        let mut ids = vec![];
        for (code, category) in [("ALPHA", Some("y")), ("BETA", None), ("GAMMA", Some("x")), ("DELTA", Some("y"))] {
            ids.push(Campaign { category, ..Campaign::default() }.insert(&mut tx, code).await?);
        }
        assert_eq!(categories(&mut tx).await?, ["x", "y"]);
        hide(&mut tx, ids[2], Time(1)).await?;
        assert_eq!(categories(&mut tx).await?, ["y"]);
        let found = by_ids(&mut tx, &[ids[0], ids[2], CodeId(999)]).await?;
        assert_eq!(found.iter().map(|row| row.code.as_str()).collect::<Vec<_>>(), ["ALPHA"]);
        tx.commit().await
    });

    db_test!(a_limit_below_the_uses_is_not_set, |db| {
        let mut tx = db.begin().await?;
        let id = Campaign { max_uses: Some(5), ..Campaign::default() }.insert(&mut tx, "ALPHA").await?;
        for _ in 0..2 {
            codes::claim(&mut tx, id, Time(5)).await?;
        }
        let edit = |max_uses| Edit {
            description: "new",
            category: Some("y"),
            max_uses,
            expires_at: None,
            beneficiary: None,
            active: true,
        };
        assert!(!update(&mut tx, id, &edit(1)).await?);
        assert!(update(&mut tx, id, &edit(2)).await?);
        assert_eq!(by_id(&mut tx, id).await?.map(|row| (row.max_uses, row.description)), Some((Some(2), "new".into())));
        switch(&mut tx, id, false).await?;
        assert_eq!(by_id(&mut tx, id).await?.map(|row| row.active), Some(false));
        tx.commit().await
    });

    db_test!(a_used_code_is_hidden_and_keeps_its_history, |db| {
        let mut tx = db.begin().await?;
        let make = Campaign::default();
        let (used, unused) = (make.insert(&mut tx, "USED").await?, make.insert(&mut tx, "UNUSED").await?);
        codes::claim(&mut tx, used, Time(5)).await?;
        counters::add_signup(&mut tx, used, Time(5)).await?;
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
        assert!(by_id(&mut tx, used).await?.is_none());
        assert!(!codes::claim(&mut tx, used, Time(9)).await?);
        assert_eq!(usages(&mut tx, used, 10).await?, [("bob".to_owned(), String::new(), Time(5))]);
        assert_eq!(days(&mut tx, used, 0).await?, [(0, 0, 1)]);
        tx.commit().await
    });
}

//! Campaign codes, as admins see and change them.

use super::{Tx, on};
use crate::domain::{
    code::Limits,
    ids::{CodeId, JobId, UserId},
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
}

impl CampaignRecord {
    /// What the code's status depends on.
    pub fn limits(&self) -> Limits {
        Limits { active: self.active, expires_at: self.expires_at, max_uses: self.max_uses, uses: self.uses }
    }
}

/// What a page of codes is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// The beginning of a code, in capitals.
    pub q: &'a str,
    /// `active`, `inactive`, `expired`, `limit-reached`; anything else means all.
    pub status: &'a str,
    pub category: &'a str,
    /// Only what this job made.
    pub job: Option<JobId>,
    pub sort: Sort,
    pub descending: bool,
    /// The value and id of the row before the page.
    pub after: Option<(Key, CodeId)>,
    pub limit: i64,
    pub now: Time,
}

/// What codes are sorted by; ties go by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Created,
    Code,
    Uses,
    Clicks,
    /// Codes that never expire come last.
    Expires,
}

/// The value of a row in the sorted column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    Number(i64),
    Text(String),
}

impl Sort {
    fn column(self) -> &'static str {
        match self {
            Self::Created => "c.id",
            Self::Code => "c.code",
            Self::Uses => "c.uses",
            Self::Clicks => "c.clicks",
            Self::Expires => "COALESCE(c.expires_at, 9223372036854775807)",
        }
    }

    /// The value of this row.
    pub fn key(self, row: &CampaignRecord) -> Key {
        match self {
            Self::Created => Key::Number(row.id.0),
            Self::Code => Key::Text(row.code.clone()),
            Self::Uses => Key::Number(row.uses),
            Self::Clicks => Key::Number(row.clicks),
            Self::Expires => Key::Number(row.expires_at.map_or(i64::MAX, |at| at.0)),
        }
    }
}

const COLUMNS: &str = "SELECT c.id, c.code, c.description, c.category, c.active, c.max_uses, c.uses, c.expires_at,
       c.beneficiary_id, u.email AS beneficiary_email, c.clicks, c.unique_clicks, c.created_at
FROM codes c
LEFT JOIN users u ON u.id = c.beneficiary_id
WHERE c.kind = 'campaign' AND c.deleted_at IS NULL";

/// A page of codes: the rows that are wanted, after the one named, by keys and never by counting off.
pub async fn page(tx: &mut Tx, wanted: &Wanted<'_>) -> sqlx::Result<Vec<CampaignRecord>> {
    on!(tx, conn => {
        let mut query = sqlx::QueryBuilder::new(COLUMNS);
        if !wanted.q.is_empty() {
            query.push(" AND c.code >= ").push_bind(wanted.q.to_owned());
            query.push(" AND c.code < ").push_bind(format!("{}\u{7f}", wanted.q));
        }
        if !wanted.category.is_empty() {
            query.push(" AND c.category = ").push_bind(wanted.category.to_owned());
        }
        if let Some(job) = wanted.job {
            query.push(" AND c.job_id = ").push_bind(job);
        }
        let expired = "(c.expires_at IS NOT NULL AND c.expires_at <= ";
        let used_up = "(c.max_uses IS NOT NULL AND c.uses >= c.max_uses)";
        match wanted.status {
            "inactive" => {
                query.push(" AND NOT c.active");
            }
            "expired" => {
                query.push(" AND c.active AND ").push(expired).push_bind(wanted.now).push(")");
            }
            "limit-reached" => {
                query.push(" AND c.active AND NOT ").push(expired).push_bind(wanted.now).push(") AND ").push(used_up);
            }
            "active" => {
                query.push(" AND c.active AND NOT ").push(expired).push_bind(wanted.now).push(") AND NOT ").push(used_up);
            }
            _ => {}
        }
        let (column, order, than) =
            if wanted.descending { (wanted.sort.column(), " DESC", " < (") } else { (wanted.sort.column(), " ASC", " > (") };
        if let Some((key, id)) = &wanted.after {
            query.push(" AND (").push(column).push(", c.id)").push(than);
            match key {
                Key::Number(number) => query.push_bind(*number),
                Key::Text(text) => query.push_bind(text.clone()),
            };
            query.push(", ").push_bind(*id).push(")");
        }
        query.push(" ORDER BY ").push(column).push(order).push(", c.id").push(order);
        query.push(" LIMIT ").push_bind(wanted.limit);
        query.build_query_as().fetch_all(conn).await
    })
}

pub async fn by_id(tx: &mut Tx, id: CodeId) -> sqlx::Result<Option<CampaignRecord>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT c.id, c.code, c.description, c.category, c.active, c.max_uses, c.uses, c.expires_at,
                c.beneficiary_id, u.email AS beneficiary_email, c.clicks, c.unique_clicks, c.created_at
         FROM codes c
         LEFT JOIN users u ON u.id = c.beneficiary_id
         WHERE c.id = $1
           AND c.kind = 'campaign'
           AND c.deleted_at IS NULL")
        .bind(id)
        .fetch_optional(conn).await)
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
    on!(tx, conn => sqlx::query("DELETE FROM codes WHERE id = $1 AND uses = 0 AND clicks = 0")
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

/// All categories in use, in order: from one to the next by the index, however many codes each has.
pub async fn categories(tx: &mut Tx) -> sqlx::Result<Vec<String>> {
    on!(tx, conn => sqlx::query_scalar(
        "WITH RECURSIVE used (category) AS (
             SELECT MIN(category) FROM codes WHERE category IS NOT NULL
             UNION ALL
             SELECT (SELECT MIN(category) FROM codes WHERE category > used.category)
             FROM used
             WHERE used.category IS NOT NULL
         )
         SELECT category
         FROM used
         WHERE category IS NOT NULL
         ORDER BY category
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
        super::{codes, counters, db_test, referrals},
        *,
    };
    use crate::domain::code::Code;

    async fn make(
        tx: &mut Tx,
        text: &str,
        category: Option<&str>,
        max_uses: i64,
        expires_at: Option<Time>,
        active: bool,
    ) -> sqlx::Result<CodeId> {
        let code = Code::parse(text).expect("a code");
        let new = codes::NewCampaign {
            code: &code,
            description: "d",
            category,
            active,
            max_uses: Some(max_uses),
            expires_at,
            beneficiary: None,
            created_by: None,
            created_at: Time(0),
        };
        Ok(codes::insert_campaign(tx, &new).await?.expect("a free code"))
    }

    fn names(rows: &[CampaignRecord]) -> Vec<&str> {
        rows.iter().map(|row| row.code.as_str()).collect()
    }

    db_test!(pages_are_filtered_sorted_and_follow_each_other, |db| {
        let mut tx = db.begin().await?;
        make(&mut tx, "ALPHA", Some("x"), 5, None, true).await?;
        make(&mut tx, "BETA", None, 5, Some(Time(10)), true).await?;
        make(&mut tx, "ALTO", Some("x"), 5, None, false).await?;
        let full = make(&mut tx, "GAMMA", None, 1, None, true).await?;
        assert!(codes::claim(&mut tx, full, Time(5)).await?);
        let wanted = Wanted { limit: 10, now: Time(50), ..Wanted::default() };
        for (status, expected) in
            [("active", "ALPHA"), ("inactive", "ALTO"), ("expired", "BETA"), ("limit-reached", "GAMMA")]
        {
            assert_eq!(names(&page(&mut tx, &Wanted { status, ..wanted.clone() }).await?), [expected]);
        }
        assert_eq!(names(&page(&mut tx, &Wanted { q: "AL", ..wanted.clone() }).await?), ["ALPHA", "ALTO"]);
        assert_eq!(
            names(&page(&mut tx, &Wanted { category: "x", descending: true, ..wanted.clone() }).await?),
            ["ALTO", "ALPHA"]
        );
        for sort in [Sort::Created, Sort::Code, Sort::Uses, Sort::Clicks, Sort::Expires] {
            for descending in [false, true] {
                let wanted = Wanted { sort, descending, ..wanted.clone() };
                let all = page(&mut tx, &wanted).await?;
                let mut steps = vec![];
                let mut after = None;
                while let Some(row) =
                    page(&mut tx, &Wanted { after: after.clone(), limit: 1, ..wanted.clone() }).await?.pop()
                {
                    after = Some((sort.key(&row), row.id));
                    steps.push(row);
                }
                assert_eq!(names(&steps), names(&all), "{sort:?} {descending}");
                assert_eq!(steps.len(), 4);
            }
        }
        assert_eq!(categories(&mut tx).await?, ["x"]);
        for (text, category) in [("ONE", "z"), ("TWO", "y"), ("THREE", "z")] {
            make(&mut tx, text, Some(category), 5, None, true).await?;
        }
        assert_eq!(categories(&mut tx).await?, ["x", "y", "z"]);
        tx.commit().await
    });

    db_test!(a_limit_below_the_uses_is_not_set, |db| {
        let mut tx = db.begin().await?;
        let id = make(&mut tx, "ALPHA", None, 5, None, true).await?;
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
        let (used, unused) =
            (make(&mut tx, "USED", None, 5, None, true).await?, make(&mut tx, "UNUSED", None, 5, None, true).await?);
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

//! Codes of both kinds with everything about them, as other programs ask for them.

use super::{Tx, on};
use crate::domain::{
    code::{Code, Limits},
    ids::{CodeId, JobId, UserId},
    time::Time,
};

/// A code with everything about it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FullCode {
    pub id: CodeId,
    pub code: String,
    /// `personal` or `campaign`
    pub kind: String,
    pub description: String,
    pub category: Option<String>,
    /// Whether it is switched on and not left behind by a deleted owner.
    pub active: bool,
    pub max_uses: Option<i64>,
    pub uses: i64,
    pub expires_at: Option<Time>,
    /// Who is credited: the owner of a personal code or the beneficiary of a campaign code.
    pub beneficiary_id: Option<UserId>,
    pub created_by: Option<UserId>,
    pub created_at: Time,
    pub clicks: i64,
    pub unique_clicks: i64,
    pub signups: i64,
    pub conversions: i64,
}

impl FullCode {
    /// What the code's status depends on.
    pub fn limits(&self) -> Limits {
        Limits { active: self.active, expires_at: self.expires_at, max_uses: self.max_uses, uses: self.uses }
    }
}

const SELECT: &str = "SELECT id, code, kind, description, category,
       active AND (kind = 'campaign' OR owner_id IS NOT NULL) AS active,
       max_uses, uses, expires_at, COALESCE(owner_id, beneficiary_id) AS beneficiary_id, created_by, created_at,
       clicks, unique_clicks, signups, conversions
FROM counted_codes
WHERE deleted_at IS NULL";

/// What a list of codes is asked for. Empty text asks for everything.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// `personal` or `campaign`
    pub kind: &'a str,
    /// `active`, `inactive`, `expired`, `limit-reached`
    pub status: &'a str,
    pub category: &'a str,
    /// Only what this job made.
    pub job: Option<JobId>,
    /// Codes older than this one.
    pub before: CodeId,
    pub limit: i64,
    pub now: Time,
}

/// A page of codes, the latest first.
pub async fn page(tx: &mut Tx, wanted: &Wanted<'_>) -> sqlx::Result<Vec<FullCode>> {
    on!(tx, conn => {
        let mut query = sqlx::QueryBuilder::new(SELECT);
        query.push(" AND id < ").push_bind(wanted.before);
        // Literals, so that the database sees which of its partial indexes fits.
        match wanted.kind {
            "personal" => query.push(" AND kind = 'personal'"),
            "campaign" => query.push(" AND kind = 'campaign'"),
            _ => &mut query,
        };
        if !wanted.category.is_empty() {
            query.push(" AND category = ").push_bind(wanted.category.to_owned());
        }
        if let Some(job) = wanted.job {
            query.push(" AND job_id = ").push_bind(job);
        }
        let on = "active AND (kind = 'campaign' OR owner_id IS NOT NULL)";
        let used_up = "(max_uses IS NOT NULL AND uses >= max_uses)";
        let mut expired = |not: &str| {
            query.push(format_args!(" AND {not} (expires_at IS NOT NULL AND expires_at <= ")).push_bind(wanted.now).push(")");
        };
        let last = match wanted.status {
            "inactive" => format!("NOT ({on})"),
            "expired" => {
                expired("");
                on.to_owned()
            }
            "limit-reached" => {
                expired("NOT");
                format!("{on} AND {used_up}")
            }
            "active" => {
                expired("NOT");
                format!("{on} AND NOT {used_up}")
            }
            _ => "TRUE".to_owned(),
        };
        query.push(" AND ").push(last).push(" ORDER BY id DESC LIMIT ").push_bind(wanted.limit);
        query.build_query_as().fetch_all(conn).await
    })
}

pub async fn by_id(tx: &mut Tx, id: CodeId) -> sqlx::Result<Option<FullCode>> {
    on!(tx, conn => sqlx::QueryBuilder::new(SELECT)
        .push(" AND id = ")
        .push_bind(id)
        .build_query_as()
        .fetch_optional(conn).await)
}

pub async fn by_code(tx: &mut Tx, code: &Code) -> sqlx::Result<Option<FullCode>> {
    on!(tx, conn => sqlx::QueryBuilder::new(SELECT)
        .push(" AND code = ")
        .push_bind(code.as_str().to_owned())
        .build_query_as()
        .fetch_optional(conn).await)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{codes, db_test, users},
        *,
    };
    use crate::domain::{account::NewAccount, code::CodeStatus};

    async fn campaign(tx: &mut Tx, text: &str, active: bool, max_uses: i64, end: Option<Time>) -> sqlx::Result<CodeId> {
        let code = Code::parse(text).expect("a code");
        let new = codes::NewCampaign {
            code: &code,
            description: "d",
            category: Some("x"),
            active,
            max_uses: Some(max_uses),
            expires_at: end,
            beneficiary: None,
            created_by: None,
            created_at: Time(0),
        };
        Ok(codes::insert_campaign(tx, &new).await?.expect("a free code"))
    }

    fn wanted() -> Wanted<'static> {
        Wanted { kind: "", status: "", category: "", job: None, before: CodeId(i64::MAX), limit: 10, now: Time(50) }
    }

    fn names(page: Vec<FullCode>) -> Vec<String> {
        page.into_iter().map(|code| code.code).collect()
    }

    db_test!(codes_are_listed_by_kind_status_and_category, |db| {
        let mut tx = db.begin().await?;
        let ann = NewAccount::parse("ann@example.com", "ann", "tr4m-line-7").expect("an account");
        let new = users::NewUser {
            email: &ann.email,
            username: &ann.username,
            password_hash: None,
            admin: false,
            goal: 10,
            consent_at: None,
            created_at: Time(0),
        };
        let ann = users::insert(&mut tx, &new).await?.expect("Ann");
        codes::insert_personal(&mut tx, ann, &Code::parse("PERSONAL").expect("a code"), Time(0)).await?;
        campaign(&mut tx, "GOOD", true, 5, Some(Time(100))).await?;
        campaign(&mut tx, "OFF", false, 5, None).await?;
        campaign(&mut tx, "OLD", true, 5, Some(Time(50))).await?;
        let full = campaign(&mut tx, "FULL", true, 1, None).await?;
        codes::claim(&mut tx, full, Time(1)).await?;
        assert_eq!(names(page(&mut tx, &wanted()).await?), ["FULL", "OLD", "OFF", "GOOD", "PERSONAL"]);
        for (status, expected) in
            [("active", "GOOD"), ("inactive", "OFF"), ("expired", "OLD"), ("limit-reached", "FULL")]
        {
            let found = page(&mut tx, &Wanted { status, kind: "campaign", ..wanted() }).await?;
            assert_eq!(names(found), [expected], "{status}");
        }
        let personal = page(&mut tx, &Wanted { kind: "personal", ..wanted() }).await?;
        assert_eq!((personal.len(), personal[0].beneficiary_id), (1, Some(ann)));
        assert_eq!(page(&mut tx, &Wanted { category: "x", ..wanted() }).await?.len(), 4);
        assert_eq!(names(page(&mut tx, &Wanted { before: full, limit: 1, ..wanted() }).await?), ["OLD"]);
        tx.commit().await
    });

    db_test!(a_code_is_found_by_id_and_by_text, |db| {
        let mut tx = db.begin().await?;
        let id = campaign(&mut tx, "GOOD", true, 5, None).await?;
        let found = by_code(&mut tx, &Code::parse("good").expect("a code")).await?.expect("a code");
        assert_eq!((found.id, found.limits().status(Time(0))), (id, CodeStatus::Active));
        assert_eq!(by_id(&mut tx, id).await?.map(|code| code.code).as_deref(), Some("GOOD"));
        assert!(by_id(&mut tx, CodeId(999)).await?.is_none());
        tx.commit().await
    });
}

//! Users, as admins see and change them; and the numbers of the whole program.

use super::{Tx, on};
use crate::domain::{
    ids::UserId,
    time::{DAY, Time},
};

/// A user with what a list shows.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Person {
    pub id: UserId,
    pub email: String,
    pub username: String,
    pub role: String,
    pub disabled_at: Option<Time>,
    pub code: Option<String>,
    pub referred_by: Option<String>,
    pub referral_goal: i64,
    pub signups: i64,
    pub clicks: i64,
    pub created_at: Time,
}

/// Up to `limit` users before the id `before`, newest first, whose e-mail or username begins with `q` (in lower case).
pub async fn page(tx: &mut Tx, q: &str, before: i64, limit: i64) -> sqlx::Result<Vec<Person>> {
    on!(tx, conn => {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT u.id, u.email, u.username, u.role, u.disabled_at, u.referral_goal, u.created_at,
                    (SELECT code FROM codes WHERE owner_id = u.id) AS code,
                    (SELECT username FROM users r WHERE r.id = u.referred_by) AS referred_by,
                    CAST(COALESCE((SELECT SUM(signups) FROM codes WHERE owner_id = u.id OR beneficiary_id = u.id), 0) AS BIGINT) AS signups,
                    CAST(COALESCE((SELECT SUM(clicks) FROM codes WHERE owner_id = u.id OR beneficiary_id = u.id), 0) AS BIGINT) AS clicks
             FROM users u
             WHERE u.id < ");
        query.push_bind(before);
        if !q.is_empty() {
            let end = format!("{q}\u{10ffff}");
            query.push(" AND ((u.email >= ").push_bind(q.to_owned()).push(" AND u.email < ").push_bind(end.clone());
            query.push(") OR (u.username_key >= ").push_bind(q.to_owned()).push(" AND u.username_key < ").push_bind(end).push("))");
        }
        query.push(" ORDER BY u.id DESC LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })
}

pub async fn by_id(tx: &mut Tx, id: UserId) -> sqlx::Result<Option<Person>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT u.id, u.email, u.username, u.role, u.disabled_at, u.referral_goal, u.created_at,
                (SELECT code FROM codes WHERE owner_id = u.id) AS code,
                (SELECT username FROM users r WHERE r.id = u.referred_by) AS referred_by,
                CAST(COALESCE((SELECT SUM(signups) FROM codes WHERE owner_id = u.id OR beneficiary_id = u.id), 0) AS BIGINT) AS signups,
                CAST(COALESCE((SELECT SUM(clicks) FROM codes WHERE owner_id = u.id OR beneficiary_id = u.id), 0) AS BIGINT) AS clicks
         FROM users u
         WHERE u.id = $1")
        .bind(id)
        .fetch_optional(conn).await)
}

/// Sets what an admin may change of a user.
pub async fn update(tx: &mut Tx, id: UserId, goal: i64, admin: bool, disabled_at: Option<Time>) -> sqlx::Result<()> {
    on!(tx, conn => sqlx::query("UPDATE users SET referral_goal = $2, role = $3, disabled_at = $4 WHERE id = $1")
        .bind(id)
        .bind(goal)
        .bind(if admin { "admin" } else { "user" })
        .bind(disabled_at)
        .execute(conn).await.map(|_| ()))
}

/// Whom a user brought, the latest first: name (empty when gone) and when.
pub async fn brought_by(tx: &mut Tx, id: UserId, limit: i64) -> sqlx::Result<Vec<(String, Time)>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT referee_name, signed_up_at
         FROM referrals
         WHERE referrer_id = $1
         ORDER BY signed_up_at DESC, id DESC
         LIMIT $2")
        .bind(id)
        .bind(limit)
        .fetch_all(conn).await)
}

/// The whole system in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Totals {
    pub total_codes: i64,
    pub active_codes: i64,
    pub total_usage: i64,
    pub codes_with_usage: i64,
    pub users: i64,
}

/// Counts codes and users; sums their counters.
pub async fn totals(tx: &mut Tx, now: Time) -> sqlx::Result<Totals> {
    on!(tx, conn => sqlx::query_as(
        "SELECT COUNT(*) AS total_codes,
                CAST(COALESCE(SUM(CASE WHEN active
                                        AND (kind = 'campaign' OR owner_id IS NOT NULL)
                                        AND (expires_at IS NULL OR expires_at > $1)
                                        AND (max_uses IS NULL OR uses < max_uses)
                                       THEN 1 ELSE 0 END), 0) AS BIGINT) AS active_codes,
                CAST(COALESCE(SUM(uses), 0) AS BIGINT) AS total_usage,
                CAST(COALESCE(SUM(CASE WHEN uses > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS codes_with_usage,
                (SELECT COUNT(*) FROM users) AS users
         FROM codes
         WHERE deleted_at IS NULL")
        .bind(now)
        .fetch_one(conn).await)
}

/// A period of the whole system in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Period {
    pub new_codes: i64,
    pub new_users: i64,
    pub codes_with_usage: i64,
    pub clicks: i64,
    pub unique_clicks: i64,
    pub signups: i64,
    pub conversions: i64,
    pub revenue: i64,
}

/// What happened since the beginning of a day.
pub async fn period(tx: &mut Tx, from_day: i64) -> sqlx::Result<Period> {
    on!(tx, conn => sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM codes WHERE created_at >= $2 AND deleted_at IS NULL) AS new_codes,
                (SELECT COUNT(*) FROM users WHERE created_at >= $2) AS new_users,
                (SELECT COUNT(DISTINCT code_id) FROM referrals WHERE signed_up_at >= $2) AS codes_with_usage,
                CAST(COALESCE(SUM(clicks), 0) AS BIGINT) AS clicks,
                CAST(COALESCE(SUM(unique_clicks), 0) AS BIGINT) AS unique_clicks,
                CAST(COALESCE(SUM(signups), 0) AS BIGINT) AS signups,
                CAST(COALESCE(SUM(conversions), 0) AS BIGINT) AS conversions,
                CAST(COALESCE(SUM(revenue), 0) AS BIGINT) AS revenue
         FROM program_hours
         WHERE hour >= $1")
        .bind(from_day * 24)
        .bind(from_day * DAY)
        .fetch_one(conn).await)
}

/// Clicks and sign-ups of the program by day: day number, clicks, sign-ups. Empty days are left out.
pub async fn days(tx: &mut Tx, from_day: i64) -> sqlx::Result<Vec<(i64, i64, i64)>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT hour / 24,
                CAST(SUM(clicks) AS BIGINT),
                CAST(SUM(signups) AS BIGINT)
         FROM program_hours
         WHERE hour >= $1
         GROUP BY hour / 24
         ORDER BY hour / 24")
        .bind(from_day * 24)
        .fetch_all(conn).await)
}

/// The codes with most sign-ups since a day: code, clicks, sign-ups.
pub async fn top_codes(tx: &mut Tx, from_day: i64, limit: i64) -> sqlx::Result<Vec<(String, i64, i64)>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT c.code, t.clicks, t.signups
         FROM (SELECT code_id,
                      CAST(SUM(clicks) AS BIGINT) AS clicks,
                      CAST(SUM(signups) AS BIGINT) AS signups
               FROM code_days
               WHERE day >= $1
               GROUP BY code_id
               ORDER BY 3 DESC, 2 DESC
               LIMIT $2) t
         JOIN codes c ON c.id = t.code_id
         ORDER BY t.signups DESC, t.clicks DESC, c.code")
        .bind(from_day)
        .bind(limit)
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{codes, counters, db_test, users},
        *,
    };
    use crate::domain::{account::NewAccount, code::Code};

    async fn user(tx: &mut Tx, name: &str) -> sqlx::Result<UserId> {
        let account = NewAccount::parse(&format!("{name}@example.com"), name, "tr4m-line-7").expect("an account");
        let new = users::NewUser {
            email: &account.email,
            username: &account.username,
            password_hash: None,
            admin: false,
            goal: 10,
            consent_at: None,
            created_at: Time(0),
        };
        Ok(users::insert(tx, &new).await?.expect("a user"))
    }

    db_test!(users_are_found_by_how_they_begin, |db| {
        let mut tx = db.begin().await?;
        let ann = user(&mut tx, "ann").await?;
        user(&mut tx, "bob").await?;
        user(&mut tx, "anton").await?;
        let names = |rows: Vec<Person>| rows.into_iter().map(|p| p.username).collect::<Vec<_>>();
        assert_eq!(names(page(&mut tx, "", i64::MAX, 10).await?), ["anton", "bob", "ann"]);
        assert_eq!(names(page(&mut tx, "an", i64::MAX, 10).await?), ["anton", "ann"]);
        assert_eq!(names(page(&mut tx, "", i64::MAX, 1).await?), ["anton"]);
        update(&mut tx, ann, 3, true, Some(Time(4))).await?;
        let changed = by_id(&mut tx, ann).await?.expect("Ann");
        assert_eq!((changed.referral_goal, changed.role.as_str(), changed.disabled_at), (3, "admin", Some(Time(4))));
        tx.commit().await
    });

    db_test!(totals_count_what_there_is, |db| {
        let mut tx = db.begin().await?;
        let ann = user(&mut tx, "ann").await?;
        let id = codes::insert_personal(&mut tx, ann, &Code::random(&[1; 8]), Time(0)).await?.expect("a code");
        let code = Code::random(&[2; 8]);
        let new = codes::NewCampaign {
            code: &code,
            description: "",
            category: None,
            active: false,
            max_uses: Some(1),
            expires_at: None,
            beneficiary: None,
            created_by: None,
            created_at: Time(0),
        };
        codes::insert_campaign(&mut tx, &new).await?;
        codes::claim(&mut tx, id, Time(5)).await?;
        counters::add_signup(&mut tx, id, Time(5)).await?;
        let expected = Totals { total_codes: 2, active_codes: 1, total_usage: 1, codes_with_usage: 1, users: 1 };
        assert_eq!(totals(&mut tx, Time(9)).await?, expected);
        let recent = period(&mut tx, 0).await?;
        assert_eq!((recent.new_codes, recent.new_users, recent.signups, recent.codes_with_usage), (2, 1, 1, 0));
        assert_eq!((period(&mut tx, 1).await?.new_codes, period(&mut tx, 1).await?.signups), (0, 0));
        assert_eq!(days(&mut tx, 0).await?, [(0, 0, 1)]);
        assert_eq!(top_codes(&mut tx, 0, 5).await?, [(Code::random(&[1; 8]).to_string(), 0, 1)]);
        assert!(brought_by(&mut tx, ann, 5).await?.is_empty());
        tx.commit().await
    });
}

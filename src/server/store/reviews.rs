//! Reviews of referrals: what looked wrong, and what was decided.

use crate::{
    domain::{
        cursor::Cursor,
        ids::{CodeId, UserId},
        reviews::{Decision, origin::Origin, sign::Sign},
        time::Time,
    },
    server::store::{
        db::{Tx, with_conn},
        export::Row,
        json::json,
    },
};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, QueryBuilder};

/// A review as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromRow)]
#[serde(deny_unknown_fields)]
pub struct ReviewRecord {
    pub referee_id: UserId,
    pub referrer_id: Option<UserId>,
    pub code_id: CodeId,
    /// JSON as text.
    pub signs: String,
    pub network: Option<String>,
    pub user_agent: Option<String>,
    pub opened_at: Time,
    pub decision: Option<Decision>,
    pub reason: Option<String>,
    pub decided_by: Option<UserId>,
    pub decided_at: Option<Time>,
    /// When the decision took effect.
    pub closed_at: Option<Time>,
}

impl ReviewRecord {
    /// What looked wrong.
    pub fn signs(&self) -> Vec<Sign> {
        serde_json::from_str(&self.signs).unwrap_or_default()
    }
}

impl Row for ReviewRecord {
    type Key = i64;

    const TYPE: &'static str = "review";
    const TABLE: &'static str = "reviews";
    const COUNT: &'static str = "SELECT COUNT(*) FROM reviews";
    const PAGE: &'static str =
        "SELECT referee_id, referrer_id, code_id, signs, network, user_agent, opened_at, decision, reason, decided_by,
                decided_at, closed_at
         FROM reviews
         WHERE referee_id > $1
         ORDER BY referee_id
         LIMIT $2";

    fn key(&self) -> Self::Key {
        self.referee_id.0
    }
}

/// What a review begins with.
pub struct NewReview<'a> {
    pub referee: UserId,
    pub referrer: Option<UserId>,
    pub code: CodeId,
    pub signs: &'a [Sign],
    pub origin: Option<&'a Origin>,
    pub at: Time,
}

/// Opens a review.
pub async fn insert(tx: &mut Tx, new: &NewReview<'_>) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query(
        "INSERT INTO reviews (referee_id, referrer_id, code_id, signs, network, user_agent, opened_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT DO NOTHING")
        .bind(new.referee)
        .bind(new.referrer)
        .bind(new.code)
        .bind(json(new.signs))
        .bind(new.origin.map(|origin| origin.network.as_str()))
        .bind(new.origin.map(|origin| origin.user_agent.as_str()))
        .bind(new.at)
        .execute(conn).await.map(|_| ()))
}

/// What an admin says of reviews.
pub struct NewDecision<'a> {
    pub decision: Decision,
    pub reason: Option<&'a str>,
    pub by: Option<UserId>,
    pub at: Time,
}

/// Keeps a decision about the reviews of these referees, as far as they wait for one; who they are.
pub async fn decide(tx: &mut Tx, referees: &[UserId], new: &NewDecision<'_>) -> sqlx::Result<Vec<UserId>> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new("UPDATE reviews SET decision = ")
        .push_bind(new.decision)
        .push(", reason = ")
        .push_bind(new.reason)
        .push(", decided_by = ")
        .push_bind(new.by)
        .push(", decided_at = ")
        .push_bind(new.at)
        .push(" WHERE closed_at IS NULL AND decided_at IS NULL AND referee_id IN ")
        .push(before)
        .push_bind(json(referees))
        .push(after)
        .push(" RETURNING referee_id")
        .build_query_scalar()
        .fetch_all(conn).await)
}

/// Takes decisions back that have not taken effect; whose reviews wait again.
pub async fn take_back(tx: &mut Tx, referees: &[UserId]) -> sqlx::Result<Vec<UserId>> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new(
        "UPDATE reviews SET decision = NULL, reason = NULL, decided_by = NULL, decided_at = NULL
         WHERE closed_at IS NULL AND decided_at IS NOT NULL AND referee_id IN ")
        .push(before)
        .push_bind(json(referees))
        .push(after)
        .push(" RETURNING referee_id")
        .build_query_scalar()
        .fetch_all(conn).await)
}

/// Whose reviews were decided at `until` or before, and are open still.
pub async fn decided(tx: &mut Tx, until: Time, limit: i64) -> sqlx::Result<Vec<UserId>> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT referee_id FROM reviews
         WHERE closed_at IS NULL AND decided_at <= $1
         ORDER BY decided_at
         LIMIT $2")
        .bind(until)
        .bind(limit)
        .fetch_all(conn).await)
}

/// Closes an open review whose decision is this old, if there is one, and reads it.
pub async fn close_decided(tx: &mut Tx, referee: UserId, until: Time, now: Time) -> sqlx::Result<Option<ReviewRecord>> {
    with_conn!(tx, conn => sqlx::query_as(
        "UPDATE reviews SET closed_at = $3
         WHERE referee_id = $1 AND closed_at IS NULL AND decided_at <= $2
         RETURNING referee_id, referrer_id, code_id, signs, network, user_agent, opened_at, decision, reason, decided_by,
                   decided_at, closed_at")
        .bind(referee)
        .bind(until)
        .bind(now)
        .fetch_optional(conn).await)
}

/// Closes an open review because another code is credited now, whatever was decided.
pub async fn close_corrected(
    tx: &mut Tx,
    referee: UserId,
    reason: &str,
    by: Option<UserId>,
    now: Time,
) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE reviews SET decision = 'corrected', reason = $2, decided_by = $3, decided_at = $4, closed_at = $4
         WHERE referee_id = $1 AND closed_at IS NULL")
        .bind(referee)
        .bind(reason)
        .bind(by)
        .bind(now)
        .execute(conn).await.map(|_| ()))
}

/// The referees of all reviews of this referrer that wait for a decision, at most `limit`.
pub async fn waiting_of_referrer(tx: &mut Tx, referrer: UserId, limit: i64) -> sqlx::Result<Vec<UserId>> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT referee_id FROM reviews
         WHERE referrer_id = $1 AND closed_at IS NULL AND decided_at IS NULL
         ORDER BY referee_id
         LIMIT $2")
        .bind(referrer)
        .bind(limit)
        .fetch_all(conn).await)
}

/// How many reviews wait for a decision, counted up to `most`.
pub async fn count_waiting(tx: &mut Tx, most: i64) -> sqlx::Result<i64> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT COUNT(*) FROM (SELECT 1 FROM reviews WHERE closed_at IS NULL AND decided_at IS NULL LIMIT $1) r")
        .bind(most)
        .fetch_one(conn).await)
}

/// Forgets where somebody signed up from.
pub async fn forget(tx: &mut Tx, referee: UserId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE reviews SET network = NULL, user_agent = NULL WHERE referee_id = $1")
        .bind(referee)
        .execute(conn).await.map(|_| ()))
}

/// A review beside the names of those it is about.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ListedReview {
    #[sqlx(flatten)]
    pub review: ReviewRecord,
    pub code: String,
    /// Empty when the account is gone.
    pub referee: String,
    pub referee_email: String,
    pub referee_joined_at: Option<Time>,
    /// Empty when there is none, or the account is gone.
    pub referrer: String,
    pub referrer_email: String,
    pub referrer_joined_at: Option<Time>,
    /// Who decided, by name; empty where nobody did, or the account is gone.
    pub decider: String,
}

const SELECT: &str =
    "SELECT v.referee_id, v.referrer_id, v.code_id, v.signs, v.network, v.user_agent, v.opened_at, v.decision, v.reason,
       v.decided_by, v.decided_at, v.closed_at, c.code,
       COALESCE(f.username, '') AS referee, COALESCE(f.email, '') AS referee_email, f.created_at AS referee_joined_at,
       COALESCE(b.username, '') AS referrer, COALESCE(b.email, '') AS referrer_email,
       b.created_at AS referrer_joined_at, COALESCE(d.username, '') AS decider
FROM reviews v
JOIN codes c ON c.id = v.code_id
LEFT JOIN users f ON f.id = v.referee_id
LEFT JOIN users b ON b.id = v.referrer_id
LEFT JOIN users d ON d.id = v.decided_by ";

impl ListedReview {
    /// Where the page after this row begins.
    pub fn cursor(&self) -> Cursor {
        let at = self.review.closed_at.unwrap_or(self.review.opened_at);
        Cursor::of_number(at.0, self.review.referee_id.0)
    }
}

/// Open reviews, the oldest first.
pub async fn open(tx: &mut Tx, after: Option<&Cursor>, limit: i64) -> sqlx::Result<Vec<ListedReview>> {
    with_conn!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("WHERE v.closed_at IS NULL");
        if let Some((at, id)) = after.and_then(|after| Some((after.number()?, after.id))) {
            query.push(" AND (v.opened_at, v.referee_id) > (").push_bind(at).push(", ").push_bind(id).push(")");
        }
        query.push(" ORDER BY v.opened_at, v.referee_id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })
}

/// Closed reviews, the latest first.
pub async fn closed(tx: &mut Tx, after: Option<&Cursor>, limit: i64) -> sqlx::Result<Vec<ListedReview>> {
    with_conn!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("WHERE v.closed_at IS NOT NULL");
        if let Some((at, id)) = after.and_then(|after| Some((after.number()?, after.id))) {
            query.push(" AND (v.closed_at, v.referee_id) < (").push_bind(at).push(", ").push_bind(id).push(")");
        }
        query.push(" ORDER BY v.closed_at DESC, v.referee_id DESC LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })
}

/// The review of this referee's referral, if there is one.
pub async fn of_referee(tx: &mut Tx, referee: UserId) -> sqlx::Result<Option<ListedReview>> {
    with_conn!(tx, conn => QueryBuilder::new(SELECT)
        .push("WHERE v.referee_id = ")
        .push_bind(referee)
        .build_query_as()
        .fetch_optional(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::{
        db_test,
        fixtures::{self, user},
        users,
    };

    db_test!(a_decision_can_be_taken_back_until_it_takes_effect, |db| {
        let mut tx = db.begin().await?;
        let ann = user(&mut tx, "ann").await?;
        let code = fixtures::personal(&mut tx, ann, "ANN-1").await?;
        let origin = Origin { network: "203.0.113.0/24".into(), user_agent: "Firefox".into() };
        let [bob, carl, dora] = [7, 8, 9].map(UserId);
        for (n, referee) in [bob, carl, dora].into_iter().enumerate() {
            let (referrer, origin) = (Some(ann), Some(&origin));
            let at = Time(n as i64);
            insert(&mut tx, &NewReview { referee, referrer, code, signs: &[Sign::PaidAd], origin, at }).await?;
        }
        assert_eq!(count_waiting(&mut tx, 2).await?, 2);
        assert_eq!(waiting_of_referrer(&mut tx, ann, 9).await?, [bob, carl, dora]);
        let new = NewDecision { decision: Decision::Approved, reason: None, by: Some(ann), at: Time(20) };
        assert_eq!(decide(&mut tx, &[bob, carl], &new).await?, [bob, carl]);
        assert_eq!(decide(&mut tx, &[bob], &new).await?, []);
        assert_eq!(take_back(&mut tx, &[carl]).await?, [carl]);
        assert_eq!(decided(&mut tx, Time(19), 9).await?, []);
        assert_eq!(decided(&mut tx, Time(20), 9).await?, [bob]);
        assert_eq!(close_decided(&mut tx, carl, Time(30), Time(30)).await?, None);
        let closed_review = close_decided(&mut tx, bob, Time(20), Time(30)).await?.expect("a review");
        assert_eq!((closed_review.decision, closed_review.signs()), (Some(Decision::Approved), vec![Sign::PaidAd]));
        assert_eq!(close_decided(&mut tx, bob, Time(20), Time(31)).await?, None);
        assert_eq!(take_back(&mut tx, &[bob]).await?, []);
        close_corrected(&mut tx, carl, "Typed the code", None, Time(40)).await?;
        assert_eq!(waiting_of_referrer(&mut tx, ann, 9).await?, [dora]);
        let referees = |page: Vec<ListedReview>| page.into_iter().map(|row| row.review.referee_id).collect::<Vec<_>>();
        let first = closed(&mut tx, None, 1).await?;
        let after = first[0].cursor();
        assert_eq!((first[0].referrer.as_str(), first[0].code.as_str()), ("ann", "ANN-1"));
        assert_eq!((referees(first), referees(closed(&mut tx, Some(&after), 9).await?)), (vec![carl], vec![bob]));
        tx.commit().await
    });

    db_test!(open_reviews_are_paged_and_outlive_those_they_are_about, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (user(&mut tx, "ann").await?, user(&mut tx, "bob").await?);
        let code = fixtures::Campaign::default().insert(&mut tx, "SPRING").await?;
        let origin = Origin { network: "203.0.113.0/24".into(), user_agent: "Firefox".into() };
        for referee in [bob, UserId(77)] {
            let (referrer, origin, at) = (Some(ann), Some(&origin), Time(5));
            insert(&mut tx, &NewReview { referee, referrer, code, signs: &[], origin, at }).await?;
        }
        let first = open(&mut tx, None, 1).await?;
        assert_eq!((first[0].referee.as_str(), first[0].referrer.as_str()), ("bob", "ann"));
        let rest = open(&mut tx, Some(&first[0].cursor()), 9).await?;
        assert_eq!((rest.len(), rest[0].review.referee_id), (1, UserId(77)));
        forget(&mut tx, bob).await?;
        users::delete(&mut tx, bob).await?;
        users::delete(&mut tx, ann).await?;
        let left = of_referee(&mut tx, bob).await?.expect("a review");
        assert_eq!((left.referee.as_str(), left.review.network.as_deref(), left.referrer_joined_at), ("", None, None));
        tx.commit().await
    });
}

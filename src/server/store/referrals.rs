//! Referrals: who brought whom. Plain numbers and names, so that history outlives deleted accounts.

use crate::{
    domain::{
        cursor::Cursor,
        ids::{ClickId, CodeId, UserId},
        time::Time,
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
    view_models::referrals::Referral,
};
use sqlx::QueryBuilder;

/// A referral as a sign-up makes it.
pub struct NewReferral<'a> {
    pub referee: UserId,
    pub referee_name: &'a str,
    pub code: CodeId,
    pub referrer: Option<UserId>,
    pub click: Option<ClickId>,
    pub signed_up_at: Time,
}

/// Keeps a referral with the names of both; whether there was none of this referee yet.
pub async fn insert(tx: &mut Tx, new: &NewReferral<'_>) -> sqlx::Result<bool> {
    with_conn!(tx, conn => sqlx::query(
        "INSERT INTO referrals (referee_id, referee_name, code_id, referrer_id, referrer_name, click_id, signed_up_at)
         VALUES ($1, $2, $3, $4, (SELECT username FROM users WHERE id = $4), $5, $6)
         ON CONFLICT DO NOTHING")
        .bind(new.referee)
        .bind(new.referee_name)
        .bind(new.code)
        .bind(new.referrer)
        .bind(new.click)
        .bind(new.signed_up_at)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// A referral as corrections and payments need it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ReferralRecord {
    pub id: i64,
    pub referee_id: UserId,
    pub code_id: CodeId,
    pub referrer_id: Option<UserId>,
    pub signed_up_at: Time,
    /// When the referee first paid what counts.
    pub converted_at: Option<Time>,
    /// Since when this code is credited, where an admin has said so.
    pub corrected_at: Option<Time>,
    /// Whether it looks wrong, and no admin has decided about it.
    pub in_review: bool,
}

/// Whether the referral `r` is in review.
macro_rules! in_review {
    () => {
        "EXISTS (SELECT * FROM reviews v WHERE v.referee_id = r.referee_id AND v.closed_at IS NULL) AS in_review"
    };
}

/// The referrals of these referees, as far as there are any.
pub async fn records(tx: &mut Tx, referees: &[UserId]) -> sqlx::Result<Vec<ReferralRecord>> {
    select_records(tx, referees, "").await
}

/// The same, held until the end of the transaction.
pub async fn lock(tx: &mut Tx, referees: &[UserId]) -> sqlx::Result<Vec<ReferralRecord>> {
    let lock = tx.dialect("", " FOR UPDATE");
    select_records(tx, referees, lock).await
}

async fn select_records(tx: &mut Tx, referees: &[UserId], lock: &'static str) -> sqlx::Result<Vec<ReferralRecord>> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new(
        concat!(
            "SELECT r.id, r.referee_id, r.code_id, r.referrer_id, r.signed_up_at, r.converted_at, r.corrected_at, ",
            in_review!(),
            " FROM referrals r WHERE r.referee_id IN "
        ))
        .push(before)
        .push_bind(json(referees))
        .push(after)
        .push(" ORDER BY r.referee_id")
        .push(lock)
        .build_query_as()
        .fetch_all(conn).await)
}

/// Keeps when each of these referees first paid what counts, or that they have not.
pub async fn set_converted(tx: &mut Tx, converted: &[(UserId, Option<Time>)]) -> sqlx::Result<()> {
    if converted.is_empty() {
        return Ok(());
    }
    let sql = tx.dialect(
        "UPDATE referrals SET converted_at = v.value ->> 1, version = version + 1
         FROM json_each($1) v
         WHERE referrals.referee_id = v.value ->> 0",
        "UPDATE referrals r SET converted_at = (v ->> 1)::bigint, version = r.version + 1
         FROM json_array_elements($1::json) v
         WHERE r.referee_id = (v ->> 0)::bigint",
    );
    with_conn!(tx, conn => sqlx::query(sql).bind(json(converted)).execute(conn).await.map(|_| ()))
}

/// Which of these clicks have led to a sign-up already.
pub async fn used_clicks(tx: &mut Tx, clicks: &[ClickId]) -> sqlx::Result<Vec<ClickId>> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new("SELECT click_id FROM referrals WHERE click_id IN ")
        .push(before)
        .push_bind(json(clicks))
        .push(after)
        .build_query_scalar()
        .fetch_all(conn).await)
}

/// Credits another code for a referral that is there, as if the referee had not paid yet.
pub async fn move_to(
    tx: &mut Tx,
    referee: UserId,
    code: CodeId,
    referrer: Option<UserId>,
    now: Time,
) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query(
        "UPDATE referrals
         SET code_id = $2, referrer_id = $3, referrer_name = (SELECT username FROM users WHERE id = $3), click_id = NULL,
             converted_at = NULL, corrected_at = $4, version = version + 1
         WHERE referee_id = $1")
        .bind(referee)
        .bind(code)
        .bind(referrer)
        .bind(now)
        .execute(conn).await.map(|_| ()))
}

/// Keeps since when the code of a referral is credited.
pub async fn set_corrected(tx: &mut Tx, referee: UserId, now: Time) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE referrals SET corrected_at = $2 WHERE referee_id = $1")
        .bind(referee)
        .bind(now)
        .execute(conn).await.map(|_| ()))
}

/// Takes a referral away that should never have been one.
pub async fn delete(tx: &mut Tx, referee: UserId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("DELETE FROM referrals WHERE referee_id = $1")
        .bind(referee)
        .execute(conn).await.map(|_| ()))
}

/// Who brought this user: the referrer's id and name, also when that account is gone.
pub async fn referrer_of(tx: &mut Tx, referee: UserId) -> sqlx::Result<Option<(Option<UserId>, Option<String>)>> {
    with_conn!(tx, conn => sqlx::query_as("SELECT referrer_id, referrer_name FROM referrals WHERE referee_id = $1")
        .bind(referee)
        .fetch_optional(conn).await)
}

/// The end of a list of referrals: those after a place in it, the latest first.
macro_rules! after_cursor {
    ($query:ident, $after:expr, $limit:expr) => {
        if let Some((signed_up_at, id)) = $after.and_then(|after: &Cursor| Some((after.number()?, after.id))) {
            $query.push(" AND (r.signed_up_at, r.id) < (").push_bind(signed_up_at).push(", ").push_bind(id).push(")");
        }
        $query.push(" ORDER BY r.signed_up_at DESC, r.id DESC LIMIT ").push_bind($limit);
    };
}

const SELECT: &str = concat!(
    "SELECT r.id, r.referee_id, r.referee_name, u.email AS referee_email, u.external_id, r.code_id, c.code,
       r.referrer_id, r.click_id, r.signed_up_at, r.converted_at, r.version, ",
    in_review!(),
    " FROM referrals r
JOIN codes c ON c.id = r.code_id
LEFT JOIN users u ON u.id = r.referee_id "
);

/// The referral of this referee, if there is one.
pub async fn of_referee(tx: &mut Tx, referee: UserId) -> sqlx::Result<Option<Referral>> {
    Ok(of_referees(tx, &[referee]).await?.pop())
}

/// The referrals of these referees, as far as there are any.
pub async fn of_referees(tx: &mut Tx, referees: &[UserId]) -> sqlx::Result<Vec<Referral>> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new(SELECT)
        .push("WHERE r.referee_id IN ")
        .push(before)
        .push_bind(json(referees))
        .push(after)
        .push(" ORDER BY r.id")
        .build_query_as()
        .fetch_all(conn).await)
}

/// Who used a code, the latest first: everybody, or whether this user did.
pub async fn of_code(
    tx: &mut Tx,
    code: CodeId,
    user: Option<UserId>,
    after: Option<&Cursor>,
    limit: i64,
) -> sqlx::Result<Vec<Referral>> {
    with_conn!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("WHERE r.code_id = ").push_bind(code);
        if let Some(user) = user {
            query.push(" AND r.referee_id = ").push_bind(user);
        }
        after_cursor!(query, after, limit);
        query.build_query_as().fetch_all(conn).await
    })
}

/// Whom somebody brought, the latest first.
pub async fn of_referrer(
    tx: &mut Tx,
    referrer: UserId,
    after: Option<&Cursor>,
    limit: i64,
) -> sqlx::Result<Vec<Referral>> {
    with_conn!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("WHERE r.referrer_id = ").push_bind(referrer);
        after_cursor!(query, after, limit);
        query.build_query_as().fetch_all(conn).await
    })
}

/// Notes that something else that the API shows with the referral of this referee has changed.
pub async fn bump_version(tx: &mut Tx, referee: UserId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE referrals SET version = version + 1 WHERE referee_id = $1")
        .bind(referee)
        .execute(conn).await.map(|_| ()))
}

/// Takes the name of a referee who is gone out of the history; that there was one stays.
pub async fn forget_referee(tx: &mut Tx, referee: UserId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE referrals SET referee_name = '', version = version + 1 WHERE referee_id = $1")
        .bind(referee)
        .execute(conn).await.map(|_| ()))
}

/// Takes the names of somebody who is to be forgotten out of all referrals; the numbers stay.
pub async fn forget(tx: &mut Tx, user: UserId) -> sqlx::Result<()> {
    forget_referee(tx, user).await?;
    with_conn!(tx, conn => sqlx::query("UPDATE referrals SET referrer_name = '' WHERE referrer_id = $1")
        .bind(user)
        .execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::{db_test, fixtures, users};

    db_test!(a_referee_has_one_referral_and_it_outlives_the_referrer, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let code = fixtures::personal(&mut tx, ann, "ANN-1").await?;
        let referral = NewReferral {
            referee: UserId(77),
            referee_name: "bob",
            code,
            referrer: Some(ann),
            click: Some(ClickId(5)),
            signed_up_at: Time(9),
        };
        assert!(insert(&mut tx, &referral).await?);
        assert!(!insert(&mut tx, &referral).await?);
        assert_eq!(used_clicks(&mut tx, &[ClickId(4), ClickId(5)]).await?, [ClickId(5)]);
        forget_referee(&mut tx, UserId(77)).await?;
        users::delete(&mut tx, ann).await?;
        assert_eq!(referrer_of(&mut tx, UserId(77)).await?, Some((Some(ann), Some("ann".into()))));
        tx.commit().await
    });

    db_test!(a_referral_is_moved_and_taken_away, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (fixtures::user(&mut tx, "ann").await?, fixtures::user(&mut tx, "bob").await?);
        let (anns, bobs) =
            (fixtures::personal(&mut tx, ann, "ANN-1").await?, fixtures::personal(&mut tx, bob, "BOB-1").await?);
        let referee = UserId(77);
        let (referrer, click) = (Some(ann), Some(ClickId(5)));
        let new = NewReferral { referee, referee_name: "eve", code: anns, referrer, click, signed_up_at: Time(9) };
        insert(&mut tx, &new).await?;
        set_converted(&mut tx, &[(referee, Some(Time(12)))]).await?;
        assert_eq!(lock(&mut tx, &[referee]).await?[0].converted_at, Some(Time(12)));
        move_to(&mut tx, referee, bobs, Some(bob), Time(20)).await?;
        let moved = of_referee(&mut tx, referee).await?.expect("a referral");
        assert_eq!((moved.code_id, moved.signed_up_at, moved.version), (bobs, Time(9), 3));
        assert_eq!(moved.converted_at, None);
        assert_eq!(referrer_of(&mut tx, referee).await?, Some((Some(bob), Some("bob".into()))));
        assert_eq!(of_referrer(&mut tx, bob, None, 9).await?[0].click_id, None);
        delete(&mut tx, referee).await?;
        assert_eq!(lock(&mut tx, &[referee]).await?, []);
        tx.commit().await
    });

    db_test!(referrals_are_paged_and_outlive_those_they_speak_of, |db| {
        let mut tx = db.begin().await?;
        let code = fixtures::Campaign::default().insert(&mut tx, "SPRING").await?;
        for n in 1..=3 {
            let referral = NewReferral {
                referee: UserId(n),
                referee_name: "bob",
                code,
                referrer: Some(UserId(9)),
                click: None,
                // Two in one millisecond.
                signed_up_at: Time(n / 2),
            };
            insert(&mut tx, &referral).await?;
        }
        let referees = |page: &[Referral]| page.iter().map(|row| row.referee_id.0).collect::<Vec<_>>();
        let first = of_code(&mut tx, code, None, None, 2).await?;
        assert_eq!(referees(&first), [3, 2]);
        assert_eq!(referees(&of_code(&mut tx, code, None, Some(&first[1].cursor()), 2).await?), [1]);
        assert_eq!(referees(&of_code(&mut tx, code, Some(UserId(2)), None, 2).await?), [2]);
        assert!(of_code(&mut tx, code, Some(UserId(7)), None, 2).await?.is_empty());
        forget(&mut tx, UserId(3)).await?;
        forget(&mut tx, UserId(9)).await?;
        let brought = of_referrer(&mut tx, UserId(9), None, 9).await?;
        assert_eq!((referees(&brought), brought[0].referee_name.as_str()), (vec![3, 2, 1], ""));
        assert_eq!(referrer_of(&mut tx, UserId(1)).await?, Some((Some(UserId(9)), Some(String::new()))));
        tx.commit().await
    });
}

//! Who brought whom. Plain numbers and names, so that history outlives deleted accounts.

use super::{Tx, on};
use crate::domain::{
    ids::{ClickId, CodeId, UserId},
    time::Time,
};

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
    on!(tx, conn => sqlx::query(
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

/// Who brought this user: the referrer's id and name, also when that account is gone.
pub async fn referrer_of(tx: &mut Tx, referee: UserId) -> sqlx::Result<Option<(Option<UserId>, Option<String>)>> {
    on!(tx, conn => sqlx::query_as("SELECT referrer_id, referrer_name FROM referrals WHERE referee_id = $1")
        .bind(referee)
        .fetch_optional(conn).await)
}

/// Takes the name of a referee who is gone out of the history; that there was one stays.
pub async fn forget_referee(tx: &mut Tx, referee: UserId) -> sqlx::Result<()> {
    on!(tx, conn => sqlx::query("UPDATE referrals SET referee_name = '' WHERE referee_id = $1")
        .bind(referee)
        .execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{db_test, fixtures, users},
        *,
    };

    db_test!(a_referee_has_one_referral_and_it_outlives_the_referrer, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let code = fixtures::personal(&mut tx, ann, "ANN-1").await?;
        let referral = NewReferral {
            referee: UserId(77),
            referee_name: "bob",
            code,
            referrer: Some(ann),
            click: None,
            signed_up_at: Time(9),
        };
        assert!(insert(&mut tx, &referral).await?);
        assert!(!insert(&mut tx, &referral).await?);
        forget_referee(&mut tx, UserId(77)).await?;
        users::delete(&mut tx, ann).await?;
        assert_eq!(referrer_of(&mut tx, UserId(77)).await?, Some((Some(ann), Some("ann".into()))));
        tx.commit().await
    });
}

//! Who used a code and whom somebody brought: pages of referrals, the latest first.

use super::{Tx, on};
use crate::domain::{
    ids::{ClickId, CodeId, UserId},
    time::Time,
};

/// The place of a referral in a list: when it began, and its id.
pub type Place = (Time, i64);

/// Before everything else.
pub const FIRST: Place = (Time(i64::MAX), i64::MAX);

/// A referral.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct History {
    pub id: i64,
    pub referee_id: UserId,
    /// Empty when the account is gone.
    pub referee_name: String,
    /// Nothing when the account is gone.
    pub referee_email: Option<String>,
    pub code_id: CodeId,
    pub code: String,
    pub referrer_id: Option<UserId>,
    pub click_id: Option<ClickId>,
    pub signed_up_at: Time,
    pub converted_at: Option<Time>,
}

impl History {
    /// Where the page after this row begins.
    pub fn place(&self) -> Place {
        (self.signed_up_at, self.id)
    }
}

/// Who used a code: everybody, or whether this user did.
pub async fn of_code(
    tx: &mut Tx,
    code: CodeId,
    user: Option<UserId>,
    after: Place,
    limit: i64,
) -> sqlx::Result<Vec<History>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT r.id, r.referee_id, r.referee_name, u.email AS referee_email, r.code_id, c.code, r.referrer_id,
                r.click_id, r.signed_up_at, r.converted_at
         FROM referrals r
         JOIN codes c ON c.id = r.code_id
         LEFT JOIN users u ON u.id = r.referee_id
         WHERE r.code_id = $1
           AND (CAST($2 AS BIGINT) IS NULL OR r.referee_id = $2)
           AND (r.signed_up_at, r.id) < ($3, $4)
         ORDER BY r.signed_up_at DESC, r.id DESC
         LIMIT $5")
        .bind(code)
        .bind(user)
        .bind(after.0)
        .bind(after.1)
        .bind(limit)
        .fetch_all(conn).await)
}

/// Whom somebody brought.
pub async fn of_referrer(tx: &mut Tx, referrer: UserId, after: Place, limit: i64) -> sqlx::Result<Vec<History>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT r.id, r.referee_id, r.referee_name, u.email AS referee_email, r.code_id, c.code, r.referrer_id,
                r.click_id, r.signed_up_at, r.converted_at
         FROM referrals r
         JOIN codes c ON c.id = r.code_id
         LEFT JOIN users u ON u.id = r.referee_id
         WHERE r.referrer_id = $1
           AND (r.signed_up_at, r.id) < ($2, $3)
         ORDER BY r.signed_up_at DESC, r.id DESC
         LIMIT $4")
        .bind(referrer)
        .bind(after.0)
        .bind(after.1)
        .bind(limit)
        .fetch_all(conn).await)
}

/// Takes the names of somebody who is to be forgotten out of all referrals; the numbers stay.
pub async fn forget(tx: &mut Tx, user: UserId) -> sqlx::Result<()> {
    on!(tx, conn => {
        sqlx::query("UPDATE referrals SET referee_name = '' WHERE referee_id = $1")
            .bind(user)
            .execute(&mut *conn).await?;
        sqlx::query("UPDATE referrals SET referrer_name = '' WHERE referrer_id = $1")
            .bind(user)
            .execute(conn).await.map(|_| ())
    })
}

#[cfg(test)]
mod tests {
    use super::{
        super::{codes, db_test, referrals},
        *,
    };
    use crate::domain::code::Code;

    db_test!(histories_are_paged_and_outlive_those_they_speak_of, |db| {
        let mut tx = db.begin().await?;
        let code = Code::random(&[1; 8]);
        let new = codes::NewCampaign {
            code: &code,
            description: "",
            category: None,
            active: true,
            max_uses: None,
            expires_at: None,
            beneficiary: None,
            created_by: None,
            created_at: Time(0),
        };
        let id = codes::insert_campaign(&mut tx, &new).await?.expect("a code");
        for n in 1..=3 {
            let referral = referrals::NewReferral {
                referee: UserId(n),
                referee_name: "bob",
                code: id,
                referrer: Some(UserId(9)),
                click: None,
                // Two in one millisecond.
                signed_up_at: Time(n / 2),
            };
            referrals::insert(&mut tx, &referral).await?;
        }
        let referees = |page: &[History]| page.iter().map(|h| h.referee_id.0).collect::<Vec<_>>();
        let first = of_code(&mut tx, id, None, FIRST, 2).await?;
        assert_eq!(referees(&first), [3, 2]);
        assert_eq!(referees(&of_code(&mut tx, id, None, first[1].place(), 2).await?), [1]);
        assert_eq!(referees(&of_code(&mut tx, id, Some(UserId(2)), FIRST, 2).await?), [2]);
        assert!(of_code(&mut tx, id, Some(UserId(7)), FIRST, 2).await?.is_empty());
        forget(&mut tx, UserId(3)).await?;
        forget(&mut tx, UserId(9)).await?;
        let brought = of_referrer(&mut tx, UserId(9), FIRST, 9).await?;
        assert_eq!((referees(&brought), brought[0].referee_name.as_str()), (vec![3, 2, 1], ""));
        assert_eq!(referrals::referrer_of(&mut tx, UserId(1)).await?, Some((Some(UserId(9)), Some(String::new()))));
        tx.commit().await
    });
}

//! Who used a code when, however many they are.

use super::{Tx, on};
use crate::domain::{ids::CodeId, time::Time};

/// One sign-up with a code; username and e-mail are empty when the account is gone.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct UsageRecord {
    /// The referral's.
    pub id: i64,
    pub username: String,
    pub email: String,
    pub signed_up_at: Time,
}

/// Up to `limit` sign-ups with a code before a time and id, the latest first: for a table to take away.
pub async fn before(tx: &mut Tx, id: CodeId, last: (Time, i64), limit: i64) -> sqlx::Result<Vec<UsageRecord>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT r.id, r.referee_name AS username, COALESCE(u.email, '') AS email, r.signed_up_at
         FROM referrals r
         LEFT JOIN users u ON u.id = r.referee_id
         WHERE r.code_id = $1
           AND (r.signed_up_at, r.id) < ($2, $3)
         ORDER BY r.signed_up_at DESC, r.id DESC
         LIMIT $4")
        .bind(id)
        .bind(last.0)
        .bind(last.1)
        .bind(limit)
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{codes, db_test, referrals},
        *,
    };
    use crate::domain::{code::Code, ids::UserId};

    db_test!(usages_follow_each_other_even_at_one_instant, |db| {
        let mut tx = db.begin().await?;
        let code = Code::parse("SPRING").expect("a code");
        let new = codes::NewCampaign {
            code: &code,
            description: "d",
            category: None,
            active: true,
            max_uses: None,
            expires_at: None,
            beneficiary: None,
            created_by: None,
            created_at: Time(0),
        };
        let id = codes::insert_campaign(&mut tx, &new).await?.expect("a free code");
        for (n, name) in ["ann", "bob", "carl"].into_iter().enumerate() {
            let referral = referrals::NewReferral {
                referee: UserId(n as i64 + 1),
                referee_name: name,
                code: id,
                referrer: None,
                click: None,
                signed_up_at: Time(if name == "ann" { 4 } else { 5 }),
            };
            referrals::insert(&mut tx, &referral).await?;
        }
        let mut names = vec![];
        let mut last = (Time(i64::MAX), i64::MAX);
        while let Some(usage) = before(&mut tx, id, last, 1).await?.pop() {
            last = (usage.signed_up_at, usage.id);
            names.push(usage.username);
        }
        assert_eq!(names, ["carl", "bob", "ann"]);
        assert!(before(&mut tx, CodeId(id.0 + 1), (Time(9), 9), 9).await?.is_empty());
        tx.commit().await
    });
}

//! The receipts of attribution decisions.

use super::{Tx, on};
use crate::domain::{
    attribution::{Receipt, Verdict},
    ids::UserId,
};

/// Keeps the receipt of a sign-up.
pub async fn insert(tx: &mut Tx, user: UserId, receipt: &Receipt) -> sqlx::Result<()> {
    let chosen = receipt.considered.iter().find(|c| c.verdict == Verdict::Chosen);
    on!(tx, conn => sqlx::query(
        "INSERT INTO attributions (user_id, code_id, referrer_id, rule, receipt, decided_at)
         VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(user)
        .bind(chosen.and_then(|c| c.code_id))
        .bind(chosen.and_then(|c| c.referrer))
        .bind(receipt.rule.as_str())
        .bind(super::json(receipt))
        .bind(receipt.decided_at)
        .execute(conn).await.map(|_| ()))
}

/// The receipt of a user's sign-up.
pub async fn of_user(tx: &mut Tx, user: UserId) -> sqlx::Result<Option<Receipt>> {
    let stored: Option<String> = on!(tx, conn => sqlx::query_scalar("SELECT receipt FROM attributions WHERE user_id = $1")
        .bind(user)
        .fetch_optional(conn).await)?;
    stored.map(|text| serde_json::from_str(&text).map_err(|e| sqlx::Error::Decode(e.into()))).transpose()
}

#[cfg(test)]
mod tests {
    use super::{super::db_test, *};
    use crate::domain::{attribution::Rule, time::Time};

    db_test!(a_receipt_comes_back_as_it_was, |db| {
        let receipt = Receipt { rule: Rule::None, decided_at: Time(3), window_days: 30, considered: vec![] };
        let mut tx = db.begin().await?;
        insert(&mut tx, UserId(1), &receipt).await?;
        assert_eq!(of_user(&mut tx, UserId(1)).await?, Some(receipt));
        assert_eq!(of_user(&mut tx, UserId(2)).await?, None);
        tx.commit().await
    });
}

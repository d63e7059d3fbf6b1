//! For whom a payment counts.

use crate::{
    domain::ids::PaymentId,
    server::store::db::{Tx, with_conn},
    view_models::conversions::ConversionCredit,
};

/// What a payment adds to, and for whom; empty for one that counts nowhere.
pub async fn of_payment(tx: &mut Tx, payment: PaymentId) -> sqlx::Result<Option<ConversionCredit>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT p.revenue, COALESCE(c.code, '') AS code,
                CASE WHEN c.kind = 'campaign' AND c.deleted_at IS NULL THEN c.id END AS campaign,
                r.referrer_id, COALESCE(u.username, '') AS referrer
         FROM payments p
         LEFT JOIN codes c ON c.id = p.code_id
         LEFT JOIN referrals r ON r.referee_id = p.user_id AND p.code_id IS NOT NULL
         LEFT JOIN users u ON u.id = r.referrer_id
         WHERE p.id = $1")
        .bind(payment)
        .fetch_optional(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::time::Time,
        server::store::{
            db_test, fixtures, payments,
            referrals::{self, NewReferral},
        },
    };

    db_test!(a_payment_says_for_whom_it_counts, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (fixtures::user(&mut tx, "ann").await?, fixtures::user(&mut tx, "bob").await?);
        let code = fixtures::Campaign::default().credits(ann).insert(&mut tx, "SPRING").await?;
        let referral = NewReferral {
            referee: bob,
            referee_name: "bob",
            code,
            referrer: Some(ann),
            click: None,
            signed_up_at: Time(1),
        };
        referrals::insert(&mut tx, &referral).await?;
        let payment = payments::insert(&mut tx, true, false, true, Time(1)).await?;
        let mut record = payments::lock(&mut tx, &[payment]).await?.remove(0);
        (record.user_id, record.amount, record.net_amount) = (Some(bob), 9, 9);
        payments::update(&mut tx, std::slice::from_ref(&record)).await?;
        let nobody = ConversionCredit::default();
        assert_eq!(of_payment(&mut tx, payment).await?, Some(nobody));
        (record.code_id, record.revenue) = (Some(code), 7);
        payments::update(&mut tx, &[record]).await?;
        let credit = ConversionCredit {
            revenue: 7,
            code: "SPRING".into(),
            campaign: Some(code),
            referrer_id: Some(ann),
            referrer: "ann".into(),
        };
        assert_eq!(of_payment(&mut tx, payment).await?, Some(credit));
        assert_eq!(of_payment(&mut tx, PaymentId(99)).await?, None);
        tx.commit().await
    });
}

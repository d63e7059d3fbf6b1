//! What the overview of admins lists besides numbers.

use crate::{
    domain::time::Time,
    server::store::db::{Tx, with_conn},
    view_models::overview::{Checklist, EndingCode, LatestReferral},
};

/// Those who were brought last.
pub async fn latest_referrals(tx: &mut Tx, limit: i64) -> sqlx::Result<Vec<LatestReferral>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT r.referee_id, r.referee_name, c.code,
                CASE WHEN c.kind = 'campaign' AND c.deleted_at IS NULL THEN c.id END AS code_id,
                u.id AS referrer_id, COALESCE(u.username, r.referrer_name, '') AS referrer_name, r.signed_up_at
         FROM referrals r
         JOIN codes c ON c.id = r.code_id
         LEFT JOIN users u ON u.id = r.referrer_id
         ORDER BY r.signed_up_at DESC, r.id DESC
         LIMIT $1")
        .bind(limit)
        .fetch_all(conn).await)
}

/// Campaign codes that can be used now, and expire until `soon` or have four fifths of their uses behind them.
pub async fn ending_codes(tx: &mut Tx, now: Time, soon: Time, limit: i64) -> sqlx::Result<Vec<EndingCode>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT id, code, uses, max_uses, expires_at
         FROM codes
         WHERE kind = 'campaign'
           AND deleted_at IS NULL
           AND active
           AND COALESCE(expires_at, 9223372036854775807) > $1
           AND (max_uses IS NULL OR uses < max_uses)
           AND (COALESCE(expires_at, 9223372036854775807) <= $2 OR uses * 5 >= max_uses * 4)
         ORDER BY COALESCE(expires_at, 9223372036854775807), id
         LIMIT $3")
        .bind(now)
        .bind(soon)
        .bind(limit)
        .fetch_all(conn).await)
}

/// What is done of the list for a new program, as far as it is not a setting.
pub async fn checklist(tx: &mut Tx) -> sqlx::Result<Checklist> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT EXISTS (SELECT 1 FROM audit WHERE action IN ('rule.create', 'rule.change', 'rule.delete')) AS rewards,
                EXISTS (SELECT 1 FROM codes WHERE kind = 'campaign' AND deleted_at IS NULL) AS code,
                EXISTS (SELECT 1 FROM referrals) AS friend,
                EXISTS (SELECT 1 FROM payments) AS payments")
        .fetch_one(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::{codes, db_test, fixtures};

    db_test!(codes_that_end_soon_are_found_before_they_have, |db| {
        let mut tx = db.begin().await?;
        let until = |at: i64| fixtures::Campaign { expires_at: Some(Time(at)), ..Default::default() };
        for (code, at) in [("OVER", 10), ("SOON", 20), ("LATER", 40)] {
            until(at).insert(&mut tx, code).await?;
        }
        fixtures::Campaign { active: false, ..until(20) }.insert(&mut tx, "OFF").await?;
        fixtures::Campaign { max_uses: Some(5), ..Default::default() }.insert(&mut tx, "ROOMY").await?;
        let almost = fixtures::Campaign { max_uses: Some(5), ..Default::default() }.insert(&mut tx, "ALMOST").await?;
        for _ in 0..4 {
            codes::claim(&mut tx, almost, Time(5)).await?;
        }
        let names = |found: Vec<EndingCode>| found.into_iter().map(|code| code.code).collect::<Vec<_>>();
        assert_eq!(names(ending_codes(&mut tx, Time(10), Time(30), 9).await?), ["SOON", "ALMOST"]);
        codes::claim(&mut tx, almost, Time(5)).await?;
        assert_eq!(names(ending_codes(&mut tx, Time(10), Time(50), 9).await?), ["SOON", "LATER"]);
        assert_eq!(names(ending_codes(&mut tx, Time(10), Time(50), 1).await?), ["SOON"]);
        tx.commit().await
    });

    db_test!(the_list_for_a_new_program_ticks_itself, |db| {
        let mut tx = db.begin().await?;
        assert_eq!(checklist(&mut tx).await?, Checklist::default());
        fixtures::Campaign::default().insert(&mut tx, "SPRING").await?;
        assert_eq!(checklist(&mut tx).await?, Checklist { code: true, ..Checklist::default() });
        assert_eq!(latest_referrals(&mut tx, 5).await?, []);
        tx.commit().await
    });
}

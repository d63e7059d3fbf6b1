//! Codes with everything about them, as pages and the API show them.

use crate::{
    domain::{codes::code::Code, ids::CodeId, time::Time},
    server::store::{
        codes::switched_on,
        db::{Tx, with_conn},
        json::json,
    },
    view_models::codes::CodeDetails,
};

/// The status of a code, parted where the time has to be bound.
pub(super) const STATUS: [&str; 2] = [
    concat!("CASE WHEN NOT ", switched_on!(), " THEN 'inactive' WHEN c.expires_at <= "),
    " THEN 'expired' WHEN c.uses >= c.max_uses THEN 'limit-reached' ELSE 'active' END",
];

/// Columns of [`CodeDetails`] of codes `c` and their beneficiaries `u`, up to the status.
pub(super) const DETAILS: &str = concat!(
    "SELECT c.id, c.code, c.kind, c.description, c.category, c.max_uses, c.uses, c.expires_at, c.created_by, c.created_at,
            c.clicks, c.unique_clicks, c.signups, c.conversions, c.version,
            COALESCE(c.owner_id, c.beneficiary_id) AS beneficiary_id, u.email AS beneficiary_email, ",
    switched_on!(),
    " AS active, "
);

/// Where they are read from.
pub(super) const DETAILS_FROM: &str = " FROM codes_with_clicks c
     LEFT JOIN users u ON u.id = COALESCE(c.owner_id, c.beneficiary_id)
     WHERE c.deleted_at IS NULL";

/// Adds a query for [`CodeDetails`] as they are at `$now`; conditions are added by ` AND …`. The place where SQL works
/// out the status of a code: a test holds it equal to [`crate::domain::codes::code::CodeLimits::status`].
macro_rules! push_details {
    ($query:ident, $now:expr) => {{
        use $crate::server::store::code_details::{DETAILS, DETAILS_FROM, STATUS};
        $query.push(DETAILS);
        $query.push(STATUS[0]).push_bind($now).push(STATUS[1]).push(" AS status, CASE WHEN c.expires_at <= ");
        $query.push_bind($now).push(STATUS[1]).push(" AS status_if_active").push(DETAILS_FROM);
    }};
}
pub(super) use push_details;

/// Begins such a query.
macro_rules! select_details {
    ($now:expr) => {{
        let mut query = sqlx::QueryBuilder::new("");
        push_details!(query, $now);
        query
    }};
}

/// A code that is not deleted, with everything about it.
pub async fn details_by_id(tx: &mut Tx, id: CodeId, now: Time) -> sqlx::Result<Option<CodeDetails>> {
    with_conn!(tx, conn => select_details!(now)
        .push(" AND c.id = ")
        .push_bind(id)
        .build_query_as()
        .fetch_optional(conn).await)
}

/// A code that is not deleted, by its text, with everything about it.
pub async fn details_by_code(tx: &mut Tx, code: &Code, now: Time) -> sqlx::Result<Option<CodeDetails>> {
    with_conn!(tx, conn => select_details!(now)
        .push(" AND c.code = ")
        .push_bind(code.as_str().to_owned())
        .build_query_as()
        .fetch_optional(conn).await)
}

/// A campaign code that is not deleted, with everything about it.
pub async fn campaign_by_id(tx: &mut Tx, id: CodeId, now: Time) -> sqlx::Result<Option<CodeDetails>> {
    Ok(campaigns_by_ids(tx, &[id], now).await?.pop())
}

/// The campaign codes of these ids with everything about them; others are left out.
pub async fn campaigns_by_ids(tx: &mut Tx, ids: &[CodeId], now: Time) -> sqlx::Result<Vec<CodeDetails>> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => select_details!(now)
        .push(" AND c.kind = 'campaign' AND c.id IN ")
        .push(before)
        .push_bind(json(ids))
        .push(after)
        .build_query_as()
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::codes::code::{CodeKind, CodeLimits, CodeStatus},
        server::store::{
            codes::claim,
            db_test,
            fixtures::{self, Campaign, parsed},
        },
    };

    db_test!(a_code_is_found_by_id_and_by_text, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let own = fixtures::personal(&mut tx, ann, "ANN-1").await?;
        let campaign = Campaign::default().insert(&mut tx, "GOOD").await?;
        let found = details_by_code(&mut tx, &parsed("good"), Time(0)).await?.expect("a code");
        assert_eq!((found.id, found.kind, found.status), (campaign, CodeKind::Campaign, CodeStatus::Active));
        let found = details_by_id(&mut tx, own, Time(0)).await?.expect("a code");
        assert_eq!((found.code.as_str(), found.kind, found.beneficiary_id), ("ANN-1", CodeKind::Personal, Some(ann)));
        assert_eq!(found.beneficiary_email.as_deref(), Some("ann@example.com"));
        assert!(campaign_by_id(&mut tx, own, Time(0)).await?.is_none());
        assert!(details_by_id(&mut tx, CodeId(999), Time(0)).await?.is_none());
        tx.commit().await
    });

    db_test!(the_status_in_sql_is_the_status_of_the_rules, |db| {
        let mut tx = db.begin().await?;
        let mut ids = vec![];
        for active in [true, false] {
            for (n, expires_at) in [None, Some(Time(49)), Some(Time(50)), Some(Time(51))].into_iter().enumerate() {
                for max_uses in [None, Some(1), Some(2)] {
                    let text = format!("{active}-{n}-{}", max_uses.unwrap_or_default());
                    let campaign = Campaign { active: true, max_uses, ..Campaign::default() };
                    let id = campaign.insert(&mut tx, &text).await?;
                    assert!(claim(&mut tx, id, Time(1)).await?.is_some());
                    with_conn!(&mut tx, conn => sqlx::query("UPDATE codes SET active = $2, expires_at = $3 WHERE id = $1")
                        .bind(id)
                        .bind(active)
                        .bind(expires_at)
                        .execute(conn).await.map(|_| ()))?;
                    ids.push(id);
                }
            }
        }
        let found = campaigns_by_ids(&mut tx, &ids, Time(50)).await?;
        assert_eq!(found.len(), 24);
        for code in found {
            assert_eq!(code.status, code.limits().status(Time(50)), "{}", code.code);
            let if_active = CodeLimits { active: true, ..code.limits() };
            assert_eq!(code.status_if_active, if_active.status(Time(50)), "{}", code.code);
        }
        tx.commit().await
    });
}

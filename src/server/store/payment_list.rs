//! Lists of payments, as the API and pages show them.

use crate::{
    domain::{
        conversions::standing::PaymentState,
        cursor::Cursor,
        ids::{PaymentId, UserId},
        time::Time,
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
    view_models::conversions::Conversion,
};
use sqlx::QueryBuilder;

/// Which payments are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct PaymentFilter {
    pub state: Option<PaymentState>,
    pub user: Option<UserId>,
}

/// Columns of [`Conversion`], parted where the dialects differ. What nobody has paid yet has no currency and is left
/// out.
const SELECT: [&str; 2] = [
    "SELECT p.id, p.user_id, u.external_id, CASE WHEN p.code_id IS NULL THEN NULL ELSE r.id END AS referral_id,
       p.source, p.source_id,
       COALESCE((SELECT ",
    " FROM payment_refs n WHERE n.payment_id = p.id AND n.provider = 'stripe'), '') AS refs,
       p.amount, p.net_amount, p.currency, p.refunded, p.state, p.parked_because, p.duplicate_of, p.livemode,
       p.occurred_at, p.product, p.version
FROM payments p
LEFT JOIN users u ON u.id = p.user_id
LEFT JOIN referrals r ON r.referee_id = p.user_id
WHERE p.currency IS NOT NULL ",
];

/// Names in one order on both databases.
fn joined_names(tx: &Tx) -> &'static str {
    tx.dialect(
        "group_concat(n.reference, ' ' ORDER BY n.reference)",
        "string_agg(n.reference, ' ' ORDER BY n.reference)",
    )
}

/// A page of payments, the latest first.
pub async fn page(
    tx: &mut Tx,
    filter: PaymentFilter,
    after: Option<&Cursor>,
    limit: i64,
) -> sqlx::Result<Vec<Conversion>> {
    let names = joined_names(tx);
    with_conn!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT[0]);
        query.push(names).push(SELECT[1]);
        if let Some(state) = filter.state {
            query.push(" AND p.state = ").push_bind(state);
        }
        if let Some(user) = filter.user {
            query.push(" AND p.user_id = ").push_bind(user);
        }
        if let Some(after) = after {
            query.push(" AND p.id < ").push_bind(after.id);
        }
        query.push(" ORDER BY p.id DESC LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })
}

/// These payments, by their ids, as far as anything was paid.
pub async fn by_ids(tx: &mut Tx, ids: &[PaymentId]) -> sqlx::Result<Vec<Conversion>> {
    let names = joined_names(tx);
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new(SELECT[0])
        .push(names)
        .push(SELECT[1])
        .push(" AND p.id IN ")
        .push(before)
        .push_bind(json(ids))
        .push(after)
        .push(" ORDER BY p.id")
        .build_query_as()
        .fetch_all(conn).await)
}

/// One payment, if anything was paid.
pub async fn by_id(tx: &mut Tx, id: PaymentId) -> sqlx::Result<Option<Conversion>> {
    Ok(by_ids(tx, &[id]).await?.pop())
}

/// A payment as a file takes it away: by names that mean the same elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PaymentExportRow {
    pub id: PaymentId,
    /// Those of who has paid, or those by which whoever is not known was named.
    pub external_id: Option<String>,
    pub email: Option<String>,
    /// The host product's name, else one of Stripe's, else one that is made of the id.
    pub source_id: String,
    /// Stripe's names, parted by spaces.
    pub refs: String,
    pub amount: i64,
    pub net_amount: i64,
    pub refunded: i64,
    pub currency: String,
    pub occurred_at: Time,
    pub period_start: Option<Time>,
    pub product: Option<String>,
    pub state: PaymentState,
}

/// Up to `limit` payments before the id `before`, the latest first, that would count in another program: none of test
/// mode, and of two that are the same one.
pub async fn export_page(
    tx: &mut Tx,
    filter: PaymentFilter,
    before: i64,
    limit: i64,
) -> sqlx::Result<Vec<PaymentExportRow>> {
    let names = joined_names(tx);
    with_conn!(tx, conn => {
        let mut query = QueryBuilder::new(
            "SELECT p.id,
                    COALESCE(u.external_id, (SELECT MIN(k.value) FROM payment_clues k
                                             WHERE k.payment_id = p.id AND k.kind = 'external_id')) AS external_id,
                    COALESCE(u.email, (SELECT MIN(k.value) FROM payment_clues k
                                       WHERE k.payment_id = p.id AND k.kind = 'email')) AS email,
                    COALESCE(p.source_id, (SELECT MIN(n.reference) FROM payment_refs n WHERE n.payment_id = p.id),
                             'payment-' || p.id) AS source_id,
                    COALESCE((SELECT ");
        query.push(names).push(
            " FROM payment_refs n WHERE n.payment_id = p.id AND n.provider = 'stripe'), '') AS refs,
                    p.amount, p.net_amount, p.refunded, p.currency, p.occurred_at, p.period_start, p.product, p.state
             FROM payments p
             LEFT JOIN users u ON u.id = p.user_id
             WHERE p.currency IS NOT NULL AND p.livemode AND p.state <> 'duplicate' AND p.id < ");
        query.push_bind(before);
        if let Some(state) = filter.state {
            query.push(" AND p.state = ").push_bind(state);
        }
        if let Some(user) = filter.user {
            query.push(" AND p.user_id = ").push_bind(user);
        }
        query.push(" ORDER BY p.id DESC LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            conversions::{facts::PaymentSource, references::Reference, standing::ParkedReason},
            money::Currency,
        },
        server::store::{db_test, fixtures, payment_refs, payments},
        view_models::conversions::StripeReferences,
    };

    db_test!(payments_are_listed_with_their_names, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let mut ids = vec![];
        for n in 0..3 {
            let id = payments::insert(&mut tx, true, false, true, Time(n)).await?;
            payment_refs::insert(
                &mut tx,
                id,
                &[Reference::stripe(format!("pi_{n}")), Reference::stripe(format!("in_{n}"))],
            )
            .await?;
            ids.push(id);
        }
        let mut records = payments::lock(&mut tx, &ids[..2]).await?;
        for record in &mut records {
            record.state = PaymentState::Parked;
            record.parked_because = Some(ParkedReason::NoReferral);
            record.source = Some(PaymentSource::Stripe);
            record.currency = Some("USD".into());
            record.amount = 500;
        }
        records[1].user_id = Some(ann);
        payments::update(&mut tx, &records).await?;
        let ids_of = |rows: Vec<Conversion>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
        let all = page(&mut tx, PaymentFilter::default(), None, 9).await?;
        assert_eq!(all[0].refs, StripeReferences(vec!["in_1".into(), "pi_1".into()]));
        assert_eq!((all[0].user_id, all[0].referral_id), (Some(ann), None));
        assert_eq!(all[0].paid().currency, Currency::parse("USD").expect("a currency"));
        assert_eq!(ids_of(all.clone()), [ids[1], ids[0]]);
        assert_eq!(ids_of(page(&mut tx, PaymentFilter::default(), Some(&all[0].cursor()), 9).await?), [ids[0]]);
        assert_eq!(ids_of(page(&mut tx, PaymentFilter { user: Some(ann), state: None }, None, 9).await?), [ids[1]]);
        let state = Some(PaymentState::Counted);
        assert_eq!(ids_of(page(&mut tx, PaymentFilter { state, user: None }, None, 9).await?), []);
        assert_eq!(by_id(&mut tx, ids[2]).await?, None, "nothing was paid");
        tx.commit().await
    });
}

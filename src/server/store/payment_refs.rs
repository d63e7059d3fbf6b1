//! The names of payments. That no two payments share one is the constraint by which a payment is counted once.

use crate::{
    domain::{
        conversions::references::{Provider, Reference},
        ids::PaymentId,
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
};
use serde::Serialize;

#[derive(Serialize)]
struct Named<'a> {
    payment: PaymentId,
    #[serde(flatten)]
    reference: &'a Reference,
}

/// The payments of these names; unknown ones are left out.
pub async fn payments_of(tx: &mut Tx, references: &[Reference]) -> sqlx::Result<Vec<PaymentId>> {
    let sql = tx.dialect(
        "SELECT DISTINCT r.payment_id FROM json_each($1) v
         JOIN payment_refs r ON r.provider = v.value ->> 'provider' AND r.reference = v.value ->> 'id'
         ORDER BY 1",
        "SELECT DISTINCT r.payment_id FROM json_array_elements($1::json) v
         JOIN payment_refs r ON r.provider = v ->> 'provider' AND r.reference = v ->> 'id'
         ORDER BY 1",
    );
    with_conn!(tx, conn => sqlx::query_scalar(sql).bind(json(references)).fetch_all(conn).await)
}

/// The names that are known, each with its payment.
pub async fn known(tx: &mut Tx, references: &[&Reference]) -> sqlx::Result<Vec<(Reference, PaymentId)>> {
    let sql = tx.dialect(
        "SELECT r.provider, r.reference, r.payment_id FROM json_each($1) v
         JOIN payment_refs r ON r.provider = v.value ->> 'provider' AND r.reference = v.value ->> 'id'",
        "SELECT r.provider, r.reference, r.payment_id FROM json_array_elements($1::json) v
         JOIN payment_refs r ON r.provider = v ->> 'provider' AND r.reference = v ->> 'id'",
    );
    let rows: Vec<(Provider, String, PaymentId)> =
        with_conn!(tx, conn => sqlx::query_as(sql).bind(json(references)).fetch_all(conn).await)?;
    Ok(rows.into_iter().map(|(provider, id, payment)| (Reference { provider, id }, payment)).collect())
}

/// Gives a payment more names; those that it has already stay.
pub async fn insert(tx: &mut Tx, payment: PaymentId, references: &[Reference]) -> sqlx::Result<()> {
    insert_many(tx, references.iter().map(|reference| (payment, reference))).await
}

/// Gives payments more names; those that are known already stay where they are.
pub async fn insert_many(tx: &mut Tx, names: impl Iterator<Item = (PaymentId, &Reference)>) -> sqlx::Result<()> {
    let sql = tx.dialect(
        "INSERT INTO payment_refs (provider, reference, payment_id)
         SELECT value ->> 'provider', value ->> 'id', value ->> 'payment' FROM json_each($1) WHERE TRUE
         ON CONFLICT DO NOTHING",
        "INSERT INTO payment_refs (provider, reference, payment_id)
         SELECT value ->> 'provider', value ->> 'id', (value ->> 'payment')::bigint
         FROM json_array_elements($1::json)
         ON CONFLICT DO NOTHING",
    );
    let names: Vec<Named> = names.map(|(payment, reference)| Named { payment, reference }).collect();
    with_conn!(tx, conn => sqlx::query(sql).bind(json(&names)).execute(conn).await.map(|_| ()))
}

/// Hands the names of one payment over to another.
pub async fn move_to(tx: &mut Tx, from: PaymentId, to: PaymentId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE payment_refs SET payment_id = $2 WHERE payment_id = $1")
        .bind(from)
        .bind(to)
        .execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::time::Time,
        server::store::{db_test, payments},
    };

    db_test!(a_name_belongs_to_one_payment, |db| {
        let mut tx = db.begin().await?;
        let (one, other) = (
            payments::insert(&mut tx, true, false, true, Time(1)).await?,
            payments::insert(&mut tx, true, false, true, Time(1)).await?,
        );
        let names = [Reference::stripe("pi_1"), Reference::host("pi_1"), Reference::stripe("ch_1")];
        insert(&mut tx, one, &names[..2]).await?;
        insert(&mut tx, other, &names).await?;
        assert_eq!(payments_of(&mut tx, &names).await?, [one, other]);
        assert_eq!(payments_of(&mut tx, &names[..2]).await?, [one]);
        assert_eq!(payments_of(&mut tx, &[Reference::host("ch_1")]).await?, []);
        let asked = [&Reference::host("ch_1"), &names[1], &names[2]];
        let mut owners = known(&mut tx, &asked).await?;
        owners.sort();
        assert_eq!(owners, [(names[2].clone(), other), (names[1].clone(), one)]);
        move_to(&mut tx, other, one).await?;
        assert_eq!(payments_of(&mut tx, &names).await?, [one]);
        tx.commit().await
    });
}

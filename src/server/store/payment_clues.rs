//! Who has paid: the clues that messages gave, and whom a provider's customers are known to be.

use crate::{
    domain::{
        conversions::clues::{Clue, ClueKind},
        ids::{PaymentId, UserId},
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
};
use serde::Serialize;
use sqlx::QueryBuilder;

/// A clue and the payment that it is about.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ClueRecord {
    pub payment_id: PaymentId,
    pub kind: ClueKind,
    pub value: String,
}

#[derive(Serialize)]
struct Told<'a> {
    payment: PaymentId,
    #[serde(flatten)]
    clue: &'a Clue,
}

/// Adds clues to a payment; those that it has already stay.
pub async fn insert(tx: &mut Tx, payment: PaymentId, clues: &[Clue]) -> sqlx::Result<()> {
    insert_many(tx, clues.iter().map(|clue| (payment, clue))).await
}

/// Adds clues to payments; those that they have already stay.
pub async fn insert_many(tx: &mut Tx, clues: impl Iterator<Item = (PaymentId, &Clue)>) -> sqlx::Result<()> {
    let clues: Vec<Told> = clues.map(|(payment, clue)| Told { payment, clue }).collect();
    if clues.is_empty() {
        return Ok(());
    }
    let sql = tx.dialect(
        "INSERT INTO payment_clues (payment_id, kind, value)
         SELECT value ->> 'payment', value ->> 'kind', value ->> 'value' FROM json_each($1) WHERE TRUE
         ON CONFLICT DO NOTHING",
        "INSERT INTO payment_clues (payment_id, kind, value)
         SELECT (value ->> 'payment')::bigint, value ->> 'kind', value ->> 'value'
         FROM json_array_elements($1::json)
         ON CONFLICT DO NOTHING",
    );
    with_conn!(tx, conn => sqlx::query(sql).bind(json(&clues)).execute(conn).await.map(|_| ()))
}

/// Puts what an admin says in the place of what an admin said before.
pub async fn set_by_admin(tx: &mut Tx, payment: PaymentId, user: UserId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("DELETE FROM payment_clues WHERE payment_id = $1 AND kind = 'admin'")
        .bind(payment)
        .execute(conn).await.map(|_| ()))?;
    insert(tx, payment, &[Clue { kind: ClueKind::Admin, value: user.to_string() }]).await
}

/// All clues of these payments.
pub async fn of_payments(tx: &mut Tx, payments: &[PaymentId]) -> sqlx::Result<Vec<ClueRecord>> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new("SELECT payment_id, kind, value FROM payment_clues WHERE payment_id IN ")
        .push(before)
        .push_bind(json(payments))
        .push(after)
        .push(" ORDER BY payment_id, kind, value")
        .build_query_as()
        .fetch_all(conn).await)
}

/// Payments that any of these clues speak of.
pub async fn payments_of(tx: &mut Tx, clues: &[Clue]) -> sqlx::Result<Vec<PaymentId>> {
    let sql = tx.dialect(
        "SELECT DISTINCT c.payment_id FROM json_each($1) v
         JOIN payment_clues c ON c.value = v.value ->> 'value' AND c.kind = v.value ->> 'kind'
         ORDER BY 1",
        "SELECT DISTINCT c.payment_id FROM json_array_elements($1::json) v
         JOIN payment_clues c ON c.value = v ->> 'value' AND c.kind = v ->> 'kind'
         ORDER BY 1",
    );
    with_conn!(tx, conn => sqlx::query_scalar(sql).bind(json(clues)).fetch_all(conn).await)
}

/// Hands the clues of one payment over to another.
pub async fn move_to(tx: &mut Tx, from: PaymentId, to: PaymentId) -> sqlx::Result<()> {
    with_conn!(tx, conn => {
        sqlx::query(
            "INSERT INTO payment_clues (payment_id, kind, value)
             SELECT $2, kind, value FROM payment_clues WHERE payment_id = $1
             ON CONFLICT DO NOTHING")
            .bind(from)
            .bind(to)
            .execute(&mut *conn).await?;
        sqlx::query("DELETE FROM payment_clues WHERE payment_id = $1").bind(from).execute(conn).await.map(|_| ())
    })
}

/// Takes out what names a person who is to be forgotten, in all of their payments.
pub async fn forget(tx: &mut Tx, user: UserId) -> sqlx::Result<()> {
    with_conn!(tx, conn => {
        sqlx::query(
            "DELETE FROM payment_clues
             WHERE payment_id IN (SELECT id FROM payments WHERE user_id = $1)
               AND kind NOT IN ('admin', 'id')")
            .bind(user)
            .execute(&mut *conn).await?;
        sqlx::query("DELETE FROM payment_customers WHERE user_id = $1").bind(user).execute(conn).await.map(|_| ())
    })
}

/// A provider's customer and who they are known to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Customer {
    pub customer: String,
    pub user_id: UserId,
    /// The clue that said so: a stronger one is believed instead.
    pub known_by: ClueKind,
}

/// Who these customers are, as far as that is known.
pub async fn customers(tx: &mut Tx, customers: &[&str]) -> sqlx::Result<Vec<Customer>> {
    let sql = tx.dialect(
        "SELECT customer, user_id, known_by FROM payment_customers WHERE customer IN (SELECT value FROM json_each($1))",
        "SELECT customer, user_id, known_by FROM payment_customers
         WHERE customer IN (SELECT value FROM json_array_elements_text($1::json))",
    );
    with_conn!(tx, conn => sqlx::query_as(sql).bind(json(customers)).fetch_all(conn).await)
}

/// Keeps who these customers are, in the place of what was known before.
pub async fn keep_customers(tx: &mut Tx, known: &[Customer]) -> sqlx::Result<()> {
    let sql = tx.dialect(
        "INSERT INTO payment_customers (customer, user_id, known_by)
         SELECT value ->> 'customer', value ->> 'user_id', value ->> 'known_by' FROM json_each($1) WHERE TRUE
         ON CONFLICT (customer) DO UPDATE SET user_id = excluded.user_id, known_by = excluded.known_by",
        "INSERT INTO payment_customers (customer, user_id, known_by)
         SELECT value ->> 'customer', (value ->> 'user_id')::bigint, value ->> 'known_by'
         FROM json_array_elements($1::json)
         ON CONFLICT (customer) DO UPDATE SET user_id = excluded.user_id, known_by = excluded.known_by",
    );
    with_conn!(tx, conn => sqlx::query(sql).bind(json(known)).execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::time::Time,
        server::store::{db_test, fixtures, payments},
    };

    fn clue(kind: ClueKind, value: &str) -> Clue {
        Clue { kind, value: value.into() }
    }

    db_test!(clues_lead_to_payments_and_move_with_them, |db| {
        let mut tx = db.begin().await?;
        let (one, other) = (
            payments::insert(&mut tx, true, false, true, Time(1)).await?,
            payments::insert(&mut tx, true, false, true, Time(1)).await?,
        );
        let (email, customer) = (clue(ClueKind::Email, "ann@example.com"), clue(ClueKind::Customer, "cus_1"));
        insert(&mut tx, one, &[email.clone(), customer.clone()]).await?;
        insert(&mut tx, one, std::slice::from_ref(&email)).await?;
        insert(&mut tx, other, &[clue(ClueKind::ClientReference, "ann@example.com"), email.clone()]).await?;
        assert_eq!(payments_of(&mut tx, &[email.clone(), customer.clone()]).await?, [one, other]);
        assert_eq!(payments_of(&mut tx, std::slice::from_ref(&customer)).await?, [one]);
        move_to(&mut tx, one, other).await?;
        assert_eq!(payments_of(&mut tx, &[customer]).await?, [other]);
        assert_eq!(of_payments(&mut tx, &[one, other]).await?.len(), 3);
        for user in [UserId(3), UserId(4)] {
            set_by_admin(&mut tx, one, user).await?;
        }
        let kept = of_payments(&mut tx, &[one]).await?;
        assert_eq!(kept, [ClueRecord { payment_id: one, kind: ClueKind::Admin, value: "4".into() }]);
        tx.commit().await
    });

    db_test!(a_customer_is_one_person_until_they_are_forgotten, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (fixtures::user(&mut tx, "ann").await?, fixtures::user(&mut tx, "bob").await?);
        let known = |user_id, known_by| Customer { customer: "cus_1".into(), user_id, known_by };
        keep_customers(&mut tx, &[known(ann, ClueKind::Email)]).await?;
        keep_customers(&mut tx, &[known(bob, ClueKind::Metadata)]).await?;
        assert_eq!(customers(&mut tx, &["cus_1", "cus_2"]).await?, [known(bob, ClueKind::Metadata)]);
        let payment = payments::insert(&mut tx, true, false, true, Time(1)).await?;
        let mut record = payments::lock(&mut tx, &[payment]).await?.remove(0);
        record.user_id = Some(bob);
        payments::update(&mut tx, &[record]).await?;
        let id = clue(ClueKind::Id, "2");
        insert(&mut tx, payment, &[clue(ClueKind::Email, "bob@example.com"), clue(ClueKind::Metadata, "b-1"), id])
            .await?;
        forget(&mut tx, bob).await?;
        assert_eq!(customers(&mut tx, &["cus_1"]).await?, []);
        let kept: Vec<_> = of_payments(&mut tx, &[payment]).await?.into_iter().map(|clue| clue.kind).collect();
        assert_eq!(kept, [ClueKind::Id]);
        tx.commit().await
    });
}

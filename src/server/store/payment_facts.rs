//! What is known of payments. Facts are joined with what is told later, never deleted.

use crate::{
    domain::{
        conversions::facts::{Fact, FactKind, FactState, PaymentSource},
        ids::PaymentId,
        money::Currency,
        time::Time,
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
};
use serde::Serialize;
use sqlx::QueryBuilder;

/// A fact and the payment that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactRecord {
    pub payment: PaymentId,
    pub fact: Fact,
    /// When it was first told.
    pub told_at: Time,
}

#[derive(sqlx::FromRow)]
struct Row {
    payment_id: PaymentId,
    kind: FactKind,
    source: PaymentSource,
    key: String,
    amount: i64,
    currency: Option<String>,
    state: Option<FactState>,
    at: Time,
    details: Option<String>,
    told_at: Time,
}

impl Row {
    fn into_record(self) -> sqlx::Result<FactRecord> {
        let paid = self.details.as_deref().map(serde_json::from_str).transpose();
        let fact = Fact {
            kind: self.kind,
            source: self.source,
            key: self.key,
            amount: self.amount,
            currency: self.currency.as_deref().and_then(Currency::parse),
            state: self.state,
            at: self.at,
            paid: paid.map_err(|error| sqlx::Error::Decode(error.into()))?,
        };
        Ok(FactRecord { payment: self.payment_id, fact, told_at: self.told_at })
    }
}

/// All facts of these payments, in the order in which they were told.
pub async fn of_payments(tx: &mut Tx, payments: &[PaymentId]) -> sqlx::Result<Vec<FactRecord>> {
    let (before, after) = tx.selected_ids();
    let rows: Vec<Row> = with_conn!(tx, conn => QueryBuilder::new(
        "SELECT payment_id, kind, source, key, amount, currency, state, at, details, told_at
         FROM payment_facts
         WHERE payment_id IN ")
        .push(before)
        .push_bind(json(payments))
        .push(after)
        .push(" ORDER BY id")
        .build_query_as()
        .fetch_all(conn).await)?;
    rows.into_iter().map(Row::into_record).collect()
}

#[derive(Serialize)]
struct Told<'a> {
    payment: PaymentId,
    #[serde(flatten)]
    fact: &'a Fact,
}

/// Keeps facts of a payment, each in the place of what was known of the same thing.
pub async fn save(tx: &mut Tx, payment: PaymentId, facts: &[Fact], now: Time) -> sqlx::Result<()> {
    save_many(tx, facts.iter().map(|fact| (payment, fact)), now).await
}

/// Keeps facts of payments, each in the place of what was known of the same thing.
pub async fn save_many(tx: &mut Tx, facts: impl Iterator<Item = (PaymentId, &Fact)>, now: Time) -> sqlx::Result<()> {
    let sql = tx.dialect(
        "INSERT INTO payment_facts (payment_id, kind, provider, key, source, amount, currency, state, at, details, told_at)
         SELECT value ->> 'payment', value ->> 'kind', CASE value ->> 'source' WHEN 'stripe' THEN 'stripe' ELSE 'host' END,
                value ->> 'key', value ->> 'source', value ->> 'amount', value ->> 'currency', value ->> 'state',
                value ->> 'at', value ->> 'paid', $2
         FROM json_each($1)
         WHERE TRUE
         ON CONFLICT (payment_id, kind, provider, key) DO UPDATE
         SET source = excluded.source, amount = excluded.amount, currency = excluded.currency, state = excluded.state,
             at = excluded.at, details = excluded.details",
        "INSERT INTO payment_facts (payment_id, kind, provider, key, source, amount, currency, state, at, details, told_at)
         SELECT (value ->> 'payment')::bigint, value ->> 'kind', CASE value ->> 'source' WHEN 'stripe' THEN 'stripe' ELSE 'host' END,
                value ->> 'key', value ->> 'source', (value ->> 'amount')::bigint, value ->> 'currency',
                value ->> 'state', (value ->> 'at')::bigint, value ->> 'paid', $2
         FROM json_array_elements($1::json)
         ON CONFLICT (payment_id, kind, provider, key) DO UPDATE
         SET source = excluded.source, amount = excluded.amount, currency = excluded.currency, state = excluded.state,
             at = excluded.at, details = excluded.details",
    );
    let facts: Vec<Told> = facts.map(|(payment, fact)| Told { payment, fact }).collect();
    with_conn!(tx, conn => sqlx::query(sql).bind(json(&facts)).bind(now).execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::conversions::facts::PaidDetails,
        server::store::{db_test, payments},
    };

    db_test!(a_fact_comes_back_as_it_was_and_is_one_of_its_kind, |db| {
        let mut tx = db.begin().await?;
        let payment = payments::insert(&mut tx, true, false, true, Time(1)).await?;
        let details = PaidDetails { net: Some(90), product: Some("prod_1".into()), ..PaidDetails::default() };
        let paid = Fact {
            paid: Some(details),
            ..Fact::new(FactKind::Paid, PaymentSource::Api, "order-1", Time(5)).of(100, Currency::parse("EUR"))
        };
        let refund = Fact {
            state: Some(FactState::Pending),
            ..Fact::new(FactKind::Refund, PaymentSource::Api, "order-1", Time(6))
        };
        save(&mut tx, payment, &[paid.clone(), refund.clone()], Time(7)).await?;
        let failed = Fact { state: Some(FactState::Failed), ..refund };
        save(&mut tx, payment, std::slice::from_ref(&failed), Time(8)).await?;
        let record = |fact| FactRecord { payment, fact, told_at: Time(7) };
        assert_eq!(of_payments(&mut tx, &[payment]).await?, [record(paid), record(failed)]);
        tx.commit().await
    });
}

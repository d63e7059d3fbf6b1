//! Payments, as they follow from their facts.

use crate::{
    domain::{
        conversions::{
            clues::ClueKind,
            facts::PaymentSource,
            standing::{ParkedReason, PaymentState},
        },
        ids::{CodeId, PaymentId, UserId},
        money::Currency,
        time::Time,
    },
    server::store::{
        db::{Tx, with_conn},
        export::Row,
        json::json,
    },
};
use serde::{Deserialize, Serialize};
use sqlx::QueryBuilder;

/// A payment as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
#[serde(deny_unknown_fields)]
pub struct PaymentRecord {
    pub id: PaymentId,
    pub user_id: Option<UserId>,
    /// The clue that named them.
    pub known_by: Option<ClueKind>,
    pub state: PaymentState,
    pub parked_because: Option<ParkedReason>,
    pub source: Option<PaymentSource>,
    pub source_id: Option<String>,
    pub amount: i64,
    pub net_amount: i64,
    pub currency: Option<String>,
    pub refunded: i64,
    pub disputed: bool,
    pub code_id: Option<CodeId>,
    pub revenue: i64,
    pub occurred_at: Time,
    pub product: Option<String>,
    pub period_start: Option<Time>,
    pub livemode: bool,
    pub gross: bool,
    pub taken_up: bool,
    /// Whether it may earn rewards.
    #[serde(default)]
    pub earns: bool,
    pub duplicate_of: Option<PaymentId>,
    pub recorded_at: Time,
    pub version: i64,
}

impl PaymentRecord {
    /// Whether anybody has said that money was paid.
    pub fn is_paid(&self) -> bool {
        self.amount > 0
    }

    /// The currency in which it was paid, if anything was.
    pub fn money_currency(&self) -> Option<Currency> {
        self.currency.as_deref().and_then(Currency::parse)
    }

    /// What it is called in the audit log: as the host product names it, else by its number.
    pub fn name(&self) -> String {
        self.source_id.clone().unwrap_or_else(|| self.id.to_string())
    }
}

/// The columns of [`PaymentRecord`].
macro_rules! columns {
    () => {
        "id, user_id, known_by, state, parked_because, source, source_id, amount, net_amount, currency, refunded, disputed, code_id,
         revenue, occurred_at, product, period_start, livemode, gross, taken_up, earns, duplicate_of, recorded_at, version"
    };
}

impl Row for PaymentRecord {
    type Key = i64;

    const TYPE: &'static str = "payment";
    const TABLE: &'static str = "payments";
    const OWN_TABLE: Option<&'static str> = Some("duplicate_of");
    const COUNT: &'static str = "SELECT COUNT(*) FROM payments";
    const PAGE: &'static str = concat!("SELECT ", columns!(), " FROM payments WHERE id > $1 ORDER BY id LIMIT $2");

    fn key(&self) -> Self::Key {
        self.id.0
    }
}

/// A payment of which nothing is known yet. `earns` says whether it may earn rewards.
pub async fn insert(tx: &mut Tx, livemode: bool, gross: bool, earns: bool, now: Time) -> sqlx::Result<PaymentId> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "INSERT INTO payments (state, amount, net_amount, refunded, disputed, revenue, occurred_at, livemode, gross,
                               taken_up, earns, recorded_at)
         VALUES ('incomplete', 0, 0, 0, $1, 0, $2, $3, $4, $1, $5, $2)
         RETURNING id")
        .bind(false)
        .bind(now)
        .bind(livemode)
        .bind(gross)
        .bind(earns)
        .fetch_one(conn).await)
}

/// So many payments of which nothing is known yet, and which earn no rewards: those of a file.
pub async fn insert_many(tx: &mut Tx, count: usize, gross: bool, now: Time) -> sqlx::Result<Vec<PaymentId>> {
    let sql = tx.dialect(
        "INSERT INTO payments (state, amount, net_amount, refunded, disputed, revenue, occurred_at, livemode, gross,
                               taken_up, earns, recorded_at)
         SELECT 'incomplete', 0, 0, 0, FALSE, 0, $2, TRUE, $3, FALSE, FALSE, $2 FROM json_each($1)
         RETURNING id",
        "INSERT INTO payments (state, amount, net_amount, refunded, disputed, revenue, occurred_at, livemode, gross,
                               taken_up, earns, recorded_at)
         SELECT 'incomplete', 0, 0, 0, FALSE, 0, $2, TRUE, $3, FALSE, FALSE, $2 FROM json_array_elements($1::json)
         RETURNING id",
    );
    let mut ids: Vec<PaymentId> = with_conn!(tx, conn => sqlx::query_scalar(sql)
        .bind(json(&vec![0; count]))
        .bind(now)
        .bind(gross)
        .fetch_all(conn).await)?;
    ids.sort_unstable();
    Ok(ids)
}

/// The newest payment of all.
pub async fn newest(tx: &mut Tx) -> sqlx::Result<PaymentId> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT COALESCE(MAX(id), 0) FROM payments").fetch_one(conn).await)
}

/// How many payments after one are parked for each reason.
pub async fn count_parked(tx: &mut Tx, after: PaymentId) -> sqlx::Result<Vec<(ParkedReason, i64)>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT parked_because, COUNT(*)
         FROM payments
         WHERE id > $1
           AND state = 'parked'
           AND parked_because IS NOT NULL
         GROUP BY parked_because
         ORDER BY parked_because")
        .bind(after)
        .fetch_all(conn).await)
}

/// Waits for nobody: whether nobody else writes what payments move, from now until the end of the transaction. SQLite
/// has one writer at a time anyway.
pub async fn try_lock_all(tx: &mut Tx) -> sqlx::Result<bool> {
    let Tx::Postgres(tx) = tx else { return Ok(true) };
    let locked = sqlx::query(
        "LOCK TABLE users, codes, code_days, program_hours, referrals, payments, payment_refs, payment_clues,
                    payment_customers, payment_facts, code_revenue, code_day_revenue, program_hour_revenue
         IN EXCLUSIVE MODE NOWAIT",
    )
    .execute(&mut **tx)
    .await;
    match locked {
        Ok(_) => Ok(true),
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("55P03") => Ok(false),
        Err(error) => Err(error),
    }
}

/// These payments, by their ids, held until the end of the transaction.
pub async fn lock(tx: &mut Tx, ids: &[PaymentId]) -> sqlx::Result<Vec<PaymentRecord>> {
    let (before, after) = tx.selected_ids();
    let lock = tx.dialect("", " FOR UPDATE");
    with_conn!(tx, conn => QueryBuilder::new(concat!("SELECT ", columns!(), " FROM payments WHERE id IN "))
        .push(before)
        .push_bind(json(ids))
        .push(after)
        .push(" ORDER BY id")
        .push(lock)
        .build_query_as()
        .fetch_all(conn).await)
}

/// Writes payments that have changed, in one statement.
pub async fn update(tx: &mut Tx, changed: &[PaymentRecord]) -> sqlx::Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    let sql = tx.dialect(
        "UPDATE payments
         SET user_id = v.value ->> 'user_id', known_by = v.value ->> 'known_by', state = v.value ->> 'state', parked_because = v.value ->> 'parked_because',
             source = v.value ->> 'source', source_id = v.value ->> 'source_id', amount = v.value ->> 'amount',
             net_amount = v.value ->> 'net_amount', currency = v.value ->> 'currency',
             refunded = v.value ->> 'refunded', disputed = v.value ->> 'disputed', code_id = v.value ->> 'code_id',
             revenue = v.value ->> 'revenue', occurred_at = v.value ->> 'occurred_at',
             product = v.value ->> 'product', period_start = v.value ->> 'period_start',
             taken_up = v.value ->> 'taken_up', duplicate_of = v.value ->> 'duplicate_of',
             version = v.value ->> 'version'
         FROM json_each($1) v
         WHERE payments.id = v.value ->> 'id'",
        "UPDATE payments p
         SET user_id = v.user_id, known_by = v.known_by, state = v.state, parked_because = v.parked_because, source = v.source,
             source_id = v.source_id, amount = v.amount, net_amount = v.net_amount, currency = v.currency,
             refunded = v.refunded, disputed = v.disputed, code_id = v.code_id, revenue = v.revenue,
             occurred_at = v.occurred_at, product = v.product, period_start = v.period_start, taken_up = v.taken_up,
             duplicate_of = v.duplicate_of, version = v.version
         FROM json_populate_recordset(NULL::payments, $1::json) v
         WHERE p.id = v.id",
    );
    with_conn!(tx, conn => sqlx::query(sql).bind(json(changed)).execute(conn).await.map(|_| ()))
}

/// What was the same as one payment is the same as another.
pub async fn move_duplicates(tx: &mut Tx, from: PaymentId, to: PaymentId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE payments SET duplicate_of = $2, version = version + 1 WHERE duplicate_of = $1")
        .bind(from)
        .bind(to)
        .execute(conn).await.map(|_| ()))
}

/// When each of these users first paid what counts, as far as they have.
pub async fn first_conversions(tx: &mut Tx, users: &[UserId]) -> sqlx::Result<Vec<(UserId, Time)>> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new("SELECT user_id, MIN(occurred_at) FROM payments WHERE user_id IN ")
        .push(before)
        .push_bind(json(users))
        .push(after)
        .push(" AND state IN ('counted', 'disputed') GROUP BY user_id")
        .build_query_as()
        .fetch_all(conn).await)
}

/// All payments of users, in the order in which they were told of.
pub async fn of_users(tx: &mut Tx, users: &[UserId]) -> sqlx::Result<Vec<PaymentRecord>> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new(concat!("SELECT ", columns!(), " FROM payments WHERE user_id IN "))
        .push(before)
        .push_bind(json(users))
        .push(after)
        .push(" AND state <> 'incomplete' ORDER BY id")
        .build_query_as()
        .fetch_all(conn).await)
}

/// All payments of a user.
pub async fn ids_of_user(tx: &mut Tx, user: UserId) -> sqlx::Result<Vec<PaymentId>> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT id FROM payments WHERE user_id = $1 AND state <> 'duplicate' ORDER BY id")
        .bind(user)
        .fetch_all(conn).await)
}

/// Payments after one, in their order.
pub async fn after(tx: &mut Tx, after: PaymentId, limit: i64) -> sqlx::Result<Vec<PaymentRecord>> {
    with_conn!(tx, conn => sqlx::query_as(concat!(
        "SELECT ", columns!(), " FROM payments WHERE id > $1 ORDER BY id LIMIT $2"))
        .bind(after)
        .bind(limit)
        .fetch_all(conn).await)
}

/// Payments after one that wait for what is missing, recorded since an instant.
pub async fn waiting(tx: &mut Tx, after: PaymentId, since: Time, limit: i64) -> sqlx::Result<Vec<PaymentId>> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT id FROM payments
         WHERE state IN ('incomplete', 'parked')
           AND recorded_at >= $2
           AND id > $1
         ORDER BY id
         LIMIT $3")
        .bind(after)
        .bind(since)
        .bind(limit)
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::{db_test, fixtures};

    db_test!(what_was_worked_out_comes_back, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let code = fixtures::personal(&mut tx, ann, "ANN-1").await?;
        let ids =
            [insert(&mut tx, true, false, true, Time(3)).await?, insert(&mut tx, false, true, true, Time(4)).await?];
        let found = lock(&mut tx, &[ids[1], ids[0], PaymentId(99)]).await?;
        assert_eq!(
            found.iter().map(|p| (p.id, p.livemode, p.gross)).collect::<Vec<_>>(),
            [(ids[0], true, false), (ids[1], false, true)]
        );
        let paid = PaymentRecord {
            user_id: Some(ann),
            known_by: Some(ClueKind::Email),
            state: PaymentState::Disputed,
            source: Some(PaymentSource::Api),
            source_id: Some("order-1".into()),
            amount: 1_000,
            net_amount: 900,
            currency: Some("EUR".into()),
            refunded: 100,
            disputed: true,
            code_id: Some(code),
            revenue: 810,
            occurred_at: Time(2),
            product: Some("prod_1".into()),
            period_start: Some(Time(1)),
            taken_up: true,
            version: 2,
            ..found[0].clone()
        };
        let twin = PaymentRecord {
            state: PaymentState::Duplicate,
            parked_because: Some(ParkedReason::NoReferral),
            duplicate_of: Some(ids[0]),
            ..found[1].clone()
        };
        update(&mut tx, &[paid.clone(), twin.clone()]).await?;
        update(&mut tx, &[]).await?;
        assert_eq!(lock(&mut tx, &ids).await?, [paid, twin]);
        assert_eq!(first_conversions(&mut tx, &[ann, UserId(9)]).await?, [(ann, Time(2))]);
        assert_eq!(ids_of_user(&mut tx, ann).await?, [ids[0]]);
        let all: Vec<_> = after(&mut tx, PaymentId(0), 9).await?.into_iter().map(|payment| payment.id).collect();
        assert_eq!((all.as_slice(), after(&mut tx, ids[0], 1).await?[0].id), (&ids[..], ids[1]));
        assert_eq!(newest(&mut tx).await?, ids[1]);
        let parked = insert(&mut tx, true, false, true, Time(8)).await?;
        move_duplicates(&mut tx, ids[0], parked).await?;
        let moved = lock(&mut tx, &ids[1..]).await?.remove(0);
        assert_eq!((moved.duplicate_of, moved.version), (Some(parked), 2));
        assert_eq!(waiting(&mut tx, PaymentId(0), Time(8), 9).await?, [parked]);
        assert_eq!(waiting(&mut tx, parked, Time(0), 9).await?, []);
        assert_eq!(waiting(&mut tx, PaymentId(0), Time(9), 9).await?, []);
        tx.commit().await
    });

    db_test!(many_are_made_in_one_statement_and_those_that_wait_are_counted, |db| {
        let mut tx = db.begin().await?;
        let one = insert(&mut tx, true, true, true, Time(3)).await?;
        let ids = insert_many(&mut tx, 3, true, Time(3)).await?;
        let mut records = lock(&mut tx, &ids).await?;
        let first = PaymentRecord { id: records[0].id, earns: false, ..lock(&mut tx, &[one]).await?[0].clone() };
        assert_eq!((ids.len(), &records[0]), (3, &first));
        assert_eq!(count_parked(&mut tx, PaymentId(0)).await?, []);
        for (record, reason) in records.iter_mut().zip([ParkedReason::NoReferral, ParkedReason::UnknownPerson]) {
            (record.state, record.parked_because) = (PaymentState::Parked, Some(reason));
        }
        update(&mut tx, &records).await?;
        let counts = [(ParkedReason::NoReferral, 1), (ParkedReason::UnknownPerson, 1)];
        assert_eq!(count_parked(&mut tx, one).await?, counts);
        assert_eq!(count_parked(&mut tx, ids[0]).await?, counts[1..]);
        tx.commit().await
    });

    #[tokio::test]
    async fn nobody_writes_beside_whoever_holds_all() -> sqlx::Result<()> {
        let db = crate::server::store::testing::postgres().await;
        let (mut one, mut other) = (db.begin().await?, db.begin().await?);
        lock(&mut other, &[PaymentId(1)]).await?;
        assert!(!try_lock_all(&mut one).await?, "somebody is at work");
        drop(one);
        other.commit().await?;
        let mut one = db.begin().await?;
        assert!(try_lock_all(&mut one).await?);
        let mut other = db.begin().await?;
        let waiting = tokio::spawn(async move { insert(&mut other, true, false, true, Time(1)).await });
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        assert!(!waiting.is_finished());
        one.commit().await?;
        waiting.await.expect("its turn").map(|_| ())
    }
}

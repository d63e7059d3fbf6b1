//! Revenue per currency and conversions, as counters: of each code in all, by day, and of the program by hour.

use crate::{
    domain::{
        ids::{CodeId, UserId},
        money::Money,
        time::Time,
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
};
use serde::Serialize;
use sqlx::QueryBuilder;
use std::collections::HashMap;

/// Revenue that a code has more, or less, at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevenueChange {
    pub code: CodeId,
    pub at: Time,
    pub currency: String,
    pub amount: i64,
}

/// Referrals of a code that converted at a time: 1, or −1 when they have not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConversionChange {
    pub code: CodeId,
    pub at: Time,
    pub count: i64,
}

#[derive(Serialize)]
struct Row<'a> {
    code: CodeId,
    day: i64,
    hour: i64,
    currency: &'a str,
    n: i64,
}

/// Moves all counters of revenue.
pub async fn add_revenue(tx: &mut Tx, changes: &[RevenueChange]) -> sqlx::Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let rows: Vec<Row> = changes
        .iter()
        .map(|change| Row {
            code: change.code,
            day: change.at.day(),
            hour: change.at.hour(),
            currency: &change.currency,
            n: change.amount,
        })
        .collect();
    // In one order, so that two who move the same counters do not wait for each other.
    let codes = tx.dialect(
        "INSERT INTO code_revenue (code_id, currency, revenue)
         SELECT value ->> 'code', value ->> 'currency', SUM(value ->> 'n') FROM json_each($1)
         WHERE TRUE GROUP BY 1, 2 ORDER BY 1, 2
         ON CONFLICT (code_id, currency) DO UPDATE SET revenue = code_revenue.revenue + excluded.revenue",
        "INSERT INTO code_revenue (code_id, currency, revenue)
         SELECT (value ->> 'code')::bigint, value ->> 'currency', SUM((value ->> 'n')::bigint)::bigint
         FROM json_array_elements($1::json) GROUP BY 1, 2 ORDER BY 1, 2
         ON CONFLICT (code_id, currency) DO UPDATE SET revenue = code_revenue.revenue + excluded.revenue",
    );
    let days = tx.dialect(
        "INSERT INTO code_day_revenue (code_id, day, currency, revenue)
         SELECT value ->> 'code', value ->> 'day', value ->> 'currency', SUM(value ->> 'n') FROM json_each($1)
         WHERE TRUE GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
         ON CONFLICT (code_id, day, currency) DO UPDATE SET revenue = code_day_revenue.revenue + excluded.revenue",
        "INSERT INTO code_day_revenue (code_id, day, currency, revenue)
         SELECT (value ->> 'code')::bigint, (value ->> 'day')::bigint, value ->> 'currency', SUM((value ->> 'n')::bigint)::bigint
         FROM json_array_elements($1::json) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
         ON CONFLICT (code_id, day, currency) DO UPDATE SET revenue = code_day_revenue.revenue + excluded.revenue",
    );
    let hours = tx.dialect(
        "INSERT INTO program_hour_revenue (hour, currency, revenue)
         SELECT value ->> 'hour', value ->> 'currency', SUM(value ->> 'n') FROM json_each($1)
         WHERE TRUE GROUP BY 1, 2 ORDER BY 1, 2
         ON CONFLICT (hour, currency) DO UPDATE SET revenue = program_hour_revenue.revenue + excluded.revenue",
        "INSERT INTO program_hour_revenue (hour, currency, revenue)
         SELECT (value ->> 'hour')::bigint, value ->> 'currency', SUM((value ->> 'n')::bigint)::bigint
         FROM json_array_elements($1::json) GROUP BY 1, 2 ORDER BY 1, 2
         ON CONFLICT (hour, currency) DO UPDATE SET revenue = program_hour_revenue.revenue + excluded.revenue",
    );
    let rows = json(&rows);
    with_conn!(tx, conn => {
        sqlx::query(codes).bind(&rows).execute(&mut *conn).await?;
        sqlx::query(days).bind(&rows).execute(&mut *conn).await?;
        sqlx::query(hours).bind(&rows).execute(conn).await.map(|_| ())
    })
}

/// Moves all counters of conversions.
pub async fn add_conversions(tx: &mut Tx, changes: &[ConversionChange]) -> sqlx::Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let row = |change: &ConversionChange| Row {
        code: change.code,
        day: change.at.day(),
        hour: change.at.hour(),
        currency: "",
        n: change.count,
    };
    let codes = tx.dialect(
        "UPDATE codes SET conversions = conversions + v.n, version = version + 1
         FROM (SELECT value ->> 'code' AS id, SUM(value ->> 'n') AS n FROM json_each($1) GROUP BY 1) v
         WHERE codes.id = v.id",
        "UPDATE codes SET conversions = conversions + v.n, version = version + 1
         FROM (SELECT (value ->> 'code')::bigint AS id, SUM((value ->> 'n')::bigint)::bigint AS n
               FROM json_array_elements($1::json) GROUP BY 1) v
         WHERE codes.id = v.id",
    );
    let days = tx.dialect(
        "INSERT INTO code_days (code_id, day, conversions)
         SELECT value ->> 'code', value ->> 'day', SUM(value ->> 'n') FROM json_each($1)
         WHERE TRUE GROUP BY 1, 2 ORDER BY 2, 1
         ON CONFLICT (day, code_id) DO UPDATE SET conversions = code_days.conversions + excluded.conversions",
        "INSERT INTO code_days (code_id, day, conversions)
         SELECT (value ->> 'code')::bigint, (value ->> 'day')::bigint, SUM((value ->> 'n')::bigint)::bigint
         FROM json_array_elements($1::json) GROUP BY 1, 2 ORDER BY 2, 1
         ON CONFLICT (day, code_id) DO UPDATE SET conversions = code_days.conversions + excluded.conversions",
    );
    let hours = tx.dialect(
        "INSERT INTO program_hours (hour, conversions)
         SELECT value ->> 'hour', SUM(value ->> 'n') FROM json_each($1)
         WHERE TRUE GROUP BY 1 ORDER BY 1
         ON CONFLICT (hour) DO UPDATE SET conversions = program_hours.conversions + excluded.conversions",
        "INSERT INTO program_hours (hour, conversions)
         SELECT (value ->> 'hour')::bigint, SUM((value ->> 'n')::bigint)::bigint
         FROM json_array_elements($1::json) GROUP BY 1 ORDER BY 1
         ON CONFLICT (hour) DO UPDATE SET conversions = program_hours.conversions + excluded.conversions",
    );
    let rows = json(&changes.iter().map(row).collect::<Vec<_>>());
    with_conn!(tx, conn => {
        sqlx::query(codes).bind(&rows).execute(&mut *conn).await?;
        sqlx::query(days).bind(&rows).execute(&mut *conn).await?;
        sqlx::query(hours).bind(&rows).execute(conn).await.map(|_| ())
    })
}

/// What each of these codes has brought, by currency.
pub async fn of_codes(tx: &mut Tx, codes: &[CodeId]) -> sqlx::Result<HashMap<CodeId, Vec<Money>>> {
    #[derive(sqlx::FromRow)]
    struct CodeRevenue {
        code_id: CodeId,
        #[sqlx(flatten)]
        money: Money,
    }
    let (before, after) = tx.selected_ids();
    let rows: Vec<CodeRevenue> = with_conn!(tx, conn => QueryBuilder::new(
        "SELECT code_id, revenue AS amount, currency FROM code_revenue WHERE revenue <> 0 AND code_id IN ")
        .push(before)
        .push_bind(json(codes))
        .push(after)
        .push(" ORDER BY code_id, currency")
        .build_query_as()
        .fetch_all(conn).await)?;
    let mut found: HashMap<CodeId, Vec<Money>> = HashMap::new();
    for row in rows {
        found.entry(row.code_id).or_default().push(row.money);
    }
    Ok(found)
}

/// What those whom a user brought have paid, by currency, over all codes that credit the user.
pub async fn of_user(tx: &mut Tx, user: UserId) -> sqlx::Result<Vec<Money>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT CAST(SUM(r.revenue) AS BIGINT) AS amount, r.currency
         FROM codes c
         JOIN code_revenue r ON r.code_id = c.id
         WHERE c.owner_id = $1 OR c.beneficiary_id = $1
         GROUP BY r.currency
         HAVING SUM(r.revenue) <> 0
         ORDER BY r.currency")
        .bind(user)
        .fetch_all(conn).await)
}

/// Revenue of the program since the beginning of a day, by currency.
pub async fn since(tx: &mut Tx, from_day: i64) -> sqlx::Result<Vec<Money>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT CAST(SUM(revenue) AS BIGINT) AS amount, currency
         FROM program_hour_revenue
         WHERE hour >= $1
         GROUP BY currency
         HAVING SUM(revenue) <> 0
         ORDER BY currency")
        .bind(from_day * 24)
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{money::Currency, time::HOUR},
        server::store::{code_details, counters, db_test, fixtures, program_stats},
    };

    db_test!(counters_of_revenue_are_kept_apart_by_currency, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let own = fixtures::personal(&mut tx, ann, "ANN-1").await?;
        let campaign = fixtures::Campaign::default().credits(ann).insert(&mut tx, "SPRING").await?;
        let change = |code, at, currency: &str, amount| RevenueChange { code, at, currency: currency.into(), amount };
        let day = Time(30 * HOUR);
        let changes = [
            change(own, Time(5), "USD", 100),
            change(own, day, "USD", 50),
            change(campaign, day, "EUR", 7),
            change(own, day, "JPY", 3),
            change(own, day, "JPY", -3),
        ];
        add_revenue(&mut tx, &changes).await?;
        add_revenue(&mut tx, &[change(own, day, "USD", -20)]).await?;
        add_revenue(&mut tx, &[]).await?;
        let money = |amount, currency: &str| Money { amount, currency: Currency::parse(currency).expect("a currency") };
        let found = of_codes(&mut tx, &[own, campaign]).await?;
        assert_eq!(
            (found[&own].as_slice(), found[&campaign].as_slice()),
            (&[money(130, "USD")][..], &[money(7, "EUR")][..])
        );
        assert_eq!(of_user(&mut tx, ann).await?, [money(7, "EUR"), money(130, "USD")]);
        assert_eq!(since(&mut tx, 1).await?, [money(7, "EUR"), money(30, "USD")]);
        assert_eq!(since(&mut tx, 2).await?, []);
        tx.commit().await
    });

    db_test!(conversions_are_counted_by_code_day_and_hour, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let own = fixtures::personal(&mut tx, ann, "ANN-1").await?;
        let change = |at, count| ConversionChange { code: own, at, count };
        add_conversions(&mut tx, &[change(Time(5), 1), change(Time(HOUR), 1), change(Time(5), 1)]).await?;
        add_conversions(&mut tx, &[change(Time(5), -1)]).await?;
        add_conversions(&mut tx, &[]).await?;
        assert_eq!(counters::of_user(&mut tx, ann).await?.expect("numbers").conversions, 2);
        let details = code_details::details_by_id(&mut tx, own, Time(9)).await?.expect("a code");
        assert_eq!(details.conversions, 2);
        assert_eq!(program_stats::counts_since(&mut tx, 0).await?.conversions, 2);
        tx.commit().await
    });
}

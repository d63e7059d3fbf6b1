//! Revenue day by day.

use crate::{
    domain::{ids::CodeId, money::Money},
    server::store::db::{Tx, with_conn},
};

/// What was earned on one day in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct DayRevenue {
    /// Days since 1970, UTC.
    pub day: i64,
    #[sqlx(flatten)]
    pub money: Money,
}

/// Revenue of the program since a day. Days without any are left out.
pub async fn of_program(tx: &mut Tx, from_day: i64) -> sqlx::Result<Vec<DayRevenue>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT hour / 24 AS day, CAST(SUM(revenue) AS BIGINT) AS amount, currency
         FROM program_hour_revenue
         WHERE hour >= $1
         GROUP BY hour / 24, currency
         HAVING SUM(revenue) <> 0
         ORDER BY day, currency")
        .bind(from_day * 24)
        .fetch_all(conn).await)
}

/// Revenue of a code since a day. Days without any are left out.
pub async fn of_code(tx: &mut Tx, code: CodeId, from_day: i64) -> sqlx::Result<Vec<DayRevenue>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT day, revenue AS amount, currency
         FROM code_day_revenue
         WHERE code_id = $1
           AND day >= $2
           AND revenue <> 0
         ORDER BY day, currency")
        .bind(code)
        .bind(from_day)
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            money::Currency,
            time::{DAY, HOUR, Time},
        },
        server::store::{
            db_test, fixtures,
            revenue::{self, RevenueChange},
        },
    };

    db_test!(revenue_is_told_by_day_and_currency, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let (one, other) = (
            fixtures::personal(&mut tx, ann, "ANN-1").await?,
            fixtures::Campaign::default().insert(&mut tx, "SPRING").await?,
        );
        let change =
            |code, at, currency: &str, amount| RevenueChange { code, at: Time(at), currency: currency.into(), amount };
        let changes = [
            change(one, DAY, "USD", 5),
            change(one, DAY + HOUR, "USD", 7),
            change(one, DAY, "EUR", 1),
            change(one, 3 * DAY, "EUR", 4),
            change(one, 3 * DAY, "EUR", -4),
            change(other, DAY, "USD", 100),
            change(one, 0, "USD", 9),
        ];
        revenue::add_revenue(&mut tx, &changes).await?;
        let on = |day, amount, currency| DayRevenue {
            day,
            money: Money { amount, currency: Currency::parse(currency).expect("a currency") },
        };
        assert_eq!(of_code(&mut tx, one, 1).await?, [on(1, 1, "EUR"), on(1, 12, "USD")]);
        assert_eq!(of_program(&mut tx, 0).await?, [on(0, 9, "USD"), on(1, 1, "EUR"), on(1, 112, "USD")]);
        tx.commit().await
    });
}

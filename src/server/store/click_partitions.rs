//! The partitions of clicks on PostgreSQL: one a month, made ahead of time.

use crate::{
    domain::time::{DAY, Time},
    server::store::{
        clicks,
        db::{Db, Tx},
        name_locks,
    },
};
use jiff::{ToSpan, civil::Date};

/// Months that have their partition ahead of time, the present one included.
const MONTHS_AHEAD: i64 = 3;

/// Makes the partitions for this month and the next ones, unless they are there.
pub async fn ensure_ahead(db: &Db, now: Time) -> sqlx::Result<()> {
    ensure_months(db, now, MONTHS_AHEAD).await
}

/// Makes the partitions of so many months, from that of `first` on, unless they are there.
pub async fn ensure_months(db: &Db, first: Time, count: i64) -> sqlx::Result<()> {
    let mut tx = db.begin().await?;
    ensure_months_in(&mut tx, first, count).await?;
    tx.commit().await
}

/// The same within a transaction of the caller's.
pub async fn ensure_months_in(tx: &mut Tx, first: Time, count: i64) -> sqlx::Result<()> {
    // Who makes the same one at once would be refused, whether or not it exists by then.
    name_locks::lock(tx, &["click_partitions".into()]).await?;
    for (name, from, to) in months(first, count) {
        clicks::ensure_partition(tx, &name, from, to).await?;
    }
    Ok(())
}

/// The partitions of so many months, from that of `first` on: name, begin, end.
fn months(first: Time, count: i64) -> Vec<(String, Time, Time)> {
    let day = Date::new(1970, 1, 1).ok().and_then(|epoch| epoch.checked_add((first.0.div_euclid(DAY)).days()).ok());
    let Some(first) = day.map(Date::first_of_month) else { return vec![] };
    (0..count)
        .filter_map(|n| {
            let from = first.checked_add(n.months()).ok()?;
            let to = from.checked_add(1.month()).ok()?;
            Some((format!("clicks_{:04}_{:02}", from.year(), from.month()), midnight(from)?, midnight(to)?))
        })
        .collect()
}

fn midnight(date: Date) -> Option<Time> {
    let zoned = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Time(zoned.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn many_make_the_same_partitions_at_once() {
        let db = crate::server::store::testing::postgres().await;
        for month in 1..6 {
            let first = Time(1_798_000_000_000 + month * 90 * DAY);
            for made in futures::future::join_all((0..8).map(|_| ensure_ahead(&db, first))).await {
                made.expect("made, or there already");
            }
        }
    }

    #[test]
    fn partitions_are_months_that_touch() {
        let months = months(Time(1_798_000_000_000), 3);
        let names: Vec<_> = months.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names, ["clicks_2026_12", "clicks_2027_01", "clicks_2027_02"]);
        assert_eq!(months[0].2, months[1].1);
        assert_eq!(months[1].1.iso_date(), "2027-01-01");
    }
}

//! The numbers of running instances. Each is part of the ids of the clicks that its holder makes.

use crate::{
    domain::time::{SECOND, Time},
    server::store::db::{Conn, Tx, with_conn, with_own_conn},
};
use sqlx::FromRow;

/// How many numbers there are: ids of clicks have room for so many.
pub const NUMBERS: i64 = 4_096;

/// How long a number belongs to its holder, who renews it well before. Anybody may take it afterwards.
pub const LEASE: i64 = 30 * SECOND;

/// Tries when others take numbers at the same moment.
const TRIES: usize = 20;

/// A number that an instance holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Lease {
    pub number: i64,
    /// Tells holders apart: a random number of the process.
    pub holder: i64,
    /// Every id that was ever made with this number is of an earlier time.
    pub ids_from: Time,
    /// Until here ids are the holder's: whoever takes the number next begins there. So ids never come twice, whatever
    /// clocks do, and also when a holder that was asleep wakes up after its number has been taken.
    pub ids_until: Time,
}

/// Takes the lowest free number; nothing when all are held.
pub async fn take(conn: &mut Conn<'_>, holder: i64, now: Time) -> sqlx::Result<Option<Lease>> {
    for _ in 0..TRIES {
        // A lease that ends later than any could was given by a clock that was wrong.
        let taken = with_own_conn!(conn, conn => sqlx::query_as(
            "INSERT INTO instances (number, holder, leased_until, ids_until)
             SELECT number, $1, $2 + $3, $2 + $3
             FROM (SELECT number FROM instances WHERE leased_until <= $2 OR leased_until > $2 + 2 * $3
                   UNION ALL
                   SELECT COALESCE(MAX(number) + 1, 0) FROM instances) AS free
             WHERE number < $4
             ORDER BY number
             LIMIT 1
             ON CONFLICT (number) DO UPDATE
             SET holder = excluded.holder,
                 leased_until = excluded.leased_until,
                 ids_until = CASE WHEN instances.ids_until > $2 THEN instances.ids_until ELSE $2 END + $3
             WHERE instances.leased_until <= $2
                OR instances.leased_until > $2 + 2 * $3
             RETURNING number, holder, ids_until - $3 AS ids_from, ids_until")
            .bind(holder)
            .bind(now.0)
            .bind(LEASE)
            .bind(NUMBERS)
            .fetch_optional(conn).await)?;
        if taken.is_some() {
            return Ok(taken);
        }
    }
    Ok(None)
}

/// Keeps a number for longer, with the ids up to an instant; whether it was still held.
pub async fn renew(conn: &mut Conn<'_>, lease: &Lease, ids_until: Time, now: Time) -> sqlx::Result<bool> {
    with_own_conn!(conn, conn => sqlx::query(
        "UPDATE instances
         SET leased_until = $3,
             ids_until = $4
         WHERE number = $1
           AND holder = $2")
        .bind(lease.number)
        .bind(lease.holder)
        .bind(now.plus(LEASE))
        .bind(ids_until)
        .execute(conn).await.map(|done| done.rows_affected() == 1))
}

/// Gives a number back, with the ids from an instant on.
pub async fn release(conn: &mut Conn<'_>, lease: &Lease, ids_until: Time) -> sqlx::Result<()> {
    renew(conn, lease, ids_until, Time(-LEASE)).await.map(drop)
}

/// How many numbers are held.
pub async fn count_held(tx: &mut Tx, now: Time) -> sqlx::Result<i64> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT COUNT(*) FROM instances WHERE leased_until > $1")
        .bind(now)
        .fetch_one(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::db_test;

    db_test!(numbers_are_held_until_their_lease_ends, |db| {
        let mut tx = db.begin().await?;
        let now = Time(1_000_000);
        for (holder, at) in [(7, now), (8, now.plus(5))] {
            take(&mut tx.conn(), holder, at).await?.expect("a number");
        }
        let mut held = vec![];
        for at in [LEASE - 1, LEASE, LEASE + 5] {
            held.push(count_held(&mut tx, now.plus(at)).await?);
        }
        assert_eq!(held, [2, 1, 0]);
        tx.commit().await
    });

    db_test!(a_number_has_one_holder_until_its_lease_ends, |db| {
        let mut tx = db.begin().await?;
        let mut conn = tx.conn();
        let now = Time(1_000_000);
        let first = take(&mut conn, 7, now).await?.expect("a number");
        assert_eq!((first.number, first.ids_from, first.ids_until), (0, now, now.plus(LEASE)));
        let second = take(&mut conn, 8, now.plus(LEASE - 1)).await?.expect("a number");
        assert_eq!(second.number, 1);
        // The first has not been renewed: who takes it over begins where its ids end.
        let third = take(&mut conn, 9, now.plus(LEASE)).await?.expect("a number");
        assert_eq!((third.number, third.ids_from), (0, first.ids_until));
        assert!(!renew(&mut conn, &first, now.plus(3 * LEASE), now).await?, "it is somebody else's");
        assert!(renew(&mut conn, &third, now.plus(3 * LEASE), now.plus(LEASE)).await?);
        release(&mut conn, &third, now.plus(2 * LEASE + 5)).await?;
        let fourth = take(&mut conn, 10, now).await?.expect("a number");
        assert_eq!((fourth.number, fourth.ids_from), (0, now.plus(2 * LEASE + 5)));
        tx.commit().await
    });

    db_test!(a_clock_that_went_back_neither_repeats_ids_nor_keeps_numbers, |db| {
        let mut tx = db.begin().await?;
        let mut conn = tx.conn();
        let before = Time(1_000_000_000);
        let first = take(&mut conn, 7, before).await?.expect("a number");
        let after = before.plus(-500_000_000);
        let second = take(&mut conn, 8, after).await?.expect("a number");
        assert_eq!((second.number, second.ids_from), (0, first.ids_until));
        tx.commit().await
    });

    db_test!(there_are_as_many_numbers_as_ids_have_room_for, |db| {
        let mut tx = db.begin().await?;
        let now = Time(1_000_000);
        with_conn!(&mut tx, conn => sqlx::query(
            "WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < $1 - 1)
             INSERT INTO instances (number, holder, leased_until, ids_until) SELECT n, 1, $2, 0 FROM numbers")
            .bind(NUMBERS)
            .bind(now.plus(LEASE))
            .execute(conn).await.map(|_| ()))?;
        assert_eq!(take(&mut tx.conn(), 7, now).await?, None);
        let next = take(&mut tx.conn(), 7, now.plus(LEASE)).await?.expect("a number");
        assert_eq!((next.number, next.ids_from), (0, now.plus(LEASE)));
        tx.commit().await
    });

    #[tokio::test]
    async fn instances_that_start_together_have_different_numbers() -> sqlx::Result<()> {
        let db = crate::server::store::testing::postgres().await;
        let mut numbers = vec![];
        let takers = (0..12).map(async |holder| take(&mut db.read().await?.conn(), holder, Time(1_000_000)).await);
        for taken in futures::future::join_all(takers).await {
            numbers.push(taken?.map(|lease| lease.number));
        }
        numbers.sort();
        assert_eq!(numbers, (0..12).map(Some).collect::<Vec<_>>());
        Ok(())
    }
}

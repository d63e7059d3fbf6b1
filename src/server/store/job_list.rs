//! Jobs as pages show them.

use crate::{
    domain::{cursor::Cursor, ids::JobId},
    server::store::{
        db::{Tx, with_conn},
        jobs::{JobRecord, columns},
    },
};

pub async fn by_id(tx: &mut Tx, id: JobId) -> sqlx::Result<Option<JobRecord>> {
    with_conn!(tx, conn => sqlx::query_as(concat!("SELECT ", columns!(), " FROM jobs WHERE id = $1"))
        .bind(id)
        .fetch_optional(conn).await)
}

/// Up to `limit` jobs of a kind: open ones first, then the latest.
pub async fn latest(tx: &mut Tx, kind: &str, limit: i64) -> sqlx::Result<Vec<JobRecord>> {
    with_conn!(tx, conn => sqlx::query_as(concat!(
        "SELECT ", columns!(), "
         FROM jobs
         WHERE kind = $1
         ORDER BY CASE state WHEN 'open' THEN 0 ELSE 1 END, id DESC
         LIMIT $2"))
        .bind(kind)
        .bind(limit)
        .fetch_all(conn).await)
}

/// Up to `limit` open jobs, in the order in which they are taken.
pub async fn open(tx: &mut Tx, limit: i64) -> sqlx::Result<Vec<JobRecord>> {
    with_conn!(tx, conn => sqlx::query_as(concat!(
        "SELECT ", columns!(), "
         FROM jobs
         WHERE state = 'open'
         ORDER BY run_at, id
         LIMIT $1"))
        .bind(limit)
        .fetch_all(conn).await)
}

/// How many jobs are open.
pub async fn count_open(tx: &mut Tx) -> sqlx::Result<i64> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT COUNT(*) FROM jobs WHERE state = 'open'").fetch_one(conn).await)
}

/// Up to `limit` failed jobs, those that failed last first, after a place that [`failed_at`] gives.
pub async fn failed(tx: &mut Tx, after: Option<&Cursor>, limit: i64) -> sqlx::Result<Vec<JobRecord>> {
    let (ended_at, id) = after.map_or((i64::MAX, i64::MAX), |after| (after.number().unwrap_or(i64::MAX), after.id));
    with_conn!(tx, conn => sqlx::query_as(concat!(
        "SELECT ", columns!(), "
         FROM jobs
         WHERE state = 'failed'
           AND (ended_at, id) < ($1, $2)
         ORDER BY ended_at DESC, id DESC
         LIMIT $3"))
        .bind(ended_at)
        .bind(id)
        .bind(limit)
        .fetch_all(conn).await)
}

/// The place of a failed job in the list of these.
pub fn failed_at(job: &JobRecord) -> Cursor {
    Cursor::of_number(job.ended_at.unwrap_or_default().0, job.id.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{job::JobPayload, message::Message, time::Time},
        server::store::{
            db_test,
            jobs::{self, NewJob},
        },
    };
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    struct Test;

    impl JobPayload for Test {
        const KIND: &'static str = "test";
    }

    db_test!(open_jobs_of_a_kind_are_listed_first, |db| {
        let mut tx = db.begin().await?;
        let mut ids = vec![];
        for _ in 0..3 {
            ids.push(jobs::enqueue(&mut tx, &NewJob::of(&Test, Time(1))).await?);
        }
        for id in [ids[0], ids[1]] {
            let job = jobs::take(&mut tx, 1, Time(5), Time(10)).await?.expect("a job");
            assert_eq!(job.id, id);
        }
        let last = jobs::take(&mut tx, 1, Time(5), Time(10)).await?.expect("a job");
        assert!(jobs::end(&mut tx, &last, Some(&Message::JobBroke), Time(6)).await?);
        jobs::enqueue(&mut tx, &NewJob { kind: "other", ..NewJob::of(&Test, Time(1)) }).await?;
        let listed: Vec<_> = latest(&mut tx, "test", 2).await?.into_iter().map(|job| job.id).collect();
        assert_eq!(listed, [ids[1], ids[0]]);
        tx.commit().await
    });

    db_test!(failed_jobs_are_listed_page_by_page_and_open_ones_by_their_turn, |db| {
        let mut tx = db.begin().await?;
        // Of these fail, at 7, 5, 7 and 6, the first four.
        let mut ids = vec![];
        for ended_at in [7, 5, 7, 6] {
            ids.push(jobs::enqueue(&mut tx, &NewJob::of(&Test, Time(1))).await?);
            let job = jobs::take(&mut tx, 1, Time(1), Time(10)).await?.expect("a job");
            assert!(jobs::end(&mut tx, &job, Some(&Message::JobBroke), Time(ended_at)).await?);
        }
        for run_at in [9, 8] {
            ids.push(jobs::enqueue(&mut tx, &NewJob { run_at: Time(run_at), ..NewJob::of(&Test, Time(1)) }).await?);
        }
        let first = failed(&mut tx, None, 3).await?;
        let second = failed(&mut tx, Some(&failed_at(&first[2])), 3).await?;
        let listed: Vec<_> = first.iter().chain(&second).map(|job| job.id).collect();
        assert_eq!((first.len(), listed), (3, vec![ids[2], ids[0], ids[3], ids[1]]));
        let listed: Vec<_> = open(&mut tx, 1).await?.into_iter().map(|job| job.id).collect();
        assert_eq!((count_open(&mut tx).await?, listed), (2, vec![ids[5]]));
        tx.commit().await
    });
}

//! Jobs as pages show them.

use crate::{
    domain::ids::JobId,
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
}

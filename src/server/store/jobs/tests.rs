use super::*;
use crate::server::store::{bulk_codes, db_test, fixtures::Campaign, job_list};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Test;

impl JobPayload for Test {
    const KIND: &'static str = "test";
}

/// Asked for at 1.
fn new(total: i64) -> NewJob<'static> {
    NewJob { total, actor: "ann", ..NewJob::of(&Test, Time(1)) }
}

/// Any job, however many steps it has.
async fn take_any(tx: &mut Tx, now: Time, until: Time) -> sqlx::Result<Option<JobRecord>> {
    take(tx, i64::MAX, now, until).await
}

async fn by_id(tx: &mut Tx, id: JobId) -> sqlx::Result<JobRecord> {
    Ok(job_list::by_id(tx, id).await?.expect("the job"))
}

db_test!(a_job_is_taken_once_until_its_lease_ends, |db| {
    let mut tx = db.begin().await?;
    let id = enqueue(&mut tx, &new(10)).await?;
    assert!(any_free(&mut tx, 10, Time(5)).await?);
    let first = take_any(&mut tx, Time(5), Time(10)).await?.expect("a job");
    assert_eq!((first.id, first.lease, first.leased_until), (id, 1, Time(10)));
    assert!(!any_free(&mut tx, 10, Time(9)).await?);
    assert_eq!(take_any(&mut tx, Time(9), Time(20)).await?, None);
    assert!(advance(&mut tx, &first, 4, Time(12)).await?);
    assert_eq!(take_any(&mut tx, Time(11), Time(20)).await?, None);
    let second = take_any(&mut tx, Time(12), Time(20)).await?.expect("the same job");
    assert_eq!((second.id, second.lease, second.attempts, second.done), (id, 2, 2, 4));
    // Who had it before can do nothing more.
    assert!(!advance(&mut tx, &first, 1, Time(30)).await?);
    assert!(!retry_later(&mut tx, &first, &Message::JobBroke, Time(13)).await?);
    assert!(!repeat(&mut tx, &first, Time(13)).await?);
    assert!(!end(&mut tx, &first, None, Time(13)).await?);
    assert_eq!(by_id(&mut tx, id).await?, second);
    assert!(end(&mut tx, &second, None, Time(13)).await?);
    assert!(!end(&mut tx, &second, Some(&Message::JobNeverEnds), Time(14)).await?);
    let ended = by_id(&mut tx, id).await?;
    assert_eq!((ended.state.as_str(), ended.ended_at), ("done", Some(Time(13))));
    assert_eq!(take_any(&mut tx, Time(99), Time(100)).await?, None);
    tx.commit().await
});

db_test!(a_job_that_did_not_get_through_waits_and_keeps_why, |db| {
    let mut tx = db.begin().await?;
    let id = enqueue(&mut tx, &NewJob { run_at: Time(3), ..new(1) }).await?;
    assert!(!any_free(&mut tx, 1, Time(2)).await?);
    assert_eq!(take_any(&mut tx, Time(2), Time(10)).await?, None);
    let job = take_any(&mut tx, Time(3), Time(10)).await?.expect("the job");
    assert!(retry_later(&mut tx, &job, &Message::JobDatabaseFailed, Time(8)).await?);
    let waiting = by_id(&mut tx, id).await?;
    assert_eq!((waiting.run_at, waiting.attempts), (Time(8), 1));
    assert_eq!(waiting.problem(), Some(Message::JobDatabaseFailed));
    assert_eq!(take_any(&mut tx, Time(7), Time(20)).await?, None);
    let job = take_any(&mut tx, Time(8), Time(20)).await?.expect("the job");
    assert_eq!((job.attempts, job.lease), (2, 2));
    assert!(end(&mut tx, &job, Some(&Message::JobNeverEnds), Time(9)).await?);
    let failed = by_id(&mut tx, id).await?;
    assert_eq!((failed.state.as_str(), failed.problem()), ("failed", Some(Message::JobNeverEnds)));
    tx.commit().await
});

db_test!(the_job_that_has_waited_longest_comes_first_and_long_ones_can_be_left, |db| {
    let mut tx = db.begin().await?;
    let long = enqueue(&mut tx, &NewJob { run_at: Time(2), ..new(2) }).await?;
    let late = enqueue(&mut tx, &NewJob { run_at: Time(4), ..new(1) }).await?;
    let early = enqueue(&mut tx, &NewJob { run_at: Time(3), ..new(1) }).await?;
    let mut taken = vec![];
    while let Some(job) = take(&mut tx, 1, Time(5), Time(10)).await? {
        taken.push(job.id);
    }
    assert_eq!(taken, [early, late]);
    assert!(!any_free(&mut tx, 1, Time(5)).await? && any_free(&mut tx, 2, Time(5)).await?);
    assert_eq!(take(&mut tx, 2, Time(5), Time(10)).await?.map(|job| job.id), Some(long));
    tx.commit().await
});

db_test!(a_key_has_one_open_job_of_a_kind, |db| {
    let mut tx = db.begin().await?;
    let first = enqueue_once(&mut tx, &new(1), "a").await?.expect("a job");
    assert_eq!(enqueue_once(&mut tx, &new(1), "a").await?, None);
    assert!(enqueue_once(&mut tx, &new(1), "b").await?.is_some());
    assert!(enqueue_once(&mut tx, &NewJob { kind: "other", ..new(1) }, "a").await?.is_some());
    assert!(enqueue(&mut tx, &new(1)).await? != enqueue(&mut tx, &new(1)).await?, "without a key there are many");
    let mut kinds = open_kinds(&mut tx, "a").await?;
    kinds.sort();
    assert_eq!(kinds, ["other", "test"]);
    let job = take_any(&mut tx, Time(5), Time(10)).await?.expect("the job");
    assert_eq!(job.id, first);
    assert_eq!(enqueue_once(&mut tx, &new(1), "a").await?, None, "it is being done");
    assert!(end(&mut tx, &job, None, Time(6)).await?);
    assert!(enqueue_once(&mut tx, &new(1), "a").await?.is_some());
    tx.commit().await
});

db_test!(a_job_that_comes_again_begins_anew, |db| {
    let mut tx = db.begin().await?;
    let id = enqueue(&mut tx, &new(3)).await?;
    let job = take_any(&mut tx, Time(5), Time(10)).await?.expect("the job");
    assert!(retry_later(&mut tx, &job, &Message::JobBroke, Time(5)).await?);
    let job = take_any(&mut tx, Time(5), Time(10)).await?.expect("the job");
    assert!(advance(&mut tx, &job, 3, Time(20)).await?);
    assert!(repeat(&mut tx, &job, Time(100)).await?);
    assert_eq!(take_any(&mut tx, Time(99), Time(200)).await?, None);
    let again = take_any(&mut tx, Time(100), Time(200)).await?.expect("the job");
    assert_eq!((again.id, again.attempts, again.done, again.problem()), (id, 1, 0, None));
    tx.commit().await
});

db_test!(a_failed_job_begins_anew_unless_another_one_does_the_same, |db| {
    let mut tx = db.begin().await?;
    let id = enqueue_once(&mut tx, &new(1), "a").await?.expect("a job");
    assert!(!reopen(&mut tx, id, Time(9)).await?, "it is open");
    let job = take_any(&mut tx, Time(5), Time(10)).await?.expect("the job");
    assert!(end(&mut tx, &job, Some(&Message::JobBroke), Time(6)).await?);
    let other = enqueue_once(&mut tx, &new(1), "a").await?.expect("a job");
    assert!(!reopen(&mut tx, id, Time(9)).await?, "another one does the same");
    let job = take_any(&mut tx, Time(5), Time(10)).await?.expect("the other job");
    assert!(end(&mut tx, &job, None, Time(6)).await?);
    assert!(!reopen(&mut tx, other, Time(9)).await?, "it is done");
    assert!(reopen(&mut tx, id, Time(9)).await?);
    assert!(!reopen(&mut tx, id, Time(9)).await?, "it is open again");
    let again = by_id(&mut tx, id).await?;
    assert_eq!((again.state.as_str(), again.run_at, again.attempts), ("open", Time(9), 0));
    assert_eq!((again.problem(), again.ended_at), (None, None));
    // Who had it before it failed is still refused.
    assert_eq!(take_any(&mut tx, Time(9), Time(20)).await?.map(|job| job.lease), Some(2));
    // Without a key each is for itself.
    let [one, _] = [enqueue(&mut tx, &new(1)).await?, enqueue(&mut tx, &new(1)).await?];
    let job = take_any(&mut tx, Time(5), Time(10)).await?.expect("a job");
    assert!(end(&mut tx, &job, Some(&Message::JobBroke), Time(6)).await? && reopen(&mut tx, one, Time(9)).await?);
    tx.commit().await
});

db_test!(ended_jobs_are_deleted_after_a_while_but_not_those_that_codes_name, |db| {
    let mut tx = db.begin().await?;
    let mut ids = vec![];
    // Done at 10 to 13, failed at 14 to 17; the last two are open.
    for n in 0..10 {
        ids.push(enqueue(&mut tx, &new(1)).await?);
        if n < 8 {
            let job = take_any(&mut tx, Time(5), Time(9)).await?.expect("a job");
            assert!(end(&mut tx, &job, (n >= 4).then_some(&Message::JobBroke), Time(10 + n)).await?);
        }
    }
    let named = Campaign::default().insert(&mut tx, "AAA").await?;
    with_conn!(&mut tx, conn => sqlx::query("UPDATE codes SET job_id = $1 WHERE id = $2")
        .bind(ids[1])
        .bind(named)
        .execute(conn).await.map(|_| ()))?;
    assert_eq!(bulk_codes::page(&mut tx, ids[1], crate::domain::ids::CodeId(0), 9).await?.len(), 1);
    assert_eq!(prune(&mut tx, Time(12), Time(15), 2).await?, 2);
    assert_eq!(prune(&mut tx, Time(12), Time(15), 9).await?, 2);
    assert_eq!(prune(&mut tx, Time(12), Time(15), 9).await?, 0);
    let mut left = vec![];
    for id in &ids {
        left.extend(job_list::by_id(&mut tx, *id).await?.map(|job| job.id));
    }
    assert_eq!(left, [ids[1], ids[3], ids[6], ids[7], ids[8], ids[9]]);
    tx.commit().await
});

db_test!(somebody_who_is_forgotten_leaves_no_name, |db| {
    let mut tx = db.begin().await?;
    let payload = "{\"credited\":\"ann@example.com\",\"of\":\"joann@example.com\"}".to_owned();
    let id = enqueue(&mut tx, &NewJob { actor_id: Some(UserId(7)), payload, ..new(1) }).await?;
    let other = enqueue(&mut tx, &new(1)).await?;
    forget(&mut tx, UserId(7), &["ann@example.com".into()], "nobody").await?;
    let job = by_id(&mut tx, id).await?;
    let payload = "{\"credited\":\"nobody\",\"of\":\"joann@example.com\"}";
    assert_eq!((job.actor.as_str(), job.payload.as_str()), ("nobody", payload));
    assert_eq!(by_id(&mut tx, other).await?.actor, "ann");
    tx.commit().await
});

#[tokio::test]
async fn two_workers_take_different_jobs() -> sqlx::Result<()> {
    let db = crate::server::store::testing::postgres().await;
    let mut tx = db.begin().await?;
    let ids = [enqueue(&mut tx, &new(1)).await?, enqueue(&mut tx, &new(1)).await?];
    tx.commit().await?;
    let (mut one, mut other) = (db.begin().await?, db.begin().await?);
    let first = take_any(&mut one, Time(5), Time(10)).await?.map(|job| job.id);
    let second = take_any(&mut other, Time(5), Time(10)).await?.map(|job| job.id);
    assert_eq!([first, second], ids.map(Some));
    assert_eq!(take_any(&mut other, Time(5), Time(10)).await?, None);
    Ok(())
}

#[tokio::test]
async fn instances_that_ask_at_once_for_a_key_make_one_job() -> sqlx::Result<()> {
    let db = crate::server::store::testing::postgres().await;
    let asked = (0..8).map(async |_| -> sqlx::Result<_> {
        let mut tx = db.begin().await?;
        let made = enqueue_once(&mut tx, &new(1), "a").await?;
        tx.commit().await.map(|()| made)
    });
    let made = futures::future::try_join_all(asked).await?;
    assert_eq!(made.into_iter().flatten().count(), 1);
    Ok(())
}

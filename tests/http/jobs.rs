//! Work in the background: tried again, given up, taken over, repeated.

use crate::{
    on_both,
    site::{START, Site},
};
use passalong::{
    domain::{
        ids::JobId,
        job::JobPayload,
        message::Message,
        time::{DAY, SECOND, Time},
    },
    server::{
        jobs::{
            KINDS,
            job::{Job, JobContext, JobError, Kind, LEASE},
            prune_jobs::PruneJobs,
            recurring,
            runner::{self, WORKERS},
        },
        state::AppState,
        store::{
            db::{Db, Tx},
            job_list,
            jobs::{self, JobRecord, NewJob},
            sent_forms,
        },
    },
};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// A job that does what it is told to.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum Trial {
    Succeed,
    /// Writes and ends itself in one transaction.
    Finish,
    RetryLater,
    Fail,
    MeetDatabaseError,
    Panic,
    /// Writes when somebody else has the job already.
    WriteTooLate,
    /// Goes on until a note says so.
    Wait,
    FailAndStay,
}

impl JobPayload for Trial {
    const KIND: &'static str = "trial";
}

/// Leaves a note in the database, which only the jobs of these tests do.
async fn note(tx: &mut Tx, name: &str) -> Result<(), JobError> {
    sent_forms::claim(tx, name.as_bytes(), Time(1)).await?;
    Ok(())
}

async fn is_noted(state: &AppState, name: &str) -> bool {
    let mut tx = state.db.begin().await.expect("a transaction");
    !sent_forms::claim(&mut tx, name.as_bytes(), Time(1)).await.expect("read")
}

impl Job for Trial {
    const ATTEMPTS: i64 = 3;

    async fn run(&self, context: &JobContext) -> Result<(), JobError> {
        let (state, job) = (&context.state, &context.job);
        match self {
            Self::Succeed => Ok(()),
            Self::Finish => {
                let mut tx = state.db.begin().await?;
                note(&mut tx, "finished").await?;
                context.finish(&mut tx).await?;
                Ok(tx.commit().await?)
            }
            Self::RetryLater => Err(JobError::Retry(Message::InThePast)),
            Self::Fail | Self::FailAndStay => Err(JobError::Failed(Message::Malformed)),
            Self::MeetDatabaseError => Err(JobError::Database(sqlx::Error::PoolTimedOut)),
            Self::Panic => panic!("as it was told to"),
            Self::WriteTooLate => {
                let later = state.clock.now().plus(LEASE);
                let mut other = state.db.begin().await?;
                let taken = jobs::take(&mut other, 1, later, later.plus(LEASE)).await?.expect("the job");
                assert_eq!(taken.id, job.id);
                other.commit().await?;
                let mut tx = state.db.begin().await?;
                note(&mut tx, "too late").await?;
                context.advance(&mut tx, 1).await?;
                Ok(tx.commit().await?)
            }
            Self::Wait => {
                while !is_noted(state, "go").await {
                    sleep(Duration::from_millis(20)).await;
                }
                Ok(())
            }
        }
    }

    async fn give_up(context: &JobContext) -> Result<(), JobError> {
        if context.job.payload.contains("FailAndStay") {
            return Err(JobError::Database(sqlx::Error::PoolTimedOut));
        }
        let mut tx = context.state.db.begin().await?;
        note(&mut tx, &format!("given up {}", context.job.id)).await?;
        context.advance(&mut tx, 0).await?;
        Ok(tx.commit().await?)
    }
}

/// A job that comes every day and fails on the second.
#[derive(Default, Serialize, Deserialize)]
struct Daily;

impl JobPayload for Daily {
    const KIND: &'static str = "daily";
}

impl Job for Daily {
    async fn run(&self, context: &JobContext) -> Result<(), JobError> {
        match context.job.lease {
            2 => Err(JobError::Failed(Message::Malformed)),
            _ => Ok(()),
        }
    }
}

static TRIALS: [Kind; 2] = [Kind::of::<Trial>(), Kind::recurring::<Daily>(DAY)];

/// A site whose jobs wait for this test to do them.
async fn idle(db: Db) -> Site {
    let site = Site::start(db).await.without_tasks().await;
    let mut tx = site.state.db.begin().await.expect("a transaction");
    let all = Time(i64::MAX);
    // Those of the site itself.
    while let Some(job) = jobs::take(&mut tx, i64::MAX, all, all).await.expect("taken") {
        assert!(jobs::end(&mut tx, &job, None, START).await.expect("ended"));
    }
    tx.commit().await.expect("stored");
    site
}

async fn ask(site: &Site, new: NewJob<'_>) -> JobId {
    let mut tx = site.state.db.begin().await.expect("a transaction");
    let id = jobs::enqueue(&mut tx, &new).await.expect("stored");
    tx.commit().await.expect("stored");
    id
}

async fn ask_for(site: &Site, trial: Trial) -> JobId {
    ask(site, NewJob::of(&trial, site.clock.now())).await
}

/// Lets a worker do one job; whether there was one.
async fn work(site: &Site) -> bool {
    runner::next(&site.state, &TRIALS, i64::MAX).await.expect("a database")
}

async fn job(site: &Site, id: JobId) -> JobRecord {
    let mut tx = site.state.db.read().await.expect("a transaction");
    job_list::by_id(&mut tx, id).await.expect("read").expect("the job")
}

on_both!(a_job_is_tried_again_ever_later_and_given_up_in_the_end, |db| {
    let site = idle(db).await;
    let id = ask_for(&site, Trial::RetryLater).await;
    for (attempt, wait) in [(1, 10 * SECOND), (2, 20 * SECOND)] {
        assert!(work(&site).await);
        let waiting = job(&site, id).await;
        assert_eq!((waiting.state.as_str(), waiting.attempts), ("open", attempt));
        assert_eq!(waiting.problem(), Some(Message::InThePast));
        let waits = waiting.run_at.since(site.clock.now());
        assert!((wait..=wait * 6 / 5).contains(&waits), "{waits}");
        site.clock.set(waiting.run_at.plus(-1));
        assert!(!work(&site).await, "it is not its time yet");
        site.clock.set(waiting.run_at);
    }
    assert!(!is_noted(&site.state, &format!("given up {id}")).await);
    assert!(work(&site).await);
    let failed = job(&site, id).await;
    assert_eq!((failed.state.as_str(), failed.attempts, failed.ended_at), ("failed", 3, Some(site.clock.now())));
    assert_eq!(failed.problem(), Some(Message::InThePast));
    assert!(is_noted(&site.state, &format!("given up {id}")).await);
    site.clock.set(site.clock.now().plus(DAY));
    assert!(!work(&site).await);
});

on_both!(a_job_that_cannot_be_done_ends_at_once, |db| {
    let site = idle(db).await;
    let id = ask_for(&site, Trial::Fail).await;
    assert!(work(&site).await);
    let failed = job(&site, id).await;
    assert_eq!((failed.state.as_str(), failed.attempts, failed.problem()), ("failed", 1, Some(Message::Malformed)));
    assert!(is_noted(&site.state, &format!("given up {id}")).await);
    // What cannot be taken back yet is not over.
    let id = ask_for(&site, Trial::FailAndStay).await;
    assert!(work(&site).await);
    assert_eq!(job(&site, id).await.state, "open");
});

on_both!(whatever_stops_a_job_is_told_in_plain_words_and_the_next_one_is_done, |db| {
    let site = idle(db).await;
    let trials = [(Trial::MeetDatabaseError, Message::JobDatabaseFailed), (Trial::Panic, Message::JobBroke)];
    for (trial, why) in trials {
        let id = ask_for(&site, trial).await;
        assert!(work(&site).await);
        let waiting = job(&site, id).await;
        assert_eq!((waiting.state.as_str(), waiting.problem()), ("open", Some(why)), "{trial:?}");
    }
    // Jobs of another version wait for it.
    for unknown in [
        NewJob { kind: "of tomorrow", ..NewJob::of(&Trial::Succeed, START) },
        NewJob { payload: "{}".into(), ..NewJob::of(&Trial::Succeed, START) },
    ] {
        let id = ask(&site, unknown).await;
        assert!(work(&site).await);
        let waiting = job(&site, id).await;
        assert_eq!((waiting.state.as_str(), waiting.problem()), ("open", Some(Message::JobUnknown)));
    }
    let id = ask_for(&site, Trial::Succeed).await;
    assert!(work(&site).await);
    assert_eq!(job(&site, id).await.state, "done");
});

on_both!(a_job_whose_holders_die_is_given_up, |db| {
    let site = idle(db).await;
    let id = ask_for(&site, Trial::Succeed).await;
    for _ in 0..3 {
        let now = site.clock.now();
        let mut tx = site.state.db.begin().await.expect("a transaction");
        assert!(jobs::take(&mut tx, 1, now, now.plus(LEASE)).await.expect("taken").is_some());
        tx.commit().await.expect("stored");
        assert!(!work(&site).await);
        site.clock.set(now.plus(LEASE));
    }
    assert!(work(&site).await);
    let failed = job(&site, id).await;
    assert_eq!((failed.state.as_str(), failed.problem()), ("failed", Some(Message::JobNeverEnds)));
});

on_both!(whoever_lost_a_job_writes_nothing_more, |db| {
    let site = idle(db).await;
    let id = ask_for(&site, Trial::WriteTooLate).await;
    assert!(work(&site).await);
    assert!(!is_noted(&site.state, "too late").await);
    let job = job(&site, id).await;
    assert_eq!((job.state.as_str(), job.lease, job.done), ("open", 2, 0));
    assert_eq!((job.problem(), job.leased_until), (None, site.clock.now().plus(2 * LEASE)));
});

on_both!(a_job_may_end_itself_with_what_it_writes, |db| {
    let site = idle(db).await;
    let id = ask_for(&site, Trial::Finish).await;
    assert!(work(&site).await);
    assert_eq!(job(&site, id).await.state, "done");
    assert!(is_noted(&site.state, "finished").await);
});

on_both!(a_job_that_takes_long_is_kept, |db| {
    let site = idle(db).await;
    let id = ask_for(&site, Trial::Wait).await;
    let state = site.state.clone();
    let working = tokio::spawn(async move { runner::next(&state, &TRIALS, 1).await });
    while job(&site, id).await.lease == 0 {
        sleep(Duration::from_millis(20)).await;
    }
    for _ in 0..2 {
        site.clock.set(site.clock.now().plus(LEASE - SECOND));
        let renewed = async {
            while job(&site, id).await.leased_until < site.clock.now().plus(LEASE) {
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(Duration::from_secs(10), renewed).await.expect("the lease is renewed");
        assert!(!work(&site).await, "nobody else takes it");
    }
    let mut tx = site.state.db.begin().await.expect("a transaction");
    note(&mut tx, "go").await.expect("noted");
    tx.commit().await.expect("stored");
    assert!(working.await.expect("no panic").expect("a database"));
    let done = job(&site, id).await;
    assert_eq!((done.state.as_str(), done.lease), ("done", 1));
});

on_both!(a_long_job_keeps_no_short_one_waiting, |db| {
    let site = idle(db).await;
    let now = site.clock.now();
    let long = ask(&site, NewJob { total: 100, ..NewJob::of(&Trial::Wait, now) }).await;
    let longer = ask(&site, NewJob { total: 200, ..NewJob::of(&Trial::Wait, now) }).await;
    let [any, short_only] = WORKERS;
    let state = site.state.clone();
    let working = tokio::spawn(async move { runner::next(&state, &TRIALS, any).await });
    while job(&site, long).await.lease == 0 {
        sleep(Duration::from_millis(20)).await;
    }
    let short = ask_for(&site, Trial::Succeed).await;
    assert!(runner::next(&site.state, &TRIALS, short_only).await.expect("a database"));
    assert!(!runner::next(&site.state, &TRIALS, short_only).await.expect("a database"));
    assert_eq!(job(&site, short).await.state, "done");
    assert_eq!((job(&site, long).await.state.as_str(), job(&site, longer).await.lease), ("open", 0));
    working.abort();
});

on_both!(a_recurring_job_comes_again_once_whatever_the_number_of_instances, |db| {
    let site = idle(db).await;
    let all = async || {
        let mut tx = site.state.db.read().await.expect("a transaction");
        job_list::latest(&mut tx, Daily::KIND, 9).await.expect("read")
    };
    let ensure = async || recurring::ensure(&site.state, &TRIALS).await.expect("a database");
    futures::future::join_all((0..4).map(|_| ensure())).await;
    let first = all().await;
    assert_eq!((first.len(), first[0].run_at), (1, START));
    assert!(work(&site).await);
    ensure().await;
    let again = all().await;
    assert_eq!((again.len(), again[0].id, again[0].state.as_str()), (1, first[0].id, "open"));
    assert_eq!((again[0].run_at, again[0].attempts), (START.plus(DAY), 0));
    assert!(!work(&site).await);
    // A time that fails is kept as failed, and the next one comes all the same.
    site.clock.set(START.plus(DAY));
    assert!(work(&site).await);
    ensure().await;
    let [next, failed] = &all().await[..] else { panic!("two jobs") };
    assert_eq!((failed.id, failed.state.as_str()), (first[0].id, "failed"));
    assert_eq!((next.state.as_str(), next.run_at), ("open", START.plus(2 * DAY)));
    site.clock.set(START.plus(2 * DAY));
    assert!(work(&site).await);
    assert_eq!(all().await[0].run_at, START.plus(3 * DAY));
});

on_both!(jobs_that_ended_long_ago_are_deleted_by_a_job, |db| {
    let site = idle(db).await;
    let [done, failed] = [ask_for(&site, Trial::Succeed).await, ask_for(&site, Trial::Fail).await];
    assert!(work(&site).await && work(&site).await);
    let prune = async |at: Time| {
        site.clock.set(at);
        let pruning = ask(&site, NewJob::of(&PruneJobs, at)).await;
        assert!(runner::next(&site.state, &KINDS, i64::MAX).await.expect("a database"));
        assert_eq!(job(&site, pruning).await.state, "done");
        let mut tx = site.state.db.read().await.expect("a transaction");
        let mut left = vec![];
        for id in [done, failed] {
            left.extend(job_list::by_id(&mut tx, id).await.expect("read").map(|job| job.id));
        }
        left
    };
    assert_eq!(prune(START.plus(7 * DAY - 1)).await, [done, failed]);
    assert_eq!(prune(START.plus(7 * DAY)).await, [failed]);
    assert_eq!(prune(START.plus(90 * DAY - 1)).await, [failed]);
    assert_eq!(prune(START.plus(90 * DAY)).await, []);
});

on_both!(workers_of_the_site_do_what_is_asked_for, |db| {
    let site = Site::start(db).await;
    let mut tx = site.state.db.begin().await.expect("a transaction");
    let asked = jobs::enqueue(&mut tx, &NewJob::of(&PruneJobs, START)).await.expect("stored");
    tx.commit().await.expect("stored");
    site.state.new_job.send_replace(());
    let done = async {
        while job(&site, asked).await.state == "open" {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(10), done).await.expect("the job is done");
});

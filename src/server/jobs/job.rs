//! What a kind of job is, and what it has at hand while it is done.

use crate::{
    domain::{
        job::JobPayload,
        message::Message,
        time::{SECOND, Time},
    },
    server::{
        state::AppState,
        store::{
            db::Tx,
            jobs::{self, JobRecord, NewJob},
        },
    },
};
use futures::future::BoxFuture;

/// How long a job is held after each of its steps, in milliseconds.
pub const LEASE: i64 = 10 * SECOND;

/// Attempts of a job, unless its kind says otherwise.
pub const ATTEMPTS: i64 = 10;

/// The key of jobs that come again by themselves: one of each kind is open.
pub const RECURRING: &str = "recurring";

/// A kind of job: its payload, and how it is done. Actions ask for it by `store::jobs::enqueue` in their transaction.
///
/// It may be begun again after any of its steps, by another instance too. So each transaction in which it writes ends
/// with [`JobContext::advance`] or [`JobContext::finish`], which refuse it to whoever does not hold the job any more.
pub trait Job: JobPayload {
    /// How often it is begun before it is given up.
    const ATTEMPTS: i64 = ATTEMPTS;

    /// Does it, from where it was left.
    fn run(&self, context: &JobContext) -> impl Future<Output = Result<(), JobError>> + Send;

    /// Takes back what was done so far, before the job ends as failed. Nothing, unless the kind says otherwise.
    fn give_up(_context: &JobContext) -> impl Future<Output = Result<(), JobError>> + Send {
        async { Ok(()) }
    }
}

/// Why a job did not get through.
#[derive(Debug)]
pub enum JobError {
    /// Another instance has it by now.
    Lost,
    /// It cannot be done; why, for people. It ends at once.
    Failed(Message),
    /// It may well be done later; why not now, for people. It is tried again, ever more rarely.
    Retry(Message),
    /// The database failed: it is tried again as well.
    Database(sqlx::Error),
}

impl From<sqlx::Error> for JobError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

/// A job that is being done.
pub struct JobContext {
    pub state: AppState,
    /// The row as it was when the job was taken.
    pub job: JobRecord,
    /// Nothing for one that this version does not know.
    pub kind: Option<&'static Kind>,
}

impl JobContext {
    /// How the job comes again by itself, if it does. One that an action has asked for does not.
    pub fn recurring(&self) -> Option<&'static Recurring> {
        let by_itself = self.job.unique_key.as_deref() == Some(RECURRING);
        self.kind.and_then(|kind| kind.recurring.as_ref()).filter(|_| by_itself)
    }

    /// Moves the job on by `steps` (back when negative) in the transaction that has done them, and holds it for longer.
    /// *Lost* when somebody else has it by now: then the transaction must not be committed.
    pub async fn advance(&self, tx: &mut Tx, steps: i64) -> Result<(), JobError> {
        let until = self.state.clock.now().plus(LEASE);
        if jobs::advance(tx, &self.job, steps, until).await? { Ok(()) } else { Err(JobError::Lost) }
    }

    /// Ends the job in the transaction that has done its last step; one that comes again waits for its next time.
    /// *Lost* when somebody else has it by now, as for [`Self::advance`]. A job that does not call this is ended
    /// afterwards.
    pub async fn finish(&self, tx: &mut Tx) -> Result<(), JobError> {
        let now = self.state.clock.now();
        let done = match self.recurring() {
            Some(recurring) => jobs::repeat(tx, &self.job, now.plus(recurring.interval)).await?,
            None => jobs::end(tx, &self.job, None, now).await?,
        };
        if done { Ok(()) } else { Err(JobError::Lost) }
    }
}

/// Something that is done with a job.
type Step = for<'a> fn(&'a JobContext) -> BoxFuture<'a, Result<(), JobError>>;

/// A kind of job as the runner knows it.
pub struct Kind {
    pub name: &'static str,
    pub attempts: i64,
    pub recurring: Option<Recurring>,
    pub run: Step,
    pub give_up: Step,
}

/// How a job comes again by itself.
pub struct Recurring {
    /// Milliseconds from the end of one time to the next.
    pub interval: i64,
    /// The job for a first time.
    pub first: fn(Time) -> NewJob<'static>,
}

impl Kind {
    /// A kind that actions ask for.
    pub const fn of<J: Job>() -> Self {
        Self { name: J::KIND, attempts: J::ATTEMPTS, recurring: None, run: run::<J>, give_up: give_up::<J> }
    }

    /// A kind that nobody needs to ask for: it comes again `interval` milliseconds after it was done. One job of it is
    /// open, whatever the number of instances.
    pub const fn recurring<J: Job + Default>(interval: i64) -> Self {
        let first = |now| NewJob::of(&J::default(), now);
        Self { recurring: Some(Recurring { interval, first }), ..Self::of::<J>() }
    }
}

fn run<J: Job>(context: &JobContext) -> BoxFuture<'_, Result<(), JobError>> {
    Box::pin(async {
        // Another version has written it, which may take it yet.
        let job: J = serde_json::from_str(&context.job.payload).map_err(|_| JobError::Retry(Message::JobUnknown))?;
        job.run(context).await
    })
}

fn give_up<J: Job>(context: &JobContext) -> BoxFuture<'_, Result<(), JobError>> {
    Box::pin(J::give_up(context))
}

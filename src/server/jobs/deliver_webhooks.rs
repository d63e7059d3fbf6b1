//! Delivering events to endpoints: deliveries are made of what has happened, taken, sent and settled, several at once.
//! An endpoint that is slow holds up its own deliveries alone.

use crate::{
    domain::{ids::WebhookEndpointId, time::SECOND},
    error::AppError,
    server::{
        actions::webhooks::{fan_out, settle_delivery},
        state::AppState,
        store::{
            webhook_deliveries::{self, Taken},
            webhook_endpoints,
        },
    },
};
use std::{collections::HashMap, time::Duration};
use tokio::task::{Id, JoinSet};

/// How often it is looked for what nobody told of: events of an instance that died, and deliveries whose wait is over.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Deliveries to one endpoint that an instance has under way at once. There are few endpoints, so that no more are
/// needed for all of them together.
const PER_ENDPOINT: i64 = 4;

/// How long a delivery is held, in milliseconds: longer than an attempt can take.
pub const LEASE: i64 = 30 * SECOND;

/// Delivers until the server stops. What is under way then is sent again later.
pub async fn run(state: AppState) {
    let mut woken = state.new_events.subscribe();
    let mut sending = Sending::default();
    loop {
        if let Err(error) = sending.start_due(&state).await {
            tracing::error!(%error, "webhooks cannot be taken");
        }
        tokio::select! {
            _ = woken.changed() => {}
            () = sending.one_ended() => {}
            () = tokio::time::sleep(POLL_INTERVAL) => {}
            () = state.shutdown.cancelled() => return,
        }
    }
}

/// Delivers all that is due now, each once; how many that were.
pub async fn deliver_due(state: &AppState) -> sqlx::Result<usize> {
    let (mut sending, mut count) = (Sending::default(), 0);
    loop {
        count += sending.start_due(state).await?;
        if sending.tasks.is_empty() {
            return Ok(count);
        }
        sending.one_ended().await;
    }
}

/// The attempts that are under way.
#[derive(Default)]
struct Sending {
    tasks: JoinSet<()>,
    endpoints: HashMap<Id, WebhookEndpointId>,
}

impl Sending {
    /// Starts as many attempts as are due and may be under way at once; how many.
    async fn start_due(&mut self, state: &AppState) -> sqlx::Result<usize> {
        let now = state.clock.now();
        while fan_out::run(&state.db, now).await? {}
        let mut started = 0;
        for endpoint in webhook_endpoints::due(&mut state.db.read().await?, now).await? {
            let busy = self.endpoints.values().filter(|busy| **busy == endpoint).count();
            let free = PER_ENDPOINT - i64::try_from(busy).unwrap_or(PER_ENDPOINT);
            if free <= 0 {
                continue;
            }
            let mut tx = state.db.begin().await?;
            let taken = webhook_deliveries::take(&mut tx, endpoint, free, now, now.plus(LEASE)).await?;
            tx.commit().await?;
            for taken in taken {
                let task = self.tasks.spawn(deliver(state.clone(), taken));
                self.endpoints.insert(task.id(), endpoint);
                started += 1;
            }
        }
        Ok(started)
    }

    /// Waits until an attempt ends; for ever when there is none.
    async fn one_ended(&mut self) {
        let id = match self.tasks.join_next_with_id().await {
            Some(Ok((id, ()))) => id,
            Some(Err(error)) => {
                tracing::error!(%error, "an attempt to deliver a webhook broke");
                error.id()
            }
            None => return std::future::pending().await,
        };
        self.endpoints.remove(&id);
    }
}

/// One attempt. When it cannot be written down, the delivery is taken again later.
async fn deliver(state: AppState, taken: Taken) {
    if let Err(error) = attempt(&state, &taken).await {
        tracing::error!(delivery = %taken.id, ?error, "an attempt to deliver a webhook was not written down");
    }
}

async fn attempt(state: &AppState, taken: &Taken) -> Result<(), AppError> {
    let destination = webhook_endpoints::destination(&mut state.db.read().await?, taken.endpoint_id).await?;
    // It was deleted.
    let Some(destination) = destination else { return Ok(()) };
    let attempt = state.webhooks.send(&destination, taken, &state.clock).await;
    tracing::debug!(delivery = %taken.id, status = attempt.status, problem = ?attempt.problem, "a webhook was sent");
    settle_delivery::run(state, taken, &attempt).await
}

//! The order of the codes table: sorted by copies of the counters, which follow every few seconds, so that a click
//! moves no index.

use super::{
    state::Server,
    store::{Db, order},
};
use crate::domain::{
    ids::CodeId,
    time::{HOUR, Time},
};
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// How often the order follows.
const PACE: Duration = Duration::from_secs(2);

/// Codes in one transaction: other writers are let in between.
const CHUNK: usize = 500;

/// Codes that are compared at once when everything is.
const PAGE: i64 = 20_000;

/// How often everything is compared, in milliseconds: what an instance left undone when it died.
const EVERYTHING: i64 = HOUR;

/// When the order was last right.
pub struct Order(Mutex<Instant>);

impl Default for Order {
    fn default() -> Self {
        Self(Mutex::new(Instant::now()))
    }
}

impl Order {
    /// How many seconds old the order is.
    pub fn age(&self) -> i64 {
        let right = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        right.elapsed().as_secs().cast_signed()
    }

    fn is_right(&self, since: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }
}

/// Follows until the server stops.
pub async fn run(server: Server) {
    let mut compared: Option<Time> = None;
    let mut asked = Time(0);
    loop {
        let (begun, now) = (Instant::now(), server.clock.now());
        let moved = server.moved.since_ordered();
        let all = moved.all || compared.is_none_or(|at| now.since(at) > EVERYTHING);
        let codes: Vec<CodeId> = moved.codes.into_iter().collect();
        match follow(&server, &codes, all, asked, now).await {
            Ok(()) => {
                server.order.is_right(begun);
                asked = now;
                if all {
                    compared = Some(now);
                }
            }
            Err(error) => {
                tracing::error!(%error, "the order of the codes could not follow");
                server.moved.again(&codes, moved.all);
            }
        }
        tokio::select! {
            () = tokio::time::sleep(PACE) => {}
            () = server.stopping.cancelled() => return,
        }
    }
}

/// Brings these codes, those that ended since `asked`, and where it is wanted all others, to their places.
async fn follow(server: &Server, codes: &[CodeId], all: bool, asked: Time, now: Time) -> sqlx::Result<()> {
    for chunk in codes.chunks(CHUNK) {
        let behind = order::behind(&mut server.db.read().await?, chunk, now).await?;
        place(&server.db, &behind, now).await?;
    }
    let ended = order::ended(&mut server.db.read().await?, asked, now).await?;
    for chunk in ended.chunks(CHUNK) {
        place(&server.db, chunk, now).await?;
    }
    server.moved.tell(&ended);
    if all { follow_all(server, now).await } else { Ok(()) }
}

/// Compares all codes, a page at a time.
async fn follow_all(server: &Server, now: Time) -> sqlx::Result<()> {
    let mut after = CodeId(0);
    loop {
        let (behind, last) = order::behind_after(&mut server.db.read().await?, after, PAGE, now).await?;
        for chunk in behind.chunks(CHUNK) {
            place(&server.db, chunk, now).await?;
        }
        let Some(last) = last else { return Ok(()) };
        after = last;
    }
}

async fn place(db: &Db, codes: &[CodeId], now: Time) -> sqlx::Result<()> {
    if codes.is_empty() {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    order::place(&mut tx, codes, now).await?;
    tx.commit().await
}

//! Clicks: who follows a link, whether that counts, and writing it down before the answer goes out.

pub mod book;
pub mod cookie;
pub mod seen;
pub mod visit;
pub mod writer;

use super::{
    state::Server,
    store::{clicks::NewClick, secrets},
};
use crate::domain::{ids::ClickId, time::Time};
use arc_swap::ArcSwapOption;
use hmac::{Hmac, KeyInit};
use seen::Seen;
use sha2::Sha256;
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

/// Clicks that may wait to be written; a burst beyond it is redirected uncounted.
const QUEUE: usize = 16_384;

/// A click on its way to the writer.
pub struct Pending {
    pub click: NewClick,
    pub written: oneshot::Sender<()>,
}

/// The way of every click into the database.
pub struct Clicks {
    queue: mpsc::Sender<Pending>,
    finish: CancellationToken,
    writer: Mutex<Option<JoinHandle<()>>>,
    last_id: AtomicI64,
    instance: i64,
    salt: ArcSwapOption<(i64, Hmac<Sha256>)>,
    pub seen: Seen,
}

impl Clicks {
    pub fn new(instance: i64) -> (Self, mpsc::Receiver<Pending>) {
        let (queue, inbox) = mpsc::channel(QUEUE);
        let clicks = Self {
            queue,
            finish: CancellationToken::new(),
            writer: Mutex::default(),
            last_id: AtomicI64::new(0),
            instance,
            salt: ArcSwapOption::empty(),
            seen: Seen::default(),
        };
        (clicks, inbox)
    }

    /// Starts the one writer of this instance.
    pub fn start(&self, server: Server, inbox: mpsc::Receiver<Pending>) {
        let writer = tokio::spawn(writer::run(server, inbox, self.finish.clone()));
        *self.writer.lock().unwrap_or_else(PoisonError::into_inner) = Some(writer);
    }

    /// Writes what waits and ends the writer.
    pub async fn finish(&self) {
        self.finish.cancel();
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            let _ = writer.await;
        }
    }

    /// An id that no other click has: the time, then 12 bits of the instance, then a number. Ids only grow.
    pub fn next_id(&self, now: Time) -> ClickId {
        let fresh = ClickId::first_at(now).0 | ((self.instance & 0xfff) << 8);
        let next = |last: i64| {
            if last < fresh {
                fresh
            } else if last & 0xff < 0xff {
                last + 1
            } else {
                // This millisecond is full: borrow from the next one.
                ((last >> 20) + 1) << 20 | ((self.instance & 0xfff) << 8)
            }
        };
        match self.last_id.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(next(last))) {
            Ok(last) | Err(last) => ClickId(next(last)),
        }
    }

    /// A hash that begins with the salt of the day, the same on all instances; forgotten with the day.
    pub async fn salted(&self, server: &Server, day: i64) -> sqlx::Result<Hmac<Sha256>> {
        if let Some(salt) = self.salt.load().as_ref().filter(|salt| salt.0 == day) {
            return Ok(salt.1.clone());
        }
        Box::pin(self.fetch_salt(server, day)).await
    }

    async fn fetch_salt(&self, server: &Server, day: i64) -> sqlx::Result<Hmac<Sha256>> {
        let mut tx = server.db.begin().await?;
        let salt = secrets::salt(&mut tx, day, &server.chance.bytes::<32>()).await?;
        tx.commit().await?;
        let key = Hmac::new_from_slice(&salt).map_err(|error| sqlx::Error::Decode(error.into()))?;
        self.salt.store(Some(Arc::new((day, key.clone()))));
        Ok(key)
    }

    /// Writes a click and waits until it is durable. Whether it is; if not, that is logged and in the metrics, and
    /// the visitor goes on all the same.
    pub async fn record(&self, click: NewClick) -> bool {
        let (written, done) = oneshot::channel();
        if self.queue.try_send(Pending { click, written }).is_err() {
            metrics::counter!("passalong_clicks_dropped_total").increment(1);
            tracing::warn!("a click was dropped: the queue is full");
            return false;
        }
        // The writer answers within its own patience; if it gives up, it has said why.
        done.await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_only_grow_and_carry_time_and_instance() {
        let (clicks, _inbox) = Clicks::new(0x1234);
        let mut last = ClickId(0);
        for n in 0..1_000 {
            let id = clicks.next_id(Time(1_000 - n % 2));
            assert!(id > last);
            assert_eq!((id.0 >> 8) & 0xfff, 0x234);
            last = id;
        }
        assert_eq!(clicks.next_id(Time(5_000)).at(), Time(5_000));
    }
}

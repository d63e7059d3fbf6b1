//! What clicks need before they can be written: ids, visitors, and who was counted already.

use super::{BatchWriter, RENEWAL_INTERVAL, Waiting, answered};
use crate::{
    domain::{ids::ClickId, time::Time},
    server::{
        auth::client_ip::ClientIp,
        clicks::click_ids::ClickIds,
        store::{
            clicks::{self, NewClick},
            instances::{self, LEASE},
            secrets,
        },
    },
};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// Clicks that are read at once when it is looked up who was counted in this hour.
const PAGE_SIZE: i64 = 50_000;

/// How long a number may take to be given back.
const RELEASE_TIMEOUT: Duration = Duration::from_millis(500);

impl BatchWriter {
    /// Sees to everything that the clicks need before they can be written: who their visitors are, and ids.
    pub(super) async fn prepare(&mut self, clicks: &mut [NewClick], waiting: &mut [Waiting]) -> sqlx::Result<()> {
        if !self.knows_hour {
            self.sync_dedup().await?;
            self.knows_hour = true;
        }
        let now = self.with.clock.now();
        if self.renew_at <= Instant::now() {
            self.renew(now).await?;
        }
        self.fetch_salt(now.day()).await?;
        for (click, waiting) in clicks.iter_mut().zip(waiting) {
            if let Some(client) = waiting.client {
                click.visitor = self.visitor(click, client).await?;
                waiting.client = None;
            }
            if click.id == ClickId(0) {
                // Never before the click: by that, a look at the ids of an hour finds all of its clicks.
                click.id = self.next_id(now.max(click.at)).await?;
            }
        }
        Ok(())
    }

    async fn next_id(&mut self, time: Time) -> sqlx::Result<ClickId> {
        if let Some(id) = self.ids.as_mut().and_then(|ids| ids.next(time)) {
            return Ok(id);
        }
        self.renew(time).await?;
        self.ids.as_mut().and_then(|ids| ids.next(time)).ok_or_else(no_number)
    }

    /// Keeps the number of this instance, with ids until well after `time`; takes another one when it has been lost.
    async fn renew(&mut self, time: Time) -> sqlx::Result<()> {
        let (ids, holder) = (&mut self.ids, self.holder);
        answered(&mut self.connection, async |connection| {
            let (mut conn, _turn) = connection.conn().await?;
            if let Some(ids) = ids.as_mut() {
                let until = time.max(ids.unused_from()).plus(LEASE).max(ids.lease.ids_until);
                if instances::renew(&mut conn, &ids.lease, until, time).await? {
                    ids.lease.ids_until = until;
                    return Ok(());
                }
            }
            let lease = instances::take(&mut conn, holder, time).await?.ok_or_else(no_number)?;
            *ids = Some(ClickIds::new(lease));
            Ok(())
        })
        .await?;
        self.renew_at = Instant::now() + RENEWAL_INTERVAL;
        Ok(())
    }

    /// Gives the number of this instance back.
    pub(super) async fn release(mut self) {
        let Some(ids) = self.ids else { return };
        let release = answered(&mut self.connection, async |connection| {
            let (mut conn, _turn) = connection.conn().await?;
            instances::release(&mut conn, &ids.lease, ids.unused_from()).await
        });
        // Else somebody takes it when the lease has ended.
        let _ = timeout(RELEASE_TIMEOUT, release).await;
    }

    /// Works out who has clicked without a cookie.
    async fn visitor(&mut self, click: &NewClick, client: ClientIp) -> sqlx::Result<i64> {
        let day = click.at.day();
        self.fetch_salt(day).await?;
        let visitor = self.with.visitors.of(day, client, &click.user_agent);
        visitor.ok_or_else(|| sqlx::Error::Protocol("the salt of the day is no key".into()))
    }

    /// Sees to it that the salt of a day is known.
    async fn fetch_salt(&mut self, day: i64) -> sqlx::Result<()> {
        if self.with.visitors.knows(day) {
            return Ok(());
        }
        let candidate = self.with.rng.bytes::<32>();
        let salt = answered(&mut self.connection, async |connection| {
            let (mut conn, _turn) = connection.conn().await?;
            secrets::salt(&mut conn, day, &candidate).await
        });
        self.with.visitors.set(day, &salt.await?);
        Ok(())
    }

    /// Learns whom other instances have counted, and on a new connection whom anybody has counted in this hour.
    pub(super) async fn sync_dedup(&mut self) -> sqlx::Result<()> {
        let learned = answered(&mut self.connection, async |connection| connection.sync_dedup().await).await?;
        if let Some(counted) = learned {
            self.with.dedup.remember(counted.into_iter());
            return Ok(());
        }
        let hour = self.with.clock.now().hour();
        let mut after = ClickId(0);
        loop {
            let counted = answered(&mut self.connection, async |connection| {
                let (mut conn, _turn) = connection.conn().await?;
                clicks::counted_in(&mut conn, hour, after, PAGE_SIZE).await
            });
            let counted = counted.await?;
            let Some(last) = counted.last() else { return Ok(()) };
            after = last.id;
            self.with.dedup.remember(counted.into_iter());
        }
    }
}

fn no_number() -> sqlx::Error {
    sqlx::Error::Protocol(format!("all {} numbers of instances are taken", instances::NUMBERS))
}

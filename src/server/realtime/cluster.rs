//! Following what other instances change, on PostgreSQL.

use crate::server::{
    errors::BoxError,
    realtime::{change_set::ChangeSet, publisher::Publisher},
    store::{db::Db, pg_notify},
};
use sqlx::postgres::PgListener;
use std::time::Duration;

/// How long to wait before listening again after the connection was lost.
const RECONNECT_DELAY: Duration = Duration::from_secs(1);

/// Listens until the server stops; after a lost connection everything is read again. SQLite has one instance.
pub async fn listen(db: Db, publisher: Publisher) {
    let Db::Postgres { pool, .. } = db else { return };
    loop {
        let listening: Result<(), BoxError> = async {
            let mut listener = PgListener::connect_with(&pool).await?;
            listener.listen(pg_notify::CHANNEL).await?;
            publisher.apply_locally(&ChangeSet::everything()).await;
            // `None` means that the connection was lost: notifications may have been missed.
            while let Some(notice) = listener.try_recv().await? {
                match serde_json::from_str::<ChangeSet>(notice.payload()) {
                    Ok(changes) if publisher.is_own(&changes) => {}
                    Ok(changes) => publisher.apply_locally(&changes).await,
                    Err(error) => tracing::warn!(%error, "a notification could not be read"),
                }
            }
            Ok(())
        }
        .await;
        if let Err(error) = listening {
            tracing::warn!(%error, "other instances cannot be heard");
        }
        tokio::time::sleep(RECONNECT_DELAY).await;
    }
}

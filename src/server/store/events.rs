//! What happened, for host products to read in its order.

use crate::{
    domain::{
        events::NewEvent,
        ids::{EventId, UserId},
        time::{DAY, Time},
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
};
use serde::Serialize;
use sqlx::QueryBuilder;

/// How long events are kept.
pub const RETENTION: i64 = 30 * DAY;

/// An event as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Event {
    pub id: EventId,
    /// The name of an [`EventKind`](crate::domain::events::EventKind), which may be one of a newer program.
    #[sqlx(rename = "type")]
    pub kind: String,
    pub version: i64,
    /// The object as JSON text, in the form of the API.
    pub data: String,
    pub created_at: Time,
}

/// An event as its row is written.
#[derive(Serialize)]
struct NewRow {
    r#type: &'static str,
    object_id: i64,
    version: i64,
    /// JSON as text.
    data: String,
    user_id: Option<UserId>,
    created_at: Time,
}

impl NewRow {
    fn of(new: &NewEvent) -> Self {
        Self {
            r#type: new.kind.as_str(),
            object_id: new.object_id,
            version: new.version,
            data: new.data.to_string(),
            user_id: new.about,
            created_at: new.at,
        }
    }
}

/// Writes events in their order, as the last thing of a transaction. On PostgreSQL one transaction at a time does so,
/// until its commit: numbers are given in the order in which they are seen, so that nobody who reads on from the last
/// one that they saw misses any. SQLite has one writer at a time anyway.
pub async fn insert(tx: &mut Tx, events: &[NewEvent]) -> sqlx::Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    if matches!(tx, Tx::Postgres(_)) {
        with_conn!(tx, conn => sqlx::query("SELECT pg_advisory_xact_lock(6120853317749028641)").execute(conn).await.map(|_| ()))?;
    }
    let rows: Vec<NewRow> = events.iter().map(NewRow::of).collect();
    let sql = tx.dialect(
        "INSERT INTO events (type, object_id, version, data, user_id, created_at)
         SELECT value ->> 'type', value ->> 'object_id', value ->> 'version', value ->> 'data', value ->> 'user_id',
                value ->> 'created_at'
         FROM json_each($1)
         ORDER BY key",
        "INSERT INTO events (type, object_id, version, data, user_id, created_at)
         SELECT value ->> 'type', (value ->> 'object_id')::bigint, (value ->> 'version')::bigint, value ->> 'data',
                (value ->> 'user_id')::bigint, (value ->> 'created_at')::bigint
         FROM json_array_elements($1::json) WITH ORDINALITY AS rows (value, place)
         ORDER BY place",
    );
    with_conn!(tx, conn => sqlx::query(sql).bind(json(&rows)).execute(conn).await.map(|_| ()))
}

/// Up to `limit` events after `after`, oldest first; of one kind, or of all.
pub async fn page(tx: &mut Tx, kind: Option<&'static str>, after: EventId, limit: i64) -> sqlx::Result<Vec<Event>> {
    with_conn!(tx, conn => {
        let mut query = QueryBuilder::new("SELECT id, type, version, data, created_at FROM events WHERE id > ");
        query.push_bind(after);
        if let Some(kind) = kind {
            query.push(" AND type = ").push_bind(kind);
        }
        query.push(" ORDER BY id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })
}

/// Takes somebody who is to be forgotten out of all events: names, addresses and the host product's ids become null.
/// That it happened stays.
pub async fn forget(tx: &mut Tx, user: UserId) -> sqlx::Result<()> {
    let sql = tx.dialect(
        "UPDATE events
         SET data = json_replace(data, '$.email', NULL, '$.username', NULL, '$.full_name', NULL, '$.phone', NULL,
                                 '$.external_id', NULL, '$.account_id', NULL)
         WHERE user_id = $1",
        "UPDATE events
         SET data = (SELECT json_object_agg(key, CASE WHEN key NOT IN ('email', 'username', 'full_name', 'phone',
                                                                       'external_id', 'account_id') THEN value END)
                     FROM json_each(data::json))
         WHERE user_id = $1",
    );
    with_conn!(tx, conn => sqlx::query(sql).bind(user).execute(conn).await.map(|_| ()))
}

/// Removes events from before `oldest`.
pub async fn prune(tx: &mut Tx, oldest: Time) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("DELETE FROM events WHERE created_at < $1").bind(oldest).execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::events::EventKind,
        server::store::{db::Db, db_test},
    };
    use serde_json::{Value, json};
    use std::time::Duration;

    fn event(kind: EventKind, object_id: i64, at: i64) -> NewEvent {
        NewEvent { kind, object_id, version: 3, about: None, data: json!({ "id": object_id }), at: Time(at) }
    }

    async fn write(db: &Db, events: &[NewEvent]) -> sqlx::Result<()> {
        let mut tx = db.begin().await?;
        insert(&mut tx, events).await?;
        tx.commit().await
    }

    /// The objects that the events after one speak of.
    async fn objects(db: &Db, after: EventId) -> sqlx::Result<Vec<Value>> {
        let events = page(&mut db.read().await?, None, after, 100).await?;
        let object = |event: &Event| serde_json::from_str::<Value>(&event.data).expect("JSON")["id"].clone();
        Ok(events.iter().map(object).collect())
    }

    db_test!(events_are_read_in_their_order_and_by_kind, |db| {
        let (joined, reached) = (EventKind::UserCreated, EventKind::GoalReached);
        let mut tx = db.begin().await?;
        insert(&mut tx, &[]).await?;
        tx.commit().await?;
        write(&db, &[event(joined, 7, 10), event(reached, 8, 10)]).await?;
        write(&db, &[event(joined, 9, 20)]).await?;
        let mut tx = db.begin().await?;
        let all = page(&mut tx, None, EventId(0), 9).await?;
        let first = Event {
            id: all[0].id,
            kind: "user.created".into(),
            version: 3,
            data: "{\"id\":7}".into(),
            created_at: Time(10),
        };
        assert_eq!((all.len(), &all[0]), (3, &first));
        assert_eq!(page(&mut tx, None, all[0].id, 1).await?, all[1..2]);
        let of_kind = page(&mut tx, Some(joined.as_str()), EventId(0), 9).await?;
        assert_eq!(of_kind, [all[0].clone(), all[2].clone()]);
        // A number is not given again, whatever is pruned: whoever read the last event waits for larger ones.
        prune(&mut tx, Time(21)).await?;
        insert(&mut tx, &[event(joined, 10, 30)]).await?;
        let rest = page(&mut tx, None, EventId(0), 9).await?;
        assert!(rest.len() == 1 && rest[0].id > all[2].id, "{rest:?}");
        tx.commit().await
    });

    db_test!(who_is_forgotten_is_in_no_event, |db| {
        let about = |user, data| NewEvent { about: Some(UserId(user)), data, ..event(EventKind::UserCreated, user, 1) };
        let ann = json!({
            "id": 7, "email": "ann@example.com", "username": "Ann", "full_name": "Ann A.", "phone": "1", "external_id": "x",
            "account_id": "team", "link": null, "disabled": false, "referred_by": 4, "created_at": "2026-11-14T11:33:20Z",
        });
        let bob = json!({ "id": 8, "username": "bob" });
        write(&db, &[about(7, ann), about(8, bob.clone()), about(7, json!({ "id": 9, "username": "Ann" }))]).await?;
        let mut tx = db.begin().await?;
        forget(&mut tx, UserId(7)).await?;
        let events = page(&mut tx, None, EventId(0), 9).await?;
        let data: Vec<Value> = events.iter().map(|event| serde_json::from_str(&event.data).expect("JSON")).collect();
        let left = json!({
            "id": 7, "email": null, "username": null, "full_name": null, "phone": null, "external_id": null,
            "account_id": null, "link": null, "disabled": false, "referred_by": 4, "created_at": "2026-11-14T11:33:20Z",
        });
        assert_eq!(data, [left, bob, json!({ "id": 9, "username": null })]);
        tx.commit().await
    });

    #[tokio::test]
    async fn a_larger_number_is_never_seen_before_a_smaller_one() -> sqlx::Result<()> {
        let db = crate::server::store::testing::postgres().await;
        let mut slow = db.begin().await?;
        insert(&mut slow, &[event(EventKind::UserCreated, 1, 1)]).await?;
        let quick = tokio::spawn({
            let db = db.clone();
            async move { write(&db, &[event(EventKind::UserCreated, 2, 1)]).await }
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(objects(&db, EventId(0)).await?, Vec::<Value>::new());
        slow.commit().await?;
        quick.await.expect("no panic")?;
        assert_eq!(objects(&db, EventId(0)).await?, [1, 2]);
        Ok(())
    }
}

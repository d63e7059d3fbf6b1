//! Recorded visits by links, written in batches.

use super::{Line, Tx, json, notices, on};
use crate::domain::{
    ids::{CLICK_ID_BITS, ClickId, CodeId},
    time::Time,
};
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection, SqliteConnection};
use std::{
    collections::{BTreeMap, HashSet},
    sync::LazyLock,
};

/// A visit, as it is written.
#[derive(Clone, Debug)]
pub struct NewClick {
    pub id: ClickId,
    pub code_id: CodeId,
    pub visitor: i64,
    /// Truncated IP address.
    pub network: String,
    pub user_agent: String,
    pub referring_host: Option<String>,
    pub channel: Option<&'static str>,
    /// Whether this browser had not followed this code before, as far as its cookie tells.
    pub first: bool,
    /// Why it is kept but not counted, if so.
    pub suspicion: Option<&'static str>,
}

/// Writes a batch with all counters that depend on it, and returns which clicks were counted. `fresh` are those of
/// visitors who were not counted for the code in this hour as far as this instance remembers; with other instances
/// beside it (PostgreSQL) a table has the last word.
pub async fn insert(tx: &mut Tx, batch: &[NewClick], fresh: HashSet<ClickId>) -> sqlx::Result<HashSet<ClickId>> {
    match tx {
        Tx::Sqlite(tx) => {
            for batch in batch.chunks(BATCH) {
                on_sqlite(tx, batch, &fresh, &BATCHES).await?;
            }
            Ok(fresh)
        }
        Tx::Postgres(tx) => on_postgres(tx, batch, &fresh, None).await,
    }
}

/// [`insert`] of up to [`BATCH`] clicks in a transaction of its own, in one message to the database and one answer:
/// with a thousand transactions in a second, messages are what costs. `notice` is for the other instances, when
/// anything was counted.
pub async fn commit(
    line: &mut Line,
    batch: &[NewClick],
    fresh: &HashSet<ClickId>,
    notice: &str,
) -> sqlx::Result<HashSet<ClickId>> {
    match line {
        Line::Sqlite { options, conn, turn } => {
            let _turn = turn.acquire().await.map_err(|_| sqlx::Error::PoolClosed)?;
            let mut open = match conn.take() {
                Some(open) => open,
                None => options.connect().await?,
            };
            on_sqlite(&mut open, batch, fresh, &COMMITS).await?;
            *conn = Some(open);
            Ok(fresh.clone())
        }
        Line::Postgres { options, conn } => {
            let mut open = match conn.take() {
                Some(open) => open,
                None => options.connect().await?,
            };
            let counted = on_postgres(&mut open, batch, fresh, Some(notice)).await?;
            *conn = Some(open);
            Ok(counted)
        }
    }
}

/// PostgreSQL pays by the round trip: one statement does it all. The hour waits for the days, so that rows are locked in
/// the order of a sign-up and neither waits for the other in a circle.
async fn on_postgres(
    conn: &mut PgConnection,
    batch: &[NewClick],
    fresh: &HashSet<ClickId>,
    notice: Option<&str>,
) -> sqlx::Result<HashSet<ClickId>> {
    fn column<'a, T>(batch: &'a [NewClick], pick: impl Fn(&'a NewClick) -> T) -> Vec<T> {
        batch.iter().map(pick).collect()
    }
    let counted: Vec<ClickId> = sqlx::query_scalar(
        "WITH input AS (
             SELECT *
             FROM UNNEST($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[],
                         $8::boolean[], $9::text[], $10::boolean[])
                  AS t (id, code_id, visitor, network, user_agent, referring_host, channel, first, suspicion, fresh)
         ), claimed AS (
             INSERT INTO click_hours (hour, code_id, visitor, click_id)
             SELECT (id >> 20) / 3600000, code_id, visitor, id
             FROM input
             WHERE fresh
             ON CONFLICT DO NOTHING
             RETURNING click_id
         ), judged AS (
             SELECT input.*, claimed.click_id IS NOT NULL AS counts
             FROM input
             LEFT JOIN claimed ON claimed.click_id = input.id
         ), kept AS (
             INSERT INTO clicks (id, code_id, at, visitor, network, user_agent, referring_host, channel, counted, first, suspicion)
             SELECT id, code_id, id >> 20, visitor, network, user_agent, referring_host, channel, counts, counts AND first,
                    CASE WHEN counts THEN NULL ELSE COALESCE(suspicion, 'repeat') END
             FROM judged
         ), day_counts AS (
             INSERT INTO code_days (code_id, day, clicks, unique_clicks)
             SELECT code_id, (id >> 20) / 86400000, COUNT(*), COUNT(*) FILTER (WHERE first)
             FROM judged
             WHERE counts
             GROUP BY 1, 2
             ORDER BY 2, 1
             ON CONFLICT (day, code_id) DO UPDATE
             SET clicks = code_days.clicks + excluded.clicks,
                 unique_clicks = code_days.unique_clicks + excluded.unique_clicks
             RETURNING code_id
         ), hour_counts AS (
             INSERT INTO program_hours (hour, clicks, unique_clicks)
             SELECT (id >> 20) / 3600000, COUNT(*), COUNT(*) FILTER (WHERE first)
             FROM judged
             WHERE counts
               AND (SELECT COUNT(*) FROM day_counts) > 0
             GROUP BY 1
             ON CONFLICT (hour) DO UPDATE
             SET clicks = program_hours.clicks + excluded.clicks,
                 unique_clicks = program_hours.unique_clicks + excluded.unique_clicks
         )
         SELECT click_id, (SELECT pg_notify($11, $12) WHERE $12 IS NOT NULL)
         FROM claimed",
    )
    .bind(column(batch, |c| c.id.0))
    .bind(column(batch, |c| c.code_id.0))
    .bind(column(batch, |c| c.visitor))
    .bind(column(batch, |c| c.network.as_str()))
    .bind(column(batch, |c| c.user_agent.as_str()))
    .bind(column(batch, |c| c.referring_host.as_deref()))
    .bind(column(batch, |c| c.channel))
    .bind(column(batch, |c| c.first))
    .bind(column(batch, |c| c.suspicion))
    .bind(column(batch, |c| fresh.contains(&c.id)))
    .bind(notices::CHANNEL)
    .bind(notice)
    .fetch_all(conn)
    .await?;
    Ok(counted.into_iter().collect())
}

/// Rows of one statement on SQLite. What it lacks at the end of a batch stays NULL and is left out, so that there are
/// few different texts, each prepared once.
const ROWS: usize = 64;

/// What a batch of so many times [`ROWS`] clicks is on SQLite.
static BATCHES: LazyLock<Vec<String>> = LazyLock::new(|| (0..=BATCH.div_ceil(ROWS)).map(batch_of).collect());

/// Clicks of one batch at most.
pub const BATCH: usize = 1_024;

fn batch_of(chunks: usize) -> String {
    let rows = vec!["(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"; ROWS].join(", ");
    let insert = format!(
        "INSERT INTO clicks (id, code_id, at, visitor, network, user_agent, referring_host, channel, counted, first, suspicion)
         SELECT column1, column2, column1 >> {CLICK_ID_BITS}, column3, column4, column5, column6, column7, column8, column9, column10
         FROM (VALUES {rows})
         WHERE column1 IS NOT NULL;"
    );
    let counts = "INSERT INTO code_days (code_id, day, clicks, unique_clicks)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3
         FROM jsonb_each(?)
         WHERE TRUE
         ON CONFLICT (day, code_id) DO UPDATE
         SET clicks = code_days.clicks + excluded.clicks,
             unique_clicks = code_days.unique_clicks + excluded.unique_clicks;
         INSERT INTO program_hours (hour, clicks, unique_clicks)
         SELECT value ->> 0, value ->> 1, value ->> 2
         FROM jsonb_each(?)
         WHERE TRUE
         ON CONFLICT (hour) DO UPDATE
         SET clicks = program_hours.clicks + excluded.clicks,
             unique_clicks = program_hours.unique_clicks + excluded.unique_clicks;";
    format!("{counts} {}", insert.repeat(chunks))
}

/// [`BATCHES`] as whole transactions.
static COMMITS: LazyLock<Vec<String>> =
    LazyLock::new(|| BATCHES.iter().map(|batch| format!("BEGIN IMMEDIATE; {batch} COMMIT")).collect());

/// SQLite pays by the message, the statement and the page: few of each.
async fn on_sqlite(
    conn: &mut SqliteConnection,
    batch: &[NewClick],
    counted: &HashSet<ClickId>,
    texts: &'static [String],
) -> sqlx::Result<()> {
    let mut days = BTreeMap::<(i64, CodeId), (i64, i64)>::new();
    let mut hours = BTreeMap::<i64, (i64, i64)>::new();
    for click in batch.iter().filter(|click| counted.contains(&click.id)) {
        let at = click.id.at();
        let add = |(clicks, first): &mut (i64, i64)| {
            *clicks += 1;
            *first += i64::from(click.first);
        };
        add(days.entry((at.day(), click.code_id)).or_default());
        add(hours.entry(at.hour()).or_default());
    }
    let days: Vec<_> = days.into_iter().map(|((day, code), (clicks, first))| (code, day, clicks, first)).collect();
    let hours: Vec<_> = hours.into_iter().map(|(hour, (clicks, first))| (hour, clicks, first)).collect();
    // Made of literals and placeholders alone.
    let text = AssertSqlSafe(texts[batch.len().div_ceil(ROWS)].as_str());
    let mut query = sqlx::query(text).bind(json(&days)).bind(json(&hours));
    for click in batch {
        let counts = counted.contains(&click.id);
        query = query
            .bind(click.id)
            .bind(click.code_id)
            .bind(click.visitor)
            .bind(&click.network)
            .bind(&click.user_agent)
            .bind(&click.referring_host)
            .bind(click.channel)
            .bind(counts)
            .bind(counts && click.first)
            .bind(click.suspicion.or((!counts).then_some("repeat")));
    }
    query.execute(conn).await.map(|_| ())
}

/// Up to `limit` counted clicks after `after`: code, visitor, click.
pub async fn counted(tx: &mut Tx, after: ClickId, limit: i64) -> sqlx::Result<Vec<(CodeId, i64, ClickId)>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT code_id, visitor, id
         FROM clicks
         WHERE id > $1
           AND counted
         ORDER BY id
         LIMIT $2")
        .bind(after)
        .bind(limit)
        .fetch_all(conn).await)
}

/// A person's click by its id: its code and its visitor. Nothing for what was suspected.
pub async fn by_id(tx: &mut Tx, id: ClickId) -> sqlx::Result<Option<(CodeId, i64)>> {
    on!(tx, conn => sqlx::query_as(
        "SELECT code_id, visitor
         FROM clicks
         WHERE id = $1
           AND (suspicion IS NULL OR suspicion = 'repeat')")
        .bind(id)
        .fetch_optional(conn).await)
}

/// Forgets which visitors were counted before this hour, on PostgreSQL.
pub async fn prune_hours(tx: &mut Tx, before: i64) -> sqlx::Result<()> {
    let Tx::Postgres(tx) = tx else { return Ok(()) };
    sqlx::query("DELETE FROM click_hours WHERE hour < $1").bind(before).execute(&mut **tx).await.map(|_| ())
}

/// Makes the partition of clicks between two instants, on PostgreSQL, unless it is there.
pub async fn ensure_partition(tx: &mut Tx, name: &str, from: Time, to: Time) -> sqlx::Result<()> {
    let Tx::Postgres(tx) = tx else { return Ok(()) };
    let exists: bool = sqlx::query_scalar("SELECT to_regclass($1) IS NOT NULL").bind(name).fetch_one(&mut **tx).await?;
    if exists {
        return Ok(());
    }
    // The name is made of digits by the caller; table names cannot be bound.
    let (from, to) = (ClickId::first_at(from), ClickId::first_at(to));
    let sql = format!("CREATE TABLE IF NOT EXISTS {name} PARTITION OF clicks FOR VALUES FROM ({from}) TO ({to})");
    sqlx::query(AssertSqlSafe(sql)).execute(&mut **tx).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Db, db_test, fixtures::Campaign, tally},
        *,
    };
    use crate::domain::time::HOUR;

    async fn code(db: &Db, text: &str) -> sqlx::Result<CodeId> {
        let mut tx = db.begin().await?;
        let id = Campaign::default().insert(&mut tx, text).await?;
        tx.commit().await?;
        Ok(id)
    }

    fn click(n: i64, code_id: CodeId, visitor: i64) -> NewClick {
        NewClick {
            id: ClickId(n),
            code_id,
            visitor,
            network: "10.0.0.0/24".into(),
            user_agent: "a \"quoted\" ünicode".into(),
            referring_host: None,
            channel: Some("copy"),
            first: true,
            suspicion: None,
        }
    }

    fn all(batch: &[NewClick]) -> HashSet<ClickId> {
        batch.iter().filter(|click| click.suspicion.is_none()).map(|click| click.id).collect()
    }

    db_test!(a_batch_is_committed_at_once_or_not_at_all, |db| {
        let a = code(&db, "AAA").await?;
        let mut line = db.line();
        let batch: Vec<_> = (10..10 + BATCH as i64).map(|n| click(n, a, n)).collect();
        assert_eq!(commit(&mut line, &batch, &all(&batch), "{}").await?.len(), BATCH);
        // The last of these is there already.
        let again = [click(8, a, 8), click(9, a, 9), click(10, a, 1)];
        assert!(commit(&mut line, &again, &all(&again), "{}").await.is_err());
        assert_eq!(commit(&mut line, &again[..2], &all(&again[..2]), "{}").await?.len(), 2);
        let mut tx = db.read().await?;
        assert_eq!(counted(&mut tx, ClickId(0), 2_000).await?.len(), BATCH + 2);
        assert_eq!(tally::drift(&mut tx).await?, Vec::<tally::Drift>::new());
        Ok(())
    });

    db_test!(what_counts_is_counted_and_the_rest_is_kept, |db| {
        let (a, b) = (code(&db, "AAA").await?, code(&db, "BBB").await?);
        let mut tx = db.begin().await?;
        let bot = NewClick { suspicion: Some("bot"), ..click(4, a, 9) };
        let batch = [click(1, a, 7), click(2, a, 7), click(3, b, 7), bot];
        let fresh = HashSet::from([ClickId(1), ClickId(3)]);
        assert_eq!(insert(&mut tx, &batch, fresh.clone()).await?, fresh);
        let later = NewClick { id: ClickId::first_at(Time(HOUR)), first: false, ..click(0, a, 7) };
        assert_eq!(insert(&mut tx, std::slice::from_ref(&later), all(std::slice::from_ref(&later))).await?.len(), 1);
        assert_eq!(tally::drift(&mut tx).await?, Vec::<tally::Drift>::new());
        assert_eq!(by_id(&mut tx, ClickId(2)).await?, Some((a, 7)));
        assert_eq!((by_id(&mut tx, ClickId(4)).await?, by_id(&mut tx, ClickId(5)).await?), (None, None));
        assert_eq!(counted(&mut tx, ClickId(1), 10).await?, [(b, 7, ClickId(3)), (a, 7, later.id)]);
        tx.commit().await
    });

    #[tokio::test]
    async fn what_another_instance_has_counted_is_not_counted_again() -> sqlx::Result<()> {
        let db = crate::server::store::testing::postgres().await;
        let a = code(&db, "AAA").await?;
        let mut tx = db.begin().await?;
        let (first, again, other) = ([click(1, a, 7)], [click(2, a, 7)], [click(3, a, 8)]);
        assert_eq!(insert(&mut tx, &first, all(&first)).await?.len(), 1);
        assert!(insert(&mut tx, &again, all(&again)).await?.is_empty());
        assert_eq!(insert(&mut tx, &other, all(&other)).await?.len(), 1);
        assert_eq!(tally::drift(&mut tx).await?, Vec::<tally::Drift>::new());
        prune_hours(&mut tx, 1).await?;
        assert_eq!(insert(&mut tx, &[click(4, a, 7)], HashSet::from([ClickId(4)])).await?.len(), 1);
        tx.commit().await
    }

    db_test!(partitions_take_the_clicks_of_their_time, |db| {
        let a = code(&db, "AAA").await?;
        let mut tx = db.begin().await?;
        for _ in 0..2 {
            ensure_partition(&mut tx, "clicks_1970_01", Time(0), Time(1_000)).await?;
        }
        assert_eq!(insert(&mut tx, &[click(1, a, 7)], HashSet::from([ClickId(1)])).await?.len(), 1);
        tx.commit().await
    });
}

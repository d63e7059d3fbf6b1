//! Recorded visits by links, written in batches.

use super::{Tx, json, on};
use crate::domain::{
    ids::{CLICK_ID_BITS, ClickId, CodeId},
    time::Time,
};
use sqlx::{AssertSqlSafe, PgConnection, SqliteConnection};
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
            insert_rows(tx, batch, &fresh).await?;
            if !fresh.is_empty() {
                count(tx, batch, &fresh).await?;
            }
            Ok(fresh)
        }
        Tx::Postgres(tx) => insert_at_once(tx, batch, &fresh).await,
    }
}

/// PostgreSQL pays by the round trip: one statement does it all. Each count waits for the one before, so that rows are
/// locked in the order of a sign-up (code, day, hour) and neither waits for the other in a circle.
async fn insert_at_once(
    conn: &mut PgConnection,
    batch: &[NewClick],
    fresh: &HashSet<ClickId>,
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
         ), code_counts AS (
             UPDATE codes
             SET clicks = codes.clicks + new.clicks, unique_clicks = codes.unique_clicks + new.firsts
             FROM (SELECT code_id, COUNT(*) AS clicks, COUNT(*) FILTER (WHERE first) AS firsts
                   FROM judged
                   WHERE counts
                   GROUP BY code_id) new
             WHERE codes.id = new.code_id
             RETURNING codes.id
         ), day_counts AS (
             INSERT INTO code_days (code_id, day, clicks, unique_clicks)
             SELECT code_id, (id >> 20) / 86400000, COUNT(*), COUNT(*) FILTER (WHERE first)
             FROM judged
             WHERE counts
               AND (SELECT COUNT(*) FROM code_counts) > 0
             GROUP BY 1, 2
             ORDER BY 1, 2
             ON CONFLICT (code_id, day) DO UPDATE
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
         SELECT click_id FROM claimed",
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
    .fetch_all(conn)
    .await?;
    Ok(counted.into_iter().collect())
}

/// Rows of one statement on SQLite. What it lacks at the end of a batch stays NULL and is left out.
const ROWS: usize = 64;

/// Inserts up to [`ROWS`] clicks: a prepared statement of one size, so that it is prepared once.
static INSERT_ROWS: LazyLock<String> = LazyLock::new(|| {
    let rows = vec!["(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"; ROWS].join(", ");
    format!(
        "INSERT INTO clicks (id, code_id, at, visitor, network, user_agent, referring_host, channel, counted, first, suspicion)
         SELECT column1, column2, column1 >> {CLICK_ID_BITS}, column3, column4, column5, column6, column7, column8, column9, column10
         FROM (VALUES {rows})
         WHERE column1 IS NOT NULL"
    )
});

/// SQLite pays by the statement and by the page: few of either.
async fn insert_rows(conn: &mut SqliteConnection, batch: &[NewClick], counted: &HashSet<ClickId>) -> sqlx::Result<()> {
    for chunk in batch.chunks(ROWS) {
        // Made of placeholders alone.
        let mut query = sqlx::query(AssertSqlSafe(INSERT_ROWS.as_str()));
        for click in chunk {
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
        query.execute(&mut *conn).await?;
    }
    Ok(())
}

/// Adds the counted clicks to the counters of codes, days and hours.
async fn count(conn: &mut SqliteConnection, batch: &[NewClick], counted: &HashSet<ClickId>) -> sqlx::Result<()> {
    let mut days = BTreeMap::<(CodeId, i64), (i64, i64)>::new();
    let mut hours = BTreeMap::<i64, (i64, i64)>::new();
    for click in batch.iter().filter(|click| counted.contains(&click.id)) {
        let at = click.id.at();
        let add = |(clicks, first): &mut (i64, i64)| {
            *clicks += 1;
            *first += i64::from(click.first);
        };
        add(days.entry((click.code_id, at.day())).or_default());
        add(hours.entry(at.hour()).or_default());
    }
    let days: Vec<_> = days.into_iter().map(|((code, day), (clicks, first))| (code, day, clicks, first)).collect();
    let hours: Vec<_> = hours.into_iter().map(|(hour, (clicks, first))| (hour, clicks, first)).collect();
    // At midnight a code may have two rows: an update from a list would take one of them.
    sqlx::query(
        "UPDATE codes
         SET clicks = codes.clicks + new.clicks, unique_clicks = codes.unique_clicks + new.firsts
         FROM (SELECT value ->> 0 AS code_id, SUM(value ->> 2) AS clicks, SUM(value ->> 3) AS firsts
               FROM jsonb_each($1)
               GROUP BY 1) AS new
         WHERE codes.id = new.code_id;
         INSERT INTO code_days (code_id, day, clicks, unique_clicks)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3
         FROM jsonb_each($1)
         WHERE TRUE
         ON CONFLICT (code_id, day) DO UPDATE
         SET clicks = code_days.clicks + excluded.clicks,
             unique_clicks = code_days.unique_clicks + excluded.unique_clicks;
         INSERT INTO program_hours (hour, clicks, unique_clicks)
         SELECT value ->> 0, value ->> 1, value ->> 2
         FROM jsonb_each($2)
         WHERE TRUE
         ON CONFLICT (hour) DO UPDATE
         SET clicks = program_hours.clicks + excluded.clicks,
             unique_clicks = program_hours.unique_clicks + excluded.unique_clicks",
    )
    .bind(json(&days))
    .bind(json(&hours))
    .execute(conn)
    .await
    .map(|_| ())
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
    use super::{super::db_test, *};
    use crate::{
        domain::{code::Code, time::HOUR},
        server::store::{Db, codes, tally},
    };

    async fn code(db: &Db, text: &str) -> sqlx::Result<CodeId> {
        let code = Code::parse(text).expect("a code");
        let new = codes::NewCampaign {
            code: &code,
            description: "",
            category: None,
            active: true,
            max_uses: None,
            expires_at: None,
            beneficiary: None,
            created_by: None,
            created_at: Time(0),
        };
        let mut tx = db.begin().await?;
        let id = codes::insert_campaign(&mut tx, &new).await?.expect("a code");
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

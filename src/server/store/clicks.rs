//! Recorded visits by links, written in batches.

use crate::{
    domain::{
        clicks::channel::DIRECT,
        ids::{ClickId, CodeId, UserId},
        time::{HOUR, Time},
    },
    server::store::{
        db::{Conn, Tx, with_conn, with_own_conn},
        json::json,
    },
};
use sqlx::{AssertSqlSafe, FromRow, PgConnection, QueryBuilder, SqliteConnection};
use std::{collections::BTreeMap, sync::LazyLock};

/// A visit, as it is written.
#[derive(Clone, Debug)]
pub struct NewClick {
    pub id: ClickId,
    pub code_id: CodeId,
    /// When it happened. Not what the id tells: ids only grow, also when the clock goes back.
    pub at: Time,
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
    /// The ids of the clicks that the browser's cookie held before, as a JSON list.
    pub earlier: Option<String>,
    /// Whether it is counted: a person's first in this hour, as far as the writer knows.
    pub counts: bool,
    /// Whose numbers it moves then.
    pub referrer: Option<UserId>,
}

impl NewClick {
    /// Why it is kept but not counted.
    fn exclusion(&self) -> Option<&'static str> {
        self.suspicion.or((!self.counts).then_some("repeat"))
    }
}

/// Who was counted, by which click and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedClick {
    pub code_id: CodeId,
    pub visitor: i64,
    pub id: ClickId,
    pub at: Time,
    /// From where, as [`network_key`] has it.
    pub network: i64,
}

impl CountedClick {
    /// What is remembered of a click that was counted.
    pub fn of(click: &NewClick) -> Self {
        let network = network_key(&click.network);
        Self { code_id: click.code_id, visitor: click.visitor, id: click.id, at: click.at, network }
    }
}

/// What stands for no network.
pub const NO_NETWORK: i64 = 0;

/// A network as a number, the same on all instances (FNV-1a).
pub fn network_key(network: &str) -> i64 {
    if network.is_empty() {
        return NO_NETWORK;
    }
    let hash = network
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    hash.cast_signed()
}

/// Writes clicks with all counters that depend on them. Whether a click counts is decided by `counts` alone.
pub async fn insert(tx: &mut Tx, clicks: &[NewClick]) -> sqlx::Result<()> {
    for batch in clicks.chunks(BATCH) {
        match tx {
            Tx::Sqlite(tx) => on_sqlite(tx, batch, &BATCHES).await?,
            Tx::Postgres(tx) => on_postgres(tx, batch, None).await.map(drop)?,
        }
    }
    Ok(())
}

/// PostgreSQL pays by the round trip: one statement does it all, or nothing when batch number `number` is taken. Lists
/// are taken apart column by column, which costs half of what a list of rows does. The hour waits for the days, so that
/// rows are locked in the order of a sign-up and neither waits for the other in a circle.
pub(super) async fn on_postgres(
    conn: &mut PgConnection,
    batch: &[NewClick],
    number: Option<i64>,
) -> sqlx::Result<bool> {
    fn column<'a, T>(batch: &'a [NewClick], pick: impl Fn(&'a NewClick) -> T) -> Vec<T> {
        batch.iter().map(pick).collect()
    }
    let sums = Sums::of(batch);
    let counted = batch.iter().filter(|click| click.counts);
    let counted: Vec<i64> = counted
        .map(CountedClick::of)
        .flat_map(|counted| [counted.code_id.0, counted.visitor, counted.id.0, counted.at.0, counted.network])
        .collect();
    let written: Option<i32> = sqlx::query_scalar(
        "WITH write_lock AS MATERIALIZED (
             SELECT pg_advisory_xact_lock(7017280452245743464)
         ), numbered AS (
             INSERT INTO click_batches (number, hour, counted)
             SELECT $1, $2, $3
             FROM write_lock
             WHERE $1 IS NOT NULL
               AND NOT EXISTS (SELECT FROM click_batches WHERE number >= $1)
             ON CONFLICT DO NOTHING
             RETURNING number
         ), accepted AS MATERIALIZED (
             SELECT 1 WHERE $1 IS NULL OR EXISTS (SELECT FROM numbered)
         ), kept AS (
             INSERT INTO clicks (id, code_id, at, visitor, network, user_agent, referring_host, channel, counted, first, suspicion, earlier)
             SELECT id, code_id, at, visitor, network, user_agent, referring_host, channel, counted, first, suspicion, earlier
             FROM (SELECT UNNEST($4::bigint[]) AS id, UNNEST($5::bigint[]) AS code_id, UNNEST($6::bigint[]) AS visitor,
                          UNNEST($7::text[]) AS network, UNNEST($8::text[]) AS user_agent,
                          UNNEST($9::text[]) AS referring_host, UNNEST($10::text[]) AS channel,
                          UNNEST($11::boolean[]) AS counted, UNNEST($12::boolean[]) AS first,
                          UNNEST($13::text[]) AS suspicion, UNNEST($14::text[]) AS earlier, UNNEST($22::bigint[]) AS at
                   FROM accepted) AS input
         ), day_sums AS (
             INSERT INTO code_days (code_id, day, clicks, unique_clicks)
             SELECT UNNEST($15::bigint[]), UNNEST($16::bigint[]), UNNEST($17::bigint[]), UNNEST($18::bigint[])
             FROM accepted
             ON CONFLICT (day, code_id) DO UPDATE
             SET clicks = code_days.clicks + excluded.clicks,
                 unique_clicks = code_days.unique_clicks + excluded.unique_clicks
             RETURNING code_id
         ), channel_sums AS (
             INSERT INTO code_channel_days (code_id, day, channel, clicks)
             SELECT UNNEST($23::bigint[]), UNNEST($24::bigint[]), UNNEST($25::text[]), UNNEST($26::bigint[])
             FROM accepted
             ON CONFLICT (day, code_id, channel) DO UPDATE
             SET clicks = code_channel_days.clicks + excluded.clicks
         ), hour_sums AS (
             INSERT INTO program_hours (hour, clicks, unique_clicks)
             SELECT UNNEST($19::bigint[]), UNNEST($20::bigint[]), UNNEST($21::bigint[])
             FROM accepted
             WHERE (SELECT COUNT(*) FROM day_sums) > 0
             ON CONFLICT (hour) DO UPDATE
             SET clicks = program_hours.clicks + excluded.clicks,
                 unique_clicks = program_hours.unique_clicks + excluded.unique_clicks
         )
         SELECT 1 FROM accepted",
    )
    .bind(number)
    .bind(batch.iter().map(|c| c.at.hour()).max())
    .bind(counted)
    .bind(column(batch, |c| c.id.0))
    .bind(column(batch, |c| c.code_id.0))
    .bind(column(batch, |c| c.visitor))
    .bind(column(batch, |c| c.network.as_str()))
    .bind(column(batch, |c| c.user_agent.as_str()))
    .bind(column(batch, |c| c.referring_host.as_deref()))
    .bind(column(batch, |c| c.channel))
    .bind(column(batch, |c| c.counts))
    .bind(column(batch, |c| c.counts && c.first))
    .bind(column(batch, NewClick::exclusion))
    .bind(column(batch, |c| c.earlier.as_deref()))
    .bind(sums.days.keys().map(|(_, code)| code.0).collect::<Vec<_>>())
    .bind(sums.days.keys().map(|(day, _)| *day).collect::<Vec<_>>())
    .bind(sums.days.values().map(|sum| sum.clicks).collect::<Vec<_>>())
    .bind(sums.days.values().map(|sum| sum.first).collect::<Vec<_>>())
    .bind(sums.hours.keys().copied().collect::<Vec<_>>())
    .bind(sums.hours.values().map(|sum| sum.clicks).collect::<Vec<_>>())
    .bind(sums.hours.values().map(|sum| sum.first).collect::<Vec<_>>())
    .bind(column(batch, |c| c.at.0))
    .bind(sums.channels.keys().map(|(_, code, _)| code.0).collect::<Vec<_>>())
    .bind(sums.channels.keys().map(|(day, _, _)| *day).collect::<Vec<_>>())
    .bind(sums.channels.keys().map(|(_, _, channel)| *channel).collect::<Vec<_>>())
    .bind(sums.channels.values().copied().collect::<Vec<_>>())
    .fetch_optional(conn)
    .await?;
    Ok(written.is_some())
}

/// What the counted clicks of a batch add to the counters.
#[derive(Default)]
struct Sums {
    days: BTreeMap<(i64, CodeId), Sum>,
    /// Clicks by day, code and channel.
    channels: BTreeMap<(i64, CodeId, &'static str), i64>,
    hours: BTreeMap<i64, Sum>,
}

#[derive(Default)]
struct Sum {
    clicks: i64,
    /// Of browsers that were new.
    first: i64,
}

impl Sums {
    fn of(batch: &[NewClick]) -> Self {
        let mut sums = Self::default();
        for click in batch.iter().filter(|click| click.counts) {
            let day = sums.days.entry((click.at.day(), click.code_id)).or_default();
            let hour = sums.hours.entry(click.at.hour()).or_default();
            for sum in [day, hour] {
                sum.clicks += 1;
                sum.first += i64::from(click.first);
            }
            *sums.channels.entry((click.at.day(), click.code_id, click.channel.unwrap_or(DIRECT))).or_default() += 1;
        }
        sums
    }
}

/// Rows of one statement on SQLite. What it lacks at the end of a batch stays NULL and is left out, so that there are
/// few different texts, each prepared once.
const ROWS_PER_INSERT: usize = 64;

/// What a batch of so many times [`ROWS_PER_INSERT`] clicks is on SQLite.
static BATCHES: LazyLock<Vec<String>> = LazyLock::new(|| (0..=BATCH.div_ceil(ROWS_PER_INSERT)).map(batch_of).collect());

/// Clicks of one batch at most.
pub const BATCH: usize = 1_024;

fn batch_of(chunks: usize) -> String {
    let rows = vec!["(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"; ROWS_PER_INSERT].join(", ");
    let insert = format!(
        "INSERT INTO clicks (id, code_id, at, visitor, network, user_agent, referring_host, channel, counted, first, suspicion, earlier)
         SELECT column1, column2, column3, column4, column5, column6, column7, column8, column9, column10, column11, column12
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
         INSERT INTO code_channel_days (code_id, day, channel, clicks)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3
         FROM jsonb_each(?)
         WHERE TRUE
         ON CONFLICT (day, code_id, channel) DO UPDATE
         SET clicks = code_channel_days.clicks + excluded.clicks;
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
pub(super) static TRANSACTIONS: LazyLock<Vec<String>> =
    LazyLock::new(|| BATCHES.iter().map(|batch| format!("BEGIN IMMEDIATE; {batch} COMMIT")).collect());

/// SQLite pays by the message, the statement and the page: few of each.
pub(super) async fn on_sqlite(
    conn: &mut SqliteConnection,
    batch: &[NewClick],
    texts: &'static [String],
) -> sqlx::Result<()> {
    let sums = Sums::of(batch);
    let days: Vec<_> = sums.days.into_iter().map(|((day, code), sum)| (code, day, sum.clicks, sum.first)).collect();
    let channels: Vec<_> =
        sums.channels.into_iter().map(|((day, code, channel), clicks)| (code, day, channel, clicks)).collect();
    let hours: Vec<_> = sums.hours.into_iter().map(|(hour, sum)| (hour, sum.clicks, sum.first)).collect();
    // Made of literals and placeholders alone.
    let text = AssertSqlSafe(texts[batch.len().div_ceil(ROWS_PER_INSERT)].as_str());
    let mut query = sqlx::query(text).bind(json(&days)).bind(json(&channels)).bind(json(&hours));
    for click in batch {
        query = query
            .bind(click.id)
            .bind(click.code_id)
            .bind(click.at)
            .bind(click.visitor)
            .bind(&click.network)
            .bind(&click.user_agent)
            .bind(&click.referring_host)
            .bind(click.channel)
            .bind(click.counts)
            .bind(click.counts && click.first)
            .bind(click.exclusion())
            .bind(&click.earlier);
    }
    query.execute(conn).await.map(|_| ())
}

/// Up to `limit` counted clicks of an hour after `after`. None of them has an id of an earlier time.
pub async fn counted_in(conn: &mut Conn<'_>, hour: i64, after: ClickId, limit: i64) -> sqlx::Result<Vec<CountedClick>> {
    let begin = Time(hour * HOUR);
    let rows: Vec<(CodeId, i64, ClickId, Time, String)> = with_own_conn!(conn, conn => sqlx::query_as(
        "SELECT code_id, visitor, id, at, network
         FROM clicks
         WHERE id >= $1
           AND id > $2
           AND at >= $3
           AND at < $4
           AND counted
         ORDER BY id
         LIMIT $5")
        .bind(ClickId::first_at(begin))
        .bind(after)
        .bind(begin)
        .bind(begin.plus(HOUR))
        .bind(limit)
        .fetch_all(conn).await?);
    let counted = |(code_id, visitor, id, at, network): (_, _, _, _, String)| CountedClick {
        code_id,
        visitor,
        id,
        at,
        network: network_key(&network),
    };
    Ok(rows.into_iter().map(counted).collect())
}

/// Whether this very click is written already. A batch is written as a whole, so one of its clicks tells of all.
pub async fn is_written(conn: &mut Conn<'_>, click: &NewClick) -> sqlx::Result<bool> {
    with_own_conn!(conn, conn => sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM clicks WHERE id = $1 AND code_id = $2 AND visitor = $3 AND at = $4)")
        .bind(click.id)
        .bind(click.code_id)
        .bind(click.visitor)
        .bind(click.at)
        .fetch_one(conn).await)
}

/// A click as attribution needs it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ClickRecord {
    pub id: ClickId,
    pub code_id: CodeId,
    pub at: Time,
    pub visitor: i64,
    pub network: String,
    pub user_agent: String,
    /// Whether a person followed the link, as far as can be told.
    pub by_person: bool,
    earlier: Option<String>,
}

impl ClickRecord {
    /// The clicks that the browser remembered before.
    pub fn earlier_clicks(&self) -> Vec<ClickId> {
        self.earlier.as_deref().and_then(|ids| serde_json::from_str(ids).ok()).unwrap_or_default()
    }
}

/// The clicks of these ids; unknown ids are left out.
pub async fn by_ids(tx: &mut Tx, ids: &[ClickId]) -> sqlx::Result<Vec<ClickRecord>> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new(
        "SELECT id, code_id, at, visitor, network, user_agent, earlier, COALESCE(suspicion IN ('repeat', 'burst'), TRUE) AS by_person
         FROM clicks
         WHERE id IN ")
        .push(before)
        .push_bind(json(ids))
        .push(after)
        .build_query_as()
        .fetch_all(conn).await)
}

/// Lets nobody else decide about these clicks until the transaction ends. SQLite has one writer as it is.
pub async fn lock(tx: &mut Tx, ids: &[ClickId]) -> sqlx::Result<()> {
    let Tx::Postgres(tx) = tx else { return Ok(()) };
    // In one order, so that two who want the same do not wait for each other.
    sqlx::query(
        "SELECT id FROM clicks
         WHERE id IN (SELECT value::bigint FROM json_array_elements_text($1::json)) ORDER BY id FOR UPDATE",
    )
    .bind(json(ids))
    .execute(&mut **tx)
    .await
    .map(|_| ())
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
pub(super) mod tests {
    use super::*;
    use crate::server::store::{counter_check, db::Db, db_test, fixtures::Campaign};

    pub async fn code(db: &Db, text: &str) -> sqlx::Result<CodeId> {
        let mut tx = db.begin().await?;
        let id = Campaign::default().insert(&mut tx, text).await?;
        tx.commit().await?;
        Ok(id)
    }

    pub fn click(n: i64, code_id: CodeId, visitor: i64) -> NewClick {
        NewClick {
            id: ClickId(n),
            code_id,
            at: Time(1_000),
            visitor,
            network: "10.0.0.0/24".into(),
            user_agent: "a \"quoted\" ünicode".into(),
            referring_host: None,
            channel: Some("copy"),
            first: true,
            suspicion: None,
            earlier: None,
            counts: true,
            referrer: None,
        }
    }

    db_test!(what_counts_is_counted_and_the_rest_is_kept, |db| {
        let (a, b) = (code(&db, "AAA").await?, code(&db, "BBB").await?);
        let mut tx = db.begin().await?;
        let bot = NewClick { suspicion: Some("bot"), counts: false, ..click(4, a, 9) };
        let repeat = NewClick { counts: false, ..click(2, a, 7) };
        let burst = NewClick { suspicion: Some("burst"), counts: false, ..click(5, a, 8) };
        insert(&mut tx, &[click(1, a, 7), repeat, click(3, b, 7), bot, burst]).await?;
        let later = NewClick { id: ClickId(6), at: Time(HOUR), first: false, ..click(0, a, 7) };
        insert(&mut tx, std::slice::from_ref(&later)).await?;
        assert_eq!(counter_check::find_mismatches(&mut tx).await?, Vec::<counter_check::CounterMismatch>::new());
        let mut kept = by_ids(&mut tx, &[ClickId(2), ClickId(4), ClickId(5), ClickId(6)]).await?;
        kept.sort_by_key(|click| click.id);
        let kept: Vec<_> =
            kept.iter().map(|click| (click.id.0, click.code_id, click.visitor, click.by_person)).collect();
        assert_eq!(kept, [(2, a, 7, true), (4, a, 9, false), (5, a, 8, true), (6, a, 7, true)]);
        let counted = [click(1, a, 7), click(3, b, 7), later].map(|click| CountedClick::of(&click));
        assert_eq!(counted_in(&mut tx.conn(), 0, ClickId(0), 10).await?, counted[..2]);
        assert_eq!(counted_in(&mut tx.conn(), 0, ClickId(1), 10).await?, counted[1..2]);
        assert_eq!(counted_in(&mut tx.conn(), 0, ClickId(0), 1).await?, counted[..1]);
        assert!(is_written(&mut tx.conn(), &click(3, b, 7)).await?);
        for other in [click(3, b, 8), click(3, a, 7), click(5, b, 7)] {
            assert!(!is_written(&mut tx.conn(), &other).await?);
        }
        tx.commit().await
    });

    db_test!(a_click_keeps_what_its_browser_remembered, |db| {
        let a = code(&db, "AAA").await?;
        let mut tx = db.begin().await?;
        let second = NewClick { earlier: Some("[1,9]".into()), ..click(2, a, 7) };
        insert(&mut tx, &[click(1, a, 7), second]).await?;
        let earlier = by_ids(&mut tx, &[ClickId(1), ClickId(2)]).await?.into_iter();
        let mut earlier: Vec<_> = earlier.map(|click| (click.id, click.earlier_clicks())).collect();
        earlier.sort();
        assert_eq!(earlier, [(ClickId(1), vec![]), (ClickId(2), vec![ClickId(1), ClickId(9)])]);
        tx.commit().await
    });

    db_test!(partitions_take_the_clicks_of_their_time, |db| {
        let a = code(&db, "AAA").await?;
        let mut tx = db.begin().await?;
        for _ in 0..2 {
            ensure_partition(&mut tx, "clicks_1970_01", Time(0), Time(1_000)).await?;
        }
        insert(&mut tx, &[click(1, a, 7)]).await?;
        assert_eq!(counted_in(&mut tx.conn(), 0, ClickId(0), 10).await?.len(), 1);
        tx.commit().await
    });
}

//! Recorded visits by links, written in batches.

use super::{Tx, json, on};
use crate::domain::{
    ids::{ClickId, CodeId},
    time::Time,
};
use std::collections::{BTreeMap, HashSet};

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

/// Writes a batch with all counters that depend on it, and returns which clicks were counted: every visitor once per
/// code and hour. One statement per table, so that the cost of a statement is shared by the batch.
pub async fn insert(tx: &mut Tx, batch: &[NewClick]) -> sqlx::Result<HashSet<ClickId>> {
    let counted = claim_hours(tx, batch).await?;
    insert_rows(tx, batch, &counted).await?;
    if !counted.is_empty() {
        count(tx, batch, &counted).await?;
    }
    Ok(counted)
}

async fn claim_hours(tx: &mut Tx, batch: &[NewClick]) -> sqlx::Result<HashSet<ClickId>> {
    let rows: Vec<_> = batch
        .iter()
        .filter(|click| click.suspicion.is_none())
        .map(|click| (click.id.at().hour(), click.code_id, click.visitor, click.id))
        .collect();
    if rows.is_empty() {
        return Ok(HashSet::new());
    }
    let sql = tx.pick(
        "INSERT INTO click_hours (hour, code_id, visitor, click_id)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3
         FROM json_each($1)
         WHERE TRUE
         ON CONFLICT DO NOTHING
         RETURNING click_id",
        "INSERT INTO click_hours (hour, code_id, visitor, click_id)
         SELECT (value ->> 0)::bigint, (value ->> 1)::bigint, (value ->> 2)::bigint, (value ->> 3)::bigint
         FROM json_array_elements($1::json)
         ON CONFLICT DO NOTHING
         RETURNING click_id",
    );
    let ids: Vec<ClickId> = on!(tx, conn => sqlx::query_scalar(sql).bind(json(&rows)).fetch_all(conn).await)?;
    Ok(ids.into_iter().collect())
}

async fn insert_rows(tx: &mut Tx, batch: &[NewClick], counted: &HashSet<ClickId>) -> sqlx::Result<()> {
    let rows: Vec<_> = batch
        .iter()
        .map(|c| {
            let counts = counted.contains(&c.id);
            let suspicion = c.suspicion.or((!counts).then_some("repeat"));
            (
                c.id,
                c.code_id,
                c.id.at(),
                c.visitor,
                &c.network,
                &c.user_agent,
                &c.referring_host,
                c.channel,
                counts,
                counts && c.first,
                suspicion,
            )
        })
        .collect();
    let sql = tx.pick(
        "INSERT INTO clicks (id, code_id, at, visitor, network, user_agent, referring_host, channel, counted, first, suspicion)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
                value ->> 8, value ->> 9, value ->> 10
         FROM json_each($1)",
        "INSERT INTO clicks (id, code_id, at, visitor, network, user_agent, referring_host, channel, counted, first, suspicion)
         SELECT (value ->> 0)::bigint, (value ->> 1)::bigint, (value ->> 2)::bigint, (value ->> 3)::bigint, value ->> 4,
                value ->> 5, value ->> 6, value ->> 7, (value ->> 8)::boolean, (value ->> 9)::boolean, value ->> 10
         FROM json_array_elements($1::json)",
    );
    on!(tx, conn => sqlx::query(sql).bind(json(&rows)).execute(conn).await.map(|_| ()))
}

/// Adds the counted clicks to the counters of codes, days and hours: always in the order of ids, so that instances
/// that write at once do not wait for each other in a circle.
async fn count(tx: &mut Tx, batch: &[NewClick], counted: &HashSet<ClickId>) -> sqlx::Result<()> {
    let mut codes = BTreeMap::<CodeId, (i64, i64)>::new();
    let mut days = BTreeMap::<(CodeId, i64), (i64, i64)>::new();
    let mut hours = BTreeMap::<i64, (i64, i64)>::new();
    for click in batch.iter().filter(|click| counted.contains(&click.id)) {
        let at = click.id.at();
        let add = |(clicks, first): &mut (i64, i64)| {
            *clicks += 1;
            *first += i64::from(click.first);
        };
        add(codes.entry(click.code_id).or_default());
        add(days.entry((click.code_id, at.day())).or_default());
        add(hours.entry(at.hour()).or_default());
    }
    let codes: Vec<_> = codes.into_iter().map(|(code, (clicks, first))| (code, clicks, first)).collect();
    let days: Vec<_> = days.into_iter().map(|((code, day), (clicks, first))| (code, day, clicks, first)).collect();
    let hours: Vec<_> = hours.into_iter().map(|(hour, (clicks, first))| (hour, clicks, first)).collect();

    let sql = tx.pick(
        "UPDATE codes
         SET clicks = clicks + (new.value ->> 1), unique_clicks = unique_clicks + (new.value ->> 2)
         FROM json_each($1) AS new
         WHERE codes.id = new.value ->> 0",
        "UPDATE codes
         SET clicks = clicks + (new.value ->> 1)::bigint, unique_clicks = unique_clicks + (new.value ->> 2)::bigint
         FROM json_array_elements($1::json) AS new
         WHERE codes.id = (new.value ->> 0)::bigint",
    );
    on!(&mut *tx, conn => sqlx::query(sql).bind(json(&codes)).execute(conn).await.map(|_| ()))?;
    let sql = tx.pick(
        "INSERT INTO code_days (code_id, day, clicks, unique_clicks)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3
         FROM json_each($1)
         WHERE TRUE
         ON CONFLICT (code_id, day) DO UPDATE
         SET clicks = code_days.clicks + excluded.clicks,
             unique_clicks = code_days.unique_clicks + excluded.unique_clicks",
        "INSERT INTO code_days (code_id, day, clicks, unique_clicks)
         SELECT (value ->> 0)::bigint, (value ->> 1)::bigint, (value ->> 2)::bigint, (value ->> 3)::bigint
         FROM json_array_elements($1::json)
         ON CONFLICT (code_id, day) DO UPDATE
         SET clicks = code_days.clicks + excluded.clicks,
             unique_clicks = code_days.unique_clicks + excluded.unique_clicks",
    );
    on!(&mut *tx, conn => sqlx::query(sql).bind(json(&days)).execute(conn).await.map(|_| ()))?;
    let sql = tx.pick(
        "INSERT INTO program_hours (hour, clicks, unique_clicks)
         SELECT value ->> 0, value ->> 1, value ->> 2
         FROM json_each($1)
         WHERE TRUE
         ON CONFLICT (hour) DO UPDATE
         SET clicks = program_hours.clicks + excluded.clicks,
             unique_clicks = program_hours.unique_clicks + excluded.unique_clicks",
        "INSERT INTO program_hours (hour, clicks, unique_clicks)
         SELECT (value ->> 0)::bigint, (value ->> 1)::bigint, (value ->> 2)::bigint
         FROM json_array_elements($1::json)
         ON CONFLICT (hour) DO UPDATE
         SET clicks = program_hours.clicks + excluded.clicks,
             unique_clicks = program_hours.unique_clicks + excluded.unique_clicks",
    );
    on!(tx, conn => sqlx::query(sql).bind(json(&hours)).execute(conn).await.map(|_| ()))
}

/// Forgets which visitors were counted before this hour.
pub async fn prune_hours(tx: &mut Tx, before: i64) -> sqlx::Result<()> {
    on!(tx, conn => sqlx::query("DELETE FROM click_hours WHERE hour < $1")
        .bind(before)
        .execute(conn).await.map(|_| ()))
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
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut **tx).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::{super::db_test, *};
    use crate::{
        domain::code::Code,
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

    db_test!(a_visitor_counts_once_per_code_and_hour, |db| {
        let (a, b) = (code(&db, "AAA").await?, code(&db, "BBB").await?);
        let mut tx = db.begin().await?;
        let bot = NewClick { suspicion: Some("bot"), ..click(4, a, 9) };
        let counted = insert(&mut tx, &[click(1, a, 7), click(2, a, 7), click(3, b, 7), bot]).await?;
        assert_eq!(counted.len(), 2);
        assert!(counted.contains(&ClickId(3)));
        tx.commit().await?;
        let mut tx = db.begin().await?;
        assert!(insert(&mut tx, &[click(5, a, 7)]).await?.is_empty());
        let later = ClickId::first_at(Time(crate::domain::time::HOUR));
        assert_eq!(insert(&mut tx, &[NewClick { id: later, first: false, ..click(0, a, 7) }]).await?.len(), 1);
        assert_eq!(tally::drift(&mut tx).await?, Vec::<tally::Drift>::new());
        tx.commit().await
    });

    db_test!(pruned_hours_are_counted_anew, |db| {
        let a = code(&db, "AAA").await?;
        let mut tx = db.begin().await?;
        insert(&mut tx, &[click(1, a, 7)]).await?;
        prune_hours(&mut tx, 1).await?;
        assert_eq!(insert(&mut tx, &[click(2, a, 7)]).await?.len(), 1);
        tx.commit().await
    });

    db_test!(partitions_take_the_clicks_of_their_time, |db| {
        let a = code(&db, "AAA").await?;
        let mut tx = db.begin().await?;
        for _ in 0..2 {
            ensure_partition(&mut tx, "clicks_1970_01", Time(0), Time(1_000)).await?;
        }
        assert_eq!(insert(&mut tx, &[click(1, a, 7)]).await?.len(), 1);
        tx.commit().await
    });
}

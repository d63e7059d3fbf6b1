//! Reward rules and their versions.

use crate::{
    domain::{
        ids::{RuleId, UserId},
        rewards::rule::{RuleTerms, RuleVersion},
        time::Time,
    },
    server::store::{
        db::{Tx, with_conn},
        export::Row,
        json::json,
    },
};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, QueryBuilder};

/// A rule as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromRow)]
#[serde(deny_unknown_fields)]
pub struct RuleRecord {
    pub id: RuleId,
    /// The current version.
    pub version: i64,
    pub created_at: Time,
    pub deleted_at: Option<Time>,
}

impl Row for RuleRecord {
    type Key = i64;

    const TYPE: &'static str = "reward_rule";
    const TABLE: &'static str = "reward_rules";
    const COUNT: &'static str = "SELECT COUNT(*) FROM reward_rules";
    const PAGE: &'static str =
        "SELECT id, version, created_at, deleted_at FROM reward_rules WHERE id > $1 ORDER BY id LIMIT $2";

    fn key(&self) -> Self::Key {
        self.id.0
    }
}

/// A version as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromRow)]
#[serde(deny_unknown_fields)]
pub struct VersionRecord {
    pub rule_id: RuleId,
    pub version: i64,
    /// JSON as text.
    pub terms: String,
    pub created_at: Time,
}

impl Row for VersionRecord {
    type Key = i64;

    const TYPE: &'static str = "reward_rule_version";
    const TABLE: &'static str = "reward_rule_versions";
    const COUNT: &'static str = "SELECT COUNT(*) FROM reward_rule_versions";
    const PAGE: &'static str = "SELECT rule_id, version, terms, created_at
         FROM reward_rule_versions
         WHERE rule_id IN (SELECT DISTINCT rule_id FROM reward_rule_versions WHERE rule_id > $1 ORDER BY 1 LIMIT $2)
         ORDER BY rule_id, version";

    fn key(&self) -> Self::Key {
        self.rule_id.0
    }
}

/// Makes a rule; its first version.
pub async fn insert(tx: &mut Tx, terms: &RuleTerms, now: Time) -> sqlx::Result<RuleId> {
    let id = with_conn!(&mut *tx, conn => sqlx::query_scalar("INSERT INTO reward_rules (version, created_at) VALUES (1, $1) RETURNING id")
        .bind(now)
        .fetch_one(conn).await)?;
    insert_version(tx, id, 1, terms, now).await?;
    Ok(id)
}

/// Makes these terms the current ones of a rule.
pub async fn add_version(tx: &mut Tx, rule: &RuleRecord, terms: &RuleTerms, now: Time) -> sqlx::Result<()> {
    with_conn!(&mut *tx, conn => sqlx::query("UPDATE reward_rules SET version = version + 1 WHERE id = $1")
        .bind(rule.id)
        .execute(conn).await.map(|_| ()))?;
    insert_version(tx, rule.id, rule.version + 1, terms, now).await
}

async fn insert_version(tx: &mut Tx, rule: RuleId, version: i64, terms: &RuleTerms, now: Time) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query(
        "INSERT INTO reward_rule_versions (rule_id, version, terms, created_at) VALUES ($1, $2, $3, $4)")
        .bind(rule)
        .bind(version)
        .bind(json(terms))
        .bind(now)
        .execute(conn).await.map(|_| ()))
}

/// A rule that is not deleted, held until the end of the transaction.
pub async fn lock(tx: &mut Tx, id: RuleId) -> sqlx::Result<Option<RuleRecord>> {
    let sql = tx.dialect(
        "SELECT id, version, created_at, deleted_at FROM reward_rules WHERE id = $1 AND deleted_at IS NULL",
        "SELECT id, version, created_at, deleted_at FROM reward_rules WHERE id = $1 AND deleted_at IS NULL FOR UPDATE",
    );
    with_conn!(tx, conn => sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// Holds these rules until the end of the transaction, so that one at a time counts what they have given.
pub async fn lock_all(tx: &mut Tx, ids: &[RuleId]) -> sqlx::Result<()> {
    if matches!(tx, Tx::Sqlite(_)) {
        return Ok(());
    }
    with_conn!(tx, conn => sqlx::query(
        "SELECT id FROM reward_rules
         WHERE id IN (SELECT value::bigint FROM json_array_elements_text($1::json))
         ORDER BY id
         FOR UPDATE")
        .bind(json(ids))
        .execute(conn).await.map(|_| ()))
}

/// Hides a rule; what it has given stays.
pub async fn delete(tx: &mut Tx, id: RuleId, now: Time) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE reward_rules SET deleted_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(conn).await.map(|_| ()))
}

#[derive(FromRow)]
struct VersionRow {
    rule_id: RuleId,
    version: i64,
    terms: String,
    created_at: Time,
    deleted_at: Option<Time>,
}

fn read(rows: Vec<VersionRow>) -> sqlx::Result<Vec<RuleVersion>> {
    let next = |row: &VersionRow| {
        let later = rows.iter().find(|other| other.rule_id == row.rule_id && other.version == row.version + 1);
        later.map(|later| later.created_at).or(row.deleted_at)
    };
    let version = |row: &VersionRow| {
        Ok(RuleVersion {
            rule: row.rule_id,
            version: row.version,
            terms: serde_json::from_str(&row.terms).map_err(|error| sqlx::Error::Decode(error.into()))?,
            since: row.created_at,
            until: next(row),
        })
    };
    rows.iter().map(version).collect()
}

/// All versions of all rules, deleted ones too.
pub async fn versions(tx: &mut Tx) -> sqlx::Result<Vec<RuleVersion>> {
    read(with_conn!(tx, conn => sqlx::query_as(
        "SELECT v.rule_id, v.version, v.terms, v.created_at, r.deleted_at
         FROM reward_rule_versions v
         JOIN reward_rules r ON r.id = v.rule_id
         ORDER BY v.rule_id, v.version")
        .fetch_all(conn).await)?)
}

/// The current versions of all rules that are not deleted.
pub async fn current(tx: &mut Tx) -> sqlx::Result<Vec<RuleVersion>> {
    read(with_conn!(tx, conn => sqlx::query_as(
        "SELECT v.rule_id, v.version, v.terms, v.created_at, r.deleted_at
         FROM reward_rules r
         JOIN reward_rule_versions v ON v.rule_id = r.id AND v.version = r.version
         WHERE r.deleted_at IS NULL
         ORDER BY v.rule_id")
        .fetch_all(conn).await)?)
}

/// What a rule has given to one referrer's referrals since an instant, what was taken away before it was active apart.
pub async fn count_for_referrer(tx: &mut Tx, rule: RuleId, referrer: UserId, since: Time) -> sqlx::Result<i64> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT COUNT(*) FROM rewards
         WHERE rule_id = $1
           AND referrer_id = $2
           AND created_at >= $3
           AND state <> 'voided'
           AND kind <> 'choice'")
        .bind(rule)
        .bind(referrer)
        .bind(since)
        .fetch_one(conn).await)
}

/// What a rule has given for one referee.
pub async fn count_for_referee(tx: &mut Tx, rule: RuleId, referee: UserId) -> sqlx::Result<i64> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT COUNT(*) FROM rewards
         WHERE referee_id = $2
           AND rule_id = $1
           AND state <> 'voided'
           AND kind <> 'choice'")
        .bind(rule)
        .bind(referee)
        .fetch_one(conn).await)
}

/// What stands of all that a rule has given.
pub async fn total_given(tx: &mut Tx, rule: RuleId) -> sqlx::Result<i64> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(issued - void), 0) AS BIGINT) FROM rewards WHERE rule_id = $1 AND kind <> 'choice'")
        .bind(rule)
        .fetch_one(conn).await)
}

/// What a rule has given in one unit or currency.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Given {
    pub rule_id: RuleId,
    pub unit: Option<String>,
    pub currency: Option<String>,
    /// Rewards.
    pub rewards: i64,
    /// What stands of them, in smallest units of the currency or whole units.
    pub amount: i64,
}

/// What rules have given since an instant; choices count once something is picked.
pub async fn given_since(tx: &mut Tx, since: Time) -> sqlx::Result<Vec<Given>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT rule_id, unit, currency, COUNT(*) AS rewards, CAST(SUM(issued - void) AS BIGINT) AS amount
         FROM rewards
         WHERE created_at >= $1
           AND kind <> 'choice'
         GROUP BY rule_id, unit, currency
         ORDER BY rule_id, currency, unit")
        .bind(since)
        .fetch_all(conn).await)
}

/// How many rewards a rule has made; choices count once something is picked.
pub async fn count_made(tx: &mut Tx, rule: RuleId) -> sqlx::Result<i64> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT COUNT(*) FROM rewards WHERE rule_id = $1 AND kind <> 'choice'")
        .bind(rule)
        .fetch_one(conn).await)
}

/// One version of a rule.
pub async fn version(tx: &mut Tx, rule: RuleId, version: i64) -> sqlx::Result<Option<RuleTerms>> {
    let mut rows: Vec<VersionRow> = with_conn!(tx, conn => QueryBuilder::new(
        "SELECT v.rule_id, v.version, v.terms, v.created_at, r.deleted_at
         FROM reward_rule_versions v
         JOIN reward_rules r ON r.id = v.rule_id
         WHERE v.rule_id = ")
        .push_bind(rule)
        .push(" AND v.version = ")
        .push_bind(version)
        .build_query_as()
        .fetch_all(conn).await)?;
    rows.truncate(1);
    Ok(read(rows)?.pop().map(|version| version.terms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::rewards::{
            reward::{NewReward, Reward},
            rule::Recipient,
        },
        server::store::{db_test, fixtures, rewards},
    };

    /// A reward of ten, made at `at`.
    fn reward(rule: RuleId, occasion: &str, kind: &str, unit: Option<&str>, currency: Option<&str>, at: i64) -> Reward {
        Reward::granted(NewReward {
            rule_id: rule,
            rule_version: 1,
            granted_by: format!("rule:{rule}"),
            user_id: UserId(1),
            recipient: Recipient::Referrer,
            occasion: occasion.into(),
            referee_id: UserId(2),
            referral_id: None,
            referrer_id: None,
            payment_id: None,
            choice_id: None,
            options: "[]".into(),
            kind: kind.into(),
            unit: unit.map(str::to_owned),
            currency: currency.map(str::to_owned),
            description: String::new(),
            granted: 10,
            hold_until: Time(0),
            needs_approval: false,
            valid_days: None,
            happened_at: Time(at),
            created_at: Time(at),
        })
    }

    db_test!(a_rule_has_its_versions_and_each_its_time, |db| {
        let mut tx = db.begin().await?;
        let id = fixtures::rule(&mut tx).await?;
        let record = lock(&mut tx, id).await?.expect("a rule");
        let first = version(&mut tx, id, 1).await?.expect("terms");
        let second = RuleTerms { amount: Some(20), ..first.clone() };
        add_version(&mut tx, &record, &second, Time(7)).await?;
        let spans = |versions: &[RuleVersion]| {
            versions.iter().map(|version| (version.version, version.since, version.until)).collect::<Vec<_>>()
        };
        assert_eq!(spans(&versions(&mut tx).await?), [(1, Time(0), Some(Time(7))), (2, Time(7), None)]);
        let now = current(&mut tx).await?;
        assert_eq!((spans(&now), &now[0].terms), (vec![(2, Time(7), None)], &second));
        delete(&mut tx, id, Time(9)).await?;
        assert_eq!((current(&mut tx).await?, lock(&mut tx, id).await?), (vec![], None));
        assert_eq!(spans(&versions(&mut tx).await?)[1], (2, Time(7), Some(Time(9))));
        assert_eq!(version(&mut tx, id, 3).await?, None);
        tx.commit().await
    });

    db_test!(what_a_rule_has_given_is_counted, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let rule = fixtures::rule(&mut tx).await?;
        lock_all(&mut tx, &[rule]).await?;
        let mut made = [fixtures::reward(&mut tx, rule, ann, UserId(77)).await?];
        fixtures::reward(&mut tx, rule, ann, UserId(78)).await?;
        let count = count_for_referrer(&mut tx, rule, ann, Time(1)).await?;
        assert_eq!((count, count_for_referrer(&mut tx, rule, ann, Time(2)).await?), (2, 0));
        made[0].stand_at(0, None);
        rewards::update(&mut tx, &mut made, None, Time(2)).await?;
        assert_eq!(count_for_referrer(&mut tx, rule, ann, Time(0)).await?, 1);
        assert_eq!(count_for_referee(&mut tx, rule, UserId(78)).await?, 1);
        assert_eq!((count_for_referee(&mut tx, rule, UserId(77)).await?, total_given(&mut tx, rule).await?), (0, 10));
        tx.commit().await
    });

    db_test!(what_rules_have_given_is_counted_by_unit_and_currency, |db| {
        let mut tx = db.begin().await?;
        let first = insert(&mut tx, &RuleTerms::default(), Time(0)).await?;
        let second = insert(&mut tx, &RuleTerms::default(), Time(0)).await?;
        let new = vec![
            reward(first, "early", "account_credit", None, Some("USD"), 4),
            reward(first, "a", "account_credit", None, Some("USD"), 5),
            reward(first, "b", "account_credit", None, Some("USD"), 6),
            reward(first, "c", "account_credit", None, Some("EUR"), 6),
            reward(first, "d", "extra_messages", Some("messages"), None, 6),
            reward(first, "e", "choice", None, None, 6),
            reward(second, "a", "extra_messages", Some("messages"), None, 6),
        ];
        rewards::insert(&mut tx, new, Time(6)).await?;
        let given = given_since(&mut tx, Time(5)).await?;
        let mut given: Vec<_> = given
            .into_iter()
            .map(|given| {
                (given.rule_id, given.unit.or(given.currency).unwrap_or_default(), given.rewards, given.amount)
            })
            .collect();
        given.sort();
        let of = |rule, of: &str, rewards, amount| (rule, of.to_owned(), rewards, amount);
        assert_eq!(
            given,
            [
                of(first, "EUR", 1, 10),
                of(first, "USD", 2, 20),
                of(first, "messages", 1, 10),
                of(second, "messages", 1, 10)
            ]
        );
        assert_eq!((count_made(&mut tx, first).await?, count_made(&mut tx, second).await?), (5, 1));
        tx.commit().await
    });
}

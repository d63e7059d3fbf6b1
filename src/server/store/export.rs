//! Everything of the program, table by table and in order, for a copy that other programs can read.

use crate::{
    domain::{
        accounts::{email::Email, username::Username},
        ids::{ClickId, CodeId, EventId, JobId, UserId},
        time::Time,
    },
    server::store::db::{Tx, with_conn},
};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, Error},
};
use serde_json::{Map, Value};
use sqlx::{Encode, FromRow, Postgres, Sqlite, Type, postgres::PgRow, sqlite::SqliteRow};

/// By what a table is read in pages.
pub trait Key:
    Clone
    + Default
    + Send
    + Sync
    + for<'q> Encode<'q, Sqlite>
    + Type<Sqlite>
    + for<'q> Encode<'q, Postgres>
    + Type<Postgres>
    + 'static
{
}

impl Key for i64 {}

impl Key for String {}

/// A row of a table, and how its table is read and written.
pub trait Row:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Serialize + DeserializeOwned + Send + Unpin
{
    type Key: Key;

    /// What a line calls it.
    const TYPE: &'static str;
    const TABLE: &'static str;
    /// A column that names rows of the same table, which may come later.
    const OWN_TABLE: Option<&'static str> = None;
    /// Counts the rows.
    const COUNT: &'static str;
    /// Reads the rows of up to `$2` keys that are larger than `$1`, in order.
    const PAGE: &'static str;

    fn key(&self) -> Self::Key;

    /// Changes the columns of a line into those of the table.
    fn to_table(_columns: &mut Map<String, Value>) {}
}

/// The rows of up to `limit` keys after `after`.
pub async fn page<R: Row>(tx: &mut Tx, after: &R::Key, limit: i64) -> sqlx::Result<Vec<R>> {
    with_conn!(tx, conn => sqlx::query_as(R::PAGE).bind(after.clone()).bind(limit).fetch_all(conn).await)
}

/// How many rows there are.
pub async fn count<R: Row>(tx: &mut Tx) -> sqlx::Result<i64> {
    with_conn!(tx, conn => sqlx::query_scalar(R::COUNT).fetch_one(conn).await)
}

/// Numbers that are too large for many readers of JSON are written as text.
mod as_text {
    use super::{Deserialize, Deserializer, Error, Serializer, number};

    pub fn serialize<T: std::fmt::Display, S: Serializer>(number: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(number)
    }

    pub fn deserialize<'de, T: From<i64>, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        number(&String::deserialize(from)?).map(T::from).map_err(D::Error::custom)
    }
}

mod as_text_or_null {
    use super::{ClickId, Deserialize, Deserializer, Error, Serializer, number};

    pub fn serialize<S: Serializer>(number: &Option<ClickId>, to: S) -> Result<S::Ok, S::Error> {
        match number {
            Some(number) => to.collect_str(number),
            None => to.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<ClickId>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| number(&text).map(ClickId).map_err(D::Error::custom)).transpose()
    }
}

fn number(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| format!("{text:?} is no whole number"))
}

#[derive(Serialize, Deserialize, FromRow)]
#[serde(deny_unknown_fields)]
pub struct User {
    pub id: UserId,
    pub email: String,
    pub username: String,
    pub role: String,
    pub referred_by: Option<UserId>,
    pub referral_goal: i64,
    pub external_id: Option<String>,
    pub account_id: Option<String>,
    pub full_name: Option<String>,
    pub phone: Option<String>,
    pub locale: Option<String>,
    pub consent_at: Option<Time>,
    pub email_verified_at: Option<Time>,
    pub disabled_at: Option<Time>,
    pub created_at: Time,
    pub version: i64,
}

impl Row for User {
    type Key = i64;

    const TYPE: &'static str = "user";
    const TABLE: &'static str = "users";
    const OWN_TABLE: Option<&'static str> = Some("referred_by");
    const COUNT: &'static str = "SELECT COUNT(*) FROM users";
    const PAGE: &'static str =
        "SELECT id, email, username, role, referred_by, referral_goal, external_id, account_id, full_name, phone, locale,
                consent_at, email_verified_at, disabled_at, created_at, version
         FROM users
         WHERE id > $1
         ORDER BY id
         LIMIT $2";

    fn key(&self) -> Self::Key {
        self.id.0
    }

    fn to_table(columns: &mut Map<String, Value>) {
        let of = |name: &str| columns.get(name).and_then(Value::as_str).unwrap_or_default();
        // What no longer keeps the rules of today is kept as it is.
        let normalised = Email::parse(of("email")).map_or_else(|_| of("email").to_owned(), |email| email.normalised());
        let key = Username::parse(of("username")).map_or_else(|_| of("username").to_lowercase(), |name| name.key());
        columns.insert("email_normalised".into(), normalised.into());
        columns.insert("username_key".into(), key.into());
    }
}

#[derive(Serialize, Deserialize, FromRow)]
#[serde(deny_unknown_fields)]
pub struct Code {
    pub id: CodeId,
    pub code: String,
    pub kind: String,
    pub owner_id: Option<UserId>,
    pub beneficiary_id: Option<UserId>,
    pub created_by: Option<UserId>,
    pub description: String,
    pub category: Option<String>,
    pub active: bool,
    pub max_uses: Option<i64>,
    pub uses: i64,
    pub expires_at: Option<Time>,
    pub clicks: i64,
    pub unique_clicks: i64,
    pub signups: i64,
    pub conversions: i64,
    pub job_id: Option<JobId>,
    pub deleted_at: Option<Time>,
    pub created_at: Time,
    pub version: i64,
}

impl Row for Code {
    type Key = i64;

    const TYPE: &'static str = "code";
    const TABLE: &'static str = "codes";
    const COUNT: &'static str = "SELECT COUNT(*) FROM codes WHERE deleted_at IS NULL OR deleted_at > 0";
    const PAGE: &'static str =
        "SELECT id, code, kind, owner_id, beneficiary_id, created_by, description, category, active, max_uses, uses,
                expires_at, clicks, unique_clicks, signups, conversions, job_id, deleted_at, created_at,
                version
         FROM codes_with_clicks
         WHERE id > $1
           AND (deleted_at IS NULL OR deleted_at > 0)
         ORDER BY id
         LIMIT $2";

    fn key(&self) -> Self::Key {
        self.id.0
    }

    fn to_table(columns: &mut Map<String, Value>) {
        // They are counted again.
        for name in ["clicks", "unique_clicks"] {
            columns.remove(name);
        }
    }
}

#[derive(Serialize, Deserialize, FromRow)]
#[serde(deny_unknown_fields)]
pub struct Click {
    #[serde(with = "as_text")]
    pub id: ClickId,
    pub code_id: CodeId,
    pub at: Time,
    #[serde(with = "as_text")]
    pub visitor: i64,
    pub network: String,
    pub user_agent: String,
    pub referring_host: Option<String>,
    pub channel: Option<String>,
    pub counted: bool,
    pub first: bool,
    pub suspicion: Option<String>,
    /// JSON as text.
    pub earlier: Option<String>,
}

impl Row for Click {
    type Key = i64;

    const TYPE: &'static str = "click";
    const TABLE: &'static str = "clicks";
    const COUNT: &'static str = "SELECT COUNT(*) FROM clicks";
    const PAGE: &'static str =
        "SELECT id, code_id, at, visitor, network, user_agent, referring_host, channel, counted, first, suspicion, earlier
         FROM clicks
         WHERE id > $1
         ORDER BY id
         LIMIT $2";

    fn key(&self) -> Self::Key {
        self.id.0
    }
}

#[derive(Serialize, Deserialize, FromRow)]
#[serde(deny_unknown_fields)]
pub struct Referral {
    pub id: i64,
    pub referee_id: UserId,
    pub referee_name: String,
    pub code_id: CodeId,
    pub referrer_id: Option<UserId>,
    pub referrer_name: Option<String>,
    #[serde(with = "as_text_or_null")]
    pub click_id: Option<ClickId>,
    pub signed_up_at: Time,
    pub converted_at: Option<Time>,
    pub corrected_at: Option<Time>,
    pub version: i64,
}

impl Row for Referral {
    type Key = i64;

    const TYPE: &'static str = "referral";
    const TABLE: &'static str = "referrals";
    const COUNT: &'static str = "SELECT COUNT(*) FROM referrals";
    const PAGE: &'static str =
        "SELECT id, referee_id, referee_name, code_id, referrer_id, referrer_name, click_id, signed_up_at, converted_at,
                corrected_at, version
         FROM referrals
         WHERE id > $1
         ORDER BY id
         LIMIT $2";

    fn key(&self) -> Self::Key {
        self.id
    }
}

#[derive(Serialize, Deserialize, FromRow)]
#[serde(deny_unknown_fields)]
pub struct Attribution {
    pub user_id: UserId,
    pub code_id: Option<CodeId>,
    pub referrer_id: Option<UserId>,
    pub rule: String,
    /// JSON as text.
    pub receipt: String,
    pub signed_up_at: Time,
}

impl Row for Attribution {
    type Key = i64;

    const TYPE: &'static str = "attribution";
    const TABLE: &'static str = "attributions";
    const COUNT: &'static str = "SELECT COUNT(*) FROM attributions";
    const PAGE: &'static str = "SELECT user_id, code_id, referrer_id, rule, receipt, signed_up_at
         FROM attributions
         WHERE user_id > $1
         ORDER BY user_id
         LIMIT $2";

    fn key(&self) -> Self::Key {
        self.user_id.0
    }
}

#[derive(Serialize, Deserialize, FromRow)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    pub id: i64,
    pub at: Time,
    pub actor_id: Option<UserId>,
    pub actor: String,
    pub action: String,
    pub target_kind: String,
    pub target_id: Option<i64>,
    pub target: String,
    /// JSON as text, like `after`.
    pub before: String,
    pub after: String,
}

impl Row for Audit {
    type Key = i64;

    const TYPE: &'static str = "audit";
    const TABLE: &'static str = "audit";
    const COUNT: &'static str = "SELECT COUNT(*) FROM audit";
    const PAGE: &'static str = "SELECT id, at, actor_id, actor, action, target_kind, target_id, target, before, after
         FROM audit
         WHERE id > $1
         ORDER BY id
         LIMIT $2";

    fn key(&self) -> Self::Key {
        self.id
    }
}

#[derive(Serialize, Deserialize, FromRow)]
#[serde(deny_unknown_fields)]
pub struct Event {
    pub id: EventId,
    // A line calls its table `type`.
    #[sqlx(rename = "type")]
    pub kind: String,
    pub object_id: i64,
    pub version: i64,
    /// JSON as text.
    pub data: String,
    pub user_id: Option<UserId>,
    pub created_at: Time,
}

impl Row for Event {
    type Key = i64;

    const TYPE: &'static str = "event";
    const TABLE: &'static str = "events";
    const COUNT: &'static str = "SELECT COUNT(*) FROM events";
    const PAGE: &'static str = "SELECT id, type, object_id, version, data, user_id, created_at
         FROM events
         WHERE id > $1
         ORDER BY id
         LIMIT $2";

    fn key(&self) -> Self::Key {
        self.id.0
    }

    fn to_table(columns: &mut Map<String, Value>) {
        let kind = columns.remove("kind").unwrap_or_default();
        columns.insert("type".into(), kind);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::events::{EventKind, NewEvent},
        server::store::{
            db_test, events,
            imports::{ImportedUser, insert_users},
        },
    };

    db_test!(every_table_is_read_in_pages_from_one_moment, |db| {
        let person = |name: &str| {
            let email = Email::parse(&format!("{name}@example.com")).expect("an address");
            ImportedUser::new(&email, &Username::parse(name).expect("a name"), 10, Time(5))
        };
        let mut tx = db.begin().await?;
        insert_users(&mut tx, &[person("ann"), person("bob")]).await?;
        let (kind, data) = (EventKind::UserCreated, serde_json::json!({}));
        let event = NewEvent { kind, object_id: 1, version: 1, about: None, data, at: Time(5) };
        events::insert(&mut tx, &[event]).await?;
        tx.commit().await?;
        let mut snapshot = db.snapshot().await?;
        assert_eq!(count::<User>(&mut snapshot).await?, 2);
        let mut tx = db.begin().await?;
        insert_users(&mut tx, &[person("carl")]).await?;
        tx.commit().await?;
        let happened = page::<Event>(&mut snapshot, &0, 9).await?;
        assert_eq!((happened[0].kind.as_str(), happened[0].data.as_str(), happened.len()), ("user.created", "{}", 1));
        let first = page::<User>(&mut snapshot, &0, 1).await?;
        assert_eq!(first[0].username, "ann");
        let rest = page::<User>(&mut snapshot, &first[0].key(), 9).await?;
        assert_eq!(rest.iter().map(|user| user.username.as_str()).collect::<Vec<_>>(), ["bob"]);
        for rows in [
            page::<Code>(&mut snapshot, &0, 9).await?.len(),
            page::<Click>(&mut snapshot, &0, 9).await?.len(),
            page::<Referral>(&mut snapshot, &0, 9).await?.len(),
            page::<Attribution>(&mut snapshot, &0, 9).await?.len(),
            page::<Audit>(&mut snapshot, &0, 9).await?.len(),
        ] {
            assert_eq!(rows, 0);
        }
        Ok(())
    });
}

//! People and codes from files, many in one statement.

use crate::{
    domain::{
        accounts::{email::Email, username::Username},
        codes::{campaign::CampaignFields, code::Code},
        ids::{CodeId, UserId},
        time::Time,
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
};
use serde::Serialize;

/// A person as a file describes one. There is no password: people sign in after they have set one.
#[derive(Clone, Debug, Serialize)]
pub struct ImportedUser {
    email: String,
    email_normalised: String,
    username: String,
    username_key: String,
    pub external_id: Option<String>,
    pub account_id: Option<String>,
    pub full_name: Option<String>,
    pub phone: Option<String>,
    pub locale: Option<String>,
    pub goal: i64,
    pub disabled_at: Option<Time>,
    pub created_at: Time,
}

impl ImportedUser {
    /// Somebody of whom no more is known.
    pub fn new(email: &Email, username: &Username, goal: i64, created_at: Time) -> Self {
        Self {
            email: email.as_str().to_owned(),
            email_normalised: email.normalised(),
            username: username.as_str().to_owned(),
            username_key: username.key(),
            external_id: None,
            account_id: None,
            full_name: None,
            phone: None,
            locale: None,
            goal,
            disabled_at: None,
            created_at,
        }
    }

    /// The address in the form that accounts have.
    pub fn email(&self) -> &str {
        &self.email
    }

    pub fn username(&self) -> &str {
        &self.username
    }

    /// The username as it is compared.
    pub fn username_key(&self) -> &str {
        &self.username_key
    }
}

/// Somebody who has an account, by what no two people share.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KnownPerson {
    pub id: UserId,
    pub email: String,
    pub username_key: String,
    pub external_id: Option<String>,
}

/// Everybody who has the e-mail, the username or the external id of one of these people.
pub async fn known_people(tx: &mut Tx, people: &[ImportedUser]) -> sqlx::Result<Vec<KnownPerson>> {
    let sql = tx.dialect(
        "SELECT id, email, username_key, external_id FROM users
         WHERE email IN (SELECT value ->> 'email' FROM json_each($1))
         UNION SELECT id, email, username_key, external_id FROM users
         WHERE username_key IN (SELECT value ->> 'username_key' FROM json_each($1))
         UNION SELECT id, email, username_key, external_id FROM users
         WHERE external_id IN (SELECT value ->> 'external_id' FROM json_each($1))",
        "SELECT id, email, username_key, external_id FROM users
         WHERE email IN (SELECT value ->> 'email' FROM json_array_elements($1::json))
         UNION SELECT id, email, username_key, external_id FROM users
         WHERE username_key IN (SELECT value ->> 'username_key' FROM json_array_elements($1::json))
         UNION SELECT id, email, username_key, external_id FROM users
         WHERE external_id IN (SELECT value ->> 'external_id' FROM json_array_elements($1::json))",
    );
    with_conn!(tx, conn => sqlx::query_as(sql).bind(json(people)).fetch_all(conn).await)
}

/// The newest account of all.
pub async fn newest_user(tx: &mut Tx) -> sqlx::Result<UserId> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT COALESCE(MAX(id), 0) FROM users").fetch_one(conn).await)
}

/// Makes an account of everybody whose e-mail, username and external id are free: their ids and e-mails.
pub async fn insert_users(tx: &mut Tx, people: &[ImportedUser]) -> sqlx::Result<Vec<(UserId, String)>> {
    let sql = tx.dialect(
        "INSERT INTO users (email, email_normalised, username, username_key, role, referral_goal, external_id,
                            account_id, full_name, phone, locale, disabled_at, created_at)
         SELECT value ->> 'email', value ->> 'email_normalised', value ->> 'username', value ->> 'username_key',
                'user', value ->> 'goal', value ->> 'external_id', value ->> 'account_id', value ->> 'full_name',
                value ->> 'phone', value ->> 'locale', value ->> 'disabled_at', value ->> 'created_at'
         FROM json_each($1)
         WHERE TRUE
         ON CONFLICT DO NOTHING
         RETURNING id, email",
        "INSERT INTO users (email, email_normalised, username, username_key, role, referral_goal, external_id,
                            account_id, full_name, phone, locale, disabled_at, created_at)
         SELECT value ->> 'email', value ->> 'email_normalised', value ->> 'username', value ->> 'username_key',
                'user', (value ->> 'goal')::bigint, value ->> 'external_id', value ->> 'account_id', value ->> 'full_name',
                value ->> 'phone', value ->> 'locale', (value ->> 'disabled_at')::bigint, (value ->> 'created_at')::bigint
         FROM json_array_elements($1::json)
         ON CONFLICT DO NOTHING
         RETURNING id, email",
    );
    with_conn!(tx, conn => sqlx::query_as(sql).bind(json(people)).fetch_all(conn).await)
}

/// The accounts of these e-mails; unknown ones are left out.
pub async fn ids_by_email(tx: &mut Tx, emails: &[String]) -> sqlx::Result<Vec<(String, UserId)>> {
    let sql = tx.dialect(
        "SELECT email, id FROM users WHERE email IN (SELECT value FROM json_each($1))",
        "SELECT email, id FROM users WHERE email IN (SELECT value FROM json_array_elements_text($1::json))",
    );
    with_conn!(tx, conn => sqlx::query_as(sql).bind(json(emails)).fetch_all(conn).await)
}

/// A campaign code as a file describes one.
#[derive(Clone, Debug, Serialize)]
pub struct ImportedCode {
    pub code: Code,
    #[serde(flatten)]
    pub rules: Rules,
    pub beneficiary: Option<UserId>,
    pub created_at: Time,
}

/// What is decided about a campaign code.
#[derive(Clone, Debug, Serialize)]
pub struct Rules {
    description: String,
    category: Option<String>,
    active: bool,
    max_uses: Option<i64>,
    expires_at: Option<Time>,
}

impl From<CampaignFields> for Rules {
    fn from(draft: CampaignFields) -> Self {
        let CampaignFields { description, category, active, max_uses, expires_at, .. } = draft;
        Self { description, category, active, max_uses, expires_at }
    }
}

/// A code that is there, also one that is hidden.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KnownCode {
    pub id: CodeId,
    pub code: String,
    /// Whether it is a campaign code that admins see.
    pub visible_campaign: bool,
}

/// Those of the codes that are there already.
pub async fn known_codes(tx: &mut Tx, codes: &[ImportedCode]) -> sqlx::Result<Vec<KnownCode>> {
    let sql = tx.dialect(
        "SELECT id, code, kind = 'campaign' AND deleted_at IS NULL AS visible_campaign FROM codes
         WHERE code IN (SELECT value ->> 'code' FROM json_each($1))",
        "SELECT id, code, kind = 'campaign' AND deleted_at IS NULL AS visible_campaign FROM codes
         WHERE code IN (SELECT value ->> 'code' FROM json_array_elements($1::json))",
    );
    with_conn!(tx, conn => sqlx::query_as(sql).bind(json(codes)).fetch_all(conn).await)
}

/// The newest code of all.
pub async fn newest_code(tx: &mut Tx) -> sqlx::Result<CodeId> {
    with_conn!(tx, conn => sqlx::query_scalar("SELECT COALESCE(MAX(id), 0) FROM codes").fetch_one(conn).await)
}

/// Makes the codes that are free, and says which they were.
pub async fn insert_codes(tx: &mut Tx, codes: &[ImportedCode]) -> sqlx::Result<Vec<String>> {
    let sql = tx.dialect(
        "INSERT INTO codes (code, kind, description, category, active, max_uses, expires_at, beneficiary_id, created_at)
         SELECT value ->> 'code', 'campaign', value ->> 'description', value ->> 'category', value ->> 'active',
                value ->> 'max_uses', value ->> 'expires_at', value ->> 'beneficiary', value ->> 'created_at'
         FROM json_each($1)
         WHERE TRUE
         ON CONFLICT DO NOTHING
         RETURNING code",
        "INSERT INTO codes (code, kind, description, category, active, max_uses, expires_at, beneficiary_id, created_at)
         SELECT value ->> 'code', 'campaign', value ->> 'description', value ->> 'category',
                (value ->> 'active')::boolean, (value ->> 'max_uses')::bigint, (value ->> 'expires_at')::bigint,
                (value ->> 'beneficiary')::bigint, (value ->> 'created_at')::bigint
         FROM json_array_elements($1::json)
         ON CONFLICT DO NOTHING
         RETURNING code",
    );
    with_conn!(tx, conn => sqlx::query_scalar(sql).bind(json(codes)).fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::codes::code::CodeKind,
        server::store::{
            code_list::{self, CodeQuery},
            db_test, user_list,
        },
    };

    fn person(name: &str) -> ImportedUser {
        let email = Email::parse(&format!("{name}@example.com")).expect("an address");
        ImportedUser::new(&email, &Username::parse(name).expect("a name"), 12, Time(5))
    }

    db_test!(people_are_made_as_far_as_they_are_free, |db| {
        let mut tx = db.begin().await?;
        let ann = ImportedUser {
            external_id: Some("x-1".into()),
            full_name: Some("Ann \"A\" 'x'".into()),
            disabled_at: Some(Time(7)),
            ..person("Ann")
        };
        let twin = ImportedUser { external_id: Some("x-1".into()), ..person("twin") };
        let made = insert_users(&mut tx, &[ann.clone(), person("ANN"), twin, person("bob")]).await?;
        let emails: Vec<_> = made.iter().map(|(_, email)| email.as_str()).collect();
        assert_eq!(emails, ["ann@example.com", "bob@example.com"]);
        assert!(insert_users(&mut tx, &[ann]).await?.is_empty());
        let ann = user_list::UserSearch::of(&mut tx, "ann").await?;
        let lines = user_list::export_page(&mut tx, Some(&ann), i64::MAX, 9).await?;
        assert_eq!((lines[0].id, lines[0].full_name.as_deref()), (made[0].0, Some("Ann \"A\" 'x'")));
        assert_eq!((lines[0].goal, lines[0].disabled_at, lines[0].phone.as_deref()), (12, Some(Time(7)), None));
        let asked = ["bob@example.com".to_owned(), "nobody@example.com".to_owned()];
        assert_eq!(ids_by_email(&mut tx, &asked).await?, [(asked[0].clone(), made[1].0)]);
        tx.commit().await
    });

    db_test!(codes_are_made_as_far_as_they_are_free, |db| {
        let mut tx = db.begin().await?;
        let ann = insert_users(&mut tx, &[person("ann")]).await?[0].0;
        let new = |text: &str, active, beneficiary| ImportedCode {
            code: Code::parse(text).expect("a code"),
            rules: Rules {
                description: "Fair".into(),
                category: None,
                active,
                max_uses: Some(7),
                expires_at: Some(Time(99)),
            },
            beneficiary,
            created_at: Time(1),
        };
        let codes = [new("AAAA", true, Some(ann)), new("BBBB", false, None), new("AAAA", true, None)];
        assert_eq!(insert_codes(&mut tx, &codes).await?, ["AAAA", "BBBB"]);
        let wanted = CodeQuery { kind: Some(CodeKind::Campaign), limit: 9, ..CodeQuery::default() };
        let rows = code_list::page(&mut tx, &wanted).await?;
        assert_eq!((rows[0].active, rows[0].beneficiary_id, rows[0].max_uses), (true, Some(ann), Some(7)));
        assert_eq!((rows[1].active, rows[1].beneficiary_id, rows[1].expires_at), (false, None, Some(Time(99))));
        tx.commit().await
    });
}

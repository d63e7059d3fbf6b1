//! Who brought whom, from files: many referrals in one statement, with everything that counts them.

use crate::{
    domain::{
        attribution::Receipt,
        ids::{CodeId, UserId},
        time::Time,
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
};
use serde::Serialize;

/// Somebody who has just been imported.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ImportedPerson {
    pub id: UserId,
    pub email: String,
    pub username: String,
    pub created_at: Time,
}

/// Those with these e-mails whose accounts came after another one.
pub async fn imported_after(tx: &mut Tx, after: UserId, emails: &[&str]) -> sqlx::Result<Vec<ImportedPerson>> {
    let sql = tx.dialect(
        "SELECT id, email, username, created_at FROM users
         WHERE id > $1 AND email IN (SELECT value FROM json_each($2))",
        "SELECT id, email, username, created_at FROM users
         WHERE id > $1 AND email IN (SELECT value FROM json_array_elements_text($2::json))",
    );
    with_conn!(tx, conn => sqlx::query_as(sql).bind(after).bind(json(emails)).fetch_all(conn).await)
}

/// Somebody who is named as a referrer, with their personal code.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct NamedReferrer {
    /// The name by which they were asked for.
    pub name: String,
    pub id: UserId,
    pub username: String,
    pub code_id: CodeId,
    pub code: String,
}

/// Everybody with one of these e-mails, usernames (both in lower case) or personal codes. Where one name means several
/// people, the one with the e-mail comes first, then the one with the username.
pub async fn referrers(tx: &mut Tx, names: &[String], codes: &[&str]) -> sqlx::Result<Vec<NamedReferrer>> {
    let sql = tx.dialect(
        "SELECT 1 AS place, u.email AS name, u.id, u.username, c.id AS code_id, c.code
         FROM users u JOIN codes c ON c.owner_id = u.id
         WHERE u.email IN (SELECT value FROM json_each($1))
         UNION ALL
         SELECT 2, u.username_key, u.id, u.username, c.id, c.code
         FROM users u JOIN codes c ON c.owner_id = u.id
         WHERE u.username_key IN (SELECT value FROM json_each($1))
         UNION ALL
         SELECT 3, c.code, u.id, u.username, c.id, c.code
         FROM codes c JOIN users u ON u.id = c.owner_id
         WHERE c.code IN (SELECT value FROM json_each($2))
         ORDER BY place",
        "SELECT 1 AS place, u.email AS name, u.id, u.username, c.id AS code_id, c.code
         FROM users u JOIN codes c ON c.owner_id = u.id
         WHERE u.email IN (SELECT value FROM json_array_elements_text($1::json))
         UNION ALL
         SELECT 2, u.username_key, u.id, u.username, c.id, c.code
         FROM users u JOIN codes c ON c.owner_id = u.id
         WHERE u.username_key IN (SELECT value FROM json_array_elements_text($1::json))
         UNION ALL
         SELECT 3, c.code, u.id, u.username, c.id, c.code
         FROM codes c JOIN users u ON u.id = c.owner_id
         WHERE c.code IN (SELECT value FROM json_array_elements_text($2::json))
         ORDER BY place",
    );
    with_conn!(tx, conn => sqlx::query_as(sql).bind(json(names)).bind(json(codes)).fetch_all(conn).await)
}

/// A referral as a file makes it.
#[derive(Clone, Debug, Serialize)]
pub struct ImportedReferral {
    referee: UserId,
    referee_name: String,
    referrer: UserId,
    referrer_name: String,
    code: CodeId,
    at: Time,
    rule: &'static str,
    /// JSON as text.
    receipt: String,
}

impl ImportedReferral {
    /// Somebody who was brought by a referrer, with the receipt that says so.
    pub fn new(referee: &ImportedPerson, referrer: &NamedReferrer, receipt: &Receipt) -> Self {
        Self {
            referee: referee.id,
            referee_name: referee.username.clone(),
            referrer: referrer.id,
            referrer_name: referrer.username.clone(),
            code: referrer.code_id,
            at: referee.created_at,
            rule: receipt.rule.as_str(),
            receipt: json(receipt),
        }
    }
}

/// Writes referrals of people who had none, with their receipts and in all counters.
pub async fn insert(tx: &mut Tx, referrals: &[ImportedReferral]) -> sqlx::Result<()> {
    let rows = json(referrals);
    for (sqlite, postgres) in STATEMENTS {
        let sql = tx.dialect(sqlite, postgres);
        with_conn!(&mut *tx, conn => sqlx::query(sql).bind(&rows).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// What is written of some referrals, for both databases.
const STATEMENTS: [(&str, &str); 6] = [
    (
        "INSERT INTO referrals (referee_id, referee_name, code_id, referrer_id, referrer_name, signed_up_at)
         SELECT value ->> 'referee', value ->> 'referee_name', value ->> 'code', value ->> 'referrer',
                value ->> 'referrer_name', value ->> 'at'
         FROM json_each($1)",
        "INSERT INTO referrals (referee_id, referee_name, code_id, referrer_id, referrer_name, signed_up_at)
         SELECT (value ->> 'referee')::bigint, value ->> 'referee_name', (value ->> 'code')::bigint,
                (value ->> 'referrer')::bigint, value ->> 'referrer_name', (value ->> 'at')::bigint
         FROM json_array_elements($1::json)",
    ),
    (
        "INSERT INTO attributions (user_id, code_id, referrer_id, rule, receipt, signed_up_at)
         SELECT value ->> 'referee', value ->> 'code', value ->> 'referrer', value ->> 'rule', value ->> 'receipt',
                value ->> 'at'
         FROM json_each($1)",
        "INSERT INTO attributions (user_id, code_id, referrer_id, rule, receipt, signed_up_at)
         SELECT (value ->> 'referee')::bigint, (value ->> 'code')::bigint, (value ->> 'referrer')::bigint,
                value ->> 'rule', value ->> 'receipt', (value ->> 'at')::bigint
         FROM json_array_elements($1::json)",
    ),
    (
        "UPDATE users SET referred_by = v.value ->> 'referrer'
         FROM json_each($1) v
         WHERE users.id = v.value ->> 'referee'",
        "UPDATE users u SET referred_by = (v ->> 'referrer')::bigint
         FROM json_array_elements($1::json) v
         WHERE u.id = (v ->> 'referee')::bigint",
    ),
    (
        "UPDATE codes SET uses = uses + n.signups, signups = codes.signups + n.signups, version = version + 1
         FROM (SELECT value ->> 'code' AS code_id, COUNT(*) AS signups FROM json_each($1) GROUP BY 1) n
         WHERE codes.id = n.code_id",
        "UPDATE codes c SET uses = c.uses + n.signups, signups = c.signups + n.signups, version = c.version + 1
         FROM (SELECT (value ->> 'code')::bigint AS code_id, COUNT(*) AS signups
               FROM json_array_elements($1::json) GROUP BY 1) n
         WHERE c.id = n.code_id",
    ),
    (
        "INSERT INTO code_days (code_id, day, signups)
         SELECT value ->> 'code', (value ->> 'at') / 86400000, COUNT(*)
         FROM json_each($1) WHERE TRUE GROUP BY 1, 2
         ON CONFLICT (day, code_id) DO UPDATE SET signups = code_days.signups + excluded.signups",
        "INSERT INTO code_days (code_id, day, signups)
         SELECT (value ->> 'code')::bigint, (value ->> 'at')::bigint / 86400000, COUNT(*)
         FROM json_array_elements($1::json) GROUP BY 1, 2
         ON CONFLICT (day, code_id) DO UPDATE SET signups = code_days.signups + excluded.signups",
    ),
    (
        "INSERT INTO program_hours (hour, signups)
         SELECT (value ->> 'at') / 3600000, COUNT(*)
         FROM json_each($1) WHERE TRUE GROUP BY 1
         ON CONFLICT (hour) DO UPDATE SET signups = program_hours.signups + excluded.signups",
        "INSERT INTO program_hours (hour, signups)
         SELECT (value ->> 'at')::bigint / 3600000, COUNT(*)
         FROM json_array_elements($1::json) GROUP BY 1
         ON CONFLICT (hour) DO UPDATE SET signups = program_hours.signups + excluded.signups",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::time::DAY,
        server::store::{attributions, counter_check, counters, db_test, fixtures, imports, referrals},
    };

    db_test!(many_referrals_are_counted_like_one_after_the_other, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        fixtures::personal(&mut tx, ann, "ANN-1").await?;
        let before = imports::newest_user(&mut tx).await?;
        for name in ["bob", "cat", "dan"] {
            fixtures::user(&mut tx, name).await?;
        }
        let emails = ["ann@example.com", "bob@example.com", "cat@example.com", "dan@example.com"];
        let mut people = imported_after(&mut tx, before, &emails).await?;
        assert_eq!(people.len(), 3, "Ann was there before");
        people[2].created_at = Time(3 * DAY);
        let names = ["ann@example.com".to_owned(), "ann".into(), "nobody".into()];
        let found = referrers(&mut tx, &names, &["ANN-1", "NONE"]).await?;
        let named: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.id)).collect();
        assert_eq!(named, [("ann@example.com", ann), ("ann", ann), ("ANN-1", ann)]);
        let receipt = Receipt::undecided(Time(0));
        let rows: Vec<_> = people.iter().map(|person| ImportedReferral::new(person, &found[0], &receipt)).collect();
        insert(&mut tx, &rows[..1]).await?;
        insert(&mut tx, &rows[1..]).await?;
        assert_eq!(counter_check::find_mismatches(&mut tx).await?, []);
        assert_eq!(counters::of_user(&mut tx, ann).await?.map(|stats| stats.signups), Some(3));
        assert_eq!(counters::days_of(&mut tx, ann, 0).await?.len(), 2);
        let bob = people[0].id;
        assert_eq!(referrals::referrer_of(&mut tx, bob).await?, Some((Some(ann), Some("ann".into()))));
        assert_eq!(attributions::of_user(&mut tx, bob).await?, Some(receipt));
        tx.commit().await
    });
}

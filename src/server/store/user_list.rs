//! Lists of users: sorted, searched, and read from page to page by keys.

use crate::{
    domain::{
        cursor::{Cursor, CursorKey},
        ids::{CodeId, UserId},
        time::Time,
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
        name_search::{self, Matches, push_named},
        user_profiles::{PROFILE, UserProfile},
    },
    view_models::users::{UserSuggestion, UserSummary},
};
use sqlx::QueryBuilder;

/// Columns of [`UserSummary`] and [`UserExportRow`] of users `u`.
const SUMMARY: &str =
    "SELECT u.id, u.email, u.username, u.full_name, u.phone, u.external_id, u.account_id, u.locale, u.role,
       u.role = 'admin' AS admin, u.disabled_at, u.disabled_at IS NOT NULL AS disabled, u.referral_goal AS goal,
       u.created_at,
       COALESCE((SELECT code FROM codes WHERE owner_id = u.id), '') AS code,
       u.referred_by AS referred_by_id,
       COALESCE((SELECT username FROM users r WHERE r.id = u.referred_by), '') AS referred_by,
       CAST(COALESCE((SELECT SUM(signups) FROM codes WHERE owner_id = u.id), 0)
            + COALESCE((SELECT SUM(signups) FROM codes WHERE beneficiary_id = u.id), 0) AS BIGINT) AS signups,
       CAST(COALESCE((SELECT SUM(conversions) FROM codes WHERE owner_id = u.id), 0)
            + COALESCE((SELECT SUM(conversions) FROM codes WHERE beneficiary_id = u.id), 0) AS BIGINT) AS conversions,
       CAST(COALESCE((SELECT SUM(clicks) FROM codes_with_clicks WHERE owner_id = u.id), 0)
            + COALESCE((SELECT SUM(clicks) FROM codes_with_clicks WHERE beneficiary_id = u.id), 0) AS BIGINT) AS clicks
FROM users u ";

pub async fn summary(tx: &mut Tx, id: UserId) -> sqlx::Result<Option<UserSummary>> {
    with_conn!(tx, conn => QueryBuilder::new(SUMMARY)
        .push("WHERE u.id = ")
        .push_bind(id)
        .build_query_as()
        .fetch_optional(conn).await)
}

/// What a list of users is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserSort {
    Newest,
    Email,
}

impl UserSort {
    /// The place of a row in a list that is sorted like this.
    pub fn cursor(self, row: &UserSummary) -> Cursor {
        match self {
            Self::Newest => Cursor::of_id(row.id.0),
            Self::Email => Cursor::of_text(&row.email, row.id.0),
        }
    }
}

/// Up to `limit` users after a place in the list.
pub async fn page(tx: &mut Tx, sort: UserSort, after: Option<&Cursor>, limit: i64) -> sqlx::Result<Vec<UserSummary>> {
    with_conn!(tx, conn => {
        let mut query = QueryBuilder::new(SUMMARY);
        match sort {
            UserSort::Newest => {
                query.push("WHERE u.id < ").push_bind(after.map_or(i64::MAX, |after| after.id));
                query.push(" ORDER BY u.id DESC");
            }
            UserSort::Email => {
                query.push("WHERE u.email > ").push_bind(email_of(after));
                query.push(" ORDER BY u.email");
            }
        }
        query.push(" LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })
}

/// The e-mail that a page ended with; empty before the first.
fn email_of(after: Option<&Cursor>) -> String {
    match after.and_then(|after| after.key.as_ref()) {
        Some(CursorKey::Text(email)) => email.clone(),
        _ => String::new(),
    }
}

/// The end of everything that begins with `q`, in the order of bytes.
fn end_of(q: &str) -> String {
    format!("{q}\u{10ffff}")
}

/// Whom a search means: people by their own names, and those whose personal codes have the text.
#[derive(Clone, Debug)]
pub struct UserSearch {
    people: Matches<UserId>,
    codes: Matches<CodeId>,
}

impl UserSearch {
    /// Looks for a part of a name.
    pub async fn of(tx: &mut Tx, q: &str) -> sqlx::Result<Self> {
        Ok(Self { people: name_search::people(tx, q).await?, codes: name_search::codes(tx, q).await? })
    }
}

/// Adds a condition: the user `u` is among those that are searched for.
macro_rules! push_searched {
    ($query:expr, $search:expr, $position:expr, $selected:expr) => {{
        let (UserSearch { people, codes }, (before, after)): (&UserSearch, _) = ($search, $selected);
        match (&people.ids, &codes.ids) {
            (Some(people), Some(codes)) => {
                $query.push("(u.id IN ").push(before).push_bind(json(people)).push(after);
                $query.push(" OR u.id IN (SELECT owner_id FROM codes WHERE owner_id IS NOT NULL AND id IN ");
                $query.push(before).push_bind(json(codes)).push(after).push("))");
            }
            _ => {
                $query.push("(");
                push_named!($query, $position, "u", people.text);
                $query.push(" OR EXISTS (SELECT 1 FROM codes o WHERE o.owner_id = u.id AND ").push($position);
                $query.push("(o.code, ").push_bind(codes.text.clone()).push(") > 0))");
            }
        }
    }};
}

/// Up to `limit` users that a search means, by e-mail, after a place in the list.
pub async fn search(
    tx: &mut Tx,
    wanted: &UserSearch,
    after: Option<&Cursor>,
    limit: i64,
) -> sqlx::Result<Vec<UserSummary>> {
    let (position, selected) = (name_search::position(tx), tx.selected_ids());
    with_conn!(tx, conn => {
        let mut query = QueryBuilder::new(SUMMARY);
        query.push("WHERE u.email > ").push_bind(email_of(after)).push(" AND ");
        push_searched!(query, wanted, position, selected);
        query.push(" ORDER BY u.email LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })
}

/// Which users a host product asks for; what is absent does not matter.
#[derive(Clone, Debug, Default)]
pub struct UserFilter<'a> {
    pub email: Option<&'a str>,
    pub external_id: Option<&'a str>,
    pub account_id: Option<&'a str>,
    /// The beginning of an e-mail or username, in lower case.
    pub q: Option<&'a str>,
}

/// Up to `limit` users that fit, the newest first, after a place in the list.
pub async fn profiles(
    tx: &mut Tx,
    filter: &UserFilter<'_>,
    after: Option<&Cursor>,
    limit: i64,
) -> sqlx::Result<Vec<UserProfile>> {
    with_conn!(tx, conn => {
        let mut query = QueryBuilder::new("");
        if let Some(q) = filter.q {
            query.push("WITH found AS (SELECT id FROM users WHERE email >= ").push_bind(q.to_owned());
            query.push(" AND email < ").push_bind(end_of(q));
            query.push(" UNION SELECT id FROM users WHERE username_key >= ").push_bind(q.to_owned());
            query.push(" AND username_key < ").push_bind(end_of(q)).push(") ");
        }
        query.push(PROFILE).push("WHERE u.id < ").push_bind(after.map_or(i64::MAX, |after| after.id));
        if filter.q.is_some() {
            query.push(" AND u.id IN (SELECT id FROM found)");
        }
        for (column, wanted) in
            [("u.email", filter.email), ("u.external_id", filter.external_id), ("u.account_id", filter.account_id)]
        {
            if let Some(wanted) = wanted {
                query.push(" AND ").push(column).push(" = ").push_bind(wanted.to_owned());
            }
        }
        query.push(" ORDER BY u.id DESC LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })
}

/// Up to `limit` people as choices: those whose names begin with what was looked for come first, each by e-mail.
pub async fn suggestions(tx: &mut Tx, found: &Matches<UserId>, limit: i64) -> sqlx::Result<Vec<UserSuggestion>> {
    let (position, (before, after)) = (name_search::position(tx), tx.selected_ids());
    let text = &found.text;
    with_conn!(tx, conn => {
        let mut query = QueryBuilder::new("SELECT u.id, u.email, u.username FROM users u WHERE ");
        match &found.ids {
            Some(ids) => {
                query.push("u.id IN ").push(before).push_bind(json(ids)).push(after);
                query.push(" ORDER BY CASE WHEN ").push(position).push("(u.email, ").push_bind(text.clone());
                query.push(") = 1 OR ").push(position).push("(u.username_key, ").push_bind(text.clone());
                query.push(") = 1 THEN 0 ELSE 1 END, u.email");
            }
            // Too many to sort: the first that there are.
            None => {
                query.push("u.email >= ").push_bind(text.clone()).push(" AND ");
                push_named!(query, position, "u", text);
                query.push(" ORDER BY u.email");
            }
        }
        query.push(" LIMIT ").push_bind(limit).build_query_as().fetch_all(conn).await
    })
}

/// A user with all that is kept about the person, but no secret.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UserExportRow {
    pub id: UserId,
    pub email: String,
    pub username: String,
    pub full_name: Option<String>,
    pub phone: Option<String>,
    pub external_id: Option<String>,
    pub account_id: Option<String>,
    pub locale: Option<String>,
    pub goal: i64,
    pub role: String,
    pub disabled_at: Option<Time>,
    /// The personal code; empty without one.
    pub code: String,
    /// Username of who brought them; empty without one.
    pub referred_by: String,
    pub signups: i64,
    pub conversions: i64,
    pub clicks: i64,
    pub created_at: Time,
}

/// Up to `limit` users before the id `before`, newest first, that a search means.
pub async fn export_page(
    tx: &mut Tx,
    wanted: Option<&UserSearch>,
    before: i64,
    limit: i64,
) -> sqlx::Result<Vec<UserExportRow>> {
    let (position, selected) = (name_search::position(tx), tx.selected_ids());
    with_conn!(tx, conn => {
        let mut query = QueryBuilder::new(SUMMARY);
        query.push("WHERE u.id < ").push_bind(before);
        if let Some(wanted) = wanted {
            query.push(" AND ");
            push_searched!(query, wanted, position, selected);
        }
        query.push(" ORDER BY u.id DESC LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::accounts::{email::Email, username::Username},
        server::store::{
            db_test, fixtures, user_names,
            users::{self, NewUser},
        },
    };

    db_test!(users_are_listed_from_page_to_page, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "Ann").await?;
        fixtures::user(&mut tx, "bob").await?;
        fixtures::user(&mut tx, "anton").await?;
        for (sort, expected) in
            [(UserSort::Newest, ["anton", "bob", "Ann"]), (UserSort::Email, ["Ann", "anton", "bob"])]
        {
            let (mut names, mut after) = (vec![], None);
            while let Some(row) = page(&mut tx, sort, after.as_ref(), 1).await?.pop() {
                after = Some(sort.cursor(&row));
                names.push(row.username);
            }
            assert_eq!(names, expected, "{sort:?}");
        }
        let names = |rows: Vec<UserExportRow>| rows.into_iter().map(|row| row.username).collect::<Vec<_>>();
        assert_eq!(names(export_page(&mut tx, None, i64::MAX, 2).await?), ["anton", "bob"]);
        let named = UserSearch::of(&mut tx, "an").await?;
        assert_eq!(names(export_page(&mut tx, Some(&named), i64::MAX, 10).await?), ["anton", "Ann"]);
        assert_eq!(names(export_page(&mut tx, Some(&named), ann.0 + 1, 10).await?), ["Ann"]);
        tx.commit().await
    });

    async fn found_id(tx: &mut Tx, name: &str) -> sqlx::Result<UserId> {
        Ok(user_names::named(tx, name).await?.expect("a user"))
    }

    db_test!(everybody_is_found_once_by_whatever_name, |db| {
        let mut tx = db.begin().await?;
        // Their e-mails begin like their names.
        for name in ["anna", "Anton", "ann-2", "ann-1", "bea"] {
            fixtures::user(&mut tx, name).await?;
        }
        let (cat, name) =
            (Email::parse("cat@example.com").expect("an address"), Username::parse("annika").expect("a name"));
        let new = NewUser {
            email: &cat,
            username: &name,
            password_hash: None,
            admin: false,
            goal: 10,
            consent_at: None,
            created_at: Time(5),
        };
        users::insert(&mut tx, &new).await?;
        let few = UserSearch::of(&mut tx, "an").await?;
        let many = UserSearch { people: Matches { ids: None, ..few.people.clone() }, codes: few.codes.clone() };
        for wanted in [few, many] {
            let (mut names, mut after) = (vec![], None);
            loop {
                let page = search(&mut tx, &wanted, after.as_ref(), 2).await?;
                let Some(last) = page.last() else { break };
                after = Some(UserSort::Email.cursor(last));
                names.extend(page.into_iter().map(|row| row.username));
            }
            assert_eq!(names, ["ann-1", "ann-2", "anna", "Anton", "annika"]);
        }
        let nobody = UserSearch::of(&mut tx, "nobody").await?;
        assert!(search(&mut tx, &nobody, None, 2).await?.is_empty());
        let bea = found_id(&mut tx, "bea").await?;
        fixtures::personal(&mut tx, bea, "SUN-7").await?;
        let by_code = UserSearch::of(&mut tx, "un-7").await?;
        let found = search(&mut tx, &by_code, None, 2).await?;
        assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [bea]);
        let filter = UserFilter { q: Some("ann"), ..UserFilter::default() };
        let found = profiles(&mut tx, &filter, None, 2).await?;
        assert_eq!(found.iter().map(|one| one.username.as_str()).collect::<Vec<_>>(), ["annika", "ann-1"]);
        let after = Cursor::of_id(found[1].id.0);
        let rest = profiles(&mut tx, &filter, Some(&after), 9).await?;
        assert_eq!(rest.iter().map(|one| one.username.as_str()).collect::<Vec<_>>(), ["ann-2", "anna"]);
        for (filter, expected) in [
            (UserFilter { email: Some("cat@example.com"), ..UserFilter::default() }, 1),
            (UserFilter { email: Some("cat@example.com"), q: Some("bea"), ..UserFilter::default() }, 0),
            (UserFilter { account_id: Some("team"), ..UserFilter::default() }, 0),
            (UserFilter::default(), 6),
        ] {
            assert_eq!(profiles(&mut tx, &filter, None, 9).await?.len(), expected, "{filter:?}");
        }
        for (q, expected) in [("anton@", vec!["Anton"]), ("ni", vec!["annika"]), ("a", vec!["ann-1", "ann-2", "anna"])]
        {
            let found = name_search::people(&mut tx, q).await?;
            let found = suggestions(&mut tx, &found, 3).await?;
            assert_eq!(found.iter().map(|one| one.username.as_str()).collect::<Vec<_>>(), expected, "{q}");
        }
        tx.commit().await
    });
}

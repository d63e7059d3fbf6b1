//! Whom and what a part of a name means: of an e-mail address, a username or a code.
//!
//! No index knows parts of names, so a search reads all of them: 0.2 s for a million people, 0.1 s for a million codes.
//! It ends early where many names have the text.

use crate::{
    domain::{
        accounts::email::{Email, search_form},
        codes::code::Code,
        ids::{CodeId, UserId},
        plain_text::search_text,
    },
    server::store::{
        codes,
        db::{Tx, with_conn},
        user_names,
    },
};
use sqlx::QueryBuilder;

/// What is found is listed up to here.
const LISTED: i64 = 1_000;

/// What has a text in its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matches<Id> {
    /// In the form in which names are stored.
    pub text: String,
    /// Nothing when there are too many to list: then each row has to be looked at.
    pub ids: Option<Vec<Id>>,
}

/// The SQL function that says where a text stands in another one; 0 when it does not.
pub(super) fn position(tx: &Tx) -> &'static str {
    tx.dialect("instr", "strpos")
}

/// Adds a condition: the user of this alias has the text in their e-mail address or username.
macro_rules! push_named {
    ($query:expr, $position:expr, $alias:literal, $text:expr) => {
        $query.push("(").push($position).push(concat!("(", $alias, ".email, ")).push_bind($text.to_owned());
        $query
            .push(") > 0 OR ")
            .push($position)
            .push(concat!("(", $alias, ".username_key, "))
            .push_bind($text.to_owned());
        $query.push(") > 0)")
    };
}
pub(super) use push_named;

/// People with this text in their e-mail address or username. A whole address means its owner alone.
pub async fn people(tx: &mut Tx, q: &str) -> sqlx::Result<Matches<UserId>> {
    let text = search_form(q);
    if Email::parse(q).is_ok()
        && let Some(owner) = user_names::named(tx, q).await?
    {
        return Ok(Matches { text, ids: Some(vec![owner]) });
    }
    let position = position(tx);
    let found: Vec<UserId> = with_conn!(tx, conn => {
        let mut query = QueryBuilder::new("SELECT u.id FROM users u WHERE ");
        push_named!(query, position, "u", text);
        query.push(" LIMIT ").push_bind(LISTED + 1).build_query_scalar().fetch_all(conn).await
    })?;
    Ok(Matches { text, ids: listed(found) })
}

/// Codes with this text in them, and the one that it is another reading of.
pub async fn codes(tx: &mut Tx, q: &str) -> sqlx::Result<Matches<CodeId>> {
    let text = search_text(q).to_ascii_uppercase();
    let position = position(tx);
    let mut found: Vec<CodeId> = with_conn!(tx, conn => QueryBuilder::new("SELECT id FROM codes WHERE ")
        .push(position)
        .push("(code, ")
        .push_bind(text.clone())
        .push(") > 0 LIMIT ")
        .push_bind(LISTED + 1)
        .build_query_scalar()
        .fetch_all(conn).await)?;
    if found.is_empty() && Code::parse(q).is_some() {
        found.extend(codes::by_text(tx, q).await?.map(|code| code.id));
    }
    Ok(Matches { text, ids: listed(found) })
}

fn listed<Id>(found: Vec<Id>) -> Option<Vec<Id>> {
    (found.len() as i64 <= LISTED).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::{db_test, fixtures};

    db_test!(people_and_codes_are_found_by_any_part_of_their_names, |db| {
        let mut tx = db.begin().await?;
        let (ann, johann) = (fixtures::user(&mut tx, "Ann_1").await?, fixtures::user(&mut tx, "johann").await?);
        let code = fixtures::personal(&mut tx, ann, "DEVO-ANN").await?;
        let found = async |tx: &mut Tx, q: &str| people(tx, q).await.map(|found| found.ids.unwrap_or_default());
        assert_eq!(found(&mut tx, "ANN").await?, [ann, johann]);
        assert_eq!(found(&mut tx, "hann@").await?, [johann]);
        // Nothing stands for other characters.
        assert_eq!(found(&mut tx, "n_1").await?, [ann]);
        assert_eq!(found(&mut tx, "ann%").await?, []);
        assert_eq!(found(&mut tx, "johann@example.com").await?, [johann]);
        assert_eq!(codes(&mut tx, "o-a").await?, Matches { text: "O-A".into(), ids: Some(vec![code]) });
        assert_eq!(codes(&mut tx, "nothing").await?.ids, Some(vec![]));
        tx.commit().await
    });

    #[test]
    fn more_than_can_be_listed_is_not() {
        assert_eq!(listed(vec![1; 1_000]).map(|ids| ids.len()), Some(1_000));
        assert_eq!(listed(vec![1; 1_001]), None);
    }
}

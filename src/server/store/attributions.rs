//! Attribution decisions: one for each sign-up, with its receipt, and with its referral where there is one.

use crate::{
    domain::{
        attribution::Receipt,
        ids::{ClickId, CodeId, UserId},
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
        name_search::{self, Matches, push_named},
    },
    view_models::referrals::{AttributionRow, ClickFacts},
};
use sqlx::QueryBuilder;
use std::collections::HashMap;

/// Keeps the receipt of a sign-up, in the place of an earlier one.
pub async fn save(tx: &mut Tx, user: UserId, receipt: &Receipt) -> sqlx::Result<()> {
    let credit = receipt.credit();
    with_conn!(tx, conn => sqlx::query(
        "INSERT INTO attributions (user_id, code_id, referrer_id, rule, receipt, signed_up_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (user_id) DO UPDATE
         SET code_id = excluded.code_id, referrer_id = excluded.referrer_id, rule = excluded.rule, receipt = excluded.receipt")
        .bind(user)
        .bind(credit.as_ref().map(|credit| credit.code_id))
        .bind(credit.as_ref().and_then(|credit| credit.referrer))
        .bind(receipt.current_rule().as_str())
        .bind(json(receipt))
        .bind(receipt.signed_up_at)
        .execute(conn).await.map(|_| ()))
}

/// The receipt of a user's sign-up.
pub async fn of_user(tx: &mut Tx, user: UserId) -> sqlx::Result<Option<Receipt>> {
    let stored: Option<String> = with_conn!(tx, conn => sqlx::query_scalar("SELECT receipt FROM attributions WHERE user_id = $1")
        .bind(user)
        .fetch_optional(conn).await)?;
    stored.as_deref().map(parse).transpose()
}

/// The receipts of these users, as far as there are any.
pub async fn of_users(tx: &mut Tx, users: &[UserId]) -> sqlx::Result<HashMap<UserId, Receipt>> {
    let (before, after) = tx.selected_ids();
    let stored: Vec<(UserId, String)> = with_conn!(tx, conn => QueryBuilder::new(
        "SELECT user_id, receipt FROM attributions WHERE user_id IN ")
        .push(before)
        .push_bind(json(users))
        .push(after)
        .build_query_as()
        .fetch_all(conn).await)?;
    stored.into_iter().map(|(user, text)| Ok((user, parse(&text)?))).collect()
}

fn parse(receipt: &str) -> sqlx::Result<Receipt> {
    serde_json::from_str(receipt).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// Which decisions are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct AttributionQuery<'a> {
    pub about: Option<Subject<'a>>,
    pub state: AttributionState,
    /// The name of a rule; empty for all.
    pub rule: &'a str,
    /// Decisions about users before this one, the newest first.
    pub before: i64,
    pub limit: i64,
}

/// Whom or what a decision is about.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    Referee(&'a [UserId]),
    Referrer(&'a [UserId]),
    Code(&'a [CodeId]),
    /// Anybody on either side, or any code, with a text in their name.
    Named {
        people: &'a Matches<UserId>,
        codes: &'a Matches<CodeId>,
    },
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AttributionState {
    #[default]
    Any,
    /// There is a referral.
    Credited,
    /// There is a referral that has not converted.
    SignedUp,
    Converted,
    /// There is none.
    NotCredited,
}

const SELECT: &str =
    "SELECT a.user_id, COALESCE(u.username, r.referee_name, '') AS username, COALESCE(u.email, '') AS email,
       a.signed_up_at, a.rule, COALESCE(c.code, '') AS code,
       CASE WHEN c.kind = 'campaign' AND c.deleted_at IS NULL THEN c.id END AS campaign_id, a.referrer_id,
       COALESCE(w.username, r.referrer_name, '') AS referrer, r.converted_at ";

const JOINS: &str = "LEFT JOIN users u ON u.id = a.user_id
LEFT JOIN codes c ON c.id = a.code_id
LEFT JOIN users w ON w.id = a.referrer_id ";

/// Adds a condition: a column has one of these ids. A single one is compared, so that its index gives the order, too.
macro_rules! push_ids {
    ($query:expr, $column:literal, $ids:expr, $selected:expr) => {
        match $ids {
            [id] => {
                $query.push(concat!(" AND ", $column, " = ")).push_bind(*id);
            }
            ids => {
                let (before, after) = $selected;
                $query.push(concat!(" AND ", $column, " IN ")).push(before).push_bind(json(ids)).push(after);
            }
        }
    };
}

/// A page of decisions, newest sign-ups first.
pub async fn page(tx: &mut Tx, wanted: &AttributionQuery<'_>) -> sqlx::Result<Vec<AttributionRow>> {
    // Without statistics SQLite would walk through everybody to find the few.
    let credited = tx.dialect(
        "FROM attributions a INDEXED BY attributions_credited LEFT JOIN referrals r ON r.referee_id = a.user_id ",
        "FROM attributions a LEFT JOIN referrals r ON r.referee_id = a.user_id ",
    );
    let (position, selected) = (name_search::position(tx), tx.selected_ids());
    let unaided = wanted.about.is_none() && wanted.rule.is_empty();
    let (from, key) = match wanted.state {
        AttributionState::Converted if unaided => ("FROM referrals r CROSS JOIN attributions a ", "r.referee_id"),
        AttributionState::Credited | AttributionState::SignedUp if unaided => (credited, "a.user_id"),
        _ => ("FROM attributions a LEFT JOIN referrals r ON r.referee_id = a.user_id ", "a.user_id"),
    };
    with_conn!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push(from).push(JOINS).push("WHERE ").push(key).push(" < ").push_bind(wanted.before);
        match wanted.state {
            AttributionState::Any => {}
            AttributionState::Credited => {
                query.push(" AND a.rule <> 'none'");
            }
            AttributionState::SignedUp => {
                query.push(" AND a.rule <> 'none' AND r.converted_at IS NULL");
            }
            AttributionState::Converted => {
                query.push(" AND r.converted_at IS NOT NULL AND a.user_id = r.referee_id");
            }
            AttributionState::NotCredited => {
                query.push(" AND a.rule = 'none'");
            }
        }
        match wanted.about {
            None => {}
            Some(Subject::Referee(users)) => push_ids!(query, "a.user_id", users, selected),
            Some(Subject::Referrer(users)) => push_ids!(query, "a.referrer_id", users, selected),
            Some(Subject::Code(codes)) => push_ids!(query, "a.code_id", codes, selected),
            Some(Subject::Named { people, codes }) => {
                query.push(" AND (");
                push_named!(query, position, "u", people.text);
                query.push(" OR ");
                push_named!(query, position, "w", people.text);
                query.push(" OR ").push(position).push("(c.code, ").push_bind(codes.text.clone()).push(") > 0)");
            }
        }
        if !wanted.rule.is_empty() {
            query.push(" AND a.rule = ").push_bind(wanted.rule.to_owned());
        }
        query.push(" ORDER BY ").push(key).push(" DESC LIMIT ").push_bind(wanted.limit);
        query.build_query_as().fetch_all(conn).await
    })
}

/// The decision about one sign-up.
pub async fn row_of_user(tx: &mut Tx, user: UserId) -> sqlx::Result<Option<AttributionRow>> {
    let users = [user];
    let about = Some(Subject::Referee(&users));
    Ok(page(tx, &AttributionQuery { about, before: i64::MAX, limit: 1, ..AttributionQuery::default() }).await?.pop())
}

/// These clicks, as far as they are kept.
pub async fn clicks(tx: &mut Tx, ids: &[ClickId]) -> sqlx::Result<Vec<ClickFacts>> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new("SELECT id, channel, referring_host, counted FROM clicks WHERE id IN ")
        .push(before)
        .push_bind(json(ids))
        .push(after)
        .build_query_as()
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            attribution::{Candidate, Correction, Rule, Source, Verdict},
            time::Time,
        },
        server::store::{codes, db_test, fixtures, referrals},
    };

    db_test!(a_receipt_comes_back_as_it_was, |db| {
        let mut receipt = Receipt::undecided(Time(3));
        let mut tx = db.begin().await?;
        save(&mut tx, UserId(1), &receipt).await?;
        assert_eq!(of_user(&mut tx, UserId(1)).await?, Some(receipt.clone()));
        receipt.corrections.push(Correction { at: Time(4), reason: "asked".into(), from: None, to: None });
        save(&mut tx, UserId(1), &receipt).await?;
        assert_eq!(of_user(&mut tx, UserId(1)).await?, Some(receipt));
        assert_eq!(of_user(&mut tx, UserId(2)).await?, None);
        assert_eq!(of_users(&mut tx, &[UserId(1), UserId(2)]).await?.len(), 1);
        tx.commit().await
    });

    /// Somebody joins, credited to this code of this referrer, or to nobody.
    async fn joins(tx: &mut Tx, name: &str, by: Option<(CodeId, UserId)>) -> sqlx::Result<UserId> {
        let user = fixtures::user(tx, name).await?;
        let candidates = by.map(|(code, referrer)| Candidate {
            source: Source::Click,
            code: "ANN-1".into(),
            code_id: Some(code),
            referrer: Some(referrer),
            click: Some(ClickId(9)),
            at: Some(Time(2)),
            verdict: Verdict::Chosen,
        });
        let rule = if by.is_some() { Rule::LastClick } else { Rule::None };
        let candidates = candidates.into_iter().collect();
        save(tx, user, &Receipt { rule, candidates, ..Receipt::undecided(Time(3)) }).await?;
        if let Some((code, referrer)) = by {
            let referral = referrals::NewReferral {
                referee: user,
                referee_name: name,
                code,
                referrer: Some(referrer),
                click: None,
                signed_up_at: Time(3),
            };
            referrals::insert(tx, &referral).await?;
        }
        Ok(user)
    }

    db_test!(decisions_are_found_whatever_came_of_them, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let code = fixtures::personal(&mut tx, ann, "ANN-1").await?;
        let bob = joins(&mut tx, "bob", Some((code, ann))).await?;
        let carl = joins(&mut tx, "carl", None).await?;
        let dora = joins(&mut tx, "dora", Some((code, ann))).await?;
        with_conn!(&mut tx, conn => sqlx::query("UPDATE referrals SET converted_at = 4 WHERE referee_id = $1")
            .bind(bob).execute(conn).await.map(|_| ()))?;
        let wanted = AttributionQuery { before: i64::MAX, limit: 10, ..AttributionQuery::default() };
        let texts = ["an", "arl@", "nobody"].map(|text| Matches { text: text.to_owned(), ids: None });
        let codes = ["NOTHING", "NN-"].map(|text| Matches { text: text.to_owned(), ids: None });
        let named = |person: usize, code: usize| Subject::Named { people: &texts[person], codes: &codes[code] };
        for (expected, wanted) in [
            (vec![dora, carl, bob], wanted),
            (vec![carl, bob], AttributionQuery { before: dora.0, ..wanted }),
            (vec![dora], AttributionQuery { limit: 1, ..wanted }),
            (vec![dora, bob], AttributionQuery { state: AttributionState::Credited, ..wanted }),
            (vec![dora], AttributionQuery { state: AttributionState::SignedUp, ..wanted }),
            (vec![bob], AttributionQuery { state: AttributionState::Converted, ..wanted }),
            (vec![carl], AttributionQuery { state: AttributionState::NotCredited, ..wanted }),
            (vec![dora, bob], AttributionQuery { rule: "last_click", ..wanted }),
            (vec![], AttributionQuery { rule: "first_click", ..wanted }),
            (vec![bob], AttributionQuery { rule: "last_click", state: AttributionState::Converted, ..wanted }),
            (vec![carl], AttributionQuery { about: Some(Subject::Referee(&[carl])), ..wanted }),
            (vec![carl, bob], AttributionQuery { about: Some(Subject::Referee(&[bob, carl])), ..wanted }),
            (vec![dora, bob], AttributionQuery { about: Some(Subject::Referrer(&[ann])), ..wanted }),
            (vec![dora, bob], AttributionQuery { about: Some(Subject::Code(&[code])), ..wanted }),
            (vec![], AttributionQuery { about: Some(Subject::Code(&[CodeId(99)])), ..wanted }),
            (vec![dora, bob], AttributionQuery { about: Some(named(0, 0)), ..wanted }),
            (vec![carl], AttributionQuery { about: Some(named(1, 0)), ..wanted }),
            (vec![dora, bob], AttributionQuery { about: Some(named(2, 1)), ..wanted }),
        ] {
            let found: Vec<UserId> = page(&mut tx, &wanted).await?.into_iter().map(|row| row.user_id).collect();
            assert_eq!(found, expected, "{wanted:?}");
        }
        let row = row_of_user(&mut tx, bob).await?.expect("a decision");
        assert_eq!((row.username.as_str(), row.email.as_str()), ("bob", "bob@example.com"));
        assert_eq!((row.code.as_str(), row.referrer.as_str()), ("ANN-1", "ann"));
        assert_eq!((row.rule, row.converted_at, row.signed_up_at), (Rule::LastClick, Some(Time(4)), Time(3)));
        assert!(row_of_user(&mut tx, ann).await?.is_none());
        tx.commit().await
    });

    db_test!(evidence_can_be_looked_up, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let own = fixtures::personal(&mut tx, ann, "ANN-1").await?;
        let campaign = fixtures::Campaign::default().insert(&mut tx, "SPRING").await?;
        assert_eq!(codes::campaigns(&mut tx, &[own, campaign]).await?, [campaign]);
        with_conn!(&mut tx, conn => sqlx::query(
            "INSERT INTO clicks (id, code_id, at, visitor, network, user_agent, referring_host, channel, counted, first)
             VALUES (5, $1, 0, 1, '', '', 'news.example', 'x', $2, $2)")
            .bind(campaign).bind(true).execute(conn).await.map(|_| ()))?;
        let (channel, referring_host) = (Some("x".to_owned()), Some("news.example".to_owned()));
        let click = ClickFacts { id: ClickId(5), channel, referring_host, counted: true };
        assert_eq!(clicks(&mut tx, &[ClickId(5), ClickId(6)]).await?, [click]);
        tx.commit().await
    });
}

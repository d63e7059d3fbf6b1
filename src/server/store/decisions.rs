//! Attribution decisions, as admins look through them: one for each sign-up, with its referral where there is one.

use super::{Tx, on};
use crate::domain::{
    ids::{ClickId, CodeId, UserId},
    time::Time,
};

/// A decision in the list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DecisionRecord {
    /// Who signed up; the number stays when the account is gone.
    pub user_id: UserId,
    /// Empty when the account is gone.
    pub username: String,
    /// Empty when the account is gone.
    pub email: String,
    pub decided_at: Time,
    pub rule: String,
    pub code_id: Option<CodeId>,
    pub code: Option<String>,
    pub referrer_id: Option<UserId>,
    /// As it was, when that account is gone.
    pub referrer: Option<String>,
    pub converted_at: Option<Time>,
}

/// What decisions are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    pub about: Option<About>,
    pub state: State,
    /// The name of a rule; empty for all.
    pub rule: &'a str,
    /// Decisions about users before this one, the newest first.
    pub before: i64,
    pub limit: i64,
}

/// What or whom a decision is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Referee(UserId),
    Referrer(UserId),
    Code(CodeId),
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
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

const COLUMNS: &str =
    "SELECT a.user_id, COALESCE(u.username, r.referee_name, '') AS username, COALESCE(u.email, '') AS email,
       a.decided_at, a.rule, a.code_id, c.code, a.referrer_id, COALESCE(w.username, r.referrer_name) AS referrer,
       r.converted_at ";

const OTHERS: &str = "LEFT JOIN users u ON u.id = a.user_id
LEFT JOIN codes c ON c.id = a.code_id
LEFT JOIN users w ON w.id = a.referrer_id ";

/// A page of decisions, newest sign-ups first.
pub async fn page(tx: &mut Tx, wanted: &Wanted<'_>) -> sqlx::Result<Vec<DecisionRecord>> {
    // Without statistics SQLite would walk through everybody to find the few.
    let credited = tx.pick(
        "FROM attributions a INDEXED BY attributions_credited LEFT JOIN referrals r ON r.referee_id = a.user_id ",
        "FROM attributions a LEFT JOIN referrals r ON r.referee_id = a.user_id ",
    );
    let unaided = wanted.about.is_none() && wanted.rule.is_empty();
    let (from, key) = match wanted.state {
        State::Converted if unaided => ("FROM referrals r CROSS JOIN attributions a ", "r.referee_id"),
        State::Credited | State::SignedUp if unaided => (credited, "a.user_id"),
        _ => ("FROM attributions a LEFT JOIN referrals r ON r.referee_id = a.user_id ", "a.user_id"),
    };
    on!(tx, conn => {
        let mut query = sqlx::QueryBuilder::new(COLUMNS);
        query.push(from).push(OTHERS).push("WHERE ").push(key).push(" < ").push_bind(wanted.before);
        match wanted.state {
            State::Any => {}
            State::Credited => {
                query.push(" AND a.rule <> 'none'");
            }
            State::SignedUp => {
                query.push(" AND a.rule <> 'none' AND r.converted_at IS NULL");
            }
            State::Converted => {
                query.push(" AND r.converted_at IS NOT NULL AND a.user_id = r.referee_id");
            }
            State::NotCredited => {
                query.push(" AND a.rule = 'none'");
            }
        }
        match wanted.about {
            None => {}
            Some(About::Referee(user)) => {
                query.push(" AND a.user_id = ").push_bind(user);
            }
            Some(About::Referrer(user)) => {
                query.push(" AND a.referrer_id = ").push_bind(user);
            }
            Some(About::Code(code)) => {
                query.push(" AND a.code_id = ").push_bind(code);
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
pub async fn of_user(tx: &mut Tx, user: UserId) -> sqlx::Result<Option<DecisionRecord>> {
    let about = Some(About::Referee(user));
    Ok(page(tx, &Wanted { about, before: i64::MAX, limit: 1, ..Wanted::default() }).await?.pop())
}

/// What is known of a click beside its code.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ClickRecord {
    pub id: ClickId,
    pub channel: Option<String>,
    pub referring_host: Option<String>,
    pub counted: bool,
}

/// These clicks, as far as they are kept.
pub async fn clicks(tx: &mut Tx, ids: &[ClickId]) -> sqlx::Result<Vec<ClickRecord>> {
    let sql = tx.pick(
        "SELECT id, channel, referring_host, counted
         FROM clicks
         WHERE id IN (SELECT value FROM json_each($1))",
        "SELECT id, channel, referring_host, counted
         FROM clicks
         WHERE id IN (SELECT value::bigint FROM json_array_elements_text($1::json))",
    );
    on!(tx, conn => sqlx::query_as(sql).bind(super::json(ids)).fetch_all(conn).await)
}

/// Which of these codes have a page of their own.
pub async fn campaigns(tx: &mut Tx, ids: &[CodeId]) -> sqlx::Result<Vec<CodeId>> {
    Ok(super::campaigns::by_ids(tx, ids).await?.into_iter().map(|record| record.id).collect())
}

#[cfg(test)]
mod tests {
    use super::{
        super::{attributions, db_test, fixtures, referrals},
        *,
    };
    use crate::domain::attribution::{Considered, Receipt, Rule, Source, Verdict};

    /// Somebody joins, credited to this code of this referrer, or to nobody.
    async fn joins(tx: &mut Tx, name: &str, by: Option<(CodeId, UserId)>) -> sqlx::Result<UserId> {
        let user = fixtures::user(tx, name).await?;
        let considered = by.map(|(code, referrer)| Considered {
            source: Source::Click,
            code: "ANN-1".into(),
            code_id: Some(code),
            referrer: Some(referrer),
            click: Some(ClickId(9)),
            at: Some(Time(2)),
            verdict: Verdict::Chosen,
        });
        let rule = if by.is_some() { Rule::LastClick } else { Rule::None };
        let considered = considered.into_iter().collect();
        attributions::insert(tx, user, &Receipt { rule, decided_at: Time(3), window_days: 30, considered }).await?;
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
        on!(&mut tx, conn => sqlx::query("UPDATE referrals SET converted_at = 4 WHERE referee_id = $1")
            .bind(bob).execute(conn).await.map(|_| ()))?;
        let wanted = Wanted { before: i64::MAX, limit: 10, ..Wanted::default() };
        for (expected, wanted) in [
            (vec![dora, carl, bob], wanted),
            (vec![carl, bob], Wanted { before: dora.0, ..wanted }),
            (vec![dora], Wanted { limit: 1, ..wanted }),
            (vec![dora, bob], Wanted { state: State::Credited, ..wanted }),
            (vec![dora], Wanted { state: State::SignedUp, ..wanted }),
            (vec![bob], Wanted { state: State::Converted, ..wanted }),
            (vec![carl], Wanted { state: State::NotCredited, ..wanted }),
            (vec![dora, bob], Wanted { rule: "last_click", ..wanted }),
            (vec![], Wanted { rule: "first_click", ..wanted }),
            (vec![bob], Wanted { rule: "last_click", state: State::Converted, ..wanted }),
            (vec![carl], Wanted { about: Some(About::Referee(carl)), ..wanted }),
            (vec![dora, bob], Wanted { about: Some(About::Referrer(ann)), ..wanted }),
            (vec![dora, bob], Wanted { about: Some(About::Code(code)), ..wanted }),
            (vec![], Wanted { about: Some(About::Code(CodeId(99))), ..wanted }),
        ] {
            let found: Vec<UserId> = page(&mut tx, &wanted).await?.into_iter().map(|row| row.user_id).collect();
            assert_eq!(found, expected, "{wanted:?}");
        }
        let row = of_user(&mut tx, bob).await?.expect("a decision");
        assert_eq!((row.username.as_str(), row.email.as_str()), ("bob", "bob@example.com"));
        assert_eq!((row.code.as_deref(), row.referrer.as_deref()), (Some("ANN-1"), Some("ann")));
        assert_eq!((row.rule.as_str(), row.converted_at, row.decided_at), ("last_click", Some(Time(4)), Time(3)));
        assert!(of_user(&mut tx, ann).await?.is_none());
        tx.commit().await
    });

    db_test!(evidence_can_be_looked_up, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let own = fixtures::personal(&mut tx, ann, "ANN-1").await?;
        let campaign = fixtures::Campaign::default().insert(&mut tx, "SPRING").await?;
        assert_eq!(campaigns(&mut tx, &[own, campaign]).await?, [campaign]);
        on!(&mut tx, conn => sqlx::query(
            "INSERT INTO clicks (id, code_id, at, visitor, network, user_agent, referring_host, channel, counted, first)
             VALUES (5, $1, 0, 1, '', '', 'news.example', 'x', $2, $2)")
            .bind(campaign).bind(true).execute(conn).await.map(|_| ()))?;
        let (channel, referring_host) = (Some("x".to_owned()), Some("news.example".to_owned()));
        let click = ClickRecord { id: ClickId(5), channel, referring_host, counted: true };
        assert_eq!(clicks(&mut tx, &[ClickId(5), ClickId(6)]).await?, [click]);
        tx.commit().await
    });
}

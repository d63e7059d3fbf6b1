//! Where people signed up from, for as long as it can tell something.

use crate::{
    domain::{
        clicks::channel::PAID_AD,
        ids::{ClickId, CodeId, UserId},
        reviews::{
            origin::Origin,
            sign::{BROWSER_PERIOD, CODE_PERIOD, MAX_STEPS, Neighbour},
        },
        time::{DAY, Time},
    },
    server::store::db::{Tx, with_conn},
};

/// For how long an origin is kept, in milliseconds.
pub const RETENTION: i64 = 30 * DAY;

/// Sign-ups that are counted at most.
const MAX_COUNTED: i64 = 1_000;

/// Keeps where a new user signed up from.
pub async fn insert(tx: &mut Tx, user: UserId, origin: &Origin, at: Time) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query(
        "INSERT INTO sign_up_origins (user_id, network, user_agent, at) VALUES ($1, $2, $3, $4)")
        .bind(user)
        .bind(&origin.network)
        .bind(&origin.user_agent)
        .bind(at)
        .execute(conn).await.map(|_| ()))
}

/// Where somebody signed up from, if that is still kept.
pub async fn of_user(tx: &mut Tx, user: UserId) -> sqlx::Result<Option<(String, String, Time)>> {
    with_conn!(tx, conn => sqlx::query_as("SELECT network, user_agent, at FROM sign_up_origins WHERE user_id = $1")
        .bind(user)
        .fetch_optional(conn).await)
}

/// Forgets what is older than `before`.
pub async fn prune(tx: &mut Tx, before: Time) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("DELETE FROM sign_up_origins WHERE at < $1")
        .bind(before)
        .execute(conn).await.map(|_| ()))
}

/// The referrer and those up the chain who signed up or are signed in from this network; some more than once.
pub async fn neighbours(tx: &mut Tx, referrer: UserId, origin: &Origin) -> sqlx::Result<Vec<Neighbour>> {
    with_conn!(tx, conn => sqlx::query_as(
        "WITH RECURSIVE above (user_id, steps) AS (
             SELECT CAST($1 AS BIGINT), CAST(1 AS BIGINT)
             UNION ALL
             SELECT u.referred_by, a.steps + 1
             FROM above a
             JOIN users u ON u.id = a.user_id
             WHERE u.referred_by IS NOT NULL AND a.steps < $4
         )
         SELECT a.user_id, a.steps, s.user_agent = $3 AND $3 <> '' AS same_browser
         FROM above a
         JOIN sessions s ON s.user_id = a.user_id
         WHERE s.network = $2
         UNION
         SELECT a.user_id, a.steps, o.user_agent = $3 AND $3 <> ''
         FROM above a
         JOIN sign_up_origins o ON o.user_id = a.user_id
         WHERE o.network = $2")
        .bind(referrer)
        .bind(&origin.network)
        .bind(&origin.user_agent)
        .bind(MAX_STEPS)
        .fetch_all(conn).await)
}

/// What happened around a sign-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Surroundings {
    /// Sign-ups by the code within [`CODE_PERIOD`] up to then.
    pub by_code: i64,
    /// Sign-ups from the browser within [`BROWSER_PERIOD`] up to then.
    pub by_browser: i64,
    /// Whether the click came from an advertisement that somebody paid for.
    pub by_paid_ad: bool,
}

/// Looks around a sign-up that is written already. Large numbers are not counted to their end.
pub async fn surroundings(
    tx: &mut Tx,
    code: CodeId,
    origin: Option<&Origin>,
    click: Option<ClickId>,
    at: Time,
) -> sqlx::Result<Surroundings> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT (SELECT COUNT(*)
                 FROM (SELECT 1 FROM referrals WHERE code_id = $1 AND signed_up_at > $2 AND signed_up_at <= $3
                       LIMIT $4) c) AS by_code,
                (SELECT COUNT(*)
                 FROM (SELECT 1 FROM sign_up_origins WHERE network = $5 AND user_agent = $6 AND at > $7 AND at <= $3
                       LIMIT $4) o) AS by_browser,
                EXISTS (SELECT 1 FROM clicks WHERE id = $8 AND channel = $9) AS by_paid_ad")
        .bind(code)
        .bind(at.plus(-CODE_PERIOD))
        .bind(at)
        .bind(MAX_COUNTED)
        .bind(origin.map(|origin| origin.network.as_str()))
        .bind(origin.map(|origin| origin.user_agent.as_str()).filter(|user_agent| !user_agent.is_empty()))
        .bind(at.plus(-BROWSER_PERIOD))
        .bind(click)
        .bind(PAID_AD)
        .fetch_one(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::time::HOUR,
        server::store::{
            db_test,
            fixtures::{Campaign, user},
            referrals::{self, NewReferral},
            sessions, users,
        },
    };

    fn origin(user_agent: &str) -> Origin {
        Origin { network: "203.0.113.0/24".into(), user_agent: user_agent.into() }
    }

    db_test!(people_up_the_chain_are_found_in_their_networks, |db| {
        let mut tx = db.begin().await?;
        let mut chain = vec![];
        for name in ["ann", "bob", "carl", "dora", "eve", "fay"] {
            let next = user(&mut tx, name).await?;
            users::set_referred_by(&mut tx, next, chain.last().copied()).await?;
            chain.push(next);
        }
        let [ann, bob, _, dora, eve, fay] = chain[..] else { unreachable!() };
        let firefox = origin("Firefox");
        for user in [ann, bob, dora] {
            insert(&mut tx, user, &firefox, Time(1)).await?;
        }
        let session = |user_id, token_hash, user_agent| sessions::NewSession {
            token_hash,
            user_id,
            user_agent,
            network: "203.0.113.0/24",
            now: Time(1),
            expires_at: Time(9),
        };
        sessions::insert(&mut tx, &session(eve, &[1; 32], "Safari")).await?;
        sessions::insert(&mut tx, &session(eve, &[2; 32], "Safari")).await?;
        let mut found = neighbours(&mut tx, fay, &firefox).await?;
        found.sort_by_key(|neighbour| neighbour.steps);
        let near = |user_id, steps, same_browser| Neighbour { user_id, steps, same_browser };
        assert_eq!(found, [near(eve, 2, false), near(dora, 3, true), near(bob, 5, true)], "ann is six steps away");
        let elsewhere = Origin { network: "198.51.100.0/24".into(), ..firefox };
        assert_eq!(neighbours(&mut tx, fay, &elsewhere).await?, []);
        tx.commit().await
    });

    db_test!(sign_ups_around_are_counted_by_code_and_browser, |db| {
        let mut tx = db.begin().await?;
        let (spring, autumn) = (
            Campaign::default().insert(&mut tx, "SPRING").await?,
            Campaign::default().insert(&mut tx, "AUTUMN").await?,
        );
        let now = Time(2 * DAY);
        for (name, code, at, user_agent) in [
            ("ann", spring, now.plus(-DAY), "Firefox"),
            ("bob", spring, now.plus(-HOUR), "Firefox"),
            ("carl", spring, now.plus(-HOUR + 1), "Safari"),
            ("dora", autumn, now, "Firefox"),
            ("eve", spring, now, "Firefox"),
            ("fay", spring, now.plus(1), "Firefox"),
        ] {
            let referee = user(&mut tx, name).await?;
            insert(&mut tx, referee, &origin(user_agent), at).await?;
            let (referee_name, signed_up_at) = (name, at);
            let new = NewReferral { referee, referee_name, code, referrer: None, click: None, signed_up_at };
            referrals::insert(&mut tx, &new).await?;
        }
        let found = surroundings(&mut tx, spring, Some(&origin("Firefox")), None, now).await?;
        assert_eq!(found, Surroundings { by_code: 2, by_browser: 3, by_paid_ad: false });
        let unknown = surroundings(&mut tx, autumn, None, Some(ClickId(7)), now).await?;
        assert_eq!(unknown, Surroundings { by_code: 1, by_browser: 0, by_paid_ad: false });
        prune(&mut tx, now).await?;
        assert_eq!(surroundings(&mut tx, spring, Some(&origin("Firefox")), None, now).await?.by_browser, 2);
        tx.commit().await
    });
}

//! Rewards, and the movements of their amounts.

use crate::{
    domain::{
        ids::{PaymentId, RewardId, RewardUseId, RuleId, UserId},
        rewards::{
            earning::Occasion,
            ledger::{Cause, Movement, Place},
            reward::Reward,
        },
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

/// The columns of a [`Reward`], its id apart.
macro_rules! columns {
    () => {
        "rule_id, rule_version, granted_by, user_id, recipient, occasion, referee_id, referral_id, referrer_id, payment_id,
         choice_id, options, kind, unit, currency, description, granted, issued, pending, available, redeemed, expired,
         void, settled, spared, state, frozen_at, hold_until, needs_approval, approved_at, activated_at, valid_days,
         valid_from, valid_until, redeemed_at, redeemed_as, delivery, cancelled_at, reason, note, happened_at, due_at,
         created_at, version"
    };
}

impl Row for Reward {
    type Key = i64;

    const TYPE: &'static str = "reward";
    const TABLE: &'static str = "rewards";
    const OWN_TABLE: Option<&'static str> = Some("choice_id");
    const COUNT: &'static str = "SELECT COUNT(*) FROM rewards";
    const PAGE: &'static str = concat!("SELECT id, ", columns!(), " FROM rewards WHERE id > $1 ORDER BY id LIMIT $2");

    fn key(&self) -> Self::Key {
        self.id.0
    }
}

/// A movement as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromRow)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    pub id: i64,
    pub reward_id: RewardId,
    pub from_place: Place,
    pub to_place: Place,
    pub amount: i64,
    pub cause: Cause,
    pub use_id: Option<RewardUseId>,
    pub at: Time,
}

impl Row for Transfer {
    type Key = i64;

    const TYPE: &'static str = "reward_transfer";
    const TABLE: &'static str = "reward_transfers";
    const COUNT: &'static str = "SELECT COUNT(*) FROM reward_transfers";
    const PAGE: &'static str = "SELECT id, reward_id, from_place, to_place, amount, cause, use_id, at
         FROM reward_transfers
         WHERE id > $1
         ORDER BY id
         LIMIT $2";

    fn key(&self) -> Self::Key {
        self.id
    }
}

fn names() -> impl Iterator<Item = &'static str> + Clone {
    columns!().split(',').map(str::trim)
}

/// Keeps new rewards, in their order, and gives them their ids. What was given for the same before stays as it is, and
/// its new one is left out.
pub async fn insert(tx: &mut Tx, new: Vec<Reward>, now: Time) -> sqlx::Result<Vec<Reward>> {
    if new.is_empty() {
        return Ok(new);
    }
    let values = names().map(|name| format!("value ->> '{name}'")).collect::<Vec<_>>().join(", ");
    let typed = names().map(|name| format!("v.{name}")).collect::<Vec<_>>().join(", ");
    let select = match tx {
        Tx::Sqlite(_) => format!(" SELECT {values} FROM json_each("),
        Tx::Postgres(_) => format!(" SELECT {typed} FROM json_populate_recordset(NULL::rewards, "),
    };
    let end = tx.dialect(") WHERE TRUE ORDER BY key", "::json) v");
    let rows: Vec<(RewardId, String, UserId, String)> = with_conn!(tx, conn => QueryBuilder::new(
        concat!("INSERT INTO rewards (", columns!(), ")"))
        .push(select)
        .push_bind(json(&new))
        .push(end)
        .push(" ON CONFLICT DO NOTHING RETURNING id, granted_by, user_id, occasion")
        .build_query_as()
        .fetch_all(conn).await)?;
    let id = |reward: &Reward| {
        let same = |row: &&(RewardId, String, UserId, String)| {
            row.1 == reward.granted_by && row.2 == reward.user_id && row.3 == reward.occasion
        };
        rows.iter().find(same).map(|row| row.0)
    };
    let mut kept: Vec<Reward> =
        new.into_iter().filter_map(|reward| Some(Reward { id: id(&reward)?, ..reward })).collect();
    write_transfers(tx, &mut kept, None, now).await?;
    Ok(kept)
}

/// Writes rewards that have changed, with what has moved. Each has a new version afterwards.
pub async fn update(tx: &mut Tx, changed: &mut [Reward], used: Option<RewardUseId>, now: Time) -> sqlx::Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    for reward in &mut *changed {
        reward.version += 1;
    }
    let set = |value: fn(&str) -> String| {
        names().map(|name| format!("{name} = {}", value(name))).collect::<Vec<_>>().join(", ")
    };
    let (set, from, end) = match tx {
        Tx::Sqlite(_) => {
            (set(|name| format!("v.value ->> '{name}'")), " FROM json_each(", ") v WHERE rewards.id = v.value ->> 'id'")
        }
        Tx::Postgres(_) => (
            set(|name| format!("v.{name}")),
            " FROM json_populate_recordset(NULL::rewards, ",
            "::json) v WHERE rewards.id = v.id",
        ),
    };
    with_conn!(tx, conn => QueryBuilder::new("UPDATE rewards SET ")
        .push(set)
        .push(from)
        .push_bind(json(&*changed))
        .push(end)
        .build()
        .execute(conn).await.map(|_| ()))?;
    write_transfers(tx, changed, used, now).await
}

async fn write_transfers(
    tx: &mut Tx,
    rewards: &mut [Reward],
    used: Option<RewardUseId>,
    now: Time,
) -> sqlx::Result<()> {
    #[derive(Serialize)]
    struct New {
        reward: RewardId,
        #[serde(flatten)]
        movement: Movement,
    }
    let mut new = vec![];
    for reward in rewards {
        let id = reward.id;
        new.extend(reward.moved.drain(..).map(|movement| New { reward: id, movement }));
    }
    if new.is_empty() {
        return Ok(());
    }
    let sql = tx.dialect(
        "INSERT INTO reward_transfers (reward_id, from_place, to_place, amount, cause, use_id, at)
         SELECT value ->> 'reward', value ->> 'from', value ->> 'to', value ->> 'amount', value ->> 'cause', $2, $3
         FROM json_each($1)
         ORDER BY key",
        "INSERT INTO reward_transfers (reward_id, from_place, to_place, amount, cause, use_id, at)
         SELECT (value ->> 'reward')::bigint, value ->> 'from', value ->> 'to', (value ->> 'amount')::bigint,
                value ->> 'cause', $2, $3
         FROM json_array_elements($1::json) WITH ORDINALITY AS rows (value, place)
         ORDER BY place",
    );
    with_conn!(tx, conn => sqlx::query(sql).bind(json(&new)).bind(used).bind(now).execute(conn).await.map(|_| ()))
}

/// Selects rewards that are held until the end of the transaction.
macro_rules! locked {
    ($tx:expr, |$query:ident| $condition:block) => {{
        let lock = $tx.dialect("", " FOR UPDATE");
        with_conn!($tx, conn => {
            let mut $query = QueryBuilder::new(concat!("SELECT id, ", columns!(), " FROM rewards WHERE "));
            $condition
            $query.push(lock);
            $query.build_query_as().fetch_all(conn).await
        })
    }};
}

/// These rewards, held until the end of the transaction.
pub async fn lock(tx: &mut Tx, ids: &[RewardId]) -> sqlx::Result<Vec<Reward>> {
    let (before, after) = tx.selected_ids();
    locked!(tx, |query| {
        query.push("id IN ").push(before).push_bind(json(ids)).push(after).push(" ORDER BY id");
    })
}

/// All rewards for these referees alone, of both sides, held until the end of the transaction: not those for
/// milestones.
pub async fn lock_of_referees(tx: &mut Tx, referees: &[UserId]) -> sqlx::Result<Vec<Reward>> {
    let (before, after) = tx.selected_ids();
    locked!(tx, |query| {
        query.push("referee_id IN ").push(before).push_bind(json(referees)).push(after);
        query.push(" AND occasion NOT LIKE 'milestone:%' ORDER BY id");
    })
}

/// What these rules have given these referrers for milestones, held until the end of the transaction.
pub async fn lock_for_milestones(tx: &mut Tx, rules: &[RuleId], referrers: &[UserId]) -> sqlx::Result<Vec<Reward>> {
    let (before, after) = tx.selected_ids();
    locked!(tx, |query| {
        query.push("rule_id IN ").push(before).push_bind(json(rules)).push(after);
        query.push(" AND referrer_id IN ").push(before).push_bind(json(referrers)).push(after);
        query.push(" AND occasion LIKE 'milestone:%' ORDER BY id");
    })
}

/// Who gets a reward, and who was brought for it.
pub async fn parties_of(tx: &mut Tx, id: RewardId) -> sqlx::Result<Option<(UserId, UserId)>> {
    with_conn!(tx, conn => sqlx::query_as("SELECT user_id, referee_id FROM rewards WHERE id = $1")
        .bind(id)
        .fetch_optional(conn).await)
}

/// All rewards of a user, held until the end of the transaction.
pub async fn lock_of_user(tx: &mut Tx, user: UserId) -> sqlx::Result<Vec<Reward>> {
    locked!(tx, |query| {
        query.push("user_id = ").push_bind(user).push(" ORDER BY id");
    })
}

/// The rewards of a user that can be used of a kind, or could if somebody had noticed that their hold is over: those
/// that end first come first.
pub async fn lock_usable(tx: &mut Tx, user: UserId, kind: &str, now: Time) -> sqlx::Result<Vec<Reward>> {
    locked!(tx, |query| {
        query.push("user_id = ").push_bind(user).push(" AND kind = ").push_bind(kind.to_owned());
        query.push(" AND (state = 'active' OR (state = 'pending' AND due_at <= ").push_bind(now).push("))");
        query.push(" ORDER BY COALESCE(valid_until, 9223372036854775807), id");
    })
}

/// Rewards whose next step has come, the longest due first.
pub async fn lock_due(tx: &mut Tx, now: Time, limit: i64) -> sqlx::Result<Vec<Reward>> {
    locked!(tx, |query| {
        query.push("due_at <= ").push_bind(now).push(" ORDER BY due_at, id LIMIT ").push_bind(limit);
    })
}

/// Rewards after one, in their order.
pub async fn after(tx: &mut Tx, after: RewardId, limit: i64) -> sqlx::Result<Vec<Reward>> {
    with_conn!(tx, conn => sqlx::query_as(Reward::PAGE).bind(after).bind(limit).fetch_all(conn).await)
}

/// When the last unlocks of users end, by their unit.
pub async fn unlock_ends(
    tx: &mut Tx,
    users: &[UserId],
    kind: &'static str,
) -> sqlx::Result<Vec<(UserId, Option<String>, Time)>> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => QueryBuilder::new("SELECT user_id, unit, MAX(valid_until) FROM rewards WHERE user_id IN ")
        .push(before)
        .push_bind(json(users))
        .push(after)
        .push(" AND state IN ('active', 'redeemed') AND valid_until IS NOT NULL AND kind = ")
        .push_bind(kind)
        .push(" GROUP BY user_id, unit")
        .build_query_as()
        .fetch_all(conn).await)
}

/// Whose rewards a user has that can still move, by who was brought.
pub async fn open_referees_of(tx: &mut Tx, user: UserId) -> sqlx::Result<Vec<UserId>> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "SELECT DISTINCT referee_id FROM rewards WHERE user_id = $1 AND state IN ('pending', 'active') ORDER BY referee_id")
        .bind(user)
        .fetch_all(conn).await)
}

/// Makes a reward be for another payment, that one which is the same as its own was.
pub async fn move_to_payment(tx: &mut Tx, reward: RewardId, payment: PaymentId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE rewards SET occasion = $3, payment_id = $2 WHERE id = $1")
        .bind(reward)
        .bind(payment)
        .bind(Occasion::Payment(payment).to_string())
        .execute(conn).await.map(|_| ()))
}

/// Takes a reward out of the way of one for the same payment.
pub async fn leave_occasion(tx: &mut Tx, reward: RewardId) -> sqlx::Result<()> {
    with_conn!(tx, conn => sqlx::query("UPDATE rewards SET occasion = $2 WHERE id = $1")
        .bind(reward)
        .bind(Occasion::Merged(reward).to_string())
        .execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::rewards::{kind, reward::EndReason},
        server::store::{db_test, export, fixtures, payments, reward_check},
    };

    db_test!(a_reward_comes_back_as_it_was_and_each_movement_is_a_row, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (fixtures::user(&mut tx, "ann").await?, fixtures::user(&mut tx, "bob").await?);
        let rule = fixtures::rule(&mut tx).await?;
        let made = fixtures::reward(&mut tx, rule, ann, bob).await?;
        assert_eq!(lock(&mut tx, &[made.id]).await?, std::slice::from_ref(&made));
        // Of one rule, one person has one for one occasion.
        let twin = Reward { id: RewardId(0), ..made.clone() };
        assert_eq!(insert(&mut tx, vec![twin], Time(2)).await?, []);
        let mut changed = [made.clone()];
        changed[0].advance(Time(5), None);
        changed[0].spend(4, Time(6));
        update(&mut tx, &mut changed, None, Time(6)).await?;
        assert_eq!(
            (changed[0].version, &lock_usable(&mut tx, ann, "extra_messages", Time(6)).await?[..]),
            (2, &changed[..])
        );
        let moved: Vec<_> = export::page::<Transfer>(&mut tx, &0, 9)
            .await?
            .into_iter()
            .map(|row| (row.from_place, row.to_place, row.amount, row.cause, row.at))
            .collect();
        assert_eq!(
            moved,
            [
                (Place::Issued, Place::Pending, 10, Cause::Granted, Time(1)),
                (Place::Pending, Place::Available, 10, Cause::Activated, Time(6)),
                (Place::Available, Place::Redeemed, 4, Cause::Used, Time(6)),
            ]
        );
        assert_eq!(reward_check::find_mismatches(&mut tx).await?, []);
        changed[0].issued += 1;
        update(&mut tx, &mut changed, None, Time(7)).await?;
        let found = reward_check::find_mismatches(&mut tx).await?;
        assert_eq!((found.len(), found[0].counter, found[0].rows), (1, 11, 10));
        tx.commit().await
    });

    db_test!(rewards_are_found_by_what_comes_next_and_whose_they_are, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (fixtures::user(&mut tx, "ann").await?, fixtures::user(&mut tx, "bob").await?);
        let rule = fixtures::rule(&mut tx).await?;
        let one = fixtures::reward(&mut tx, rule, ann, bob).await?;
        let other = fixtures::reward(&mut tx, rule, ann, UserId(77)).await?;
        let ids = |rewards: Vec<Reward>| rewards.into_iter().map(|reward| reward.id).collect::<Vec<_>>();
        assert_eq!(ids(lock_due(&mut tx, Time(4), 9).await?), []);
        assert_eq!(ids(lock_due(&mut tx, Time(5), 1).await?), [one.id]);
        assert_eq!(ids(lock_of_referees(&mut tx, &[UserId(77), UserId(78)]).await?), [other.id]);
        assert_eq!(ids(lock_of_user(&mut tx, ann).await?), [one.id, other.id]);
        assert_eq!(ids(after(&mut tx, one.id, 9).await?), [other.id]);
        assert_eq!(open_referees_of(&mut tx, ann).await?, [bob, UserId(77)]);
        assert_eq!(
            (parties_of(&mut tx, one.id).await?, parties_of(&mut tx, RewardId(99)).await?),
            (Some((ann, bob)), None)
        );
        let mut unlock = [one];
        unlock[0].kind = kind::FEATURE_UNLOCK.into();
        unlock[0].advance(Time(5), None);
        update(&mut tx, &mut unlock, None, Time(5)).await?;
        let until = unlock[0].valid_until.expect("an end");
        assert_eq!(
            unlock_ends(&mut tx, &[ann, bob], kind::FEATURE_UNLOCK).await?,
            [(ann, Some("messages".into()), until)]
        );
        let payment = payments::insert(&mut tx, true, false, true, Time(1)).await?;
        leave_occasion(&mut tx, other.id).await?;
        move_to_payment(&mut tx, unlock[0].id, payment).await?;
        let moved = lock(&mut tx, &[unlock[0].id, other.id]).await?;
        assert_eq!(
            (moved[0].occasion.as_str(), moved[0].payment_id),
            (format!("payment:{payment}").as_str(), Some(payment))
        );
        assert_eq!(moved[1].occasion, format!("merged:{}", other.id));
        let mut ended = [moved[1].clone()];
        ended[0].end(EndReason::Cancelled, Some("why".into()), false, Time(9));
        update(&mut tx, &mut ended, None, Time(9)).await?;
        assert_eq!(open_referees_of(&mut tx, ann).await?, [bob]);
        tx.commit().await
    });
}

//! Lists of rewards, as the API and pages show them.

use crate::{
    domain::{
        cursor::Cursor,
        ids::{PaymentId, RewardId, RuleId, UserId},
        rewards::reward::{Delivery, Reward, RewardState},
        time::Time,
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
    view_models::rewards::{RewardOption, RewardRow, RewardView},
};
use sqlx::{FromRow, QueryBuilder};

/// Which rewards are asked for.
#[derive(Clone, Debug, Default)]
pub struct RewardFilter {
    pub state: Option<RewardState>,
    pub kind: Option<String>,
    pub user: Option<UserId>,
    pub account: Option<String>,
    pub delivery: Option<Delivery>,
    pub rule: Option<RuleId>,
    /// Only those of which something has to be paid back.
    pub owed: bool,
    /// Only those that a dispute or a review stops.
    pub frozen: bool,
    /// Only those that wait for an admin.
    pub unapproved: bool,
}

/// A reward as it is stored, beside the names of its people.
#[derive(Clone, Debug, FromRow)]
pub struct ListedReward {
    #[sqlx(flatten)]
    pub reward: Reward,
    /// Empty when the account is gone.
    pub recipient_name: String,
    /// Empty when the account is gone.
    pub referee_name: String,
}

impl ListedReward {
    /// The reward as it is shown at a time.
    pub fn into_row(self, now: Time) -> RewardRow {
        RewardRow {
            referee_id: self.reward.referee_id,
            occasion: self.reward.occasion.clone(),
            reward: view(self.reward, now),
            recipient: self.recipient_name,
            referee: self.referee_name,
        }
    }
}

/// A reward as it is shown at a time.
pub fn view(reward: Reward, now: Time) -> RewardView {
    let choices: Vec<RewardOption> = serde_json::from_str(&reward.options).unwrap_or_default();
    RewardView {
        amount: reward.stands(),
        available: reward.usable_at(now),
        owed: reward.owed(),
        state: reward.state_at(now),
        frozen: reward.is_frozen(),
        chosen: reward.redeemed_as.clone().filter(|_| reward.is_choice()),
        needs_approval: reward.state == RewardState::Pending && reward.needs_approval && reward.approved_at.is_none(),
        reason: reward.note.clone().or_else(|| reward.reason.map(|reason| reason.as_str().to_owned())),
        id: reward.id,
        rule_id: reward.rule_id,
        rule_version: reward.rule_version,
        user_id: reward.user_id,
        recipient: reward.recipient,
        referral_id: reward.referral_id,
        conversion_id: reward.payment_id,
        kind: reward.kind,
        unit: reward.unit,
        granted: reward.granted,
        currency: reward.currency,
        description: reward.description,
        choices,
        delivery: reward.delivery,
        hold_until: reward.hold_until,
        valid_from: reward.valid_from,
        valid_until: reward.valid_until,
        redeemed_at: reward.redeemed_at,
        created_at: reward.created_at,
        version: reward.version,
    }
}

const SELECT: &str = "SELECT w.*, COALESCE(u.username, '') AS recipient_name, COALESCE(f.username, '') AS referee_name
FROM rewards w
LEFT JOIN users u ON u.id = w.user_id
LEFT JOIN users f ON f.id = w.referee_id ";

/// A page of rewards, the latest first.
pub async fn page(
    tx: &mut Tx,
    filter: &RewardFilter,
    after: Option<&Cursor>,
    limit: i64,
    now: Time,
) -> sqlx::Result<Vec<RewardRow>> {
    let rows: Vec<ListedReward> = with_conn!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("WHERE TRUE");
        match filter.state {
            // What is over has expired before anybody has noticed.
            Some(RewardState::Active) => {
                query.push(" AND w.state = 'active' AND (w.frozen_at IS NOT NULL OR w.valid_until IS NULL OR w.valid_until > ")
                    .push_bind(now)
                    .push(")");
            }
            Some(RewardState::Expired) => {
                query.push(" AND (w.state = 'expired' OR (w.state = 'active' AND w.frozen_at IS NULL AND w.valid_until <= ")
                    .push_bind(now)
                    .push("))");
            }
            Some(state) => {
                query.push(" AND w.state = ").push_bind(state);
            }
            None => {}
        }
        if let Some(kind) = &filter.kind {
            query.push(" AND w.kind = ").push_bind(kind.clone());
        }
        if let Some(user) = filter.user {
            query.push(" AND w.user_id = ").push_bind(user);
        }
        if let Some(account) = &filter.account {
            query.push(" AND u.account_id = ").push_bind(account.clone());
        }
        if let Some(delivery) = filter.delivery {
            query.push(" AND w.delivery = ").push_bind(delivery);
        }
        if let Some(rule) = filter.rule {
            query.push(" AND w.rule_id = ").push_bind(rule);
        }
        if filter.owed {
            query.push(" AND w.available < 0");
        }
        if filter.frozen {
            query.push(" AND w.frozen_at IS NOT NULL");
        }
        if filter.unapproved {
            query.push(" AND w.state = 'pending' AND w.needs_approval AND w.approved_at IS NULL");
        }
        if let Some(after) = after {
            query.push(" AND w.id < ").push_bind(after.id);
        }
        query.push(" ORDER BY w.id DESC LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })?;
    Ok(rows.into_iter().map(|row| row.into_row(now)).collect())
}

/// Rewards of a user: those that can be used, those that wait, then what has become of the others, the latest first.
/// What is hidden from them: choices that were made, and what was given twice for one payment.
pub async fn of_user(tx: &mut Tx, user: UserId, limit: i64, now: Time) -> sqlx::Result<Vec<RewardRow>> {
    let rows: Vec<ListedReward> = with_conn!(tx, conn => QueryBuilder::new(SELECT)
        .push("WHERE w.user_id = ")
        .push_bind(user)
        .push(
            " AND NOT (w.kind = 'choice' AND w.state = 'redeemed')
              AND COALESCE(w.reason, '') <> 'duplicate'
             ORDER BY CASE WHEN w.state = 'active' THEN 0 WHEN w.state <> 'pending' THEN 3 WHEN w.kind = 'choice' THEN 1 ELSE 2 END,
                      w.id DESC
             LIMIT ")
        .push_bind(limit)
        .build_query_as()
        .fetch_all(conn).await)?;
    Ok(rows.into_iter().map(|row| row.into_row(now)).collect())
}

/// What a user has for these friends, the oldest first; what is hidden from them apart.
pub async fn of_user_for(tx: &mut Tx, user: UserId, referees: &[UserId], now: Time) -> sqlx::Result<Vec<RewardRow>> {
    let (before, after) = tx.selected_ids();
    let rows: Vec<ListedReward> = with_conn!(tx, conn => QueryBuilder::new(SELECT)
        .push("WHERE w.referee_id IN ")
        .push(before)
        .push_bind(json(referees))
        .push(after)
        .push(" AND w.user_id = ")
        .push_bind(user)
        .push(" AND NOT (w.kind = 'choice' AND w.state = 'redeemed') AND COALESCE(w.reason, '') <> 'duplicate' ORDER BY w.id")
        .build_query_as()
        .fetch_all(conn).await)?;
    Ok(rows.into_iter().map(|row| row.into_row(now)).collect())
}

/// These rewards, by their ids, beside the names of their people.
pub async fn by_ids(tx: &mut Tx, ids: &[RewardId], now: Time) -> sqlx::Result<Vec<RewardRow>> {
    let (before, after) = tx.selected_ids();
    let rows: Vec<ListedReward> = with_conn!(tx, conn => QueryBuilder::new(SELECT)
        .push("WHERE w.id IN ")
        .push(before)
        .push_bind(json(ids))
        .push(after)
        .push(" ORDER BY w.id")
        .build_query_as()
        .fetch_all(conn).await)?;
    Ok(rows.into_iter().map(|row| row.into_row(now)).collect())
}

/// One reward.
pub async fn by_id(tx: &mut Tx, id: RewardId, now: Time) -> sqlx::Result<Option<RewardRow>> {
    Ok(by_ids(tx, &[id], now).await?.pop())
}

/// One reward as it is stored.
pub async fn record(tx: &mut Tx, id: RewardId) -> sqlx::Result<Option<ListedReward>> {
    with_conn!(tx, conn => QueryBuilder::new(SELECT)
        .push("WHERE w.id = ")
        .push_bind(id)
        .build_query_as()
        .fetch_optional(conn).await)
}

/// What was picked from a choice.
pub async fn picked(tx: &mut Tx, choice: RewardId, now: Time) -> sqlx::Result<Vec<RewardRow>> {
    let rows: Vec<ListedReward> = with_conn!(tx, conn => QueryBuilder::new(SELECT)
        .push("WHERE w.choice_id = ")
        .push_bind(choice)
        .push(" ORDER BY w.id")
        .build_query_as()
        .fetch_all(conn).await)?;
    Ok(rows.into_iter().map(|row| row.into_row(now)).collect())
}

/// The latest rewards for a payment, the latest first.
pub async fn of_payment(tx: &mut Tx, payment: PaymentId, limit: i64, now: Time) -> sqlx::Result<Vec<RewardRow>> {
    let rows: Vec<ListedReward> = with_conn!(tx, conn => QueryBuilder::new(SELECT)
        .push("WHERE w.payment_id = ")
        .push_bind(payment)
        .push(" ORDER BY w.id DESC LIMIT ")
        .push_bind(limit)
        .build_query_as()
        .fetch_all(conn).await)?;
    Ok(rows.into_iter().map(|row| row.into_row(now)).collect())
}

/// The latest rewards that a referee brought, to both sides, the latest first.
pub async fn of_referee(tx: &mut Tx, referee: UserId, limit: i64, now: Time) -> sqlx::Result<Vec<RewardRow>> {
    let rows: Vec<ListedReward> = with_conn!(tx, conn => QueryBuilder::new(SELECT)
        .push("WHERE w.referee_id = ")
        .push_bind(referee)
        .push(" ORDER BY w.id DESC LIMIT ")
        .push_bind(limit)
        .build_query_as()
        .fetch_all(conn).await)?;
    Ok(rows.into_iter().map(|row| row.into_row(now)).collect())
}

/// The kinds of which there are rewards, in order: from each to the next one, whatever the number of rewards.
pub async fn kinds(tx: &mut Tx) -> sqlx::Result<Vec<String>> {
    with_conn!(tx, conn => sqlx::query_scalar(
        "WITH RECURSIVE found (kind) AS (
             SELECT MIN(kind) FROM rewards
             UNION ALL
             SELECT (SELECT MIN(rewards.kind) FROM rewards WHERE rewards.kind > found.kind)
             FROM found
             WHERE found.kind IS NOT NULL
         )
         SELECT kind
         FROM found
         WHERE kind IS NOT NULL
         LIMIT 100")
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::time::DAY,
        server::store::{db_test, fixtures, payments, rewards},
    };

    db_test!(rewards_are_found_by_what_they_are_for, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (fixtures::user(&mut tx, "ann").await?, fixtures::user(&mut tx, "bob").await?);
        let payment = payments::insert(&mut tx, true, false, true, Time(1)).await?;
        let first = fixtures::changed_reward(&mut tx, ann, bob, |reward| reward.payment_id = Some(payment)).await?.id;
        let second = fixtures::changed_reward(&mut tx, bob, bob, |reward| reward.kind = "swag".into()).await?.id;
        let later = payments::insert(&mut tx, true, false, true, Time(1)).await?;
        let picked_from = |reward: &mut Reward| (reward.choice_id, reward.payment_id) = (Some(first), Some(later));
        let other = fixtures::changed_reward(&mut tx, bob, ann, picked_from).await?.id;
        let now = Time(9);
        let of = |rows: Vec<RewardRow>| rows.into_iter().map(|row| row.reward.id).collect::<Vec<_>>();
        assert_eq!(of(of_payment(&mut tx, payment, 9, now).await?), [first]);
        assert_eq!(of(of_referee(&mut tx, bob, 9, now).await?), [second, first]);
        assert_eq!(of(of_referee(&mut tx, bob, 1, now).await?), [second]);
        assert_eq!(of(picked(&mut tx, first, now).await?), [other]);
        assert_eq!(kinds(&mut tx).await?, ["extra_messages", "swag"]);
        let found = record(&mut tx, first).await?.expect("a reward");
        assert_eq!(
            (found.reward.id, found.recipient_name.as_str(), found.referee_name.as_str()),
            (first, "ann", "bob")
        );
        assert!(record(&mut tx, RewardId(99)).await?.is_none());
        tx.commit().await
    });

    db_test!(frozen_rewards_are_found, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        fixtures::changed_reward(&mut tx, ann, ann, |_| {}).await?;
        let frozen = fixtures::changed_reward(&mut tx, ann, ann, |reward| reward.frozen_at = Some(Time(3))).await?.id;
        let filter = RewardFilter { frozen: true, ..RewardFilter::default() };
        let found = page(&mut tx, &filter, None, 9, Time(9)).await?;
        assert_eq!(found.iter().map(|row| row.reward.id).collect::<Vec<_>>(), [frozen]);
        assert_eq!(page(&mut tx, &RewardFilter::default(), None, 9, Time(9)).await?.len(), 2);
        tx.commit().await
    });

    db_test!(rewards_are_listed_by_state_person_and_time, |db| {
        let mut tx = db.begin().await?;
        let (ann, bob) = (fixtures::user(&mut tx, "ann").await?, fixtures::user(&mut tx, "bob").await?);
        let rule = fixtures::rule(&mut tx).await?;
        let mut first = [fixtures::reward(&mut tx, rule, ann, bob).await?];
        first[0].advance(Time(5), None);
        rewards::update(&mut tx, &mut first, None, Time(5)).await?;
        let second = fixtures::reward(&mut tx, rule, ann, UserId(77)).await?;
        let over = Time(5).plus(DAY);
        let ids = |rows: Vec<RewardRow>| rows.into_iter().map(|row| row.reward.id).collect::<Vec<_>>();
        let of = |state| RewardFilter { state: Some(state), ..RewardFilter::default() };
        let all = page(&mut tx, &RewardFilter::default(), None, 9, Time(6)).await?;
        assert_eq!((all[1].recipient.as_str(), all[1].referee.as_str(), all[0].referee.as_str()), ("ann", "bob", ""));
        let cursor = all[0].reward.cursor();
        assert_eq!(ids(all), [second.id, first[0].id]);
        assert_eq!(ids(page(&mut tx, &RewardFilter::default(), Some(&cursor), 9, Time(6)).await?), [first[0].id]);
        for (filter, at, found) in [
            (of(RewardState::Active), Time(6), vec![first[0].id]),
            (of(RewardState::Active), over, vec![]),
            (of(RewardState::Expired), over, vec![first[0].id]),
            (of(RewardState::Pending), over, vec![second.id]),
            (RewardFilter { user: Some(bob), ..RewardFilter::default() }, over, vec![]),
            (
                RewardFilter { rule: Some(rule), kind: Some("extra_messages".into()), ..RewardFilter::default() },
                over,
                vec![second.id, first[0].id],
            ),
            (RewardFilter { delivery: Some(Delivery::Waiting), ..RewardFilter::default() }, over, vec![first[0].id]),
            (RewardFilter { owed: true, ..RewardFilter::default() }, over, vec![]),
            (RewardFilter { unapproved: true, ..RewardFilter::default() }, over, vec![]),
            (RewardFilter { account: Some("team".into()), ..RewardFilter::default() }, over, vec![]),
        ] {
            assert_eq!(ids(page(&mut tx, &filter, None, 9, at).await?), found, "{filter:?}");
        }
        assert_eq!(ids(of_user(&mut tx, ann, 9, Time(6)).await?), [first[0].id, second.id]);
        assert_eq!(ids(of_user_for(&mut tx, ann, &[bob], Time(6)).await?), [first[0].id]);
        assert_eq!(by_id(&mut tx, second.id, Time(6)).await?.map(|row| row.reward.amount), Some(10));
        assert_eq!(ids(picked(&mut tx, second.id, Time(6)).await?), []);
        assert_eq!(kinds(&mut tx).await?, ["extra_messages"]);
        tx.commit().await
    });
}

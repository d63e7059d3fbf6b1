//! How many friends referrers have, as far as milestones ask.

use crate::{
    domain::{
        ids::{RuleId, UserId},
        rewards::rule::{Milestone, MilestoneOf},
        time::Time,
    },
    server::store::{
        db::{Tx, with_conn},
        json::json,
    },
};
use sqlx::{FromRow, QueryBuilder};

/// Milestones that one statement looks for.
const AT_ONCE: usize = 100;

/// A milestone of a referrer that is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub referrer: UserId,
    pub milestone: Milestone,
    /// How many friends of the kind that it counts are new in this transaction.
    pub gained: i64,
}

/// The friend with whom a milestone is reached, in the order in which they signed up or first paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// How many friends that takes, also where it is a goal.
    pub count: i64,
    pub referral_id: i64,
    pub referee_id: UserId,
    pub at: Time,
    /// Whether it was not reached before this transaction.
    pub newly: bool,
}

/// The number of a milestone less one, as an expression.
macro_rules! push_smaller {
    ($query:ident, $wanted:expr) => {
        match $wanted.milestone.count {
            Some(count) => $query.push_bind(count - 1),
            // Nobody who is gone reaches anything.
            None => $query
                .push("COALESCE((SELECT referral_goal FROM users WHERE id = ")
                .push_bind($wanted.referrer)
                .push("), 9223372036854775807) - 1"),
        }
    };
}

/// When the friends count that a milestone is about.
fn column(of: MilestoneOf) -> &'static str {
    match of {
        MilestoneOf::SignedUp => "signed_up_at",
        MilestoneOf::Converted => "converted_at",
    }
}

/// The friends of a referrer that a milestone counts: those in review are left out.
macro_rules! push_friends {
    ($query:ident, $wanted:expr) => {
        $query.push(" FROM referrals r WHERE r.referrer_id = ").push_bind($wanted.referrer);
        $query.push(" AND r.").push(column($wanted.milestone.of)).push(" IS NOT NULL");
        $query.push(
            " AND NOT EXISTS (SELECT 1 FROM reviews v WHERE v.referee_id = r.referee_id AND v.closed_at IS NULL)",
        );
    };
}

/// Whether anything of this is new: a milestone is reached that was not before this transaction, or one of these rules
/// has taken back a reward of these referrers because too few friends counted.
pub async fn is_any_new(tx: &mut Tx, rules: &[RuleId], referrers: &[UserId], wanted: &[Wanted]) -> sqlx::Result<bool> {
    let (before, after) = tx.selected_ids();
    with_conn!(tx, conn => {
        let mut query = QueryBuilder::new("SELECT EXISTS (SELECT 1 FROM rewards WHERE rule_id IN ");
        query.push(before).push_bind(json(rules)).push(after);
        query.push(" AND referrer_id IN ").push(before).push_bind(json(referrers)).push(after);
        query.push(" AND reason = 'below_milestone')");
        for wanted in wanted {
            query.push(" OR (SELECT COUNT(*) FROM (SELECT 1");
            push_friends!(query, wanted);
            query.push(" LIMIT ").push_bind(wanted.gained + 1).push(" OFFSET ");
            push_smaller!(query, wanted);
            query.push(") AS friends) BETWEEN 1 AND ").push_bind(wanted.gained);
        }
        query.build_query_scalar().fetch_one(conn).await
    })
}

/// With whom each of these milestones is reached; nothing where fewer friends count.
pub async fn reached(tx: &mut Tx, wanted: &[Wanted]) -> sqlx::Result<Vec<Option<Reached>>> {
    let mut found = vec![];
    for some in wanted.chunks(AT_ONCE) {
        found.extend(reached_of(tx, some).await?);
    }
    Ok(found)
}

async fn reached_of(tx: &mut Tx, wanted: &[Wanted]) -> sqlx::Result<Vec<Option<Reached>>> {
    #[derive(FromRow)]
    struct Row {
        place: i64,
        smaller: i64,
        id: i64,
        referee_id: UserId,
        at: Time,
    }
    let rows: Vec<Row> = with_conn!(tx, conn => {
        let mut query = QueryBuilder::new("");
        for (place, wanted) in (0_i64..).zip(wanted) {
            let column = column(wanted.milestone.of);
            query.push(if place == 0 { "" } else { " UNION ALL " }).push("SELECT * FROM (SELECT ");
            query.push("CAST(").push_bind(place).push(" AS BIGINT) AS place, CAST(");
            push_smaller!(query, wanted);
            query.push(" AS BIGINT) AS smaller, r.id, r.referee_id, r.").push(column).push(" AS at");
            push_friends!(query, wanted);
            query.push(" ORDER BY r.").push(column).push(", r.id LIMIT ").push_bind(wanted.gained.max(0) + 1).push(" OFFSET ");
            push_smaller!(query, wanted);
            query.push(") AS wanted_").push(place.to_string());
        }
        query.push(" ORDER BY place, at, id");
        query.build_query_as().fetch_all(conn).await
    })?;
    let reached = |(place, wanted): (i64, &Wanted)| {
        let mut own = rows.iter().filter(|row| row.place == place);
        let first = own.next()?;
        let beyond = i64::try_from(own.count()).unwrap_or(i64::MAX);
        Some(Reached {
            count: first.smaller + 1,
            referral_id: first.id,
            referee_id: first.referee_id,
            at: first.at,
            newly: beyond < wanted.gained,
        })
    };
    Ok((0_i64..).zip(wanted).map(reached).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::store::{
        db_test, fixtures,
        referrals::{self, NewReferral},
        rewards,
    };

    db_test!(a_milestone_is_reached_with_the_friend_of_that_place, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let code = fixtures::personal(&mut tx, ann, "ANN-1").await?;
        // The second was told of last, and joined first.
        for (referee, at) in [(71, 20), (72, 30), (73, 10)] {
            let (referee, signed_up_at) = (UserId(referee), Time(at));
            let (referee_name, referrer, click) = ("bob", Some(ann), None);
            let new = NewReferral { referee, referee_name, code, referrer, click, signed_up_at };
            referrals::insert(&mut tx, &new).await?;
        }
        referrals::set_converted(&mut tx, &[(UserId(72), Some(Time(40)))]).await?;
        let want = |of, count, gained| Wanted { referrer: ann, milestone: Milestone { of, count }, gained };
        let wanted = [
            want(MilestoneOf::SignedUp, Some(2), 0),
            want(MilestoneOf::SignedUp, Some(3), 1),
            want(MilestoneOf::SignedUp, Some(2), 1),
            want(MilestoneOf::SignedUp, Some(2), 2),
            want(MilestoneOf::SignedUp, Some(4), 1),
            want(MilestoneOf::Converted, Some(1), 1),
            // Their goal is ten.
            want(MilestoneOf::SignedUp, None, 1),
            Wanted { referrer: UserId(999), ..want(MilestoneOf::SignedUp, None, 1) },
        ];
        let found = reached(&mut tx, &wanted).await?;
        let found: Vec<_> = found
            .iter()
            .map(|found| found.map(|found| (found.count, found.referee_id.0, found.at.0, found.newly)))
            .collect();
        let expected = [
            Some((2, 71, 20, false)),
            Some((3, 72, 30, true)),
            Some((2, 71, 20, false)),
            Some((2, 71, 20, true)),
            None,
            Some((1, 72, 40, true)),
            None,
            None,
        ];
        assert_eq!(found, expected);
        let (new, old): (Vec<_>, Vec<_>) =
            wanted.iter().zip(expected).partition(|(_, found)| found.is_some_and(|found| found.3));
        for (wanted, _) in new {
            assert!(is_any_new(&mut tx, &[], &[], &[*wanted]).await?, "{wanted:?}");
        }
        let old: Vec<Wanted> = old.into_iter().map(|(wanted, _)| *wanted).collect();
        assert!(!is_any_new(&mut tx, &[], &[ann], &old).await?);
        with_conn!(&mut tx, conn => sqlx::query("UPDATE users SET referral_goal = 3").execute(conn).await.map(|_| ()))?;
        assert_eq!(reached(&mut tx, &wanted[6..]).await?[0].map(|found| (found.count, found.newly)), Some((3, true)));
        tx.commit().await
    });

    db_test!(a_reward_that_was_taken_back_is_looked_at_again, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let reward = fixtures::changed_reward(&mut tx, ann, UserId(77), |reward| {
            reward.occasion = "milestone:5".into();
        });
        let reward = reward.await?;
        let other = fixtures::reward(&mut tx, reward.rule_id, ann, UserId(77)).await?;
        let milestone = Milestone { of: MilestoneOf::Converted, count: Some(9) };
        let wanted = [Wanted { referrer: ann, milestone, gained: 1 }];
        assert!(!is_any_new(&mut tx, &[reward.rule_id], &[ann], &wanted).await?);
        let mut below = [reward.clone()];
        below[0].stand_at(0, Some(crate::domain::rewards::reward::EndReason::BelowMilestone));
        rewards::update(&mut tx, &mut below, None, Time(2)).await?;
        assert!(is_any_new(&mut tx, &[reward.rule_id], &[ann], &wanted).await?);
        assert!(!is_any_new(&mut tx, &[RuleId(999)], &[ann], &wanted).await?);
        // What is for one friend is held with them alone.
        assert_eq!(rewards::lock_for_milestones(&mut tx, &[reward.rule_id], &[ann]).await?, below);
        assert_eq!(rewards::lock_of_referees(&mut tx, &[UserId(77)]).await?, [other]);
        tx.commit().await
    });
}

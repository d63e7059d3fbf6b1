//! Clicks by the channel that their links were shared in.

use crate::{
    domain::ids::{CodeId, UserId},
    server::store::db::{Tx, with_conn},
    view_models::statistics::ChannelClicks,
};

/// Clicks since a day over all codes that credit this user, the busiest channel first.
pub async fn of_user(tx: &mut Tx, user: UserId, from_day: i64) -> sqlx::Result<Vec<ChannelClicks>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT n.channel, CAST(SUM(n.clicks) AS BIGINT) AS clicks
         FROM codes c
         JOIN code_days d ON d.code_id = c.id
         JOIN code_channel_days n ON n.day = d.day AND n.code_id = d.code_id
         WHERE (c.owner_id = $1 OR c.beneficiary_id = $1)
           AND d.day >= $2
         GROUP BY n.channel
         ORDER BY SUM(n.clicks) DESC, n.channel")
        .bind(user)
        .bind(from_day)
        .fetch_all(conn).await)
}

/// Clicks of a code since a day, the busiest channel first.
pub async fn of_code(tx: &mut Tx, id: CodeId, from_day: i64) -> sqlx::Result<Vec<ChannelClicks>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT n.channel, CAST(SUM(n.clicks) AS BIGINT) AS clicks
         FROM code_days d
         JOIN code_channel_days n ON n.day = d.day AND n.code_id = d.code_id
         WHERE d.code_id = $1
           AND d.day >= $2
         GROUP BY n.channel
         ORDER BY SUM(n.clicks) DESC, n.channel")
        .bind(id)
        .bind(from_day)
        .fetch_all(conn).await)
}

/// Clicks of the whole program since a day, the busiest channel first.
pub async fn of_program(tx: &mut Tx, from_day: i64) -> sqlx::Result<Vec<ChannelClicks>> {
    with_conn!(tx, conn => sqlx::query_as(
        "SELECT channel, CAST(SUM(clicks) AS BIGINT) AS clicks
         FROM code_channel_days
         WHERE day >= $1
         GROUP BY channel
         ORDER BY SUM(clicks) DESC, channel")
        .bind(from_day)
        .fetch_all(conn).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            ids::ClickId,
            time::{DAY, Time},
        },
        server::store::{clicks, counter_check, db_test, fixtures},
    };

    fn click(n: i64, code_id: CodeId, channel: Option<&'static str>, counts: bool) -> clicks::NewClick {
        let at = Time(n / 10 * DAY + n);
        clicks::NewClick { id: ClickId::first_at(at), at, channel, counts, ..clicks::tests::click(n, code_id, n) }
    }

    db_test!(clicks_are_told_apart_by_their_channels, |db| {
        let mut tx = db.begin().await?;
        let ann = fixtures::user(&mut tx, "ann").await?;
        let own = fixtures::personal(&mut tx, ann, "ANN-1").await?;
        let campaign = fixtures::Campaign::default().credits(ann).insert(&mut tx, "SPRING").await?;
        let other = fixtures::Campaign::default().insert(&mut tx, "OTHER").await?;
        let mail = Some("mail");
        // Two batches, on both databases: what is there is added to.
        let first = [click(10, own, None, true), click(11, own, mail, true), click(12, own, mail, false)];
        clicks::insert(&mut tx, &first).await?;
        let second = [click(13, own, mail, true), click(20, campaign, None, true), click(21, other, mail, true)];
        clicks::insert(&mut tx, &[&second[..], &[click(22, campaign, mail, true)]].concat()).await?;
        let named = |found: Vec<ChannelClicks>| -> Vec<_> {
            found.into_iter().map(|found| (found.channel, found.clicks)).collect()
        };
        let both = |direct, mail| vec![("direct".to_owned(), direct), ("mail".to_owned(), mail)];
        let (direct, mail) = (("direct".to_owned(), 2), ("mail".to_owned(), 3));
        assert_eq!(named(of_user(&mut tx, ann, 1).await?), [mail, direct.clone()]);
        assert_eq!(named(of_user(&mut tx, ann, 2).await?), both(1, 1));
        assert_eq!(named(of_code(&mut tx, campaign, 0).await?), both(1, 1));
        assert_eq!(named(of_program(&mut tx, 0).await?), [("mail".to_owned(), 4), direct]);
        assert_eq!(of_user(&mut tx, ann, 3).await?, []);
        assert_eq!(counter_check::find_mismatches(&mut tx).await?, []);
        tx.commit().await
    });
}

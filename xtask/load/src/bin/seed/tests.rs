use super::*;
use passalong::{
    domain::{
        codes::code::Code,
        ids::{ClickId, CodeId},
        time::HOUR,
    },
    server::store::{click_rollups, clicks, counter_check, counters, program_stats},
    view_models::statistics::DayCounts,
};

/// Writes one test, run once on each database, each time a fresh one.
macro_rules! on_both {
    ($name:ident, |$db:ident| $body:block) => {
        mod $name {
            use super::*;

            async fn on_database($db: Db) -> Result<(), BoxError> $body

            #[tokio::test]
            async fn sqlite() -> Result<(), BoxError> {
                on_database(testing::sqlite().await).await
            }

            #[tokio::test]
            async fn postgres() -> Result<(), BoxError> {
                on_database(testing::postgres().await).await
            }
        }
    };
}

on_both!(a_crowd_is_as_large_as_was_asked_for, |db| {
    let mut tx = db.begin().await?;
    let now = Time(1_000_000_000_000);
    owner(&mut tx, 0, now).await?;
    crowd::make(&mut tx, 140, now).await?;
    assert_eq!(program_stats::totals(&mut tx, now).await?.users, 141);
    assert_eq!(counter_check::totals(&mut tx).await?, (280, 0, 20));
    tx.commit().await?;
    update_statistics(&db).await?;
    owner(&mut db.begin().await?, 1, now).await?;
    Ok(())
});

on_both!(clicks_of_past_days_are_counted_right, |db| {
    let mut tx = db.begin().await?;
    let begin = Time(1_000 * DAY);
    let ann = owner(&mut tx, 0, begin).await?;
    let bob = owner(&mut tx, 1, begin).await?;
    for (owner, code) in [(ann, "ANN-1"), (bob, "BOB-1")] {
        let code = Code::parse(code).expect("a code");
        codes::insert_personal(&mut tx, owner, &code, begin).await?.expect("a free code");
    }
    for part in [0..7, 7..10] {
        traffic::insert(&mut tx, part, begin, HOUR * 6 * 1_000).await?;
    }
    traffic::count(&mut tx).await?;
    assert_eq!(counter_check::find_mismatches(&mut tx).await?, []);
    click_rollups::roll_up(&mut tx, 1_001, CodeId(0), 10).await?;
    assert_eq!(counter_check::find_mismatches(&mut tx).await?, []);
    assert_eq!(counter_check::totals(&mut tx).await?, (2, 10, 0));
    let day = |day: i64, clicks| DayCounts { start: Time(day * DAY), clicks, signups: 0, conversions: 0 };
    assert_eq!(counters::days_of(&mut tx, ann, 0).await?, [day(1_000, 2), day(1_001, 2), day(1_002, 1)]);
    let stats = counters::of_user(&mut tx, ann).await?.expect("numbers");
    assert_eq!((stats.clicks, stats.unique_clicks), (5, 4));
    let last = clicks::counted_in(&mut tx.conn(), begin.plus(9 * 6 * HOUR).hour(), ClickId(0), 10).await?;
    assert_eq!(last.len(), 1);
    Ok(tx.commit().await?)
});

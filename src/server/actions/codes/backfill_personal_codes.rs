//! Personal codes for users who have none: imported, or older than the program. Safe to run twice and to stop.

use crate::{
    domain::{codes::code::TRIES, ids::UserId, settings::ProgramSettings, time::Time},
    server::{
        actions::codes::generate_personal_code::candidate,
        config::{clock::Clock, rng::Rng},
        errors::BoxError,
        realtime::{change_set::ChangeSet, publisher::commit_and_notify},
        store::{
            codes,
            db::{Db, Tx},
            users,
        },
    },
};
use std::collections::HashSet;

/// Users in one transaction.
const BATCH: i64 = 5_000;

/// Gives every user without one a personal code, within a transaction of the caller's.
pub async fn run_in(
    tx: &mut Tx,
    settings: &ProgramSettings,
    rng: &Rng,
    now: Time,
    mut progress: impl FnMut(u64),
) -> Result<(), BoxError> {
    let mut after = UserId(0);
    loop {
        let mut waiting = users::without_code(tx, after, BATCH).await?;
        let Some((last, _)) = waiting.last() else { return Ok(()) };
        after = *last;
        for attempt in 0..2 * TRIES {
            let served = serve(tx, settings, rng, &waiting, attempt, now).await?;
            progress(served.len() as u64);
            waiting.retain(|(owner, _)| !served.contains(owner));
            if waiting.is_empty() {
                break;
            }
        }
        if !waiting.is_empty() {
            return Err(none_free(waiting.len()));
        }
    }
}

/// Tries to give each of these a code; who got theirs.
async fn serve(
    tx: &mut Tx,
    settings: &ProgramSettings,
    rng: &Rng,
    waiting: &[(UserId, String)],
    attempt: usize,
    now: Time,
) -> sqlx::Result<HashSet<UserId>> {
    let longer = usize::from(attempt >= TRIES);
    let pairs: Vec<_> = waiting.iter().map(|(owner, name)| (*owner, candidate(settings, name, rng, longer))).collect();
    let served = codes::insert_personal_many(tx, &pairs, now).await?;
    users::bump_versions(tx, &served).await?;
    Ok(served.into_iter().collect())
}

fn none_free(waiting: usize) -> BoxError {
    format!("no free personal code was found for {waiting} users").into()
}

/// Gives every user without one a personal code, a batch at a time, and lets running instances know at the end.
/// `progress` hears how many were done.
pub async fn run(
    db: &Db,
    settings: &ProgramSettings,
    rng: &Rng,
    clock: &Clock,
    mut progress: impl FnMut(u64),
) -> Result<u64, BoxError> {
    let (mut after, mut done) = (UserId(0), 0);
    loop {
        let mut waiting = users::without_code(&mut db.read().await?, after, BATCH).await?;
        let Some((last, _)) = waiting.last() else { break };
        after = *last;
        for attempt in 0..2 * TRIES {
            let mut tx = db.begin().await?;
            let served = serve(&mut tx, settings, rng, &waiting, attempt, clock.now()).await?;
            tx.commit().await?;
            done += served.len() as u64;
            progress(served.len() as u64);
            waiting.retain(|(owner, _)| !served.contains(owner));
            if waiting.is_empty() {
                break;
            }
            // Who was served by somebody else meanwhile is done, too.
            let still: HashSet<UserId> = users::without_code(&mut db.read().await?, UserId(waiting[0].0.0 - 1), BATCH)
                .await?
                .into_iter()
                .map(|u| u.0)
                .collect();
            waiting.retain(|(owner, _)| still.contains(owner));
        }
        if !waiting.is_empty() {
            return Err(none_free(waiting.len()));
        }
    }
    if done > 0 {
        commit_and_notify(db.begin().await?, &ChangeSet::everything()).await?;
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::settings::CodeStyle,
        server::store::{db_test, fixtures, user_profiles},
    };

    db_test!(everybody_gets_one_code_and_a_second_run_changes_nothing, |db| {
        let mut tx = db.begin().await?;
        for n in 0..30 {
            fixtures::user(&mut tx, &format!("same-start-{n}")).await?;
        }
        tx.commit().await?;
        // All names are cut to the same twelve letters, so that tails decide.
        let settings = ProgramSettings { personal_code_style: CodeStyle::Named, ..ProgramSettings::default() };
        let mut seen = 0;
        let (rng, clock) = (Rng::seeded(1), Clock::standing(Time(1)));
        assert_eq!(run(&db, &settings, &rng, &clock, |n| seen += n).await.expect("codes"), 30);
        assert_eq!(seen, 30);
        assert_eq!(run(&db, &settings, &rng, &clock, |_| ()).await.expect("no codes"), 0);
        assert_eq!(users::count_without_code(&mut db.read().await?).await?, 0);
        // The API shows a user with their code.
        assert_eq!(user_profiles::profile(&mut db.read().await?, UserId(7)).await?.map(|user| user.version), Some(2));
        Ok(())
    });
}

//! Fills a database for load tests: active codes with owners, which are printed, one a line; beside them a crowd for
//! the admin's lists, and clicks of past days.

#[macro_use]
mod crowd;
mod traffic;

#[cfg(test)]
use passalong::server::store::db;
#[cfg(test)]
#[path = "../../../../../src/server/store/testing.rs"]
mod testing;
#[cfg(test)]
mod tests;

use clap::Parser;
use passalong::{
    domain::{
        accounts::{email::Email, username::Username},
        ids::UserId,
        time::{DAY, Time},
    },
    server::{
        actions::codes::backfill_personal_codes,
        config::{clock::Clock, rng::Rng},
        errors::BoxError,
        jobs::housekeeping,
        store::{
            click_partitions, codes,
            db::{Db, Tx},
            settings, users,
        },
    },
};
use std::io::Write;

/// Days with clicks, today among them.
const DAYS: i64 = 60;

/// Clicks of one transaction.
const PART: i64 = 1_000_000;

#[derive(Parser)]
struct Options {
    #[arg(long, env = "DATABASE_URL")]
    database_url: String,
    #[arg(long)]
    codes: u32,
    /// So many users, campaign codes, referrals and audit entries beside them
    #[arg(long, default_value_t = 0)]
    crowd: u32,
    /// So many clicks on all codes, over the last 60 days
    #[arg(long, default_value_t = 0)]
    clicks: u32,
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let options = Options::parse();
    let db = Db::connect(&options.database_url).await?;
    db.migrate().await?;
    let (clock, rng) = (Clock::default(), Rng::from_system());
    let now = clock.now();
    if options.crowd > 0 {
        let mut tx = db.begin().await?;
        crowd::make(&mut tx, i64::from(options.crowd), now).await?;
        tx.commit().await?;
        update_statistics(&db).await?;
    }
    let mut tx = db.begin().await?;
    settings::put(&mut tx, "referral_codes_enabled", "true", now).await?;
    for n in 0..options.codes {
        owner(&mut tx, n, now).await?;
    }
    let settings = settings::load(&mut tx).await?;
    tx.commit().await?;
    backfill_personal_codes::run(&db, &settings, &rng, &clock, |_| ()).await?;
    if options.clicks > 0 {
        click(&db, i64::from(options.clicks), now).await?;
    }
    let mut tx = db.read().await?;
    for n in 0..options.codes {
        let owner = users::by_email(&mut tx, &email(n)?).await?.ok_or("a user is missing")?;
        if let Some((code, _)) = codes::personal(&mut tx, owner.id).await? {
            writeln!(std::io::stdout(), "{code}")?;
        }
    }
    drop(tx);
    db.close().await;
    Ok(())
}

fn email(n: u32) -> Result<Email, BoxError> {
    Ok(Email::parse(&format!("load{n}@example.com")).map_err(|problem| format!("{problem:?}"))?)
}

/// Creates the owner of a code.
async fn owner(tx: &mut Tx, n: u32, now: Time) -> Result<UserId, BoxError> {
    let username = Username::parse(&format!("load-{n}")).map_err(|problem| format!("{problem:?}"))?;
    let user = users::NewUser {
        email: &email(n)?,
        username: &username,
        password_hash: None,
        admin: false,
        goal: 10,
        consent_at: None,
        created_at: now,
    };
    Ok(users::insert(tx, &user).await?.ok_or("the database was filled before")?)
}

/// Fills the last days with clicks.
async fn click(db: &Db, count: i64, now: Time) -> Result<(), BoxError> {
    let begin = Time((now.day() - DAYS + 1) * DAY);
    click_partitions::ensure_months(db, begin, DAYS / 28 + 2).await?;
    for from in (0..count).step_by(usize::try_from(PART)?) {
        let mut tx = db.begin().await?;
        traffic::insert(&mut tx, from..count.min(from + PART), begin, now.since(begin) * 1_000 / count).await?;
        tx.commit().await?;
    }
    let mut tx = db.begin().await?;
    traffic::count(&mut tx).await?;
    tx.commit().await?;
    housekeeping::roll_up_clicks(db, now).await?;
    update_statistics(db).await
}

/// Lets PostgreSQL know of ids and numbers that it was not told of; what its daemon would do in time.
async fn update_statistics(db: &Db) -> Result<(), BoxError> {
    let Db::Postgres { pool, .. } = db else { return Ok(()) };
    for sql in [
        "SELECT setval(pg_get_serial_sequence('users', 'id'), (SELECT MAX(id) FROM users))",
        "SELECT setval(pg_get_serial_sequence('codes', 'id'), (SELECT MAX(id) FROM codes))",
        "VACUUM ANALYZE",
    ] {
        sqlx::query(sql).execute(pool).await?;
    }
    Ok(())
}

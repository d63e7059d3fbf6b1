//! Fills a database for load tests: active codes with owners, which are printed, one a line; beside them a crowd for the
//! admin's lists, and clicks of past days.

#[macro_use]
mod crowd;
mod traffic;

#[cfg(test)]
#[path = "../../../../../src/server/store/testing.rs"]
mod testing;
#[cfg(test)]
mod tests;

use clap::Parser;
use passalong::{
    domain::{
        email::Email,
        ids::UserId,
        time::{DAY, Time},
        username::Username,
    },
    server::{
        actions::fill_codes,
        chance::Chance,
        clock::Clock,
        jobs::schedule,
        program,
        store::{Db, Tx, codes, settings, users},
    },
};
use std::io::Write;

/// Why the database could not be filled.
type Failure = Box<dyn std::error::Error + Send + Sync>;

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
async fn main() -> Result<(), Failure> {
    let options = Options::parse();
    let db = Db::connect(&options.database_url).await?;
    db.migrate().await?;
    let (clock, chance) = (Clock::default(), Chance::real());
    let now = clock.now();
    if options.crowd > 0 {
        let mut tx = db.begin().await?;
        crowd::make(&mut tx, i64::from(options.crowd), now).await?;
        tx.commit().await?;
        settle(&db).await?;
    }
    let mut tx = db.begin().await?;
    settings::put(&mut tx, "referral_codes_enabled", "true", now).await?;
    for n in 0..options.codes {
        owner(&mut tx, n, now).await?;
    }
    let program = program::stored(&mut tx).await?;
    tx.commit().await?;
    fill_codes::run(&db, &program, &chance, &clock, |_| ()).await?;
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

fn email(n: u32) -> Result<Email, Failure> {
    Ok(Email::parse(&format!("load{n}@example.com"))?)
}

/// Makes the owner of a code.
async fn owner(tx: &mut Tx, n: u32, now: Time) -> Result<UserId, Failure> {
    let username = Username::parse(&format!("load-{n}"))?;
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
async fn click(db: &Db, count: i64, now: Time) -> Result<(), Failure> {
    let begin = Time((now.day() - DAYS + 1) * DAY);
    schedule::ensure_months(db, begin, DAYS / 28 + 2).await?;
    for from in (0..count).step_by(usize::try_from(PART)?) {
        let mut tx = db.begin().await?;
        traffic::insert(&mut tx, from..count.min(from + PART), begin, now.since(begin) * 1_000 / count).await?;
        tx.commit().await?;
    }
    let mut tx = db.begin().await?;
    traffic::count(&mut tx).await?;
    tx.commit().await?;
    schedule::settle(db, now).await?;
    settle(db).await
}

/// Lets PostgreSQL know of ids and numbers that it was not told of; what its daemon would do in time.
async fn settle(db: &Db) -> Result<(), Failure> {
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

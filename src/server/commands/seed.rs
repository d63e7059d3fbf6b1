//! `passalong seed`: active codes with owners, for load tests.

use super::{
    super::{
        Failure,
        actions::fill_codes,
        chance::Chance,
        clock::Clock,
        jobs::schedule,
        program,
        settings::Settings,
        store::{Db, codes, crowd, settings, traffic, users},
    },
    open, say,
};
use crate::domain::{
    email::Email,
    time::{DAY, Time},
    username::Username,
};
use std::process::ExitCode;

/// Days with clicks, today among them.
const DAYS: i64 = 60;

/// Clicks of one transaction.
const PART: i64 = 1_000_000;

/// Makes users with codes, turns the program on, and prints the codes, one a line. With a `crowd` makes so many users,
/// campaign codes, referrals and audit entries beside them, for the admin's lists; with `clicks` so many clicks on all
/// codes, and their counters.
pub async fn run(options: &Settings, count: u32, crowd: u32, clicks: u32) -> Result<ExitCode, Failure> {
    let db = open(options).await?;
    if crowd > 0 {
        let mut tx = db.begin().await?;
        crowd::make(&mut tx, i64::from(crowd), Clock::default().now()).await?;
        tx.commit().await?;
        crowd::settle(&db).await?;
    }
    let (clock, chance) = (Clock::default(), Chance::real());
    let now = clock.now();
    let mut tx = db.begin().await?;
    settings::put(&mut tx, "referral_codes_enabled", "true", now).await?;
    for n in 0..count {
        let email = Email::parse(&format!("load{n}@example.com"))?;
        let username = Username::parse(&format!("load-{n}"))?;
        let user = users::NewUser {
            email: &email,
            username: &username,
            password_hash: None,
            admin: false,
            goal: 10,
            consent_at: None,
            created_at: now,
        };
        users::insert(&mut tx, &user).await?;
    }
    let program = program::stored(&mut tx).await?;
    tx.commit().await?;
    fill_codes::run(&db, &program, &chance, &clock, |_| ()).await?;
    if clicks > 0 {
        click(&db, i64::from(clicks), now).await?;
    }
    let mut lines = vec![];
    for n in 0..count {
        let email = Email::parse(&format!("load{n}@example.com"))?;
        let mut tx = db.read().await?;
        let owner = users::by_email(&mut tx, &email).await?.ok_or("a user is missing")?;
        lines.extend(codes::personal(&mut tx, owner.id).await?.map(|(code, _)| code));
    }
    db.close().await;
    Ok(say(&lines.join("\n")))
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
    Ok(crowd::settle(db).await?)
}

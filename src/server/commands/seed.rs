//! `passalong seed`: active codes with owners, for load tests.

use super::{
    super::{
        Failure,
        actions::fill_codes,
        chance::Chance,
        clock::Clock,
        program,
        settings::Settings,
        store::{codes, settings, users},
    },
    open, say,
};
use crate::domain::{email::Email, ids::CodeId, username::Username};
use std::process::ExitCode;

/// Makes users with codes, turns the program on, and prints the codes, one a line.
pub async fn run(options: &Settings, count: u32) -> Result<ExitCode, Failure> {
    let db = open(options).await?;
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
    let made = codes::page(&mut db.read().await?, CodeId(0), i64::from(count)).await?;
    db.close().await;
    let lines: Vec<_> = made.into_iter().map(|record| record.code).collect();
    Ok(say(&lines.join("\n")))
}

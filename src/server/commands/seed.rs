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
use crate::domain::{email::Email, username::Username};
use std::process::ExitCode;

/// Makes users with codes, turns the program on, and prints the codes, one a line. With a `crowd` makes so many users,
/// campaign codes, referrals and audit entries beside them, for the admin's lists.
pub async fn run(options: &Settings, count: u32, crowd: u32) -> Result<ExitCode, Failure> {
    let db = open(options).await?;
    if crowd > 0 {
        let mut tx = db.begin().await?;
        crate::server::store::crowd::make(&mut tx, i64::from(crowd), Clock::default().now()).await?;
        tx.commit().await?;
        crate::server::store::crowd::settle(&db).await?;
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

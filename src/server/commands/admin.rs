//! `passalong admin …`: creates an admin, resets a password.

use crate::{
    domain::accounts::{email::Email, new_account::NewAccount, password},
    server::{
        actions::accounts::create_admin,
        auth::passwords::Passwords,
        commands::console::{open_database, say},
        config::{Config, cli::Admin, clock::Clock, rng::Rng},
        errors::BoxError,
        store::{account_links, sessions, users},
    },
    text::english,
};
use std::{io::BufRead, process::ExitCode};

pub async fn run(config: &Config, command: Admin) -> Result<ExitCode, BoxError> {
    match command {
        Admin::Create { email, username, password_stdin } => {
            let password = ask(password_stdin)?;
            let account =
                NewAccount::parse(&email, &username, &password).map_err(|errors| english().sentences(&errors))?;
            let db = open_database(config).await?;
            let (clock, rng) = (Clock::default(), Rng::from_system());
            let hash = Passwords::new().hash(password, rng.bytes()).await?;
            create_admin::run_offline(&db, &clock, &rng, &account, &hash, !config.program_off).await?;
            db.close().await;
            Ok(say(&format!("{} is an admin now.", account.email)))
        }
        Admin::ResetPassword { email, password_stdin } => {
            let email = Email::parse(&email).map_err(|message| english().message(&message))?;
            let new = ask(password_stdin)?;
            reset(config, &email, new).await?;
            Ok(say(&format!("The password of {email} is new. All their sessions have ended.")))
        }
    }
}

async fn reset(config: &Config, email: &Email, new: String) -> Result<(), BoxError> {
    let db = open_database(config).await?;
    let rng = Rng::from_system();
    let mut tx = db.begin().await?;
    let user = users::by_email(&mut tx, email).await?.ok_or_else(|| format!("{email} has no account"))?;
    if let Some(message) = password::problem(&new, &[&user.email, &user.username]) {
        return Err(english().message(&message).into());
    }
    let hash = Passwords::new().hash(new, rng.bytes()).await?;
    users::set_password(&mut tx, user.id, &hash).await?;
    sessions::end_all(&mut tx, user.id).await?;
    account_links::end_all(&mut tx, user.id).await?;
    tx.commit().await?;
    db.close().await;
    Ok(())
}

fn ask(stdin: bool) -> Result<String, BoxError> {
    if stdin {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let password = rpassword::prompt_password("Password: ")?;
    if rpassword::prompt_password("Once more: ")? != password {
        return Err("the two passwords are not the same".into());
    }
    Ok(password)
}

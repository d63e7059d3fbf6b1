//! `passalong admin …`, and the first admin from the settings.

use super::{
    super::{
        Failure,
        actions::create_admin,
        chance::Chance,
        cli::Admin,
        clock::Clock,
        passwords::Passwords,
        relay,
        settings::Settings,
        state::Server,
        store::{sessions, users},
    },
    open, say,
};
use crate::domain::{account::NewAccount, email::Email, field::FieldError, password};
use std::{io::BufRead, process::ExitCode};

/// The username of an admin that `ADMIN_EMAIL` makes.
const USERNAME: &str = "admin";

pub async fn run(settings: &Settings, command: Admin) -> Result<ExitCode, Failure> {
    match command {
        Admin::Create { email, username, password_stdin } => {
            let password = ask(password_stdin)?;
            let account = NewAccount::parse(&email, &username, &password).map_err(|errors| told(&errors))?;
            let db = open(settings).await?;
            let (clock, chance) = (Clock::default(), Chance::real());
            create_admin::alone(&db, &clock, &chance, &account, password, !settings.program_off).await?;
            db.close().await;
            Ok(say(&format!("{} is an admin now.", account.email)))
        }
        Admin::ResetPassword { email, password_stdin } => {
            let email = Email::parse(&email)?;
            let new = ask(password_stdin)?;
            reset(settings, &email, new).await?;
            Ok(say(&format!("The password of {email} is new. All their sessions have ended.")))
        }
    }
}

async fn reset(settings: &Settings, email: &Email, new: String) -> Result<(), Failure> {
    let db = open(settings).await?;
    let chance = Chance::real();
    let mut tx = db.begin().await?;
    let user = users::by_email(&mut tx, email).await?.ok_or_else(|| format!("{email} has no account"))?;
    if let Some(message) = password::problem(&new, &[&user.email, &user.username]) {
        return Err(message.into());
    }
    let hash = Passwords::new().hash(new, chance.bytes()).await?;
    users::set_password(&mut tx, user.id, &hash).await?;
    sessions::end_all(&mut tx, user.id).await?;
    tx.commit().await?;
    db.close().await;
    Ok(())
}

/// Makes the admin that `ADMIN_EMAIL` and `ADMIN_PASSWORD` name, when there is none.
pub async fn first_from_settings(server: &Server) -> Result<(), Failure> {
    let (Some(email), Some(password)) = (&server.settings.admin_email, &server.settings.admin_password) else {
        return Ok(());
    };
    if !create_admin::none_yet(&server.db).await? {
        return Ok(());
    }
    let account = NewAccount::parse(email, USERNAME, password)
        .map_err(|errors| format!("ADMIN_EMAIL, ADMIN_PASSWORD: {}", told(&errors)))?;
    let enable = !server.settings.program_off;
    let made = create_admin::alone(&server.db, &server.clock, &server.chance, &account, password.clone(), enable).await;
    // Another instance may have been quicker.
    if let Err(error) = made
        && create_admin::none_yet(&server.db).await?
    {
        return Err(error);
    }
    relay::apply(server, &relay::Change::everything()).await;
    tracing::info!(%email, "the first admin is made");
    Ok(())
}

fn told(errors: &[FieldError]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join(" ")
}

fn ask(stdin: bool) -> Result<String, Failure> {
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

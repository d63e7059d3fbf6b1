//! Sign-up: joining the program and a session, all or nothing.

use super::{
    super::{
        door::Door,
        limits::Attempt,
        relay::{self, Change},
    },
    internal,
    join::{self, Newcomer, Stopped},
    start_session::{self, Started},
    weigh::{FormCode, Trail},
};
use crate::{
    domain::{account::NewAccount, program::Program},
    error::{AppError, FieldError},
};

const CONSENT: &str = "Please accept the policy to join.";

/// Tries when another transaction was in the way.
const TRIES: usize = 5;

/// What the form brings.
pub struct Form {
    pub email: String,
    pub username: String,
    pub password: String,
    pub code: String,
    pub linked: String,
    pub consent: bool,
}

/// Makes the account and signs it in.
pub async fn run(door: &Door, form: Form) -> Result<Started, AppError> {
    let server = &door.server;
    server.limits.network(Attempt::SignUp, door.caller.origin.0)?;
    let program = server.program.get();
    let account = parse(&program, &form)?;
    let code = FormCode { text: form.code, linked: form.linked };
    let trail = Trail::from(&*door.caller);
    let mut newcomer = Newcomer {
        email: &account.email,
        username: &account.username,
        password_hash: None,
        consent_at: (program.policy_url.is_some() && form.consent).then_some(server.clock.now()),
        code: &code,
        trail: &trail,
    };
    look_ahead(door, &program, &newcomer).await?;
    let password_hash = server.passwords.hash(form.password, server.chance.bytes()).await.map_err(internal)?;
    newcomer.password_hash = Some(&password_hash);

    let mut tries = 1;
    let (started, change) = loop {
        match transaction(door, &program, &newcomer).await {
            Err(stopped) if tries < TRIES && stopped.was_a_race() => tries += 1,
            done => break done?,
        }
    };
    metrics::counter!("passalong_signups_total").increment(1);
    relay::apply(server, &change).await;
    Ok(started)
}

/// All that is wrong with the fields themselves, at once.
fn parse(program: &Program, form: &Form) -> Result<NewAccount, AppError> {
    let consents = program.policy_url.is_none() || form.consent;
    let missing = (!consents).then(|| FieldError { field: "consent".into(), message: CONSENT.into() });
    match (NewAccount::parse(&form.email, &form.username, &form.password), missing) {
        (Ok(account), None) => Ok(account),
        (Ok(_), Some(missing)) => Err(AppError::Invalid(vec![missing])),
        (Err(errors), missing) => Err(AppError::Invalid(errors.into_iter().chain(missing).collect())),
    }
}

/// Tells what would fail before a password is hashed for nothing. The transaction asks everything again.
async fn look_ahead(door: &Door, program: &Program, newcomer: &Newcomer<'_>) -> Result<(), AppError> {
    let mut tx = door.server.db.read().await?;
    let taken = join::taken(&mut tx, newcomer.email, newcomer.username).await?;
    if !taken.is_empty() {
        return Err(AppError::Conflict(taken));
    }
    join::judge(&mut tx, program, newcomer, door.server.clock.now()).await?;
    Ok(())
}

async fn transaction(door: &Door, program: &Program, newcomer: &Newcomer<'_>) -> Result<(Started, Change), Stopped> {
    let server = &door.server;
    let mut tx = server.db.begin().await?;
    let joined = join::run(&mut tx, server, program, newcomer, server.clock.now()).await?;
    let started = start_session::run(&mut tx, server, &door.caller, joined.user).await?;
    relay::announce(&mut tx, server.instance, &joined.change).await?;
    tx.commit().await?;
    Ok((started, joined.change))
}

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
    let account = parse(&program, &form);
    let code = FormCode { text: form.code, linked: form.linked };
    let trail = Trail::from(&*door.caller);
    let account = look_ahead(door, &program, account, &code, &trail).await?;
    let password_hash = server.passwords.hash(form.password, server.chance.bytes()).await.map_err(internal)?;
    let newcomer = Newcomer {
        email: &account.email,
        username: &account.username,
        password_hash: Some(&password_hash),
        consent_at: (program.policy_url.is_some() && form.consent).then_some(server.clock.now()),
        code: &code,
        trail: &trail,
    };

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
fn parse(program: &Program, form: &Form) -> Result<NewAccount, Vec<FieldError>> {
    let consents = program.policy_url.is_none() || form.consent;
    let missing = (!consents).then(|| FieldError { field: "consent".into(), message: CONSENT.into() });
    match (NewAccount::parse(&form.email, &form.username, &form.password), missing) {
        (Ok(account), None) => Ok(account),
        (Ok(_), Some(missing)) => Err(vec![missing]),
        (Err(errors), missing) => Err(errors.into_iter().chain(missing).collect()),
    }
}

/// Tells all that would fail, at once and before a password is hashed for nothing. The transaction asks everything
/// again.
async fn look_ahead(
    door: &Door,
    program: &Program,
    account: Result<NewAccount, Vec<FieldError>>,
    code: &FormCode,
    trail: &Trail,
) -> Result<NewAccount, AppError> {
    let mut tx = door.server.db.read().await?;
    let email = account.as_ref().map(|account| account.email.normalised()).unwrap_or_default();
    let problem = match join::judge(&mut tx, program, code, trail, &email, door.server.clock.now()).await {
        Ok(_) => None,
        Err(Stopped::Told(problem)) => Some(problem),
        Err(Stopped::Database(error)) => return Err(error.into()),
    };
    let told = problem.iter().flat_map(AppError::fields);
    let account = match account {
        Ok(account) => account,
        Err(errors) => return Err(AppError::Invalid(errors.into_iter().chain(told).collect())),
    };
    let taken = join::taken(&mut tx, &account.email, &account.username).await?;
    if !taken.is_empty() {
        return Err(AppError::Conflict(taken.into_iter().chain(told).collect()));
    }
    problem.map_or(Ok(account), Err)
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

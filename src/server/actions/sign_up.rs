//! Sign-up: account, personal code, claimed use, referral, counters, receipt and session, all or nothing.

use super::{
    super::{
        door::Door,
        limits::Attempt,
        relay::{self, Change},
        store::{Tx, attributions, codes, counters, db::lost_a_race, referrals, users},
    },
    internal, make_code,
    start_session::{self, Started},
    weigh::{self, FormCode},
};
use crate::{
    domain::{
        account::NewAccount,
        attribution::Decision,
        code::CodeProblem,
        ids::{CodeId, UserId},
        program::Program,
        time::Time,
    },
    error::{AppError, FieldError},
};

const CONSENT: &str = "Please accept the policy to join.";

const NEEDED: &str = "You need a referral code to join. Please enter one that works.";

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

/// A form that can become an account.
struct Newcomer {
    account: NewAccount,
    password_hash: String,
    code: FormCode,
    consent: bool,
}

/// Makes the account and signs it in.
pub async fn run(door: &Door, form: Form) -> Result<Started, AppError> {
    let server = &door.server;
    server.limits.network(Attempt::SignUp, door.caller.origin.0)?;
    let program = server.program.get();
    let account = parse(&program, &form);
    let code = FormCode { text: form.code, linked: form.linked };
    let account = look_ahead(door, &program, account, &code).await?;
    let password_hash = server.passwords.hash(form.password, server.chance.bytes()).await.map_err(internal)?;
    let newcomer = Newcomer { account, password_hash, code, consent: form.consent };

    let mut tries = 1;
    let (started, change) = loop {
        match transaction(door, &program, &newcomer).await {
            Err(Stopped::Database(error)) if tries < TRIES && lost_a_race(&error) => tries += 1,
            Err(Stopped::Database(error)) => return Err(error.into()),
            Err(Stopped::Told(error)) => return Err(error),
            Ok(done) => break done,
        }
    };
    metrics::counter!("passalong_signups_total").increment(1);
    relay::apply(server, &change).await;
    Ok(started)
}

/// Why a transaction was given up.
enum Stopped {
    Told(AppError),
    Database(sqlx::Error),
}

impl From<sqlx::Error> for Stopped {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<AppError> for Stopped {
    fn from(error: AppError) -> Self {
        Self::Told(error)
    }
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
) -> Result<NewAccount, AppError> {
    let mut tx = door.server.db.read().await?;
    let problem = if program.referral_codes_enabled {
        let now = door.server.clock.now();
        let email = account.as_ref().map(|account| account.email.normalised()).unwrap_or_default();
        problem(program, code, &weigh::run(&mut tx, program, &door.caller, code, &email, now).await?)
    } else {
        None
    };
    let account = match account {
        Ok(account) => account,
        Err(errors) => return Err(AppError::Invalid(errors.into_iter().chain(problem).collect())),
    };
    let taken = taken(&mut tx, &account).await?;
    match problem {
        problem if !taken.is_empty() => Err(AppError::Conflict(taken.into_iter().chain(problem).collect())),
        Some(problem) => Err(AppError::Invalid(vec![problem])),
        None => Ok(account),
    }
}

async fn taken(tx: &mut Tx, account: &NewAccount) -> sqlx::Result<Vec<FieldError>> {
    let mut errors = vec![];
    let (email_taken, username_taken) = users::taken(tx, &account.email, &account.username).await?;
    if email_taken {
        let message = "This e-mail address already has an account. You can sign in instead.";
        errors.push(FieldError { field: "email".into(), message: message.into() });
    }
    if username_taken {
        errors.push(FieldError { field: "username".into(), message: "This username is taken.".into() });
    }
    Ok(errors)
}

/// A typed code must work; with `required`, some valid code must be there. What came from a link never blocks.
fn problem(program: &Program, code: &FormCode, decision: &Decision) -> Option<FieldError> {
    let message = match decision.form_problem() {
        Some(problem) if code.typed() => problem.sentence(),
        _ if program.referral_codes_required && !decision.has_valid_code() => NEEDED,
        _ => return None,
    };
    Some(FieldError { field: "code".into(), message: message.into() })
}

/// Refuses a sign-up whose code has a problem.
fn check(program: &Program, code: &FormCode, decision: &Decision) -> Result<(), AppError> {
    problem(program, code, decision).map_or(Ok(()), |problem| Err(AppError::Invalid(vec![problem])))
}

async fn transaction(door: &Door, program: &Program, newcomer: &Newcomer) -> Result<(Started, Change), Stopped> {
    let server = &door.server;
    let now = server.clock.now();
    let mut tx = server.db.begin().await?;
    let decision = if program.referral_codes_enabled {
        let email = newcomer.account.email.normalised();
        let decision = weigh::run(&mut tx, program, &door.caller, &newcomer.code, &email, now).await?;
        check(program, &newcomer.code, &decision)?;
        Some(decision)
    } else {
        None
    };
    let user = insert(&mut tx, program, newcomer, now).await?;
    let own_code = make_code::personal(&mut tx, program, &server.chance, user, newcomer.account.username.as_str(), now)
        .await
        .map_err(internal)?;
    let mut change = Change { codes: vec![own_code], ..Change::default() };
    if let Some(decision) = decision {
        attribute(&mut tx, program, newcomer, user, decision, &mut change, now).await?;
    }
    let started = start_session::run(&mut tx, server, &door.caller, user).await?;
    relay::announce(&mut tx, server.instance, &change).await?;
    tx.commit().await?;
    Ok((started, change))
}

async fn insert(tx: &mut Tx, program: &Program, newcomer: &Newcomer, now: Time) -> Result<UserId, Stopped> {
    let new = users::NewUser {
        email: &newcomer.account.email,
        username: &newcomer.account.username,
        password_hash: Some(&newcomer.password_hash),
        admin: false,
        goal: program.default_goal,
        consent_at: (program.policy_url.is_some() && newcomer.consent).then_some(now),
        created_at: now,
    };
    match users::insert(tx, &new).await? {
        Some(user) => Ok(user),
        None => Err(AppError::Conflict(taken(tx, &newcomer.account).await?).into()),
    }
}

/// Claims the best evidence that can still be claimed, and keeps referral and receipt.
async fn attribute(
    tx: &mut Tx,
    program: &Program,
    newcomer: &Newcomer,
    user: UserId,
    mut decision: Decision,
    change: &mut Change,
    now: Time,
) -> Result<(), Stopped> {
    while let Some((code, referrer, click)) = decision.choice().map(|c| (c.code_id, c.referrer, c.click)) {
        // Eligible evidence always has its code.
        let Some(code) = code else { break };
        if !codes::claim(tx, code, now).await? {
            decision.lost(code, problem_of(tx, code, now).await?);
            check(program, &newcomer.code, &decision)?;
            continue;
        }
        let referral = referrals::NewReferral {
            referee: user,
            referee_name: newcomer.account.username.as_str(),
            code,
            referrer,
            click,
            signed_up_at: now,
        };
        referrals::insert(tx, &referral).await?;
        counters::add_signup(tx, code, now).await?;
        if let Some(referrer) = referrer {
            users::set_referred_by(tx, user, referrer).await?;
            change.users.push(referrer);
        }
        change.codes.push(code);
        break;
    }
    Ok(attributions::insert(tx, user, &decision.receipt()).await?)
}

/// Why a code could not be claimed, though it looked usable a moment ago.
async fn problem_of(tx: &mut Tx, code: CodeId, now: Time) -> sqlx::Result<CodeProblem> {
    let record = codes::by_ids(tx, &[code]).await?.pop();
    let problem = record.map(|record| CodeProblem::of(record.limits().status(now)));
    Ok(problem.unwrap_or(Some(CodeProblem::CodeNotFound)).unwrap_or(CodeProblem::UsageLimitReached))
}

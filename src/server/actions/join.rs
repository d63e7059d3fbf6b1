//! Joining the program: account, personal code, claimed use, referral, counters and receipt, within one transaction.

use super::{
    super::{
        Failure,
        relay::Change,
        state::Server,
        store::{Tx, attributions, codes, counters, db::lost_a_race, referrals, users},
    },
    internal, make_code,
    weigh::{self, FormCode, Trail},
};
use crate::{
    domain::{
        attribution::Decision,
        code::CodeProblem,
        email::Email,
        ids::{CodeId, UserId},
        program::Program,
        time::Time,
        username::Username,
    },
    error::{AppError, FieldError},
};

/// Somebody who is about to join.
pub struct Newcomer<'a> {
    pub email: &'a Email,
    pub username: &'a Username,
    pub password_hash: Option<&'a str>,
    pub consent_at: Option<Time>,
    pub code: &'a FormCode,
    pub trail: &'a Trail,
}

/// Somebody who has joined.
pub struct Joined {
    pub user: UserId,
    pub change: Change,
}

/// Why a transaction was given up.
pub enum Stopped {
    Told(AppError),
    Database(sqlx::Error),
}

impl Stopped {
    /// Whether the same may well succeed when tried again: another transaction was quicker.
    pub fn was_a_race(&self) -> bool {
        let taken = |error: &sqlx::Error| error.as_database_error().is_some_and(|e| e.is_unique_violation());
        matches!(self, Self::Database(error) if lost_a_race(error) || taken(error))
    }
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

impl From<Stopped> for AppError {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Told(error) => error,
            Stopped::Database(error) => error.into(),
        }
    }
}

/// Writes it all down; the caller announces the change.
pub async fn run(
    tx: &mut Tx,
    server: &Server,
    program: &Program,
    newcomer: &Newcomer<'_>,
    now: Time,
) -> Result<Joined, Stopped> {
    let email = newcomer.email.normalised();
    let decision = judge(tx, program, newcomer.code, newcomer.trail, &email, now).await?;
    let new = users::NewUser {
        email: newcomer.email,
        username: newcomer.username,
        password_hash: newcomer.password_hash,
        admin: false,
        goal: program.default_goal,
        consent_at: newcomer.consent_at,
        created_at: now,
    };
    let Some(user) = users::insert(tx, &new).await? else {
        return Err(AppError::Conflict(taken(tx, newcomer.email, newcomer.username).await?).into());
    };
    let own_code = make_code::personal(tx, program, &server.chance, user, newcomer.username.as_str(), now)
        .await
        .map_err(|error: Failure| internal(error))?;
    let mut change = Change { codes: vec![own_code], ..Change::default() };
    if let Some(decision) = decision {
        attribute(tx, program, newcomer, user, decision, &mut change, now).await?;
    }
    Ok(Joined { user, change })
}

/// What the evidence says, unless it refuses the newcomer; nothing while the program is paused.
pub async fn judge(
    tx: &mut Tx,
    program: &Program,
    code: &FormCode,
    trail: &Trail,
    normalised_email: &str,
    now: Time,
) -> Result<Option<Decision>, Stopped> {
    if !program.referral_codes_enabled {
        return Ok(None);
    }
    let decision = weigh::run(tx, program, trail, code, normalised_email, now).await?;
    check(program, code, &decision)?;
    Ok(Some(decision))
}

/// What is wrong with an e-mail and a username that have an account.
pub async fn taken(tx: &mut Tx, email: &Email, username: &Username) -> sqlx::Result<Vec<FieldError>> {
    let mut errors = vec![];
    let (email_taken, username_taken) = users::taken(tx, email, username).await?;
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
fn check(program: &Program, code: &FormCode, decision: &Decision) -> Result<(), AppError> {
    if code.typed()
        && let Some(problem) = decision.form_problem()
    {
        return Err(AppError::BadCode(problem));
    }
    if program.referral_codes_required && !decision.has_valid_code() {
        return Err(AppError::invalid("code", "You need a referral code to join. Please enter one that works."));
    }
    Ok(())
}

/// Claims the best evidence that can still be claimed, and keeps referral and receipt.
async fn attribute(
    tx: &mut Tx,
    program: &Program,
    newcomer: &Newcomer<'_>,
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
            check(program, newcomer.code, &decision)?;
            continue;
        }
        let referral = referrals::NewReferral {
            referee: user,
            referee_name: newcomer.username.as_str(),
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

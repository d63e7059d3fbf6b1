//! Joining the program, step by step within one transaction: account, personal code, attribution with its claimed use,
//! referral and counters, events, rewards, and payments that waited for this person.

use crate::{
    domain::{
        accounts::{email::Email, username::Username},
        attribution::{Decision, Touchpoints, decide, form_code::FormCode},
        codes::code::CodeProblem,
        events::EventKind,
        ids::{CodeId, UserId},
        message::Message,
        reviews::origin::Origin,
        settings::ProgramSettings,
        time::Time,
    },
    error::{AppError, FieldError},
    server::{
        actions::{
            codes::generate_personal_code,
            conversions::take_up_payments,
            events,
            reviews::open_review::{self, CreditedSignUp},
            rewards::settle_rewards,
        },
        errors::{TxError, internal},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{
            attributions,
            codes::{self, ClaimedUse},
            counters,
            db::Tx,
            erased_emails,
            evidence::{self, Newcomer},
            referrals, sign_up_origins,
            user_profiles::{self, UserUpdate},
            users,
        },
    },
};

/// Somebody who is about to join.
pub struct NewReferee<'a> {
    pub email: &'a Email,
    pub username: &'a Username,
    pub password_hash: Option<&'a str>,
    pub consent_at: Option<Time>,
    pub code: &'a FormCode,
    pub touchpoints: &'a Touchpoints,
    /// What else is known of them, if anything.
    pub details: Option<UserUpdate<'a>>,
    /// Where they sign up from, where that is known and tells something.
    pub origin: Option<Origin>,
    /// When they joined, which may have been elsewhere and a while ago.
    pub signed_up_at: Time,
}

/// Somebody who has joined.
pub struct Registered {
    pub user: UserId,
    /// Who is credited for it, if anybody.
    pub referrer: Option<UserId>,
    pub changes: ChangeSet,
}

/// Writes it all down; the caller publishes the changes.
pub async fn run(
    tx: &mut Tx,
    state: &AppState,
    settings: &ProgramSettings,
    referee: &NewReferee<'_>,
    now: Time,
) -> Result<Registered, TxError> {
    let account_id = referee.details.as_ref().and_then(|details| details.account_id).map(str::to_owned);
    let newcomer = Newcomer { account_id, ..newcomer(tx, state, referee.email, referee.signed_up_at).await? };
    let decision = decide_attribution(tx, settings, referee.code, referee.touchpoints, &newcomer, now).await?;
    let new = users::NewUser {
        email: referee.email,
        username: referee.username,
        password_hash: referee.password_hash,
        admin: false,
        goal: settings.default_goal,
        consent_at: referee.consent_at,
        created_at: referee.signed_up_at,
    };
    let Some(user) = users::insert(tx, &new).await? else {
        return Err(AppError::Conflict(taken(tx, referee.email, referee.username).await?).into());
    };
    if let Some(details) = &referee.details {
        user_profiles::update(tx, user, details).await?;
    }
    let own_code = generate_personal_code::run(tx, settings, &state.rng, user, referee.username.as_str(), now)
        .await
        .map_err(internal)?;
    if let Some(origin) = &referee.origin {
        sign_up_origins::insert(tx, user, origin, referee.signed_up_at).await?;
    }
    let mut changes = ChangeSet::of_codes(vec![own_code]);
    let credited = match decision {
        Some(decision) => attribute(tx, settings, referee, user, decision, &mut changes).await?,
        None => None,
    };
    changes.events.extend(events::users::event(tx, state, EventKind::UserCreated, user, now).await?);
    let referrer = credited.as_ref().and_then(|credited| credited.referrer);
    if let Some(Credited { code, claimed, referrer }) = credited {
        changes.events.extend(events::referrals::event(tx, EventKind::ReferralSignedUp, user, now).await?);
        changes.events.extend(events::of_claimed_use(tx, state, code, claimed, referrer, now).await?);
        settle_rewards::of_newcomer(tx, user, now, &mut changes).await?;
    }
    let external_id = referee.details.as_ref().and_then(|details| details.external_id);
    take_up_payments::run_in(tx, user, referee.email.as_str(), external_id, now, &mut changes).await?;
    Ok(Registered { user, referrer, changes })
}

/// Who joins, as far as a decision depends on it; of no workspace.
pub async fn newcomer(tx: &mut Tx, state: &AppState, email: &Email, signed_up_at: Time) -> sqlx::Result<Newcomer> {
    let joined_before = erased_emails::contains(tx, &state.email_hasher.hash(email)).await?;
    Ok(Newcomer { normalised_email: email.normalised(), account_id: None, signed_up_at, joined_before })
}

/// What the evidence says, unless it refuses the newcomer; nothing while the program is paused.
pub async fn decide_attribution(
    tx: &mut Tx,
    settings: &ProgramSettings,
    code: &FormCode,
    touchpoints: &Touchpoints,
    newcomer: &Newcomer,
    now: Time,
) -> Result<Option<Decision>, TxError> {
    if !settings.referral_codes_enabled {
        return Ok(None);
    }
    let decision = decide(evidence::gather(tx, settings, touchpoints, code, newcomer, now).await?);
    check(settings, code, &decision)?;
    Ok(Some(decision))
}

/// What is wrong with an e-mail and a username that have an account.
pub async fn taken(tx: &mut Tx, email: &Email, username: &Username) -> sqlx::Result<Vec<FieldError>> {
    let mut errors = vec![];
    let (email_taken, username_taken, _) = users::taken(tx, None, email, username, None).await?;
    if email_taken {
        errors.push(FieldError { field: "email".into(), message: Message::EmailTaken });
    }
    if username_taken {
        errors.push(FieldError { field: "username".into(), message: Message::UsernameTaken });
    }
    Ok(errors)
}

/// A typed code must work; with `required`, some valid code must be there. What came from a link never blocks.
fn check(settings: &ProgramSettings, code: &FormCode, decision: &Decision) -> Result<(), AppError> {
    if code.typed()
        && let Some(problem) = decision.form_problem()
    {
        return Err(AppError::BadCode(problem));
    }
    if settings.referral_codes_required && !decision.has_valid_code() {
        return Err(AppError::CodeRequired);
    }
    Ok(())
}

/// What is credited for a sign-up.
struct Credited {
    code: CodeId,
    claimed: ClaimedUse,
    referrer: Option<UserId>,
}

/// Claims the best evidence that can still be claimed, and keeps referral and receipt.
async fn attribute(
    tx: &mut Tx,
    settings: &ProgramSettings,
    referee: &NewReferee<'_>,
    user: UserId,
    mut decision: Decision,
    changes: &mut ChangeSet,
) -> Result<Option<Credited>, TxError> {
    let at = referee.signed_up_at;
    let mut credited = None;
    while let Some((code, referrer, click)) = decision.choice().map(|c| (c.code_id, c.referrer, c.click)) {
        // Eligible evidence always has its code.
        let Some(code) = code else { break };
        let Some(claimed) = codes::claim(tx, code, at).await? else {
            decision.mark_unusable(code, problem_of(tx, code, at).await?);
            check(settings, referee.code, &decision)?;
            continue;
        };
        let referral = referrals::NewReferral {
            referee: user,
            referee_name: referee.username.as_str(),
            code,
            referrer,
            click,
            signed_up_at: at,
        };
        referrals::insert(tx, &referral).await?;
        counters::add_signups(tx, code, at, 1).await?;
        if let Some(referrer) = referrer {
            users::set_referred_by(tx, user, Some(referrer)).await?;
            changes.users.push(referrer);
        }
        changes.codes.push(code);
        let sign_up = CreditedSignUp {
            referee: user,
            email: referee.email.as_str(),
            code,
            referrer,
            click,
            origin: referee.origin.as_ref(),
            at,
        };
        open_review::run_in(tx, settings, &sign_up).await?;
        credited = Some(Credited { code, claimed, referrer });
        break;
    }
    attributions::save(tx, user, &decision.receipt()).await?;
    Ok(credited)
}

/// Why a code could not be claimed, though it looked usable a moment ago.
async fn problem_of(tx: &mut Tx, code: CodeId, now: Time) -> sqlx::Result<CodeProblem> {
    let record = codes::by_ids(tx, &[code]).await?.pop();
    let problem = record.map(|record| CodeProblem::of(record.limits().status(now)));
    Ok(problem.unwrap_or(Some(CodeProblem::CodeNotFound)).unwrap_or(CodeProblem::UsageLimitReached))
}

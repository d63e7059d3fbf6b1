//! Sign-up: joining the program and a session, all or nothing.

use crate::{
    domain::{
        accounts::{account_link::LinkPurpose, new_account::NewAccount},
        attribution::{Touchpoints, form_code::FormCode},
        message::Message,
        reviews::origin::Origin,
        settings::ProgramSettings,
    },
    error::{AppError, FieldError},
    server::{
        actions::{
            account_links::mail_link,
            accounts::{
                sign_in_again,
                start_session::{self, NewSession},
            },
            sent_form::{self, Sender},
            users::register_user::{self, NewReferee},
        },
        auth::{
            caller::{Caller, SentForm},
            rate_limiter::RateLimit,
        },
        clicks::attribution_cookie::{self, AttributionCookie},
        errors::{TxError, internal, retry_races},
        state::AppState,
        store::{account_links::NewAccountLink, evidence::Newcomer, referrals, rights},
    },
};

/// What the form brings.
pub struct SignUpForm {
    pub email: String,
    pub username: String,
    pub password: String,
    pub code: String,
    pub linked: String,
    pub consent: bool,
}

/// Somebody who has joined and is signed in.
pub struct SignedUp {
    pub session: NewSession,
    /// Whether somebody is credited for it.
    pub credited: bool,
}

/// Creates the account, signs it in, and mails it a link, in `locale`, by which its address is confirmed. The same form
/// sent again signs in to what it has created.
pub async fn run(
    state: &AppState,
    caller: &Caller,
    cookie: Option<&AttributionCookie>,
    form: SignUpForm,
    sent: Option<SentForm>,
    locale: &str,
) -> Result<SignedUp, AppError> {
    state.rate_limiter.network(RateLimit::SignUp, caller.client_ip.0)?;
    let settings = state.settings.get();
    let account = parse(&settings, &form);
    // While links lead to a host product, its sign-ups are what counts: an account here would be a credit for nothing.
    let (code, touchpoints) = match settings.link_destination {
        Some(_) => (FormCode::default(), Touchpoints::default()),
        None => (form_code(state, caller, cookie, &form).await, attribution_cookie::touchpoints(caller, cookie)?),
    };
    let account = match validate(state, &settings, account, &code, &touchpoints).await {
        Err(taken @ AppError::Conflict(_)) => {
            return signed_up_before(state, caller, cookie, sent, form.password).await?.ok_or(taken);
        }
        validated => validated?,
    };
    let password_hash = state.passwords.hash(form.password.clone(), state.rng.bytes()).await.map_err(internal)?;
    let referee = NewReferee {
        email: &account.email,
        username: &account.username,
        password_hash: Some(&password_hash),
        consent_at: (settings.policy_url.is_some() && form.consent).then_some(state.clock.now()),
        code: &code,
        touchpoints: &touchpoints,
        details: None,
        origin: Origin::new(&caller.client_ip.network(), &caller.user_agent),
        signed_up_at: state.clock.now(),
    };
    let signed_up = retry_races(|| async {
        let mut tx = state.db.begin().await?;
        if sent_form::made_before(&mut tx, Sender::NEWCOMER, sent, state.clock.now()).await?.is_some() {
            return Ok(None);
        }
        // A payment that waited may change whose another one is: nobody is forgotten meanwhile.
        rights::share(&mut tx).await?;
        let registered = register_user::run(&mut tx, state, &settings, &referee, state.clock.now()).await?;
        sent_form::keep(&mut tx, Sender::NEWCOMER, sent, registered.user.0).await?;
        let link = NewAccountLink {
            user: registered.user,
            purpose: LinkPurpose::VerifyEmail,
            email: account.email.as_str(),
            next: None,
            now: state.clock.now(),
        };
        mail_link::run_in(&mut tx, &link, locale).await?;
        let session = start_session::run(&mut tx, state, caller, cookie, registered.user).await?;
        state.publisher.commit_and_publish(tx, &registered.changes).await?;
        Ok::<_, TxError>(Some(SignedUp { session, credited: registered.referrer.is_some() }))
    })
    .await?;
    let Some(signed_up) = signed_up else {
        let before = signed_up_before(state, caller, cookie, sent, form.password).await?;
        return before.ok_or_else(|| AppError::conflict("email", Message::EmailTaken));
    };
    state.new_job.send_replace(());
    metrics::counter!("passalong_signups_total").increment(1);
    Ok(signed_up)
}

/// What the same form has led to before, if anything.
async fn signed_up_before(
    state: &AppState,
    caller: &Caller,
    cookie: Option<&AttributionCookie>,
    sent: Option<SentForm>,
    password: String,
) -> Result<Option<SignedUp>, AppError> {
    let Some((user, session)) = sign_in_again::run(state, caller, cookie, sent, password).await? else {
        return Ok(None);
    };
    let referrer = referrals::referrer_of(&mut state.db.read().await?, user).await?.and_then(|(referrer, _)| referrer);
    Ok(Some(SignedUp { session, credited: referrer.is_some() }))
}

/// The code of the form. Where codes are guessed from, it is to look unknown.
async fn form_code(
    state: &AppState,
    caller: &Caller,
    cookie: Option<&AttributionCookie>,
    form: &SignUpForm,
) -> FormCode {
    let ip = caller.client_ip.0;
    let known = |code| cookie.is_some_and(|cookie| cookie.has_followed(code));
    let withheld = state.settings.get().referral_codes_enabled
        && !form.code.trim().is_empty()
        && state.code_finder.find(ip, &form.code, known).await.is_ok_and(|found| found.is_none())
        && state.code_finder.guesses.is_blocked(ip);
    FormCode { text: form.code.clone(), linked: form.linked.clone(), withheld }
}

/// All that is wrong with the fields themselves, at once.
fn parse(settings: &ProgramSettings, form: &SignUpForm) -> Result<NewAccount, Vec<FieldError>> {
    let consents = settings.policy_url.is_none() || form.consent;
    let missing = (!consents).then(|| FieldError { field: "consent".into(), message: Message::ConsentMissing });
    match (NewAccount::parse(&form.email, &form.username, &form.password), missing) {
        (Ok(account), None) => Ok(account),
        (Ok(_), Some(missing)) => Err(vec![missing]),
        (Err(errors), missing) => Err(errors.into_iter().chain(missing).collect()),
    }
}

/// Tells all that would fail, at once and before a password is hashed for nothing. The transaction checks everything
/// again.
async fn validate(
    state: &AppState,
    settings: &ProgramSettings,
    account: Result<NewAccount, Vec<FieldError>>,
    code: &FormCode,
    touchpoints: &Touchpoints,
) -> Result<NewAccount, AppError> {
    let mut tx = state.db.read().await?;
    let now = state.clock.now();
    let newcomer = match &account {
        Ok(account) => register_user::newcomer(&mut tx, state, &account.email, now).await?,
        Err(_) => Newcomer { signed_up_at: now, ..Newcomer::default() },
    };
    let problem = match register_user::decide_attribution(&mut tx, settings, code, touchpoints, &newcomer, now).await {
        Ok(_) => None,
        Err(TxError::Rejected(problem)) => Some(problem),
        Err(TxError::Database(error)) => return Err(error.into()),
    };
    let wrong = problem.iter().flat_map(AppError::fields);
    let account = match account {
        Ok(account) => account,
        Err(errors) => return Err(AppError::Invalid(errors.into_iter().chain(wrong).collect())),
    };
    let taken = register_user::taken(&mut tx, &account.email, &account.username).await?;
    if !taken.is_empty() {
        return Err(AppError::Conflict(taken.into_iter().chain(wrong).collect()));
    }
    problem.map_or(Ok(account), Err)
}

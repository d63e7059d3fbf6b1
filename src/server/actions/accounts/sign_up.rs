//! Sign-up: joining the program and a session, all or nothing.

use crate::{
    domain::{
        accounts::new_account::NewAccount,
        attribution::{Touchpoints, form_code::FormCode},
        message::Message,
        reviews::origin::Origin,
        settings::ProgramSettings,
    },
    error::{AppError, FieldError},
    server::{
        actions::{
            accounts::start_session::{self, NewSession},
            users::register_user::{self, NewReferee},
        },
        auth::{caller::Caller, rate_limiter::RateLimit},
        clicks::attribution_cookie::{self, AttributionCookie},
        errors::{TxError, internal, retry_races},
        state::AppState,
        store::{evidence::Newcomer, rights},
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

/// Creates the account and signs it in.
pub async fn run(
    state: &AppState,
    caller: &Caller,
    cookie: Option<&AttributionCookie>,
    form: SignUpForm,
) -> Result<NewSession, AppError> {
    state.rate_limiter.network(RateLimit::SignUp, caller.client_ip.0)?;
    let settings = state.settings.get();
    let account = parse(&settings, &form);
    // While links lead to a host product, its sign-ups are what counts: an account here would be a credit for nothing.
    let (code, touchpoints) = match settings.link_destination {
        Some(_) => (FormCode::default(), Touchpoints::default()),
        None => (form_code(state, caller, cookie, &form).await, attribution_cookie::touchpoints(caller, cookie)?),
    };
    let account = validate(state, &settings, account, &code, &touchpoints).await?;
    let password_hash = state.passwords.hash(form.password, state.rng.bytes()).await.map_err(internal)?;
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
    let session = retry_races(|| async {
        let mut tx = state.db.begin().await?;
        // A payment that waited may change whose another one is: nobody is forgotten meanwhile.
        rights::share(&mut tx).await?;
        let registered = register_user::run(&mut tx, state, &settings, &referee, state.clock.now()).await?;
        let session = start_session::run(&mut tx, state, caller, cookie, registered.user).await?;
        state.publisher.commit_and_publish(tx, &registered.changes).await?;
        Ok::<_, TxError>(session)
    })
    .await?;
    metrics::counter!("passalong_signups_total").increment(1);
    Ok(session)
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

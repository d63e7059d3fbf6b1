//! Creating the first admin on the set-up page, guarded by a token that the server prints in its log.

use crate::{
    domain::{accounts::new_account::NewAccount, message::Message, settings::program_name},
    error::{AppError, FieldError},
    server::{
        actions::{
            accounts::{
                create_admin, sign_in_again,
                start_session::{self, NewSession},
            },
            audit::{self, Target},
            sent_form::{self, Sender},
        },
        auth::{
            caller::{Actor, Authority, Caller, SentForm},
            rate_limiter::RateLimit,
        },
        clicks::attribution_cookie::AttributionCookie,
        errors::{BoxError, internal},
        state::AppState,
        store::{json::json, rights, secrets, settings, users},
    },
};
use serde_json::{Value, json};

/// The name that the token is kept under.
const TOKEN: &str = "setup_token";

/// What the form brings.
pub struct SetUpForm {
    pub token: String,
    /// Empty for the standard one.
    pub program_name: String,
    pub email: String,
    pub username: String,
    pub password: String,
    pub enable: bool,
}

/// *Not found* once there is an admin.
pub async fn require_no_admin(state: &AppState) -> Result<(), AppError> {
    if create_admin::none_yet(&state.db).await? { Ok(()) } else { Err(AppError::NotFound) }
}

/// Creates the first admin. Of two that try at once with the right token, one wins. The same form sent again signs in
/// to what it has created.
pub async fn run(
    state: &AppState,
    caller: &Caller,
    cookie: Option<&AttributionCookie>,
    form: SetUpForm,
    sent: Option<SentForm>,
) -> Result<NewSession, AppError> {
    state.rate_limiter.network(RateLimit::SetUp, caller.client_ip.0)?;
    let password = form.password.clone();
    match set_up(state, caller, cookie, form, sent).await {
        Err(AppError::NotFound) => {
            let before = sign_in_again::run(state, caller, cookie, sent, password).await?;
            before.map(|(_, session)| session).ok_or(AppError::NotFound)
        }
        done => done,
    }
}

/// *Not found* once there is an admin.
async fn set_up(
    state: &AppState,
    caller: &Caller,
    cookie: Option<&AttributionCookie>,
    form: SetUpForm,
    sent: Option<SentForm>,
) -> Result<NewSession, AppError> {
    require_no_admin(state).await?;
    let known = secrets::get(&mut state.db.read().await?, TOKEN).await?.unwrap_or_default();
    let (account, name) = parse(&form, &known)?;
    let hash = state.passwords.hash(form.password, state.rng.bytes()).await.map_err(internal)?;
    let now = state.clock.now();
    let mut tx = state.db.begin().await?;
    rights::lock(&mut tx).await?;
    if users::any_admin(&mut tx).await? {
        return Err(AppError::NotFound);
    }
    if !secrets::take(&mut tx, TOKEN, &known).await? {
        return Err(AppError::Invalid(vec![wrong_token()]));
    }
    sent_form::made_before(&mut tx, Sender::NEWCOMER, sent, now).await?;
    let created = create_admin::insert(&mut tx, &state.rng, &account, &hash, form.enable, now).await;
    let Some((user, mut changes)) = created.map_err(internal)? else {
        return Err(AppError::conflict("email", Message::AccountTaken));
    };
    if let Some(name) = name {
        settings::put(&mut tx, "program_name", &json(&name), now).await?;
        changes.settings = true;
    }
    sent_form::keep(&mut tx, Sender::NEWCOMER, sent, user.0).await?;
    let username = account.username.as_str();
    let actor = Actor { id: Some(user), name: username.to_owned(), authority: Authority::Server };
    let target = Target { kind: "user", id: Some(user.0), name: username };
    let after = json!({ "email": account.email.as_str(), "referral_codes_enabled": form.enable });
    audit::write(&mut tx, &actor, "program.set_up", target, Value::Null, after, now).await?;
    let session = start_session::run(&mut tx, state, caller, cookie, user).await?;
    state.publisher.commit_and_publish(tx, &changes).await?;
    Ok(session)
}

fn wrong_token() -> FieldError {
    FieldError { field: "token".into(), message: Message::SetUpTokenWrong }
}

/// The account and the name of the program, unless it keeps the standard one; or all that is wrong with the form.
fn parse(form: &SetUpForm, token: &[u8]) -> Result<(NewAccount, Option<String>), AppError> {
    let mut errors = vec![];
    if !is_same(form.token.trim(), token) {
        errors.push(wrong_token());
    }
    let name = match form.program_name.trim() {
        "" => None,
        typed => Some(program_name(typed)),
    };
    if let Some(Err(message)) = &name {
        errors.push(FieldError { field: "program_name".into(), message: message.clone() });
    }
    match (NewAccount::parse(&form.email, &form.username, &form.password), name.transpose()) {
        (Ok(account), Ok(name)) if errors.is_empty() => Ok((account, name)),
        (account, _) => {
            errors.extend(account.err().unwrap_or_default());
            Err(AppError::Invalid(errors))
        }
    }
}

/// Prints the token while there is no admin; the same one after a restart and on every instance.
pub async fn announce_token(state: &AppState) -> Result<(), BoxError> {
    if !create_admin::none_yet(&state.db).await? {
        return Ok(());
    }
    let new: String = state.rng.bytes::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut tx = state.db.begin().await?;
    let token = secrets::keep(&mut tx, TOKEN, new.as_bytes(), state.clock.now()).await?;
    tx.commit().await?;
    let token = String::from_utf8_lossy(&token);
    tracing::warn!("There is no admin yet. Open {}/setup and enter this token: {token}", state.base_url);
    Ok(())
}

fn is_same(sent: &str, known: &[u8]) -> bool {
    !known.is_empty() && subtle::ConstantTimeEq::ct_eq(sent.as_bytes(), known).into()
}

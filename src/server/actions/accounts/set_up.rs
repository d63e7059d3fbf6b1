//! Creating the first admin on the set-up page, guarded by a token that the server prints in its log.

use crate::{
    domain::{accounts::new_account::NewAccount, message::Message},
    error::AppError,
    server::{
        actions::{
            accounts::{
                create_admin,
                start_session::{self, NewSession},
            },
            audit::{self, Target},
        },
        auth::{
            caller::{Actor, Authority, Caller},
            rate_limiter::RateLimit,
        },
        clicks::attribution_cookie::AttributionCookie,
        errors::{BoxError, internal},
        state::AppState,
        store::{rights, secrets, users},
    },
};

use serde_json::{Value, json};

/// The name that the token is kept under.
const TOKEN: &str = "setup_token";

/// What the form brings, the token apart.
pub struct SetUpForm {
    pub email: String,
    pub username: String,
    pub password: String,
    pub enable: bool,
}

/// *Not found* once there is an admin.
pub async fn require_no_admin(state: &AppState) -> Result<(), AppError> {
    if create_admin::none_yet(&state.db).await? { Ok(()) } else { Err(AppError::NotFound) }
}

/// Creates the first admin. Of two that try at once with the right token, one wins.
pub async fn run(
    state: &AppState,
    caller: &Caller,
    cookie: Option<&AttributionCookie>,
    token: &str,
    form: SetUpForm,
) -> Result<NewSession, AppError> {
    state.rate_limiter.network(RateLimit::SetUp, caller.client_ip.0)?;
    require_no_admin(state).await?;
    let wrong_token = || AppError::invalid("token", Message::SetUpTokenWrong);
    let known = secrets::get(&mut state.db.read().await?, TOKEN).await?.unwrap_or_default();
    if !is_same(token.trim(), &known) {
        return Err(wrong_token());
    }
    let account = NewAccount::parse(&form.email, &form.username, &form.password).map_err(AppError::Invalid)?;
    let hash = state.passwords.hash(form.password, state.rng.bytes()).await.map_err(internal)?;
    let mut tx = state.db.begin().await?;
    rights::lock(&mut tx).await?;
    if users::any_admin(&mut tx).await? {
        return Err(AppError::NotFound);
    }
    if !secrets::take(&mut tx, TOKEN, &known).await? {
        return Err(wrong_token());
    }
    let now = state.clock.now();
    let created = create_admin::insert(&mut tx, &state.rng, &account, &hash, form.enable, now).await;
    let Some((user, changes)) = created.map_err(internal)? else {
        return Err(AppError::conflict("email", Message::AccountTaken));
    };
    let name = account.username.as_str();
    let actor = Actor { id: Some(user), name: name.to_owned(), authority: Authority::Server };
    let target = Target { kind: "user", id: Some(user.0), name };
    let after = json!({ "email": account.email.as_str(), "referral_codes_enabled": form.enable });
    audit::write(&mut tx, &actor, "program.set_up", target, Value::Null, after, now).await?;
    let session = start_session::run(&mut tx, state, caller, cookie, user).await?;
    state.publisher.commit_and_publish(tx, &changes).await?;
    Ok(session)
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

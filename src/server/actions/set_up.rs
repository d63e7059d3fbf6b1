//! The first admin, by the set-up page: guarded by a token that the server prints in its log.

use super::{
    super::{
        Failure,
        door::Door,
        limits::Attempt,
        relay,
        state::Server,
        store::{secrets, users},
    },
    create_admin, internal,
    start_session::{self, Started},
};
use crate::{domain::account::NewAccount, error::AppError};

/// The name that the token is kept under.
const TOKEN: &str = "setup_token";

/// What the form brings, the token apart.
pub struct Form {
    pub email: String,
    pub username: String,
    pub password: String,
    pub enable: bool,
}

/// *Not found* once there is an admin.
pub async fn expect_no_admin(door: &Door) -> Result<(), AppError> {
    match users::any_admin(&mut door.server.db.read().await?).await? {
        true => Err(AppError::NotFound),
        false => Ok(()),
    }
}

/// Makes the first admin. Of two that try at once with the right token, one wins.
pub async fn run(door: &Door, token: &str, form: Form) -> Result<Started, AppError> {
    let server = &door.server;
    server.limits.network(Attempt::SetUp, door.caller.origin.0)?;
    expect_no_admin(door).await?;
    let wrong_token = || AppError::invalid("token", "That is not the token from the server’s log.");
    let known = secrets::get(&mut server.db.read().await?, TOKEN).await?.unwrap_or_default();
    if !same(token.trim(), &known) {
        return Err(wrong_token());
    }
    let account = NewAccount::parse(&form.email, &form.username, &form.password).map_err(AppError::Invalid)?;
    let hash = server.passwords.hash(form.password, server.chance.bytes()).await.map_err(internal)?;
    let mut tx = server.db.begin().await?;
    if !secrets::take(&mut tx, TOKEN, &known).await? {
        return Err(wrong_token());
    }
    let made = create_admin::insert(&mut tx, &server.chance, &account, &hash, form.enable, server.clock.now()).await;
    let Some((user, change)) = made.map_err(internal)? else {
        return Err(AppError::conflict("email", "That e-mail or username already has an account."));
    };
    let started = start_session::run(&mut tx, server, &door.caller, user).await?;
    relay::announce(&mut tx, server.instance, &change).await?;
    tx.commit().await?;
    relay::apply(server, &change).await;
    Ok(started)
}

/// Prints the token while there is no admin; the same one after a restart and on every instance.
pub async fn announce_token(server: &Server) -> Result<(), Failure> {
    if !create_admin::none_yet(&server.db).await? {
        return Ok(());
    }
    let fresh: String = server.chance.bytes::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut tx = server.db.begin().await?;
    let token = secrets::keep(&mut tx, TOKEN, fresh.as_bytes(), server.clock.now()).await?;
    tx.commit().await?;
    let token = String::from_utf8_lossy(&token);
    tracing::warn!("There is no admin yet. Open {}/setup and enter this token: {token}", server.base_url);
    Ok(())
}

fn same(sent: &str, known: &[u8]) -> bool {
    !known.is_empty() && subtle::ConstantTimeEq::ct_eq(sent.as_bytes(), known).into()
}

//! Creating an admin. The first one starts the program.

use crate::{
    domain::{accounts::new_account::NewAccount, ids::UserId, time::Time},
    server::{
        actions::{codes::generate_personal_code, rewards::standard_rules},
        config::{clock::Clock, rng::Rng},
        errors::BoxError,
        realtime::{change_set::ChangeSet, publisher::commit_and_notify},
        state::AppState,
        store::{
            db::{Db, Tx},
            rights, settings, users,
        },
    },
    text::english,
};

/// The username of an admin that `ADMIN_EMAIL` makes.
const USERNAME: &str = "admin";

/// Adds the admin with a personal code; the first admin turns the program on if `enable` says so, and
/// finds the standard rules. `None` when the
/// e-mail or the username is taken.
pub async fn insert(
    tx: &mut Tx,
    rng: &Rng,
    admin: &NewAccount,
    password_hash: &str,
    enable: bool,
    now: Time,
) -> Result<Option<(UserId, ChangeSet)>, BoxError> {
    rights::lock(tx).await?;
    let first = !users::any_admin(tx).await?;
    let settings = settings::load(tx).await?;
    let new = users::NewUser {
        email: &admin.email,
        username: &admin.username,
        password_hash: Some(password_hash),
        admin: true,
        goal: settings.default_goal,
        consent_at: None,
        created_at: now,
    };
    let Some(user) = users::insert(tx, &new).await? else { return Ok(None) };
    let code = generate_personal_code::run(tx, &settings, rng, user, admin.username.as_str(), now).await?;
    let enables = first && enable;
    if enables {
        settings::put(tx, "referral_codes_enabled", "true", now).await?;
    }
    if first {
        standard_rules::run_in(tx, &settings.currency, now).await?;
    }
    Ok(Some((user, ChangeSet { codes: vec![code], settings: enables, ..ChangeSet::default() })))
}

/// Creates an admin without a running server, for the command line.
pub async fn run_offline(
    db: &Db,
    clock: &Clock,
    rng: &Rng,
    admin: &NewAccount,
    password_hash: &str,
    enable: bool,
) -> Result<(), BoxError> {
    let mut tx = db.begin().await?;
    let Some((_, changes)) = insert(&mut tx, rng, admin, password_hash, enable, clock.now()).await? else {
        return Err("that e-mail or username already has an account".into());
    };
    Ok(commit_and_notify(tx, &changes).await?)
}

/// Creates the admin that `ADMIN_EMAIL` and `ADMIN_PASSWORD` name, when there is none.
pub async fn ensure_first_admin(state: &AppState) -> Result<(), BoxError> {
    let (Some(email), Some(password)) = (&state.config.admin_email, &state.config.admin_password) else {
        return Ok(());
    };
    if !none_yet(&state.db).await? {
        return Ok(());
    }
    let account = NewAccount::parse(email, USERNAME, password)
        .map_err(|errors| format!("ADMIN_EMAIL, ADMIN_PASSWORD: {}", english().sentences(&errors)))?;
    let enable = !state.config.program_off;
    let hash = state.passwords.hash(password.clone(), state.rng.bytes()).await?;
    let created = run_offline(&state.db, &state.clock, &state.rng, &account, &hash, enable).await;
    // Another instance may have been quicker.
    if let Err(error) = created
        && none_yet(&state.db).await?
    {
        return Err(error);
    }
    state.publisher.apply_locally(&ChangeSet::everything()).await;
    tracing::info!(%email, "the first admin is created");
    Ok(())
}

/// Whether there is no admin yet.
pub async fn none_yet(db: &Db) -> sqlx::Result<bool> {
    Ok(!users::any_admin(&mut db.read().await?).await?)
}

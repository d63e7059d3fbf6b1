//! One's own account: sessions, password, leaving.

use crate::{
    domain::{ids::SessionId, path::LocalPath, time::Time},
    error::AppError,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub id: SessionId,
    /// The browser in words, as `Firefox on Linux`.
    pub browser: String,
    /// Truncated IP address.
    pub network: String,
    pub seen_at: Time,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// What the profile page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub username: String,
    pub email: String,
    pub sessions: Vec<Session>,
}

/// Loads the profile of whoever is signed in.
#[server(endpoint = "load_profile")]
pub async fn load_profile() -> Result<Profile, AppError> {
    use crate::server::{actions::show_profile, door::Door};
    let door = Door::open();
    show_profile::run(&door, door.user()?).await
}

/// Sets a new password; every other session ends.
#[server(endpoint = "change_password")]
pub async fn change_password(
    #[server(default)] current: String,
    #[server(default)] password: String,
) -> Result<LocalPath, AppError> {
    use crate::server::{actions::change_password, door::Door};
    let door = Door::open();
    door.signed_in(change_password::run(&door, door.user()?, current, password).await?);
    Ok(LocalPath::of("/profile?done=password"))
}

/// Ends one of one's own sessions.
#[server(endpoint = "end_session")]
pub async fn end_session(id: SessionId) -> Result<LocalPath, AppError> {
    use crate::server::{actions::end_session, door::Door};
    let door = Door::open();
    end_session::run(&door, door.user()?, id).await?;
    Ok(LocalPath::of("/profile?done=session"))
}

/// Deletes one's own account for good, after the password was given once more.
#[server(endpoint = "delete_account")]
pub async fn delete_account(#[server(default)] password: String) -> Result<LocalPath, AppError> {
    use crate::server::{actions::delete_account, door::Door};
    let door = Door::open();
    delete_account::run(&door, door.user()?, password).await?;
    door.signed_out();
    Ok(LocalPath::of("/?done=deleted"))
}

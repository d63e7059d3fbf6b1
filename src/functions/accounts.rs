//! Coming and going: set-up, sign-up, sign-in, sign-out.

use crate::{domain::path::LocalPath, error::AppError};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the sign-up page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUpPage {
    /// A usable code from the link or a remembered visit; empty without one.
    pub code: String,
    pub code_required: bool,
    pub policy_url: Option<String>,
}

/// Prepares the sign-up page. `ref_code` is the code in its address; one that cannot be used is left out silently.
#[server(endpoint = "load_sign_up")]
pub async fn load_sign_up(#[server(default)] ref_code: String) -> Result<SignUpPage, AppError> {
    use crate::server::{actions, door::Door};
    actions::prepare_sign_up::run(&Door::open(), &ref_code).await
}

/// Makes an account and signs it in. `linked` is the code that the form was filled with, so that a code that went bad
/// meanwhile does not stop anybody who never typed it.
#[server(endpoint = "sign_up")]
pub async fn sign_up(
    #[server(default)] email: String,
    #[server(default)] username: String,
    #[server(default)] password: String,
    #[server(default)] code: String,
    #[server(default)] linked: String,
    #[server(default)] consent: bool,
) -> Result<LocalPath, AppError> {
    use crate::server::{actions::sign_up, door::Door};
    let door = Door::open();
    let form = sign_up::Form { email, username, password, code, linked, consent };
    door.signed_in(sign_up::run(&door, form).await?);
    Ok(LocalPath::of("/dashboard"))
}

/// Signs in and leads to `next`, if that is a page of this site.
#[server(endpoint = "sign_in")]
pub async fn sign_in(
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<LocalPath, AppError> {
    use crate::server::{actions::sign_in, door::Door};
    let door = Door::open();
    door.signed_in(sign_in::run(&door, &email, password).await?);
    Ok(LocalPath::parse(&next).unwrap_or(LocalPath::of("/dashboard")))
}

/// Ends this browser's session; without one it does nothing.
#[server(endpoint = "sign_out")]
pub async fn sign_out() -> Result<LocalPath, AppError> {
    use crate::server::{actions::sign_out, door::Door};
    let door = Door::open();
    sign_out::run(&door).await?;
    door.signed_out();
    Ok(LocalPath::of("/signin?done=signed-out"))
}

/// Refuses with *not found* once there is an admin; else the set-up page may be shown.
#[server(endpoint = "load_set_up")]
pub async fn load_set_up() -> Result<(), AppError> {
    use crate::server::{actions::set_up, door::Door};
    set_up::expect_no_admin(&Door::open()).await
}

/// Makes the first admin with the token from the server's log. `enable` starts the program at once.
#[server(endpoint = "set_up")]
pub async fn set_up(
    #[server(default)] token: String,
    #[server(default)] email: String,
    #[server(default)] username: String,
    #[server(default)] password: String,
    #[server(default)] enable: bool,
) -> Result<LocalPath, AppError> {
    use crate::server::{actions::set_up, door::Door};
    let door = Door::open();
    let form = set_up::Form { email, username, password, enable };
    door.signed_in(set_up::run(&door, &token, form).await?);
    Ok(LocalPath::of("/dashboard"))
}

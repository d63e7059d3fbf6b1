//! What else admins look at: statistics, users, the audit log.

use crate::{
    domain::{ids::UserId, path::LocalPath, time::Time},
    error::AppError,
    functions::dashboard::Day,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Numbers of the whole system, and of a period of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    pub total_codes: i64,
    pub active_codes: i64,
    /// Sign-ups with any code.
    pub total_usage: i64,
    pub codes_with_usage: i64,
    pub users: i64,
    /// How many days the period has.
    pub period_days: i64,
    pub period: Period,
    /// Days of the period, oldest first; clicks and sign-ups of the whole program.
    pub days: Vec<Day>,
    /// When it was counted.
    pub counted_at: Time,
    /// The codes with most sign-ups.
    pub top: Vec<TopCode>,
}

/// What happened in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    pub clicks: i64,
    /// With any code.
    pub signups: i64,
    /// Codes that somebody signed up with.
    pub codes_with_usage: i64,
    pub new_codes: i64,
    pub new_users: i64,
}

/// A code among the best of a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopCode {
    pub code: String,
    /// Address of the page about it, or about its owner; nothing when that is gone.
    pub page: Option<String>,
    pub clicks: i64,
    pub signups: i64,
}

/// A user in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRow {
    pub id: UserId,
    pub email: String,
    pub username: String,
    pub admin: bool,
    pub disabled: bool,
    /// The personal code; empty without one.
    pub code: String,
    /// Username of who brought them; empty without one.
    pub referred_by: String,
    pub goal: i64,
    /// Sign-ups by all codes that credit them.
    pub signups: i64,
    pub created_at: Time,
}

/// A page of users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsersPage {
    /// The beginning of an e-mail or username.
    pub q: String,
    /// `email`, or empty for the newest first. What is searched for comes in the order of the alphabet.
    pub sort: String,
    pub rows: Vec<UserRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// The page of one user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserDetail {
    pub row: UserRow,
    pub clicks: i64,
    /// How they were attributed, a sentence for each piece of evidence; empty when nothing is known.
    pub receipt: Vec<String>,
    /// Whether there is a decision about it.
    pub decided: bool,
    /// Whom they brought, the latest hundred: username (empty when gone) and when.
    pub referrals: Vec<(String, Time)>,
    /// Whether it is the admin who looks.
    pub own: bool,
}

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    pub id: i64,
    pub at: Time,
    /// Who did it: a username, or how it was done.
    pub actor: String,
    /// As `code.create`.
    pub action: String,
    pub target: String,
    /// What changed: name, before, after. Before is empty for something new.
    pub changes: Vec<(String, String, String)>,
}

/// A page of the audit log, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    /// The action that is shown alone; empty for all.
    pub action: String,
    /// All actions there are.
    pub actions: Vec<String>,
    pub rows: Vec<AuditRow>,
    pub next: Option<i64>,
}

/// Loads the statistics of the last `days` days (7, 30 or 90; else 30).
#[server(endpoint = "load_statistics")]
pub async fn load_statistics(#[server(default)] days: i64) -> Result<Statistics, AppError> {
    use crate::server::{actions::show_statistics, door::Door};
    let door = Door::open();
    door.admin()?;
    show_statistics::run(&door.server, days).await
}

/// Loads a page of users that begins at `after`, the `next` of the page before.
#[server(endpoint = "load_users")]
pub async fn load_users(
    #[server(default)] q: String,
    #[server(default)] sort: String,
    #[server(default)] after: String,
) -> Result<UsersPage, AppError> {
    use crate::server::{actions::show_users, door::Door};
    let door = Door::open();
    door.admin()?;
    show_users::run(&door.server, q, sort, &after).await
}

/// Loads the page of one user.
#[server(endpoint = "load_user")]
pub async fn load_user(id: UserId) -> Result<UserDetail, AppError> {
    use crate::server::{actions::show_users, door::Door};
    let door = Door::open();
    let admin = door.admin()?;
    show_users::one(&door.server, admin.user, id).await
}

/// Changes a user's goal, role and whether they may come in. Ends their sessions when they may not.
#[server(endpoint = "change_user")]
pub async fn change_user(
    id: UserId,
    #[server(default)] goal: String,
    #[server(default)] admin: bool,
    #[server(default)] disabled: bool,
) -> Result<LocalPath, AppError> {
    use crate::server::{actions::change_user, door::Door};
    let door = Door::open();
    change_user::run(&door.server, &door.actor()?, id, &goal, admin, disabled).await?;
    Ok(LocalPath::parse(&format!("/admin/users/{id}?done=saved")).unwrap_or(LocalPath::of("/admin/users")))
}

/// Loads a page of the audit log before `before` (0 for the newest).
#[server(endpoint = "load_audit")]
pub async fn load_audit(
    #[server(default)] action: String,
    #[server(default)] before: i64,
) -> Result<AuditPage, AppError> {
    use crate::server::{actions::show_audit, door::Door};
    let door = Door::open();
    door.admin()?;
    show_audit::run(&door.server, action, before).await
}

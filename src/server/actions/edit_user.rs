//! Changing what is known of a user, for other programs.

use super::{
    super::{
        relay::{self, Change},
        state::Server,
        store::{
            Tx,
            members::{self, Details, Member},
            sessions, users,
        },
    },
    join::Stopped,
    record::{self, Actor, Target},
};
use crate::{
    domain::{account::line, email::Email, ids::UserId, time::Time, username::Username},
    error::{AppError, FieldError},
};
use serde_json::{Value, json};

/// Tries when another transaction was in the way.
const TRIES: usize = 5;

/// What is to be known of a user, not yet checked. Empty text is none.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    pub email: &'a str,
    pub username: &'a str,
    pub external_id: &'a str,
    pub full_name: &'a str,
    pub phone: &'a str,
    pub goal: i64,
}

/// What may be known of a user.
#[derive(Clone, Debug)]
pub struct Checked {
    pub email: Email,
    pub username: Username,
    pub external_id: Option<String>,
    pub full_name: Option<String>,
    pub phone: Option<String>,
    pub goal: i64,
}

impl Checked {
    /// Checks every field, or says all that is wrong.
    pub fn of(wish: &Wish<'_>) -> Result<Self, AppError> {
        let mut errors = vec![];
        let wrong = |field: &str, message: &str| FieldError { field: field.into(), message: message.into() };
        let email = Email::parse(wish.email).map_err(|message| errors.push(wrong("email", message)));
        let username = Username::parse(wish.username).map_err(|message| errors.push(wrong("username", message)));
        let mut text = |field, text, most| {
            line(field, text, most).unwrap_or_else(|error| {
                errors.push(error);
                None
            })
        };
        let external_id = text("external_id", wish.external_id, 255);
        let full_name = text("full_name", wish.full_name, 200);
        let phone = text("phone", wish.phone, 50);
        if !(1..=1_000_000).contains(&wish.goal) {
            errors.push(wrong("goal", "Please enter a whole number from 1 to 1000000."));
        }
        match (email, username) {
            (Ok(email), Ok(username)) if errors.is_empty() => {
                Ok(Self { email, username, external_id, full_name, phone, goal: wish.goal })
            }
            _ => Err(AppError::Invalid(errors)),
        }
    }

    /// *Conflict* when somebody other than `user` has the e-mail, the username or the external id.
    pub async fn expect_free(&self, tx: &mut Tx, user: UserId) -> Result<(), Stopped> {
        let taken = members::taken(tx, user, &self.email, &self.username, self.external_id.as_deref()).await?;
        let fields = [(taken.0, "email"), (taken.1, "username"), (taken.2, "external_id")];
        let errors: Vec<FieldError> = fields
            .into_iter()
            .filter(|(taken, _)| *taken)
            .map(|(_, field)| FieldError { field: field.into(), message: "Another user has this already.".into() })
            .collect();
        if errors.is_empty() { Ok(()) } else { Err(AppError::Conflict(errors).into()) }
    }

    /// What is written down.
    pub fn details(&self, disabled_at: Option<Time>) -> Details<'_> {
        Details {
            email: &self.email,
            username: &self.username,
            external_id: self.external_id.as_deref(),
            full_name: self.full_name.as_deref(),
            phone: self.phone.as_deref(),
            goal: self.goal,
            disabled_at,
        }
    }
}

/// Changes to a user; what is absent stays. Empty text takes away.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub email: Option<String>,
    pub username: Option<String>,
    pub external_id: Option<String>,
    pub full_name: Option<String>,
    pub phone: Option<String>,
    pub goal: Option<i64>,
    pub disabled: Option<bool>,
}

/// Admins' accounts are changed only by those who may (`admins_too`), and one admin always stays.
pub async fn run(server: &Server, actor: &Actor, admins_too: bool, id: UserId, edit: &Edit) -> Result<(), AppError> {
    let mut tries = 1;
    let change = loop {
        match transaction(server, actor, admins_too, id, edit).await {
            Err(stopped) if tries < TRIES && stopped.was_a_race() => tries += 1,
            done => break done?,
        }
    };
    relay::apply(server, &change).await;
    Ok(())
}

async fn transaction(
    server: &Server,
    actor: &Actor,
    admins_too: bool,
    id: UserId,
    edit: &Edit,
) -> Result<Change, Stopped> {
    let now = server.clock.now();
    let mut tx = server.db.begin().await?;
    let before = members::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    if before.role == "admin" && !admins_too {
        return Err(AppError::Forbidden.into());
    }
    let checked = Checked::of(&wish(&before, edit))?;
    checked.expect_free(&mut tx, id).await?;
    let disabled = edit.disabled.unwrap_or(before.disabled_at.is_some());
    if disabled && before.disabled_at.is_none() {
        if before.role == "admin" && users::count_admins(&mut tx).await? == 1 {
            return Err(AppError::conflict("disabled", "This is the only admin.").into());
        }
        sessions::end_all(&mut tx, id).await?;
    }
    let details = checked.details(disabled.then(|| before.disabled_at.unwrap_or(now)));
    members::update(&mut tx, id, &details).await?;
    let target = Target { kind: "user", id: Some(id.0), name: &before.username };
    let after = members::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    record::run(&mut tx, actor, "user.change", target, described(&before), described(&after), now).await?;
    let change = Change::of_users(vec![id]);
    relay::announce(&mut tx, server.instance, &change).await?;
    tx.commit().await?;
    Ok(change)
}

/// The user as they are to be.
fn wish<'a>(before: &'a Member, edit: &'a Edit) -> Wish<'a> {
    let or = |new: &'a Option<String>, old: &'a Option<String>| new.as_deref().or(old.as_deref()).unwrap_or_default();
    Wish {
        email: edit.email.as_deref().unwrap_or(&before.email),
        username: edit.username.as_deref().unwrap_or(&before.username),
        external_id: or(&edit.external_id, &before.external_id),
        full_name: or(&edit.full_name, &before.full_name),
        phone: or(&edit.phone, &before.phone),
        goal: edit.goal.unwrap_or(before.referral_goal),
    }
}

/// A user as the audit log keeps them.
fn described(user: &Member) -> Value {
    json!({
        "email": user.email,
        "username": user.username,
        "external_id": user.external_id,
        "full_name": user.full_name,
        "phone": user.phone,
        "goal": user.referral_goal,
        "disabled": user.disabled_at.is_some(),
    })
}

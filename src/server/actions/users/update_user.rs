//! Changing a user: what is known of them, their goal, their role, and whether they may come in.

use crate::{
    domain::{
        accounts::{email::Email, locale::optional_locale, new_account::optional_line, username::Username},
        ids::UserId,
        mails::{Mail, NewMail},
        message::Message,
        rewards::rule::MilestoneOf,
        time::Time,
    },
    error::{AppError, FieldError},
    server::{
        actions::{
            audit::{self, Target},
            authorize,
            conversions::take_up_payments,
            rewards::{
                settle_milestones::{self, NumberChange},
                settle_rewards::{self, SignUp},
            },
        },
        auth::caller::Actor,
        errors::{TxError, retry_races},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{
            account_links, codes,
            db::Tx,
            mails, referrals, rewards, sessions,
            user_profiles::{self, UserProfile, UserUpdate},
            users,
        },
    },
};
use serde_json::{Value, json};

/// Sign-ups that a goal can ask for.
const MAX_GOAL: i64 = 1_000_000;

/// What is to be known of a user, not yet checked. Empty text is none.
#[derive(Clone, Copy, Debug)]
pub struct UserInput<'a> {
    pub email: &'a str,
    pub username: &'a str,
    pub external_id: &'a str,
    pub account_id: &'a str,
    pub full_name: &'a str,
    pub phone: &'a str,
    pub locale: &'a str,
    pub goal: i64,
}

/// What may be known of a user.
#[derive(Clone, Debug)]
pub struct ValidUser {
    pub email: Email,
    pub username: Username,
    pub external_id: Option<String>,
    pub account_id: Option<String>,
    pub full_name: Option<String>,
    pub phone: Option<String>,
    pub locale: Option<String>,
    pub goal: i64,
}

impl ValidUser {
    /// Checks every field, or says all that is wrong.
    pub fn of(input: &UserInput<'_>) -> Result<Self, AppError> {
        let mut errors = vec![];
        let wrong = |field: &str, message: Message| FieldError { field: field.into(), message };
        let email = Email::parse(input.email).map_err(|message| errors.push(wrong("email", message)));
        let username = Username::parse(input.username).map_err(|message| errors.push(wrong("username", message)));
        let mut text = |field, text, most| {
            optional_line(field, text, most).unwrap_or_else(|error| {
                errors.push(error);
                None
            })
        };
        let external_id = text("external_id", input.external_id, 255);
        let account_id = text("account_id", input.account_id, 255);
        let full_name = text("full_name", input.full_name, 200);
        let phone = text("phone", input.phone, 50);
        let locale = optional_locale(input.locale).unwrap_or_else(|message| {
            errors.push(wrong("locale", message));
            None
        });
        if !(1..=MAX_GOAL).contains(&input.goal) {
            errors.push(wrong("goal", Message::WholeNumber { min: 1, max: MAX_GOAL }));
        }
        match (email, username) {
            (Ok(email), Ok(username)) if errors.is_empty() => {
                Ok(Self { email, username, external_id, account_id, full_name, phone, locale, goal: input.goal })
            }
            _ => Err(AppError::Invalid(errors)),
        }
    }

    /// *Conflict* when somebody other than `user` has the e-mail, the username or the external id.
    pub async fn require_free(&self, tx: &mut Tx, user: Option<UserId>) -> Result<(), TxError> {
        let taken = users::taken(tx, user, &self.email, &self.username, self.external_id.as_deref()).await?;
        let fields = [(taken.0, "email"), (taken.1, "username"), (taken.2, "external_id")];
        let errors: Vec<FieldError> = fields
            .into_iter()
            .filter(|(taken, _)| *taken)
            .map(|(_, field)| FieldError { field: field.into(), message: Message::OtherUserHasThis })
            .collect();
        if errors.is_empty() { Ok(()) } else { Err(AppError::Conflict(errors).into()) }
    }

    /// What is stored.
    pub fn update(&self, admin: bool, disabled_at: Option<Time>) -> UserUpdate<'_> {
        UserUpdate {
            email: &self.email,
            username: &self.username,
            external_id: self.external_id.as_deref(),
            account_id: self.account_id.as_deref(),
            full_name: self.full_name.as_deref(),
            phone: self.phone.as_deref(),
            locale: self.locale.as_deref(),
            goal: self.goal,
            admin,
            disabled_at,
        }
    }
}

/// Changes to a user; what is absent stays. Empty text takes away.
#[derive(Clone, Debug, Default)]
pub struct UserChanges {
    pub email: Option<String>,
    pub username: Option<String>,
    pub external_id: Option<String>,
    pub account_id: Option<String>,
    pub full_name: Option<String>,
    pub phone: Option<String>,
    pub locale: Option<String>,
    pub goal: Option<i64>,
    pub admin: Option<bool>,
    pub disabled: Option<bool>,
}

/// Changes a user. Admins' accounts are changed only where `may_change_admins`; nobody takes away their own rights, and
/// one admin always stays. Whoever may not come in any more is signed out. The old address is told of a new one.
pub async fn run(
    state: &AppState,
    actor: &Actor,
    may_change_admins: bool,
    id: UserId,
    changes: &UserChanges,
) -> Result<(), AppError> {
    retry_races(|| async {
        let now = state.clock.now();
        let rights = changes.admin.is_some() || changes.disabled.is_some();
        let mut tx = match rights {
            true => authorize::begin_alone(&state.db, actor).await?,
            false => authorize::begin(&state.db, actor).await?,
        };
        if changes.disabled.is_some() {
            // In the order in which whoever brings a payment holds them.
            let referees = rewards::open_referees_of(&mut tx, id).await?;
            referrals::lock(&mut tx, &referees).await?;
            codes::lock_crediting(&mut tx, id).await?;
        }
        users::lock(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let before = user_profiles::profile(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let was_admin = before.role == "admin";
        let admin = changes.admin.unwrap_or(was_admin);
        if (was_admin || admin) && !may_change_admins {
            return Err(AppError::Forbidden.into());
        }
        let valid = ValidUser::of(&with_changes(&before, changes))?;
        valid.require_free(&mut tx, Some(id)).await?;
        let was_disabled = before.disabled_at.is_some();
        let disabled = changes.disabled.unwrap_or(was_disabled);
        let loses_admin = was_admin && !was_disabled && (disabled || !admin);
        if loses_admin && actor.id == Some(id) {
            return Err(AppError::conflict("admin", Message::OwnRights).into());
        }
        if loses_admin {
            authorize::require_another_admin(&mut tx).await?;
        }
        if disabled {
            sessions::end_all(&mut tx, id).await?;
        }
        let disabled_at = disabled.then(|| before.disabled_at.unwrap_or(now));
        user_profiles::update(&mut tx, id, &valid.update(admin, disabled_at)).await?;
        let after = user_profiles::profile(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let target = Target { kind: "user", id: Some(id.0), name: &before.username };
        audit::write(&mut tx, actor, "user.change", target, audit_fields(&before), audit_fields(&after), now).await?;
        if after.email != before.email {
            account_links::end_all(&mut tx, id).await?;
            let mail = NewMail {
                to: before.email.clone(),
                user_id: Some(id),
                mail: Mail::EmailChanged { new_address: after.email.clone() },
                locale: None,
                expires_at: None,
            };
            mails::enqueue(&mut tx, &mail, now).await?;
        }
        if after.external_id != before.external_id {
            referrals::bump_version(&mut tx, id).await?;
        }
        let mut changes = ChangeSet::of_users(vec![id]);
        if (&before.email, &before.external_id) != (&after.email, &after.external_id) {
            take_up_payments::run_in(&mut tx, id, &after.email, after.external_id.as_deref(), now, &mut changes)
                .await?;
        }
        if disabled != was_disabled {
            codes::bump_version_of_owned(&mut tx, id).await?;
            changes.codes = codes::crediting(&mut tx, id).await?;
            // What they have is frozen while they are disabled, and goes on afterwards.
            let referees = rewards::open_referees_of(&mut tx, id).await?;
            referrals::lock(&mut tx, &referees).await?;
            let number = NumberChange { referrer: id, of: MilestoneOf::SignedUp, gained: 0 };
            settle_milestones::run_in(&mut tx, &[number], false, now, &mut changes).await?;
            settle_rewards::run_in(&mut tx, &referees, SignUp::Known, now, &mut changes).await?;
        }
        state.publisher.commit_and_publish(tx, &changes).await?;
        Ok::<_, TxError>(())
    })
    .await?;
    state.new_job.send_replace(());
    Ok(())
}

/// The user as they are to be.
fn with_changes<'a>(before: &'a UserProfile, changes: &'a UserChanges) -> UserInput<'a> {
    let or = |new: &'a Option<String>, old: &'a Option<String>| new.as_deref().or(old.as_deref()).unwrap_or_default();
    UserInput {
        email: changes.email.as_deref().unwrap_or(&before.email),
        username: changes.username.as_deref().unwrap_or(&before.username),
        external_id: or(&changes.external_id, &before.external_id),
        account_id: or(&changes.account_id, &before.account_id),
        full_name: or(&changes.full_name, &before.full_name),
        phone: or(&changes.phone, &before.phone),
        locale: or(&changes.locale, &before.locale),
        goal: changes.goal.unwrap_or(before.referral_goal),
    }
}

/// A user as the audit log keeps them.
fn audit_fields(user: &UserProfile) -> Value {
    json!({
        "email": user.email,
        "username": user.username,
        "external_id": user.external_id,
        "account_id": user.account_id,
        "full_name": user.full_name,
        "phone": user.phone,
        "goal": user.referral_goal,
        "admin": user.role == "admin",
        "disabled": user.disabled_at.is_some(),
    })
}

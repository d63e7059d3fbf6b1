//! Somebody of the host product joins.

use crate::{
    domain::{
        accounts::username::Username,
        attribution::{Touchpoint, Touchpoints, form_code::FormCode},
        codes::code::{Code, TRIES},
        ids::{ClickId, UserId},
        message::Message,
        settings::ProgramSettings,
    },
    error::AppError,
    server::{
        actions::{
            audit::{self, Target},
            users::{
                register_user::{self, NewReferee, Registered},
                update_user::{self, ValidUser},
            },
        },
        auth::caller::Actor,
        errors::{TxError, internal},
        realtime::change_set::ChangeSet,
        state::AppState,
        store::{clicks, codes, db::Tx, users},
    },
};
use serde_json::{Value, json};

/// Random characters of a username that nobody chose.
const USERNAME_TAIL: usize = 7;

/// What is known of the newcomer.
#[derive(Clone, Debug, Default)]
pub struct NewUserForm {
    pub email: String,
    /// A neutral one is made when there is none: usernames are public, so it is not made of the e-mail.
    pub username: Option<String>,
    pub external_id: Option<String>,
    pub full_name: Option<String>,
    pub phone: Option<String>,
    pub code: String,
    /// The click that the host product's page was opened with.
    pub click: Option<ClickId>,
}

/// Within a transaction of the caller's, who publishes the changes. The code of the click counts as coming from a link:
/// it never blocks. Any other code must work.
pub async fn run_in(
    tx: &mut Tx,
    state: &AppState,
    settings: &ProgramSettings,
    actor: &Actor,
    form: &NewUserForm,
) -> Result<(UserId, ChangeSet), TxError> {
    let now = state.clock.now();
    let username = match &form.username {
        Some(username) => username.clone(),
        None => free_username(tx, state).await?,
    };
    let input = update_user::UserInput {
        email: &form.email,
        username: &username,
        external_id: form.external_id.as_deref().unwrap_or_default(),
        full_name: form.full_name.as_deref().unwrap_or_default(),
        phone: form.phone.as_deref().unwrap_or_default(),
        goal: settings.default_goal,
    };
    let valid = ValidUser::of(&input)?;
    valid.require_free(tx, None).await?;
    let (touchpoints, linked) = touchpoints(tx, form.click).await?;
    let code = FormCode { text: form.code.clone(), linked };
    let referee = NewReferee {
        email: &valid.email,
        username: &valid.username,
        password_hash: None,
        consent_at: None,
        code: &code,
        touchpoints: &touchpoints,
    };
    let Registered { user, changes } = register_user::run(tx, state, settings, &referee, now).await?;
    users::update(tx, user, &valid.update(false, None)).await?;
    let target = Target { kind: "user", id: Some(user.0), name: valid.username.as_str() };
    let after = json!({ "email": valid.email.as_str(), "external_id": valid.external_id });
    audit::write(tx, actor, "user.create", target, Value::Null, after, now).await?;
    Ok((user, changes))
}

/// The remembered click and the code of its link; nothing for a click that is unknown or was suspected.
async fn touchpoints(tx: &mut Tx, click: Option<ClickId>) -> sqlx::Result<(Touchpoints, String)> {
    let Some(click) = click else { return Ok((Touchpoints::default(), String::new())) };
    let Some((code, visitor)) = clicks::by_id(tx, click).await? else {
        return Ok((Touchpoints::default(), String::new()));
    };
    let linked = codes::by_ids(tx, &[code]).await?.pop().map(|record| record.code).unwrap_or_default();
    let clicks = vec![Touchpoint { click, code, at: click.at() }];
    Ok((Touchpoints { clicks, visitor: Some(visitor), signed_in: None }, linked))
}

async fn free_username(tx: &mut Tx, state: &AppState) -> Result<String, TxError> {
    for _ in 0..TRIES {
        let tail = Code::random(&state.rng.byte_vec(USERNAME_TAIL)).as_str().to_ascii_lowercase();
        let username =
            Username::parse(&format!("member-{tail}")).map_err(|problem| internal(format!("{problem:?}").into()))?;
        if !users::username_taken(tx, &username).await? {
            return Ok(username.as_str().to_owned());
        }
    }
    Err(AppError::invalid("username", Message::NoFreeUsername).into())
}

//! Somebody of the host product joins.

use crate::{
    domain::{
        accounts::username::Username,
        attribution::{CLOCK_TOLERANCE, Touchpoint, Touchpoints, form_code::FormCode},
        codes::code::{Code, TRIES},
        ids::{ClickId, UserId},
        message::Message,
        reviews::origin::Origin,
        settings::ProgramSettings,
        time::{DAY, Time},
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
        store::{
            clicks::{self, ClickRecord},
            db::Tx,
            referrals, users,
        },
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
    pub account_id: Option<String>,
    pub locale: Option<String>,
    pub code: String,
    /// Whether a person typed the code, so that they should hear what is wrong with it. Else it came with a link.
    pub typed: bool,
    /// What the host product was given as the id of the click.
    pub click_id: Option<String>,
    /// When they joined, if not just now.
    pub signed_up_at: Option<Time>,
}

/// How long ago a sign-up can be that is told only now.
const MAX_AGE_DAYS: i64 = 90;

/// Within a transaction of the caller's, who publishes the changes. What came with a link is decided like a visit to
/// this site's own page and never refuses anybody; a typed code must work.
pub async fn run_in(
    tx: &mut Tx,
    state: &AppState,
    settings: &ProgramSettings,
    actor: &Actor,
    form: &NewUserForm,
) -> Result<(UserId, ChangeSet), TxError> {
    let now = state.clock.now();
    let signed_up_at = signed_up_at(form.signed_up_at, now)?;
    let username = match &form.username {
        Some(username) => username.clone(),
        None => free_username(tx, state).await?,
    };
    let input = update_user::UserInput {
        email: &form.email,
        username: &username,
        external_id: form.external_id.as_deref().unwrap_or_default(),
        account_id: form.account_id.as_deref().unwrap_or_default(),
        full_name: form.full_name.as_deref().unwrap_or_default(),
        phone: form.phone.as_deref().unwrap_or_default(),
        locale: form.locale.as_deref().unwrap_or_default(),
        goal: settings.default_goal,
    };
    let valid = ValidUser::of(&input)?;
    valid.require_free(tx, None).await?;
    let (mut touchpoints, origin) = touchpoints(tx, form.click_id.as_deref()).await?;
    let mut code = FormCode::default();
    if form.typed {
        code.text = form.code.clone();
    } else {
        touchpoints.linked_code = form.code.clone();
    }
    let referee = NewReferee {
        email: &valid.email,
        username: &valid.username,
        password_hash: None,
        consent_at: None,
        code: &code,
        touchpoints: &touchpoints,
        details: Some(valid.update(false, None)),
        origin,
        signed_up_at,
    };
    let Registered { user, changes, .. } = register_user::run(tx, state, settings, &referee, now).await?;
    let target = Target { kind: "user", id: Some(user.0), name: valid.username.as_str() };
    let after =
        json!({ "email": valid.email.as_str(), "external_id": valid.external_id, "account_id": valid.account_id });
    audit::write(tx, actor, "user.create", target, Value::Null, after, now).await?;
    Ok((user, changes))
}

/// The moment that counts. The clocks of two machines differ a little.
fn signed_up_at(told: Option<Time>, now: Time) -> Result<Time, AppError> {
    let Some(at) = told else { return Ok(now) };
    if at.since(now) > CLOCK_TOLERANCE {
        return Err(AppError::invalid("signed_up_at", Message::SignUpInFuture));
    }
    if now.since(at) > MAX_AGE_DAYS * DAY {
        return Err(AppError::invalid("signed_up_at", Message::SignUpTooLongAgo { days: MAX_AGE_DAYS }));
    }
    Ok(at.min(now))
}

/// All clicks of the browser that the click belongs to: its own row names those that the browser remembered then. And
/// where that browser was.
async fn touchpoints(tx: &mut Tx, sent: Option<&str>) -> sqlx::Result<(Touchpoints, Option<Origin>)> {
    let Some(sent) = sent else { return Ok((Touchpoints::default(), None)) };
    let found = match ClickId::parse(sent) {
        Some(id) => clicks::by_ids(tx, &[id]).await?.pop(),
        None => None,
    };
    let Some(click) = found else {
        return Ok((Touchpoints { unknown_click: Some(sent.to_owned()), ..Touchpoints::default() }, None));
    };
    let touchpoint = |click: &ClickRecord| Touchpoint { click: click.id, code: click.code_id, at: click.at };
    if !click.by_person {
        return Ok((Touchpoints { suspected: Some(touchpoint(&click)), ..Touchpoints::default() }, None));
    }
    let earlier = click.earlier_clicks();
    let earlier = if earlier.is_empty() { vec![] } else { clicks::by_ids(tx, &earlier).await? };
    let clicks: Vec<_> = earlier.iter().filter(|click| click.by_person).chain([&click]).map(touchpoint).collect();
    let ids: Vec<ClickId> = clicks.iter().map(|touch| touch.click).collect();
    clicks::lock(tx, &ids).await?;
    let mut used = referrals::used_clicks(tx, &ids).await?;
    if used.contains(&click.id) {
        // It was handed on, and with it all that its browser remembered.
        used = ids;
    }
    let touchpoints = Touchpoints { clicks, used, visitor: Some(click.visitor), ..Touchpoints::default() };
    Ok((touchpoints, Origin::new(&click.network, &click.user_agent)))
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

//! Somebody of the host product joins.

use super::{
    super::{
        clicks::cookie::Touch,
        relay::Change,
        state::Server,
        store::{Tx, clicks, codes, members},
    },
    edit_user::{self, Checked},
    internal,
    join::{self, Joined, Newcomer, Stopped},
    record::{self, Actor, Target},
    weigh::{FormCode, Trail},
};
use crate::{
    domain::{
        code::{Code, TRIES},
        ids::{ClickId, UserId},
        program::Program,
        username::Username,
    },
    error::AppError,
};
use serde_json::{Value, json};

/// Random characters of a username that nobody chose.
const USERNAME_TAIL: usize = 7;

/// What is known of the newcomer.
#[derive(Clone, Debug, Default)]
pub struct Form {
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

/// Within a transaction of the caller's, who announces the change. The code of the click counts as coming from a link:
/// it never blocks. Any other code must work.
pub async fn within(
    tx: &mut Tx,
    server: &Server,
    program: &Program,
    actor: &Actor,
    form: &Form,
) -> Result<(UserId, Change), Stopped> {
    let now = server.clock.now();
    let username = match &form.username {
        Some(username) => username.clone(),
        None => free_username(tx, server).await?,
    };
    let wish = edit_user::Wish {
        email: &form.email,
        username: &username,
        external_id: form.external_id.as_deref().unwrap_or_default(),
        full_name: form.full_name.as_deref().unwrap_or_default(),
        phone: form.phone.as_deref().unwrap_or_default(),
        goal: program.default_goal,
    };
    let checked = Checked::of(&wish)?;
    checked.expect_free(tx, UserId(0)).await?;
    let (trail, linked) = trail(tx, form.click).await?;
    let code = FormCode { text: form.code.clone(), linked };
    let newcomer = Newcomer {
        email: &checked.email,
        username: &checked.username,
        password_hash: None,
        consent_at: None,
        code: &code,
        trail: &trail,
    };
    let Joined { user, change } = join::run(tx, server, program, &newcomer, now).await?;
    members::update(tx, user, &checked.details(None)).await?;
    let target = Target { kind: "user", id: Some(user.0), name: checked.username.as_str() };
    let after = json!({ "email": checked.email.as_str(), "external_id": checked.external_id });
    record::run(tx, actor, "user.create", target, Value::Null, after, now).await?;
    Ok((user, change))
}

/// The remembered click and the code of its link; nothing for a click that is unknown or was suspected.
async fn trail(tx: &mut Tx, click: Option<ClickId>) -> sqlx::Result<(Trail, String)> {
    let Some(click) = click else { return Ok((Trail::default(), String::new())) };
    let Some((code, visitor)) = clicks::by_id(tx, click).await? else {
        return Ok((Trail::default(), String::new()));
    };
    let linked = codes::by_ids(tx, &[code]).await?.pop().map(|record| record.code).unwrap_or_default();
    let touches = vec![Touch { click, code, at: click.at() }];
    Ok((Trail { touches, visitor: Some(visitor), signed_in: None }, linked))
}

async fn free_username(tx: &mut Tx, server: &Server) -> Result<String, Stopped> {
    for _ in 0..TRIES {
        let tail = Code::random(&server.chance.some(USERNAME_TAIL)).as_str().to_ascii_lowercase();
        let username = Username::parse(&format!("member-{tail}")).map_err(|error| internal(error.into()))?;
        if !members::username_taken(tx, &username).await? {
            return Ok(username.as_str().to_owned());
        }
    }
    Err(AppError::invalid("username", "No free username was found. Please choose one.").into())
}

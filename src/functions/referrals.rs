//! Who was credited for whom, and why, for admins.

use crate::{
    domain::{
        attribution::{Receipt, Rule},
        ids::{ClickId, CodeId, UserId},
        time::Time,
    },
    error::AppError,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The decision about one sign-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRow {
    /// Who signed up.
    pub id: UserId,
    /// Empty when the account is gone.
    pub username: String,
    /// Empty when the account is gone.
    pub email: String,
    pub at: Time,
    pub rule: Rule,
    /// The code that was credited; empty when none was.
    pub code: String,
    pub referrer_id: Option<UserId>,
    /// Whom the code credits; empty for nobody.
    pub referrer: String,
    pub converted_at: Option<Time>,
}

/// A page of decisions, the newest sign-ups first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionsPage {
    pub q: String,
    pub state: String,
    pub rule: String,
    pub rows: Vec<DecisionRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<i64>,
}

/// A click beside its code and time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClickFacts {
    pub id: ClickId,
    /// How the link was shared; empty when that is not known.
    pub channel: String,
    /// The site that led here; empty when that is not known.
    pub referring_host: String,
    pub counted: bool,
}

/// One decision with all its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionDetail {
    pub row: DecisionRow,
    pub receipt: Receipt,
    /// Usernames of the referrers in the evidence whose accounts are there.
    pub referrers: Vec<(UserId, String)>,
    /// Codes in the evidence that have a page.
    pub campaigns: Vec<CodeId>,
    pub clicks: Vec<ClickFacts>,
}

/// Loads a page of decisions about users before `before` (0 for the newest). `q` is an e-mail, a username or a code,
/// in full; `state` is `credited`, `signed-up`, `converted` or `not-credited`; `rule` the name of a [`Rule`].
#[server(endpoint = "load_decisions")]
pub async fn load_decisions(
    #[server(default)] q: String,
    #[server(default)] state: String,
    #[server(default)] rule: String,
    #[server(default)] before: i64,
) -> Result<DecisionsPage, AppError> {
    use crate::server::{actions::show_decisions, door::Door};
    let door = Door::open();
    door.admin()?;
    show_decisions::run(&door.server, q, state, rule, before).await
}

/// Loads the decision about the sign-up of one user.
#[server(endpoint = "load_decision")]
pub async fn load_decision(id: UserId) -> Result<DecisionDetail, AppError> {
    use crate::server::{actions::show_decisions, door::Door};
    let door = Door::open();
    door.admin()?;
    show_decisions::one(&door.server, id).await
}

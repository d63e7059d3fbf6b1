//! Referrals, and the attribution decisions behind them.

use crate::{
    domain::{
        attribution::{Receipt, Rule},
        cursor::Cursor,
        ids::{ClickId, CodeId, UserId},
        time::Time,
    },
    view_models::{reward_pages::RefusalRow, rewards::RewardRow},
};
use serde::{Deserialize, Serialize};

/// Somebody who was brought by a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Referral {
    pub id: i64,
    /// Who signed up. The number stays when the account is gone.
    pub referee_id: UserId,
    /// Empty when the account is gone.
    pub referee_name: String,
    /// Nothing when the account is gone.
    pub referee_email: Option<String>,
    /// The host product's id for them.
    pub external_id: Option<String>,
    pub code_id: CodeId,
    pub code: String,
    pub referrer_id: Option<UserId>,
    pub click_id: Option<ClickId>,
    pub signed_up_at: Time,
    pub converted_at: Option<Time>,
    /// Whether it looks wrong, and no admin has decided about it.
    pub in_review: bool,
    /// Grows with every change that the API shows.
    pub version: i64,
}

impl Referral {
    /// Where the page after this row begins.
    pub fn cursor(&self) -> Cursor {
        Cursor::of_number(self.signed_up_at.0, self.id)
    }
}

/// The decision about one sign-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct AttributionRow {
    /// Who signed up. The number stays when the account is gone.
    pub user_id: UserId,
    /// Empty when the account is gone.
    pub username: String,
    /// Empty when the account is gone.
    pub email: String,
    pub signed_up_at: Time,
    pub rule: Rule,
    /// The code that was credited; empty when none was.
    pub code: String,
    /// The id of that code, when it has a page.
    pub campaign_id: Option<CodeId>,
    pub referrer_id: Option<UserId>,
    /// Whom the code credits, as they were called when that account is gone; empty for nobody.
    pub referrer: String,
    pub converted_at: Option<Time>,
}

/// A page of decisions, the newest sign-ups first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributionsPage {
    pub q: String,
    pub state: String,
    pub rule: String,
    pub rows: Vec<AttributionRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// A click beside its code and time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct ClickFacts {
    pub id: ClickId,
    /// How the link was shared, where that is known.
    pub channel: Option<String>,
    /// The site that led here, where that is known.
    pub referring_host: Option<String>,
    pub counted: bool,
}

/// One decision with all its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributionPageData {
    pub row: AttributionRow,
    pub receipt: Receipt,
    /// Usernames of the referrers in the evidence whose accounts are there.
    pub referrers: Vec<(UserId, String)>,
    /// Codes in the evidence that have a page.
    pub campaigns: Vec<CodeId>,
    pub clicks: Vec<ClickFacts>,
    /// What the sign-up and what followed it earned, on both sides, the latest hundred.
    pub rewards: Vec<RewardRow>,
    /// Whether its referral looks wrong, and no admin has decided about it.
    pub in_review: bool,
    /// What it would have earned, but for a reason.
    pub refusals: Vec<RefusalRow>,
}

//! Users, their numbers and whom they brought; clicks.

use crate::{
    domain::{
        attribution::{Candidate, Receipt, Source, Verdict},
        codes::code::CodeProblem,
        ids::ClickId,
    },
    server::{
        api::{
            bodies::{Instant, Money},
            extract::{click_id, nullable},
        },
        store::users::UserProfile,
    },
    text::english,
    view_models,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Somebody of the host product who joins.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    #[schema(format = Email, max_length = 254)]
    pub email: String,
    /// Shown in public places. A neutral one is made when it is left out.
    #[schema(pattern = r"^\s*[A-Za-z0-9_-]{3,30}\s*$")]
    pub username: Option<String>,
    /// The host product's id for this person.
    #[schema(max_length = 255)]
    pub external_id: Option<String>,
    #[schema(max_length = 200)]
    pub full_name: Option<String>,
    #[schema(max_length = 50)]
    pub phone: Option<String>,
    /// The code that the person gives. One that cannot be used is refused, unless it is the code of the click.
    pub code: Option<String>,
    /// The `click_id` that the link has handed to the host product.
    #[serde(default, deserialize_with = "click_id")]
    #[schema(value_type = Option<String>, pattern = "^[0-9]{1,19}$")]
    pub click_id: Option<ClickId>,
}

/// Changes to a user; what is left out stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChanges {
    #[schema(format = Email, max_length = 254)]
    pub email: Option<String>,
    #[schema(pattern = r"^\s*[A-Za-z0-9_-]{3,30}\s*$")]
    pub username: Option<String>,
    /// Null takes it away.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 255)]
    pub external_id: Option<Option<String>>,
    /// Null takes it away.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub full_name: Option<Option<String>>,
    /// Null takes it away.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 50)]
    pub phone: Option<Option<String>>,
    /// Sign-ups to aim at.
    #[schema(minimum = 1, maximum = 1000000)]
    pub goal: Option<i64>,
    /// A disabled user cannot sign in.
    pub disabled: Option<bool>,
}

/// A user.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub struct UserBody {
    pub id: i64,
    pub email: String,
    pub username: String,
    /// The host product's id for this person.
    pub external_id: Option<String>,
    pub full_name: Option<String>,
    pub phone: Option<String>,
    /// `user` or `admin`
    pub role: String,
    /// Their personal code; null while they have none.
    pub code: Option<String>,
    /// The address to share; null while they have no code.
    pub link: Option<String>,
    /// Sign-ups to aim at.
    pub goal: i64,
    /// The user who brought them.
    pub referred_by: Option<i64>,
    pub disabled: bool,
    pub created_at: Instant,
    /// How they were attributed; null when they joined while the program was paused.
    pub attribution: Option<Attribution>,
}

impl UserBody {
    /// `base_url` is the site's own address.
    pub fn of(user: UserProfile, receipt: Option<Receipt>, base_url: &str) -> Self {
        Self {
            id: user.id.0,
            link: user.code.as_ref().map(|code| format!("{base_url}/r/{code}")),
            email: user.email,
            username: user.username,
            external_id: user.external_id,
            full_name: user.full_name,
            phone: user.phone,
            role: user.role,
            code: user.code,
            goal: user.referral_goal,
            referred_by: user.referred_by.map(|id| id.0),
            disabled: user.disabled_at.is_some(),
            created_at: Instant(user.created_at),
            attribution: receipt.map(Attribution::of),
        }
    }
}

/// The decision that binds somebody to a code, with its evidence.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Attribution {
    /// Whether a code was credited.
    pub credited: bool,
    /// `code_in_form`, `last_click`, `first_click`, or `none`
    pub rule: String,
    /// The code that was credited.
    pub code: Option<String>,
    pub code_id: Option<i64>,
    /// The user who was credited; null for a campaign code without a beneficiary.
    pub referrer_id: Option<i64>,
    pub click_id: Option<String>,
    pub decided_at: Instant,
    /// All candidates, in order of precedence.
    pub evidence: Vec<Evidence>,
}

/// One piece of evidence and what became of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Evidence {
    /// `typed`, `link`, or `click`
    pub source: String,
    pub code: String,
    pub click_id: Option<String>,
    /// `chosen`, `outranked`, `outside_window`, `own_email`, `own_browser`, or the reason why the code cannot be used
    pub verdict: String,
    /// The same in plain words, without personal data.
    pub sentence: String,
}

impl Attribution {
    fn of(receipt: Receipt) -> Self {
        let chosen = receipt.candidates.iter().find(|c| c.verdict == Verdict::Chosen);
        Self {
            credited: chosen.is_some(),
            rule: receipt.rule.as_str().into(),
            code: chosen.map(|c| c.code.to_ascii_uppercase()),
            code_id: chosen.and_then(|c| c.code_id).map(|id| id.0),
            referrer_id: chosen.and_then(|c| c.referrer).map(|id| id.0),
            click_id: chosen.and_then(|c| c.click).map(|id| id.to_string()),
            decided_at: Instant(receipt.decided_at),
            evidence: receipt.candidates.iter().map(Evidence::of).collect(),
        }
    }
}

impl Evidence {
    fn of(candidate: &Candidate) -> Self {
        let source = match candidate.source {
            Source::Typed => "typed",
            Source::Link => "link",
            Source::Click => "click",
        };
        let verdict = match candidate.verdict {
            Verdict::Chosen | Verdict::Eligible => "chosen",
            Verdict::Outranked => "outranked",
            Verdict::OutsideWindow { .. } => "outside_window",
            Verdict::OwnEmail => "own_email",
            Verdict::OwnBrowser => "own_browser",
            Verdict::CannotBeUsed { problem } => match problem {
                CodeProblem::CodeNotFound => "code_not_found",
                CodeProblem::CodeInactive => "code_inactive",
                CodeProblem::CodeExpired => "code_expired",
                CodeProblem::UsageLimitReached => "usage_limit_reached",
            },
        };
        Self {
            source: source.into(),
            code: candidate.code.clone(),
            click_id: candidate.click.map(|id| id.to_string()),
            verdict: verdict.into(),
            sentence: english().candidate(candidate),
        }
    }
}

/// A user's numbers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UserStats {
    pub clicks: i64,
    /// Clicks by different people.
    pub unique_clicks: i64,
    pub signups: i64,
    pub conversions: i64,
    /// What those whom the user brought have paid.
    pub revenue: Money,
    /// Sign-ups to aim at.
    pub goal: i64,
    /// The name of the tier that the user has reached; null for none.
    pub tier: Option<String>,
}

/// How far a referral is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    SignedUp,
    Converted,
}

/// Somebody whom a user brought.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Referral {
    pub id: i64,
    /// Who was brought. The number stays when the account is gone.
    pub user_id: i64,
    /// Null when the account is gone.
    pub username: Option<String>,
    pub code: String,
    pub code_id: i64,
    pub click_id: Option<String>,
    pub state: Progress,
    pub signed_up_at: Instant,
    pub converted_at: Option<Instant>,
}

impl From<view_models::referrals::Referral> for Referral {
    fn from(referral: view_models::referrals::Referral) -> Self {
        Self {
            id: referral.id,
            user_id: referral.referee_id.0,
            username: Some(referral.referee_name).filter(|name| !name.is_empty()),
            code: referral.code,
            code_id: referral.code_id.0,
            click_id: referral.click_id.map(|id| id.to_string()),
            state: if referral.converted_at.is_some() { Progress::Converted } else { Progress::SignedUp },
            signed_up_at: Instant(referral.signed_up_at),
            converted_at: referral.converted_at.map(Instant),
        }
    }
}

/// A visit that the host product has seen.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClick {
    pub code: String,
    /// Where the link was shared: `copy`, `qr`, `share`, `mail`, `x`, `linkedin`, `whatsapp`, `telegram`, `facebook`,
    /// `widget`. Others are not kept.
    #[schema(max_length = 50)]
    pub channel: Option<String>,
    /// The visitor's address. Only its network is kept. Without it every visit is somebody else's.
    #[schema(max_length = 45)]
    pub ip: Option<String>,
    /// The visitor's browser, by which bots are told.
    #[schema(max_length = 2000)]
    pub user_agent: Option<String>,
    /// The address of the page that the visitor came from. Only its host is kept.
    #[schema(max_length = 2000)]
    pub referrer: Option<String>,
}

/// A visit that was written down.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClickBody {
    /// For `POST /users`. The same visitor is counted once per code and hour, and has the same id then.
    pub click_id: String,
    /// Why the visit does not count, as `bot`; null for a person.
    pub suspicion: Option<String>,
}

//! Users, their numbers and whom they brought; clicks.

use crate::{
    domain::{
        attribution::{self, Candidate, Receipt, Source, Verdict},
        codes::code::CodeProblem,
        money::Money,
    },
    server::{
        api::{
            bodies::Instant,
            extract::{not_null, nullable, required_nullable},
        },
        store::user_profiles::UserProfile,
    },
    text::english,
    view_models,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

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
    /// The host product's id of their workspace. Colleagues in one are not each other's referrals.
    #[schema(max_length = 255)]
    pub account_id: Option<String>,
    #[schema(max_length = 200)]
    pub full_name: Option<String>,
    #[schema(max_length = 50)]
    pub phone: Option<String>,
    /// The language that they read, as `en` or `pt-BR`.
    #[schema(max_length = 35)]
    pub locale: Option<String>,
    /// The code that the link has handed to the host product, or that the person typed: `code_source` says which.
    pub code: Option<String>,
    /// What the link has handed to the host product as `click_id`. What is none is passed over.
    pub click_id: Option<String>,
    /// `link` when there is a `click_id`, else `typed`, unless said otherwise.
    pub code_source: Option<CodeSource>,
    /// When they joined, if not just now: at most 90 days ago. It is the moment that counts.
    pub signed_up_at: Option<Instant>,
}

/// How the host product came to a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CodeSource {
    /// It came with a link. One that cannot be used refuses nobody.
    Link,
    /// The person typed it. One that cannot be used is refused.
    Typed,
}

impl NewUser {
    /// Whether a person typed the code.
    pub fn code_typed(&self) -> bool {
        match self.code_source {
            Some(source) => source == CodeSource::Typed,
            None => self.click_id.is_none(),
        }
    }
}

/// Changes to a user.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChanges {
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, format = Email, max_length = 254)]
    pub email: Option<String>,
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, pattern = r"^\s*[A-Za-z0-9_-]{3,30}\s*$")]
    pub username: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 255)]
    pub external_id: Option<Option<String>>,
    /// The host product's id of their workspace. What is credited already stays.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 255)]
    pub account_id: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub full_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 50)]
    pub phone: Option<Option<String>>,
    /// As `en` or `pt-BR`.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 35)]
    pub locale: Option<Option<String>>,
    /// Sign-ups to aim at.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, minimum = 1, maximum = 1000000)]
    pub goal: Option<i64>,
    /// A disabled user cannot sign in.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
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
    /// The host product's id of their workspace.
    pub account_id: Option<String>,
    pub full_name: Option<String>,
    pub phone: Option<String>,
    pub locale: Option<String>,
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
    /// Grows with every change.
    pub version: i64,
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
            account_id: user.account_id,
            full_name: user.full_name,
            phone: user.phone,
            locale: user.locale,
            role: user.role,
            code: user.code,
            goal: user.referral_goal,
            referred_by: user.referred_by.map(|id| id.0),
            disabled: user.disabled_at.is_some(),
            created_at: Instant(user.created_at),
            version: user.version,
            attribution: receipt.map(Attribution::of),
        }
    }
}

/// The decision that binds somebody to a code, with its evidence.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Attribution {
    /// Whether a code is credited.
    pub credited: bool,
    /// `code_in_form`, `last_click`, `first_click`, `link_code`, `imported`, `corrected`, or `none`
    pub rule: String,
    /// The code that is credited.
    pub code: Option<String>,
    pub code_id: Option<i64>,
    /// The user who is credited; null for a campaign code without a beneficiary.
    pub referrer_id: Option<i64>,
    pub click_id: Option<String>,
    pub decided_at: Instant,
    /// The moment that counts.
    pub signed_up_at: Instant,
    /// All candidates, in order of precedence.
    pub evidence: Vec<Evidence>,
    /// What admins have changed since.
    pub corrections: Vec<Correction>,
}

/// A change of an attribution by an admin.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Correction {
    pub at: Instant,
    pub reason: String,
    /// The code that was credited before; null for none.
    pub from: Option<String>,
    /// The code that is credited since; null for none.
    pub to: Option<String>,
}

/// Who is to be credited for somebody.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferralCorrection {
    /// The code to credit; null credits nobody.
    #[serde(deserialize_with = "required_nullable")]
    #[schema(required)]
    pub code: Option<String>,
    /// Why, for the receipt.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
    /// Whether the former referrer keeps what they have used of their rewards; else they owe it.
    #[serde(default)]
    pub keep_rewards: bool,
}

/// One piece of evidence and what became of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Evidence {
    /// `typed`, `link`, `click`, or `import`
    pub source: String,
    pub code: String,
    pub click_id: Option<String>,
    /// `chosen`, `outranked`, `outside_window`, `after_sign_up`, `own_email`, `own_browser`, `same_account`,
    /// `joined_before`, `click_used`, `suspected`, `unknown_click`, or the reason why the code cannot be used
    pub verdict: String,
    /// The same in plain words, without personal data.
    pub sentence: String,
}

impl Attribution {
    fn of(receipt: Receipt) -> Self {
        let credit = receipt.credit();
        let credit = credit.as_ref();
        Self {
            credited: credit.is_some(),
            rule: receipt.current_rule().as_str().into(),
            code: credit.map(|credit| credit.code.clone()),
            code_id: credit.map(|credit| credit.code_id.0),
            referrer_id: credit.and_then(|credit| credit.referrer).map(|id| id.0),
            click_id: credit.and_then(|credit| credit.click).map(|id| id.to_string()),
            decided_at: Instant(receipt.decided_at),
            signed_up_at: Instant(receipt.signed_up_at),
            evidence: receipt.candidates.iter().map(Evidence::of).collect(),
            corrections: receipt.corrections.into_iter().map(Correction::of).collect(),
        }
    }
}

impl Correction {
    fn of(correction: attribution::Correction) -> Self {
        Self {
            at: Instant(correction.at),
            reason: correction.reason,
            from: correction.from.map(|credit| credit.code),
            to: correction.to.map(|credit| credit.code),
        }
    }
}

impl Evidence {
    fn of(candidate: &Candidate) -> Self {
        let source = match candidate.source {
            Source::Typed => "typed",
            Source::Link | Source::LinkCode => "link",
            Source::Click => "click",
            Source::Import => "import",
        };
        let verdict = match &candidate.verdict {
            Verdict::Chosen | Verdict::Eligible => "chosen",
            Verdict::Outranked => "outranked",
            Verdict::OutsideWindow { .. } => "outside_window",
            Verdict::OwnEmail => "own_email",
            Verdict::OwnBrowser => "own_browser",
            Verdict::SameAccount => "same_account",
            Verdict::AfterSignUp => "after_sign_up",
            Verdict::JoinedBefore => "joined_before",
            Verdict::ClickUsed => "click_used",
            Verdict::SuspectedVisit => "suspected",
            Verdict::UnknownClick { .. } => "unknown_click",
            Verdict::CannotBeUsed { problem } => match problem {
                CodeProblem::CodeNotFound => "code_not_found",
                CodeProblem::CodeInactive => "code_inactive",
                CodeProblem::CodeExpired => "code_expired",
                CodeProblem::UsageLimitReached => "usage_limit_reached",
            },
        };
        let named = match &candidate.verdict {
            Verdict::UnknownClick { named } => Some(named.clone()),
            _ => None,
        };
        Self {
            source: source.into(),
            code: candidate.code.clone(),
            click_id: candidate.click.map(|id| id.to_string()).or(named),
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
    /// What those whom the user brought have paid, by currency, less what was given back.
    pub revenue: Vec<Money>,
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
    /// The host product's id for them.
    pub external_id: Option<String>,
    /// Who brought them. The number stays when the account is gone.
    pub referrer_id: Option<i64>,
    pub code: String,
    pub code_id: i64,
    pub click_id: Option<String>,
    pub state: Progress,
    pub signed_up_at: Instant,
    pub converted_at: Option<Instant>,
    /// Whether it looks wrong, and no admin has decided about it: its rewards wait.
    pub in_review: bool,
    /// Grows with every change.
    pub version: i64,
}

impl From<view_models::referrals::Referral> for Referral {
    fn from(referral: view_models::referrals::Referral) -> Self {
        Self {
            id: referral.id,
            user_id: referral.referee_id.0,
            username: Some(referral.referee_name).filter(|name| !name.is_empty()),
            external_id: referral.external_id,
            referrer_id: referral.referrer_id.map(|id| id.0),
            code: referral.code,
            code_id: referral.code_id.0,
            click_id: referral.click_id.map(|id| id.to_string()),
            state: if referral.converted_at.is_some() { Progress::Converted } else { Progress::SignedUp },
            signed_up_at: Instant(referral.signed_up_at),
            converted_at: referral.converted_at.map(Instant),
            in_review: referral.in_review,
            version: referral.version,
        }
    }
}

/// A link that signs somebody in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LoginLink {
    /// Works once, for whoever opens it.
    #[schema(
        format = "uri",
        examples("https://refer.example.com/signin/link?token=2p0Zr5zZk1mB6cJ9yTq4hW8vXn3LdF7sGaEuCiRoKxM")
    )]
    pub url: String,
    pub expires_at: Instant,
}

/// What is kept of the answer.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct LoginLinkSeed {
    pub seed: String,
    pub expires_at: Instant,
}

/// A visit that the host product has seen.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClick {
    pub code: String,
    /// Where the link was shared: `copy`, `qr`, `share`, `mail`, `x`, `linkedin`, `whatsapp`, `telegram`, `facebook`,
    /// `widget`, `ad` (an advertisement that somebody paid for). Others are not kept.
    #[schema(max_length = 50)]
    pub channel: Option<String>,
    /// The visitor's address, with or without a port. Only its network is kept. Without it every visit is somebody
    /// else's.
    #[schema(max_length = 100)]
    pub ip: Option<String>,
    /// The visitor's browser, by which programs are told. Left out, a person is taken for granted; empty, a program.
    #[schema(max_length = 2000)]
    pub user_agent: Option<String>,
    /// The address of the page that the visitor came from. Only its host is kept.
    #[schema(max_length = 2000)]
    pub referrer: Option<String>,
    /// The host product's own name of the browser, by which it is counted once. Only a hash of it is kept.
    #[schema(max_length = 255)]
    pub visitor: Option<String>,
}

/// A visit that was written down.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Click)]
pub struct ClickBody {
    /// For `POST /users`. The same visitor is counted once per code and hour, and has the same id then.
    pub click_id: String,
    /// Why the visit does not count, as `bot`; null for a person.
    pub suspicion: Option<String>,
}

/// Which users are asked for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UsersQuery {
    /// The whole address.
    pub email: Option<String>,
    /// The host product's id for them.
    pub external_id: Option<String>,
    /// The host product's id of their workspace.
    pub account_id: Option<String>,
    /// The beginning of an e-mail or username.
    pub q: Option<String>,
    /// How many rows, 50 unless said otherwise.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

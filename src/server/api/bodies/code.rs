//! Codes and their usages.

use crate::{
    domain::{
        codes::code::{CodeKind, CodeStatus},
        money::Money,
    },
    server::api::{
        bodies::Instant,
        extract::{not_null, nullable},
    },
    view_models::{codes::CodeDetails, referrals::Referral},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A code with its counters.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Code)]
pub struct CodeBody {
    pub id: i64,
    pub code: String,
    pub kind: CodeKind,
    pub description: String,
    pub category: Option<String>,
    /// Whether it is switched on.
    pub active: bool,
    pub status: CodeStatus,
    /// Null for no limit.
    pub max_uses: Option<i64>,
    /// Sign-ups with it so far.
    pub uses: i64,
    /// Null for never.
    pub expires_at: Option<Instant>,
    /// The user who is credited: the owner of a personal code, or whom a campaign code names.
    pub beneficiary_id: Option<i64>,
    /// The user who made it; null for one that was created by a key.
    pub created_by: Option<i64>,
    pub created_at: Instant,
    pub clicks: i64,
    /// Clicks by different people.
    pub unique_clicks: i64,
    pub signups: i64,
    pub conversions: i64,
    /// What those who used it have paid, by currency, less what was given back.
    pub revenue: Vec<Money>,
    /// Grows with every change; clicks and revenue are none.
    pub version: i64,
}

impl From<(CodeDetails, Vec<Money>)> for CodeBody {
    fn from((code, revenue): (CodeDetails, Vec<Money>)) -> Self {
        Self {
            id: code.id.0,
            code: code.code,
            kind: code.kind,
            description: code.description,
            category: code.category,
            active: code.active,
            status: code.status,
            max_uses: code.max_uses,
            uses: code.uses,
            expires_at: code.expires_at.map(Instant),
            beneficiary_id: code.beneficiary_id.map(|id| id.0),
            created_by: code.created_by.map(|id| id.0),
            created_at: Instant(code.created_at),
            clicks: code.clicks,
            unique_clicks: code.unique_clicks,
            signups: code.signups,
            conversions: code.conversions,
            revenue,
            version: code.version,
        }
    }
}

/// A body that asks for campaign codes: its own fields, then those that all campaign codes have. Written out by a
/// macro, because serde's `flatten` forgets which field was wrong, and the document could not refuse unknown ones.
macro_rules! campaign_body {
    ($(#[$meta:meta])* $name:ident { $($own:tt)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($own)*
            #[schema(min_length = 1, max_length = 255)]
            pub description: String,
            #[schema(max_length = 50)]
            pub category: Option<String>,
            /// 100 unless said otherwise; null for no limit.
            #[serde(default, deserialize_with = "crate::server::api::extract::nullable")]
            #[schema(value_type = Option<i64>, minimum = 1, maximum = 1000000000)]
            pub max_uses: Option<Option<i64>>,
            /// In seven days unless said otherwise; null for never.
            #[serde(default, deserialize_with = "crate::server::api::extract::nullable")]
            #[schema(value_type = Option<crate::server::api::bodies::Instant>)]
            pub expires_at: Option<Option<crate::server::api::bodies::Instant>>,
            /// The user who is credited.
            pub beneficiary_id: Option<i64>,
            /// True unless said otherwise.
            pub active: Option<bool>,
        }

        impl $name {
            /// The fields of each code, with what stands for those that are left out. `code` is empty for a random one.
            pub fn input<'a>(
                &'a self,
                code: &'a str,
                now: crate::domain::time::Time,
            ) -> crate::domain::codes::campaign::CampaignInput<'a> {
                use crate::domain::codes::campaign::{CampaignInput, DEFAULT_LIFETIME, DEFAULT_MAX_USES};
                CampaignInput {
                    code,
                    description: &self.description,
                    category: self.category.as_deref().unwrap_or_default(),
                    max_uses: self.max_uses.unwrap_or(Some(DEFAULT_MAX_USES)),
                    expires_at: self.expires_at.map_or(Some(now.plus(DEFAULT_LIFETIME)), |given| given.map(|at| at.0)),
                    active: self.active.unwrap_or(true),
                }
            }
        }
    };
}
pub(super) use campaign_body;

campaign_body! {
    /// A campaign code to make.
    NewCode {
        /// 3 to 50 of A–Z, 0–9, “_” and “-”, in any case. A random one is made when it is left out.
        #[schema(pattern = r"^\s*[A-Za-z0-9_-]{3,50}\s*$")]
        pub code: Option<String>,
    }
}

/// Changes to a code. Of a personal code only `active` can be changed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeChanges {
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, min_length = 1, max_length = 255)]
    pub description: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 50)]
    pub category: Option<Option<String>>,
    /// Not lower than the uses so far; null for no limit.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 1000000000)]
    pub max_uses: Option<Option<i64>>,
    /// In the future when it is changed; null for never.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Instant>)]
    pub expires_at: Option<Option<Instant>>,
    /// Null for nobody.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<i64>)]
    pub beneficiary_id: Option<Option<i64>>,
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub active: Option<bool>,
}

/// Which codes are wanted.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CodesQuery {
    /// Campaign codes unless said otherwise.
    #[param(inline)]
    pub kind: Option<CodeKind>,
    #[param(inline)]
    pub status: Option<CodeStatus>,
    pub category: Option<String>,
    /// Only what this request for many codes created.
    pub bulk_id: Option<i64>,
    /// How many rows, 50 unless said otherwise.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// A code to look at.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeToValidate {
    /// As a person or a link has it: also a whole link, or with what mails and chats add.
    pub code: String,
    /// The address of the person who asks: whoever guesses from there finds no code any more.
    pub ip: Option<String>,
    /// Also asks whether this user has used the code already.
    pub user_id: Option<i64>,
}

/// Why a code cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    CodeNotFound,
    CodeInactive,
    CodeExpired,
    UsageLimitReached,
    AlreadyUsed,
    ProgramDisabled,
}

/// Whether a code can be used.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Validity {
    pub valid: bool,
    /// Only there where it cannot be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<Reason>,
}

/// Which usages are wanted.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UsagesQuery {
    /// Only by this user: one row when they have used the code, none when not.
    pub user_id: Option<i64>,
    /// How many rows, 50 unless said otherwise.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// A sign-up with a code.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Usage {
    pub id: i64,
    /// Who signed up. The number stays when the account is gone.
    pub user_id: i64,
    /// Null when the account is gone.
    pub username: Option<String>,
    /// Null when the account is gone.
    pub email: Option<String>,
    pub used_at: Instant,
    pub converted_at: Option<Instant>,
}

impl From<Referral> for Usage {
    fn from(referral: Referral) -> Self {
        Self {
            id: referral.id,
            user_id: referral.referee_id.0,
            username: Some(referral.referee_name).filter(|name| !name.is_empty()),
            email: referral.referee_email,
            used_at: Instant(referral.signed_up_at),
            converted_at: referral.converted_at.map(Instant),
        }
    }
}

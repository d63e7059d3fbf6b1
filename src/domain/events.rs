//! What happened that a host product cares about.

use crate::domain::{ids::UserId, time::Time};
use serde::{Deserialize, Serialize};
use serde_json::Value;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:tt),* $(,)?) => {
        /// What an event says.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
        pub enum EventKind {
            $($(#[$doc])* #[serde(rename = $name)] $kind,)*
        }

        impl EventKind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// The name that host products rely on.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// Somebody has joined.
    UserCreated = "user.created",
    /// A sign-up was credited to a code, or nothing is left of what the referee has paid.
    ReferralSignedUp = "referral.signed_up",
    /// The referee of a referral has paid for the first time.
    ReferralConverted = "referral.converted",
    /// An admin has changed which code is credited for somebody.
    ReferralCorrected = "referral.corrected",
    /// An admin has decided about a referral that looked wrong. One that was rejected is none any more.
    ReferralReviewed = "referral.reviewed",
    /// A payment counts from now on.
    ConversionCreated = "conversion.created",
    /// More of a payment was given back, or less, because a refund failed.
    ConversionRefunded = "conversion.refunded",
    /// A payment is disputed, or no longer.
    ConversionDisputed = "conversion.disputed",
    /// Something else of a payment that counts is known better.
    ConversionChanged = "conversion.changed",
    /// A payment counts no longer: it is the same as another one, or nobody is credited for the payer.
    ConversionRemoved = "conversion.removed",
    /// A reward was given and waits, or waits again.
    RewardPending = "reward.pending",
    /// A reward can be used.
    RewardActivated = "reward.activated",
    /// All that there was of a reward is used.
    RewardRedeemed = "reward.redeemed",
    /// The time of a reward is over.
    RewardExpired = "reward.expired",
    /// A reward was taken away before it was active.
    RewardVoided = "reward.voided",
    /// A reward was taken back after it was active.
    RewardReversed = "reward.reversed",
    /// Something else of a reward has changed: a part of it was used or taken back, it was frozen, or it goes on.
    RewardChanged = "reward.changed",
    /// The last use that a code allows was claimed.
    CodeLimitReached = "code.limit_reached",
    /// A referrer has as many sign-ups as their goal asks for.
    GoalReached = "goal.reached",
}

/// An event that is about to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    pub kind: EventKind,
    /// The id of the object that it speaks of.
    pub object_id: i64,
    /// The version of the object that `data` shows.
    pub version: i64,
    /// Whose personal data is in it: it is taken out when they are forgotten.
    pub about: Option<UserId>,
    /// The object, in the form of the API.
    pub data: Value,
    pub at: Time,
}

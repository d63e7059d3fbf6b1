//! Ids are types: a code's id never passes for a user's.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// A person with an account.
    UserId,
    /// A personal or campaign code.
    CodeId,
    /// One recorded visit by a link. Grows with the time at which it is written, which is not when the visit was.
    ClickId,
    /// One signed-in browser.
    SessionId,
    /// Work that goes on in the background.
    JobId,
    /// A key of the API.
    ApiKeyId,
    /// Money that one person paid once.
    PaymentId,
    /// Something that happened. Grows.
    EventId,
    /// A rule that gives rewards.
    RuleId,
    /// What a rule gave somebody on one occasion.
    RewardId,
    /// A use of a balance.
    RewardUseId,
    /// An address that events are sent to.
    WebhookEndpointId,
    /// An event on its way to an endpoint.
    WebhookDeliveryId,
}

/// How many low bits of a [`ClickId`] tell clicks of one millisecond apart.
pub const CLICK_ID_BITS: u32 = 20;

impl ClickId {
    /// The first id that a click that is written at `time` can have.
    pub fn first_at(time: crate::domain::time::Time) -> Self {
        Self(time.0 << CLICK_ID_BITS)
    }

    /// Reads the id that a link has handed out: 1 to 19 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = (1..=19).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse().ok().map(Self)).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_id_is_digits() {
        assert_eq!(ClickId::parse(" 17 "), Some(ClickId(17)));
        for wrong in ["", "foo", "-1", "+1", "1.5", "99999999999999999999", "9999999999999999999"] {
            assert_eq!(ClickId::parse(wrong), None, "{wrong}");
        }
    }
}

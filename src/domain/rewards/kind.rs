//! Kinds of rewards.

/// Messages on top of what somebody has.
pub const EXTRA_MESSAGES: &str = "extra_messages";
/// Requests on top of what somebody has.
pub const EXTRA_REQUESTS: &str = "extra_requests";
/// Money: the one kind that has a currency.
pub const ACCOUNT_CREDIT: &str = "account_credit";
/// Days of a feature, one after the other.
pub const FEATURE_UNLOCK: &str = "feature_unlock";
/// The choice between the rules of a group.
pub const CHOICE: &str = "choice";

/// The kinds that every program has.
pub const STANDARD: [&str; 4] = [EXTRA_MESSAGES, EXTRA_REQUESTS, ACCOUNT_CREDIT, FEATURE_UNLOCK];

/// Characters of a kind of the admin's own at most.
pub const MAX_KIND: usize = 40;

/// Whether amounts of this kind are money.
pub fn is_money(kind: &str) -> bool {
    kind == ACCOUNT_CREDIT
}

/// The unit of a kind, where it has one of its own.
pub fn standard_unit(kind: &str) -> Option<&'static str> {
    match kind {
        EXTRA_MESSAGES => Some("messages"),
        EXTRA_REQUESTS => Some("requests"),
        FEATURE_UNLOCK => Some("days"),
        _ => None,
    }
}

/// Whether a rule can be of this kind: one of the standard ones, or a name of the admin's own.
pub fn is_kind(kind: &str) -> bool {
    let name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    (1..=MAX_KIND).contains(&kind.len())
        && kind.as_bytes()[0].is_ascii_lowercase()
        && kind.bytes().all(name)
        && kind != CHOICE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_a_standard_one_or_a_plain_name() {
        for kind in STANDARD.into_iter().chain(["swag", "t_shirt_2"]) {
            assert!(is_kind(kind), "{kind}");
        }
        for wrong in ["", "2nd", "Swag", "a b", CHOICE, &"x".repeat(41)] {
            assert!(!is_kind(wrong), "{wrong}");
        }
    }
}

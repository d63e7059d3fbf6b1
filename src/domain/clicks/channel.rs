//! Where a link was shared, told by its `?via=`.

/// The channel of links from advertisements that somebody paid for.
pub const PAID_AD: &str = "ad";

/// What stands for no channel: the plain address was typed, sent or linked.
pub const DIRECT: &str = "direct";

/// The channels that a link may name; anything else is not kept.
pub const CHANNELS: [&str; 11] =
    ["copy", "qr", "share", "mail", "x", "linkedin", "whatsapp", "telegram", "facebook", "widget", PAID_AD];

/// The channel that `via` names, if it is a known one.
pub fn known_channel(via: &str) -> Option<&'static str> {
    CHANNELS.into_iter().find(|known| known.eq_ignore_ascii_case(via))
}

//! Where links were shared, in words.

use crate::text::Texts;

impl Texts {
    /// The name of a channel. Products have their own.
    pub(crate) fn channel(&self, channel: &str) -> String {
        match channel {
            "copy" => self.channel_copy(),
            "qr" => self.channel_qr(),
            "share" => self.channel_share(),
            "mail" => self.channel_mail(),
            "widget" => self.channel_widget(),
            "ad" => self.channel_ad(),
            "direct" => self.channel_direct(),
            "x" => "X".into(),
            "linkedin" => "LinkedIn".into(),
            "whatsapp" => "WhatsApp".into(),
            "telegram" => "Telegram".into(),
            "facebook" => "Facebook".into(),
            unknown => unknown.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        domain::clicks::channel::{CHANNELS, DIRECT},
        text::english,
    };

    #[test]
    fn every_channel_has_a_name() {
        for channel in CHANNELS.into_iter().chain([DIRECT]) {
            assert_ne!(english().channel(channel), channel);
        }
    }
}

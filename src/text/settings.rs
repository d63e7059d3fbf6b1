//! The settings of the program, by their names for people.

use crate::{domain::settings::WELCOME_TEXT, text::Texts};

impl Texts {
    /// What the program says of itself: the owner's words as they are, and those that every program begins with in the
    /// reader's language.
    pub(crate) fn welcome(&self, text: &str) -> String {
        if text == WELCOME_TEXT { self.settings_welcome_default() } else { text.to_owned() }
    }

    /// What a setting is called, if there is one of this name.
    pub(crate) fn setting(&self, name: &str) -> Option<String> {
        Some(match name {
            "accent_color" => self.settings_accent_color(),
            "attribution_model" => self.settings_attribution_model(),
            "attribution_window_days" => self.settings_attribution_window_days(),
            "click_id_parameter" => self.settings_click_id_parameter(),
            "clicks_per_network_hour" => self.settings_clicks_per_network_hour(),
            "conversion_amount" => self.settings_conversion_amount(),
            "conversion_hold_days" => self.settings_conversion_hold_days(),
            "currency" => self.settings_currency(),
            "default_goal" => self.settings_default_goal(),
            "link_destination" => self.settings_link_destination(),
            "logo_url" => self.settings_logo_url(),
            "personal_code_prefix" => self.settings_personal_code_prefix(),
            "personal_code_style" => self.settings_personal_code_style(),
            "policy_url" => self.settings_policy_url(),
            "program_name" => self.settings_program_name(),
            "random_code_length" => self.settings_random_code_length(),
            "ref_parameter" => self.settings_ref_parameter(),
            "referral_codes_enabled" => self.settings_enabled(),
            "referral_codes_required" => self.settings_required(),
            "review_disposable_email" => self.settings_review_email(),
            "review_paid_ads" => self.settings_review_ads(),
            "review_same_network" => self.settings_review_network(),
            "review_signups_per_browser_day" => self.settings_review_by_browser(),
            "review_signups_per_code_hour" => self.settings_review_by_code(),
            "setup_checklist" => self.settings_checklist(),
            "signup_hold_days" => self.settings_signup_hold_days(),
            "stripe_test_events" => self.settings_stripe_test_events(),
            "time_zone" => self.settings_time_zone(),
            "welcome_text" => self.settings_welcome_text(),
            _ => return None,
        })
    }

    /// The name for people of a choice that a setting has, if it is one.
    pub(crate) fn setting_choice(&self, value: &str) -> Option<String> {
        Some(match value {
            "first_click" => self.settings_model_first_click(),
            "gross" => self.settings_amount_gross(),
            "hidden" => self.settings_checklist_hidden(),
            "last_click" => self.settings_model_last_click(),
            "named" => self.settings_style_named(),
            "net" => self.settings_amount_net(),
            "random" => self.settings_style_random(),
            "shown" => self.settings_checklist_shown(),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::{domain::settings::ProgramSettings, text::english};

    #[test]
    fn every_setting_has_a_name() {
        for name in ProgramSettings::default().into_object().keys() {
            assert!(english().setting(name).is_some(), "{name}");
        }
    }
}

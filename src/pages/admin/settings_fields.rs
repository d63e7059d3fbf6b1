//! The fields of the settings, section by section.

use crate::{
    components::{
        field::{Checkbox, Field, Kind},
        fieldset::Fieldset,
        select::Select,
        text_area::TextArea,
    },
    domain::settings::{AttributionModel, CodeStyle, ConversionAmount, ProgramSettings},
    pages::admin::settings_color::BrandColor,
    text::texts,
};
use leptos::prelude::*;

/// Fields that belong together, where the index finds them.
#[component]
fn Section(id: &'static str, title: String, note: String, children: Children) -> impl IntoView {
    view! {
        <div id=id>
            <Fieldset title=title note=note>
                {children()}
            </Fieldset>
        </div>
    }
}

#[component]
pub(super) fn Program(settings: ProgramSettings) -> impl IntoView {
    let texts = texts();
    let (enabled, required) = (texts.settings_enabled(), texts.settings_required());
    view! {
        <Section id="program" title=texts.settings_program() note=texts.settings_program_note()>
            <Checkbox name="referral_codes_enabled" ticked=settings.referral_codes_enabled>
                {enabled}
            </Checkbox>
            <Checkbox name="referral_codes_required" ticked=settings.referral_codes_required>
                {required}
            </Checkbox>
        </Section>
    }
}

#[component]
pub(super) fn Content(settings: ProgramSettings) -> impl IntoView {
    let texts = texts();
    view! {
        <Section id="content" title=texts.settings_content() note=texts.settings_content_note()>
            <Field
                name="program_name"
                label=texts.settings_program_name()
                kind=Kind::Prose
                value=settings.program_name
            />
            <TextArea
                name="welcome_text"
                label=texts.settings_welcome_text()
                hint=texts.settings_welcome_text_hint()
                value=settings.welcome_text
            />
            <Field
                name="policy_url"
                label=texts.settings_policy_url()
                kind=Kind::Address
                optional=true
                hint=texts.settings_policy_url_hint()
                value=settings.policy_url.unwrap_or_default()
            />
        </Section>
    }
}

#[component]
pub(super) fn Branding(settings: ProgramSettings) -> impl IntoView {
    let texts = texts();
    view! {
        <Section id="branding" title=texts.settings_branding() note=texts.settings_branding_note()>
            <BrandColor value=settings.accent_color.unwrap_or_default() />
            <Field
                name="logo_url"
                label=texts.settings_logo_url()
                kind=Kind::Address
                optional=true
                hint=texts.settings_logo_url_hint()
                value=settings.logo_url.unwrap_or_default()
            />
        </Section>
    }
}

#[component]
pub(super) fn Links(settings: ProgramSettings) -> impl IntoView {
    let texts = texts();
    view! {
        <Section id="links" title=texts.settings_links() note=texts.settings_links_note()>
            <Field
                name="link_destination"
                label=texts.settings_link_destination()
                kind=Kind::Address
                optional=true
                hint=texts.settings_link_destination_hint()
                value=settings.link_destination.unwrap_or_default()
            />
            <Field
                name="ref_parameter"
                label=texts.settings_ref_parameter()
                hint=texts.settings_ref_parameter_hint()
                value=settings.ref_parameter
            />
            <Field
                name="click_id_parameter"
                label=texts.settings_click_id_parameter()
                hint=texts.settings_click_id_parameter_hint()
                value=settings.click_id_parameter
            />
        </Section>
    }
}

#[component]
pub(super) fn Codes(settings: ProgramSettings) -> impl IntoView {
    let texts = texts();
    let style = match settings.personal_code_style {
        CodeStyle::Random => "random",
        CodeStyle::Named => "named",
    };
    view! {
        <Section id="codes" title=texts.settings_codes() note=texts.settings_codes_note()>
            <Select
                name="personal_code_style"
                label=texts.settings_personal_code_style()
                choices=vec![("random", texts.settings_style_random()), ("named", texts.settings_style_named())]
                value=style
            />
            <Field
                name="personal_code_prefix"
                label=texts.settings_personal_code_prefix()
                optional=true
                hint=texts.settings_personal_code_prefix_hint()
                value=settings.personal_code_prefix
            />
            <Field
                name="random_code_length"
                label=texts.settings_random_code_length()
                kind=Kind::Number
                hint=texts.settings_random_code_length_hint()
                value=settings.random_code_length.to_string()
            />
        </Section>
    }
}

#[component]
pub(super) fn Attribution(settings: ProgramSettings) -> impl IntoView {
    let texts = texts();
    let model = match settings.attribution_model {
        AttributionModel::LastClick => "last_click",
        AttributionModel::FirstClick => "first_click",
    };
    let models =
        vec![("last_click", texts.settings_model_last_click()), ("first_click", texts.settings_model_first_click())];
    view! {
        <Section id="attribution" title=texts.settings_attribution() note=texts.settings_attribution_note()>
            <Select
                name="attribution_model"
                label=texts.settings_attribution_model()
                choices=models
                value=model
            />
            <Field
                name="attribution_window_days"
                label=texts.settings_attribution_window_days()
                kind=Kind::Number
                hint=texts.settings_attribution_window_days_hint()
                value=settings.attribution_window_days.to_string()
            />
        </Section>
    }
}

#[component]
pub(super) fn Rewards(settings: ProgramSettings) -> impl IntoView {
    let texts = texts();
    view! {
        <Section id="rewards" title=texts.settings_rewards() note=texts.settings_rewards_note()>
            <Field
                name="default_goal"
                label=texts.settings_default_goal()
                kind=Kind::Number
                hint=texts.settings_default_goal_hint()
                value=settings.default_goal.to_string()
            />
            <Field
                name="signup_hold_days"
                label=texts.settings_signup_hold_days()
                kind=Kind::Number
                hint=texts.settings_signup_hold_days_hint()
                value=settings.signup_hold_days.to_string()
            />
            <Field
                name="conversion_hold_days"
                label=texts.settings_conversion_hold_days()
                kind=Kind::Number
                hint=texts.settings_conversion_hold_days_hint()
                value=settings.conversion_hold_days.to_string()
            />
        </Section>
    }
}

#[component]
pub(super) fn Region(settings: ProgramSettings) -> impl IntoView {
    let texts = texts();
    view! {
        <Section id="region" title=texts.settings_region() note=texts.settings_region_note()>
            <Field
                name="currency"
                label=texts.settings_currency()
                hint=texts.settings_currency_hint()
                value=settings.currency
            />
            <Field
                name="time_zone"
                label=texts.settings_time_zone()
                hint=texts.settings_time_zone_hint()
                value=settings.time_zone
            />
        </Section>
    }
}

#[component]
pub(super) fn Payments(settings: ProgramSettings) -> impl IntoView {
    let texts = texts();
    let amount = match settings.conversion_amount {
        ConversionAmount::Net => "net",
        ConversionAmount::Gross => "gross",
    };
    let test_events = texts.settings_stripe_test_events();
    view! {
        <Section id="payments" title=texts.settings_payments() note=texts.settings_payments_note()>
            <Select
                name="conversion_amount"
                label=texts.settings_conversion_amount()
                choices=vec![("net", texts.settings_amount_net()), ("gross", texts.settings_amount_gross())]
                value=amount
            />
            <Checkbox name="stripe_test_events" ticked=settings.stripe_test_events>
                {test_events}
            </Checkbox>
        </Section>
    }
}

#[component]
pub(super) fn Review(settings: ProgramSettings) -> impl IntoView {
    let texts = texts();
    let (network, email, ads) =
        (texts.settings_review_network(), texts.settings_review_email(), texts.settings_review_ads());
    view! {
        <Section id="review" title=texts.settings_review() note=texts.settings_review_note()>
            <Checkbox name="review_same_network" ticked=settings.review_same_network>
                {network}
            </Checkbox>
            <Checkbox name="review_disposable_email" ticked=settings.review_disposable_email>
                {email}
            </Checkbox>
            <Checkbox name="review_paid_ads" ticked=settings.review_paid_ads>
                {ads}
            </Checkbox>
            <Field
                name="review_signups_per_code_hour"
                label=texts.settings_review_by_code()
                kind=Kind::Number
                hint=texts.settings_review_by_hint()
                value=settings.review_signups_per_code_hour.to_string()
            />
            <Field
                name="review_signups_per_browser_day"
                label=texts.settings_review_by_browser()
                kind=Kind::Number
                hint=texts.settings_review_by_hint()
                value=settings.review_signups_per_browser_day.to_string()
            />
        </Section>
    }
}

#[component]
pub(super) fn Limits(settings: ProgramSettings) -> impl IntoView {
    let texts = texts();
    view! {
        <Section id="limits" title=texts.settings_limits() note=texts.settings_limits_note()>
            <Field
                name="clicks_per_network_hour"
                label=texts.settings_clicks_per_network_hour()
                kind=Kind::Number
                hint=texts.settings_clicks_per_network_hour_hint()
                value=settings.clicks_per_network_hour.to_string()
            />
        </Section>
    }
}

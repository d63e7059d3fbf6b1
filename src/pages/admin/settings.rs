//! The settings of the program.

use crate::{
    components::{
        admin_layout::AdminLayout,
        button::Submit,
        field::{Checkbox, Field, Kind},
        fieldset::Fieldset,
        form::PostForm,
        select::Select,
    },
    domain::settings::{AttributionModel, CodeStyle, ConversionAmount, ProgramSettings},
    functions::settings::load_settings,
    pages::load,
    text::texts,
};
use leptos::prelude::*;

/// The settings page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    load(load_settings(), |settings| view! { <SettingsView settings=settings /> })
}

#[component]
fn SettingsView(settings: ProgramSettings) -> impl IntoView {
    view! {
        <AdminLayout title="Settings">
            <h1>"Settings"</h1>
            <div class="single">
            <PostForm name="update_settings">
                <Running settings=settings.clone() />
                <Codes settings=settings.clone() />
                <Credit settings=settings.clone() />
                <Rewards settings=settings.clone() />
                <div id="review">
                    <Review settings=settings.clone() />
                </div>
                <Payments settings=settings.clone() />
                <Words settings=settings.clone() />
                <Appearance settings=settings />
                <div class="actions">
                    <Submit>"Save all settings"</Submit>
                </div>
            </PostForm>
            </div>
        </AdminLayout>
    }
}

#[component]
fn Running(settings: ProgramSettings) -> impl IntoView {
    view! {
        <Fieldset
            title="The program"
            note="While it is off, links lead on without being counted, and people sign up without codes."
        >
            <Checkbox name="referral_codes_enabled" ticked=settings.referral_codes_enabled>
                "The program runs: links count and codes work"
            </Checkbox>
            <Checkbox name="referral_codes_required" ticked=settings.referral_codes_required>
                "By invitation only: nobody signs up without a valid code"
            </Checkbox>
        </Fieldset>
    }
}

#[component]
fn Codes(settings: ProgramSettings) -> impl IntoView {
    let style = match settings.personal_code_style {
        CodeStyle::Random => "random",
        CodeStyle::Named => "named",
    };
    view! {
        <Fieldset
            title="Codes and links"
            note="Everybody who signs up gets a code. Codes that exist already stay as they are."
        >
            <Select
                name="personal_code_style"
                label="Style"
                choices=vec![("random", "Random, as K7M2XQ4P"), ("named", "With the name, as DEVO-ALEX7K3M")]
                value=style
            />
            <Field
                name="personal_code_prefix"
                label="Prefix"
                optional=true
                hint="Stands before codes with a name, as “DEVO”."
                value=settings.personal_code_prefix
            />
            <Field
                name="link_destination"
                label="Where links lead"
                kind=Kind::Address
                optional=true
                hint="A page of your product, as https://example.com/welcome. Empty: this site’s sign-up page."
                value=settings.link_destination.unwrap_or_default()
            />
            <Field
                name="ref_parameter"
                label="Parameter for the code"
                hint="Your product’s page is opened with it, as ?ref=CODE."
                value=settings.ref_parameter
            />
            <Field
                name="click_id_parameter"
                label="Parameter for the click"
                hint="Added after it, as &click_id=… Send both with POST /users."
                value=settings.click_id_parameter
            />
            <Field
                name="random_code_length"
                label="Characters of random campaign codes"
                kind=Kind::Number
                hint="5 to 12. Each extra character makes a code 32 times harder to guess: use 8 or more where a code is worth money."
                value=settings.random_code_length.to_string()
            />
        </Fieldset>
    }
}

#[component]
fn Credit(settings: ProgramSettings) -> impl IntoView {
    let model = match settings.attribution_model {
        AttributionModel::LastClick => "last_click",
        AttributionModel::FirstClick => "first_click",
    };
    view! {
        <Fieldset title="Who is credited" note="When somebody has opened links of several people before signing up.">
            <Select
                name="attribution_model"
                label="The credit goes to"
                choices=vec![("last_click", "the last link that was opened"), ("first_click", "the first link that was opened")]
                value=model
            />
            <Field
                name="attribution_window_days"
                label="Days that a visit counts"
                kind=Kind::Number
                hint="A visit longer ago than this brings no credit. 1 to 400; 30 suits most."
                value=settings.attribution_window_days.to_string()
            />
            <Field
                name="clicks_per_network_hour"
                label="Visitors counted per network"
                kind=Kind::Number
                hint="Per code and hour; 0 for no cap. Visitors beyond it are still credited when they sign up, but their clicks are not counted, so that nobody can inflate the numbers. 300 leaves room for a hall full of people behind one address."
                value=settings.clicks_per_network_hour.to_string()
            />
        </Fieldset>
    }
}

#[component]
fn Rewards(settings: ProgramSettings) -> impl IntoView {
    view! {
        <Fieldset title="Goals and rewards" note="A reward waits on hold before it can be used, so that it can still be stopped.">
            <Field
                name="default_goal"
                label="Goal of new users"
                kind=Kind::Number
                hint="Sign-ups to aim at. Users who are there already keep theirs."
                value=settings.default_goal.to_string()
            />
            <Field
                name="signup_hold_days"
                label="Days on hold after a sign-up"
                kind=Kind::Number
                hint="0 gives rewards at once; 7 suits most."
                value=settings.signup_hold_days.to_string()
            />
            <Field
                name="conversion_hold_days"
                label="Days on hold after a payment"
                kind=Kind::Number
                hint="As long as payments are refunded; 30 suits most."
                value=settings.conversion_hold_days.to_string()
            />
            <Field
                name="currency"
                label="Currency"
                hint="Three letters, as USD or EUR."
                value=settings.currency
            />
            <Field
                name="time_zone"
                label=texts().settings_time_zone()
                hint=texts().settings_time_zone_hint()
                value=settings.time_zone
            />
        </Fieldset>
    }
}

#[component]
fn Review(settings: ProgramSettings) -> impl IntoView {
    let texts = texts();
    let (network, email, ads) =
        (texts.settings_review_network(), texts.settings_review_email(), texts.settings_review_ads());
    view! {
        <Fieldset title=texts.settings_review() note=texts.settings_review_note()>
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
        </Fieldset>
    }
}

#[component]
fn Payments(settings: ProgramSettings) -> impl IntoView {
    let amount = match settings.conversion_amount {
        ConversionAmount::Net => "net",
        ConversionAmount::Gross => "gross",
    };
    view! {
        <Fieldset title="Payments" note="How payments by referred people count. Payments that are recorded already stay as they are.">
            <Select
                name="conversion_amount"
                label="Revenue"
                choices=vec![("net", "Without tax, where Stripe says the tax"), ("gross", "With tax")]
                value=amount
            />
            <Checkbox name="stripe_test_events" ticked=settings.stripe_test_events>
                "Count payments of Stripe’s test mode"
            </Checkbox>
        </Fieldset>
    }
}

#[component]
fn Appearance(settings: ProgramSettings) -> impl IntoView {
    view! {
        <Fieldset title="How it looks" note="So that people feel at home. Colours are darkened or lightened until everybody can read them.">
            <Field
                name="accent_color"
                label="Colour of buttons and links"
                optional=true
                hint="As #3550c4. Empty: the standard blue."
                value=settings.accent_color.unwrap_or_default()
            />
            <Field
                name="logo_url"
                label="Address of your logo"
                kind=Kind::Address
                optional=true
                hint="A picture on your site, as https://example.com/logo.svg. Browsers load it from there."
                value=settings.logo_url.unwrap_or_default()
            />
        </Fieldset>
    }
}

#[component]
fn Words(settings: ProgramSettings) -> impl IntoView {
    view! {
        <Fieldset title="What people read" note="On every page, on the home page, and when they sign up.">
            <Field name="program_name" label="Name of the program" kind=Kind::Prose value=settings.program_name />
            <Field
                name="welcome_text"
                label="Welcome text"
                kind=Kind::Prose
                hint="One or two sentences on the home page."
                value=settings.welcome_text
            />
            <Field
                name="policy_url"
                label="Address of your terms"
                kind=Kind::Address
                optional=true
                hint="With one, people accept the terms when they sign up. As https://example.com/terms."
                value=settings.policy_url.unwrap_or_default()
            />
        </Fieldset>
    }
}

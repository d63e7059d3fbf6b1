//! The settings of the program: one form in sections, with an index beside it.

use crate::{
    components::{
        admin_layout::AdminLayout,
        alert::Alert,
        button::Submit,
        form::Submitted,
        page_index::{IndexEntry, Indexed},
        problem_list::ProblemList,
        scripts::SettingsFormScript,
    },
    domain::settings::ProgramSettings,
    functions::settings::load_settings,
    pages::{
        admin::settings_fields::{
            Attribution, Branding, Codes, Content, Limits, Links, Payments, Program, Region, Review, Rewards,
        },
        load,
    },
    text::texts,
};
use leptos::{context::Provider, prelude::*};
use serde_json::{Map, Value};

/// The server function that the form calls.
const FORM: &str = "update_settings";

/// The settings page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    load(load_settings(), |settings| view! { <SettingsView settings=settings /> })
}

/// The sections in the order in which people look for them, by their ids.
fn sections() -> Vec<IndexEntry> {
    let texts = texts();
    vec![
        IndexEntry::new("program", texts.settings_program()),
        IndexEntry::new("content", texts.settings_content()),
        IndexEntry::new("branding", texts.settings_branding()),
        IndexEntry::new("links", texts.settings_links()),
        IndexEntry::new("codes", texts.settings_codes()),
        IndexEntry::new("rewards", texts.settings_rewards()),
        IndexEntry::new("region", texts.settings_region()),
        IndexEntry::new("attribution", texts.settings_attribution()),
        IndexEntry::new("payments", texts.settings_payments()),
        IndexEntry::new("review", texts.settings_review()),
        IndexEntry::new("limits", texts.settings_limits()),
    ]
}

/// The stored settings as the form would send them, for the script that counts what differs.
fn saved(settings: ProgramSettings) -> String {
    let text = |value: Value| match value {
        Value::Null | Value::Bool(false) => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    };
    let fields: Map<String, Value> =
        settings.into_object().into_iter().map(|(name, value)| (name, Value::String(text(value)))).collect();
    Value::Object(fields).to_string()
}

#[component]
fn SettingsView(settings: ProgramSettings) -> impl IntoView {
    let texts = texts();
    let title = texts.settings_title();
    view! {
        <AdminLayout title=title.clone()>
            <h1>{title}</h1>
            <Indexed title=texts.settings_sections() entries=sections()>
                <SettingsForm settings=settings />
            </Indexed>
            <SettingsFormScript />
        </AdminLayout>
    }
}

#[component]
fn SettingsForm(settings: ProgramSettings) -> impl IntoView {
    let sent = Submitted::by(FORM);
    let saved = saved(settings.clone());
    let refused = sent.error("").map(|message| view! { <Alert>{message}</Alert> });
    view! {
        <form method="post" class="form single" id="settings-form" data-saved=saved novalidate>
            <input type="hidden" name="form" value=FORM />
            {refused}
            <ProblemList
                sent=sent.clone()
                title=|count| texts().settings_problems(count)
                label=|field| texts().setting(field)
            />
            <Provider value=sent>
                <Fields settings=settings />
            </Provider>
            <Save />
        </form>
    }
}

#[component]
fn Fields(settings: ProgramSettings) -> impl IntoView {
    view! {
        <Program settings=settings.clone() />
        <Content settings=settings.clone() />
        <Branding settings=settings.clone() />
        <Links settings=settings.clone() />
        <Codes settings=settings.clone() />
        <Rewards settings=settings.clone() />
        <Region settings=settings.clone() />
        <Attribution settings=settings.clone() />
        <Payments settings=settings.clone() />
        <Review settings=settings.clone() />
        <Limits settings=settings />
    }
}

/// The foot that stays in sight. With a script it says how much is not saved; see `public/js/settings-form.js`.
#[component]
fn Save() -> impl IntoView {
    let texts = texts();
    let save = texts.settings_save();
    view! {
        <div class="save actions">
            <Submit>{save}</Submit>
            <span
                role="status"
                data-one=texts.settings_unsaved_one()
                data-many=texts.settings_unsaved_many("#")
            ></span>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_is_known_as_the_form_sends_it() {
        let settings = ProgramSettings { referral_codes_enabled: true, ..ProgramSettings::default() };
        let saved: Value = serde_json::from_str(&saved(settings)).expect("JSON");
        for (name, value) in [
            ("referral_codes_enabled", "true"),
            ("referral_codes_required", ""),
            ("accent_color", ""),
            ("default_goal", "10"),
            ("attribution_model", "last_click"),
        ] {
            assert_eq!(saved[name], value, "{name}");
        }
    }
}

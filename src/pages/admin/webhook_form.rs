//! The fields of an endpoint.

use crate::{
    components::{
        field::{Field, FieldMessage, Kind},
        form::Submitted,
        select::Select,
    },
    domain::{events::EventKind, webhooks::endpoint::EventFilter},
    text::texts,
    view_models::webhooks::WebhookEndpoint,
};
use leptos::prelude::*;

/// Types of events, by what the first part of their name says.
const GROUPS: [(&str, &[&str]); 5] = [
    ("users", &["user"]),
    ("referrals", &["referral"]),
    ("payments", &["conversion"]),
    ("rewards", &["reward"]),
    ("program", &["code", "goal"]),
];

/// The fields, empty for a new endpoint.
#[component]
pub fn Fields(#[prop(optional)] endpoint: Option<WebhookEndpoint>) -> impl IntoView {
    let texts = texts();
    let (url, description, events) = match endpoint {
        Some(endpoint) => (endpoint.url, endpoint.description, endpoint.events),
        None => (String::new(), String::new(), EventFilter::all()),
    };
    let which = vec![("all", texts.webhooks_which_all()), ("some", texts.webhooks_which_some())];
    let chosen = if events.is_all() { "all" } else { "some" };
    view! {
        <Field name="url" label=texts.webhooks_url() kind=Kind::Address hint=texts.webhooks_url_hint() value=url />
        <Field
            name="description"
            label=texts.webhooks_description()
            kind=Kind::Prose
            optional=true
            hint=texts.webhooks_description_hint()
            value=description
        />
        <Select name="which" label=texts.webhooks_which() choices=which value=chosen />
        <Events events=events />
    }
}

/// A box for each type of event, in groups.
#[component]
fn Events(events: EventFilter) -> impl IntoView {
    let texts = texts();
    let sent = use_context::<Submitted>().unwrap_or_default();
    let error = sent.error("events");
    // What was sent has no field where no box was ticked.
    let chosen: Vec<String> = if sent.values.is_empty() {
        EventKind::ALL
            .iter()
            .filter(|kind| !events.is_all() && events.takes(**kind))
            .map(|kind| kind.as_str().into())
            .collect()
    } else {
        sent.value("events").map(|names| names.split(',').map(str::to_owned).collect()).unwrap_or_default()
    };
    let groups = GROUPS.map(|(name, nouns)| {
        let title = match name {
            "users" => texts.webhooks_group_users(),
            "referrals" => texts.webhooks_group_referrals(),
            "payments" => texts.webhooks_group_payments(),
            "rewards" => texts.webhooks_group_rewards(),
            _ => texts.webhooks_group_program(),
        };
        view! { <Group title=title nouns=nouns chosen=chosen.clone() /> }
    });
    view! {
        <div class="event-groups">
            <FieldMessage id="events" error=error />
            {groups}
        </div>
    }
}

#[component]
fn Group(title: String, nouns: &'static [&'static str], chosen: Vec<String>) -> impl IntoView {
    let of_group = |kind: &&EventKind| kind.as_str().split('.').next().is_some_and(|noun| nouns.contains(&noun));
    let boxes = EventKind::ALL.iter().filter(of_group).map(|kind| {
        let name = kind.as_str();
        let ticked = chosen.iter().any(|chosen| chosen == name);
        view! {
            <label class="tick">
                <input type="checkbox" name="events" value=name checked=ticked autocomplete="off" />
                <span>{texts().webhook_event(*kind)} <code class="note">{name}</code></span>
            </label>
        }
    });
    let name = title.clone();
    view! {
        <div class="field" role="group" aria-label=name>
            <span class="label">{title}</span>
            {boxes.collect_view()}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_event_is_in_one_group() {
        for kind in EventKind::ALL {
            let noun = kind.as_str().split('.').next().unwrap_or_default();
            let groups = GROUPS.iter().filter(|(_, nouns)| nouns.contains(&noun)).count();
            assert_eq!(groups, 1, "{}", kind.as_str());
        }
    }
}

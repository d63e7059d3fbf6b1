//! The sentence of a rule, which follows the form beside it.

use crate::functions::rules::rule_sentence;
use leptos::{
    ev,
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{FormData, HtmlFormElement, js_sys::Array},
};
use std::{collections::BTreeMap, time::Duration};

/// How long the typing must rest before the sentence follows.
const DEBOUNCE: Duration = Duration::from_millis(300);

/// The form of a rule: the one that asks for the occasion.
const FORM: &str = "form:has([name=\"trigger\"])";

/// The fields of the form as they are now.
fn fields() -> Option<BTreeMap<String, String>> {
    let form = document().query_selector(FORM).ok()??.dyn_into::<HtmlFormElement>().ok()?;
    let pair = |entry: JsValue| {
        let entry = Array::from(&entry);
        Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
    };
    Some(Array::from(&FormData::new_with_form(&form).ok()?.into()).iter().filter_map(pair).collect())
}

/// Begins with the sentence that the server rendered.
#[island]
pub fn RuleSentence(sentence: String) -> impl IntoView {
    let shown = RwSignal::new(sentence);
    let request_id = StoredValue::new(0_u32);
    let follow = move || {
        let this = request_id.get_value() + 1;
        request_id.set_value(this);
        let newest = move || request_id.try_get_value() == Some(this);
        let ask = move || {
            let Some(fields) = fields().filter(|_| newest()) else { return };
            spawn_local(async move {
                // Without an answer the sentence stays behind; the page that comes after saving has the right one.
                if let (Ok(sentence), true) = (rule_sentence(fields).await, newest()) {
                    shown.set(sentence);
                }
            });
        };
        set_timeout(ask, DEBOUNCE);
    };
    Effect::new(move |_| {
        // For what was typed before this woke, or came back with a refused form.
        follow();
        window_event_listener(ev::input, move |_| follow());
    });
    view! {
        <p role="status" data-testid="rule-sentence">
            {move || shown.get()}
        </p>
    }
}

//! A link with a button that copies it.

use crate::components::{
    alert::Tone,
    badge::Badge,
    icon::{Icon, Symbol},
};
use leptos::{
    html::Input,
    prelude::*,
    task::spawn_local,
    wasm_bindgen::JsCast,
    web_sys::{
        HtmlInputElement,
        js_sys::{Function, Reflect},
    },
};
use std::time::Duration;

/// How long the confirmation stays.
const SHOWN: Duration = Duration::from_secs(4);

/// Copies by the clipboard where the browser has one (it asks for https), else what is selected in the field.
async fn copy(link: &str, field: &HtmlInputElement) -> bool {
    let clipboard = window().navigator().clipboard();
    if !clipboard.is_undefined() && clipboard.write_text(link).await.is_ok() {
        return true;
    }
    field.select();
    Reflect::get(&document(), &"execCommand".into())
        .and_then(|run| run.unchecked_into::<Function>().call1(&document(), &"copy".into()))
        .is_ok_and(|done| done.is_truthy())
}

/// The link, to read, select or copy; `label` says whose it is.
#[island]
pub fn CopyLink(link: String, label: String) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    let said = RwSignal::new(None);
    let times = StoredValue::new(0_u32);
    let press = {
        let link = link.clone();
        move |_| {
            let (link, Some(field)) = (link.clone(), field.get_untracked()) else { return };
            let this = times.get_value() + 1;
            times.set_value(this);
            spawn_local(async move {
                let copied = copy(&link, &field).await;
                said.set(Some(if copied { "Copied" } else { "Press Ctrl+C, or hold to copy" }));
                let clear = move || {
                    if times.get_value() == this {
                        said.set(None);
                    }
                };
                set_timeout(clear, SHOWN);
            });
        }
    };
    view! {
        <div class="copy">
            <input
                node_ref=field
                type="text"
                readonly=true
                value=link
                aria-label=label
                data-testid="referral-link"
                on:focus=move |_| {
                    if let Some(field) = field.get_untracked() {
                        field.select();
                    }
                }
            />
            <button type="button" class="button primary needs-script" on:click=press>
                <Icon of=Symbol::Copy />
                "Copy"
            </button>
            <p class="said" role="status">
                {move || said.get().map(|text| view! { <Badge tone=Tone::Good text=text /> })}
            </p>
        </div>
    }
}

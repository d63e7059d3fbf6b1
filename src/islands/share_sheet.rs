//! A button that opens the device's own share sheet.

use crate::components::icon::{Icon, Symbol};
use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_bindgen::JsCast,
    web_sys::js_sys::{Function, Object, Promise, Reflect},
};

/// The browser's own way to share, if it has one.
fn device_share() -> Option<Function> {
    Reflect::get(&window().navigator(), &"share".into()).ok()?.dyn_into().ok()
}

/// Opens the device's share sheet with a link; not there where the browser has none.
#[island]
pub fn ShareSheet(link: String, text: String) -> impl IntoView {
    let offered = RwSignal::new(false);
    Effect::new(move |_| offered.set(device_share().is_some()));
    let press = move |_| {
        let Some(share) = device_share() else { return };
        let what = Object::new();
        let parts = [("text", text.clone()), ("url", format!("{link}?via=share"))];
        for (name, value) in parts {
            let _ = Reflect::set(&what, &name.into(), &value.into());
        }
        let asked = share.call1(&window().navigator(), &what);
        spawn_local(async move {
            // Closing the sheet counts as a refusal; there is nothing to say about it.
            if let Ok(Ok(promise)) = asked.map(|asked| asked.dyn_into::<Promise>()) {
                let _ = promise.await;
            }
        });
    };
    view! {
        <button type="button" class="button" hidden=move || !offered.get() on:click=press>
            <Icon of=Symbol::Share />
            "Share …"
        </button>
    }
}

//! The scripts of pages that have islands; other pages have none.

use super::frame::Frame;
use leptos::{nonce::use_nonce, prelude::*};

/// Wakes the page's islands when the browser is idle.
#[component]
pub fn Scripts(
    /// A selector: nothing is fetched before something that it matches has the focus.
    #[prop(optional)]
    wake: Option<&'static str>,
    /// Whether the page shows live numbers.
    #[prop(optional)]
    live: bool,
) -> impl IntoView {
    let Frame { assets, viewer, .. } = expect_context();
    let nonce = use_nonce();
    let ahead = wake.is_none().then(|| {
        view! {
            <link rel="modulepreload" href=assets.js.clone() nonce=nonce.clone() fetchpriority="low" />
            <link
                rel="preload"
                r#as="fetch"
                r#type="application/wasm"
                crossorigin="anonymous"
                href=assets.wasm.clone()
                fetchpriority="low"
            />
        }
    });
    let live = live.then(|| {
        let who = viewer.map(|viewer| viewer.username);
        view! { <script type="module" src=assets.live.clone() data-who=who nonce=nonce.clone()></script> }
    });
    view! {
        {ahead}
        {live}
        <script
            type="module"
            src=assets.hydrate.clone()
            data-js=assets.js.clone()
            data-wasm=assets.wasm.clone()
            data-wake=wake
            nonce=nonce
        ></script>
    }
}

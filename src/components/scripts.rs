//! The scripts of pages. A page without islands that nobody is signed in on has only the early one.

use crate::{text::texts, view_models::page::PageContext};
use leptos::{nonce::use_nonce, prelude::*};

/// Says to the style, before anything is shown, whether the browser can share.
const CAN_SHARE: &str = "if(navigator.share)document.documentElement.dataset.canShare=''";

/// What works before all other scripts, and without them, on every page: in its head.
#[component]
pub fn EarlyScript() -> impl IntoView {
    let PageContext { assets, .. } = expect_context();
    let nonce = use_nonce();
    view! {
        <script nonce=nonce.clone()>{CAN_SHARE}</script>
        <script
            type="module"
            r#async=true
            src=assets.early.clone()
            data-sending=texts().script_sending()
            nonce=nonce
        ></script>
    }
}

/// Presses the button of the page's form, when the page is shown: not while the browser only prepares it.
const SEND_AT_ONCE: &str = "(send=>document.prerendering?document.addEventListener('prerenderingchange',send,{once:true}):send())\
                            (()=>document.querySelector('main form').requestSubmit())";

/// Sends the form of the page at once. Comes after it; without scripts somebody presses its button.
#[component]
pub fn SendAtOnce() -> impl IntoView {
    view! { <script nonce=use_nonce()>{SEND_AT_ONCE}</script> }
}

/// Wakes the page's islands when the browser is idle.
#[component]
pub fn Scripts(
    /// A selector: nothing is fetched before something that it matches has the focus.
    #[prop(optional)]
    wake: Option<&'static str>,
) -> impl IntoView {
    let PageContext { assets, .. } = expect_context();
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
    view! {
        {ahead}
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

/// Receives live updates of whoever is signed in, on every page of theirs.
#[component]
pub fn LiveScript() -> impl IntoView {
    let PageContext { assets, viewer, settings_version, .. } = expect_context();
    let nonce = use_nonce();
    viewer.map(|viewer| {
        view! {
            <script
                type="module"
                src=assets.partial_refresh.clone()
                data-idiomorph=assets.idiomorph.clone()
                nonce=nonce.clone()
            ></script>
            <script
                type="module"
                src=assets.live.clone()
                data-who=viewer.username
                data-settings=settings_version.map(|version| version.to_string())
                nonce=nonce
            ></script>
        }
    })
}

/// Checks the forms of a page that say where to ask, while they are filled in.
#[component]
pub fn FormChecksScript() -> impl IntoView {
    let PageContext { assets, .. } = expect_context();
    view! { <script type="module" src=assets.form_checks.clone() nonce=use_nonce()></script> }
}

/// Says what of the settings is not saved, and shows the program's colour while it is chosen.
#[component]
pub fn SettingsFormScript() -> impl IntoView {
    let PageContext { assets, .. } = expect_context();
    view! { <script type="module" src=assets.settings_form.clone() nonce=use_nonce()></script> }
}

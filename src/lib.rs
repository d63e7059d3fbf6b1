//! Passalong, the referral program you host yourself.
//!
//! The map of the house; arrows point one way only:
//!
//! - [`domain`]: the rules. Pure, for both halves.
//! - [`functions`]: all that a browser may call, one file per noun.
//! - [`pages`]: one file per screen, rendered on the server.
//! - [`islands`]: what comes alive in the browser.
//! - [`components`]: plain views that call nothing.
//! - `server`: everything with a socket, a disk or a clock. Its doors (functions, web) call
//!   `actions`, one transaction each; actions ask `domain` and write through `store`.
//!
//! ```text
//! pages → functions, islands, components      doors → actions → domain, store
//! islands → functions, components             store → domain
//! components → domain                         domain → nothing
//! ```
#![recursion_limit = "256"]

pub mod app;
pub mod components;
pub mod domain;
pub mod error;
pub mod functions;
pub mod islands;
pub mod pages;

#[cfg(feature = "ssr")]
pub mod server;

/// Where the browser half starts: prepares the islands, which the page then wakes one by one.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}

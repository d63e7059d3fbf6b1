//! Passalong, the referral program you host yourself.
//!
//! The rooms of the house; arrows between them point one way only, which `cargo xtask architecture` checks.
//!
//! - [`domain`]: the rules. Pure, for both halves.
//! - [`view_models`]: records that pages, islands, API and queries share.
//! - [`functions`]: all that a browser may call, one file per noun.
//! - `text`: all words for people, from `locales/`.
//! - [`pages`]: one file per screen, rendered on the server.
//! - [`islands`]: what is alive in the browser.
//! - [`components`]: plain views that call nothing.
//! - `server`: everything with a socket, a disk or a clock; see `docs/architecture.md`.
#![recursion_limit = "256"]

pub mod app;
pub mod components;
pub mod domain;
pub mod error;
pub mod functions;
pub mod islands;
pub mod pages;
#[cfg_attr(
    feature = "hydrate",
    expect(dead_code, reason = "the browser gets finished sentences; some are made for it by the server alone")
)]
mod text;
pub mod view_models;

#[cfg(feature = "ssr")]
pub mod server;

/// Where the browser half starts: prepares the islands, which the page then wakes one by one.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}

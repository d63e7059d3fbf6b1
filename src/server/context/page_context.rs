//! What every page and server function finds in its context.

use crate::{
    domain::{
        query_string::query_values,
        theme::{self, Color},
    },
    server::{
        context::request_context::{Identity, texts_of},
        state::AppState,
    },
    view_models::page::{Assets, PageContext, StyleSheet, Viewer},
};
use axum::http::{Method, Uri, request::Parts};
use std::sync::Arc;

/// What a page may show of the request that it answers.
pub fn page_context(state: &AppState, parts: &Parts) -> PageContext {
    let settings = state.settings.get();
    let identity = parts.extensions.get::<Arc<Identity>>();
    let viewer = identity.and_then(|identity| identity.caller.signed_in().ok().flatten());
    PageContext {
        program_name: settings.program_name.clone(),
        welcome_text: texts_of(state, parts).welcome(&settings.welcome_text),
        settings_version: (parts.method == Method::GET).then(|| state.settings.version().borrow().clone()),
        logo_url: settings.logo_url.clone().filter(|_| settings.logo_origin().is_some()),
        styles: styles(&state.assets, settings.accent_color.as_deref().and_then(Color::parse), viewer.is_none()),
        joined_through: None,
        viewer: viewer.map(|user| Viewer { username: user.username.clone(), admin: user.admin }),
        program_enabled: settings.referral_codes_enabled,
        waiting: None,
        form_number: format!("{:032x}", u128::from_le_bytes(state.rng.bytes())),
        here: here(&parts.uri),
        query: query_values(parts.uri.query()),
        base_url: state.base_url.clone(),
        assets: state.assets.clone(),
    }
}

/// The style sheets of a page, inside of it for whoever may come for the first time.
fn styles(assets: &Assets, color: Option<Color>, inline: bool) -> Vec<StyleSheet> {
    match inline && !assets.css_text.is_empty() {
        true => {
            let own = color.map(|color| StyleSheet::Inline(theme::css(color)));
            [StyleSheet::Inline(assets.css_text.clone())].into_iter().chain(own).collect()
        }
        false => {
            let own = color.map(|color| StyleSheet::Linked(color.stylesheet_address()));
            [StyleSheet::Linked(assets.css.clone())].into_iter().chain(own).collect()
        }
    }
}

/// Path and query; what a toast has confirmed is not confirmed again on the way back.
fn here(uri: &Uri) -> String {
    let kept = |pair: &&str| !pair.is_empty() && !pair.starts_with("done=");
    let query: Vec<&str> = uri.query().unwrap_or_default().split('&').filter(kept).collect();
    if query.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), query.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_says_nothing_that_was_done() {
        for (address, back) in [
            ("/", "/"),
            ("/admin/review?case=7&done=review-rejected", "/admin/review?case=7"),
            ("/profile?done=password", "/profile"),
            ("/signup?ref=A%20B&x", "/signup?ref=A%20B&x"),
        ] {
            assert_eq!(here(&address.parse().expect("an address")), back);
        }
    }
}

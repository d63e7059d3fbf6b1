//! Pages that cannot be shown.

use crate::{
    components::{
        button::{LinkButton, Weight},
        layout::{Layout, Width},
    },
    error::AppError,
};
use leptos::prelude::*;

/// No page has this address.
#[component]
pub fn Missing() -> impl IntoView {
    view! { <Problem error=AppError::NotFound /> }
}

/// Says what is wrong, with the status that says the same.
#[component]
pub fn Problem(error: AppError) -> impl IntoView {
    answer(&error);
    let title = match error {
        AppError::SignedOut => "Please sign in",
        AppError::Forbidden => "Not for you",
        AppError::NotFound => "Nothing here",
        AppError::TooManyRequests { .. } => "Too often",
        _ => "That did not work",
    };
    let (href, text) = match error {
        AppError::SignedOut => ("/signin", "Sign in"),
        _ => ("/", "To the home page"),
    };
    view! {
        <Layout title=title width=Width::Narrow>
            <div class="card problem">
                <p class="status" aria-hidden="true">
                    {error.status()}
                </p>
                <h1>{title}</h1>
                <p>{error.to_string()}</p>
                <LinkButton weight=Weight::Plain href=href>
                    {text}
                </LinkButton>
            </div>
        </Layout>
    }
}

/// Gives the page the status of `error`; who is signed out is sent to sign in.
fn answer(error: &AppError) {
    #[cfg(feature = "ssr")]
    crate::server::context::request_context::respond_with_error(error);
    #[cfg(not(feature = "ssr"))]
    let _ = error;
}

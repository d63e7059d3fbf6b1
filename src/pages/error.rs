//! Pages that cannot be shown.

use crate::{
    components::{
        button::{LinkButton, Weight},
        layout::{Layout, Width},
    },
    error::{AppError, Refusal},
    text::texts,
};
use leptos::prelude::*;

/// No page has this address; a form may, and then this says why it was refused.
#[component]
pub fn Missing() -> impl IntoView {
    let error = use_context::<Refusal>().unwrap_or_else(|| AppError::NotFound.into());
    view! { <Problem error=error /> }
}

/// Says what is wrong, with the status that says the same.
#[component]
pub fn Problem(error: Refusal) -> impl IntoView {
    answer(&error);
    let title = match error.status {
        401 => texts().problem_sign_in(),
        403 => texts().problem_no_access(),
        404 => texts().problem_not_found(),
        429 => texts().problem_too_many(),
        _ => texts().problem_other(),
    };
    let (href, text) = match error.status {
        401 => ("/signin", texts().problem_to_sign_in()),
        _ => ("/", texts().problem_to_home()),
    };
    view! {
        <Layout title=title.clone() width=Width::Narrow>
            <div class="card problem">
                <p class="status" aria-hidden="true">
                    {error.status}
                </p>
                <h1>{title}</h1>
                <p>{error.message}</p>
                <LinkButton weight=Weight::Plain href=href>
                    {text}
                </LinkButton>
            </div>
        </Layout>
    }
}

/// Gives the page the status of `error`; who is signed out is sent to sign in.
pub(super) fn answer(error: &Refusal) {
    #[cfg(feature = "ssr")]
    crate::server::context::request_context::respond_with_error(error);
    #[cfg(not(feature = "ssr"))]
    let _ = error;
}

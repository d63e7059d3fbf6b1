//! One file per screen, rendered on the server.

mod activity;
pub mod admin;
pub mod api_docs;
pub mod dashboard;
pub mod error;
pub mod forgot;
pub mod friends;
pub mod home;
mod link;
pub mod profile;
pub mod reset;
pub mod set_up;
pub mod sign_in;
pub mod sign_in_link;
pub mod sign_up;
mod signed_in;
pub mod verify;

use crate::{error::Refusal, view_models::page::PageContext};
use leptos::{either::Either, prelude::*};

/// Waits for a page's data and shows it, or says why there is none.
fn load<T, V>(
    data: impl Future<Output = Result<T, Refusal>> + Send + 'static,
    view: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    V: IntoView + 'static,
{
    Suspend::new(async move {
        match data.await {
            Ok(data) => Either::Left(view(data)),
            Err(error) => Either::Right(view! { <error::Problem error=error /> }),
        }
    })
}

/// A parameter of the page's address; empty where there is none.
fn query(name: &str) -> String {
    expect_context::<PageContext>().query(name).unwrap_or_default().to_owned()
}

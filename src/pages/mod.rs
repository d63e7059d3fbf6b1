//! One file per screen, rendered on the server.

mod activity;
pub mod admin;
pub mod api_docs;
pub mod dashboard;
pub mod error;
pub mod home;
pub mod profile;
pub mod set_up;
pub mod sign_in;
pub mod sign_up;

use crate::error::AppError;
use leptos::{either::Either, prelude::*};

/// Waits for a page's data and shows it, or says why there is none.
fn load<T, V>(
    data: impl Future<Output = Result<T, AppError>> + Send + 'static,
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

/// Gives the page the status of `error`; who is signed out is sent to sign in.
fn answer(error: &AppError) {
    #[cfg(feature = "ssr")]
    crate::server::door::answer_with(error);
    #[cfg(not(feature = "ssr"))]
    let _ = error;
}

/// A parameter of the page's address. (The router's own map decodes its values twice.)
fn query(name: &str) -> Option<String> {
    #[cfg(feature = "ssr")]
    {
        let here = expect_context::<crate::components::frame::Frame>().here;
        crate::server::links::query_value(here.split_once('?').map(|(_, query)| query), name)
    }
    #[cfg(not(feature = "ssr"))]
    {
        let _ = name;
        None
    }
}

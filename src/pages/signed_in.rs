//! What the pages to sign up and to sign in show to somebody who is signed in.

use crate::{
    components::{
        button::LinkButton,
        header::{SignOut, WayOn},
        layout::{Layout, Width},
    },
    domain::path::LocalPath,
    pages::query,
    text::texts,
    view_models::page::Viewer,
};
use leptos::{either::Either, prelude::*};

/// Says who is signed in, and leads on: to `next` in the address, if that is a page of this site.
#[component]
pub fn AlreadySignedIn(viewer: Viewer) -> impl IntoView {
    let title = texts().signed_in_title();
    let who = texts().signed_in_as(viewer.username.as_str());
    let way = match LocalPath::parse(&query("next")) {
        Some(next) => Either::Left(view! {
            <LinkButton href=next.as_str().to_owned()>{texts().signed_in_continue()}</LinkButton>
        }),
        None => Either::Right(view! { <WayOn viewer=viewer /> }),
    };
    view! {
        <Layout title=title.clone() width=Width::Narrow>
            <div class="card">
                <h1>{title}</h1>
                <p>{who}</p>
                <div class="actions">{way} <SignOut /></div>
            </div>
        </Layout>
    }
}

//! The page header: name of the program, navigation, sign-out.

use crate::{
    components::{button::LinkButton, icon::Logo, nav::NavLink},
    domain::path::start_page,
    text::texts,
    view_models::page::{PageContext, Viewer},
};
use leptos::{either::Either, prelude::*};

/// The top of every page.
#[component]
pub fn Header() -> impl IntoView {
    let texts = texts();
    let frame = expect_context::<PageContext>();
    let links = match frame.viewer {
        Some(viewer) => Either::Left(view! {
            <NavLink href="/dashboard" text=texts.page_dashboard() />
            <NavLink href="/referrals" text=texts.friends_title() />
            {viewer.admin.then(|| view! { <NavLink href="/admin" text=texts.page_admin() section=true /> })}
            <NavLink href="/profile" text=texts.page_profile() />
            <li>
                <SignOut />
            </li>
        }),
        None => Either::Right(view! {
            <NavLink href="/signin" text=texts.page_sign_in() />
            <NavLink href="/signup" text=texts.page_sign_up() />
        }),
    };
    let logo = match frame.logo_url {
        Some(url) => {
            Either::Left(view! { <img class="logo" src=url alt="" height="28" referrerpolicy="no-referrer" /> })
        }
        None => Either::Right(view! { <Logo /> }),
    };
    view! {
        <header class="top">
            <a class="brand" href="/">
                {logo}
                {frame.program_name}
            </a>
            <nav aria-label=texts.page_menu()>
                <ul>{links}</ul>
            </nav>
        </header>
    }
}

/// Ends this browser's session.
#[component]
pub fn SignOut() -> impl IntoView {
    view! {
        <form method="post" action="/signout">
            <input type="hidden" name="form" value="sign_out" />
            <button type="submit" class="link">
                {texts().page_sign_out()}
            </button>
        </form>
    }
}

/// Leads on somebody who is signed in: an admin to the overview, everybody else to their dashboard.
#[component]
pub fn WayOn(viewer: Viewer) -> impl IntoView {
    let texts = texts();
    let text = if viewer.admin { texts.page_to_overview() } else { texts.page_to_dashboard() };
    view! { <LinkButton href=start_page(viewer.admin)>{text}</LinkButton> }
}

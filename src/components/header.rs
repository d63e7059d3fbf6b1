//! The page header: name of the program, navigation, sign-out.

use crate::{
    components::{icon::Logo, nav::NavLink},
    text::texts,
    view_models::page::PageContext,
};
use leptos::{either::Either, prelude::*};

/// The top of every page.
#[component]
pub fn Header() -> impl IntoView {
    let frame = expect_context::<PageContext>();
    let links = match frame.viewer {
        Some(viewer) => Either::Left(view! {
            <NavLink href="/dashboard" text="Dashboard" />
            <NavLink href="/referrals" text=texts().friends_title() />
            {viewer.admin.then(|| view! { <NavLink href="/admin" text="Admin" section=true /> })}
            <NavLink href="/profile" text="Profile" />
            <li>
                <SignOut />
            </li>
        }),
        None => Either::Right(view! {
            <NavLink href="/signin" text="Sign in" />
            <NavLink href="/signup" text="Sign up" />
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
            <nav aria-label="Main">
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
                "Sign out"
            </button>
        </form>
    }
}

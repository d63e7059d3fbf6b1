//! Name of the program and the way around.

use super::{frame::Frame, icon::Logo, nav::NavLink};
use leptos::{either::Either, prelude::*};

/// The top of every page.
#[component]
pub fn Header() -> impl IntoView {
    let frame = expect_context::<Frame>();
    let links = match frame.viewer {
        Some(viewer) => Either::Left(view! {
            <NavLink href="/dashboard" text="Dashboard" />
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
    view! {
        <header class="top">
            <a class="brand" href="/">
                <Logo />
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

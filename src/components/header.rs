//! Name of the program and the way around.

use super::{frame::Frame, icon::Logo};
use leptos::{either::Either, prelude::*};

/// The top of every page.
#[component]
pub fn Header() -> impl IntoView {
    let frame = expect_context::<Frame>();
    let path = frame.here.split('?').next().unwrap_or_default().to_owned();
    let link = move |href: &'static str, text: &'static str| {
        let here = (path == href).then_some("page");
        view! {
            <li>
                <a href=href aria-current=here>
                    {text}
                </a>
            </li>
        }
    };
    let links = match frame.viewer {
        Some(_) => Either::Left(view! {
            {link("/dashboard", "Dashboard")}
            {link("/profile", "Profile")}
            <li>
                <SignOut />
            </li>
        }),
        None => Either::Right(view! {
            {link("/signin", "Sign in")}
            {link("/signup", "Sign up")}
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

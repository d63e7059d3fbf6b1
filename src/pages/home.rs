//! What the program is, on one screen.

use crate::{
    components::{
        alert::Notice,
        button::{LinkButton, Weight},
        illustration::Illustration,
        layout::Layout,
    },
    functions::home::load_home,
    pages::load,
    text::texts,
    view_models::{home::Home, page::PageContext},
};
use leptos::{either::EitherOf3, prelude::*};

/// The home page.
#[component]
pub fn HomePage() -> impl IntoView {
    load(load_home(), |home| view! { <HomeView home=home /> })
}

#[component]
fn HomeView(home: Home) -> impl IntoView {
    let paused = (!home.program_enabled && !home.needs_set_up).then(|| {
        view! {
            <Notice title="The program is paused.">"Links still work, but nothing is counted at the moment."</Notice>
        }
    });
    let gift = |text: String| {
        view! {
            " "
            <span class="gift" data-testid="welcome">{text}</span>
        }
    };
    let friend = (!home.welcome.friend.is_empty()).then(|| gift(texts().home_friend_gets(home.welcome.friend)));
    let you = (!home.welcome.referrer.is_empty()).then(|| gift(texts().home_you_get(home.welcome.referrer)));
    view! {
        <Layout>
            <section class="hero">
                <div>
                    <h1>"Good things are worth passing along."</h1>
                    <p class="lead">{home.welcome_text}</p>
                    <div class="actions">
                        <Ways needs_set_up=home.needs_set_up />
                    </div>
                </div>
                <Illustration />
            </section>
            {paused}
            <ol class="steps">
                <li>
                    <h2>"Share your link"</h2>
                    <p>"You get a link of your own. Copy it, or send it with one tap."</p>
                </li>
                <li>
                    <h2>"Friends join"</h2>
                    <p>"They open it and sign up in seconds. We remember who sent them." {friend}</p>
                </li>
                <li>
                    <h2>"Watch it count"</h2>
                    <p>"Clicks and sign-ups appear on your dashboard the moment they happen." {you}</p>
                </li>
            </ol>
        </Layout>
    }
}

/// Where to go from here, for whoever is looking.
#[component]
fn Ways(needs_set_up: bool) -> impl IntoView {
    if needs_set_up {
        return EitherOf3::A(view! {
            <LinkButton href="/setup">"Set up the program"</LinkButton>
            <p class="note">"Nobody looks after this program yet. It takes a minute."</p>
        });
    }
    match expect_context::<PageContext>().viewer {
        Some(_) => EitherOf3::B(view! { <LinkButton href="/dashboard">"To my dashboard"</LinkButton> }),
        None => EitherOf3::C(view! {
            <LinkButton href="/signup">"Get your link"</LinkButton>
            <LinkButton weight=Weight::Plain href="/signin">
                "Sign in"
            </LinkButton>
        }),
    }
}

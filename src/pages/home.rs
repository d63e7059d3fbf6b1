//! What the program is, on one screen.

use crate::{
    components::{
        alert::Notice,
        button::{LinkButton, Weight},
        header::WayOn,
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
    let paused = (!home.program_enabled && !home.needs_set_up)
        .then(|| view! { <Notice title=texts().home_paused_title()>{texts().home_paused()}</Notice> });
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
                    <h1>{texts().home_title()}</h1>
                    <p class="lead written">{home.welcome_text}</p>
                    <div class="actions">
                        <Ways needs_set_up=home.needs_set_up />
                    </div>
                </div>
                <Illustration />
            </section>
            {paused}
            <ol class="steps">
                <li>
                    <h2>{texts().home_share()}</h2>
                    <p>{texts().home_share_note()}</p>
                </li>
                <li>
                    <h2>{texts().home_join()}</h2>
                    <p>{texts().home_join_note()} {friend}</p>
                </li>
                <li>
                    <h2>{texts().home_watch()}</h2>
                    <p>{texts().home_watch_note()} {you}</p>
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
            <LinkButton href="/setup">{texts().home_set_up()}</LinkButton>
            <p class="note">{texts().home_set_up_note()}</p>
        });
    }
    match expect_context::<PageContext>().viewer {
        Some(viewer) => EitherOf3::B(view! { <WayOn viewer=viewer /> }),
        None => EitherOf3::C(view! {
            <LinkButton href="/signup">{texts().home_get_link()}</LinkButton>
            <LinkButton weight=Weight::Plain href="/signin">
                {texts().page_sign_in()}
            </LinkButton>
        }),
    }
}

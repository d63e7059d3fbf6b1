//! The layout of every page: title, header, content, footer.

use crate::{
    components::{format::as_title, header::Header, scripts::LiveScript, toast::Toast},
    view_models::page::PageContext,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// How wide the content of a page is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// For cards and tables.
    #[default]
    Wide,
    /// For a single form.
    Narrow,
}

/// Title, header, content, footer. Without a title the page is called like the program.
#[component]
pub fn Layout(
    #[prop(optional, into)] title: Option<String>,
    #[prop(optional)] width: Width,
    children: Children,
) -> impl IntoView {
    let program = expect_context::<PageContext>().program_name;
    let title = match title {
        Some(title) => format!("{title} · {program}"),
        None => program.clone(),
    };
    view! {
        <Title text=as_title(&title) />
        <a class="skip" href="#main">
            "Skip to the content"
        </a>
        <Header />
        <main id="main" tabindex="-1" class:narrow=width == Width::Narrow>
            {children()}
        </main>
        <Toast />
        <footer class="bottom">
            <p>{program} " · Referral program"</p>
        </footer>
        <LiveScript />
    }
}

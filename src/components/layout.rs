//! The layout of every page: title, header, content, footer.

use crate::{
    components::{format::as_title, header::Header, scripts::LiveScript, toast::Toast},
    text::{language::Language, texts},
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
    /// What stands at the side of the content.
    #[prop(optional, into)]
    side: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    let program = expect_context::<PageContext>().program_name;
    let title = match title {
        Some(title) => format!("{title} · {program}"),
        None => program.clone(),
    };
    let texts = texts();
    view! {
        <Title text=as_title(&title) />
        <a class="skip" href="#main">
            {texts.page_skip()}
        </a>
        <Header />
        {side.run()}
        <main id="main" tabindex="-1" class:narrow=width == Width::Narrow>
            {children()}
        </main>
        <Toast />
        <footer class="bottom">
            <p>{texts.page_foot(program)}</p>
            <LanguageChoice />
        </footer>
        <LiveScript />
    }
}

/// The languages that the program speaks; pressing one shows the page again in it.
#[component]
fn LanguageChoice() -> impl IntoView {
    let texts = texts();
    let here = expect_context::<PageContext>().here;
    let chosen = texts.language;
    let languages = Language::offered()
        .map(|language| {
            view! {
                <li>
                    <button
                        type="submit"
                        class="link"
                        name="language"
                        value=language.tag()
                        lang=language.tag()
                        aria-current=(language == chosen).then_some("true")
                    >
                        {language.name()}
                    </button>
                </li>
            }
        })
        .collect_view();
    view! {
        <form method="post" action="/language" class="languages">
            <input type="hidden" name="next" value=here />
            <ul aria-label=texts.page_language()>{languages}</ul>
        </form>
    }
}

//! The contents of a long page beside it: links to its sections.

use leptos::prelude::*;

/// A link of a page's contents, and those below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexEntry {
    /// The id of what it leads to.
    pub id: String,
    pub text: String,
    /// The language of the text, where it is not that of the page.
    pub lang: Option<&'static str>,
    pub below: Vec<IndexEntry>,
}

impl IndexEntry {
    /// A link with nothing below it.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self { id: id.into(), text: text.into(), lang: None, below: vec![] }
    }
}

/// The contents beside what they lead to: a list that stays in sight, folded on narrow screens. `children` are the
/// page.
#[component]
pub fn Indexed(
    /// What the list is called.
    #[prop(into)]
    title: String,
    entries: Vec<IndexEntry>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="indexed">
            <details class="index-folded">
                <summary>{title.clone()}</summary>
                <nav aria-label=title.clone()>
                    <Entries entries=entries.clone() />
                </nav>
            </details>
            <nav class="index" aria-label=title>
                <Entries entries=entries />
            </nav>
            <div class="stack">{children()}</div>
        </div>
    }
}

#[component]
fn Entries(entries: Vec<IndexEntry>) -> impl IntoView {
    let entries = entries.into_iter().map(|IndexEntry { id, text, lang, below }| {
        let below = (!below.is_empty()).then(|| view! { <Entries entries=below /> }.into_any());
        view! {
            <li>
                <a href=format!("#{id}") lang=lang>
                    {text}
                </a>
                {below}
            </li>
        }
    });
    view! { <ul>{entries.collect_view()}</ul> }.into_any()
}

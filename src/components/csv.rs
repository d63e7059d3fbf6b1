//! The link that downloads a table as CSV.

use crate::text::texts;
use leptos::prelude::*;

/// A link to the whole table as CSV, where there is one.
#[component]
pub fn Csv(href: Option<String>) -> impl IntoView {
    view! { <CsvLink href=href text=texts().list_download() /> }
}

/// The same in an island, which gets its text.
#[component]
pub fn CsvLink(href: Option<String>, text: String) -> impl IntoView {
    href.map(|href| {
        view! {
            <p>
                <a href=href download="">
                    {text}
                </a>
            </p>
        }
    })
}

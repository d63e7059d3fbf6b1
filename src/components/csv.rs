//! The link that downloads a table as CSV.

use leptos::prelude::*;

/// A link to the whole table as CSV, where there is one.
#[component]
pub fn Csv(href: Option<String>) -> impl IntoView {
    href.map(|href| {
        view! {
            <p>
                <a href=href download="">
                    "Download CSV"
                </a>
            </p>
        }
    })
}

//! The column heads of the table; some sort it.

use crate::{
    islands::codes_table::{query_string, state::TableState},
    view_models::codes::CodeSort,
};
use leptos::{prelude::*, web_sys::MouseEvent};
use std::time::Duration;

/// The row of heads.
#[component]
pub fn TableHeader(codes: TableState) -> impl IntoView {
    let words = codes.words.get_value();
    view! {
        <thead>
            <tr>
                <Sortable codes=codes by=CodeSort::Code name=words.code />
                <Sortable codes=codes by=CodeSort::Status name=words.status />
                <Sortable codes=codes by=CodeSort::Uses name=words.sign_ups number=true />
                <Sortable codes=codes by=CodeSort::Clicks name=words.clicks number=true />
                <Sortable codes=codes by=CodeSort::Created name=words.created />
                <Sortable codes=codes by=CodeSort::Expires name=words.expires />
                <Sortable codes=codes by=CodeSort::Beneficiary name=words.beneficiary />
                <th scope="col">{words.switch}</th>
            </tr>
        </thead>
    }
}

/// A press that means this page, not another tab or window.
pub fn is_plain_click(event: &MouseEvent) -> bool {
    event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key())
}

#[component]
fn Sortable(codes: TableState, by: CodeSort, name: String, #[prop(optional)] number: bool) -> impl IntoView {
    let order = move || {
        codes.filter.with(|filter| match (filter.sort == by, filter.descending) {
            (true, true) => Some("descending"),
            (true, false) => Some("ascending"),
            _ => None,
        })
    };
    let wanted = move || codes.filter.with_untracked(|filter| query_string::sort_by(filter, by));
    view! {
        <th scope="col" class:number=number aria-sort=order>
            <a
                href=move || codes.filter.with(|filter| query_string::page_address(&query_string::sort_by(filter, by)))
                on:click=move |event| {
                    if is_plain_click(&event) {
                        event.prevent_default();
                        codes.show(wanted(), Duration::ZERO);
                    }
                }
            >
                {name}
            </a>
        </th>
    }
}

//! The heads of the columns; some sort.

use super::{address, state::Codes};
use crate::functions::campaigns::SortBy;
use leptos::{prelude::*, web_sys::MouseEvent};
use std::time::Duration;

/// The row of heads.
#[component]
pub fn Head(codes: Codes) -> impl IntoView {
    view! {
        <thead>
            <tr>
                <Sortable codes=codes by=SortBy::Code name="Code" />
                <Sortable codes=codes by=SortBy::Status name="Status" />
                <Sortable codes=codes by=SortBy::Uses name="Uses" number=true />
                <Sortable codes=codes by=SortBy::Clicks name="Clicks" number=true />
                <Sortable codes=codes by=SortBy::Created name="Created" />
                <Sortable codes=codes by=SortBy::Expires name="Expires" />
                <Sortable codes=codes by=SortBy::Beneficiary name="Beneficiary" />
                <th scope="col">"On"</th>
            </tr>
        </thead>
    }
}

/// A press that means this page, not another tab or window.
pub fn is_plain(event: &MouseEvent) -> bool {
    event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key())
}

#[component]
fn Sortable(codes: Codes, by: SortBy, name: &'static str, #[prop(optional)] number: bool) -> impl IntoView {
    let order = move || {
        codes.filter.with(|filter| match (filter.sort == by, filter.descending) {
            (true, true) => Some("descending"),
            (true, false) => Some("ascending"),
            _ => None,
        })
    };
    let wanted = move || codes.filter.with_untracked(|filter| address::sorted(filter, by));
    view! {
        <th scope="col" class:number=number aria-sort=order>
            <a
                href=move || codes.filter.with(|filter| address::of(&address::sorted(filter, by)))
                on:click=move |event| {
                    if is_plain(&event) {
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

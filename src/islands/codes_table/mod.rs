//! The table of campaign codes, which searches, sorts and switches without leaving the page.

mod filters;
pub mod header;
pub mod query_string;
mod row;
mod state;

use crate::{
    components::{
        alert::Alert,
        csv::CsvLink,
        empty::Empty,
        icon::Symbol,
        pager::{PagerLinks, PagerWords},
    },
    islands::codes_table::state::TableState,
    view_models::codes::{CodesPage, CodesWords},
};
use leptos::{either::Either, prelude::*};

/// Filter form, table and pages. `refused` is what the server said about a switch without a script.
#[island]
pub fn CodesTable(page: CodesPage, words: CodesWords, refused: String) -> impl IntoView {
    let categories = page.categories.clone();
    let codes = TableState::of(page, words, refused);
    codes.watch();
    let alert = move || {
        let message = codes.refused.get();
        (!message.is_empty()).then(|| view! { <Alert>{message}</Alert> })
    };
    view! {
        <div class="stack">
            <filters::Filters codes=codes categories=categories />
            {alert}
            <p class="unseen" role="status">
                {move || codes.found.get()}
            </p>
            <Show when=move || codes.rows.with(|rows| !rows.is_empty()) fallback=move || view! { <Nothing codes=codes /> }>
                <div class="table codes" aria-busy=move || codes.loading.get().to_string()>
                    <table>
                        <caption class="unseen">{codes.words.with_value(|words| words.caption.clone())}</caption>
                        <header::TableHeader codes=codes />
                        <tbody>
                            <For each=move || codes.rows.get() key=|row| row.id let:row>
                                <row::Row codes=codes row=row />
                            </For>
                        </tbody>
                    </table>
                </div>
            </Show>
            <Pages codes=codes />
        </div>
    }
}

/// The ways to other pages, and to all of them as CSV.
#[component]
fn Pages(codes: TableState) -> impl IntoView {
    move || {
        let words = codes.words.get_value();
        let first = codes.filter.with(|filter| (!filter.after.is_empty()).then(|| query_string::first_page(filter)));
        let next = codes.next.get().map(|next| codes.filter.with(|filter| query_string::next_page(filter, &next)));
        let csv = codes.rows.with(|rows| !rows.is_empty()).then(|| codes.filter.with(query_string::csv_address));
        let pages = PagerWords { label: words.pages, first: words.first_page, next: words.next_page };
        view! {
            <PagerLinks first=first next=next words=pages />
            <CsvLink href=csv text=words.csv />
        }
    }
}

#[component]
fn Nothing(codes: TableState) -> impl IntoView {
    move || {
        let words = codes.words.get_value();
        match codes.filter.with(query_string::shows_all) {
            true => Either::Left(view! {
                <Empty symbol=Symbol::Gift title=words.empty_title>
                    {words.empty_note}
                </Empty>
            }),
            false => Either::Right(view! {
                <Empty symbol=Symbol::Info title=words.nothing_title>
                    {words.nothing_note}
                    " "
                    <a href=query_string::PATH>{words.show_all}</a>
                </Empty>
            }),
        }
    }
}

//! The table of campaign codes, which searches, sorts and switches without leaving the page.

mod filters;
pub mod header;
pub mod query_string;
mod row;
mod state;

use crate::{
    components::{alert::Alert, csv::Csv, empty::Empty, format::counted, icon::Symbol, pager::Pager},
    islands::codes_table::state::TableState,
    view_models::codes::CodesPage,
};
use leptos::{either::Either, prelude::*};

/// Filter form, table and pages. `refused` is what the server said about a switch without a script, `unreachable` what
/// is said when it cannot be reached.
#[island]
pub fn CodesTable(page: CodesPage, refused: String, unreachable: String) -> impl IntoView {
    let categories = page.categories.clone();
    let codes = TableState::of(page, refused, unreachable);
    codes.watch();
    let alert = move || {
        let message = codes.refused.get();
        (!message.is_empty()).then(|| view! { <Alert>{message}</Alert> })
    };
    let found = move || match codes.rows.with(Vec::len) as i64 {
        0 => "No codes.".to_owned(),
        found => format!("{} on this page.", counted(found, "code", "codes")),
    };
    let pager = move || {
        let first = codes.filter.with(|filter| (!filter.after.is_empty()).then(|| query_string::first_page(filter)));
        let next = codes.next.get().map(|next| codes.filter.with(|filter| query_string::next_page(filter, &next)));
        view! { <Pager first=first next=next /> }
    };
    view! {
        <div class="stack">
            <filters::Filters codes=codes categories=categories />
            {alert}
            <p class="unseen" role="status">
                {found}
            </p>
            <Show when=move || codes.rows.with(|rows| !rows.is_empty()) fallback=move || view! { <Nothing codes=codes /> }>
                <div class="table codes" aria-busy=move || codes.loading.get().to_string()>
                    <table>
                        <caption class="unseen">"Campaign codes"</caption>
                        <header::TableHeader codes=codes />
                        <tbody>
                            <For each=move || codes.rows.get() key=|row| row.id let:row>
                                <row::Row codes=codes row=row />
                            </For>
                        </tbody>
                    </table>
                </div>
            </Show>
            {pager}
            {move || {
                let csv = codes.rows.with(|rows| !rows.is_empty());
                view! { <Csv href=csv.then(|| codes.filter.with(query_string::csv_address)) /> }
            }}
        </div>
    }
}

#[component]
fn Nothing(codes: TableState) -> impl IntoView {
    move || match codes.filter.with(query_string::shows_all) {
        true => Either::Left(view! {
            <Empty symbol=Symbol::Gift title="No codes yet">
                "Make one, hand it out, and every sign-up with it is counted here."
            </Empty>
        }),
        false => Either::Right(view! {
            <Empty symbol=Symbol::Info title="No code fits">
                "Nothing fits this search. "
                <a href=query_string::PATH>"Show all codes"</a>
            </Empty>
        }),
    }
}

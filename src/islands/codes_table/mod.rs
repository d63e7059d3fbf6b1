//! The table of campaign codes, which searches, sorts and switches without leaving the page.

pub mod address;
mod filters;
mod head;
mod row;
mod state;

use crate::{
    components::{alert::Alert, csv::Csv, empty::Empty, icon::Symbol, pager::Pager, text::counted},
    functions::campaigns::CodesPage,
};
use leptos::{either::Either, prelude::*};
use state::Codes;

/// Filter form, table and pages. `refused` is what the server said about a switch without a script.
#[island]
pub fn CodesTable(page: CodesPage, refused: String) -> impl IntoView {
    let categories = page.categories.clone();
    let codes = Codes::of(page, refused);
    codes.watch();
    let alert = move || {
        let message = codes.refused.get();
        (!message.is_empty()).then(|| view! { <Alert>{message}</Alert> })
    };
    let found = move || match codes.lines.with(Vec::len) as i64 {
        0 => "No codes.".to_owned(),
        found => format!("{} on this page.", counted(found, "code", "codes")),
    };
    let age = move || {
        let seconds = codes.order_age.get()?;
        Some(view! {
            <p class="note">"In the order of " {counted(seconds, "second", "seconds")} " ago; the numbers are those of now."</p>
        })
    };
    let pager = move || {
        let first = codes.filter.with(|filter| (!filter.after.is_empty()).then(|| address::first(filter)));
        let next = codes.next.get().map(|next| codes.filter.with(|filter| address::next(filter, &next)));
        view! { <Pager first=first next=next /> }
    };
    view! {
        <div class="stack">
            <filters::Filters codes=codes categories=categories />
            {alert}
            <p class="unseen" role="status">
                {found}
            </p>
            <Show when=move || codes.lines.with(|lines| !lines.is_empty()) fallback=move || view! { <Nothing codes=codes /> }>
                <div class="table codes" aria-busy=move || codes.loading.get().to_string()>
                    <table>
                        <caption class="unseen">"Campaign codes"</caption>
                        <head::Head codes=codes />
                        <tbody>
                            <For each=move || codes.lines.get() key=|line| line.id let:line>
                                <row::Row codes=codes line=line />
                            </For>
                        </tbody>
                    </table>
                </div>
            </Show>
            {age}
            {pager}
            {move || {
                let csv = codes.lines.with(|lines| !lines.is_empty());
                view! { <Csv href=csv.then(|| codes.filter.with(address::csv)) /> }
            }}
        </div>
    }
}

#[component]
fn Nothing(codes: Codes) -> impl IntoView {
    move || match codes.filter.with(address::shows_all) {
        true => Either::Left(view! {
            <Empty symbol=Symbol::Gift title="No codes yet">
                "Make one, hand it out, and every sign-up with it is counted here."
            </Empty>
        }),
        false => Either::Right(view! {
            <Empty symbol=Symbol::Info title="No code fits">
                "Nothing fits this search. "
                <a href=address::PATH>"Show all codes"</a>
            </Empty>
        }),
    }
}

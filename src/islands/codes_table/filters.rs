//! The filter form of the table.

use crate::{
    components::{
        button::{Submit, Weight},
        field::Labelled,
        select::Options,
    },
    islands::{
        codes_table::{
            header::is_plain_click,
            query_string::{self, PATH, sort_name},
            state::TableState,
        },
        user_field::{LIST_ID, Suggestions},
    },
    view_models::codes::CodeFilter,
};
use leptos::{
    either::Either,
    html::{Input, Select},
    prelude::*,
};
use std::time::Duration;

/// How long the typing must rest before it is looked for.
const DEBOUNCE: Duration = Duration::from_millis(250);

/// A plain GET form; every change of it is followed at once.
#[component]
pub fn Filters(codes: TableState, categories: Vec<String>) -> impl IntoView {
    let (q, status, category) = (NodeRef::<Input>::new(), NodeRef::<Select>::new(), NodeRef::<Select>::new());
    let beneficiary = NodeRef::<Input>::new();
    let suggestions = Suggestions::default();
    let follow = move |rest: Duration| {
        let (Some(q), Some(status), Some(category)) =
            (q.get_untracked(), status.get_untracked(), category.get_untracked())
        else {
            return;
        };
        let filter = codes.filter.get_untracked();
        // With a beneficiary chosen there is no such field.
        let beneficiary = beneficiary.get_untracked().map_or(filter.beneficiary, |field| field.value());
        let (q, status, category) = (q.value(), status.value(), category.value());
        codes.show(CodeFilter { q, status, category, beneficiary, ..filter }, rest);
    };
    // Rendered again only when the beneficiary changes, so that other filters leave what is being typed alone.
    let chosen = Memo::new(move |_| codes.filter.with(|filter| filter.beneficiary.clone()));
    let field = move || {
        let words = codes.words.get_value();
        let name = chosen.get();
        if name.is_empty() {
            return Either::Left(view! {
                <Labelled id="beneficiary" label=words.beneficiary>
                    <input
                        node_ref=beneficiary
                        id="beneficiary"
                        type="search"
                        name="beneficiary"
                        placeholder=words.person_hint
                        list=LIST_ID
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        on:input:target=move |event| {
                            let text = event.target().value();
                            let known = suggestions.has(&text);
                            suggestions.typed(text);
                            if known {
                                follow(Duration::ZERO);
                            }
                        }
                        on:change=move |_| follow(Duration::ZERO)
                    />
                    {suggestions.list()}
                </Labelled>
            });
        }
        let without = |filter: &CodeFilter| CodeFilter { beneficiary: String::new(), ..filter.clone() };
        Either::Right(view! {
            <div class="field">
                <span class="label">{words.beneficiary}</span>
                <Chip codes=codes text=name.clone() without=without />
                <input type="hidden" name="beneficiary" value=name />
            </div>
        })
    };
    let batch = move || {
        let batch = codes.filter.with(|filter| filter.batch.clone());
        let text = codes.words.with_value(|words| words.batch.clone());
        let without = |filter: &CodeFilter| CodeFilter { batch: String::new(), ..filter.clone() };
        (!batch.is_empty()).then(|| {
            view! {
                <div class="field">
                    <Chip codes=codes text=text without=without />
                    <input type="hidden" name="batch" value=batch />
                </div>
            }
        })
    };
    // What was typed or chosen before the island woke.
    Effect::new(move |_| {
        let early = codes.filter.with_untracked(|filter| {
            q.get().is_some_and(|q| q.value() != filter.q)
                || status.get().is_some_and(|status| status.value() != filter.status)
                || category.get().is_some_and(|category| category.value() != filter.category)
        });
        if early {
            follow(DEBOUNCE);
        }
    });
    let shown = codes.filter.get_untracked();
    let words = codes.words.get_value();
    let statuses = words.statuses.into_iter().map(|(status, word)| (status.name().to_owned(), word));
    let statuses = [(String::new(), words.all.clone())].into_iter().chain(statuses).collect();
    let mut all = vec![(String::new(), words.all)];
    let foreign = Some(shown.category.clone()).filter(|asked| !asked.is_empty() && !categories.contains(asked));
    all.extend(categories.into_iter().chain(foreign).map(|name| (name.clone(), name)));
    view! {
        <form
            method="get"
            action=PATH
            role="search"
            class="filters"
            on:submit=move |event| {
                event.prevent_default();
                follow(Duration::ZERO);
            }
        >
            <Labelled id="q" label=words.code>
                <input
                    node_ref=q
                    id="q"
                    type="search"
                    name="q"
                    value=shown.q
                    autocomplete="off"
                    autocapitalize="characters"
                    spellcheck="false"
                    on:input=move |_| follow(DEBOUNCE)
                />
            </Labelled>
            <Labelled id="status" label=words.status>
                <select
                    node_ref=status
                    id="status"
                    name="status"
                    autocomplete="off"
                    on:change=move |_| follow(Duration::ZERO)
                >
                    <Options choices=statuses chosen=shown.status />
                </select>
            </Labelled>
            <Labelled id="category" label=words.category>
                <select
                    node_ref=category
                    id="category"
                    name="category"
                    autocomplete="off"
                    on:change=move |_| follow(Duration::ZERO)
                >
                    <Options choices=all chosen=shown.category />
                </select>
            </Labelled>
            {field}
            {batch}
            <input type="hidden" name="sort" value=move || codes.filter.with(|filter| sort_name(filter.sort)) />
            <input
                type="hidden"
                name="descending"
                value=move || codes.filter.with(|filter| filter.descending).to_string()
            />
            <Submit weight=Weight::Plain>{words.search}</Submit>
        </form>
    }
}

/// A filter that a press takes away.
#[component]
fn Chip(codes: TableState, text: String, without: fn(&CodeFilter) -> CodeFilter) -> impl IntoView {
    let label = codes.words.with_value(|words| words.remove_filter.clone());
    view! {
        <a
            class="chip"
            href=move || codes.filter.with(|filter| query_string::first_page(&without(filter)))
            on:click=move |event| {
                if is_plain_click(&event) {
                    event.prevent_default();
                    codes.show(codes.filter.with_untracked(without), Duration::ZERO);
                }
            }
        >
            <span class="unseen">{label} " "</span>
            {text}
            <span aria-hidden="true">" ×"</span>
        </a>
    }
}
